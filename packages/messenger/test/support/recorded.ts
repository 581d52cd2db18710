/** What a replay of a recorded session stands on: a party's store and keys as they were, a Whisper node that has the envelopes. */
import { equal, toHex } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import { encodeOwnPreKeys, OWN_PRE_KEYS_KEY, OWN_TABLE } from '@status-protocol/double-ratchet'
import type { Storage } from '@status-protocol/ports'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { hex, seededRandom, type VectorCase, type VirtualClock } from '@status-protocol/testkit'
import {
  decodeEnvelope,
  type EnvelopeHash,
  type EnvelopeStatus,
  envelopeHash,
  type Filter,
  type KeyId,
  type OpeningKey,
  open,
  type Post,
  sentUnixSeconds,
  topicFrom,
  type WhisperMessage,
  type WhisperService,
} from '@status-protocol/whisper'
import { putInstallationId } from '../../src/tables.ts'

export async function recordedStorage(p: VectorCase): Promise<Storage> {
  const storage = createMemoryStorage()
  const preKeys = (p.signed_pre_keys as VectorCase[]).map((key) => ({
    id: hex(key.public_compressed),
    privateKey: hex(key.private),
    version: key.version as number,
    createdMs: Number(BigInt(key.timestamp) / 1_000_000n),
  }))
  await storage.commit([
    putInstallationId(p.installation_id),
    { put: [OWN_TABLE, OWN_PRE_KEYS_KEY, encodeOwnPreKeys(preKeys)] },
  ])
  return storage
}

/**
 * The recorded keys where a session draws one; what else is drawn does not matter to any. A session that the party began
 * draws its ephemeral key and its first ratchet key, maybe several times: what is tried and thrown away draws as well.
 */
export class RecordedRandom {
  readonly #noise = seededRandom(8)
  /** By the other installation. */
  readonly #sessions: ReadonlyMap<
    string,
    { readonly begin: readonly Uint8Array[]; readonly keys: Uint8Array[] }
  >
  #next = 0
  /** A message of this installation is being read. */
  reading: string | undefined
  /** Installations that are written to for the first time, in the order in which they are. */
  beginning: readonly string[] = []
  /** The next 16 bytes that are drawn. */
  uuid: Uint8Array | undefined

  constructor(p: VectorCase) {
    this.#sessions = new Map(
      (p.sessions as VectorCase[]).map((session) => {
        const keys = (session.ratchet_keys as VectorCase[]).map((key) => hex(key.private))
        const isInitiator = session.role === 'initiator'
        const begin = isInitiator ? [hex(session.ephemeral_private), keys.shift() as Uint8Array] : []
        return [session.their_installation_id as string, { begin, keys }]
      }),
    )
  }

  bytes(length: number): Uint8Array {
    const uuid = length === 16 ? this.uuid : undefined
    if (uuid) this.uuid = undefined
    if (length !== 32) return uuid ?? this.#noise.bytes(length)
    if (this.reading) return this.#sessions.get(this.reading)?.keys.shift() ?? missing()
    const begin = this.beginning.flatMap((id) => this.#sessions.get(id)?.begin ?? [])
    if (begin.length === 0) return this.#noise.bytes(length)
    return (begin[this.#next++ % begin.length] as Uint8Array).slice() // whoever draws a key overwrites it
  }

  /** The next time that something begins it begins with its first key. */
  rewind(): void {
    this.#next = 0
  }
}

export function missing(): never {
  throw new Error('a key is drawn that the recording does not have')
}

/** Opens recorded envelopes with the filters' keys, and takes whatever is posted. */
export class RecordedWhisper implements WhisperService {
  readonly #keys = new Map<KeyId, Uint8Array>()
  readonly #open: { readonly filter: Filter; push(message: WhisperMessage): void }[] = []
  readonly #news = new Channel<EnvelopeStatus>()
  readonly posts: Post[] = []

  async addKeyPair(privateKey: Uint8Array): Promise<KeyId> {
    const id = toHex(defaultProvider.keccak256(privateKey)) as KeyId
    this.#keys.set(id, privateKey)
    return id
  }

  async post(message: Post): Promise<EnvelopeHash> {
    this.posts.push(message)
    const hash = defaultProvider.keccak256(
      Uint8Array.of(this.posts.length >> 8, this.posts.length),
    ) as EnvelopeHash
    this.#news.push({ hash, state: 'confirmed' })
    return hash
  }

  subscribe(filter: Filter): AsyncIterable<WhisperMessage> {
    const channel = new Channel<WhisperMessage>()
    this.#open.push({ filter, push: (message) => channel.push(message) })
    return channel
  }

  status(): AsyncIterable<EnvelopeStatus> {
    return this.#news
  }

  /** How many filters it went through. */
  give({ rlp }: VectorCase): number {
    const envelope = decodeEnvelope(hex(rlp))
    let matched = 0
    for (const { filter, push } of [...this.#open]) {
      if (!filter.topics.some((topic) => equal(topic, envelope.topic))) continue
      const result = open(envelope, this.#keyOf(filter))
      if (!result.ok || (filter.src && !(result.signer && equal(result.signer, filter.src)))) continue
      matched++
      push({
        hash: envelopeHash(envelope),
        topic: topicFrom(envelope.topic.slice()),
        payload: result.payload,
        ...(result.signer && { signer: result.signer }),
        sentUnixSeconds: sentUnixSeconds(envelope),
        direct: false,
      })
    }
    return matched
  }

  #keyOf(filter: Filter): OpeningKey {
    return 'keyPair' in filter
      ? { privateKey: this.#keys.get(filter.keyPair) ?? missing() }
      : { symmetricKey: filter.symKey }
  }
}

class Channel<T> implements AsyncIterableIterator<T> {
  readonly #items: T[] = []
  #wake: (() => void) | undefined

  push(item: T): void {
    this.#items.push(item)
    this.#wake?.()
  }

  async next(): Promise<IteratorResult<T>> {
    while (this.#items.length === 0)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    return { value: this.#items.shift() as T, done: false }
  }

  async return(): Promise<IteratorResult<T>> {
    return { value: undefined, done: true }
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}

/** The slow derivations of the cases' few topics, once each. */
const derived = new Map<string, Promise<Uint8Array>>()
export const remembering: CryptoProvider = {
  ...defaultProvider,
  pbkdf2(options) {
    const name = `${toHex(options.password)} ${options.iterations}`
    const known = derived.get(name) ?? defaultProvider.pbkdf2(options)
    derived.set(name, known)
    return known.then((key) => key.slice())
  },
}

export async function advance(clock: VirtualClock, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 25) {
    await clock.advance(Math.min(left, 25))
    await turn()
  }
  for (let i = 0; i < 3; i++) await turn()
  // A derivation under way is real time.
  await Promise.all(derived.values())
  for (let i = 0; i < 2; i++) await turn()
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
