/**
 * What we said ourselves, on another device or before everything here was lost, as mailservers hand it over: it is in its chats,
 * once, with what became of it, and wherever the process dies meanwhile.
 *
 * `CRASH_EVERY=1` (soak) tries every commit.
 */
import { to0xHex } from '@status-protocol/bytes'
import { type ChatId, type DeliveryEvent, type Message, parseChat } from '@status-protocol/messenger'
import { encodePayload } from '@status-protocol/mvds'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { afterEach, describe, expect, it } from 'vitest'
import { MAX_EARLY_ACKS, noteEarlyAck, takeEarlyAck } from '../src/device-sync/early-acks.ts'
import { takeOwnCopy } from '../src/device-sync/own-copy.ts'
import { createStage } from '../src/stage.ts'
import { allOutbox, type ChatRecord, changeMessage, getChat, putOutbox } from '../src/tables.ts'
import { type CrashPoint, crashing } from './support/crashing.ts'
import { joinedGroup } from './support/groups.ts'
import { ends, mailserver, type TestMailserver } from './support/mail.ts'
import { channelOf, pairUp, post } from './support/own-devices.ts'
import { type Person, quickCrypto, storedEvents, textsHeard, World } from './support/world.ts'

const HOUR = 3_600_000
const EVERY = Number(process.env.CRASH_EVERY ?? 40)

let world: World
afterEach(async () => {
  await world?.close()
  expect(world?.keysUsedTwice ?? []).toEqual([])
})

interface Scene {
  readonly server: TestMailserver
  readonly phone: Person
  readonly laptop: Person
  readonly bob: Person
}

/** Phone and laptop are one person's, paired; Bob has met both. */
async function scene(seed: number): Promise<Scene> {
  world = new World(seed)
  const server = await mailserver(world)
  const phone = await world.person('phone')
  const laptop = await world.person('laptop', { account: phone.account })
  const bob = await world.person('bob')
  const all = [phone, laptop, bob]
  for (const [i, one] of all.entries()) {
    for (const other of all.slice(i + 1)) world.join(one, other)
    server.join(one)
    await one.messenger.join('#status')
  }
  await world.run(200)
  await pairUp(world, phone, laptop)
  await phone.messenger.send(bob.id, 'hi')
  await world.until(() => textsHeard(bob).length === 1, 'bob hears')
  await bob.messenger.send(phone.id, 'hi yourself')
  await world.until(() => textsHeard(laptop).length === 1, 'the laptop hears')
  await laptop.messenger.send(bob.id, 'from the laptop')
  await world.run(2_000, 100)
  return { server, phone, laptop, bob }
}

/** What is said in all kinds of chats while the laptop is off. */
async function meanwhile({ phone, laptop, bob }: Scene, group: string): Promise<void> {
  await world.stop(laptop)
  for (let i = 0; i < 3; i++) {
    for (const chat of [bob.id, '#status', group]) await phone.messenger.send(chat, `own ${i}`)
    await world.run(3_000, 100)
    await bob.messenger.send(phone.id, `answer ${i}`)
    await world.run(3_000, 100)
  }
  await world.run(HOUR, 20_000)
}

const chatOf = async ({ messenger }: Person, chat: string) =>
  (await messenger.messages(chat)).map(({ own, text, delivery }) => (own ? `${text}: ${delivery}` : text))

const deliveriesOf = async (person: Person): Promise<readonly DeliveryEvent[]> =>
  (await storedEvents(person)).flatMap((event) => (event.type === 'delivery' ? [event] : []))

const PRIVATE = [0, 1, 2].flatMap((i) => [`own ${i}: delivered`, `answer ${i}`])
const PUBLIC = [0, 1, 2].map((i) => `own ${i}: archived`)

