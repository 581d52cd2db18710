/** A person whose Whisper node does what the test says: envelopes are sealed, confirmed and carried only when told. */
import { equal, to0xHex, toHex } from '@status-protocol/bytes'
import {
  createMessenger,
  type Messenger,
  type MessengerEvent,
  type MessengerOptions,
} from '@status-protocol/messenger'
import type { Storage } from '@status-protocol/ports'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { type SeededRandom, seededRandom, type VirtualClock } from '@status-protocol/testkit'
import {
  type Filter,
  type Post,
  WhisperError,
  type WhisperMessage,
  type WhisperService,
} from '@status-protocol/whisper'
import { quickCrypto } from './world.ts'

export interface ScriptedPost {
  readonly post: Post
  readonly hash: Uint8Array
  state: 'held' | 'sealed' | 'settled'
  /** Our node has it in its pool. */
  seal(): void
  refuse(): void
}

export interface Scripted {
  readonly id: string
  readonly publicKey: Uint8Array
  readonly storage: Storage
  messenger: Messenger
  /** Of all runs; those of an earlier run are settled. */
  readonly posts: ScriptedPost[]
  readonly events: MessengerEvent[]
  /** Envelopes are sealed as they come. */
  sealsAtOnce: boolean
  /** @param peerId who confirms, if that is told */
  settle(post: ScriptedPost, state: 'confirmed' | 'expired', peerId?: Uint8Array): void
  /** What somebody posted comes through whichever filter fits. */
  hear(post: Post, from: Uint8Array, how?: Partial<Pick<WhisperMessage, 'sentUnixSeconds' | 'direct'>>): void
  restart(): Promise<void>
}

export async function scripted(name: number, clock: VirtualClock): Promise<Scripted> {
  const random = seededRandom(name)
  const privateKey = random.bytes(32)
  const publicKey = quickCrypto.publicKey(privateKey)
  const account: MessengerOptions['account'] = { chatKey: { privateKey, publicKey } }
  let node = createNode(random)
  const person = {
    id: to0xHex(publicKey),
    publicKey,
    storage: createMemoryStorage(),
    posts: [],
    events: [],
    sealsAtOnce: false,
  } as unknown as Scripted
  const start = async (): Promise<void> => {
    node = createNode(random, (post) => {
      person.posts.push(post)
      if (person.sealsAtOnce) post.seal()
    })
    const options = {
      account,
      storage: person.storage,
      whisper: node.service,
      clock,
      scheduler: clock,
      random,
      crypto: quickCrypto,
    }
    person.messenger = await createMessenger(options)
    void (async () => {
      for await (const event of person.messenger.events()) person.events.push(event)
    })()
  }
  await start()
  return Object.assign(person, {
    settle(post: ScriptedPost, state: 'confirmed' | 'expired', peerId?: Uint8Array) {
      post.state = 'settled'
      node.tell(post.hash, state, peerId)
    },
    hear: (post: Post, from: Uint8Array, how = {}) =>
      node.hear(post, from, { sentUnixSeconds: Math.floor(clock.wallMs() / 1000), direct: false, ...how }),
    async restart() {
      await person.messenger.close()
      for (const post of person.posts) post.state = 'settled'
      await start()
    },
  })
}

function createNode(random: SeededRandom, posted: (post: ScriptedPost) => void = () => undefined) {
  const fates = stream<{ hash: Uint8Array; state: 'confirmed' | 'expired'; peerId?: Uint8Array }>()
  const readers = new Set<{ readonly filter: Filter; readonly messages: Stream<WhisperMessage> }>()
  const service = {
    addKeyPair: async (key: Uint8Array) => toHex(quickCrypto.publicKey(key)),
    post: (post: Post) =>
      new Promise((resolve, reject) => {
        const hash = random.bytes(32)
        const made: ScriptedPost = {
          post,
          hash,
          state: 'held',
          seal() {
            made.state = 'sealed'
            resolve(hash)
          },
          refuse() {
            made.state = 'settled'
            reject(new WhisperError('pow-not-reached', 'too hard'))
          },
        }
        posted(made)
      }),
    subscribe(filter: Filter) {
      const reader = { filter, messages: stream<WhisperMessage>() }
      readers.add(reader)
      return reader.messages.iterable
    },
    status: () => fates.iterable,
  } as unknown as WhisperService
  return {
    service,
    tell: (hash: Uint8Array, state: 'confirmed' | 'expired', peerId?: Uint8Array) =>
      fates.push({ hash, state, ...(peerId && { peerId }) }),
    hear(
      { to, topic, payload }: Post,
      signer: Uint8Array,
      how: Pick<WhisperMessage, 'sentUnixSeconds' | 'direct'>,
    ) {
      for (const { filter, messages } of readers) {
        const fits =
          'publicKey' in to ? 'keyPair' in filter : 'symKey' in filter && equal(filter.symKey, to.symKey)
        const hash = random.bytes(32) as never
        if (fits) messages.push({ hash, topic, payload, signer: signer as never, ...how })
      }
    },
  }
}

interface Stream<T> {
  push(value: T): void
  readonly iterable: AsyncIterable<T>
}

function stream<T>(): Stream<T> {
  const queue: T[] = []
  let wake = (): void => undefined
  const next = async (): Promise<IteratorResult<T>> => {
    while (queue.length === 0)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    return { value: queue.shift() as T, done: false }
  }
  const end = async (): Promise<IteratorResult<T>> => ({ value: undefined, done: true })
  return {
    push(value) {
      queue.push(value)
      wake()
    },
    iterable: { [Symbol.asyncIterator]: () => ({ next, return: end }) },
  }
}
