/** Devices of one person whose clocks are wrong: each is known to the others, and the newer word counts on all. */
import { afterEach, describe, expect, it } from 'vitest'
import { getDeviceClock } from '../src/device-sync/tables.ts'
import { keyOf } from './support/groups.ts'
import { idOf, pairUp, phoneLaptopAndBob } from './support/own-devices.ts'
import { type Person, World } from './support/world.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
let world: World
afterEach(() => world.close())

const view = async ({ messenger }: Person) => ({
  chats: (await messenger.chats()).map(({ id }) => id).sort(),
  contacts: (await messenger.contacts()).map(({ name }) => name),
  profile: (await messenger.profile()).name,
})

describe('a device whose clock is wrong', () => {
  it.each([HOUR / 6, DAY, -HOUR / 6, -DAY])('by %i ms', async (skewMs) => {
    world = new World(801)
    const { phone, laptop, bob } = await phoneLaptopAndBob(world)
    laptop.skewMs = skewMs
    for (const one of [phone, laptop]) await world.whileRunning(one.messenger.devices.pair())
    for (const [one, other] of [
      [phone, laptop],
      [laptop, phone],
    ] as const) {
      const isPaired = () => one.events.some((event) => event.type === 'device' && event.change === 'paired')
      await world.until(isPaired, `${one.name} is told of ${other.name}`)
      await world.whileRunning(one.messenger.devices.setEnabled(await idOf(other), true))
    }
    await world.run(1_000)
    const both = async (run: (person: Person) => Promise<unknown>, who: Person, wanted: object) => {
      await world.whileRunning(run(who))
      await world.run(12_000, 100)
      for (const person of [phone, laptop]) expect(await view(person), person.name).toMatchObject(wanted)
    }
    const bobs = keyOf(bob)
    await both(({ messenger }) => messenger.join('#ours'), laptop, { chats: ['#ours'] })
    await both(({ messenger }) => messenger.addContact(bobs, 'Bob'), laptop, { contacts: ['Bob'] })
    await both(({ messenger }) => messenger.setProfile({ name: 'A' }), laptop, { profile: 'A' })
    // What comes later counts, whoever says it and whatever their clock says.
    await both(({ messenger }) => messenger.addContact(bobs, 'Bobby'), phone, { contacts: ['Bobby'] })
    await both(({ messenger }) => messenger.setProfile({ name: 'B' }), phone, { profile: 'B' })
    await both(({ messenger }) => messenger.leave('#ours'), phone, { chats: [bob.id] })
    await both(({ messenger }) => messenger.addContact(bobs, 'Robert'), laptop, { contacts: ['Robert'] })
    laptop.skewMs = 0 // put right: what is under way may be sent again
    await world.run(30_000, 100)
    await both(({ messenger }) => messenger.join('#ours'), laptop, { chats: ['#ours', bob.id] })
    await both(({ messenger }) => messenger.setProfile({ name: 'C' }), laptop, { profile: 'C' })
    await both(({ messenger }) => messenger.devices.sync(), laptop, { contacts: ['Robert'], profile: 'C' })
    for (const person of [phone, laptop]) expect([...person.messenger.rejected()], person.name).toEqual([])
    const ahead = Number(await getDeviceClock(phone.storage)) - world.clock.wallMs()
    expect(ahead, 'nobody is pulled along').toBeLessThan(200_000)
  })
})

/** The second of the device's clock ends after `calls` more looks at it. */
function endSecondAfter(calls: number, device: Person, world: World): void {
  const skewMs = 999 - (world.clock.wallMs() % 1_000)
  let looks = 0
  Object.defineProperty(device, 'skewMs', {
    configurable: true,
    get: () => skewMs + (looks++ < calls ? 0 : 1),
  })
}

it('a second that ends while a message is written: the other device learns all the same who has it', async () => {
  world = new World(802)
  const { phone, laptop, bob } = await phoneLaptopAndBob(world)
  await pairUp(world, phone, laptop)
  await world.whileRunning(phone.messenger.addContact(keyOf(bob), 'Bob'))
  await world.whileRunning(bob.messenger.send(phone.id, 'hello'))
  await world.until(async () => (await laptop.messenger.messages(bob.id)).length === 1, 'both know Bob')
  for (let calls = 0; calls < 10; calls++) {
    endSecondAfter(calls, phone, world)
    const { id } = await world.whileRunning(phone.messenger.send(bob.id, `after ${calls}`))
    const isDelivered = async () => (await laptop.messenger.message(id))?.delivery === 'delivered'
    await world.until(isDelivered, `the laptop knows that Bob has message ${calls}`)
  }
})
