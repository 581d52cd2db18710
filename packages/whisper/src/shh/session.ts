/** One link from handshake to end: reads its packets one by one and does what the core says. Never throws. */
import { type Bloom, fullBloom } from '../bloom.ts'
import type { Envelope } from '../envelope.ts'
import type { WhisperLink } from '../link.ts'
import { encodeBloomFilter } from '../packets/bloom-filter.ts'
import { packetCodes } from '../packets/codes.ts'
import { encodePowRequirement } from '../packets/pow-requirement.ts'
import { encodeRateLimits, type RateLimits } from '../packets/rate-limits.ts'
import { encodeStatus, type Status } from '../packets/status.ts'
import type { WhisperCore } from './core.ts'
import { type InboundContext, readFirstPacket } from './inbound.ts'
import { linkReasons, PACKETS_PER_TURN, STATUS_TIMEOUT_MS } from './limits.ts'
import type { Opener } from './opener.ts'
import { Outbox } from './outbox.ts'
import type { CoreOutput, MailPacket, Now, Packet, Sending } from './outputs.ts'
import type { Peer } from './peer.ts'
import { delay, nextTurn, type Scheduler } from './scheduler.ts'

/** What a session needs of the node that runs it. */
export interface SessionContext {
  readonly core: WhisperCore
  readonly opener: Opener
  readonly scheduler: Scheduler
  readonly serves: Omit<InboundContext, 'trusted'>
  readonly beforeConfirm: ((batch: readonly Envelope[]) => Promise<void>) | undefined
  /** Whether the operator lets this peer send what has enough work by the older rule only. */
  acceptsOlderPow(): boolean
  /** Whether this node forwards nothing. */
  isLight(): boolean
  now(): Now
  isTrusted(): boolean
  /** Does what concerns the node and not this link. */
  do(output: CoreOutput): void
  mail(packet: MailPacket): Promise<void>
  /** The handshake went well. */
  ready(peer: Peer): void
  /** The link ends because of what the peer did. */
  dropped(detail: string): void
  /** The link ends because something threw that must not. */
  failed(error: unknown): void
}

type Packets = AsyncIterator<Packet>

const TWO_LIGHT_NODES = 'the peer is a light node, and so are we: neither would carry anything for the other'

/** What peers are told that this node asks of them. */
function asked({ requirements: { minPow, bloom }, limiter: { limits } }: WhisperCore) {
  return { minPow, bloom, rateLimits: limits }
}

/** A link that fails instead of ending is at its end all the same. */
const NO_MORE = { done: true, value: undefined } as const

export class Session {
  readonly id: number
  readonly link: WhisperLink
  readonly outbox: Outbox
  /** Set once the handshake went well. */
  peer: Peer | undefined
  readonly #context: SessionContext
  /** What the peer has been told of our requirements. */
  #told: { readonly minPow: number; readonly bloom: Bloom | undefined; readonly rateLimits: RateLimits }
  #ended = false
  /** What to call when the link goes down while somebody is waited for. */
  #stopWaiting: (() => void) | undefined

