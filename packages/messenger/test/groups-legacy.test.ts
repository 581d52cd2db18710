/** Groups of 2019: among messengers over real Whisper nodes, on virtual time. */
import { to0xHex } from '@status-protocol/bytes'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { agree, keyOf, kinds, people, rejoin, see } from './support/groups.ts'
import { type Person, statesOf, textsHeard, World } from './support/world.ts'

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
})
