/** Groups of 2019: among messengers over real Whisper nodes, on virtual time. */
import { to0xHex } from '@status-protocol/bytes'
import type { ChatId } from '@status-protocol/messenger'
import {
  chatMessage,
  groupChangeV0,
  nextClockMobileV0,
  strictGroup,
  wrapV036,
} from '@status-protocol/payload'
import { chatMessageToV0, groupUpdatesOfV0, wrapV0 } from '@status-protocol/payload/v0'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { allGroupEvents, deleteGroupEvent, getGroup, putGroup } from '../src/groups/tables.ts'
import { createStage } from '../src/stage.ts'
import { agree, keyOf, kinds, people, rejoin, see } from './support/groups.ts'
import { pairUp, phoneLaptopAndBob } from './support/own-devices.ts'
import { say } from './support/saying.ts'
import { type Person, quickCrypto, statesOf, textsHeard, World } from './support/world.ts'

let world: World
beforeEach(() => {
  world = new World(19)
})
afterEach(async () => {
  await world.close()
  expect(world.keysUsedTwice, 'message keys used for two ciphertexts').toEqual([])
})

const LEGACY = { generation: 'legacy' } as const
const hears = (person: Person, text: string): Promise<void> =>
  world.until(() => textsHeard(person).includes(text), `${person.name} hears "${text}"`)

async function joined(creator: Person, others: readonly Person[]): Promise<string> {
  const { groups } = creator.messenger
  const { id } = await world.whileRunning(groups.create('old friends', others.map(keyOf), LEGACY))
  for (const other of others) {
    await world.until(async () => (await see(other, id)) !== undefined, `${other.name} is invited`)
    await world.whileRunning(other.messenger.groups.accept(id))
  }
  await agree(world, id, [creator, ...others])
  return id
}

/** As if the newest event of a group had never come to somebody. */
async function forgetNewest(person: Person, id: string): Promise<void> {
  await world.stop(person)
  const stage = createStage(person.storage)
  const record = await getGroup(stage, id as ChatId)
  const newest = (await allGroupEvents(stage, id as ChatId, 1_000, record)).at(-1)
  if (!newest || !record) throw new Error('nothing to forget')
  await person.storage.commit([deleteGroupEvent(newest), putGroup({ ...record, stamp: 'older' })])
  await world.start(person)
  rejoin(world, person)
  await world.run(200)
}

const membersOf = async (person: Person, id: string): Promise<string[]> => {
  const nameOf = (key: Uint8Array) =>
    [...world.people.values()].find((other) => other.id === to0xHex(key))?.name ?? '?'
  const { members = [] } = (await see(person, id)) ?? {}
  return members.map(({ publicKey, role, state }) => `${nameOf(publicKey)} ${role} ${state}`)
}