  constructor(id: number, link: WhisperLink, context: SessionContext) {
    this.id = id
    this.link = link
    this.#context = context
    this.#told = asked(context.core)
    this.outbox = new Outbox({
      link,
      scheduler: context.scheduler,
      counters: context.core.counters,
      traffic: context.core.traffic,
      sendEnvelopes: (send) => this.#sendEnvelopes(send),
      paceMs: () => (this.peer?.pace.isPaced ? this.peer.pace.waitMs(this.#nowMs()) : 0),
      isPaced: () => this.peer?.pace.isPaced === true,
      sent: () => {
        if (this.peer?.pace.isPaced) this.peer.pace.sent(this.#nowMs())
      },
      failed: (error) => this.#fail(error),
    })
  }

  /** Resolves with the reason when the link is down. */
  async run(): Promise<number> {
    const { counters } = this.#context.core
    counters.linksOpened++
    void this.link.closed.then(() => this.#stopWaiting?.())
    await this.#talk().catch((error) => this.#fail(error))
    this.#ended = true
    this.outbox.close()
    if (this.peer) this.#context.core.disconnected(this.peer)
    counters.linksClosed++
    return this.link.closed
  }

  async #talk(): Promise<void> {
    const packets = this.link.packets()[Symbol.asyncIterator]()
    const status = await this.#handshake(packets)
    if (status === undefined) return
    const { peerId: nodeId, maxPacketBytes, ip } = this.link
    const { core, acceptsOlderPow, now } = this.#context
    this.peer = core.connected(
      { id: this.id, nodeId, maxPacketBytes, ...(ip !== undefined && { ip }), olderPow: acceptsOlderPow() },
      status,
      now(),
    )
    this.#context.ready(this.peer)
    this.announce()
    this.outbox.wake()
    await this.#read(packets, this.peer)
  }

  /** Tells the peer what this node asks of envelopes, as far as that has changed (packets 2, 3 and 20). */
  announce(): void {
    if (this.peer === undefined) return
    const { minPow, bloom, rateLimits } = asked(this.#context.core)
    if (minPow !== this.#told.minPow)
      this.outbox.announce({ code: packetCodes.powRequirement, body: encodePowRequirement(minPow) })
    if (bloom !== this.#told.bloom)
      this.outbox.announce({
        code: packetCodes.bloomFilter,
        body: encodeBloomFilter(bloom ?? fullBloom()), // packet 3 has no word for "everything"
      })
    if (rateLimits !== this.#told.rateLimits)
      this.outbox.announce({ code: packetCodes.rateLimits, body: encodeRateLimits(rateLimits) })
    this.#told = { minPow, bloom, rateLimits }
  }

  /** This node forwards nothing from now on: of no use to a peer that does not either. */
  endIfLight(): void {
    if (this.peer?.lightNode) this.drop(TWO_LIGHT_NODES)
  }

  /** Ends the link because of what the peer did. */
  drop(detail: string): void {
    if (this.#ended) return
    this.#ended = true
    this.#context.core.counters.linksDropped++
    this.#context.dropped(detail)
    this.link.close(linkReasons.subprotocolError)
  }

  #fail(error: unknown): void {
    if (this.#ended) return
    this.#ended = true
    this.#context.failed(error)
    this.link.close(linkReasons.subprotocolError)
  }

  async #handshake(packets: Packets): Promise<Status | undefined> {
    const cancel = this.#context.scheduler.schedule(STATUS_TIMEOUT_MS, () =>
      this.drop(`no status packet within ${STATUS_TIMEOUT_MS} ms`),
    )
    await this.#sendStatus()
    const packet = await this.#next(packets)
    cancel()
    if (packet === undefined) return undefined
    const first = readFirstPacket(packet.code, packet.body)
    const isUseless = first.type === 'status' && first.status.lightNode && this.#context.isLight()
    if (first.type === 'status' && !isUseless) return first.status
    this.drop(first.type === 'breach' ? first.detail : TWO_LIGHT_NODES)
    return undefined
  }

  async #sendStatus(): Promise<void> {
    const body = encodeStatus({ ...this.#told, lightNode: this.#context.isLight(), confirmations: true })
    for (;;) {
      const result = this.#ended ? 'closed' : this.link.send(packetCodes.status, body)
      if (result === 'ok') this.#countSent(packetCodes.status, body)
      if (result !== 'full') return
      await this.link.drained()
      await nextTurn(this.#context.scheduler)
    }
  }

  async #read(packets: Packets, peer: Peer): Promise<void> {
    const { core, opener, scheduler } = this.#context
    for (let count = 1; ; count++) {
      const packet = await this.#next(packets)
      if (packet === undefined) return
      const inbound = { ...this.#context.serves, trusted: this.#context.isTrusted() }
      let now = this.#context.now()
      const waitMs = inbound.trusted ? 0 : peer.rate.packet(now.monotonicMs)
      if (waitMs !== 0) {
        if (!(await this.#slowDown(waitMs))) return
        now = this.#context.now()
      }
      let room: Promise<void> | undefined
      for (const output of core.receive(peer, packet, inbound, now)) {
        const filling = output.type === 'deliver' ? opener.add(output.delivery) : undefined
        room ??= filling
        const doing = this.#do(output)
        if (doing) await this.#whileUp(doing)
      }
      if (room) await this.#whileUp(room) // the flood of a topic holds up the link that brings it, no other
      if (count % PACKETS_PER_TURN === 0) await nextTurn(scheduler)
    }
  }

  /** The peer sends more than we take. Whether it may go on after a while. */
  async #slowDown(waitMs: number | undefined): Promise<boolean> {
    this.#context.core.counters.packetsOverLimit++
    if (waitMs === undefined) this.drop('more packets than our rate limits allow, for too long')
    else await this.#whileUp(delay(this.#context.scheduler, waitMs))
    return !this.#ended
  }

  #nowMs(): number {
    return this.#context.now().monotonicMs
  }

  /** Waits for something of the node's users, but not longer than the link is up. */
  #whileUp(doing: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#stopWaiting = resolve
      doing.then(resolve, reject)
    })
  }

  /** Undefined: nothing more comes, or nothing more is wanted. */
  async #next(packets: Packets): Promise<Packet | undefined> {
    if (this.#ended) return undefined
    const { done, value } = await packets.next().catch(() => NO_MORE)
    if (done || this.#ended) return undefined
    const { counters, traffic } = this.#context.core
    counters.packetsReceived++
    counters.bytesReceived += value.body.length
    traffic.received(value.code, value.body.length)
    return value
  }

  #countSent(code: number, body: Uint8Array): void {
    const { counters, traffic } = this.#context.core
    counters.packetsSent++
    counters.bytesSent += body.length
    traffic.sent(code, body.length)
  }

  #do(output: CoreOutput): Promise<void> | undefined {
    switch (output.type) {
      case 'deliver': // done
        return undefined
      case 'drop':
        this.drop(output.detail)
        return undefined
      case 'wants-more':
        this.outbox.wake()
        return undefined
      case 'mail':
        return this.#context.mail(output.mail)
      case 'confirm':
        return this.#confirm(output)
      default:
        this.#context.do(output)
        return undefined
    }
  }

  /** Done at once, unless there is a hook to wait for. */
  #confirm({ batch, packets }: Extract<CoreOutput, { type: 'confirm' }>): Promise<void> | undefined {
    const { beforeConfirm } = this.#context
    if (beforeConfirm && batch.length > 0) return this.#confirmAfter(() => beforeConfirm(batch), packets)
    this.#reply(packets)
    return undefined
  }

  async #confirmAfter(hook: () => Promise<void>, packets: readonly Packet[]): Promise<void> {
    try {
      await hook()
    } catch {
      this.#context.core.counters.confirmationsWithheld++ // the peer hears nothing, and keeps the envelopes for others
      return
    }
    this.#reply(packets)
  }

  #reply(packets: readonly Packet[]): void {
    if (!this.#ended && !this.outbox.reply(packets)) this.#context.core.counters.confirmationsLeftOut++
  }

  #sendEnvelopes(
    send: (packet: Packet) => 'ok' | 'full' | 'closed',
  ): Pick<Sending, 'result' | 'more' | 'waitMs'> {
    if (this.peer === undefined) return { result: 'nothing', more: false }
    const sending = this.#context.core.sendNext(this.peer, send, this.#context.now())
    for (const output of sending.outputs) void this.#do(output)
    return sending
  }
}
