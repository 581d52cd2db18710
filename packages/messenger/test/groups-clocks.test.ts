/** docs/groups.md, "Clocks that are wrong": whoever has one can be in groups, and all see the same group. */
import { to0xHex } from '@status-protocol/bytes'
import type { ChatId } from '@status-protocol/messenger'
import {
  chatMessage,
  decodeMessage,
  GROUP_EVENT_TYPES,
  type GroupEvent,
  type MembershipUpdate,
  openWrapper,
  signGroupEvent,
  wrap,
} from '@status-protocol/payload'
import { seededRandom } from '@status-protocol/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import { createBook } from '../src/groups/book.ts'
import { allGroupEvents } from '../src/groups/tables.ts'
import { createTell } from '../src/groups/telling.ts'
import { createStage } from '../src/stage.ts'
import { agree, joinedGroup, keyOf, kinds, people, rejoin, see } from './support/groups.ts'
import { say } from './support/saying.ts'
import { type Person, quickCrypto, statesOf, textsHeard, World } from './support/world.ts'

const MINUTES = 60_000
const HOUR = 60 * MINUTES
const DAY = 24 * HOUR
const YEAR = 365 * DAY
let world: World
afterEach(async () => {
  await world.close()
  expect(world.keysUsedTwice).toEqual([])
})

const hears = (person: Person, text: string) =>
  world.until(() => textsHeard(person).includes(text), `${person.name} hears ${text}`)

const eventsOf = (person: Person, id: string) =>
  allGroupEvents(createStage(person.storage), id as ChatId, 1_000)

/** How far the newest event is ahead of the time. */
async function aheadMs(person: Person, id: string): Promise<number> {
  const clocks = (await eventsOf(person, id)).map(({ clock }) => Number(clock))
  return Math.max(...clocks) - world.clock.wallMs()
}

/** What somebody signs who says what they like. */
async function sayEvent(from: Person, to: Person, id: string, event: Partial<GroupEvent> & { type: number }) {
  const signed = signGroupEvent(id, { clock: 0n, members: [], name: '', ...event }, from.account.chatKey)
  const events = [...(await eventsOf(to, id)).map((known) => known.signed), signed]
  await say(world, from, to, wrap({ type: 'membership-update', chatId: id, events }, from.account.chatKey))
}

/** Alice makes a group, Bob joins, both speak, one is made admin, and goes. */
async function live(alice: Person, bob: Person): Promise<string> {
  const { id } = await world.whileRunning(alice.messenger.groups.create('friends', [keyOf(bob)]))
  await world.until(async () => (await see(bob, id))?.membership === 'invited', 'bob is invited')
  await world.whileRunning(bob.messenger.groups.accept(id))
  await agree(world, id, [alice, bob])
  expect((await see(alice, id))?.members.map(({ state }) => state)).toEqual(['joined', 'joined'])
  for (const [from, to, text] of [
    [alice, bob, 'one'],
    [bob, alice, 'two'],
    [bob, alice, 'three'],
    [alice, bob, 'four'],
  ] as const) {
    const { id: messageId } = await world.whileRunning(from.messenger.send(id, text))
    await hears(to, text)
    await world.until(() => statesOf(from, messageId).includes('delivered'), `${text} is delivered`)
  }
  for (const person of [alice, bob]) {
    const shown = (await person.messenger.messages(id)).map(({ text }) => text)
    expect(shown.toSorted(), person.name).toEqual(['four', 'one', 'three', 'two'])
    // Whose own clock is wrong sees what they said where it says; and one that is far behind does not believe ours.
    const isOrdered = person.skewMs === 0 && alice.skewMs + bob.skewMs >= -DAY
    if (isOrdered) expect(shown, person.name).toEqual(['one', 'two', 'three', 'four'])
  }
  await world.whileRunning(alice.messenger.groups.promote(id, [keyOf(bob)]))
  await agree(world, id, [alice, bob])
  await world.whileRunning(bob.messenger.groups.rename(id, 'of bob'))
  await agree(world, id, [alice, bob])
  expect((await see(alice, id))?.name).toBe('of bob')
  await world.whileRunning(bob.messenger.groups.leave(id))
  await world.until(() => kinds(alice, id).includes('left'), 'alice hears that bob goes')
  expect((await see(alice, id))?.rejected).toEqual([])
  expect([...alice.messenger.rejected(), ...bob.messenger.rejected()]).toEqual([])
  return id
}