describe('what another device of ours said while this one was off', () => {
  it('is here with what became of it, though who acknowledged it may be heard before; told once each, never as a message', async () => {
    const all = await scene(71)
    const { server, phone, laptop, bob } = all
    const group = await joinedGroup(world, phone, [bob])
    await world.run(5_000, 100)
    const told = (await deliveriesOf(laptop)).length
    await meanwhile(all, group)
    await world.start(laptop)
    server.serve(laptop)
    await world.until(() => ends(laptop) > 0, 'the end of the fetch')
    await world.run(3_000, 100)
    expect((await chatOf(laptop, bob.id)).slice(-6)).toEqual(PRIVATE)
    expect(await chatOf(laptop, '#status')).toEqual(PUBLIC)
    expect(await chatOf(laptop, group)).toEqual([0, 1, 2].map((i) => `own ${i}: sent`))
    expect(textsHeard(laptop)).toEqual([0, 1, 2].map((i) => `answer ${i}`))
    const events = (await deliveriesOf(laptop)).slice(told)
    const elsewhere = events.filter((event) => event.elsewhere)
    expect(elsewhere).toHaveLength(9)
    expect(new Set(elsewhere.map(({ messageId }) => messageId)).size).toBe(9)
    expect(elsewhere.map(({ late }) => late)).toEqual(Array(9).fill(false))
    for (const { messageId } of await laptop.messenger.messages(bob.id).then((list) =>
      list
        .filter((m) => m.own)
        .slice(-3)
        .map(({ id }) => ({ messageId: id })),
    )) {
      const ofOne = events.filter((event) => event.messageId === messageId)
      expect(ofOne.map(({ state }) => state)).toEqual(['sent', 'delivered'])
      expect(ofOne[1]).toMatchObject({ installation: expect.stringMatching(/^[0-9a-f-]{36}$/) })
    }
    // Another fetch tells nothing again.
    const before = (await deliveriesOf(laptop)).length
    await world.whileRunning(laptop.messenger.mail.fetch({ sinceUnixSeconds: 0 }))
    expect((await deliveriesOf(laptop)).length).toBe(before)
  })

  it('stands where it belongs, and says that it is late where something newer was there', async () => {
    const { server, phone, laptop, bob } = await scene(72)
    await world.stop(laptop)
    for (const chat of ['#status', bob.id]) await phone.messenger.send(chat, 'missed')
    await world.run(HOUR, 20_000)
    await world.start(laptop)
    world.join(laptop, bob)
    await world.run(500)
    await bob.messenger.send('#status', 'newer')
    await bob.messenger.send(phone.id, 'newer')
    await world.until(() => textsHeard(laptop).length === 2, 'the newer ones')
    server.serve(laptop)
    await world.until(() => ends(laptop) > 0, 'the end of the fetch')
    await world.run(3_000, 100)
    expect(await chatOf(laptop, '#status')).toEqual(['missed: archived', 'newer'])
    expect((await chatOf(laptop, bob.id)).slice(-2)).toEqual(['missed: delivered', 'newer'])
    const elsewhere = (await deliveriesOf(laptop)).filter((event) => event.elsewhere)
    expect(elsewhere.map(({ late }) => late)).toEqual([false, true, true])
  })

  it('without a signature is none of ours to open, and what the other says so between is read', async () => {
    const { server, phone, laptop, bob } = await scene(73)
    await phone.messenger.setDeniable(bob.id, true)
    await bob.messenger.setDeniable(phone.id, true)
    await world.stop(laptop)
    for (let i = 0; i < 65; i++) {
      await phone.messenger.send(bob.id, `between us ${i}`)
      await world.run(60, 60)
    }
    await world.run(2_000, 50)
    await bob.messenger.send(phone.id, 'of course')
    await world.run(HOUR, 20_000)
    await world.start(laptop)
    server.serve(laptop)
    await world.until(() => ends(laptop) > 0, 'the end of the fetch')
    expect(textsHeard(laptop)).toEqual(['of course'])
    expect(laptop.messenger.rejected().get('unsigned-envelope')).toBeUndefined()
  })
})

describe('what this device said', () => {
  it('in public and gave up, forgot or never saw confirmed, is archived once a mailserver hands it over, and sent no more', async () => {
    const { server, phone, laptop } = await scene(74)
    await world.stop(laptop)
    const said: Message[] = []
    for (let i = 0; i < 3; i++) said.push(await phone.messenger.send('#status', `own ${i}`))
    await world.run(HOUR, 20_000)
    const [failed, queued, imported] = (await phone.messenger.messages('#status')) as [
      Message,
      Message,
      Message,
    ]
    await world.stop(phone)
    const { delivery: _none, ...bare } = imported
    await phone.storage.commit([
      changeMessage({ ...failed, delivery: 'failed', deliveryReason: 'no peer took it' }),
      changeMessage({ ...queued, delivery: 'queued' }),
      changeMessage(bare),
    ])
    const chat = { kind: 'public', name: 'status', id: '#status' } as never
    await phone.storage.commit([
      putOutbox({ messageId: queued.id, chat, wrapped: new Uint8Array(100), attempts: 1 }),
    ])
    await world.start(phone, { online: false })
    const posted = phone.posts.length
    server.serve(phone)
    await world.until(() => ends(phone) > 0, 'the end of the fetch')
    for (const { id } of said) {
      const found = await phone.messenger.message(id)
      expect(found).toMatchObject({ delivery: 'archived' })
      expect(found).not.toHaveProperty('deliveryReason')
      const last = (await deliveriesOf(phone)).findLast(({ messageId }) => messageId === id)
      expect(last).toMatchObject({ state: 'archived' })
      expect(last).not.toHaveProperty('elsewhere')
    }
    expect(await allOutbox(phone.storage)).toEqual([])
    phone.messenger.setOnline(true)
    await world.run(60_000, 1_000)
    expect(await allOutbox(phone.storage)).toEqual([])
    expect(phone.posts.slice(posted).filter(({ to }) => !('publicKey' in to)).length).toBeLessThanOrEqual(1)
  })
})

