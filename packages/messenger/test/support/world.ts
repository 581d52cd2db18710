/** People with real messengers over real Whisper nodes, on links of any quality and on virtual time. */
import { type PublicKey, to0xHex, toHex } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import { decodeProtocolMessage } from '@status-protocol/double-ratchet'
import {
  createMessenger,
  type MailOptions,
  type Messenger,
  type MessengerEvent,
  type MessengerOptions,
  type MessengerTrace,
  type Security,
} from '@status-protocol/messenger'
import type { Storage } from '@status-protocol/ports'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import {
  type Conditions,
  lossyPipe,
  type SeededRandom,
  seededRandom,
  type VirtualClock,
  virtualClock,
} from '@status-protocol/testkit'
import { createWhisper, type Post, type Whisper, type WhisperService } from '@status-protocol/whisper'
import { createMemoryLinkPair, type PacketInTransit } from '@status-protocol/whisper/testing'

/** The slow key derivation is somebody else's test: here it is one hash, so that virtual time does not wait for it. */
export const quickCrypto: CryptoProvider = {
  ...defaultProvider,
  pbkdf2: async ({ password, salt, length }) =>
    defaultProvider.hkdfSha256({ secret: password, salt, length }),
}

export interface Person {
  readonly name: string
  readonly id: string
  readonly account: MessengerOptions['account']
  /** What was committed; survives a restart. */
  readonly storage: Storage
  messenger: Messenger
  whisper: Whisper
  /** Events as a reader gets them who was there from the start of this run. */
  events: MessengerEvent[]
  readonly trace: MessengerTrace[]
  /** What was posted, in every run. */
  readonly posts: Post[]
  isUp: boolean
  /** How far the wall clock of this device is off, milliseconds. */
  skewMs: number
}

export interface PersonOptions {
  /** Another device of somebody. Default: somebody new. */
  readonly account?: Person['account']
  /** What an earlier messenger left. Default: nothing. */
  readonly storage?: Storage
  readonly security?: Security
  readonly online?: boolean
  readonly truncatedKeys?: boolean
  readonly mail?: MailOptions
  /** What the messenger sees instead of the store itself. */
  readonly seenStorage?: (storage: Storage) => Storage
  readonly service?: (service: WhisperService) => WhisperService
}

export class World {
  readonly clock: VirtualClock = virtualClock()
  readonly random: SeededRandom
  readonly people = new Map<string, Person>()
  /** ratchet key and number -> ciphertext: a second one is a message key used twice. */
  readonly #keyUses = new Map<string, string>()
  readonly keysUsedTwice: string[] = []
  readonly #deaths = new Map<Person, () => void>()
  readonly #pipes: { change(conditions: Conditions): void }[] = []
  #conditions: Conditions = {}
  #seeds: number

  constructor(seed = 1) {
    this.random = seededRandom(seed)
    this.#seeds = seed * 1000
  }

  async person(name: string, options: PersonOptions = {}): Promise<Person> {
    const account = options.account ?? { chatKey: keyPairOf(this.random.bytes(32)) }
    const person = {
      name,
      id: to0xHex(account.chatKey.publicKey),
      account,
      storage: options.storage ?? createMemoryStorage(),
      trace: [],
      posts: [],
      skewMs: 0,
    } as unknown as Person
    this.people.set(name, person)
    await this.start(person, options)
    return person
  }

  publicKey(privateKey: Uint8Array): PublicKey {
    return quickCrypto.publicKey(privateKey)
  }

