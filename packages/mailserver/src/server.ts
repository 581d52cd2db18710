/**
 * A mailserver beside a Whisper node: what the node confirms is archived first, who was offline gets it by asking.
 *
 * This is the driver: it joins archive, peers and timers. What a request means is in `check-request.ts`, how an answer is
 * cut in `bundles.ts`, who is answered next in `queue.ts`.
 */
import { toHex } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import { type Clock, systemClock } from '@status-protocol/ports'
import {
  type BeforeConfirm,
  BLOOM_BYTES,
  bloomFrom,
  type Envelope,
  encodeDirect,
  encodeRequestComplete,
  type HistoryRequest,
  MAX_PACKET_BYTES,
  packetCodes,
  type RequestComplete,
  type Scheduler,
  type SyncRequest,
  type SyncResponse,
  symmetricKeyFromPassword,
  systemScheduler,
  type Topic,
} from '@status-protocol/whisper'
import { type ArchiveQuery, CURSOR_BYTES, type EnvelopeArchive } from './archive.ts'
import type { BacklogSize } from './backlog.ts'
import { Bundles } from './bundles.ts'
import {
  type AcceptedRequest,
  judgePlainRequest,
  judgeRequestEnvelope,
  MAX_LIMITS,
  type RequestKeys,
  type RequestVerdict,
} from './check-request.ts'
import { invalid } from './error.ts'
import { Intake } from './intake.ts'
import { DEFAULT_LIMITS, type MailserverLimits, RateLimiter } from './limits.ts'
import { type MailPeer, sent } from './peer.ts'
import { AnswerQueue } from './queue.ts'
import { SYNC_HEADER_BYTES, syncBody } from './sync-answer.ts'

export interface MailserverOptions {
  readonly archive: EnvelopeArchive
  /** What clients' requests are encrypted with; `status-offline-inbox` is what those of Status use. */
  readonly password?: string
  /** 32 bytes: what is made from a password (`symmetricKeyFromPassword`), if you have it. */
  readonly symmetricKey?: Uint8Array
  /** 32 bytes instead of, or beside, the password: requests to its public key are read too. */
  readonly privateKey?: Uint8Array
  /** Least proof of work of a request; 0: none. Default 0.000002: clients of 0.55 do no more (older ones 0.002). */
  readonly minPow?: number
  /** Only these are archived. Default: all. */
  readonly topics?: readonly Topic[]
  /** What is deleted every hour, and sooner when the archive grows fast or fails. Default: nothing. */
  readonly retention?: { readonly maxAgeSeconds?: number; readonly maxBytes?: number }
  /** Which mailservers (64 bytes) may copy the archive with packet 123. Default: all, within the limits of requests. */
  readonly maySync?: (peerId: Uint8Array) => boolean
  readonly limits?: Partial<MailserverLimits>
  readonly clock?: Clock
  readonly scheduler?: Scheduler
  readonly crypto?: CryptoProvider
  /** Told what happens, for logs and metrics. Must not throw. */
  readonly log?: (event: MailserverEvent) => void
}

export type MailserverEvent =
  | { readonly type: 'archived'; readonly stored: number; readonly known: number }
  /** Answered in full; `more`: a cursor was given. */
  | {
      readonly type: 'answered'
      readonly peerId: Uint8Array
      readonly requestId: Uint8Array
      readonly envelopes: number
      readonly bytes: number
      readonly more: boolean
      readonly tookMs: number
    }
  /** The client was told why. */
  | {
      readonly type: 'refused'
      readonly peerId: Uint8Array
      readonly requestId: Uint8Array
      readonly error: string
    }
  /** The link closed, or was too slow, while an answer was given. */
  | { readonly type: 'given-up'; readonly peerId: Uint8Array; readonly requestId: Uint8Array }
  | { readonly type: 'pruned'; readonly envelopes: number }
  /** The archive failed. Envelopes that came are not confirmed and tried again, requests are answered with an error. */
  | { readonly type: 'archive-failed'; readonly error: unknown }
  /** The archive has failed for so long that these have no room any more, or their day is over. */
  | { readonly type: 'lost'; readonly envelopes: number }