describe('who has nothing left but the phrase', () => {
  it('finds what they said in public; what was for the lost devices is counted, and answered a few times at most', async () => {
    const all = await scene(75)
    const { server, phone, bob } = all
    const group = await joinedGroup(world, phone, [bob])
    await world.run(5_000, 100)
    await meanwhile(all, group)
    await world.stop(phone)
    const anew = await world.person('anew', { account: phone.account })
    await anew.messenger.join('#status')
    server.serve(anew)
    await world.until(() => ends(anew) > 0, 'the end of the fetch')
    await world.run(60_000, 500)
    expect(await chatOf(anew, '#status')).toEqual(PUBLIC)
    expect(textsHeard(anew), 'nothing of ours is news').toEqual([])
    const told = (await deliveriesOf(anew)).map(({ state, elsewhere, late }) => ({ state, elsewhere, late }))
    expect(told).toEqual(Array(3).fill({ state: 'archived', elsewhere: true, late: false }))
    const answers = anew.posts.filter(({ to }) => 'publicKey' in to)
    const toOurselves = answers.filter(({ to }) => 'publicKey' in to && to0xHex(to.publicKey) === anew.id)
    expect(toOurselves.length).toBeLessThanOrEqual(5)
    expect(answers.length - toOurselves.length, 'to bob').toBeLessThanOrEqual(5)
    expect(anew.messenger.rejected().get('failed')).toBeUndefined()
  })
})

describe('a device that dies while its own history comes', { retry: 0 }, () => {
  async function play(point: CrashPoint): Promise<{ hasCrashed: boolean; commits: number }> {
    const all = await scene(76)
    const { server, phone, laptop, bob } = all
    const group = await joinedGroup(world, phone, [bob])
    await world.run(5_000, 100)
    const told = (await storedEvents(laptop)).length
    await meanwhile(all, group)
    const store = crashing(laptop.storage, point, () => world.kill(laptop))
    await world.start(laptop, { seenStorage: () => store.storage, mail: { pageSize: 4 } })
    if (laptop.isUp) server.serve(laptop)
    await world.until(() => store.hasCrashed || ends(laptop) > 0, 'the end, or death')
    await world.run(2_000, 100)
    if (store.hasCrashed) {
      await world.start(laptop, { mail: { pageSize: 4 } })
      server.serve(laptop)
      await world.until(() => ends(laptop) > 0, 'the end of the second fetch')
      await world.run(2_000, 100)
    }
    const what = JSON.stringify(point)
    expect((await chatOf(laptop, bob.id)).slice(-6), what).toEqual(PRIVATE)
    expect(await chatOf(laptop, '#status'), what).toEqual(PUBLIC)
    expect(await chatOf(laptop, group), what).toEqual([0, 1, 2].map((i) => `own ${i}: sent`))
    const events = (await storedEvents(laptop)).slice(told)
    const heard = events.flatMap((event) => (event.type === 'message' ? [event.message.text] : []))
    expect(heard.sort(), what).toEqual([0, 1, 2].map((i) => `answer ${i}`))
    const deliveries = events.flatMap((event) =>
      event.type === 'delivery' ? [`${event.messageId} ${event.state}`] : [],
    )
    expect(deliveries.length, what).toBe(new Set(deliveries).size)
    expect(deliveries).toHaveLength(9 + 3)
    expect(laptop.messenger.rejected().get('failed'), what).toBeUndefined()
    return { hasCrashed: store.hasCrashed, commits: store.commits }
  }

  let all: number | undefined
  for (const [i, when] of (['before', 'during', 'after'] as const).entries())
    it(`at a commit, ${when} it: all is here once`, { timeout: 600_000 }, async () => {
      const tryAt = async (atCommit: number) => {
        const played = await play({ atCommit, when })
        await world.close()
        expect(world.keysUsedTwice).toEqual([])
        return played
      }
      all ??= (await tryAt(Number.POSITIVE_INFINITY)).commits
      let tried = 0
      for (let atCommit = 1 + ((i * 7) % EVERY); atCommit <= all; atCommit += EVERY)
        if ((await tryAt(atCommit)).hasCrashed) tried++
      expect(tried).toBeGreaterThan(0)
    })
})

