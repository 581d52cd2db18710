/**
 * A Whisper node: attach links to it, post and subscribe through its service.
 *
 * This is the driver: it joins links, clock and timers to the core and keeps the order of things. What the protocol says
 * is in `core.ts` and what it calls; the loop over one link is in `session.ts`.
 */
import { toHex } from '@status-protocol/bytes'
import { defaultProvider, systemRandom } from '@status-protocol/crypto'
import { type Clock, systemClock } from '@status-protocol/ports'
import { type Bloom, bloomFrom } from '../bloom.ts'
import type { EnvelopeHash } from '../envelope.ts'
import { expectBytes, WhisperError } from '../error.ts'
import { DEFAULT_POW_TARGET, MAX_MESSAGE_BYTES, MAX_TTL_SECONDS } from '../limits.ts'
import type { WhisperLink } from '../link.ts'
import { portableMiner } from '../miner.ts'
import { PACKET_CODE_COUNT } from '../packets/codes.ts'
import { powBits } from '../packets/pow-requirement.ts'
import { WHISPER_VERSION } from '../packets/status.ts'
import { type CoreOutput, type MailPacket, type Now, WhisperCore } from './core.ts'
import { FilterTable } from './filters.ts'
import { KeyStore } from './key-store.ts'
import { LightClient } from './light-client.ts'
import { BATCH_MS, linkReasons, MAX_PRIVACY_DELAY_MS } from './limits.ts'
import { LocalService, type LocalWhisperService } from './local-service.ts'
import { Opener } from './opener.ts'
import type { WhisperEvent, WhisperOptions } from './options.ts'
import { peerHandle, type WhisperPeer } from './peer-handle.ts'
import type { Scheduler } from './scheduler.ts'
import { Session } from './session.ts'
import type { WhisperStats } from './stats.ts'
import { systemScheduler } from './timers.ts'

/** What a P2P host has to know to run Whisper. */
export interface WhisperSubprotocol {
  readonly name: 'shh'
  readonly version: 6
  /** Message codes that it owns: 0 .. 127. */
  readonly length: 128
  /** Runs it on a link; resolves with the disconnect reason when the link is down. Never rejects. */
  run(link: WhisperLink): Promise<number>
}

export interface PooledEnvelope {
  /** Of its RLP. */
  readonly bytes: number
  /** The proof of work that it carries. */
  readonly pow: number
  readonly ttlSeconds: number
}

