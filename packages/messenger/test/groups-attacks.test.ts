/** ARCHITECTURE.md, "Who may say what", in groups: against members, former members, and people who have what others have said. */
import { fromHex, type PublicKey, to0xHex } from '@status-protocol/bytes'
import { MAX_GROUP_UPDATE_BYTES, MAX_HELD_OF_ONE, MAX_STRANGE_GROUPS } from '@status-protocol/messenger'
import {
  type ChatMessage,
  GROUP_EVENT_TYPES,
  groupChatId,
  type MembershipUpdate,
} from '@status-protocol/payload'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { allHeld } from '../src/groups/tables.ts'
import { createTell } from '../src/groups/telling.ts'
import { createStage } from '../src/stage.ts'
import { eventsOf, forgery, wrapped } from './support/forged-groups.ts'
import { agree, joinedGroup, keyOf, kinds, people, see } from './support/groups.ts'
import { type Person, quickCrypto, textsHeard, World } from './support/world.ts'

let world: World
beforeEach(() => {
  world = new World(83)
})
afterEach(async () => {
  await world.close()
  expect(world.keysUsedTwice).toEqual([])
})

const { post, text, signed } = forgery(() => world)

const update = (chatId: string, events: readonly Uint8Array[], message?: ChatMessage): MembershipUpdate => ({
  type: 'membership-update',
  chatId,
  events,
  ...(message && { message }),
})

const reasons = (person: Person): Record<string, number> => Object.fromEntries(person.messenger.rejected())

describe('in a group speak its joined members', () => {
  it('and nobody else, whatever they know of it', async () => {
    const [alice, bob, eve] = await people(world, 'alice', 'bob', 'eve')
    const id = await joinedGroup(world, alice, [bob])
    const events = await eventsOf(bob, id)
    await post(eve, bob, wrapped(eve, update(id, events, text(id, 'hello from eve'))))
    expect(reasons(bob)).toEqual({ 'not-a-member': 1 })
    const selfAdded = signed(id, eve, { type: GROUP_EVENT_TYPES.membersAdded, members: [eve.id] })
    const selfJoined = signed(id, eve, { type: GROUP_EVENT_TYPES.memberJoined })
    await post(eve, bob, wrapped(eve, update(id, [...events, selfAdded, selfJoined], text(id, 'me too'))))
    expect(reasons(bob)).toEqual({ 'not-a-member': 2 })
    expect((await see(bob, id))?.rejected, 'nothing of a stranger is kept').toEqual([])
    for (let i = 0; i < MAX_HELD_OF_ONE + 5; i++) await post(eve, bob, wrapped(eve, text(id, `eve ${i}`)), 0)
    await world.run(500)
    expect(await allHeld(createStage(bob.storage)), 'kept for a while, not shown').toHaveLength(
      MAX_HELD_OF_ONE,
    )
    expect(textsHeard(bob)).toEqual([])
    expect(await bob.messenger.messages(id)).toEqual([])
    expect((await see(bob, id))?.members).toHaveLength(2)
  })

  it('with their own words: what another member said is not theirs to send', async () => {
    const [alice, bob, carol] = await people(world, 'alice', 'bob', 'carol')
    const id = await joinedGroup(world, alice, [bob, carol])
    const events = await eventsOf(bob, id)
    await post(bob, carol, wrapped(alice, update(id, events, text(id, 'alice owes bob a house'))))
    await post(bob, carol, wrapped(alice, text(id, 'alice owes bob a house')))
    expect(reasons(carol)).toEqual({ 'author-mismatch': 2 })
    expect(textsHeard(carol)).toEqual([])
  })

  it('in this group: a message that names another chat is in none', async () => {
    const [alice, bob, carol] = await people(world, 'alice', 'bob', 'carol')
    const id = await joinedGroup(world, alice, [bob, carol])
    const other = await joinedGroup(world, alice, [carol], 'without bob')
    const events = await eventsOf(bob, id)
    for (const chat of [other, carol.id, alice.id, 'status', ''])
      await post(bob, carol, wrapped(bob, update(id, events, text(chat, 'foreign'))))
    await post(bob, carol, wrapped(bob, { ...text(id, 'foreign'), messageType: 1 }))
    await post(bob, carol, wrapped(bob, { ...text('status', 'foreign'), messageType: 3 }))
    await post(bob, carol, wrapped(bob, update(other, await eventsOf(carol, other), text(other, 'foreign'))))
    expect(textsHeard(carol)).toEqual([])
    expect(reasons(carol)).toEqual({ 'wrong-chat': 6, 'chat-id-empty': 1, 'not-a-member': 1 })
    await world.whileRunning(bob.messenger.send(id, 'and this is right'))
    await world.until(() => textsHeard(carol).includes('and this is right'), 'carol hears bob')
  })

  it('until they are removed, and nothing of before they came back is shown later', async () => {
    const [alice, bob, dave] = await people(world, 'alice', 'bob', 'dave')
    const id = await joinedGroup(world, alice, [bob, dave])
    const before = await eventsOf(dave, id)
    await world.whileRunning(alice.messenger.groups.kick(id, keyOf(dave)))
    await agree(world, id, [alice, bob, dave])
    const events = await eventsOf(bob, id)
    await world.run(40_000)
    const told = () => bob.trace.filter((s) => s.type === 'encrypted' && to0xHex(s.to) === dave.id).length
    const toldBefore = told()
    await post(dave, bob, wrapped(dave, update(id, before, text(id, 'I am still here'))))
    await post(dave, bob, wrapped(dave, update(id, events, text(id, 'and here'))))
    await post(dave, bob, wrapped(dave, text(id, 'and there')))
    expect(reasons(bob)).toEqual({ 'not-a-member': 2 })
    await world.run(2_000)
    expect(told() - toldBefore, 'he is told that he was removed').toBeGreaterThan(0)
    expect(kinds(bob, id)).toContain('diverged')

    await world.whileRunning(alice.messenger.groups.invite(id, [keyOf(dave)]))
    await world.until(async () => (await see(dave, id))?.membership === 'invited', 'dave is invited again')
    await world.whileRunning(dave.messenger.groups.accept(id))
    await agree(world, id, [alice, bob, dave])
    await world.whileRunning(dave.messenger.send(id, 'thank you'))
    await world.until(() => textsHeard(bob).includes('thank you'), 'bob hears dave')
    expect(textsHeard(bob)).toEqual(['thank you'])
    expect(await allHeld(createStage(bob.storage))).toEqual([])
  })
})

