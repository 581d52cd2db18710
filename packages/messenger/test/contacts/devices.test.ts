/** Contacts hear of another device of ours without a message: what they are told brings our bundle. */
import { afterEach, expect, it } from 'vitest'
import { phoneLaptopAndBob } from '../support/own-devices.ts'
import { World } from '../support/world.ts'

let world: World
afterEach(() => world.close())

it('a device that is enabled is told of to contacts, and read on at once', async () => {
  world = new World(431)
  const { phone, laptop, bob } = await phoneLaptopAndBob(world)
  await phone.messenger.requestContact(bob.messenger.publicKey)
  await world.until(async () => (await bob.messenger.contactRequests()).length === 1, 'the request')
  await bob.messenger.acceptContact(phone.messenger.publicKey)
  await world.run(2_000)
  const { installationId } = await laptop.messenger.devices.info()
  const known = async () =>
    (await bob.messenger.devices.list(phone.messenger.publicKey)).map((d) => d.installationId)
  expect(await known()).not.toContain(installationId)

  await laptop.messenger.devices.pair()
  const isPaired = () => phone.events.some((e) => e.type === 'device' && e.installationId === installationId)
  await world.until(isPaired, 'the phone hears of the laptop')
  await phone.messenger.devices.setEnabled(installationId, true)
  await world.until(async () => (await known()).includes(installationId), 'bob knows of the laptop', 20_000)
  expect(bob.events.filter((e) => e.type === 'message')).toEqual([])
})
