/** What groups are called: chosen by their admins, so it may mislead. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { agree, keyOf, notes, people, see } from './support/groups.ts'
import { World } from './support/world.ts'

let world: World
beforeEach(() => {
  world = new World(7)
})
afterEach(() => world.close())

describe('names of groups that mislead', () => {
  it('are flagged in the group and in what is told of it, and not altered', async () => {
    const [alice, bob, mallory] = await people(world, 'alice', 'bob', 'mallory')
    const run = world.whileRunning.bind(world)
    await bob.messenger.addContact(keyOf(alice), 'Alice')
    const { id } = await run(alice.messenger.groups.create('Friends', [keyOf(bob)]))
    await agree(world, id, [alice, bob])
    await run(bob.messenger.groups.accept(id))
    expect(await see(bob, id)).not.toHaveProperty('warnings')
    expect(notes(bob, id)[0]).not.toHaveProperty('warnings')

    const claim = 'Fr\u0456ends' // a Cyrillic i
    const other = await run(mallory.messenger.groups.create(claim, [keyOf(bob)]))
    expect(other, 'of the groups that she is in none is called so').not.toHaveProperty('warnings')
    await agree(world, other.id, [mallory, bob])
    expect(await see(bob, other.id)).toMatchObject({ name: claim, warnings: ['look-alike'] })
    expect(notes(bob, other.id)).toMatchObject([{ type: 'invited', name: claim, warnings: ['look-alike'] }])
    expect(await see(bob, id), 'only an invitation looks like it').not.toHaveProperty('warnings')

    for (const [name, warnings] of [
      ['\u202esdneirf', ['bidi']],
      ['\u0410LICE', ['look-alike']],
      ['Walkers\u200f', ['bidi']],
      ['Walkers', undefined],
    ] as const) {
      await run(mallory.messenger.groups.rename(other.id, name))
      await agree(world, other.id, [mallory, bob])
      const seen = await see(bob, other.id)
      expect([seen?.name, seen?.warnings]).toEqual([name, warnings])
      const told = notes(bob, other.id).at(-1)
      expect(told).toEqual({ type: 'renamed', by: keyOf(mallory), name, ...(warnings && { warnings }) })
    }

    await run(mallory.messenger.groups.rename(other.id, 'friends '))
    await agree(world, other.id, [mallory, bob])
    await run(bob.messenger.groups.accept(other.id))
    expect(await see(bob, id), 'now the two can be mixed up').toMatchObject({ warnings: ['look-alike'] })
    await run(bob.messenger.groups.leave(other.id))
    expect(await see(bob, id)).not.toHaveProperty('warnings')
  })
})
