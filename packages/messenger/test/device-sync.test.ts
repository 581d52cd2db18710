/** Several devices of one person over real Whisper nodes on virtual time: pairing, what is said on all, chats and contacts. */
import { to0xHex } from '@status-protocol/bytes'
import type { DeviceEvent, MessengerEvent } from '@status-protocol/messenger'
import { afterEach, describe, expect, it } from 'vitest'
import { putContact } from '../src/tables.ts'
import { keyOf } from './support/groups.ts'
import { idOf } from './support/own-devices.ts'
import { type Person, statesOf, storedEvents, textsHeard, World } from './support/world.ts'

let world: World
afterEach(async () => {
  await world.close()
  expect(world.keysUsedTwice, 'message keys used for two ciphertexts').toEqual([])
})

/** Two devices of Alice's, and Bob; everybody hears everybody. */
async function three(): Promise<[Person, Person, Person]> {
  world = new World()
  const phone = await world.person('phone')
  const laptop = await world.person('laptop', { account: phone.account })
  const bob = await world.person('bob')
  world.join(phone, laptop)
  world.join(phone, bob)
  world.join(laptop, bob)
  await world.run(200)
  return [phone, laptop, bob]
}

const deviceEvents = (events: readonly MessengerEvent[], change: DeviceEvent['change']): DeviceEvent[] =>
  events.flatMap((event) => (event.type === 'device' && event.change === change ? [event] : []))

async function paired(a: Person, b: Person): Promise<void> {
  await a.messenger.devices.pair()
  await b.messenger.devices.pair()
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const) {
    await world.until(() => deviceEvents(one.events, 'paired').length > 0, `${one.name} is told of the other`)
    await one.messenger.devices.setEnabled(await idOf(other), true)
  }
}

const delivered = (person: Person, id: string): Promise<void> =>
  world.until(() => statesOf(person, id).includes('delivered'), `${person.name}'s message is delivered`)

const hears = (person: Person, text: string): Promise<void> =>
  world.until(() => textsHeard(person).includes(text), `${person.name} hears "${text}"`)

const chatIds = async ({ messenger }: Person): Promise<string[]> =>
  (await messenger.chats()).map(({ id }) => id).sort()

const contactsOf = async ({ messenger }: Person): Promise<Record<string, string | undefined>> =>
  Object.fromEntries((await messenger.contacts()).map(({ publicKey, name }) => [to0xHex(publicKey), name]))

const rejectedBy = ({ messenger }: Person): Record<string, number> => Object.fromEntries(messenger.rejected())

it('tells of what another device says, in every kind of chat', async () => {
  const [phone, laptop, bob] = await three()
  await paired(phone, laptop)
  const { id: group } = await world.whileRunning(phone.messenger.groups.create('we', [keyOf(bob)]))
  await world.until(async () => (await bob.messenger.groups.list()).length === 1, 'invited')
  await world.whileRunning(bob.messenger.groups.accept(group))
  for (const { messenger } of [phone, laptop]) await messenger.join('#room')
  await world.run(5_000, 100)
  for (const chat of [bob.id, group, '#room']) {
    const { id } = await world.whileRunning(phone.messenger.send(chat, `on the phone ${chat}`))
    await world.until(() => statesOf(laptop, id).length > 0, `the laptop is told of it in ${chat}`)
    expect(await laptop.messenger.message(id)).toMatchObject({ own: true, text: `on the phone ${chat}` })
    expect(textsHeard(laptop), 'a program that answers does not answer itself').toEqual([])
  }
})

