/**
 * {@link WhisperService} on a remote node's `shh_*` methods: ours, status-go's or geth's.
 *
 * The node does the work of sealing and opening, so it holds the keys of those who use it while they do, and reads what they
 * read: use a node of your own. When the connection is lost, posts wait for the next one, on which keys and filters are made
 * again; what was sent to us meanwhile is missed.
 */
import { type PublicKey, toHex } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import { type Clock, systemClock } from '@status-protocol/ports'
import {
  BoundedStream,
  type EnvelopeHash,
  type EnvelopeStatus,
  type Filter,
  type KeyId,
  keyPairId,
  MAX_PAYLOAD_BYTES,
  type Post,
  type Scheduler,
  type Subscription,
  systemScheduler,
  topicFrom,
  WhisperError,
  type WhisperMessage,
  type WhisperService,
} from '@status-protocol/whisper'
import { asWhisperError, isGone } from './errors.ts'
import { OwnPosts } from './own-posts.ts'
import { type RemoteFilter, Session } from './session.ts'
import type { Connect } from './transport.ts'

/** Messages that wait for the reader of a subscription; beyond, it ends with `slow-reader`. */
const MAX_WAITING_MESSAGES = 4_096
const MAX_WAITING_MESSAGE_BYTES = 32 * 1024 * 1024
const MAX_WAITING_EVENTS = 256
/** Posts that wait for a connection; beyond, `too-many-pending`. */
const MAX_WAITING_POSTS = 1_024
const DEFAULT_POLL_MS = 500
const FIRST_RECONNECT_MS = 250
const MAX_RECONNECT_MS = 15_000
/** For taking keys back when it is closed. */
const LEAVE_MS = 2_000

export interface RemoteWhisperOptions {
  /** Makes a connection, each time it is needed. */
  readonly connect: Connect
  /** How often to ask for messages where the node cannot tell (HTTP). Default 500. */
  readonly pollMs?: number
  readonly clock?: Clock
  readonly scheduler?: Scheduler
  readonly crypto?: CryptoProvider
}

export type RemoteWhisperEvent =
  | { readonly type: 'connected' /** What the node calls itself. */; readonly clientName: string }
  | {
      readonly type: 'disconnected' /** For people. */
      readonly reason: string
      readonly reconnectInMs: number
    }
  /** The node refuses one of our filters: its subscription has ended. */
  | { readonly type: 'filter-failed'; readonly reason: string }

export interface RemoteWhisper extends WhisperService {
  subscribe(filter: Filter): Subscription<WhisperMessage>
  status(): Subscription<EnvelopeStatus>
  /** Whether the node can be asked right now. */
  readonly isConnected: boolean
  /** Resolves when all filters that have been subscribed to are in force. */
  settled(): Promise<void>
  /** What happens to the connection, from now on; the newest 256 that were not read. */
  events(): AsyncIterableIterator<RemoteWhisperEvent, undefined>
  /** Takes keys and filters back from the node and ends everything. Again is fine. */
  close(): Promise<void>
}

/**
 * Resolves once the node has answered.
 *
 * @throws WhisperError `unavailable`: it cannot be reached, or is no Whisper node
 */
export async function createRemoteWhisper(options: RemoteWhisperOptions): Promise<RemoteWhisper> {
  const remote = new ReconnectingWhisper(options)
  await remote.start()
  return remote
}

class ReconnectingWhisper implements RemoteWhisper {
  readonly #options: RemoteWhisperOptions
  readonly #crypto: CryptoProvider
  readonly #scheduler: Scheduler
  readonly #posts: OwnPosts
  /** BOUNDED by what the user takes in. */
  readonly #pairs = new Map<KeyId, Uint8Array>()
  /** BOUNDED by the subscriptions that users hold. */
  readonly #filters = new Map<RemoteFilter, BoundedStream<WhisperMessage>>()
  readonly #statusStreams = new Set<BoundedStream<EnvelopeStatus>>()
  readonly #eventStreams = new Set<BoundedStream<RemoteWhisperEvent>>()
  /** Filters that are being made. */
  readonly #installing = new Set<Promise<void>>()
  #session: Session | undefined
  /** Who waits for a connection. BOUNDED by MAX_WAITING_POSTS and by calls of settled and addKeyPair. */
  #waiting: (() => void)[] = []
  #cancelReconnect: (() => void) | undefined
  #failures = 0
  #closing: Promise<void> | undefined