describe('a copy of what another device of ours wrote', () => {
  it('that a mailserver hands over moves the clock of its chat no further than may be believed, and brings the chat back', async () => {
    world = new World(77)
    const [alice, bob] = [await world.person('alice'), await world.person('bob')]
    const stage = createStage(alice.storage)
    const [{ id }, key] = [{ id: bob.id as ChatId }, alice.messenger.publicKey]
    const message: Message = {
      ...{ id: `0x${'11'.repeat(32)}` as Message['id'], chat: id, author: key, text: 'ahead', clock: 9_000n },
      ...{ timestampMs: 1n, contentType: 1, own: true, security: 'ratchet' },
    }
    const chat: ChatRecord = { chat: parseChat(id), joinedAtMs: 0, lastClock: 10n, archived: true }
    const copy = { message, chat, wrapped: new Uint8Array(1), appendedSeconds: 1n, highestClock: 500n }
    await takeOwnCopy(stage, copy, { self: key, crypto: quickCrypto })
    const after = (await getChat(stage, id)) as ChatRecord
    expect(after.lastClock).toBe(500n)
    expect(after).not.toHaveProperty('archived')
    expect(stage.events).toMatchObject([{ type: 'delivery', state: 'sent', elsewhere: true, late: false }])
  })

  it('is not waited for on behalf of strangers, nor for all that somebody claims to have', async () => {
    const { phone, laptop, bob } = await scene(78)
    const eve = await world.person('eve')
    world.join(eve, laptop)
    await world.run(200)
    const acks = Array.from({ length: 300 }, (_, n) => new Uint8Array(32).fill(n % 256).with(0, n >> 8))
    const payload = encodePayload({ acks, offers: [], requests: [], messages: [] })
    const kept = async () => {
      let count = 0
      const [from, to] = [new Uint8Array(0), new Uint8Array(160).fill(255)]
      for await (const _ of laptop.storage.range('early-ack', from, to, 1e6)) count++
      return count
    }
    const before = await kept()
    for (const person of [eve, bob]) {
      const channel = channelOf(world, person, 'a hostile device')
      await channel.decrypt(
        phone.messenger.publicKey,
        (laptop.posts.at(-1) as { payload: Uint8Array }).payload,
      )
      await post(world, eve, laptop, person, await channel.encrypt(phone.messenger.publicKey, payload))
      expect((await kept()) - before).toBe(person === eve ? 0 : 100)
    }
  })
})

describe('acknowledgements before their message', () => {
  const by = new Uint8Array(65).fill(4) as never
  const idOf = (n: number) => new Uint8Array(32).fill(n % 256).with(0, n >> 8)

  it('are kept by who said it, for some installations, and taken once', async () => {
    const stage = createStage(createMemoryStorage())
    for (const phone of ['a', 'a', 'b', 'c', 'd']) await noteEarlyAck(stage, { by, id: idOf(1) }, phone)
    expect(await takeEarlyAck(stage, { by: new Uint8Array(65).fill(5) as never, id: idOf(1) })).toEqual([])
    expect(await takeEarlyAck(stage, { by, id: idOf(1) })).toEqual(['a', 'b', 'c'])
    expect(await takeEarlyAck(stage, { by, id: idOf(1) })).toEqual([])
  })

  it('are bounded: the oldest go', async () => {
    const stage = createStage(createMemoryStorage())
    const max = Number(MAX_EARLY_ACKS)
    for (let n = 0; n < max + 10; n++) await noteEarlyAck(stage, { by, id: idOf(n) }, 'a')
    const rows = async (table: string) => {
      let count = 0
      for await (const _ of stage.range(table, new Uint8Array(0), new Uint8Array(160).fill(255), 1e6)) count++
      return count
    }
    expect([await rows('early-ack'), await rows('early-ack-at')]).toEqual([max, max])
    expect(await takeEarlyAck(stage, { by, id: idOf(9) })).toEqual([])
    expect(await takeEarlyAck(stage, { by, id: idOf(10) })).toEqual(['a'])
  })
})
