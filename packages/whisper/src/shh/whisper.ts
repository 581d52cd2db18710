/**
 * A Whisper node: attach links to it, post and subscribe through its service.
 *
 * This is the driver: it joins links, clock and timers to the core and keeps the order of things. What the protocol says
 * is in `core.ts` and what it calls; the loop over one link is in `session.ts`.
 */
import { equal, toHex } from '@status-protocol/bytes'
import { defaultProvider, systemRandom } from '@status-protocol/crypto'
import { type Clock, systemClock } from '@status-protocol/ports'
import { type Bloom, bloomFrom } from '../bloom.ts'
import type { Envelope, EnvelopeHash } from '../envelope.ts'
import { expectBytes } from '../error.ts'
import { DEFAULT_POW_TARGET, MAX_MESSAGE_BYTES, MAX_TTL_SECONDS } from '../limits.ts'
import type { WhisperLink } from '../link.ts'
import { portableMiner } from '../miner.ts'
import { PACKET_CODE_COUNT, packetCodes } from '../packets/codes.ts'
import { packDirect } from '../packets/direct.ts'
import type { RateLimits } from '../packets/rate-limits.ts'
import { WHISPER_VERSION } from '../packets/status.ts'
import { WhisperCore } from './core.ts'
import { FilterTable } from './filters.ts'
import { KeyStore } from './key-store.ts'
import { LightClient } from './light-client.ts'
import { BATCH_MS, linkReasons } from './limits.ts'
import { LocalService } from './local-service.ts'
import type { PooledEnvelope, Whisper, WhisperSubprotocol } from './node.ts'
import { Opener } from './opener.ts'
import { expectDelay, expectLimits, expectMessageBytes, expectPow } from './option-checks.ts'
import type { WhisperEvent, WhisperOptions } from './options.ts'
import type { CoreOutput, MailPacket, Now } from './outputs.ts'
import { type ClockReport, PeerClock } from './peer-clock.ts'
import { peerHandle, type WhisperPeer } from './peer-handle.ts'
import type { RateLimitOptions } from './rate-limiter.ts'
import type { Scheduler } from './scheduler.ts'
import { Session } from './session.ts'
import type { WhisperStats } from './stats.ts'
import { systemScheduler } from './timers.ts'

/** @throws WhisperError `invalid-argument` */
export function createWhisper(options: WhisperOptions = {}): Whisper {
  return new WhisperNode(options)
}

const EXPIRY_MS = 1_000

class WhisperNode implements Whisper {
  readonly subprotocol: WhisperSubprotocol
  readonly service: LocalService
  readonly keys: KeyStore
  readonly #options: WhisperOptions
  readonly #clock: Clock
  readonly #peerClock: PeerClock
  readonly #scheduler: Scheduler
  readonly #core: WhisperCore
  readonly #filters = new FilterTable((added) => this.#light.filtersChanged(added))
  readonly #light: LightClient
  readonly #opener: Opener
  /** BOUNDED by how many links the P2P layer keeps. */
  readonly #sessions = new Map<Session, Promise<number>>()
  readonly #handles = new Map<Session, WhisperPeer>()
  readonly #trusted = new Set<string>()
  readonly #olderPow = new Set<string>()
  #nextId = 1
  #lastFlushMs = Number.NEGATIVE_INFINITY
  #cancelFlush: (() => void) | undefined
  #cancelExpiry: (() => void) | undefined
  #cancelAnnounce: (() => void) | undefined
  #cancelRelease: (() => void) | undefined
  #closed = false