  constructor(options: RemoteWhisperOptions) {
    this.#options = options
    this.#crypto = options.crypto ?? defaultProvider
    this.#scheduler = options.scheduler ?? systemScheduler
    this.#posts = new OwnPosts({
      clock: options.clock ?? systemClock,
      scheduler: this.#scheduler,
      tell: (status) => {
        for (const stream of this.#statusStreams) stream.push(status)
      },
    })
  }

  async start(): Promise<void> {
    try {
      await this.#connect()
    } catch (error) {
      throw new WhisperError('unavailable', `the remote node cannot be used: ${messageOf(error)}`)
    }
  }

  get isConnected(): boolean {
    return this.#session !== undefined
  }

  async addKeyPair(privateKey: Uint8Array): Promise<KeyId> {
    this.#expectOpen()
    if (!this.#crypto.isPrivateKey(privateKey))
      throw new WhisperError(
        'invalid-argument',
        'privateKey: expected 32 bytes that are a secp256k1 private key',
      )
    const publicKey = this.#crypto.publicKey(privateKey)
    const id = toHex(await keyPairId(publicKey, { crypto: this.#crypto }))
    if (this.#pairs.has(id)) return id
    this.#pairs.set(id, privateKey.slice())
    try {
      await this.#withSession((session) => session.addKeyPair(id))
    } catch (error) {
      this.#pairs.delete(id)
      throw error
    }
    return id
  }

  async post(message: Post): Promise<EnvelopeHash> {
    this.#expectOpen()
    this.#expectPost(message)
    if (this.#posts.isFull || this.#waiting.length >= MAX_WAITING_POSTS)
      throw new WhisperError('too-many-pending', 'too many own envelopes have not expired yet')
    this.#posts.begin()
    let posted: { readonly hash: EnvelopeHash; readonly ttlSeconds: number } | undefined
    try {
      return await this.#withSession(async (session) => {
        await this.#filtersInForce()
        const hash = await session.post(message)
        posted = { hash, ttlSeconds: message.ttlSeconds ?? 15 }
        if (!session.tellsStatus)
          // Behind the answer, as news of a node would be.
          queueMicrotask(() => this.#posts.heard({ hash, state: 'confirmed' }))
        return hash
      })
    } finally {
      this.#posts.end(posted)
    }
  }

  subscribe(filter: Filter): BoundedStream<WhisperMessage> {
    this.#expectOpen()
    const copy = this.#copyOf(filter)
    const limits = {
      maxItems: MAX_WAITING_MESSAGES,
      maxBytes: MAX_WAITING_MESSAGE_BYTES,
      sizeOf: (message: WhisperMessage) => message.payload.length,
    }
    const stream = new BoundedStream<WhisperMessage>(limits, () => {
      this.#filters.delete(one)
      const session = this.#session
      if (session) void session.remove(one).catch(() => undefined)
    })
    const one: RemoteFilter = { filter: copy, deliver: (message) => void stream.push(message) }
    this.#filters.set(one, stream)
    if (this.#session) this.#install(this.#session, one)
    return stream
  }

  status(): BoundedStream<EnvelopeStatus> {
    this.#expectOpen()
    return tracked(this.#statusStreams, MAX_WAITING_MESSAGES)
  }

  events(): BoundedStream<RemoteWhisperEvent> {
    this.#expectOpen()
    return tracked(this.#eventStreams, MAX_WAITING_EVENTS)
  }

  async settled(): Promise<void> {
    this.#expectOpen()
    await this.#withSession(() => this.#filtersInForce())
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#cancelReconnect?.()
    this.#posts.close()
    const session = this.#session
    this.#session = undefined
    for (const wake of this.#waiting.splice(0)) wake()
    const late = new Promise<void>((resolve) => {
      if (session) this.#scheduler.schedule(LEAVE_MS, resolve)
      else resolve()
    })
    if (session) await Promise.race([session.leave().catch(() => undefined), late])
    session?.close()
    for (const streams of [this.#filters.values(), this.#statusStreams, this.#eventStreams])
      for (const stream of [...streams]) stream.end()
    for (const key of this.#pairs.values()) key.fill(0)
    this.#pairs.clear()
  }

  // --- the connection ------------------------------------------------------------------------------------------------

  /** @throws Error, for people */
  async #connect(): Promise<void> {
    const transport = await this.#options.connect()
    const session = new Session(transport, {
      scheduler: this.#scheduler,
      pollMs: this.#options.pollMs ?? DEFAULT_POLL_MS,
      privateKey: (id) => this.#pairs.get(id) ?? new Uint8Array(0),
      tell: (status) => this.#posts.heard(status),
      malformed: () => undefined,
      failed: (error) => this.#tell({ type: 'filter-failed', reason: messageOf(error) }),
    })
    try {
      const clientName = await session.begin()
      await Promise.all([...this.#pairs.keys()].map((id) => session.addKeyPair(id)))
      if (this.#closing) throw new Error('closed')
      this.#failures = 0
      this.#session = session
      for (const one of this.#filters.keys()) this.#install(session, one)
      this.#tell({ type: 'connected', clientName })
      for (const wake of this.#waiting.splice(0)) wake()
    } catch (error) {
      session.close()
      throw isGone(error) ? new Error(transport.why() ?? messageOf(error)) : error
    }
    void session.ended.then((reason) => this.#lost(session, reason))
  }

  #lost(session: Session, reason: string): void {
    if (this.#session !== session) return
    this.#session = undefined
    this.#reconnectLater(reason)
  }

  #reconnectLater(reason: string): void {
    if (this.#closing) return
    const reconnectInMs = Math.min(FIRST_RECONNECT_MS * 2 ** this.#failures, MAX_RECONNECT_MS)
    this.#failures++
    this.#tell({ type: 'disconnected', reason, reconnectInMs })
    this.#cancelReconnect = this.#scheduler.schedule(reconnectInMs, () => {
      void this.#connect().catch((error: unknown) => this.#reconnectLater(messageOf(error)))
    })
  }

  /** Runs on a connection; again on the next one if it is lost on the way. @throws WhisperError */
  async #withSession<T>(run: (session: Session) => Promise<T>): Promise<T> {
    for (;;) {
      const session = await this.#connected()
      try {
        return await run(session)
      } catch (error) {
        if (!isGone(error) || this.#closing) throw this.#closing ? closedError() : asWhisperError(error)
        this.#lost(session, 'the connection has ended')
      }
    }
  }

  async #connected(): Promise<Session> {
    for (;;) {
      this.#expectOpen()
      if (this.#session) return this.#session
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  // --- filters -------------------------------------------------------------------------------------------------------

  #install(session: Session, one: RemoteFilter): void {
    const installing = session
      .install(one)
      .then(() => {
        // The reader left while the node was making it.
        if (!this.#filters.has(one)) return session.remove(one)
      })
      .catch((error: unknown) => {
        if (isGone(error)) return // made again on the next connection
        this.#tell({ type: 'filter-failed', reason: messageOf(error) })
        this.#filters.get(one)?.end()
      })
      .finally(() => this.#installing.delete(installing))
    this.#installing.add(installing)
  }

  async #filtersInForce(): Promise<void> {
    await Promise.all(this.#installing)
  }

  // --- arguments -----------------------------------------------------------------------------------------------------

  #expectOpen(): void {
    if (this.#closing) throw closedError()
  }

  #expectPost({ to, topic, payload, signer }: Post): void {
    topicFrom(topic)
    if ('symKey' in to) expectSymmetricKey(to.symKey)
    else this.#expectPublicKey(to.publicKey, 'publicKey')
    if (signer !== undefined) this.#expectPair(signer)
    if (payload.length > MAX_PAYLOAD_BYTES)
      throw new WhisperError(
        'invalid-argument',
        `payload: expected at most ${MAX_PAYLOAD_BYTES} bytes, got ${payload.length}`,
      )
  }

  #copyOf(filter: Filter): Filter {
    const { minPow = 0, src } = filter
    if (!(minPow >= 0))
      throw new WhisperError('invalid-argument', `minPow: expected 0 or more, got ${minPow}`)
    if (src) this.#expectPublicKey(src, 'src')
    if ('keyPair' in filter) this.#expectPair(filter.keyPair)
    else expectSymmetricKey(filter.symKey)
    const topics = filter.topics.map((topic) => topicFrom(topic.slice()))
    return 'keyPair' in filter ? { ...filter, topics } : { ...filter, topics, symKey: filter.symKey.slice() }
  }

  #expectPair(id: KeyId): void {
    if (!this.#pairs.has(id)) throw new WhisperError('unknown-key', 'no key pair has this id')
  }

  #expectPublicKey(key: PublicKey, name: string): void {
    if (key.length !== 65 || !this.#crypto.parsePublicKey(key))
      throw new WhisperError('invalid-argument', `${name}: expected 65 bytes that are a point of secp256k1`)
  }

  #tell(event: RemoteWhisperEvent): void {
    for (const stream of this.#eventStreams) stream.push(event)
  }
}

function tracked<T>(streams: Set<BoundedStream<T>>, maxItems: number): BoundedStream<T> {
  const stream = new BoundedStream<T>({ maxItems }, () => streams.delete(stream))
  streams.add(stream)
  return stream
}

function expectSymmetricKey(key: Uint8Array): void {
  if (!(key instanceof Uint8Array) || key.length !== 32)
    throw new WhisperError('invalid-argument', `symKey: expected 32 bytes, got ${key?.length}`)
}

function closedError(): WhisperError {
  return new WhisperError('closed', 'the connection to the Whisper node has been closed')
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
