/**
 * Requests for history as status-go's `shhext` makes them: packet 126, in its plain form or, with the password of the
 * server, in an envelope; its end in packet 125.
 */
import { concat, equal, fromHex, toHex } from '@status-protocol/bytes'
import { defaultProvider } from '@status-protocol/crypto'
import type { Clock, Random } from '@status-protocol/ports'
import {
  bloomOfTopics,
  CURSOR_BYTES,
  encodeHistoryRequest,
  type HistoryRequest,
  packetCodes,
  REQUEST_ID_BYTES,
  type RequestComplete,
  type Scheduler,
  topicFrom,
  type Whisper,
} from '@status-protocol/whisper'
import { RpcError } from '../error.ts'
import { connectedPeer } from './shh-handlers.ts'
import type { MessagesRequest, RetryConfig } from './shhext.ts'

/** Requests that somebody waits for the end of. */
const MAX_WAITING = 256
/** Sets of topics that were asked for a moment ago. */
const MAX_REMEMBERED = 4_096
/** The same topics are not asked for again before this, unless forced. */
const SAME_TOPICS_MS = 3_000
const DEFAULT_TIMEOUT_MS = 10_000
const MAX_TIMEOUT_MS = 60_000
const DAY_SECONDS = 86_400
const REQUEST_TTL_SECONDS = 50

export interface MailRequestsOptions {
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly random: Random
  peerIdOf(enode: string): Uint8Array
  /**
   * What is inside of the envelope; `attempt` counts from 0, because servers of two generations do not read each other's
   * form. Undefined: requests with a password are not served.
   */
  readonly encode?: ((request: MailRequestFields, attempt: number) => Uint8Array) | undefined
}

/** What is asked for. */
export interface MailRequestFields {
  /** Inclusive. */
  readonly fromUnixSeconds: number
  /** Inclusive. */
  readonly toUnixSeconds: number
  /** 64 bytes. */
  readonly bloom: Uint8Array
  /** 0: as the server likes. */
  readonly limit: number
  /** 36 bytes or none. */
  readonly cursor: Uint8Array
}

interface Waiting {
  readonly requestId: Uint8Array
  /** Undefined: not in time. */
  settle(outcome: RequestComplete | undefined): void
}

export class MailRequests {
  readonly #options: MailRequestsOptions
  /** BOUNDED by MAX_WAITING. */
  readonly #waiting = new Set<Waiting>()
  /** Hash of topics to when they were asked for last. BOUNDED by MAX_REMEMBERED. */
  readonly #asked = new Map<string, number>()

  constructor(options: MailRequestsOptions) {
    this.#options = options
  }

  /** Packet 125 came: what `mail.requestComplete` of the node calls. */
  completed(outcome: RequestComplete): void {
    for (const waiting of this.#waiting)
      if (equal(waiting.requestId, outcome.requestId)) waiting.settle(outcome)
  }

  /** Sends the request; 32 bytes of id. @throws RpcError */
  async send(whisper: Whisper, request: MessagesRequest): Promise<Uint8Array> {
    const { id, post } = await this.#made(whisper, request, 0)
    await post()
    return id
  }

  /** A request that is still to be posted. @throws RpcError */
  async #made(
    whisper: Whisper,
    request: MessagesRequest,
    attempt: number,
  ): Promise<{ readonly id: Uint8Array; post(): Promise<void> }> {
    const { clock, random, peerIdOf } = this.#options
    const toUnixSeconds = request.to || Math.floor(clock.wallMs() / 1000)
    const fromUnixSeconds = request.from || Math.max(0, toUnixSeconds - DAY_SECONDS)
    if (fromUnixSeconds > toUnixSeconds)
      throw new RpcError(
        'invalid-argument',
        `Query range is invalid: from > to (${fromUnixSeconds} > ${toUnixSeconds})`,
      )
    const cursor = cursorFrom(request.cursor ?? '')
    const peer = connectedPeer(
      { whisper, peerIdOf },
      request.mailServerPeer,
      'invalid mailServerPeer value: ',
    )
    const topics = topicsOf(request)
    const symKey = request.symKeyID ? symmetricKeyOf(whisper, request.symKeyID) : undefined
    if (!request.force && attempt === 0) this.#expectPause(topics)
    const limit = request.limit ?? 0
    const bloom = bloomOfTopics(topics.map((topic) => topicFrom(topic)))
    const fields = { fromUnixSeconds, toUnixSeconds, limit, cursor, bloom }
    whisper.trust(peer.peerId) // else neither its envelopes nor the end of the request would be read
    const asked = symKey
      ? await this.#sealed(whisper, symKey, fields, attempt)
      : { type: 'plain' as const, request: { ...fields, id: random.bytes(REQUEST_ID_BYTES) } }
    return {
      id: asked.type === 'plain' ? asked.request.id : defaultProvider.keccak256(asked.envelope.rlp),
      async post() {
        if (!(await peer.send(packetCodes.request, encodeHistoryRequest(asked))))
          throw new RpcError('not-found', 'the peer has gone')
      },
    }
  }