describe('events', () => {
  it('count by who signed them and for which group', async () => {
    const [alice, bob, eve] = await people(world, 'alice', 'bob', 'eve')
    const id = await joinedGroup(world, alice, [bob])
    const stolen = groupChatId(keyOf(alice), world.random)
    await post(eve, bob, wrapped(eve, update(stolen, await eventsOf(bob, id))))
    const ofEve = [
      signed(stolen, eve, { type: GROUP_EVENT_TYPES.chatCreated, name: 'by alice, honestly' }),
      signed(stolen, eve, { type: GROUP_EVENT_TYPES.membersAdded, members: [bob.id] }),
    ]
    await post(eve, bob, wrapped(eve, update(stolen, ofEve)))
    await post(eve, bob, wrapped(eve, update(stolen, [])))
    await post(eve, bob, wrapped(eve, update('no group', [])))
    await post(eve, bob, wrapped(eve, update(`x-${eve.id}`, ofEve)))
    const others = groupChatId(keyOf(eve), world.random)
    const withoutUs = [signed(others, eve, { type: GROUP_EVENT_TYPES.chatCreated, name: 'of others' })]
    await post(eve, bob, wrapped(eve, update(others, withoutUs)))
    expect(reasons(bob)).toEqual({ 'invalid-group': 3, 'wrong-chat': 2, 'not-joined': 1 })
    expect(await bob.messenger.groups.list()).toHaveLength(1)
  })

  it('of members who have no right to them are shown as rejected, and not passed on', async () => {
    const [alice, bob, carol] = await people(world, 'alice', 'bob', 'carol')
    const id = await joinedGroup(world, alice, [bob, carol])
    const before = await see(carol, id)
    const future = BigInt(world.clock.wallMs()) + 3_600_000n
    const bad = [
      signed(id, bob, { type: GROUP_EVENT_TYPES.nameChanged, name: 'of bob' }),
      signed(id, bob, { type: GROUP_EVENT_TYPES.memberRemoved, members: [carol.id] }),
      signed(id, bob, { type: GROUP_EVENT_TYPES.adminsAdded, members: [bob.id] }),
      signed(id, bob, { type: 9, name: 'what is this' }),
      signed(id, bob, { type: GROUP_EVENT_TYPES.memberJoined, clock: future }),
      fromHex('ff'.repeat(80)),
    ]
    await post(
      bob,
      carol,
      wrapped(bob, update(id, [...(await eventsOf(bob, id)), ...bad], text(id, 'hello'))),
    )
    expect(textsHeard(carol), 'what he says is heard all the same').toEqual(['hello'])
    const after = await see(carol, id)
    expect(after).toMatchObject({ name: 'friends', view: before?.view, members: before?.members })
    expect(after?.rejected.map(({ kind }) => kind).sort()).toEqual([
      'admins-added',
      'member-joined',
      'member-removed',
      'name-changed',
      'unknown',
    ])
    await world.whileRunning(carol.messenger.send(id, 'anything new?'))
    await world.until(() => textsHeard(alice).includes('anything new?'), 'alice hears carol')
    expect((await see(alice, id))?.rejected).toEqual([])
  })
})

