/** Mailservers that answer nonsense, or without end: what they do is bounded and said, and never in a chat. */
import { cursorOf } from '@status-protocol/mailserver'
import { mutate, seededRandom } from '@status-protocol/testkit'
import {
  createWhisper,
  type Envelope,
  encodeDirect,
  encodeRequestComplete,
  envelopeFrom,
  envelopeHash,
  envelopeHashFrom,
  type HistoryRequest,
  packetCodes,
  publicChat,
  seal,
  type WhisperPeer,
} from '@status-protocol/whisper'
import { createMemoryLinkPair } from '@status-protocol/whisper/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { changesOf, ends, mailserver } from './support/mail.ts'
import { type Person, quickCrypto, textsHeard, World } from './support/world.ts'

let world: World
afterEach(() => world.close())

type Answer = (from: WhisperPeer, request: Extract<HistoryRequest, { type: 'envelope' }>) => Promise<unknown>

/** Bob, and a mailserver that answers as it is told. */
async function asked(seed: number, answer: Answer): Promise<{ readonly bob: Person; join(): void }> {
  world = new World(seed)
  const bob = await world.person('bob', { mail: { timeoutMs: 5_000 } })
  await bob.messenger.join('#status')
  const evil = createWhisper({
    ...{
      clock: world.clock,
      scheduler: world.clock,
      random: seededRandom(seed),
      crypto: quickCrypto,
      minPow: 0,
    },
    mail: {
      async request(from, request) {
        if (request.type === 'envelope') await answer(from as WhisperPeer, request)
      },
    },
  })
  return {
    bob,
    join() {
      const { a, b } = createMemoryLinkPair()
      void evil.attach(a)
      void bob.whisper.attach(bob.messenger.mail.guard(b))
    },
  }
}

const nowSeconds = (): number => Math.floor(world.clock.wallMs() / 1_000)

/** On the topic of #status, with nothing in it. */
async function invented(number: number, sent = nowSeconds() - 3_600): Promise<Envelope> {
  const { topic } = await publicChat('status', { crypto: quickCrypto })
  const data = new Uint8Array(300)
  new DataView(data.buffer).setUint32(0, number)
  return envelopeFrom({ expiryUnixSeconds: sent + 15, ttlSeconds: 15, topic, data, nonce: 1n })
}

const idOf = ({ envelope }: Parameters<Answer>[1]): Uint8Array => quickCrypto.keccak256(envelope.rlp)