describe('the life of a group of 2019', () => {
  it('invited, joined, spoken in, renamed, left: all see the same', async () => {
    const [alice, bob, carol] = await people(world, 'alice', 'bob', 'carol')
    const { groups } = alice.messenger
    const group = await world.whileRunning(groups.create('old friends', [keyOf(bob), keyOf(carol)], LEGACY))
    const { id } = group
    expect(group).toMatchObject({ name: 'old friends', generation: 'v0', membership: 'joined', rejected: [] })
    await agree(world, id, [alice, bob, carol])
    expect(await see(bob, id)).toMatchObject({ membership: 'invited', isStrange: true, generation: 'v0' })
    const then = ['alice admin joined', 'bob member invited', 'carol member invited']
    expect(await membersOf(bob, id)).toEqual(then)

    await world.whileRunning(bob.messenger.groups.accept(id))
    await agree(world, id, [alice, bob, carol])
    const said = await world.whileRunning(alice.messenger.send(id, 'hello 2019'))
    await hears(bob, 'hello 2019')
    await world.until(
      () => statesOf(alice, said.id).filter((s) => s === 'delivered').length === 2,
      'delivered',
    )
    expect(await bob.messenger.message(said.id), 'one id for all').toMatchObject({
      clock: said.clock,
      chat: id,
    })
    expect(textsHeard(carol), 'only to them is spoken who joined').toEqual([])
    await world.whileRunning(carol.messenger.groups.decline(id))
    await world.until(async () => (await membersOf(alice, id)).length === 2, 'carol said no')
    await agree(world, id, [alice, bob])
    await world.whileRunning(groups.invite(id, [keyOf(carol)]))
    await agree(world, id, [alice, bob, carol])
    await world.whileRunning(carol.messenger.groups.accept(id))
    await agree(world, id, [alice, bob, carol])
    await world.whileRunning(carol.messenger.send(id, 'here I am'))
    await hears(alice, 'here I am')
    await hears(bob, 'here I am')

    await world.whileRunning(groups.promote(id, [keyOf(bob)]))
    await agree(world, id, [alice, bob, carol])
    await world.whileRunning(bob.messenger.groups.rename(id, 'older friends'))
    await agree(world, id, [alice, bob, carol])
    await world.whileRunning(groups.stepDown(id))
    await agree(world, id, [alice, bob, carol])
    await world.whileRunning(bob.messenger.groups.kick(id, keyOf(carol)))
    await world.until(async () => (await see(carol, id))?.membership === 'left', 'carol is out')
    await world.whileRunning(groups.leave(id))
    await agree(world, id, [alice, bob])
    expect(await membersOf(bob, id)).toEqual(['bob admin joined'])
    expect(await see(bob, id)).toMatchObject({ name: 'older friends', membership: 'joined', rejected: [] })
    expect(kinds(bob, id)).toContain('renamed')
    for (const person of [alice, bob, carol]) {
      expect(person.messenger.rejected(), person.name).toEqual(new Map())
      expect(await person.messenger.contacts()).toEqual([])
    }
  })

  it('goes on after restarts, and who was away is told again', async () => {
    const [alice, bob, carol] = await people(world, 'alice', 'bob', 'carol')
    const id = await joined(alice, [bob, carol])
    await world.stop(carol)
    await world.whileRunning(alice.messenger.groups.rename(id, 'without carol'))
    await world.whileRunning(bob.messenger.send(id, 'she is away'))
    await hears(alice, 'she is away')
    await world.stop(alice)
    await world.start(alice)
    await world.start(carol)
    for (const person of [alice, carol]) rejoin(world, person)
    await hears(carol, 'she is away')
    await agree(world, id, [alice, bob, carol])
    await world.whileRunning(carol.messenger.send(id, 'back again'))
    await hears(alice, 'back again')
    expect(await see(carol, id)).toMatchObject({ name: 'without carol', generation: 'v0' })
  })

  it('on another device of ours is the same, and what is said there too', async () => {
    const { phone, laptop, bob } = await phoneLaptopAndBob(world)
    await pairUp(world, phone, laptop)
    const { id } = await world.whileRunning(phone.messenger.groups.create('old', [keyOf(bob)], LEGACY))
    await world.until(async () => (await see(laptop, id))?.generation === 'v0', 'the laptop knows it')
    await world.until(async () => (await see(bob, id)) !== undefined, 'bob is invited')
    await world.whileRunning(bob.messenger.groups.accept(id))
    await agree(world, id, [phone, laptop, bob])
    await world.whileRunning(laptop.messenger.send(id, 'from the laptop'))
    await hears(bob, 'from the laptop')
    const texts = async () => (await phone.messenger.messages(id)).map(({ text }) => text)
    await world.until(async () => (await texts()).includes('from the laptop'), 'the phone has it')
    await world.whileRunning(bob.messenger.send(id, 'to both'))
    await hears(phone, 'to both')
    await hears(laptop, 'to both')
  })

  it.each(['a Go client', 'a mobile client'])(
    'heals: who shows that they miss something is told, where %s has made it',
    async (maker) => {
      const [alice, bob, carol] = await people(world, 'alice', 'bob', 'carol')
      if (maker === 'a mobile client') {
        await alice.messenger.addContact(keyOf(bob))
        const hello = chatMessage({ chatId: alice.id, text: 'hello', clock: 1, timestamp: 1 })
        const clock = nextClockMobileV0(0n, world.clock.wallMs())
        const wrapped = wrapV0({ ...chatMessageToV0(hello), clock }, bob.account.chatKey, {
          crypto: quickCrypto,
        })
        await say(world, bob, alice, wrapped)
      }
      const id = await joined(alice, [bob, carol])
      await world.whileRunning(alice.messenger.groups.promote(id, [keyOf(bob)]))
      await world.whileRunning(alice.messenger.groups.promote(id, [keyOf(carol)]))
      await agree(world, id, [alice, bob, carol])
      await forgetNewest(bob, id)
      const admins = async (person: Person) =>
        (await membersOf(person, id)).filter((text) => text.includes('admin')).length
      expect([await admins(alice), await admins(bob)]).toEqual([3, 2])
      await world.run(35_000)
      await world.whileRunning(bob.messenger.groups.rename(id, 'newer'))
      await agree(world, id, [alice, bob, carol])
      expect(await admins(bob)).toBe(3)
      expect((await see(carol, id))?.name).toBe('newer')
      for (const person of [alice, carol]) expect(kinds(person, id)).toContain('diverged')
    },
  )

  it('is what a Go client of the time makes of the same events, with each change', async () => {
    const [alice, bob, carol] = await people(world, 'alice', 'bob', 'carol')
    const { groups } = alice.messenger
    const { id } = await world.whileRunning(groups.create('old', [keyOf(bob), keyOf(carol)], LEGACY))
    const events = () => allGroupEvents(createStage(alice.storage), id as ChatId, 100, { generation: 'v0' })
    const compare = async () => {
      const kept = await events()
      const changes = kept.flatMap(({ from, signed }) =>
        groupUpdatesOfV0(kept.filter((event) => event.signed === signed)).flatMap((list) =>
          list.events.map((event) => groupChangeV0(list.chatId, from, event)),
        ),
      )
      const theirs = strictGroup(id, changes, 'v0')
      const ours = await see(alice, id)
      const named = (role: string) => (ours?.members ?? []).filter((m) => m.role === role || role === '')
      expect(theirs).toMatchObject({
        ok: true,
        state: {
          name: ours?.name,
          members: named('').map(({ publicKey }) => to0xHex(publicKey)),
          admins: named('admin').map(({ publicKey }) => to0xHex(publicKey)),
        },
      })
    }
    await compare()
    await world.whileRunning(groups.rename(id, 'older'))
    await world.whileRunning(groups.promote(id, [keyOf(bob)]))
    await compare()
    await world.whileRunning(groups.kick(id, keyOf(carol)))
    await compare()
    await world.whileRunning(groups.invite(id, [keyOf(carol)]))
    await world.whileRunning(groups.stepDown(id))
    await compare()
    expect(new Set((await events()).map(({ clock }) => clock)).size, 'no two of one clock').toBe(
      (await events()).length,
    )
  })
})

