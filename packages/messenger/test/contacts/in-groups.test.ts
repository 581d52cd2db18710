/** Who is blocked, muted or no contact, where people meet in groups. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { joinedGroup, keyOf, people, see } from '../support/groups.ts'
import { SMALL_PNG } from '../support/saying.ts'
import { textsHeard, World } from '../support/world.ts'

let world: World
beforeEach(() => {
  world = new World(421)
})
afterEach(() => world.close())

it('a blocked member is not heard by who blocked them, others are; images and muting work', async () => {
  const [alice, bob, carol] = await people(world, 'alice', 'bob', 'carol')
  const id = await joinedGroup(world, alice, [bob, carol])
  await world.whileRunning(bob.messenger.send(id, 'before'))
  await world.until(() => textsHeard(alice).includes('before'), 'heard')
  await alice.messenger.block(keyOf(bob))
  expect((await alice.messenger.messages(id)).map(({ text }) => text)).toEqual([])
  await world.whileRunning(bob.messenger.send(id, 'hidden'))
  await world.until(() => textsHeard(carol).includes('hidden'), 'carol hears')
  await alice.messenger.mute(id)
  const content = { kind: 'image', bytes: SMALL_PNG } as const
  const said = await world.whileRunning(carol.messenger.send(id, '', { content }))
  await world.until(() => textsHeard(alice).includes('Image'), 'alice hears carol')
  expect(await alice.messenger.image(said.id)).toEqual({ type: 'image/png', bytes: SMALL_PNG })
  expect(alice.events.findLast((e) => e.type === 'message')).toMatchObject({
    muted: true,
    message: { content: { kind: 'image', imageType: 'image/png' } },
  })
  expect(textsHeard(alice)).toEqual(['before', 'Image'])
  await world.stop(alice)
  await world.start(alice)
  world.join(alice, bob)
  await world.run(10_000, 100)
  expect(textsHeard(alice)).toEqual([])
  await alice.messenger.unblock(keyOf(bob))
  await world.whileRunning(bob.messenger.send(id, 'again'))
  await world.until(() => textsHeard(alice).includes('again'), 'heard again')
})

it('where only contacts are heard, others cannot invite; members of a group are heard', async () => {
  const [alice, bob, carol] = await people(world, 'alice', 'bob', 'carol')
  await alice.messenger.addContact(keyOf(bob))
  const id = await joinedGroup(world, bob, [alice, carol])
  await alice.messenger.setContactsOnly(true)
  await world.whileRunning(carol.messenger.send(id, 'from carol'))
  await world.until(() => textsHeard(alice).includes('from carol'), 'a member is heard')
  const dan = await world.person('dan')
  world.join(dan, alice)
  const spam = await world.whileRunning(dan.messenger.groups.create('buy', [keyOf(alice)]))
  await world.until(() => (alice.messenger.rejected().get('not-a-contact') ?? 0) > 0, 'turned away')
  expect(await see(alice, spam.id)).toBeUndefined()
  expect(await alice.messenger.contactRequests()).toMatchObject([{ publicKey: keyOf(dan) }])
})

it('who blocks a member writes to the others: they all have it, and nothing is repeated for the one', async () => {
  const [alice, bob, carol] = await people(world, 'alice', 'bob', 'carol')
  const id = await joinedGroup(world, alice, [bob, carol])
  await world.whileRunning(carol.messenger.send(id, 'all see the same'))
  await world.run(5_000, 100)
  await world.whileRunning(alice.messenger.block(keyOf(bob)))
  await world.whileRunning(alice.messenger.groups.rename(id, 'without bob'))
  await world.run(120_000, 500)
  const before = alice.posts.length
  const { id: messageId } = await world.whileRunning(alice.messenger.send(id, 'for carol'))
  await world.until(() => textsHeard(carol).includes('for carol'), 'carol hears')
  await world.run(60_000, 500)
  const message = await alice.messenger.message(messageId)
  expect(message).toMatchObject({ delivery: 'delivered', receipts: { of: 1, have: 1, failed: 0 } })
  await world.run(26 * 3_600_000, 60_000)
  expect(textsHeard(bob)).toEqual(['all see the same'])
  // One envelope with the message, one with an acknowledgement, and contact codes every six hours.
  expect(alice.posts.length - before).toBeLessThan(12)
  // Bob learns from carol what the group came to, and after an unblock he is written to again.
  await world.whileRunning(bob.messenger.send(id, 'am I heard?'))
  await world.run(10_000, 100)
  expect((await see(bob, id))?.name).toBe('without bob')
  await world.whileRunning(alice.messenger.unblock(keyOf(bob)))
  await world.whileRunning(alice.messenger.send(id, 'for both'))
  await world.until(() => textsHeard(bob).includes('for both'), 'bob hears again')
  await world.run(10_000, 100)
  const last = (await alice.messenger.messages(id)).at(-1)
  expect(last).toMatchObject({ text: 'for both', delivery: 'delivered', receipts: { of: 2, have: 2 } })
})
