/** Groups of 2019 with people who write whatever they like: who may say what, whose events count, what is kept. */
import { to0xHex } from '@status-protocol/bytes'
import type { ChatId } from '@status-protocol/messenger'
import {
  chatMessage,
  GROUP_EVENT_TYPES,
  nextClockMobileV0,
  openMembershipUpdate,
  signGroupEvent,
  wrap,
  wrapPayload,
} from '@status-protocol/payload'
import {
  chatMessageToV0,
  encodeMessageV0,
  type GroupEventV0,
  type GroupUpdateV0,
  groupUpdatesOfV0,
  keyword,
  MAX_EVENTS_TOGETHER_V0,
  type MessageV0,
  signGroupUpdateV0,
  type TransitValue,
  wrapPayloadV0,
  wrapV0,
  writeTransit,
} from '@status-protocol/payload/v0'
import { mutate, seededRandom } from '@status-protocol/testkit'
import { partitionedDiscovery } from '@status-protocol/whisper'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { allGroupEvents, allHeld } from '../src/groups/tables.ts'
import { createStage } from '../src/stage.ts'
import { feeding } from './support/feeding.ts'
import { agree, keyOf, people, see } from './support/groups.ts'
import { say } from './support/saying.ts'
import { type Person, quickCrypto, textsHeard, World } from './support/world.ts'

let world: World
beforeEach(() => {
  world = new World(36)
})
afterEach(async () => {
  await world.close()
  expect(world.keysUsedTwice).toEqual([])
})

const crypto = quickCrypto
const LEGACY = { generation: 'legacy' } as const
const V0 = { generation: 'v0' } as const
const UUID = '7a06c8a0-4e33-428b-837e-97f104864d09'
const COUNT = Math.ceil(Number(process.env.FUZZ_COUNT ?? 10_000) / 50)

async function joined(creator: Person, others: readonly Person[]): Promise<string> {
  const { groups } = creator.messenger
  const { id } = await world.whileRunning(groups.create('old', others.map(keyOf), LEGACY))
  for (const other of others) {
    await world.until(async () => (await see(other, id)) !== undefined, `${other.name} is invited`)
    await world.whileRunning(other.messenger.groups.accept(id))
  }
  await agree(world, id, [creator, ...others])
  return id
}

const opened = (person: Person, id: string) =>
  allGroupEvents(createStage(person.storage), id as ChatId, 1_000, V0)
const listsOf = async (person: Person, id: string) => groupUpdatesOfV0(await opened(person, id))

const event = (type: string, facts: Partial<GroupEventV0> = {}): GroupEventV0 => ({
  ...{ type, clock: BigInt(world.clock.wallMs()), member: '', members: [], name: '' },
  ...facts,
})
const signed = (id: string, by: Person, ...events: GroupEventV0[]): GroupUpdateV0 =>
  signGroupUpdateV0(id, events, by.account.chatKey, { crypto })
const text = (chatId: string, said: string, aheadMs = 0): MessageV0 & { readonly type: 'chat' } => ({
  ...chatMessageToV0(
    chatMessage({
      ...{ chatId, text: said, clock: world.clock.wallMs() + aheadMs, timestamp: world.clock.wallMs() },
    }),
  ),
  messageType: 'group-user-message',
})
const update = (chatId: string, updates: readonly GroupUpdateV0[], said?: MessageV0): MessageV0 => ({
  ...{ type: 'membership-update', chatId, updates },
  ...(said?.type === 'chat' && { message: said }),
})
const wrapped = (by: Person, message: MessageV0): Uint8Array =>
  wrapV0(message, by.account.chatKey, { crypto })
const reasons = (person: Person): Record<string, number> => Object.fromEntries(person.messenger.rejected())

