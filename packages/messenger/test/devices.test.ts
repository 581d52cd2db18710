/** Devices of people: what is known of them, news of them, and what a person decides about them. */
import { decodeProtocolMessage } from '@status-protocol/double-ratchet'
import { afterEach, describe, expect, it } from 'vitest'
import { type Person, statesOf, textsHeard, World } from './support/world.ts'

let world: World
afterEach(async () => {
  await world.close()
  expect(world.keysUsedTwice, 'message keys used for two ciphertexts').toEqual([])
})

const code = (wanted: string) => expect.objectContaining({ code: wanted })
const deviceEvents = (person: Person) => person.events.filter((e) => e.type === 'device')

async function says(from: Person, to: Person, text: string): Promise<void> {
  const { id } = await from.messenger.send(to.id, text)
  await world.until(() => statesOf(from, id).includes('delivered'), `"${text}" is delivered`)
}

/** Alice, and Bob with a phone and a desktop; both of his know her. */
async function threeDevices(): Promise<{ alice: Person; phone: Person; desk: Person }> {
  world = new World(61)
  const alice = await world.person('alice')
  const phone = await world.person('phone')
  await alice.messenger.addContact(phone.messenger.publicKey, 'Bob')
  world.join(alice, phone)
  await world.run(200)
  await says(phone, alice, 'from my phone')
  const desk = await world.person('desk', { account: phone.account })
  world.join(alice, desk)
  await world.run(200)
  await says(desk, alice, 'from my desk')
  return { alice, phone, desk }
}

/** Whom the last thing that somebody posted was for. */
const addressed = (person: Person): string[] =>
  decodeProtocolMessage(person.posts.at(-1)?.payload as Uint8Array)
    .directMessages.map(({ installationId }) => installationId)
    .sort()
const idOf = async (person: Person): Promise<string> => {
  const [own] = await person.messenger.devices.list()
  return own?.installationId as string
}