  constructor(options: WhisperOptions) {
    const { crypto = defaultProvider, random = systemRandom, miner = portableMiner } = options
    const { minPow = DEFAULT_POW_TARGET, maxMessageBytes = MAX_MESSAGE_BYTES } = options
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#scheduler = options.scheduler ?? systemScheduler
    this.#light = new LightClient({
      filters: this.#filters,
      scheduler: this.#scheduler,
      on: options.lightClient ?? false,
      fullBloom: copied(options.bloom),
      ask: (bloom) => this.#ask(bloom),
    })
    this.#peerClock = new PeerClock({
      clock: this.#clock,
      corrects: options.correctsClock ?? true,
      told: (report) => this.#log({ type: 'clock', peerId: new Uint8Array(0), report }),
    })
    this.#core = new WhisperCore({
      minPow: expectPow(minPow),
      bloom: this.#light.bloom,
      maxMessageBytes: expectMessageBytes(maxMessageBytes),
      maxTtlSeconds: options.maxTtlSeconds ?? MAX_TTL_SECONDS,
      errorCodes: options.errorCodes,
      pool: options.pool ?? {},
      privacyDelayMs: expectDelay(options.privacyDelayMs ?? 0),
      random,
      evidenceOf: (id) => this.#peerClock.evidenceOf(id),
      crypto,
      trace: options.trace,
    })
    this.#core.setForwarding(!this.#light.on)
    this.#core.limiter.set(expectLimits(options.rateLimits ?? {}))
    this.keys = new KeyStore({ random, crypto })
    this.#opener = new Opener({
      filters: this.#filters,
      clock: this.#clock,
      scheduler: this.#scheduler,
      crypto,
      counters: this.#core.counters,
      failed: (error) => this.#log({ type: 'defect', peerId: new Uint8Array(0), error }),
    })
    this.service = new LocalService({
      keys: this.keys,
      filters: this.#filters,
      miner,
      random,
      crypto,
      counters: this.#core.counters,
      maxTtlSeconds: options.maxTtlSeconds ?? MAX_TTL_SECONDS,
      maxMessageBytes: () => this.maxMessageBytes,
      nowUnixSeconds: () => this.#now().unixSeconds,
      isFull: () => this.#core.own.isFull,
      send: (envelope) => {
        this.#options.posted?.(envelope)
        this.#doAll(this.#core.post(envelope, this.#now()))
      },
    })
    this.subprotocol = {
      name: 'shh',
      version: WHISPER_VERSION,
      length: PACKET_CODE_COUNT,
      run: (link) => this.attach(link),
    }
  }

  async attach(link: WhisperLink): Promise<number> {
    if (this.#closed) {
      link.close(linkReasons.quitting)
      return link.closed
    }
    const { mail } = this.#options
    const session = new Session(this.#nextId++, link, {
      core: this.#core,
      opener: this.#opener,
      scheduler: this.#scheduler,
      serves: {
        servesRequests: mail?.request !== undefined,
        servesSync: mail?.syncRequest !== undefined,
        readsSync: mail?.syncResponse !== undefined,
      },
      beforeConfirm: this.#options.beforeConfirm,
      acceptsOlderPow: () => this.#olderPow.has(toHex(link.peerId)),
      isLight: () => this.#light.on,
      now: () => this.#now(),
      isTrusted: () => this.#isTrusted(link),
      do: (output) => this.#do(output),
      mail: (packet) => this.#mail(session, packet),
      ready: (peer) => {
        const { ip, outbound } = link
        this.#peerClock.connected({
          id: peer.id,
          peerId: peer.nodeId,
          ...(ip !== undefined && { ip }),
          ...(outbound !== undefined && { outbound }),
        })
        this.#handles.set(
          session,
          peerHandle(session, peer, () => this.#isTrusted(link)),
        )
        this.#log({ type: 'ready', peerId: link.peerId })
      },
      failed: (error) => this.#log({ type: 'defect', peerId: link.peerId, error }),
      dropped: (detail) => this.#log({ type: 'dropped', peerId: link.peerId, detail }),
    })
    const running = session.run()
    this.#sessions.set(session, running)
    const reason = await running
    this.#sessions.delete(session)
    this.#peerClock.disconnected(session.id)
    this.#handles.delete(session)
    this.#log({ type: 'down', peerId: link.peerId, reason })
    return reason
  }

  peers(): readonly WhisperPeer[] {
    return [...this.#handles.values()]
  }

  trust(peerId: Uint8Array): void {
    this.#trusted.add(toHex(expectBytes(peerId, 64, 'peerId')))
  }

  untrust(peerId: Uint8Array): void {
    this.#trusted.delete(toHex(expectBytes(peerId, 64, 'peerId')))
  }

  get minPow(): number {
    return this.#core.requirements.minPow
  }

  get bloom(): Bloom | undefined {
    return copied(this.#core.requirements.bloom)
  }

  get maxMessageBytes(): number {
    return this.#core.requirements.maxMessageBytes
  }

  get rateLimits(): RateLimits {
    return this.#core.limiter.limits
  }

  get lightClient(): boolean {
    return this.#light.on
  }

  setMinPow(minPow: number): void {
    this.#core.requirements.setMinPow(expectPow(minPow), this.#clock.monotonicMs())
    this.#announceSoon()
  }

  setBloom(bloom: Bloom | undefined): void {
    this.#light.setFullBloom(copied(bloom))
  }

  setMaxMessageBytes(maxMessageBytes: number): void {
    this.#core.requirements.maxMessageBytes = expectMessageBytes(maxMessageBytes)
  }

  setRateLimits(limits: RateLimitOptions): void {
    this.#core.limiter.set(expectLimits(limits))
    this.#announceSoon()
  }

  acceptOlderPowFrom(peerId: Uint8Array, accept = true): void {
    const id = toHex(expectBytes(peerId, 64, 'peerId'))
    if (accept) this.#olderPow.add(id)
    else this.#olderPow.delete(id)
    for (const { peer } of this.#sessions.keys())
      if (peer && equal(peer.nodeId, peerId)) peer.olderPow = accept
  }

  async sendDirect(peerId: Uint8Array, envelopes: readonly Pick<Envelope, 'rlp'>[]): Promise<boolean> {
    expectBytes(peerId, 64, 'peerId')
    const session = [...this.#handles.keys()].find(({ link }) => equal(link.peerId, peerId))
    if (session?.peer === undefined) return false
    for (const body of packDirect(envelopes, session.peer.maxPacketBytes))
      if (!(await session.outbox.send({ code: packetCodes.direct, body }))) return false
    return true
  }

  setLightClient(lightClient: boolean): void {
    if (lightClient === this.#light.on) return
    this.#light.set(lightClient)
    this.#core.setForwarding(!lightClient)
    for (const session of this.#sessions.keys()) {
      if (lightClient) session.endIfLight()
      else session.outbox.wake()
    }
  }

  envelope(hash: EnvelopeHash): PooledEnvelope | undefined {
    const entry = this.#core.pool.get(hash)
    if (!entry) return undefined
    const { envelope, pow } = entry
    const own = this.#core.own.progress(hash)
    return { bytes: envelope.rlp.length, pow, ttlSeconds: envelope.ttlSeconds, ...(own && { own }) }
  }

  clock(): ClockReport {
    return this.#peerClock.report()
  }

  stats(): WhisperStats {
    const outboxes = [...this.#sessions.keys()].map((session) => session.outbox)
    return {
      ...this.#core.counters,
      links: this.#sessions.size,
      poolEnvelopes: this.#core.pool.size,
      poolBytes: this.#core.pool.bytes,
      evictedHashes: this.#core.pool.evictedHashes,
      ownEnvelopes: this.#core.own.size,
      waitingPackets: outboxes.reduce((sum, outbox) => sum + outbox.waitingPackets, 0),
      waitingPacketBytes: outboxes.reduce((sum, outbox) => sum + outbox.waitingBytes, 0),
      waitingOpenings: this.#opener.size,
      waitingOpeningBytes: this.#opener.bytes,
      filters: this.#filters.size,
      refusals: { ...this.#core.refusals },
      traffic: this.#core.traffic.byCode(),
    }
  }

  async close(): Promise<void> {
    this.#closed = true // first: what ends now may no longer set timers
    this.#cancelFlush?.()
    this.#cancelExpiry?.()
    this.#cancelAnnounce?.()
    this.#cancelRelease?.()
    this.#light.close()
    this.service.close()
    this.#opener.close()
    for (const session of this.#sessions.keys()) session.link.close(linkReasons.quitting)
    this.keys.clear()
    await Promise.all(this.#sessions.values())
  }

  #now(): Now {
    return { unixSeconds: this.#peerClock.unixSeconds(), monotonicMs: this.#clock.monotonicMs() }
  }

  #doAll(outputs: readonly CoreOutput[]): void {
    for (const output of outputs) this.#do(output)
  }

  /** What concerns the node and not one link. */
  #do(output: CoreOutput): void {
    if (output.type === 'pooled') this.#flushSoon()
    if (output.type === 'held') this.#releaseLater()
    if (output.type === 'deliver') this.#opener.add(output.delivery)
    if (output.type === 'time') this.#peerClock.check()
    if (output.type === 'own') this.service.tell(output.news)
  }

  /** Offers what is new in the pool to all peers: at once after a pause, else every BATCH_MS. */
  #flushSoon(): void {
    this.#expireLater()
    if (this.#cancelFlush || this.#closed) return
    const waitMs = Math.max(0, this.#lastFlushMs + BATCH_MS - this.#clock.monotonicMs())
    this.#cancelFlush = this.#scheduler.schedule(waitMs, () => {
      this.#cancelFlush = undefined
      this.#lastFlushMs = this.#clock.monotonicMs()
      for (const session of this.#sessions.keys()) session.outbox.wake()
    })
  }

  #releaseLater(): void {
    this.#expireLater()
    const nextMs = this.#core.nextReleaseMs
    if (nextMs === undefined || this.#closed) return
    // Again for each envelope: its time may come before that of those held already.
    this.#cancelRelease?.()
    this.#cancelRelease = this.#scheduler.schedule(Math.max(0, nextMs - this.#clock.monotonicMs()), () => {
      this.#cancelRelease = undefined
      this.#doAll(this.#core.release(this.#now()))
      this.#releaseLater()
    })
  }

  #ask(bloom: Bloom | undefined): void {
    this.#core.requirements.setBloom(bloom, this.#clock.monotonicMs())
    this.#announceSoon()
  }

  /** In force here at once; told to peers once for all that changes in one turn. */
  #announceSoon(): void {
    if (this.#closed) return
    this.#cancelAnnounce ??= this.#scheduler.schedule(0, () => {
      this.#cancelAnnounce = undefined
      for (const session of this.#sessions.keys()) session.announce()
    })
  }

  #expireLater(): void {
    if (this.#cancelExpiry || this.#closed) return
    this.#cancelExpiry = this.#scheduler.schedule(EXPIRY_MS, () => {
      this.#cancelExpiry = undefined
      this.#doAll(this.#core.expire(this.#now()))
      if (!this.#core.isIdle) this.#expireLater()
    })
  }

  #isTrusted(link: WhisperLink): boolean {
    return link.trusted || (this.#trusted.size > 0 && this.#trusted.has(toHex(link.peerId)))
  }

  async #mail(session: Session, packet: MailPacket): Promise<void> {
    const from = this.#handles.get(session)
    const handlers = this.#options.mail
    if (from === undefined || handlers === undefined) return
    try {
      if (packet.type === 'request') await handlers.request?.(from, packet.request)
      if (packet.type === 'request-complete') await handlers.requestComplete?.(from, packet.outcome)
      if (packet.type === 'sync-request') await handlers.syncRequest?.(from, packet.request)
      if (packet.type === 'sync-response') await handlers.syncResponse?.(from, packet.response)
    } catch (error) {
      this.#log({ type: 'handler-failed', peerId: from.peerId, error })
    }
  }

  #log(event: WhisperEvent): void {
    this.#options.log?.(event)
  }
}

/** @throws WhisperError `invalid-argument` */
function copied(bloom: Bloom | undefined): Bloom | undefined {
  return bloom && (bloomFrom(bloom).slice() as Bloom)
}