describe('pairing', () => {
  it('tells our other devices what this one is called; a person enables it', async () => {
    const [phone, laptop, bob] = await three()
    await phone.messenger.devices.setMetadata(await idOf(phone), { name: 'my phone', deviceType: 'android' })
    await phone.messenger.devices.pair()
    await world.until(() => deviceEvents(laptop.events, 'paired').length > 0, 'the laptop is told')
    expect(deviceEvents(laptop.events, 'paired')).toMatchObject([
      { installationId: await idOf(phone), name: 'my phone', deviceType: 'android', enabled: false },
    ])
    expect(await laptop.messenger.devices.list()).toMatchObject([
      { installationId: await idOf(laptop), isThis: true, enabled: true },
      { installationId: await idOf(phone), name: 'my phone', deviceType: 'android', enabled: false },
    ])
    await laptop.messenger.devices.setEnabled(await idOf(phone), true)
    expect((await laptop.messenger.devices.list())[1]?.enabled).toBe(true)
    await world.run(1_000)
    expect(deviceEvents(phone.events, 'paired'), 'our own words are no news').toEqual([])
    expect(deviceEvents(bob.events, 'paired'), 'nor are they for others').toEqual([])
    expect(rejectedBy(phone)).toEqual({})
  })

  it('names the device in any case; a new name goes to enabled devices by itself', async () => {
    const [phone, laptop] = await three()
    const info = await phone.messenger.devices.info()
    expect(info.name).toBe(`Status ${info.installationId.slice(0, 4)}`)
    await expect(
      phone.messenger.devices.setMetadata(info.installationId, { name: ' ', deviceType: 'ios' }),
    ).rejects.toMatchObject({ code: 'invalid-text' })
    await paired(phone, laptop)
    await phone.messenger.devices.setMetadata(info.installationId, { name: 'renamed', deviceType: 'ios' })
    await world.until(
      async () => (await laptop.messenger.devices.list())[1]?.name === 'renamed',
      'the laptop knows the new name',
    )
  })

  it('is needed for a sync', async () => {
    const [phone] = await three()
    await expect(phone.messenger.devices.sync()).rejects.toMatchObject({ code: 'no-such-device' })
  })
})

describe('what is said', () => {
  it('on one device is on the other, and what comes from others is on both', async () => {
    const [phone, laptop, bob] = await three()
    await paired(phone, laptop)
    const said = await phone.messenger.send(bob.id, 'from my phone')
    await hears(bob, 'from my phone')
    await delivered(phone, said.id)
    await world.until(async () => (await laptop.messenger.message(said.id)) !== undefined, 'a copy')
    expect(await laptop.messenger.message(said.id)).toMatchObject({
      chat: bob.id,
      own: true,
      text: 'from my phone',
      clock: said.clock,
    })
    expect(await chatIds(laptop)).toEqual([bob.id])
    expect(textsHeard(laptop), 'nobody else said it').toEqual([])

    await bob.messenger.send(phone.id, 'to both of your devices')
    await hears(phone, 'to both of your devices')
    await hears(laptop, 'to both of your devices')

    const answer = await laptop.messenger.send(bob.id, 'from my laptop')
    await hears(bob, 'from my laptop')
    await delivered(laptop, answer.id)
    await world.until(
      () => statesOf(phone, answer.id).includes('delivered'),
      'delivered on the phone as well',
    )
    expect(statesOf(phone, answer.id)).toEqual(['sent', 'delivered'])
    const texts = async (person: Person, chat: string) =>
      (await person.messenger.messages(chat)).map(({ text }) => text)
    const all = ['from my phone', 'to both of your devices', 'from my laptop']
    expect(await texts(phone, bob.id)).toEqual(all)
    expect(await texts(laptop, bob.id)).toEqual(all)
    expect(await texts(bob, phone.id)).toEqual(all)
    expect([phone, laptop, bob].map(rejectedBy)).toEqual([{}, {}, {}])
  })

  it('reaches a device that was off', async () => {
    const [phone, laptop, bob] = await three()
    await paired(phone, laptop)
    await phone.messenger.send(bob.id, 'before')
    await hears(bob, 'before')
    await world.run(3_000)
    await world.stop(laptop)
    const said = await phone.messenger.send(bob.id, 'while it was off')
    await delivered(phone, said.id)
    await world.run(20_000)
    await world.start(laptop)
    world.join(phone, laptop)
    world.join(laptop, bob)
    await world.until(
      async () => (await laptop.messenger.message(said.id)) !== undefined,
      'the copy comes',
      600_000,
    )
  })

  it('goes to no device that is not enabled, nor is such a one believed', async () => {
    const [phone, laptop, bob] = await three()
    await phone.messenger.devices.pair()
    await laptop.messenger.devices.pair()
    await world.until(() => deviceEvents(phone.events, 'paired').length > 0, 'told')
    const said = await phone.messenger.send(bob.id, 'not for the laptop')
    await delivered(phone, said.id)
    await world.run(3_000)
    expect(await laptop.messenger.message(said.id)).toBeUndefined()
    // One side alone: the laptop speaks to the phone, which does not listen, and hears it once it is enabled.
    await laptop.messenger.devices.setEnabled(await idOf(phone), true)
    await laptop.messenger.join('#laptop')
    await world.run(3_000)
    expect(await chatIds(phone)).toEqual([bob.id])
    expect(rejectedBy(phone)['not-own-device']).toBeGreaterThan(0)
    await phone.messenger.devices.setEnabled(await idOf(laptop), true)
    await world.until(async () => (await chatIds(phone)).includes('#laptop'), 'believed now', 600_000)
  })
})