describe('a clock that is wrong', () => {
  it.each([10 * MINUTES, DAY, YEAR])('by %i ms, of whoever makes the group or of others', async (by) => {
    world = new World(701)
    const [alice, bob] = await people(world, 'alice', 'bob')
    for (const [alices, bobs] of [
      [by, 0],
      [0, by],
      [0, -by],
    ] as const) {
      alice.skewMs = alices
      bob.skewMs = bobs
      await live(alice, bob)
    }
  })

  it('that is put right after somebody joined loses nothing that they say, and pulls nobody along', async () => {
    world = new World(702)
    const [alice, bob, carol] = await people(world, 'alice', 'bob', 'carol')
    const { id } = await world.whileRunning(
      alice.messenger.groups.create('friends', [keyOf(bob), keyOf(carol)]),
    )
    for (const person of [bob, carol])
      await world.until(async () => (await see(person, id)) !== undefined, `${person.name} is invited`)
    bob.skewMs = 3 * HOUR
    await world.whileRunning(bob.messenger.groups.accept(id))
    await agree(world, id, [alice, bob, carol])
    bob.skewMs = 0
    await world.whileRunning(carol.messenger.groups.accept(id))
    await world.whileRunning(alice.messenger.groups.rename(id, 'newer'))
    await agree(world, id, [alice, bob, carol])
    const dates = (await eventsOf(alice, id)).map(({ clock }) => Number(clock) - world.clock.wallMs() > HOUR)
    expect(dates.filter(Boolean), 'only what Bob did is ahead').toHaveLength(1)
    for (const text of ['one', 'two', 'three']) {
      const sent = await world.whileRunning(bob.messenger.send(id, text))
      expect(Math.abs(Number(sent.clock) - world.clock.wallMs())).toBeLessThan(MINUTES)
      await hears(alice, text)
      await hears(carol, text)
    }
    const answer = await world.whileRunning(alice.messenger.send(id, 'answer'))
    expect(Math.abs(Number(answer.clock) - world.clock.wallMs())).toBeLessThan(MINUTES)
    expect(answer.claimedClock).toBeUndefined()
    await hears(bob, 'answer')
    for (const person of [alice, bob, carol])
      expect((await person.messenger.messages(id)).map(({ text }) => text)).toEqual([
        'one',
        'two',
        'three',
        'answer',
      ])
  })

  it('heals: whoever misses what is from ahead is told', async () => {
    world = new World(703)
    const [alice, bob, carol] = await people(world, 'alice', 'bob', 'carol')
    const id = await joinedGroup(world, alice, [bob, carol])
    await world.stop(carol)
    alice.skewMs = DAY
    await world.whileRunning(alice.messenger.groups.rename(id, 'of tomorrow'))
    await agree(world, id, [alice, bob])
    await world.run(25 * HOUR, 60_000) // data sync gives up
    await world.stop(alice)
    await world.start(carol)
    rejoin(world, carol)
    await world.whileRunning(carol.messenger.send(id, 'what is new?'))
    await hears(bob, 'what is new?')
    await agree(world, id, [bob, carol])
    expect((await see(carol, id))?.name).toBe('of tomorrow')
  })
})