export interface Whisper {
  readonly subprotocol: WhisperSubprotocol
  readonly service: LocalWhisperService
  readonly keys: KeyStore
  /** The same as `subprotocol.run`. */
  attach(link: WhisperLink): Promise<number>
  /** Peers whose handshake went well. */
  peers(): readonly WhisperPeer[]
  /** Direct messages and the ends of requests are read from this node (64 bytes) from now on. UNBOUNDED: the operator's list. */
  trust(peerId: Uint8Array): void
  /** No longer; what is under way may still be read. A peer that its link trusts (`WhisperLink.trusted`) stays so. */
  untrust(peerId: Uint8Array): void
  /** What is asked of peers' envelopes at the moment. */
  readonly minPow: number
  /** Undefined: every topic. A light client's is that of its filters. */
  readonly bloom: Bloom | undefined
  /** Largest envelope (20 + data bytes) that is taken or sent. */
  readonly maxMessageBytes: number
  readonly lightClient: boolean
  /** Asks peers for another least proof of work; for 10 seconds the one before is still honoured. */
  setMinPow(minPow: number): void
  /**
   * Asks peers for other topics (undefined: all); for 10 seconds the filter before is still honoured. A light client does
   * so once it is none any more.
   */
  setBloom(bloom: Bloom | undefined): void
  /** From now on; peers are not told. @throws WhisperError `invalid-argument` unless 1 .. 1 MiB */
  setMaxMessageBytes(maxMessageBytes: number): void
  /**
   * See {@link WhisperOptions.lightClient}. Peers that are connected are told the new filter, but there is no packet for
   * the rest; links to light nodes end when this node becomes one.
   */
  setLightClient(lightClient: boolean): void
  /** What the pool holds under this hash (32 bytes): an envelope that has not expired, own or carried for others. */
  envelope(hash: EnvelopeHash): PooledEnvelope | undefined
  stats(): WhisperStats
  /** Ends all links, subscriptions and timers; resolves when the links are down. Again is fine. */
  close(): Promise<void>
}

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
  readonly #scheduler: Scheduler
  readonly #core: WhisperCore
  readonly #filters = new FilterTable((added) => this.#light.filtersChanged(added))
  readonly #light: LightClient
  readonly #opener: Opener
  /** BOUNDED by how many links the P2P layer keeps. */
  readonly #sessions = new Map<Session, Promise<number>>()
  readonly #handles = new Map<Session, WhisperPeer>()
  readonly #trusted = new Set<string>()
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
      fullBloom: options.bloom && bloomFrom(options.bloom),
      ask: (bloom) => this.#ask(bloom),
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
      crypto,
      trace: options.trace,
    })
    this.#core.setForwarding(!this.#light.on)
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
      maxMessageBytes: () => this.maxMessageBytes,
      nowUnixSeconds: () => this.#now().unixSeconds,
      isFull: () => this.#core.own.isFull,
      send: (envelope) => this.#doAll(this.#core.post(envelope, this.#now())),
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
      isLight: () => this.#light.on,
      now: () => this.#now(),
      isTrusted: () => this.#isTrusted(link),
      do: (output) => this.#do(output),
      mail: (packet) => this.#mail(session, packet),
      ready: (peer) => {
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
    return this.#core.requirements.bloom
  }

  get maxMessageBytes(): number {
    return this.#core.requirements.maxMessageBytes
  }

  get lightClient(): boolean {
    return this.#light.on
  }

  setMinPow(minPow: number): void {
    this.#core.requirements.setMinPow(expectPow(minPow), this.#clock.monotonicMs())
    this.#announceSoon()
  }

  setBloom(bloom: Bloom | undefined): void {
    this.#light.setFullBloom(bloom && bloomFrom(bloom))
  }

  setMaxMessageBytes(maxMessageBytes: number): void {
    this.#core.requirements.maxMessageBytes = expectMessageBytes(maxMessageBytes)
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
    return { bytes: envelope.rlp.length, pow, ttlSeconds: envelope.ttlSeconds }
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
    await Promise.all(this.#sessions.values())
  }

  #now(): Now {
    // Where a corrected clock comes in one day, it comes in here.
    return { unixSeconds: Math.floor(this.#clock.wallMs() / 1000), monotonicMs: this.#clock.monotonicMs() }
  }

  #doAll(outputs: readonly CoreOutput[]): void {
    for (const output of outputs) this.#do(output)
  }

  /** What concerns the node and not one link. */
  #do(output: CoreOutput): void {
    if (output.type === 'pooled') this.#flushSoon()
    if (output.type === 'held') this.#releaseLater()
    if (output.type === 'deliver') this.#opener.add(output.delivery)
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

function expectPow(minPow: number): number {
  powBits(minPow)
  return minPow
}

function expectDelay(delayMs: number): number {
  if (delayMs >= 0 && delayMs <= MAX_PRIVACY_DELAY_MS) return delayMs
  throw new WhisperError(
    'invalid-argument',
    `privacyDelayMs: expected 0 .. ${MAX_PRIVACY_DELAY_MS}, got ${delayMs}`,
  )
}

function expectMessageBytes(bytes: number): number {
  if (!Number.isInteger(bytes) || bytes < 1 || bytes > MAX_MESSAGE_BYTES)
    throw new WhisperError(
      'invalid-argument',
      `maxMessageBytes: expected 1 .. ${MAX_MESSAGE_BYTES}, got ${bytes}`,
    )
  return bytes
}