describe('in a group of 2019 speak its joined members', () => {
  it('and nobody else, whatever they know of it', async () => {
    const [alice, bob, eve] = await people(world, 'alice', 'bob', 'eve')
    const id = await joined(alice, [bob])
    const lists = await listsOf(bob, id)
    const before = await see(bob, id)
    await say(world, eve, bob, wrapped(eve, update(id, lists, text(id, 'hello from eve'))))
    expect(reasons(bob)).toEqual({ 'not-a-member': 1 })
    const added = signed(id, eve, event('members-added', { members: [eve.id] }))
    const hers = signed(id, eve, event('member-joined', { member: eve.id }))
    await say(world, eve, bob, wrapped(eve, update(id, [...lists, added, hers])))
    // Named by her in another's name, whose signature there is of another event.
    const stolen = { ...added, signature: lists[0]?.signature ?? '' }
    await say(world, eve, bob, wrapped(eve, update(id, [...lists, stolen, hers])))
    expect(reasons(bob)).toEqual({ 'not-a-member': 3 })
    await say(world, eve, bob, wrapped(eve, text(id, 'and again')))
    expect(await see(bob, id)).toEqual(before)
    expect(await allHeld(createStage(bob.storage)), 'kept for a while').toHaveLength(1)
    expect(textsHeard(bob)).toEqual([])
  })

  it('with their own words, in this group, and in its generation', async () => {
    const [alice, bob, carol] = await people(world, 'alice', 'bob', 'carol')
    const id = await joined(alice, [bob, carol])
    await say(world, bob, carol, wrapped(alice, text(id, 'alice owes bob a house')))
    await say(world, bob, carol, wrapped(alice, update(id, await listsOf(bob, id))))
    expect(reasons(carol)).toEqual({ 'author-mismatch': 2 })
    const other = await joined(alice, [carol])
    await say(world, bob, carol, wrapped(bob, text(other, 'in a group of others')))
    expect(await allHeld(createStage(carol.storage)), 'kept, and never shown').toHaveLength(1)
    await say(world, bob, carol, wrapped(bob, update(id, await listsOf(bob, id), text(other, 'foreign'))))
    const inV1 = chatMessage({ chatId: id, text: 'of 2020', clock: world.clock.wallMs(), timestamp: 1 })
    await say(world, bob, carol, wrap({ ...inV1, messageType: 3 }, bob.account.chatKey, { crypto }))
    expect(reasons(carol)).toMatchObject({ 'wrong-chat': 2 })
    const renamed = { type: GROUP_EVENT_TYPES.nameChanged, clock: inV1.clock, members: [], name: 'x' }
    const events = [signGroupEvent(id, renamed, alice.account.chatKey, { crypto })]
    expect(openMembershipUpdate({ type: 'membership-update', chatId: id, events }).events).toHaveLength(1)
    await say(world, alice, carol, { type: 'membership-update', chatId: id, events })
    expect(reasons(carol)).toMatchObject({ 'invalid-group': 1 })
    expect((await see(carol, id))?.name).toBe('old')
    expect(textsHeard(carol)).toEqual([])
    await world.whileRunning(bob.messenger.send(id, 'and this is right'))
    await world.until(() => textsHeard(carol).includes('and this is right'), 'carol hears bob')
  })

  it('not in a group of 2020, whose words are others', async () => {
    const [alice, bob] = await people(world, 'alice', 'bob')
    const { id } = await world.whileRunning(alice.messenger.groups.create('new', [keyOf(bob)]))
    await world.until(async () => (await see(bob, id)) !== undefined, 'invited')
    await world.whileRunning(bob.messenger.groups.accept(id))
    await agree(world, id, [alice, bob])
    await say(world, bob, alice, wrapped(bob, text(id, 'old words')))
    const renamed = signed(id, alice, event('name-changed', { name: 'old name' }))
    await say(world, alice, bob, wrapped(alice, update(id, [renamed])))
    expect([reasons(alice), reasons(bob)]).toEqual([{ 'wrong-chat': 1 }, { 'invalid-group': 1 }])
    expect(await see(bob, id)).toMatchObject({ name: 'new', generation: 'v1' })
    expect(textsHeard(alice)).toEqual([])
  })

  it('after they joined: what is signed later than they were removed does not count', async () => {
    const [alice, bob, dave] = await people(world, 'alice', 'bob', 'dave')
    const id = await joined(alice, [bob, dave])
    await world.whileRunning(alice.messenger.groups.kick(id, keyOf(dave)))
    await world.until(async () => (await see(bob, id))?.members.length === 2, 'dave is out')
    await world.run(2_000)
    const lists = await listsOf(dave, id)
    const back = signed(id, dave, event('member-joined', { member: dave.id }))
    await say(world, dave, bob, wrapped(dave, update(id, [...lists, back], text(id, 'still here'))))
    await say(world, dave, bob, wrapped(dave, text(id, 'still here')))
    expect(textsHeard(bob)).toEqual([])
    expect((await see(bob, id))?.members).toHaveLength(2)
  })
})

