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