export interface Mailserver {
  /**
   * For `createWhisper({ beforeConfirm })`: an envelope is confirmed only when it is durable. What the archive does not take
   * is not confirmed, and waits in memory until it does.
   */
  readonly beforeConfirm: BeforeConfirm
  /** For `createWhisper({ posted })`: what this node posts itself is archived too, soon and until it is in. */
  readonly posted: (envelope: Envelope) => void
  /**
   * For `createWhisper({ mail })`. Answers are given beside the link's other packets; only a refusal is waited for, so that
   * who floods us with requests and reads nothing is not read either.
   */
  readonly mail: {
    request(from: MailPeer, request: HistoryRequest): Promise<void>
    syncRequest(from: MailPeer, request: SyncRequest): Promise<void>
  }
  /** Archives envelopes that did not come from a peer, once. Durable when it resolves. */
  archive(envelopes: readonly Envelope[]): Promise<{ readonly stored: number; readonly known: number }>
  /** Deletes what the retention does not keep, now. How many envelopes that were. */
  prune(): Promise<number>
  /** What waits for the archive; at most 131,072 envelopes of 64 MiB, until a day after their expiry. */
  readonly waiting: BacklogSize
  /** Tries at once to archive what waits. Never rejects. For the end, when nothing comes any more. */
  flush(): Promise<void>
  /** Gives no further answers and breaks off those under way. The archive stays open: it is its owner's. */
  close(): Promise<void>
}

/** A peer that reads takes a packet sooner. */
const PATIENCE_MS = 1_000

const DEFAULT_MIN_POW = 0.000_002

/** @throws MailserverError `invalid-argument`: neither password nor private key */
export async function createMailserver(options: MailserverOptions): Promise<Mailserver> {
  const { password, symmetricKey, privateKey, crypto = defaultProvider } = options
  if (!password && !symmetricKey && !privateKey) throw invalid('password: expected one, or a key')
  for (const [name, key] of Object.entries({ symmetricKey, privateKey }))
    if (key && key.length !== 32) throw invalid(`${name}: expected 32 bytes, got ${key.length}`)
  const keys: RequestKeys = {
    ...(symmetricKey && { symmetricKey: Uint8Array.from(symmetricKey) }),
    ...(password && { symmetricKey: await symmetricKeyFromPassword(password, { crypto }) }),
    ...(privateKey && { privateKey: Uint8Array.from(privateKey) }),
  }
  return new RunningMailserver(options, keys)
}

class RunningMailserver implements Mailserver {
  readonly mail: Mailserver['mail']
  readonly beforeConfirm: BeforeConfirm
  readonly posted: Mailserver['posted']
  readonly #options: MailserverOptions
  readonly #keys: RequestKeys
  readonly #limits: MailserverLimits
  readonly #clock: Clock
  readonly #scheduler: Scheduler
  readonly #rate: RateLimiter
  readonly #queue: AnswerQueue
  /** Of searches and packets under way; BOUNDED by `answering`, `aside` and the links: a link waits for its refusal. */
  readonly #stops = new Set<AbortController>()
  #isClosing = false
  readonly #intake: Intake

  constructor(options: MailserverOptions, keys: RequestKeys) {
    this.#options = options
    this.#keys = keys
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits }
    this.#clock = options.clock ?? systemClock
    this.#scheduler = options.scheduler ?? systemScheduler
    this.#rate = new RateLimiter(this.#limits.requestsPerSecond, this.#limits.requestBurst)
    this.#queue = new AnswerQueue(this.#limits)
    const { clock, scheduler } = { clock: this.#clock, scheduler: this.#scheduler }
    this.#intake = new Intake({ ...options, clock, scheduler })
    this.beforeConfirm = (batch) => this.#intake.beforeConfirm(batch)
    this.posted = (envelope) => this.#intake.posted(envelope)
    this.mail = {
      request: (from, request) => this.#request(from, request),
      syncRequest: (from, request) => this.#syncRequest(from, request),
    }
  }

  archive(envelopes: readonly Envelope[]): Promise<{ readonly stored: number; readonly known: number }> {
    return this.#intake.archive(envelopes)
  }

  get waiting(): BacklogSize {
    return this.#intake.waiting
  }

  flush(): Promise<void> {
    return this.#intake.flush()
  }

  prune(): Promise<number> {
    return this.#intake.prune()
  }