describe('events of 2019', () => {
  it('are of who signed them, for this group, and nobody creates or joins for others', async () => {
    const [alice, bob] = await people(world, 'alice', 'bob')
    const id = `${UUID}-${alice.id}`
    const tell = (...updates: GroupUpdateV0[]) => say(world, bob, alice, wrapped(bob, update(id, updates)))
    const created = event('chat-created', { name: 'x', member: alice.id })
    await tell(signed(id, bob, created, event('members-added', { members: [bob.id] })))
    await tell(signed(id, bob, { ...created, member: bob.id }))
    expect(await alice.messenger.groups.list()).toEqual([])
    expect(reasons(alice)).toEqual({ 'invalid-group': 2 })

    // Hers, as she signed it for another group; and hers of this one with more in it than she signed.
    const foreign = `00000000-4e33-428b-837e-97f104864d09-${alice.id}`
    const hers = signed(foreign, alice, created)
    await tell(hers, { ...hers, chatId: id })
    const right = signed(id, alice, created)
    await tell({ ...right, events: [...right.events, event('members-added', { members: [bob.id] })] })
    await tell({ ...right, signature: `0x${right.signature}` }, { ...right, signature: 'zz' })
    await tell({ ...right, events: [] }, { ...right, events: [event('chat-created', { clock: -5n })] })
    expect(await alice.messenger.groups.list()).toEqual([])
    expect(reasons(alice)).toEqual({ 'invalid-group': 6 })

    const joinsForHer = event('member-joined', { member: alice.id })
    const carol = await world.person('carol')
    const ofBob = `${UUID}-${bob.id}`
    const lists = [
      signed(ofBob, bob, event('chat-created', { name: 'y' })),
      signed(ofBob, bob, event('members-added', { members: [alice.id, carol.id] })),
      signed(ofBob, bob, joinsForHer),
    ]
    await say(world, bob, alice, wrapped(bob, update(ofBob, lists)))
    expect(await see(alice, ofBob)).toMatchObject({ membership: 'invited', rejected: [{ kind: 'unknown' }] })
  })

  it('cost a recovery each and are bounded, together and in size, but not in time', async () => {
    const [alice, bob] = await people(world, 'alice', 'bob')
    const id = `${UUID}-${bob.id}`
    const at = (ms: number) => BigInt(world.clock.wallMs() + ms)
    const created = signed(
      id,
      bob,
      event('chat-created', { name: 'x', clock: at(0) }),
      event('members-added', { members: [alice.id], clock: at(1) }),
    )
    await say(world, bob, alice, wrapped(bob, update(id, [created])))
    expect((await see(alice, id))?.members).toHaveLength(2)
    const rename = (i: number, clock: bigint, name = `n${i}`) => event('name-changed', { name, clock })
    const many = Array.from({ length: MAX_EVENTS_TOGETHER_V0 + 1 }, (_, i) => rename(i, at(2 + i)))
    const large = rename(0, at(2), 'x'.repeat(2_000))
    const future = rename(0, at(200_000), 'of tomorrow')
    const futureInHundredths = rename(0, at(200_000) * 100n, 'of tomorrow')
    const between = rename(0, at(0) * 9n, 'of no scale')
    const sayThese = async (...events: GroupEventV0[]) =>
      say(world, bob, alice, wrapped(bob, update(id, [created, signed(id, bob, ...events)])))
    for (const events of [many, [large], [rename(0, 0n, 'of no time')]]) await sayThese(...events)
    expect(await see(alice, id)).toMatchObject({ name: 'x', rejected: [] })
    for (const [event, name] of [
      [future, 'of tomorrow'],
      [between, 'of no scale'],
      [rename(1, at(3) * 100n, 'in hundredths'), 'in hundredths'],
      [futureInHundredths, 'of tomorrow'],
    ] as const) {
      await sayThese(event)
      expect(await see(alice, id)).toMatchObject({ name, rejected: [] })
    }
  })

  it('of one signature come again in any company, once each', async () => {
    const [alice, bob] = await people(world, 'alice', 'bob')
    const id = await joined(alice, [bob])
    const before = await see(bob, id)
    const lists = await listsOf(alice, id)
    const alone = event('name-changed', { name: 'a' })
    const later = event('name-changed', { name: 'b', clock: alone.clock + 1n })
    const both = [signed(id, alice, alone), signed(id, alice, alone, later), signed(id, alice, later, alone)]
    for (const company of [[both[1]], both, both.toReversed(), [...both, ...lists]])
      await say(world, alice, bob, wrapped(alice, update(id, company as GroupUpdateV0[])))
    const after = await see(bob, id)
    expect(after).toMatchObject({ name: 'b', rejected: [] })
    expect(await opened(bob, id)).toHaveLength((await opened(alice, id)).length + 2)
    expect(after?.view).not.toBe(before?.view)
    await world.stop(bob)
    await world.start(bob)
    expect(await see(bob, id), 'the same from the store').toEqual(after)
  })
})

