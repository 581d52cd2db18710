/** The service of a node in this process: what is posted is sealed here, what is subscribed to is opened here. */
import { type PublicKey, toHex } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import type { Random } from '@status-protocol/ports'
import { symmetricChat } from '../chat.ts'
import { type Envelope, type EnvelopeHash, envelopeHash, sentUnixSeconds } from '../envelope.ts'
import { expectBytes, WhisperError } from '../error.ts'
import { SYMMETRIC_KEY_BYTES } from '../keys.ts'
import type { Miner } from '../miner.ts'
import type { OpeningKey } from '../open.ts'
import { seal } from '../seal.ts'
import type { EnvelopeStatus, Filter, Post, WhisperMessage, WhisperService } from '../service.ts'
import { topicFrom } from '../topic.ts'
import type { FilterTable, InstalledFilter, OpenedMessage } from './filters.ts'
import type { KeyId, KeyStore } from './key-store.ts'
import { MAX_WAITING_MESSAGE_BYTES, MAX_WAITING_MESSAGES } from './limits.ts'
import type { WhisperCounters } from './stats.ts'
import { BoundedStream } from './stream.ts'

/** A message with what only the node that opened it knows. */
export interface ReceivedMessage extends WhisperMessage {
  readonly ttlSeconds: number
  /** 0 for direct messages. */
  readonly pow: number
  readonly padding: Uint8Array
}

/** The messages of one filter; a stream that can be ended from outside its loop. */
export interface Subscription<T> extends AsyncIterableIterator<T, undefined, undefined> {
  /** Takes nothing more. What has been queued can still be read. */
  end(): void
}

/** {@link WhisperService} with what is only known in the process of the node. */
export interface LocalWhisperService extends WhisperService {
  /**
   * As every service does it.
   *
   * @param signal ends the search for proof of work: nobody waits for it any more
   * @throws WhisperError `aborted` too
   */
  post(message: Post, signal?: AbortSignal): Promise<EnvelopeHash>
  /**
   * The envelope that `post` would send, for those who bring it somewhere themselves.
   *
   * @throws WhisperError `invalid-argument`, `unknown-key`, `pow-not-reached`, `closed`, `aborted`
   */
  seal(message: Post, signal?: AbortSignal): Promise<Envelope>
  subscribe(filter: Filter): Subscription<ReceivedMessage>
  status(): Subscription<EnvelopeStatus>
}

export interface LocalServiceOptions {
  readonly keys: KeyStore
  readonly filters: FilterTable
  readonly miner: Miner
  readonly random: Random
  readonly crypto: CryptoProvider
  readonly counters: WhisperCounters
  /** Longest time to live that nodes take. */
  readonly maxTtlSeconds: number
  maxMessageBytes(): number
  nowUnixSeconds(): number
  /** Whether another own envelope can be kept track of. */
  isFull(): boolean
  /** Takes the envelope into the pool. */
  send(envelope: Envelope): void
}

export class LocalService implements LocalWhisperService {
  readonly #options: LocalServiceOptions
  /** BOUNDED by the subscriptions that users hold. */
  readonly #messageStreams = new Set<BoundedStream<ReceivedMessage>>()
  readonly #statusStreams = new Set<BoundedStream<EnvelopeStatus>>()
  /** What is being sealed, each with a signal of its own: many listeners on one would be taken for a leak. BOUNDED by callers. */
  readonly #searches = new Set<AbortController>()
  #closed = false

  constructor(options: LocalServiceOptions) {
    this.#options = options
  }

  async addKeyPair(privateKey: Uint8Array): Promise<KeyId> {
    this.#expectOpen()
    return this.#options.keys.addKeyPair(privateKey)
  }

