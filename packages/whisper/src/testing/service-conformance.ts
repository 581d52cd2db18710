/** What every {@link WhisperService} does, in process or behind a remote procedure call. */
import { concat, utf8 } from '@status-protocol/bytes'
import { defaultProvider } from '@status-protocol/crypto'
import { type ConformanceCase, check, checkEqual, checkRejects } from '@status-protocol/ports/testing'
import type { Filter, Post, WhisperMessage, WhisperService } from '../service.ts'
import { type Topic, topicFrom } from '../topic.ts'

/** Two fresh services whose nodes are peers of each other. */
export interface ServicesUnderTest {
  readonly a: WhisperService
  readonly b: WhisperService
  /** Gives back what they hold. */
  dispose?(): Promise<void>
}

/**
 * No case depends on time: an implementation that hangs is for the test runner to catch. That something does not arrive is
 * shown by what was sent after it and does.
 *
 * @param makeServices also if the nodes have minimum proofs of work: posts reach 0.002
 */
export function whisperServiceConformance(
  makeServices: () => Promise<ServicesUnderTest>,
): readonly ConformanceCase[] {
  const withServices = (
    name: string,
    run: (services: ServicesUnderTest) => Promise<void>,
  ): ConformanceCase => ({
    name,
    async run() {
      const services = await makeServices()
      try {
        await run(services)
      } finally {
        await services.dispose?.()
      }
    },
  })

  return [
    withServices('a symmetric message reaches those who have key and topic', async ({ a, b }) => {
      const messages = reader(b, { topics: [TOPIC], symKey: KEY })
      const hash = await a.post(post('hello'))
      const message = await messages.next()
      checkEqual(message.hash, hash, 'hash')
      checkEqual(message.topic, TOPIC, 'topic')
      checkEqual(message.payload, utf8('hello'), 'payload')
      checkEqual(message.signer, undefined, 'signer')
      checkEqual(message.direct, false, 'direct')
      check(
        Number.isInteger(message.sentUnixSeconds) && message.sentUnixSeconds > 1_500_000_000,
        'sentUnixSeconds',
      )
    }),
    withServices('neither another key nor another topic gets it', async ({ a, b }) => {
      const [otherKey, otherTopic, right] = [
        reader(b, { topics: [TOPIC], symKey: OTHER_KEY }),
        reader(b, { topics: [OTHER_TOPIC], symKey: KEY }),
        reader(b, { topics: [TOPIC], symKey: KEY }),
      ]
      await a.post(post('for one'))
      checkEqual((await right.next()).payload, utf8('for one'), 'right key and topic')
      await a.post({ ...post('key'), to: { symKey: OTHER_KEY } })
      await a.post({ ...post('topic'), topic: OTHER_TOPIC })
      checkEqual((await otherKey.next()).payload, utf8('key'), 'first with the other key')
      checkEqual((await otherTopic.next()).payload, utf8('topic'), 'first on the other topic')
    }),
    withServices('several topics, and no topic at all', async ({ a, b }) => {
      const both = reader(b, { topics: [TOPIC, OTHER_TOPIC], symKey: KEY })
      const all = reader(b, { topics: [], symKey: KEY })
      await a.post(post('1'))
      await a.post({ ...post('2'), topic: OTHER_TOPIC })
      for (const messages of [both, all])
        checkEqual([await messages.text(), await messages.text()], ['1', '2'], 'messages')
    }),
    withServices('an asymmetric message reaches the owner of the key pair alone', async ({ a, b }) => {
      const [mine, foreign] = [await b.addKeyPair(PRIVATE_KEY), await b.addKeyPair(OTHER_PRIVATE_KEY)]
      const [right, wrong] = [
        reader(b, { topics: [TOPIC], keyPair: mine }),
        reader(b, { topics: [TOPIC], keyPair: foreign }),
      ]
      await a.post({ ...post('to you'), to: { publicKey: publicKeyOf(PRIVATE_KEY) } })
      await a.post({ ...post('to them'), to: { publicKey: publicKeyOf(OTHER_PRIVATE_KEY) } })
      checkEqual([await right.text(), await wrong.text()], ['to you', 'to them'], 'first messages')
    }),
    withServices('a signed message names its signer', async ({ a, b }) => {
      const signer = await a.addKeyPair(PRIVATE_KEY)
      const messages = reader(b, { topics: [TOPIC], symKey: KEY })
      await a.post({ ...post('signed'), signer })
      checkEqual((await messages.next()).signer, publicKeyOf(PRIVATE_KEY), 'signer')
    }),
    withServices('a filter can ask for a signer', async ({ a, b }) => {
      const [one, other] = [await a.addKeyPair(PRIVATE_KEY), await a.addKeyPair(OTHER_PRIVATE_KEY)]
      const messages = reader(b, { topics: [TOPIC], symKey: KEY, src: publicKeyOf(PRIVATE_KEY) })
      await a.post(post('unsigned'))
      await a.post({ ...post('by another'), signer: other })
      await a.post({ ...post('by them'), signer: one })
      checkEqual(await messages.text(), 'by them', 'first message')
    }),
    withServices('the same key has the same id', async ({ a, b }) => {
      const id = await a.addKeyPair(PRIVATE_KEY)
      checkEqual([await a.addKeyPair(PRIVATE_KEY), await b.addKeyPair(PRIVATE_KEY)], [id, id], 'ids')
      check(/^[0-9a-f]{64}$/.test(id), 'an id is 64 hex digits')
    }),
    withServices('own messages come back to own filters', async ({ a }) => {
      const messages = reader(a, { topics: [TOPIC], symKey: KEY })
      const hash = await a.post(post('echo'))
      checkEqual((await messages.next()).hash, hash, 'hash')
    }),
    withServices('every filter gets every message once', async ({ a, b }) => {
      const readers = [
        reader(b, { topics: [TOPIC], symKey: KEY }),
        reader(b, { topics: [TOPIC], symKey: KEY }),
      ]
      const texts = Array.from({ length: 20 }, (_, i) => `message ${i}`)
      for (const text of texts) await a.post(post(text))
      for (const messages of readers) {
        const got: string[] = []
        for (let i = 0; i < texts.length; i++) got.push(await messages.text())
        checkEqual(got.sort(), [...texts].sort(), 'messages')
      }
    }),
    withServices('payloads of any length up to 100,000 bytes', async ({ a, b }) => {
      const messages = reader(b, { topics: [TOPIC], symKey: KEY })
      for (const length of [0, 1, 190, 255, 256, 65_536, 100_000]) {
        const payload = new Uint8Array(length).fill(length)
        await a.post({ ...post(''), payload })
        checkEqual((await messages.next()).payload.length, length, 'length')
      }
    }),
    withServices('status tells that the peer has it', async ({ a }) => {
      const news = a.status()[Symbol.asyncIterator]()
      const hash = await a.post(post('confirm me'))
      const { value, done } = await news.next()
      check(!done, 'there is news')
      checkEqual([value.hash, value.state], [hash, 'confirmed'], 'news')
      await news.return?.()
    }),
    withServices('a subscription that is left does not hold up others', async ({ a, b }) => {
      const left = b.subscribe({ topics: [TOPIC], symKey: KEY })[Symbol.asyncIterator]()
      await left.return?.()
      checkEqual((await left.next()).done, true, 'after return')
      const messages = reader(b, { topics: [TOPIC], symKey: KEY })
      await a.post(post('still'))
      checkEqual(await messages.text(), 'still', 'message')
    }),
    withServices('misuse is told by code', async ({ a }) => {
      await checkRejects(() => a.post({ ...post('x'), signer: '00'.repeat(32) }), 'unknown-key', 'signer')
      await checkRejects(
        () => a.post({ ...post('x'), to: { symKey: new Uint8Array(31) } }),
        'invalid-argument',
        'symKey of 31 bytes',
      )
      await checkRejects(
        () => a.post({ ...post('x'), to: { publicKey: new Uint8Array(65) } }),
        'invalid-argument',
        'a public key that is none',
      )
      await checkRejects(() => a.addKeyPair(new Uint8Array(32)), 'invalid-argument', 'a private key of 0')
    }),
  ]
}