describe('the mobile client of 2019', () => {
  /** As it writes: updates as an array, one signature for the creation and its members, what is said inside. */
  const mobile = (by: Person, id: string, lists: readonly GroupUpdateV0[], said?: MessageV0): Uint8Array => {
    const updates = lists.map((list): TransitValue => {
      const events = list.events.map(
        (one): TransitValue => ({
          entries: [
            [keyword('type'), one.type],
            [keyword('clock-value'), one.clock],
            ...(one.name ? [[keyword('name'), one.name] as const] : []),
            ...(one.member ? [[keyword('member'), one.member] as const] : []),
            ...(one.members.length
              ? [[keyword('members'), { tag: 'set', value: one.members }] as const]
              : []),
          ],
        }),
      )
      const facts = { 'chat-id': list.chatId, from: by.id, events, signature: list.signature }
      return { entries: Object.entries(facts).map(([name, value]) => [keyword(name), value] as const) }
    })
    const message = said ? readAgain(said) : null
    const payload = writeTransit({ tag: 'g5', value: [id, updates, message] })
    return wrapPayloadV0(payload, by.account.chatKey, { crypto })
  }
  const readAgain = (said: MessageV0): TransitValue => {
    if (said.type !== 'chat') throw new Error('a chat message')
    const { chatId, text: words } = said.content
    const content = { entries: [[keyword('chat-id'), chatId] as const, [keyword('text'), words] as const] }
    const head = [said.text, said.contentType, keyword(said.messageType)]
    return { tag: 'c4', value: [...head, said.clock, said.timestamp ?? null, content] }
  }
  /** Signed over JSON of JavaScript, members as they come. */
  const signedMobile = (id: string, by: Person, ...events: GroupEventV0[]): GroupUpdateV0 => {
    const pairs = events.map((one) =>
      Object.entries({ ...one, 'clock-value': Number(one.clock) })
        .filter(([name]) => name !== 'clock')
        .filter(([, value]) => (Array.isArray(value) ? value.length > 0 : value !== ''))
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    )
    const hash = crypto.keccak256(new TextEncoder().encode(JSON.stringify([pairs, id])))
    const signature = to0xHex(crypto.sign(hash, by.account.chatKey.privateKey)).slice(2)
    return { chatId: id, events, signature }
  }

  it('makes a group that we join; both say something, and it sees us after itself', async () => {
    const [alice, bob, carol] = await people(world, 'alice', 'bob', 'carol')
    const id = `${UUID}${bob.id}` // no dash
    const now = (last = 0n) => nextClockMobileV0(last, world.clock.wallMs())
    const members = [carol.id, alice.id].sort().reverse()
    const created = event('chat-created', { name: 'cats & <dogs>', clock: now() })
    const added = event('members-added', { members, clock: now(created.clock) })
    const list = signedMobile(id, bob, created, added)
    const early = { ...text(id, 'welcome'), clock: now(added.clock), timestamp: undefined }
    await say(world, bob, alice, mobile(bob, id, [list], early))
    expect(reasons(alice)).toEqual({})
    expect(await see(alice, id)).toMatchObject({ name: 'cats & <dogs>', membership: 'invited', rejected: [] })
    expect((await see(alice, id))?.members.map(({ state }) => state)).toEqual([
      'joined',
      'invited',
      'invited',
    ])

    const posted = alice.posts.length
    await world.whileRunning(alice.messenger.groups.accept(id))
    await world.until(() => textsHeard(alice).includes('welcome'), 'what was said before')
    await world.until(() => alice.posts.length > posted, 'told')
    const mine = (await opened(alice, id)).at(-1)
    expect(mine?.from).toBe(alice.id)
    expect((mine?.clock ?? 0n) > added.clock, 'behind theirs').toBe(true)
    const said = await world.whileRunning(alice.messenger.send(id, 'glad to be here'))
    expect(said.clock <= BigInt(world.clock.wallMs()) + 1_000n, 'in milliseconds, not ahead').toBe(true)
    const composed = alice.trace.find((step) => step.type === 'composed' && step.messageId === said.id)
    expect(composed, 'with all events').toMatchObject({ wrapperBytes: expect.toSatisfy((n) => n > 1_500) })
    await world.until(() => textsHeard(bob).includes('glad to be here'), 'bob reads it')
    const answer = { ...text(id, 'good'), clock: now(said.clock * 100n) }
    await say(world, bob, alice, mobile(bob, id, [list], answer))
    const order = (await alice.messenger.messages(id)).map((message) => message.text)
    expect(order).toEqual(['welcome', 'glad to be here', 'good'])
  })

  it('whom we know as one gets groups as it makes them', async () => {
    const [alice, bob] = await people(world, 'alice', 'bob')
    await alice.messenger.addContact(keyOf(bob))
    const hello = chatMessage({ chatId: alice.id, text: 'hello', clock: 1, timestamp: 1 })
    const clock = nextClockMobileV0(0n, world.clock.wallMs())
    await say(world, bob, alice, wrapped(bob, { ...chatMessageToV0(hello), clock }))
    const { groups } = alice.messenger
    const { id, generation } = await world.whileRunning(groups.create('cats', [keyOf(bob)]))
    expect(generation).toBe('v0')
    const nowMs = BigInt(world.clock.wallMs())
    const clocks = (await opened(alice, id)).map((one) => one.clock)
    expect(clocks.every((at) => at > nowMs * 99n && at < nowMs * 101n)).toBe(true)
    await world.until(async () => (await see(bob, id)) !== undefined, 'bob is invited')
    await world.whileRunning(bob.messenger.groups.accept(id))
    await agree(world, id, [alice, bob])
    for (const [from, to, words] of [
      [alice, bob, 'one'],
      [bob, alice, 'two'],
    ] as const) {
      await world.whileRunning(from.messenger.send(id, words))
      await world.until(() => textsHeard(to).includes(words), words)
    }
    for (const { messenger } of [alice, bob])
      expect((await messenger.messages(id)).map((message) => message.text)).toEqual(['one', 'two'])
  })

  it('whose clocks in a group of Go clients do not change what these are written', async () => {
    const [alice, bob, carol] = await people(world, 'alice', 'bob', 'carol')
    const id = await joined(alice, [bob, carol])
    const clock = nextClockMobileV0(0n, world.clock.wallMs())
    const again = signed(id, carol, event('member-removed', { member: carol.id, clock }))
    await say(world, carol, alice, wrapped(carol, update(id, [...(await listsOf(carol, id)), again])))
    await agree(world, id, [alice, bob, carol]).catch(() => undefined)
    const said = await world.whileRunning(alice.messenger.send(id, 'and alone'))
    const composed = alice.trace.find((step) => step.type === 'composed' && step.messageId === said.id)
    expect(composed).toMatchObject({ wrapperBytes: expect.toSatisfy((n) => n < 1_500) })
    expect(said.clock < BigInt(world.clock.wallMs()) + 120_000n).toBe(true)
    await world.until(() => textsHeard(bob).includes('and alone'), 'bob reads it')
    const renamed = await world.whileRunning(alice.messenger.groups.rename(id, 'after all'))
    expect(renamed.name, 'and events go on').toBe('after all')
  })

  it('whose signature over another order is hers only if she is likely to have signed', async () => {
    const [alice, bob, eve] = await people(world, 'alice', 'bob', 'eve')
    const id = `${UUID}-${bob.id}`
    const at = BigInt(world.clock.wallMs())
    const list = signedMobile(id, bob, event('chat-created', { name: 'x', clock: at }))
    const members = [alice.id, eve.id].sort().reverse()
    const added = event('members-added', { members, clock: at + 1n })
    await say(world, eve, alice, mobile(eve, id, [list, signedMobile(id, eve, added)]))
    expect(await see(alice, id), 'eve has no right to add').toBeUndefined()
    await say(world, bob, alice, mobile(bob, id, [list, signedMobile(id, bob, added)]))
    expect((await see(alice, id))?.members).toHaveLength(3)
  })
})