describe('the generation of a group', () => {
  it('is what all who are invited are known to speak; others are refused, saying why', async () => {
    const [alice, bob, carol] = await people(world, 'alice', 'bob', 'carol')
    const { groups, setLegacy } = alice.messenger
    await setLegacy(bob.id, true)
    const of = async (members: readonly Person[], generation?: 'v1' | 'legacy') =>
      (await world.whileRunning(groups.create('x', members.map(keyOf), generation ? { generation } : {})))
        .generation
    expect(await of([bob])).toBe('v0')
    expect(await of([carol])).toBe('v1')
    expect(await of([])).toBe('v1')
    expect(await of([bob, carol], 'legacy')).toBe('v0')
    const refused = { code: 'mixed-generations' }
    await expect(of([bob, carol])).rejects.toMatchObject(refused)
    await expect(of([bob, carol])).rejects.toThrow(/say "legacy"/)
    await expect(of([bob], 'v1')).rejects.toMatchObject(refused)
    await expect(of([carol], 'old' as never)).rejects.toMatchObject({ code: 'invalid-argument' })
    const young = await world.whileRunning(groups.create('young', [keyOf(carol)]))
    await expect(groups.invite(young.id, [keyOf(bob)])).rejects.toThrow(/2020.*2019/)
    const old = await world.whileRunning(groups.create('old', [], LEGACY))
    expect((await world.whileRunning(groups.invite(old.id, [keyOf(carol)]))).members).toHaveLength(2)

    const text = chatMessage({ chatId: alice.id, text: 'hi', clock: world.clock.wallMs(), timestamp: 1 })
    await say(world, carol, alice, wrapV036(text, carol.account.chatKey, { crypto: quickCrypto }))
    expect(await of([carol])).toBe('v0.36')
    await expect(of([bob, carol], 'legacy')).rejects.toThrow(/0\.36\.2/)
    expect((await see(carol, old.id))?.generation).toBe('v0')
  })

  it('does not change what people are written to elsewhere', async () => {
    const [alice, bob] = await people(world, 'alice', 'bob')
    await alice.messenger.addContact(keyOf(bob))
    const id = await joined(alice, [bob])
    await world.whileRunning(bob.messenger.send(id, 'in old words'))
    await hears(alice, 'in old words')
    expect((await alice.messenger.contacts())[0]?.generation).toBeUndefined()
  })
})