describe('chats and contacts', () => {
  it('are the same after a sync, and later changes go by themselves', async () => {
    const [phone, laptop, bob] = await three()
    const carol = await world.person('carol')
    await phone.messenger.join('#status')
    await phone.messenger.join('#left')
    await phone.messenger.leave('#left')
    await phone.messenger.addContact(bob.account.chatKey.publicKey, 'Bob')
    await phone.messenger.setSecurity(bob.account.chatKey.publicKey, 'ratchet')
    await laptop.messenger.join('#laptop')
    await paired(phone, laptop)
    expect(await phone.messenger.devices.sync()).toEqual({ chats: 2, contacts: 1, messages: 1, untold: 0 })
    await laptop.messenger.devices.sync()
    const same = (what: string) =>
      world.until(async () => {
        const [a, b] = [await chatIds(phone), await chatIds(laptop)]
        const [c, d] = [await contactsOf(phone), await contactsOf(laptop)]
        return JSON.stringify([a, c]) === JSON.stringify([b, d]) && JSON.stringify([a, c]).includes(what)
      }, `both have ${what}`)
    await same('#laptop')
    expect(await chatIds(laptop)).toEqual(['#laptop', '#status', bob.id].sort())
    expect(await contactsOf(laptop)).toEqual({ [bob.id]: 'Bob' })
    expect((await laptop.messenger.contacts())[0]?.security).toBe('ratchet')
    expect(deviceEvents(laptop.events, 'synced')).toMatchObject([
      { installationId: await idOf(phone), chats: expect.arrayContaining(['#status', bob.id]) },
    ])

    await laptop.messenger.addContact(carol.account.chatKey.publicKey, 'Carol')
    await same('Carol')
    await phone.messenger.addContact(carol.account.chatKey.publicKey, 'Caroline')
    await same('Caroline')
    await phone.messenger.join('#later')
    await same('#later')
    await laptop.messenger.leave('#status')
    await world.until(async () => !(await chatIds(phone)).includes('#status'), 'left on the phone')
    await laptop.messenger.removeContact(bob.account.chatKey.publicKey)
    await world.until(async () => !(bob.id in (await contactsOf(phone))), 'forgotten on the phone')
    await laptop.messenger.join('#status')
    await same('#status')

    await bob.messenger.join('#later')
    await bob.messenger.send('#later', 'to all who joined')
    await hears(phone, 'to all who joined')
    await hears(laptop, 'to all who joined')
    await world.run(5_000)
    const posts = phone.posts.length + laptop.posts.length
    await world.run(30_000)
    expect(phone.posts.length + laptop.posts.length, 'then there is nothing more to say').toBe(posts)
    expect([phone, laptop].map(rejectedBy)).toEqual([{}, {}])
  })

  it('include where we stand with people, what they say of themselves, and our profile', async () => {
    const [phone, laptop, bob] = await three()
    const [carol, dave] = [await world.person('carol'), await world.person('dave')]
    world.join(carol, phone)
    world.join(dave, phone)
    const { publicKey } = phone.account.chatKey
    const stateOn = async ({ messenger }: Person, { id }: Person) =>
      [...(await messenger.contacts()), ...(await messenger.blocked())].find(
        (p) => to0xHex(p.publicKey) === id,
      )?.state
    await bob.messenger.setProfile({ name: 'Bobby' })
    await phone.messenger.setProfile({ name: 'Alice' })
    await phone.messenger.requestContact(bob.account.chatKey.publicKey)
    await world.until(async () => (await bob.messenger.contactRequests()).length > 0, 'Bob is asked')
    await bob.messenger.acceptContact(publicKey)
    await world.until(async () => (await stateOn(phone, bob)) === 'mutual', 'Bob says yes')
    await phone.messenger.requestContact(dave.account.chatKey.publicKey, 'Dave')
    await paired(phone, laptop)
    await phone.messenger.devices.sync()
    await world.until(async () => (await stateOn(laptop, bob)) === 'mutual', 'mutual on the laptop')
    expect(await stateOn(laptop, dave)).toBe('sent')
    const [known] = (await laptop.messenger.contacts()).filter((c) => to0xHex(c.publicKey) === bob.id)
    expect(known?.profile?.name).toBe('Bobby')
    expect(await laptop.messenger.profile()).toEqual({ name: 'Alice' })
    const told = () => laptop.events.flatMap((e) => (e.type === 'contact' ? [e.change] : []))
    expect(told()).toContainEqual({ kind: 'state', before: 'none', state: 'mutual', by: 'us' })

    // Later, by themselves; who is blocked on one is not heard on the other.
    await phone.messenger.block(carol.account.chatKey.publicKey)
    await world.until(async () => (await stateOn(laptop, carol)) === 'blocked', 'blocked on the laptop')
    world.join(carol, laptop)
    await carol.messenger.send(laptop.id, 'let me in')
    await laptop.messenger.setProfile({ name: 'Alice again' })
    await world.until(async () => (await phone.messenger.profile()).name === 'Alice again', 'the new profile')
    await dave.messenger.acceptContact(publicKey)
    await world.until(async () => (await stateOn(laptop, dave)) === 'mutual', 'Dave says yes to both')
    await laptop.messenger.removeContact(dave.account.chatKey.publicKey)
    await world.until(async () => (await stateOn(phone, dave)) === undefined, 'forgotten on both')
    await world.run(20_000)
    expect(textsHeard(laptop)).not.toContain('let me in')
    await laptop.messenger.unblock(carol.account.chatKey.publicKey)
    await world.until(async () => (await phone.messenger.blocked()).length === 0, 'not blocked any more')
    await world.run(20_000)
    const posts = phone.posts.length + laptop.posts.length
    await world.run(60_000)
    expect(phone.posts.length + laptop.posts.length, 'then there is little more to say').toBeLessThan(
      posts + 20,
    )
  })

  it('keep a block that another device chose before somebody answered here', async () => {
    const [phone, laptop, bob] = await three()
    const key = bob.account.chatKey.publicKey
    const stateOn = async ({ messenger }: Person) =>
      [...(await messenger.contacts()), ...(await messenger.blocked())].find(
        (p) => to0xHex(p.publicKey) === bob.id,
      )?.state
    await paired(phone, laptop)
    await phone.messenger.requestContact(key)
    await world.until(async () => (await stateOn(laptop)) === 'sent', 'asked, as the laptop knows')
    await world.until(async () => (await bob.messenger.contactRequests()).length > 0, 'Bob is asked')
    await world.stop(phone)
    await laptop.messenger.block(key)
    await world.run(1_000)
    await world.stop(laptop)
    await world.run(60_000) // what it told the phone is in no pool any more
    await world.start(phone)
    world.join(phone, bob)
    await bob.messenger.acceptContact(phone.account.chatKey.publicKey)
    await world.until(async () => (await stateOn(phone)) === 'mutual', 'Bob says yes to the phone')
    await world.start(laptop)
    world.join(laptop, phone)
    world.join(laptop, bob)
    await world.until(async () => (await stateOn(phone)) === 'blocked', 'blocked on the phone too', 600_000)
    await world.run(60_000)
    expect(await stateOn(laptop)).toBe('blocked')
    expect(await stateOn(phone)).toBe('blocked')
  })

  it('include groups', async () => {
    const [phone, laptop, bob] = await three()
    const before = await phone.messenger.groups.create('before', [bob.account.chatKey.publicKey])
    await paired(phone, laptop)
    await phone.messenger.devices.sync()
    const groupsOf = async ({ messenger }: Person) => (await messenger.groups.list()).map(({ name }) => name)
    await world.until(async () => (await groupsOf(laptop)).includes('before'), 'known on the laptop')
    await laptop.messenger.groups.create('after', [bob.account.chatKey.publicKey])
    await world.until(async () => (await groupsOf(phone)).includes('after'), 'known on the phone')
    await world.until(async () => (await groupsOf(bob)).length === 2, 'Bob is invited')
    await bob.messenger.groups.accept(before.id)
    await world.run(2_000)
    await bob.messenger.send(before.id, 'to the group')
    await hears(phone, 'to the group')
    await hears(laptop, 'to the group')
    const said = await laptop.messenger.send(before.id, 'from my laptop')
    await hears(bob, 'from my laptop')
    await world.until(async () => (await phone.messenger.message(said.id))?.own === true, 'a copy')
  })

  it('end the same where both changed them, by the clock', async () => {
    const [phone, laptop, bob] = await three()
    await paired(phone, laptop)
    await world.run(2_000)
    world.change({ drop: 1 })
    const key = bob.account.chatKey.publicKey
    await phone.messenger.addContact(key, 'by the phone')
    await phone.messenger.join('#both')
    await world.run(100)
    await laptop.messenger.addContact(key, 'by the laptop')
    await laptop.messenger.join('#both')
    await world.run(100)
    await phone.messenger.leave('#both')
    world.change({ drop: 0 })
    const settled = async () =>
      (await contactsOf(phone))[bob.id] === 'by the laptop' && !(await chatIds(laptop)).includes('#both')
    await world.until(settled, 'the later word counts', 600_000)
    await world.run(5_000)
    expect(await contactsOf(laptop)).toEqual({ [bob.id]: 'by the laptop' })
    expect(await chatIds(phone)).toEqual(await chatIds(laptop))
  })

  it('twice, or after a restart, change nothing more', async () => {
    const [phone, laptop] = await three()
    await phone.messenger.join('#status')
    await paired(phone, laptop)
    for (let i = 0; i < 3; i++) {
      await phone.messenger.devices.sync()
      await world.run(2_000)
    }
    expect(deviceEvents(await storedEvents(laptop), 'synced')).toHaveLength(1)
    await world.stop(laptop)
    await world.start(laptop)
    world.join(phone, laptop)
    await phone.messenger.devices.sync()
    await world.run(3_000)
    expect(deviceEvents(await storedEvents(laptop), 'synced')).toHaveLength(1)
    expect(await chatIds(laptop)).toEqual(['#status'])
    await phone.messenger.join('#next')
    await world.until(async () => (await chatIds(laptop)).includes('#next'), 'still together')
  })

  it('of whoever has 2,000 contacts go in messages below the limit', async () => {
    const [phone, laptop] = await three()
    await world.stop(phone)
    await phone.storage.commit(
      Array.from({ length: 2_000 }, (_, i) =>
        putContact({ publicKey: aKey(i), addedAtMs: world.clock.wallMs(), name: `contact number ${i}` }),
      ),
    )
    await world.start(phone)
    world.join(phone, laptop)
    await paired(phone, laptop)
    const before = phone.posts.length
    const report = await phone.messenger.devices.sync()
    expect(report).toMatchObject({ contacts: 2_000, untold: 0 })
    expect(report.messages).toBeLessThan(20)
    await world.until(async () => (await laptop.messenger.contacts()).length === 2_000, 'all are there')
    const sizes = phone.posts.slice(before).map(({ payload }) => payload.length)
    expect(Math.max(...sizes)).toBeLessThan(100_000)
    expect((await contactsOf(laptop))[to0xHex(aKey(1_999))]).toBe('contact number 1999')
  })
})

function aKey(number: number) {
  const privateKey = new Uint8Array(32).fill(7)
  new DataView(privateKey.buffer).setUint32(0, number + 1)
  return world.publicKey(privateKey)
}