describe('0.36.2', () => {
  it('has the same groups in the wrapper of later times, and is answered so', async () => {
    const [alice, bob] = await people(world, 'alice', 'bob')
    const id = `${UUID}-${bob.id}`
    const at = BigInt(world.clock.wallMs())
    const list = [
      signed(id, bob, event('chat-created', { name: 'x', member: bob.id, clock: at })),
      signed(id, bob, event('members-added', { members: [alice.id], clock: at + 1n })),
    ]
    const payload = encodeMessageV0(update(id, list))
    await say(world, bob, alice, wrapPayload(payload, 0, bob.account.chatKey, { crypto }))
    expect(await see(alice, id)).toMatchObject({ generation: 'v0.36', membership: 'invited' })
    await world.whileRunning(alice.messenger.groups.accept(id))
    await world.until(async () => (await see(bob, id))?.generation === 'v0.36', 'bob reads it')
    await world.whileRunning(alice.messenger.send(id, 'hello 0.36.2'))
    await world.until(() => textsHeard(bob).includes('hello 0.36.2'), 'bob hears it')
  })
})

it('fuzz: broken updates and messages of a member, rightly signed', async () => {
  const fed = feeding()
  const alice = await world.person('alice')
  const bob = await world.person('bob', { service: fed.service })
  world.join(alice, bob)
  await world.run(200)
  const id = await joined(alice, [bob])
  const before = await see(bob, id)
  const whole = encodeMessageV0(update(id, await listsOf(bob, id), text(id, 'hello')))
  const plain = encodeMessageV0(text(id, 'hello'))
  const { topic } = partitionedDiscovery(keyOf(bob), { crypto })
  const random = seededRandom(63)
  for (let i = 0; i < COUNT; i++) {
    const payload = wrapPayloadV0(mutate(i % 3 ? whole : plain, random), alice.account.chatKey, { crypto })
    fed.give(topic, {
      payload,
      sentUnixSeconds: Math.floor(world.clock.wallMs() / 1000),
      signer: keyOf(alice),
    })
    if (i % 20 === 0) await world.run(60)
  }
  await world.run(2_000)
  expect(bob.messenger.rejected().get('failed')).toBeUndefined()
  expect(await see(bob, id)).toMatchObject({ view: before?.view, members: before?.members })
})