describe('a mailserver that', () => {
  it('promises another page for ever is given up, and that is said', async () => {
    let pages = 0
    const { bob, join } = await asked(81, async (from, request) => {
      const envelope = await invented(++pages)
      await from.send(packetCodes.direct, encodeDirect([envelope]))
      const done = { lastEnvelopeHash: envelopeHash(envelope), cursor: cursorOf(envelope) }
      await from.send(
        packetCodes.requestComplete,
        encodeRequestComplete({ type: 'done', requestId: idOf(request), ...done }),
      )
    })
    join()
    await world.until(() => ends(bob) > 0, 'the end', 600_000)
    expect(changesOf(bob.events)).toContainEqual(
      expect.objectContaining({ type: 'server-failed', reason: 'no end of pages' }),
    )
    expect(pages).toBeLessThan(300)
    expect(changesOf(bob.events).filter(({ type }) => type === 'progress').length).toBeLessThan(60)
    expect(textsHeard(bob)).toEqual([])
  })

  it('answers with noise is given up, and brings nothing into a chat', async () => {
    const random = seededRandom(5)
    const { bob, join } = await asked(82, async (from) => {
      for (let i = 0; i < 50; i++) {
        await from.send(packetCodes.direct, random.bytes(1 + random.int(400)))
        await from.send(packetCodes.requestComplete, random.bytes(1 + random.int(120)))
      }
    })
    join()
    await world.until(() => ends(bob) > 0, 'the end', 600_000)
    expect(changesOf(bob.events).at(-1)).toMatchObject({ type: 'failed', messages: 0 })
    expect(textsHeard(bob)).toEqual([])
    expect(bob.messenger.rejected().get('failed') ?? 0).toBe(0)
  })

  it('fuzz: sends any packets, whole or changed, asked or not: no error gets out, nothing is shown', async () => {
    world = new World(86)
    const bob = await world.person('bob')
    const random = seededRandom(11)
    const { a, b } = createMemoryLinkPair({ a: { queuePackets: 1_000_000, queueBytes: 2 ** 30 } })
    const guarded = bob.messenger.mail.guard(b)
    let passed = 0
    const reading = (async () => {
      for await (const { code } of guarded.packets()) if (code >= packetCodes.syncRequest) passed++
    })()
    guarded.send(packetCodes.status, Uint8Array.of(0xc0))
    a.send(packetCodes.status, Uint8Array.of(0xc0))
    await world.run(1_000)
    expect(bob.messenger.mail.servers()).toHaveLength(1)
    const done = {
      type: 'done',
      requestId: random.bytes(32),
      lastEnvelopeHash: envelopeHash(await invented(1)),
    } as const
    const seeds = [
      encodeDirect([await invented(1), await invented(2)]),
      encodeRequestComplete({ ...done, cursor: random.bytes(36) }),
    ]
    const count = Number(process.env.FUZZ_COUNT ?? 10_000)
    for (let i = 0; i < count; i++) {
      const seed = seeds[i % 2] as Uint8Array
      const body = i < 2 ? seed : mutate(seed, random)
      a.send(i % 3 ? packetCodes.direct : packetCodes.requestComplete, body)
      if (i % 1_000 === 0) await world.run(20)
    }
    await world.run(1_000)
    b.close(8)
    await reading
    expect(passed).toBeGreaterThan(0)
    expect(textsHeard(bob)).toEqual([])
    expect(bob.messenger.rejected().get('failed') ?? 0).toBe(0)
  })

  it('sends what is of other chats, other times, or forged: none of it is shown', async () => {
    const random = seededRandom(6)
    const [status, other] = await Promise.all(
      ['status', 'other'].map((name) => publicChat(name, { crypto: quickCrypto })),
    )
    if (!status || !other) throw new Error('two chats')
    const { bob, join } = await asked(83, async (from, request) => {
      const sealing = { signer: random.bytes(32), powTarget: 0, random, crypto: quickCrypto }
      const hour = nowSeconds() - 3_600
      const envelopes = [
        await seal(random.bytes(80), { ...sealing, to: other, nowUnixSeconds: hour }),
        await seal(random.bytes(80), { ...sealing, to: status, nowUnixSeconds: hour }), // of nobody, says nothing
        await seal(random.bytes(80), { ...sealing, to: status, nowUnixSeconds: hour - 90 * 86_400 }),
        await seal(random.bytes(80), { ...sealing, to: status, nowUnixSeconds: nowSeconds() + 86_400 }),
        await invented(1, hour + 1),
      ]
      await from.send(packetCodes.direct, encodeDirect(envelopes))
      await from.send(
        packetCodes.requestComplete,
        encodeRequestComplete({ type: 'done', requestId: idOf(request) }),
      )
    })
    join()
    await world.until(() => ends(bob) > 0, 'the end', 600_000)
    expect(textsHeard(bob)).toEqual([])
    expect(bob.messenger.rejected().get('not-understood')).toBeGreaterThan(0)
    expect(bob.messenger.rejected().get('unasked')).toBeGreaterThan(0)
    expect(bob.messenger.rejected().get('failed') ?? 0).toBe(0)
  })

  it('sends for ever is left when the person asks to stop, or leaves', async () => {
    let isSending = true
    const { bob, join } = await asked(84, async (from) => {
      for (let i = 0; isSending; i++) {
        isSending &&= await from.send(packetCodes.direct, encodeDirect([await invented(i)]))
        await new Promise((resolve) => world.clock.schedule(100, () => resolve(undefined)))
      }
    })
    join()
    await world.until(() => bob.messenger.mail.servers().length > 0, 'the handshake')
    const stop = new AbortController()
    const fetched = bob.messenger.mail.fetch({ signal: stop.signal })
    await world.run(1_000)
    stop.abort()
    expect(await world.whileRunning(fetched)).toMatchObject({ isComplete: false, messages: 0 })
    await world.run(2_000)
    await world.stop(bob)
    isSending = false
  })

  it('lies beside an honest one delays nothing for good', async () => {
    world = new World(85)
    const honest = await mailserver(world)
    const [ann, bob] = [await world.person('ann'), await world.person('bob', { mail: { timeoutMs: 5_000 } })]
    for (const person of [ann, bob]) await person.messenger.join('#status')
    honest.join(ann)
    await ann.messenger.send('#status', 'missed')
    await world.run(60_000, 500)
    const evil = createWhisper({
      ...{
        clock: world.clock,
        scheduler: world.clock,
        random: seededRandom(9),
        crypto: quickCrypto,
        minPow: 0,
      },
      mail: {
        async request(from, request) {
          if (request.type !== 'envelope') return
          const last = {
            lastEnvelopeHash: envelopeHashFrom(new Uint8Array(32).fill(7)),
            cursor: new Uint8Array(36).fill(7),
          }
          const requestId = quickCrypto.keccak256(request.envelope.rlp)
          await from.send(
            packetCodes.requestComplete,
            encodeRequestComplete({ type: 'done', requestId, ...last }),
          )
        },
      },
    })
    const { a, b } = createMemoryLinkPair()
    void evil.attach(a)
    void bob.whisper.attach(bob.messenger.mail.guard(b))
    honest.serve(bob)
    await world.until(() => ends(bob) > 0, 'the end', 600_000)
    expect(textsHeard(bob)).toEqual(['missed'])
    expect(changesOf(bob.events).at(-1)).toMatchObject({ type: 'done', messages: 1 })
  })
})