describe('the devices of a person', () => {
  it('are listed, the one active last first; ours with this one before all others', async () => {
    const { alice, phone, desk } = await threeDevices()
    const bobs = await alice.messenger.devices.list(phone.messenger.publicKey)
    expect(bobs.map(({ installationId }) => installationId).sort()).toEqual(
      [await idOf(phone), await idOf(desk)].sort(),
    )
    for (const one of bobs)
      expect(one).toMatchObject({ isThis: false, enabled: true, stale: false, version: 1 })
    expect(bobs.every(({ lastActiveMs }) => lastActiveMs > world.clock.wallMs() - 3_600_000)).toBe(true)
    const [own, ...others] = await alice.messenger.devices.list()
    expect(own).toMatchObject({ isThis: true, enabled: true, stale: false, version: 1 })
    expect(others).toEqual([])
    await expect(alice.messenger.devices.list(new Uint8Array(65) as never)).rejects.toThrow(
      code('invalid-chat'),
    )
  })

  it('are all written to, but for those that a person disables, until they are enabled again', async () => {
    const { alice, phone, desk } = await threeDevices()
    await says(alice, phone, 'to both')
    await world.until(() => textsHeard(desk).includes('to both'), 'the desk hears it')
    expect(addressed(alice)).toEqual([await idOf(phone), await idOf(desk)].sort())
    await alice.messenger.devices.setEnabled(await idOf(desk), false, phone.messenger.publicKey)
    await says(alice, phone, 'to the phone')
    expect(addressed(alice)).toEqual([await idOf(phone)])
    await world.run(1_000)
    expect(textsHeard(desk)).not.toContain('to the phone')
    expect(desk.messenger.rejected().get('not-addressed')).toBeGreaterThan(0)

    await world.stop(alice)
    await world.start(alice)
    for (const other of [phone, desk]) world.join(alice, other)
    const listed = await alice.messenger.devices.list(phone.messenger.publicKey)
    expect(listed.find(({ enabled }) => !enabled)?.installationId, 'after a restart too').toBe(
      await idOf(desk),
    )
    await alice.messenger.devices.setEnabled(await idOf(desk), true, phone.messenger.publicKey)
    await says(alice, phone, 'to both again')
    await world.until(() => textsHeard(desk).includes('to both again'), 'the desk hears it')
  })

  it('have a name and a type, as a person calls them', async () => {
    const { alice, phone } = await threeDevices()
    const { devices } = alice.messenger
    const of = phone.messenger.publicKey
    const id = await idOf(phone)
    const named = async () => (await devices.list(of)).find(({ installationId }) => installationId === id)
    await devices.setMetadata(id, { name: 'In his pocket', deviceType: 'phone' }, of)
    expect(await named()).toMatchObject({ name: 'In his pocket', deviceType: 'phone' })
    await devices.setMetadata(id, { name: '', deviceType: '' }, of)
    expect(await named()).not.toHaveProperty('name')
    const long = { name: 'x'.repeat(101), deviceType: '' }
    await expect(devices.setMetadata(id, long, of)).rejects.toThrow(code('invalid-text'))
    await expect(devices.setEnabled('of nobody', true, of)).rejects.toThrow(code('no-such-device'))
    await expect(devices.setEnabled(id, true)).rejects.toThrow(
      /^installationId: no device is known of this person yet, got "/,
    )
    await expect(devices.setEnabled('of nobody', true, of)).rejects.toThrow(
      /^installationId: expected one of \d devices known of this person, got "of nobody"$/,
    )
    const { installationId } = await devices.info()
    for (const enabled of [true, false])
      await expect(devices.setEnabled(installationId, enabled)).rejects.toThrow(
        `installationId: expected another device, got ${installationId}, which is this very one and always used`,
      )
  })

  it('are not written to when their owner has left them out for a week', { timeout: 30_000 }, async () => {
    const { alice, phone, desk } = await threeDevices()
    await world.stop(desk)
    const stale = async () =>
      (await alice.messenger.devices.list(phone.messenger.publicKey)).filter((one) => one.stale)
    await says(phone, alice, 'the desk is off')
    await world.run(6 * 24 * 3_600_000, 600_000)
    expect(await stale()).toEqual([])
    await world.run(2 * 24 * 3_600_000, 600_000)
    expect((await stale()).map(({ installationId }) => installationId)).toHaveLength(1)
    await says(alice, phone, 'to the phone')
    expect(addressed(alice)).toEqual([await idOf(phone)])
    await world.start(desk)
    world.join(alice, desk)
    await world.run(200)
    await says(desk, alice, 'I am back')
    expect(await stale()).toEqual([])
    expect(deviceEvents(alice).at(-1)).toMatchObject({ change: 'returned' })
  })
})

describe('news of devices', () => {
  it('is told of contacts: new ones, and that keys were renewed', async () => {
    const { alice, phone, desk } = await threeDevices()
    const of = phone.messenger.publicKey
    expect(deviceEvents(alice)).toMatchObject([
      { of, installationId: await idOf(phone), change: 'new', enabled: true },
      { of, installationId: await idOf(desk), change: 'new', enabled: true },
    ])
    await world.run(25 * 3_600_000, 600_000)
    await says(phone, alice, 'a day later')
    const renewed = deviceEvents(alice).filter((e) => e.type === 'device' && e.change === 'pre-key')
    expect(renewed).toContainEqual(expect.objectContaining({ installationId: await idOf(phone) }))
  })

  it('is not told of strangers', async () => {
    world = new World(62)
    const [alice, eve] = [await world.person('alice'), await world.person('eve')]
    world.join(alice, eve)
    await world.run(200)
    await eve.messenger.send(alice.id, 'buy')
    await world.until(() => textsHeard(alice).length === 1, 'the message')
    expect(deviceEvents(alice)).toEqual([])
    expect(await alice.messenger.devices.list(eve.messenger.publicKey)).toHaveLength(1)
  })
})