  /** First, or again after {@link stop} or {@link kill}. */
  async start(person: Person, options: PersonOptions = {}): Promise<void> {
    const random = seededRandom(this.#seeds++)
    const whisper = createWhisper({
      clock: this.clock,
      scheduler: this.clock,
      random,
      crypto: quickCrypto,
      minPow: 0,
    })
    const events: MessengerEvent[] = []
    Object.assign(person, { whisper, events, isUp: true })
    const service = this.#recorded(person, whisper.service)
    const starting = createMessenger({
      account: person.account,
      storage: options.seenStorage?.(person.storage) ?? person.storage,
      whisper: options.service?.(service) ?? service,
      ...(options.security && { security: options.security }),
      ...(options.online !== undefined && { online: options.online }),
      ...(options.truncatedKeys !== undefined && { truncatedKeys: options.truncatedKeys }),
      ...(options.mail && { mail: options.mail }),
      clock: {
        wallMs: () => this.clock.wallMs() + person.skewMs,
        monotonicMs: () => this.clock.monotonicMs(),
      },
      scheduler: this.clock,
      random,
      crypto: quickCrypto,
      trace: (step) => void person.trace.push(step),
    })
    const messenger = await this.whileRunning(Promise.race([starting, this.#death(person)]))
    if (!messenger) return
    person.messenger = messenger
    void (async () => {
      for await (const event of messenger.events()) events.push(event)
    })().catch(() => undefined)
  }

  async stop(person: Person): Promise<void> {
    person.isUp = false
    await this.whileRunning(person.messenger.close())
    await this.whileRunning(person.whisper.close())
  }

  /** Resolves when the person is killed. */
  #death(person: Person): Promise<undefined> {
    return new Promise((resolve) => {
      this.#deaths.set(person, () => resolve(undefined))
    })
  }

  /** As if the process ended: nothing more comes of it. Its messenger is not told. */
  kill(person: Person): void {
    person.isUp = false
    this.#deaths.get(person)?.()
    void person.whisper.close()
  }

  join(a: Person, b: Person, conditions: Conditions = this.#conditions): void {
    const pipe = () =>
      lossyPipe<PacketInTransit>({
        ...conditions,
        clock: this.clock,
        random: this.random,
        sizeOf: (packet) => packet.body.length + 16,
        deliver: (packet) => packet.arrive(),
        lost: (packet) => packet.lose(),
      })
    const pipes = { a: pipe(), b: pipe() }
    this.#pipes.push(pipes.a, pipes.b)
    const ends = createMemoryLinkPair({
      a: { id: nodeId(a) },
      b: { id: nodeId(b) },
      carry: (packet) => pipes[packet.from].send(packet),
    })
    void a.whisper.attach(ends.a)
    void b.whisper.attach(ends.b)
  }

  /** Of all links, those to come as well. */
  change(conditions: Conditions): void {
    this.#conditions = conditions
    for (const pipe of this.#pipes) pipe.change(conditions)
  }

  /** Lets time pass; whatever is under way in this process gets its turns in between. */
  async run(ms: number, stepMs = 20): Promise<void> {
    for (let left = ms; left > 0; left -= stepMs) {
      await this.clock.advance(Math.min(left, stepMs))
      for (let turn = 0; turn < 2; turn++) await nextTurn()
    }
  }

  /** Until it is so. @throws Error after `limitMs` of virtual time */
  async until(isSo: () => boolean | Promise<boolean>, what: string, limitMs = 120_000): Promise<void> {
    for (let passed = 0; !(await isSo()); passed += 50) {
      if (passed >= limitMs) throw new Error(`did not happen within ${limitMs / 1000} s: ${what}`)
      await this.run(50, 50)
    }
  }

  async whileRunning<T>(promise: Promise<T>): Promise<T> {
    let isDone = false
    const done = (): void => {
      isDone = true
    }
    promise.then(done, done)
    for (let guard = 0; !isDone; guard++) {
      if (guard > 10_000) throw new Error('nothing came of it in 100 s')
      await this.run(10)
    }
    return promise
  }

  async close(): Promise<void> {
    for (const person of this.people.values()) if (person.isUp) await this.stop(person)
  }

  #recorded(person: Person, service: WhisperService): WhisperService {
    return {
      addKeyPair: (key) => service.addKeyPair(key),
      subscribe: (filter) => service.subscribe(filter),
      status: () => service.status(),
      post: (message) => {
        person.posts.push({ ...message, payload: message.payload.slice() })
        this.#noteKeys(message.payload)
        return service.post(message)
      },
    }
  }

  #noteKeys(payload: Uint8Array): void {
    for (const { key, n, ciphertext } of ratchetPartsOf(payload)) {
      const name = `${key} ${n}`
      const before = this.#keyUses.get(name)
      if (before !== undefined && before !== ciphertext) this.keysUsedTwice.push(name)
      this.#keyUses.set(name, ciphertext)
    }
  }

  get keysUsed(): number {
    return this.#keyUses.size
  }
}

/** The ratchet messages in what was posted; none if it is no ProtocolMessage. */
export function ratchetPartsOf(payload: Uint8Array) {
  try {
    return decodeProtocolMessage(payload).directMessages.flatMap(({ ratchetHeader, payload: ciphertext }) =>
      ratchetHeader
        ? [{ key: toHex(ratchetHeader.key), n: ratchetHeader.n, ciphertext: toHex(ciphertext) }]
        : [],
    )
  } catch {
    return []
  }
}

/** All events that the store has, as a reader gets them who was away. */
export async function storedEvents({ messenger }: Person): Promise<MessengerEvent[]> {
  const found: MessengerEvent[] = []
  const reader = messenger.events({ after: 0n })[Symbol.asyncIterator]()
  for (;;) {
    const next = await Promise.race([reader.next(), turns(3).then(() => undefined)])
    if (next === undefined || next.done) return found
    found.push(next.value)
  }
}

export const textsHeard = (person: Person): string[] =>
  person.events.flatMap((event) => (event.type === 'message' ? [event.message.text] : []))

export const statesOf = (person: Person, id: string): string[] =>
  person.events.flatMap((event) => (event.type === 'delivery' && event.messageId === id ? [event.state] : []))

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await nextTurn()
}

function keyPairOf(privateKey: Uint8Array) {
  return { privateKey, publicKey: quickCrypto.publicKey(privateKey) }
}

function nodeId({ name }: Person): Uint8Array {
  const id = new Uint8Array(64)
  id.set(new TextEncoder().encode(name).subarray(0, 64))
  return id
}