  async post(message: Post, signal?: AbortSignal): Promise<EnvelopeHash> {
    this.#expectOpen()
    this.#expectRoom()
    this.#expectLifetime(message)
    const envelope = await this.seal(message, signal)
    this.#expectOpen()
    this.#expectRoom()
    this.#options.send(envelope)
    return envelopeHash(envelope, this.#options.crypto)
  }

  subscribe(filter: Filter): Subscription<ReceivedMessage> {
    this.#expectOpen()
    const { filters, counters, crypto } = this.#options
    const limits = {
      maxItems: MAX_WAITING_MESSAGES,
      maxBytes: MAX_WAITING_MESSAGE_BYTES,
      sizeOf: (message: ReceivedMessage) => message.payload.length + message.padding.length,
    }
    const stream = new BoundedStream<ReceivedMessage>(limits, (why) => {
      filters.delete(installed)
      forget(installed.key)
      this.#messageStreams.delete(stream)
      if (why === 'overflowed') counters.subscriptionsOverflowed++
    })
    const installed: InstalledFilter = {
      ...this.#conditions(filter),
      deliver: (message) => void stream.push(received(message, crypto)),
    }
    filters.add(installed)
    this.#messageStreams.add(stream)
    return stream
  }

  status(): Subscription<EnvelopeStatus> {
    this.#expectOpen()
    const stream = new BoundedStream<EnvelopeStatus>({ maxItems: MAX_WAITING_MESSAGES }, (why) => {
      this.#statusStreams.delete(stream)
      if (why === 'overflowed') this.#options.counters.subscriptionsOverflowed++
    })
    this.#statusStreams.add(stream)
    return stream
  }

  /** News of an own envelope, for all who listen. */
  tell(status: EnvelopeStatus): void {
    for (const stream of this.#statusStreams) stream.push(status)
  }

  close(): void {
    this.#closed = true
    for (const search of this.#searches) search.abort()
    for (const stream of [...this.#messageStreams, ...this.#statusStreams]) stream.end()
  }

  async seal(message: Post, given?: AbortSignal): Promise<Envelope> {
    this.#expectOpen()
    const { keys, miner, random, crypto } = this.#options
    const topic = topicFrom(message.topic)
    const signer = message.signer === undefined ? undefined : keys.privateKey(message.signer)
    const search = new AbortController()
    const abort = () => search.abort()
    this.#searches.add(search)
    given?.addEventListener('abort', abort)
    if (given?.aborted) abort()
    try {
      return await seal(message.payload, {
        to:
          'symKey' in message.to
            ? symmetricChat(topic, message.to.symKey)
            : { topic, publicKey: message.to.publicKey },
        ...(signer && { signer }),
        ...(message.ttlSeconds !== undefined && { ttlSeconds: message.ttlSeconds }),
        ...(message.powTarget !== undefined && { powTarget: message.powTarget }),
        ...(message.powTimeMs !== undefined && { powTimeMs: message.powTimeMs }),
        ...(message.padding && { padding: message.padding }),
        nowUnixSeconds: this.#options.nowUnixSeconds(),
        signal: search.signal,
        miner,
        random,
        crypto,
        maxMessageBytes: this.#options.maxMessageBytes(),
      })
    } finally {
      signer?.fill(0)
      this.#searches.delete(search)
      given?.removeEventListener('abort', abort)
    }
  }

  #conditions(filter: Filter): Omit<InstalledFilter, 'deliver'> {
    const { src, minPow = 0, allowP2P = true } = filter
    if (!(minPow >= 0))
      throw new WhisperError('invalid-argument', `minPow: expected 0 or more, got ${minPow}`)
    return {
      topics: filter.topics.map((topic) => topicFrom(topic.slice())),
      ...this.#key(filter),
      src: src === undefined ? undefined : this.#publicKey(src),
      minPow,
      allowDirect: allowP2P,
    }
  }

  #key(filter: Filter): { readonly key: OpeningKey; readonly keyName: string } {
    const { keys, crypto } = this.#options
    if ('keyPair' in filter)
      return { key: secret('privateKey', keys.privateKey(filter.keyPair)), keyName: filter.keyPair }
    const symmetricKey = expectBytes(filter.symKey, SYMMETRIC_KEY_BYTES, 'symKey').slice()
    return { key: secret('symmetricKey', symmetricKey), keyName: toHex(crypto.keccak256(symmetricKey)) }
  }

  #publicKey(src: PublicKey): PublicKey {
    const key = this.#options.crypto.parsePublicKey(expectBytes(src, 65, 'src'))
    if (key === undefined) throw new WhisperError('invalid-argument', 'src: expected a point of secp256k1')
    return key
  }

  #expectOpen(): void {
    if (this.#closed) throw new WhisperError('closed', 'the Whisper node has been closed')
  }

  /** Other nodes would refuse it, and this one would keep it for that long. */
  #expectLifetime({ ttlSeconds = 1 }: Post): void {
    const { maxTtlSeconds } = this.#options
    if (ttlSeconds > maxTtlSeconds)
      throw new WhisperError(
        'invalid-argument',
        `ttlSeconds: expected at most ${maxTtlSeconds}, got ${ttlSeconds}`,
      )
  }

  #expectRoom(): void {
    if (this.#options.isFull())
      throw new WhisperError('too-many-pending', 'too many own envelopes have not expired yet')
  }
}

/** The filter's own copy: whoever gave the key has theirs. */
function forget(key: OpeningKey): void {
  if ('privateKey' in key) key.privateKey.fill(0)
  else key.symmetricKey.fill(0)
}

/** Not enumerable, so that the key shows in no log. */
function secret<Name extends 'privateKey' | 'symmetricKey'>(
  name: Name,
  value: Uint8Array,
): { readonly [key in Name]: Uint8Array } {
  return Object.defineProperty({}, name, { value }) as { readonly [key in Name]: Uint8Array }
}

function received(
  { delivery, payload, padding, signer }: OpenedMessage,
  crypto: CryptoProvider,
): ReceivedMessage {
  const { envelope, pow, direct } = delivery
  return {
    hash: envelopeHash(envelope, crypto),
    topic: topicFrom(envelope.topic.slice()), // a view would keep the whole envelope
    payload,
    ...(signer && { signer }),
    sentUnixSeconds: sentUnixSeconds(envelope),
    direct,
    ttlSeconds: envelope.ttlSeconds,
    pow,
    padding,
  }
}
