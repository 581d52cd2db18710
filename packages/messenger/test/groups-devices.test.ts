/** Groups on several devices of one person, and of members. */
import { GROUP_EVENT_TYPES, signGroupEvent, wrap } from '@status-protocol/payload'
import { partitionedDiscovery } from '@status-protocol/whisper'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { agree, keyOf, see } from './support/groups.ts'
import { pairUp, phoneLaptopAndBob } from './support/own-devices.ts'
import { type Person, quickCrypto, textsHeard, World } from './support/world.ts'

let world: World
beforeEach(() => {
  world = new World(57)
})
afterEach(async () => {
  await world.close()
  expect(world.keysUsedTwice).toEqual([])
})

const textsIn = async (person: Person, id: string): Promise<string[]> =>
  (await person.messenger.messages(id)).map(({ text }) => text)

it('what one device does and says in a group is on the other, and both hear the members', async () => {
  const { phone, laptop, bob } = await phoneLaptopAndBob(world)
  await pairUp(world, phone, laptop)
  const { id } = await world.whileRunning(phone.messenger.groups.create('friends', [keyOf(bob)]))
  await world.until(
    async () => (await see(laptop, id))?.membership === 'joined',
    'the laptop knows the group',
  )
  expect((await see(laptop, id))?.isStrange).toBe(false)
  await world.until(async () => (await see(bob, id)) !== undefined, 'bob is invited')
  await world.whileRunning(bob.messenger.groups.accept(id))
  await agree(world, id, [phone, laptop, bob])
  await world.whileRunning(phone.messenger.send(id, 'from the phone'))
  await world.until(() => textsHeard(bob).includes('from the phone'), 'bob hears the phone')
  await world.until(async () => (await textsIn(laptop, id)).length === 1, 'the laptop shows it')
  expect((await laptop.messenger.messages(id))[0]).toMatchObject({ own: true, text: 'from the phone' })
  await world.whileRunning(bob.messenger.send(id, 'to both'))
  for (const person of [phone, laptop])
    await world.until(() => textsHeard(person).includes('to both'), `${person.name} hears bob`)
  await world.whileRunning(laptop.messenger.groups.rename(id, 'from the laptop'))
  await agree(world, id, [phone, laptop, bob])
  expect((await see(phone, id))?.name).toBe('from the laptop')
  await world.whileRunning(laptop.messenger.groups.leave(id))
  await world.until(async () => (await see(phone, id))?.membership === 'left', 'the phone has left as well')
})

it('a device that is paired later is told of all groups', async () => {
  const { phone, laptop, bob } = await phoneLaptopAndBob(world)
  const { id } = await world.whileRunning(phone.messenger.groups.create('friends', [keyOf(bob)]))
  await world.run(1_000)
  expect(await see(laptop, id)).toBeUndefined()
  await pairUp(world, phone, laptop)
  await world.whileRunning(phone.messenger.devices.sync())
  await world.until(
    async () => (await see(laptop, id))?.membership === 'joined',
    'the laptop knows the group',
  )
  await agree(world, id, [phone, laptop])
})

it('a device of ours that is not enabled changes nothing', async () => {
  const { phone, laptop } = await phoneLaptopAndBob(world)
  const { id } = await world.whileRunning(phone.messenger.groups.create('friends', []))
  const renamed = signGroupEvent(
    id,
    {
      type: GROUP_EVENT_TYPES.nameChanged,
      clock: BigInt(world.clock.wallMs()) + 1n,
      members: [],
      name: 'stolen key',
    },
    laptop.account.chatKey,
  )
  const payload = wrap({ type: 'membership-update', chatId: id, events: [renamed] }, laptop.account.chatKey)
  const signer = await laptop.whisper.service.addKeyPair(laptop.account.chatKey.privateKey)
  const { topic } = partitionedDiscovery(keyOf(phone), { crypto: quickCrypto })
  await laptop.whisper.service.post({ to: { publicKey: keyOf(phone) }, topic, payload, signer })
  await world.run(500)
  expect((await see(phone, id))?.name).toBe('friends')
  expect(phone.messenger.rejected().get('not-own-device')).toBe(1)
})