const TOPIC = topicFrom(Uint8Array.of(1, 2, 3, 4))
const OTHER_TOPIC: Topic = topicFrom(Uint8Array.of(4, 3, 2, 1))
const KEY = new Uint8Array(32).fill(1)
const OTHER_KEY = new Uint8Array(32).fill(2)
const PRIVATE_KEY = new Uint8Array(32).fill(3)
const OTHER_PRIVATE_KEY = concat(new Uint8Array(31), Uint8Array.of(9))

const publicKeyOf = (privateKey: Uint8Array): Uint8Array => defaultProvider.publicKey(privateKey)

function post(text: string): Post {
  return { to: { symKey: KEY }, topic: TOPIC, payload: utf8(text), ttlSeconds: 30, powTarget: 0.002 }
}

interface Reader {
  next(): Promise<WhisperMessage>
  text(): Promise<string>
}

/** The filter is in force when this returns. */
function reader(service: WhisperService, filter: Filter): Reader {
  const iterator = service.subscribe(filter)[Symbol.asyncIterator]()
  const next = async (): Promise<WhisperMessage> => {
    const { value, done } = await iterator.next()
    if (done) throw new Error('the subscription ended before its message came')
    return value
  }
  return { next, text: async () => new TextDecoder().decode((await next()).payload) }
}