  async close(): Promise<void> {
    this.#isClosing = true
    for (const stop of this.#stops) stop.abort()
    await Promise.all([this.#queue.close(), this.#intake.close()])
  }

  async #request(from: MailPeer, packet: HistoryRequest): Promise<void> {
    const verdict = this.#judge(from, packet)
    if (!verdict.ok) return this.#refuse(from, verdict.requestId, verdict.error)
    const { accepted } = verdict
    if (!this.#queue.add(toHex(from.peerId), () => this.#answer(from, accepted)))
      await this.#refuse(from, accepted.requestId, 'too many requests are waiting')
  }

  /** Cheap refusals first: opening an envelope costs more than counting. */
  #judge(from: MailPeer, packet: HistoryRequest): RequestVerdict {
    const { minPow = DEFAULT_MIN_POW, crypto = defaultProvider } = this.#options
    const now = this.#clock.wallMs() / 1000
    if (!this.#rate.allows(toHex(from.peerId), this.#clock.monotonicMs())) {
      const requestId =
        packet.type === 'envelope' ? crypto.keccak256(packet.envelope.rlp) : idOrZero(packet.request.id)
      return { ok: false, requestId, error: 'rate limit exceeded' }
    }
    if (packet.type === 'plain') return judgePlainRequest(packet.request, now)
    return judgeRequestEnvelope(packet.envelope, { keys: this.#keys, minPow, nowUnixSeconds: now, crypto })
  }

  async #answer(from: MailPeer, { requestId, query, batch }: AcceptedRequest): Promise<void> {
    const started = this.#clock.monotonicMs()
    const maxBytes = Math.min(from.maxPacketBytes ?? MAX_PACKET_BYTES, MAX_PACKET_BYTES)
    const send = async (bundle: readonly Envelope[]): Promise<boolean> => {
      if (batch) return this.#send(from, packetCodes.direct, encodeDirect(bundle))
      for (const envelope of bundle)
        if (!(await this.#send(from, packetCodes.direct, encodeDirect([envelope])))) return false
      return true
    }
    const outcome = await this.#stream(query, maxBytes, send)
    if (outcome === 'gone') return this.#log({ type: 'given-up', peerId: from.peerId, requestId })
    if (outcome === 'failed') return this.#refuse(from, requestId, 'the archive cannot be read')
    if (outcome === 'late')
      return this.#refuse(from, requestId, 'the search takes too long: ask for less time')
    const { lastEnvelopeHash, cursor, envelopes, bytes } = outcome
    const complete: RequestComplete = { type: 'done', requestId, lastEnvelopeHash, ...(cursor && { cursor }) }
    if (
      !(await this.#besideOthers(
        this.#send(from, packetCodes.requestComplete, encodeRequestComplete(complete)),
      ))
    )
      return this.#log({ type: 'given-up', peerId: from.peerId, requestId })
    this.#log({
      type: 'answered',
      peerId: from.peerId,
      requestId,
      envelopes,
      bytes,
      more: cursor !== undefined,
      tookMs: this.#clock.monotonicMs() - started,
    })
  }

  /** Reads no further than the peer takes: what is in memory is one packet and a slice of the archive. */
  async #stream(
    query: ArchiveQuery,
    maxBytes: number,
    send: (bundle: readonly Envelope[]) => Promise<boolean>,
  ): Promise<
    | 'gone'
    | 'failed'
    | 'late'
    | (ReturnType<Bundles['end']> & { readonly envelopes: number; readonly bytes: number })
  > {
    const bundles = new Bundles(query.limit, maxBytes)
    let [envelopes, bytes] = [0, 0]
    const stop = new AbortController()
    this.#stops.add(stop)
    let isLate = false
    const cancel = this.#scheduler.schedule(this.#limits.answerTimeoutMs, () => {
      isLate = true
      stop.abort()
    })
    try {
      for await (const envelope of this.#options.archive.query(query, stop.signal)) {
        if (envelope.rlp.length > maxBytes) continue // imported: it could not have come in a packet
        envelopes++
        bytes += envelope.rlp.length
        const full = bundles.push(envelope)
        if (full && !(await this.#besideOthers(send(full)))) return 'gone'
      }
    } catch (error) {
      this.#log({ type: 'archive-failed', error })
      return 'failed'
    } finally {
      cancel()
      this.#stops.delete(stop)
    }
    if (isLate) return 'late'
    if (this.#isClosing) return 'gone'
    const end = bundles.end()
    if (end.bundle.length > 0 && !(await this.#besideOthers(send(end.bundle)))) return 'gone'
    return { ...end, envelopes, bytes }
  }

  /** Of an answer: while its peer takes its time, others are answered. */
  async #besideOthers(sending: Promise<boolean>): Promise<boolean> {
    let back = () => {}
    const cancel = this.#scheduler.schedule(PATIENCE_MS, () => {
      back = this.#queue.standAside()
    })
    try {
      return await sending
    } finally {
      cancel()
      back()
    }
  }

  async #refuse(from: MailPeer, requestId: Uint8Array, error: string): Promise<void> {
    this.#log({ type: 'refused', peerId: from.peerId, requestId, error })
    await this.#send(
      from,
      packetCodes.requestComplete,
      encodeRequestComplete({ type: 'failed', requestId, error }),
    )
  }

  async #syncRequest(from: MailPeer, request: SyncRequest): Promise<void> {
    const error = this.#syncProblem(from, request)
    if (error) return this.#endSync(from, { error, final: true })
    const query: ArchiveQuery = {
      fromUnixSeconds: request.lowerUnixSeconds,
      toUnixSeconds: request.upperUnixSeconds,
      limit: request.limit === 0 ? MAX_LIMITS.v055 : request.limit,
      match: { bloom: bloomFrom(Uint8Array.from(request.bloom)) },
      ...(request.cursor.length === CURSOR_BYTES && { after: Uint8Array.from(request.cursor) }),
    }
    if (!this.#queue.add(toHex(from.peerId), () => this.#sync(from, query)))
      await this.#endSync(from, { error: 'too many requests are waiting', final: true })
  }

  #syncProblem(from: MailPeer, request: SyncRequest): string | undefined {
    if (this.#options.maySync?.(from.peerId) === false) return 'syncing is not allowed'
    if (!this.#rate.allows(toHex(from.peerId), this.#clock.monotonicMs()))
      return 'requests per seconds limit exceeded'
    if (request.upperUnixSeconds < request.lowerUnixSeconds) return 'query range is invalid: lower > upper'
    if (request.bloom.length !== BLOOM_BYTES) return `bloom filter must have ${BLOOM_BYTES} bytes`
    if (request.limit > MAX_LIMITS.v055) return 'limit exceeds the maximum allowed value'
    return undefined
  }

  async #sync(from: MailPeer, query: ArchiveQuery): Promise<void> {
    const maxBytes = Math.min(from.maxPacketBytes ?? MAX_PACKET_BYTES, MAX_PACKET_BYTES) - SYNC_HEADER_BYTES
    const outcome = await this.#stream(query, maxBytes, (envelopes) =>
      this.#send(from, packetCodes.syncResponse, syncBody({ envelopes })),
    )
    if (outcome === 'gone') return
    if (outcome === 'failed' || outcome === 'late')
      return this.#endSync(from, { error: 'failed to process all envelopes', final: true })
    await this.#endSync(from, { final: true, ...(outcome.cursor && { cursor: outcome.cursor }) })
  }

  async #endSync(from: MailPeer, response: Partial<SyncResponse>): Promise<void> {
    await this.#send(from, packetCodes.syncResponse, syncBody(response))
  }

  /** False: the link is closed, or has taken nothing for too long. */
  async #send(to: MailPeer, code: number, body: Uint8Array): Promise<boolean> {
    if (this.#isClosing) return false
    const over = new AbortController()
    this.#stops.add(over)
    const cancel = this.#scheduler.schedule(this.#limits.packetTimeoutMs, () => over.abort())
    try {
      return await sent(to, code, body, over.signal)
    } finally {
      cancel()
      this.#stops.delete(over)
      over.abort() // what is given up does not wait in memory for a peer that reads when it likes
    }
  }

  #log(event: MailserverEvent): void {
    this.#options.log?.(event)
  }
}

function idOrZero(id: Uint8Array): Uint8Array {
  return id.length === 32 ? id : new Uint8Array(32)
}
