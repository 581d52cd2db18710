/** Somebody whose clock is an hour ahead, though the network's time is right: what they say arrives, and stands where it came. */
import type { Message } from '@status-protocol/messenger'
import { afterEach, describe, expect, it } from 'vitest'
import { joinedGroup, keyOf, people, see } from './support/groups.ts'
import { type Person, statesOf, textsHeard, World } from './support/world.ts'

const HOUR_MS = 3_600_000
let world: World
afterEach(async () => {
  await world.close()
})

const inOrder = (person: Person, chat: string): Promise<readonly Message[]> => person.messenger.messages(chat)
const texts = (messages: readonly Message[]): string[] => messages.map(({ text }) => text)
const isNear = (clock: bigint): boolean => Math.abs(Number(clock) - world.clock.wallMs()) < 120_000

/** `alice` and `bob` talk in a chat, which each of them has by a name of their own. */
async function talk(alice: Person, bob: Person, chat: { readonly alices: string; readonly bobs: string }) {
  alice.skewMs = HOUR_MS
  const hears = (person: Person, text: string) =>
    world.until(() => textsHeard(person).includes(text), `${person.name} hears ${text}`)
  const ahead = await world.whileRunning(alice.messenger.send(chat.alices, 'ahead'))
  await hears(bob, 'ahead')
  await world.run(1_000)
  const answer = await world.whileRunning(bob.messenger.send(chat.bobs, 'answer'))
  await hears(alice, 'answer')
  await world.run(1_000)
  const again = await world.whileRunning(alice.messenger.send(chat.alices, 'ahead again'))
  await hears(bob, 'ahead again')
  await world.run(5_000)
  const heard = await inOrder(bob, chat.bobs)
  expect(texts(heard)).toEqual(['ahead', 'answer', 'ahead again'])
  expect(heard.map(({ clock }) => isNear(clock))).toEqual([true, true, true])
  expect(heard.map(({ claimedClock }) => claimedClock)).toEqual([ahead.clock, undefined, again.clock])
  expect(bob.events.flatMap((event) => (event.type === 'message' ? [event.late] : []))).toEqual([
    false,
    false,
  ])
  expect(isNear(answer.clock), 'the next message is not pulled along').toBe(true)
  expect(bob.messenger.rejected().get('clock-too-high')).toBeUndefined()
  return ahead.id
}

describe('a clock far ahead', () => {
  it('loses no private message', async () => {
    world = new World(601)
    const [alice, bob] = await people(world, 'alice', 'bob')
    const id = await talk(alice, bob, { alices: bob.id, bobs: alice.id })
    expect(statesOf(alice, id)).toContain('delivered')
    await world.stop(bob)
    await world.start(bob)
    expect(texts(await inOrder(bob, alice.id))).toEqual(['ahead', 'answer', 'ahead again'])
  })

  it('loses no message of a group', async () => {
    world = new World(602)
    const [alice, bob] = await people(world, 'alice', 'bob')
    const id = await joinedGroup(world, alice, [bob])
    await talk(alice, bob, { alices: id, bobs: id })
  })

  it('loses no message of a public chat', async () => {
    world = new World(603)
    const [alice, bob] = await people(world, 'alice', 'bob')
    for (const person of [alice, bob]) await world.whileRunning(person.messenger.join('#room'))
    await talk(alice, bob, { alices: '#room', bobs: '#room' })
  })

  it('loses no invitation', async () => {
    world = new World(605)
    const [alice, bob] = await people(world, 'alice', 'bob')
    alice.skewMs = HOUR_MS
    const { id } = await world.whileRunning(alice.messenger.groups.create('early', [keyOf(bob)]))
    await world.until(async () => (await see(bob, id)) !== undefined, 'bob is invited')
    alice.skewMs = 0
    await world.whileRunning(alice.messenger.groups.rename(id, 'in time'))
    await world.until(async () => (await see(bob, id))?.name !== 'early', 'bob hears how it is called')
    expect([...bob.messenger.rejected()]).toEqual([])
    expect(await see(bob, id)).toMatchObject({ name: 'in time', membership: 'invited' })
  })

  it('loses no request to be contacts, and a newer one counts', async () => {
    world = new World(604)
    const [alice, bob] = await people(world, 'alice', 'bob')
    alice.skewMs = HOUR_MS
    await world.whileRunning(alice.messenger.setProfile({ name: 'Alice' }))
    await world.whileRunning(alice.messenger.requestContact(keyOf(bob)))
    await world.until(async () => (await bob.messenger.contactRequests()).length > 0, 'bob is asked')
    await world.whileRunning(bob.messenger.acceptContact(keyOf(alice)))
    alice.skewMs = 0
    await world.run(200_000)
    await world.whileRunning(alice.messenger.setProfile({ name: 'Alice again' }))
    await world.run(10_000)
    const [contact] = await bob.messenger.contacts()
    expect(contact).toMatchObject({ state: 'mutual' })
  })
})