  /** Sends the request until the server answers, or who asked is gone. @throws RpcError */
  async sendAndWait(
    whisper: Whisper,
    { BaseTimeout, StepTimeout, MaxRetries }: RetryConfig,
    { request, signal }: { readonly request: MessagesRequest; readonly signal?: AbortSignal | undefined },
  ): Promise<{ readonly cursor: string; readonly error: string | null }> {
    const retries = MaxRetries ?? 0
    for (let attempt = 0; attempt <= retries; attempt++) {
      const nanoseconds = (BaseTimeout ?? 0) + (StepTimeout ?? 0) * attempt
      const timeoutMs = nanoseconds === 0 ? DEFAULT_TIMEOUT_MS : nanoseconds / 1e6
      const { id, post } = await this.#made(whisper, request, attempt)
      // Before it is posted: a link that is slow to say that it took the packet may bring the answer first.
      const answer = this.#wait(id, Math.min(timeoutMs, MAX_TIMEOUT_MS), signal)
      await post().catch((error) => {
        this.#leave(id)
        throw error
      })
      const outcome = await answer
      if (signal?.aborted) break
      if (outcome?.type === 'failed') return { cursor: '', error: outcome.error }
      if (outcome) return { cursor: toHex(outcome.cursor ?? new Uint8Array(0)), error: null }
    }
    throw new RpcError('timeout', `failed to request messages after ${retries} retries`)
  }

  #leave(requestId: Uint8Array): void {
    for (const waiting of [...this.#waiting]) if (waiting.requestId === requestId) waiting.settle(undefined)
  }

  /** Nobody waits any more. */
  close(): void {
    for (const waiting of [...this.#waiting]) waiting.settle(undefined)
  }

  /** Servers want a signature, of whomever: the key is made for this and forgotten. */
  async #sealed(
    whisper: Whisper,
    symKey: Uint8Array,
    fields: MailRequestFields,
    attempt: number,
  ): Promise<Extract<HistoryRequest, { type: 'envelope' }>> {
    const { encode } = this.#options
    if (!encode)
      throw new RpcError('refused', 'symKeyID: this node makes no requests with a password; leave it out')
    const signer = await whisper.keys.newKeyPair()
    try {
      const envelope = await whisper.service.seal({
        ...{ to: { symKey }, topic: topicFrom(new Uint8Array(4)), payload: encode(fields, attempt) },
        ...{ signer, ttlSeconds: REQUEST_TTL_SECONDS, powTarget: whisper.minPow },
      })
      return { type: 'envelope', envelope }
    } finally {
      whisper.keys.deleteKeyPair(signer)
    }
  }

  #wait(
    requestId: Uint8Array,
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): Promise<RequestComplete | undefined> {
    if (this.#waiting.size >= MAX_WAITING)
      throw new RpcError('too-many', `expected at most ${MAX_WAITING} requests that wait for their end`)
    return new Promise((resolve) => {
      const waiting: Waiting = {
        requestId,
        settle: (outcome) => {
          this.#waiting.delete(waiting)
          signal?.removeEventListener('abort', leave)
          cancel()
          resolve(outcome)
        },
      }
      const leave = (): void => waiting.settle(undefined)
      signal?.addEventListener('abort', leave)
      const cancel = this.#options.scheduler.schedule(timeoutMs, () => waiting.settle(undefined))
      this.#waiting.add(waiting)
      if (signal?.aborted) leave()
    })
  }

  #expectPause(topics: readonly Uint8Array[]): void {
    const nowMs = this.#options.clock.monotonicMs()
    for (const [name, atMs] of this.#asked) if (nowMs - atMs >= SAME_TOPICS_MS) this.#asked.delete(name)
    const name = toHex(defaultProvider.keccak256(concat(...topics)))
    if (this.#asked.has(name) || this.#asked.size >= MAX_REMEMBERED)
      throw new RpcError(
        'rate-limited',
        'another request with the same topics was sent less than 3s ago; wait, or set `force` to true',
      )
    this.#asked.set(name, nowMs)
  }
}

function symmetricKeyOf({ keys }: Whisper, id: string): Uint8Array {
  if (!keys.hasSymmetricKey(id))
    throw new RpcError('not-found', 'invalid symKeyID value: non-existent key ID')
  return keys.symmetricKey(id)
}

function topicsOf({ topics, topic }: MessagesRequest): readonly Uint8Array[] {
  if (topics?.length) return topics
  return [topic ?? new Uint8Array(4)]
}

function cursorFrom(text: string): Uint8Array {
  if (text === '') return new Uint8Array(0)
  try {
    return fromHex(text, CURSOR_BYTES)
  } catch {
    throw new RpcError('invalid-argument', `invalid cursor: expected ${2 * CURSOR_BYTES} hex digits`)
  }
}