describe('a member who dates something to the end of time', () => {
  const END = 2n ** 53n

  it('is removed, moves nobody on, and silences nobody towards Go clients', async () => {
    world = new World(704)
    const [alice, bob, carol] = await people(world, 'alice', 'bob', 'carol')
    const id = await joinedGroup(world, alice, [carol])
    await world.whileRunning(alice.messenger.groups.invite(id, [keyOf(bob)]))
    await world.until(async () => (await see(bob, id)) !== undefined, 'bob is invited')
    for (const to of [alice, carol])
      await sayEvent(bob, to, id, { type: GROUP_EVENT_TYPES.memberJoined, clock: END })
    await agree(world, id, [alice, carol])
    expect(kinds(alice, id)).toContain('joined')
    expect(await aheadMs(alice, id)).toBeGreaterThan(YEAR)

    const told = await toldBy(alice, id, [to0xHex(keyOf(bob))])
    expect(told.events).toHaveLength((await eventsOf(alice, id)).length - 1)
    expect(told.view, 'which others can ask for').toHaveLength(32)

    await world.whileRunning(alice.messenger.groups.rename(id, 'newer'))
    const sent = await world.whileRunning(alice.messenger.send(id, 'all is well'))
    expect(Number(sent.clock) - world.clock.wallMs()).toBeLessThan(MINUTES)
    await hears(carol, 'all is well')
    await world.whileRunning(alice.messenger.groups.kick(id, keyOf(bob)))
    await agree(world, id, [alice, carol])
    expect((await see(carol, id))?.members).toHaveLength(2)
    const [last] = (await eventsOf(alice, id)).filter(({ type }) => type === GROUP_EVENT_TYPES.memberRemoved)
    expect(Number(last?.clock) - world.clock.wallMs()).toBeLessThan(MINUTES)
    await world.whileRunning(carol.messenger.groups.leave(id))
    await world.until(() => kinds(alice, id).includes('left'), 'carol goes')
  })

  it('as an admin is answered after that, and there is always room', async () => {
    world = new World(705)
    const [alice, bob] = await people(world, 'alice', 'bob')
    const id = await joinedGroup(world, alice, [bob])
    await world.whileRunning(alice.messenger.groups.promote(id, [keyOf(bob)]))
    await agree(world, id, [alice, bob])
    for (const [name, clock] of [
      ['of no time', 0n],
      ['of the end', 2n ** 64n - 1n],
      ['of far away', END],
      ['of farther away', END * 2n],
    ] as const)
      await sayEvent(bob, alice, id, { type: GROUP_EVENT_TYPES.nameChanged, name, clock })
    expect(await see(alice, id)).toMatchObject({
      name: 'of farther away',
      rejected: [{ name: 'of the end' }],
    })
    await world.whileRunning(alice.messenger.groups.rename(id, 'friends again'))
    await agree(world, id, [alice, bob])
    expect((await see(bob, id))?.name).toBe('friends again')
    const sent = await world.whileRunning(bob.messenger.send(id, 'all is well'))
    expect(Number(sent.clock) - world.clock.wallMs()).toBeLessThan(MINUTES)
    await hears(alice, 'all is well')
  })

  /** What is told with something said to these. */
  async function toldBy(person: Person, id: string, to: readonly string[]): Promise<MembershipUpdate> {
    const { chatKey } = person.account
    let said: Uint8Array = new Uint8Array()
    const tell = createTell({
      account: chatKey,
      clock: world.clock,
      crypto: quickCrypto,
      copy: async () => undefined,
      sending: {
        tell: async (_stage, telling) => {
          if ('said' in telling) said = telling.said as Uint8Array
          return `0x${'00'.repeat(32)}` as never
        },
      },
    })
    const stage = createStage(person.storage)
    const book = createBook({ publicKey: keyOf(person), random: world.random, crypto: quickCrypto })
    const group = await book.load(stage, id as ChatId)
    if (!group) throw new Error('no group')
    const message = chatMessage({ chatId: id, text: 'x', clock: 1, timestamp: 1 })
    await tell(stage, group, { to, message }, () => undefined)
    const opened = openWrapper(said, { crypto: quickCrypto })
    if (!opened.ok) throw new Error(opened.reason)
    return decodeMessage(opened.wireType, opened.payload) as MembershipUpdate
  }
})

describe('people with any clocks', () => {
  it.each([1, 2])('see one group in the end, whatever they do: %i', async (seed) => {
    world = new World(710 + seed)
    const random = seededRandom(seed)
    const all = await people(world, 'alice', 'bob', 'carol')
    const [alice, ...others] = all
    for (const person of all) person.skewMs = (random.int(49) - 24) * HOUR
    const id = await joinedGroup(world, alice, others)
    for (let i = 0; i < 12; i++) {
      const who = random.pick(all)
      const whom = keyOf(random.pick(all))
      const { groups } = who.messenger
      const deed = random.pick([
        () => groups.rename(id, `name ${i}`),
        () => groups.invite(id, [whom]),
        () => groups.kick(id, whom),
        () => groups.promote(id, [whom]),
        () => groups.accept(id),
        () => groups.leave(id),
        () => who.messenger.send(id, `text ${i}`),
      ])
      await world.whileRunning(Promise.resolve(deed()).catch(() => undefined))
      if (random.int(2) === 0) await world.run(2_000, 100)
      if (random.int(4) === 0) who.skewMs = (random.int(49) - 24) * HOUR
    }
    await world.run(40_000, 200)
    for (const person of all)
      if ((await see(person, id))?.membership === 'joined')
        await world.whileRunning(person.messenger.send(id, `the last of ${person.name}`))
    const members = async (): Promise<Person[]> => {
      const seen = await see(alice, id)
      const keys = new Set(seen?.members.map(({ publicKey }) => to0xHex(publicKey)))
      return all.filter((person) => keys.has(person.id))
    }
    await agree(world, id, [...new Set([alice, ...(await members())])])
  })
})
