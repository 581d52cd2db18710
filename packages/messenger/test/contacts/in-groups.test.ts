/** Who is blocked, muted or no contact, where people meet in groups. */
import { to0xHex } from '@status-protocol/bytes'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { joinedGroup, keyOf, people, rejoin, see } from '../support/groups.ts'
import { SMALL_PNG } from '../support/saying.ts'
import { statesOf, textsHeard, World } from '../support/world.ts'

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

it('what is said while all who have joined are blocked is for nobody, and says so; each is looked up once', async () => {
  const [alice, bob, carol] = await people(world, 'alice', 'bob', 'carol')
  const id = await joinedGroup(world, alice, [bob, carol])
  await world.stop(alice)
  const asked: string[] = []
  await world.start(alice, {
    seenStorage: (inner) => ({
      ...inner,
      get(table, key) {
        if (table === 'blocked') asked.push(to0xHex(key))
        return inner.get(table, key)
      },
    }),
  })
  rejoin(world, alice)
  await world.run(5_000, 100)
  asked.length = 0
  const said = alice.messenger.send(id, 'for both')
  await said
  expect(asked.sort(), 'looked up before it is stored').toEqual([bob.id, carol.id].sort())
  await world.until(() => textsHeard(bob).includes('for both'), 'bob hears')
  await world.whileRunning(alice.messenger.block(keyOf(bob)))
  await world.whileRunning(alice.messenger.block(keyOf(carol)))
  await world.run(5_000, 100)
  const { id: messageId } = await world.whileRunning(alice.messenger.send(id, 'to myself'))
  await world.run(60_000, 500)
  expect(await alice.messenger.message(messageId)).toMatchObject({
    delivery: 'unaddressed',
    deliveryReason: 'blocked',
    receipts: { of: 0, have: 0, failed: 0 },
  })
  expect(statesOf(alice, messageId)).toEqual(['unaddressed'])
})

it('a message in flight to nobody but who is blocked meanwhile fails, and says why', async () => {
  const [alice, bob] = await people(world, 'alice', 'bob')
  const id = await joinedGroup(world, alice, [bob])
  await world.stop(bob)
  const { id: messageId } = await world.whileRunning(alice.messenger.send(id, 'in flight'))
  await world.run(2_000, 100)
  await world.whileRunning(alice.messenger.block(keyOf(bob)))
  expect(await alice.messenger.message(messageId)).toMatchObject({
    delivery: 'failed',
    deliveryReason: 'blocked',
    receipts: { of: 1, have: 0, failed: 1 },
  })
})