describe('what comes early', () => {
  it('is kept until its author is known to have joined', async () => {
    const [alice, bob, carol] = await people(world, 'alice', 'bob', 'carol')
    const id = await joinedGroup(world, alice, [bob])
    await post(carol, bob, wrapped(carol, text(id, 'I am in, am I not?', 60_000)))
    await post(carol, bob, wrapped(carol, text(id, 'not yet', -60_000)))
    expect(textsHeard(bob)).toEqual([])
    await world.whileRunning(alice.messenger.groups.invite(id, [keyOf(carol)]))
    await world.until(async () => (await see(carol, id)) !== undefined, 'carol is invited')
    await world.whileRunning(carol.messenger.groups.accept(id))
    await agree(world, id, [alice, bob, carol])
    expect(textsHeard(bob), 'only what she said after she joined').toEqual(['I am in, am I not?'])
  })

  it('is kept until we accept, and shown then', async () => {
    const [alice, bob] = await people(world, 'alice', 'bob')
    const { id } = await world.whileRunning(alice.messenger.groups.create('friends', [keyOf(bob)]))
    await world.until(async () => (await see(bob, id)) !== undefined, 'bob is invited')
    // As Go clients do, who speak to all that were invited.
    const events = await eventsOf(alice, id)
    const ahead = text(id, 'my clock is wrong', 3_600_000)
    for (const said of [text(id, 'come in'), ahead])
      await post(alice, bob, wrapped(alice, update(id, events, said)))
    expect(textsHeard(bob)).toEqual([])
    await world.whileRunning(bob.messenger.groups.accept(id))
    await world.run(100)
    expect(textsHeard(bob)).toEqual(['come in', 'my clock is wrong'])
    const [, last] = await bob.messenger.messages(id)
    expect(last?.claimedClock).toBe(ahead.clock)
    expect(last?.clock).toBeLessThanOrEqual(BigInt(world.clock.wallMs()))
  })
})

describe('bounds', () => {
  it('strangers put us into so many groups and no more, and into none by themselves', async () => {
    const [bob, eve] = await people(world, 'bob', 'eve')
    for (let i = 0; i < MAX_STRANGE_GROUPS + 4; i++) {
      const id = groupChatId(keyOf(eve), world.random)
      const events = [
        signed(id, eve, { type: GROUP_EVENT_TYPES.chatCreated, name: `offer ${i}` }),
        signed(id, eve, {
          type: GROUP_EVENT_TYPES.membersAdded,
          members: [bob.id],
          clock: BigInt(world.clock.wallMs()) + 1n,
        }),
      ]
      await post(eve, bob, wrapped(eve, update(id, events, text(id, 'buy this'))), 0)
    }
    await world.run(1_000)
    const groups = await bob.messenger.groups.list()
    expect(groups).toHaveLength(MAX_STRANGE_GROUPS)
    expect(new Set(groups.map(({ membership, isStrange }) => `${membership} ${isStrange}`))).toEqual(
      new Set(['invited true']),
    )
    expect(groups.some(({ name }) => name === 'offer 0')).toBe(false)
    expect(bob.messenger.dropped().get('invitations')).toBe(4)
    expect(textsHeard(bob)).toEqual([])
  })

  it('an update that is too large names its size and the limit', async () => {
    const { privateKey, publicKey } = (await people(world, 'alice'))[0].account.chatKey
    const told: unknown[] = []
    const tell = createTell({
      account: { privateKey, publicKey },
      clock: world.clock,
      crypto: quickCrypto,
      copy: async () => undefined,
      sending: {
        tell: async (_stage, telling) => {
          told.push(telling)
          return `0x${'00'.repeat(32)}` as never
        },
      },
    })
    const stage = createStage(createMemoryStorage())
    const group = (bytes: number) => {
      const accepted = [{ signed: new Uint8Array(bytes), id: '00'.repeat(32) }]
      return {
        record: { id: groupChatId(publicKey as PublicKey, world.random) },
        view: { accepted },
        hash: '00'.repeat(32),
      } as never
    }
    await tell(stage, group(MAX_GROUP_UPDATE_BYTES - 1_000), { to: [to0xHex(publicKey)] }, () => undefined)
    expect(told).toHaveLength(1)
    await expect(
      tell(stage, group(MAX_GROUP_UPDATE_BYTES), { to: [] }, () => undefined),
    ).rejects.toMatchObject({
      code: 'too-large',
      message: expect.stringMatching(/at most 307200 bytes, this one would have 307\d\d\d/),
    })
  })
})
