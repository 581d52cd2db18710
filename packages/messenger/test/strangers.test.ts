/** What people who write unasked can make us keep. */
import { fromBigInt, toHex } from '@status-protocol/bytes'
import { createSecureChannel, INSTALLATIONS_TABLE } from '@status-protocol/double-ratchet'
import { CHAT_MESSAGE_TYPES, chatMessage, oneToOneChatId, wrap } from '@status-protocol/payload'
import type { Change, Storage } from '@status-protocol/ports'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { seededRandom } from '@status-protocol/testkit'
import { partitionedDiscovery } from '@status-protocol/whisper'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { oneToOneChat } from '../src/chat.ts'
import { messagesBefore } from '../src/history/paging.ts'
import { createStage, type Stage } from '../src/stage.ts'
import { createStrangers, MAX_STRANGERS, type Strangers } from '../src/strangers.ts'
import { allStrangers, putChat, putContact, putMessage, putStranger } from '../src/tables.ts'
import { type Person, quickCrypto, statesOf, textsHeard, World } from './support/world.ts'

const random = seededRandom(51)
const someKey = () => quickCrypto.publicKey(random.bytes(32))

describe('the rules', () => {
  let storage: Storage
  let strangers: Strangers
  let forgotten: string[]
  let dropped: Record<string, number>
  let nowMs = 0
  const limits = { strangers: 3, bytes: 40_000, bytesOfOne: 20_000 }

  beforeEach(async () => {
    storage = createMemoryStorage()
    forgotten = []
    dropped = {}
    strangers = await loaded()
  })
  async function loaded(): Promise<Strangers> {
    const made = createStrangers({
      storage,
      clock: { wallMs: () => ++nowMs, monotonicMs: () => nowMs },
      forget: async (_stage, person) => void forgotten.push(toHex(person)),
      isCompany: async () => false,
      dropped: (what, count) => {
        dropped[what] = (dropped[what] ?? 0) + count
      },
      limits,
    })
    await made.load()
    return made
  }
  async function commit(run: (stage: Stage) => Promise<unknown>): Promise<void> {
    const stage = createStage(storage)
    await run(stage)
    await storage.commit(stage.changes)
  }
  let clock = 0n
  const says = (person: Uint8Array, bytes = 100) =>
    commit(async (stage) => {
      const { id } = oneToOneChat(person)
      const isStranger = await strangers.includes(stage, person)
      clock += 1n
      const message = {
        id: `0x${toHex(random.bytes(32))}`,
        chat: id,
        clock,
        text: 'x'.repeat(bytes),
      } as never
      const changes: Change[] = [
        ...putMessage(message),
        putChat({ chat: oneToOneChat(person), joinedAtMs: 0, lastClock: clock }),
      ]
      stage.add({ changes })
      if (isStranger) await strangers.note(stage, person)
    })
  const kept = async () => (await allStrangers(storage)).map(({ publicKey }) => toHex(publicKey)).sort()
  const textsOf = async (person: Uint8Array) =>
    (await messagesBefore(storage, oneToOneChat(person).id, undefined, { limit: 1000 })).length

  it('keep the number of strangers: whoever was silent longest goes, with chat, messages and sessions', async () => {
    const people = Array.from({ length: 5 }, someKey)
    for (const person of people) await says(person)
    expect(await kept()).toEqual(people.slice(2).map(toHex).sort())
    expect(forgotten).toEqual(people.slice(0, 2).map(toHex))
    expect(dropped).toEqual({ strangers: 2, 'stranger-messages': 2 })
    expect(await textsOf(people[0] as Uint8Array)).toBe(0)
    await says(people[2] as Uint8Array)
    await says(someKey())
    expect(await kept()).toContain(toHex(people[2] as Uint8Array))
    expect(await kept()).not.toContain(toHex(people[3] as Uint8Array))
  })

  it('are the same after a restart', async () => {
    const people = Array.from({ length: 3 }, someKey)
    for (const person of people) await says(person)
    await says(people[0] as Uint8Array)
    strangers = await loaded()
    await says(someKey())
    expect(await kept()).not.toContain(toHex(people[1] as Uint8Array))
    expect(await kept()).toContain(toHex(people[0] as Uint8Array))
  })

  it('keep the bytes of one: the newest messages stay', async () => {
    const person = someKey()
    for (let i = 0; i < 100; i++) await says(person, 500)
    const [row] = await allStrangers(storage)
    expect(row?.bytes).toBeLessThanOrEqual(limits.bytesOfOne)
    const left = await messagesBefore(storage, oneToOneChat(person).id, undefined, { limit: 1000 })
    expect(left.length).toBeGreaterThan(10)
    expect(left.at(-1)?.clock).toBe(clock)
    expect(left.map((m) => clock - m.clock)).toEqual(left.map((_, i) => BigInt(left.length - 1 - i)))
    expect((dropped['stranger-messages'] ?? 0) + left.length).toBe(100)
  })

  it('keep the bytes of all', async () => {
    const people = Array.from({ length: 3 }, someKey)
    for (const person of people) for (let i = 0; i < 25; i++) await says(person, 500)
    expect((await allStrangers(storage)).reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(
      limits.bytes,
    )
    expect(await kept()).not.toContain(toHex(people[0] as Uint8Array))
  })

  it('never touch contacts, and whoever was answered', async () => {
    const [contact, answered] = [someKey(), someKey()]
    await commit(async (stage) => stage.add({ changes: [putContact({ publicKey: contact, addedAtMs: 0 })] }))
    await says(contact)
    await says(answered)
    await commit((stage) => strangers.meet(stage, answered))
    for (let i = 0; i < 10; i++) await says(someKey())
    expect(await textsOf(contact)).toBe(1)
    expect(await textsOf(answered)).toBe(1)
    expect((await kept()).length).toBe(limits.strangers)
    await says(answered)
    expect(await kept()).not.toContain(toHex(answered))
  })

  it('keep nothing of whoever left nothing', async () => {
    await commit((stage) => strangers.note(stage, someKey()))
    expect(await kept()).toEqual([])
  })
})

describe('a flood of strangers', () => {
  let world: World
  afterEach(() => world.close())

  async function rowsOf({ storage }: Person, table: string): Promise<number> {
    let rows = 0
    for await (const _ of storage.range(table, new Uint8Array(0), new Uint8Array(300).fill(255), 1e6)) rows++
    return rows
  }

  it('is bounded also after answers that could not be written', async () => {
    world = new World(53)
    const [alice, mallory] = [await world.person('alice'), await world.person('mallory')]
    const silent = Array.from({ length: MAX_STRANGERS }, someKey)
    await world.stop(alice)
    await alice.storage.commit(
      silent.map((publicKey, heardAtMs) => putStranger({ publicKey, heardAtMs, bytes: 0 })),
    )
    await world.start(alice)
    world.join(alice, mallory)
    await world.run(200)
    for (const person of silent.slice(0, 5))
      await expect(alice.messenger.send(oneToOneChat(person).id, ' ')).rejects.toMatchObject({
        code: 'invalid-text',
      })
    await mallory.messenger.send(alice.id, 'buy')
    await world.until(() => textsHeard(alice).length === 1, 'the message')
    expect(await rowsOf(alice, 'stranger')).toBe(MAX_STRANGERS)
  })

  it('leaves those of the last 500, on disk and in memory; friends stay, and can be talked to', {
    timeout: 120_000,
  }, async () => {
    world = new World(52)
    const [alice, bob, mallory] = [
      await world.person('alice'),
      await world.person('bob'),
      await world.person('mallory'),
    ]
    world.join(alice, bob)
    world.join(alice, mallory)
    await world.run(200)
    const first = await bob.messenger.send(alice.id, 'hello')
    await world.until(() => statesOf(bob, first.id).includes('delivered'), 'delivered')
    const answer = await alice.messenger.send(bob.id, 'hello you')
    await world.until(() => statesOf(alice, answer.id).includes('delivered'), 'delivered')

    const extra = 30
    const { topic } = partitionedDiscovery(alice.messenger.publicKey, { crypto: quickCrypto })
    for (let i = 0; i < MAX_STRANGERS + extra; i++) {
      const identity = random.bytes(32)
      const nowMs = world.clock.wallMs()
      const content = chatMessage({
        chatId: oneToOneChatId(alice.messenger.publicKey),
        messageType: CHAT_MESSAGE_TYPES.oneToOne,
        text: `buy ${i}`,
        clock: nowMs,
        timestamp: nowMs,
      })
      const channel = createSecureChannel({
        identity,
        installationId: `device ${i}`,
        storage: createMemoryStorage(),
        crypto: quickCrypto,
        clock: world.clock,
      })
      // Half of them leave nothing but their keys.
      const text = i % 2 ? wrap(content, { privateKey: identity }) : fromBigInt(BigInt(i), 8)
      await mallory.whisper.service.post({
        to: { publicKey: alice.messenger.publicKey },
        topic,
        payload: await channel.encrypt(alice.messenger.publicKey, text),
        signer: await mallory.whisper.service.addKeyPair(identity),
      })
      if (i % 20 === 19) await world.run(100)
    }
    await world.until(() => textsHeard(alice).length === 1 + (MAX_STRANGERS + extra) / 2, 'all of it')
    expect(await rowsOf(alice, 'stranger')).toBe(MAX_STRANGERS)
    expect(await rowsOf(alice, INSTALLATIONS_TABLE)).toBe(MAX_STRANGERS + 1)
    expect(await rowsOf(alice, 'chat')).toBe(MAX_STRANGERS / 2 + 1)
    expect(Object.fromEntries(alice.messenger.dropped())).toEqual({
      strangers: extra,
      'stranger-messages': extra / 2,
    })
    const after = await bob.messenger.send(alice.id, 'still there?')
    await world.until(() => statesOf(bob, after.id).includes('delivered'), 'delivered')
    expect(alice.events.findLast((e) => e.type === 'message')).toMatchObject({ security: 'ratchet' })
    expect((await alice.messenger.messages(bob.id)).map((m) => m.text)).toEqual([
      'hello',
      'hello you',
      'still there?',
    ])
  })
})

describe('what strangers say of themselves', () => {
  let world: World
  afterEach(() => world.close())

  it('counts among what is kept of them', async () => {
    world = new World(54)
    const [alice, mallory] = [await world.person('alice'), await world.person('mallory')]
    world.join(alice, mallory)
    await world.run(200)
    const picture = new Uint8Array(90_000)
    picture.set([0xff, 0xd8, 0xff])
    await mallory.messenger.setProfile({ picture })
    await mallory.messenger.requestContact(alice.messenger.publicKey)
    await world.until(async () => (await alice.messenger.contactRequests()).length === 1, 'the request')
    const [row] = await allStrangers(alice.storage)
    expect(row?.bytes).toBeGreaterThan(100_000)
  })
})
