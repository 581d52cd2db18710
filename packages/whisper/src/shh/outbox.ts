/**
 * What waits to be written to one link, and the loop that writes it: confirmations first, then announcements, then what
 * users of the link send, then envelopes straight from the pool. Envelopes do not queue here: while the peer is slow they
 * stay in the pool, and what expires meanwhile is never sent.
 */
import type { WhisperLink } from '../link.ts'
import { MAX_WAITING_REPLIES, MAX_WAITING_REPLY_BYTES } from './limits.ts'
import type { Packet, Sending } from './outputs.ts'
import { nextTurn, type Scheduler } from './scheduler.ts'
import type { WhisperCounters } from './stats.ts'
import type { Traffic } from './traffic.ts'

export interface OutboxOptions {
  readonly link: WhisperLink
  readonly scheduler: Scheduler
  readonly counters: WhisperCounters
  readonly traffic: Traffic
  /** Hands the next packet of envelopes to `send`. */
  sendEnvelopes(
    send: (packet: Packet) => 'ok' | 'full' | 'closed',
  ): Pick<Sending, 'result' | 'more' | 'waitMs'>
  /** How long the peer's limits make us wait, in milliseconds. */
  paceMs(): number
  /** Whether the peer has such limits. */
  isPaced(): boolean
  /** A packet has gone. */
  sent(): void
  /** Something threw that must not. Nothing more is written. */
  failed(error: unknown): void
}

interface UserPacket extends Packet {
  readonly settle: (taken: boolean) => void
}

type Step = 'again' | 'turn' | 'full' | 'stop'

export class Outbox {
  /** BOUNDED by MAX_WAITING_REPLIES and MAX_WAITING_REPLY_BYTES. */
  readonly #replies: Packet[] = []
  #replyBytes = 0
  /** The latest of each code. BOUNDED by the codes that are announced. */
  readonly #announcements = new Map<number, Packet>()
  /**
   * BOUNDED by those who send: each waits until its packet is taken, or takes it back with its signal. What only answers a
   * peer must have such a signal: the peer decides how slowly it reads.
   */
  readonly #userPackets: UserPacket[] = []
  readonly #options: OutboxOptions
  #running = false
  #asked = false
  #closed = false
  #cancelWait: (() => void) | undefined
  #cancelPace: (() => void) | undefined
  /** The last packet was a reply. */
  #replied = false

  constructor(options: OutboxOptions) {
    this.#options = options
  }

  get waitingPackets(): number {
    return this.#replies.length + this.#announcements.size + this.#userPackets.length
  }

  get waitingBytes(): number {
    let bytes = this.#replyBytes
    for (const { body } of [...this.#announcements.values(), ...this.#userPackets]) bytes += body.length
    return bytes
  }

  /** Queues packets 12 and 11. False: the peer reads so slowly that there is no room. */
  reply(packets: readonly Packet[]): boolean {
    const bytes = packets.reduce((sum, packet) => sum + packet.body.length, 0)
    if (this.#closed || this.#replies.length + packets.length > MAX_WAITING_REPLIES) return false
    if (this.#replyBytes > 0 && this.#replyBytes + bytes > MAX_WAITING_REPLY_BYTES) return false
    this.#replies.push(...packets)
    this.#replyBytes += bytes
    this.wake()
    return true
  }

  /** Tells a new value; one that still waits is replaced. */
  announce(packet: Packet): void {
    this.#announcements.set(packet.code, packet)
    this.wake()
  }

  /** True once the link has taken the packet, false if it has closed or `signal` has taken the packet back. */
  send(packet: Packet, signal?: AbortSignal): Promise<boolean> {
    if (this.#closed || signal?.aborted) return Promise.resolve(false)
    return new Promise((resolve) => {
      const takeBack = (): void => {
        this.#userPackets.splice(this.#userPackets.indexOf(waiting), 1)
        waiting.settle(false)
      }
      const waiting: UserPacket = {
        ...packet,
        settle(taken) {
          signal?.removeEventListener('abort', takeBack)
          resolve(taken)
        },
      }
      signal?.addEventListener('abort', takeBack)
      this.#userPackets.push(waiting)
      this.wake()
    })
  }

  /** Something may be there to write. Writes at once what the link takes. */
  wake(): void {
    this.#asked = true
    if (!this.#running && !this.#closed) this.#run().catch((error) => this.#options.failed(error))
  }

  close(): void {
    this.#closed = true
    this.#cancelWait?.()
    this.#cancelPace?.()
    this.#replies.length = 0
    this.#replyBytes = 0
    this.#announcements.clear()
    for (const packet of this.#userPackets.splice(0)) packet.settle(false)
  }

  async #run(): Promise<void> {
    this.#running = true
    while (this.#asked && !this.#closed) {
      this.#asked = false
      for (let step = this.#step(); step !== 'stop' && !this.#closed; step = this.#step()) {
        if (step === 'full') await this.#options.link.drained()
        // Also after 'full', so that a link whose drained() promises too much costs turns and not the thread.
        if (step !== 'again') await nextTurn(this.#options.scheduler)
      }
    }
    this.#running = false
  }

  /** One packet, in the order of urgency. Where the peer takes few, replies leave every other one to the rest. */
  #step(): Step {
    const paceMs = this.#options.paceMs()
    if (paceMs > 0) return this.#pause(paceMs)
    const [reply] = this.#replies
    if (reply === undefined || (this.#replied && this.#options.isPaced())) {
      this.#replied = false
      const step = this.#otherThanReplies()
      if (reply === undefined || step !== 'stop' || this.#closed) return step
    }
    this.#replied = true
    return this.#write(reply, () => this.#shiftReply())
  }

  #otherThanReplies(): Step {
    const [announcement] = this.#announcements.values()
    if (announcement) return this.#write(announcement, () => this.#announcements.delete(announcement.code))
    const [userPacket] = this.#userPackets
    if (userPacket) return this.#write(userPacket, () => this.#userPackets.shift()?.settle(true))
    return this.#envelopes()
  }

  #write(packet: Packet, taken: () => void): Step {
    const result = this.#send(packet)
    if (result === 'closed') return this.#stopped()
    if (result === 'full') return 'full'
    taken()
    return 'again'
  }

  #envelopes(): Step {
    const { result, more, waitMs } = this.#options.sendEnvelopes((packet) => this.#send(packet))
    if (result === 'closed') return this.#stopped()
    if (result === 'full') return 'full'
    this.#wakeLater(waitMs)
    if (more) return 'turn'
    return result === 'ok' ? 'again' : 'stop'
  }

  #send(packet: Packet): 'ok' | 'full' | 'closed' {
    const { link, counters, traffic } = this.#options
    const result = link.send(packet.code, packet.body)
    if (result === 'ok') {
      counters.packetsSent++
      counters.bytesSent += packet.body.length
      traffic.sent(packet.code, packet.body.length)
      this.#options.sent()
    }
    return result
  }

  #shiftReply(): void {
    const reply = this.#replies.shift()
    this.#replyBytes -= reply?.body.length ?? 0
  }

  #wakeLater(waitMs: number | undefined): void {
    if (waitMs === undefined || this.#cancelWait) return
    this.#cancelWait = this.#options.scheduler.schedule(waitMs, () => {
      this.#cancelWait = undefined
      this.wake()
    })
  }

  #pause(waitMs: number): Step {
    this.#cancelPace ??= this.#options.scheduler.schedule(Math.ceil(waitMs), () => {
      this.#cancelPace = undefined
      this.wake()
    })
    return 'stop'
  }

  #stopped(): Step {
    this.close()
    return 'stop'
  }
}
