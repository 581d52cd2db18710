/** Groups against those who are in them: what one member, or one invitation, may cost the others. */
import { fromHex, to0xHex } from '@status-protocol/bytes'
import type { ChatId } from '@status-protocol/messenger'
import { chatMessage, GROUP_EVENT_TYPES, groupChatId, type MembershipUpdate } from '@status-protocol/payload'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { allPeers, putPerson } from '../src/groups/tables.ts'
import { createStage } from '../src/stage.ts'
import { MAX_STRANGERS } from '../src/strangers.ts'
import { allStrangers, putStranger } from '../src/tables.ts'
import { eventsOf, forgery, wrapped } from './support/forged-groups.ts'
import { agree, joinedGroup, keyOf, people, see } from './support/groups.ts'
import { pairUp } from './support/own-devices.ts'
import { type Person, textsHeard, World } from './support/world.ts'

let world: World
beforeEach(() => {
  world = new World(87)
})
afterEach(async () => {
  await world.close()
})

const { post, text, signed } = forgery(() => world)

/** Messages that data sync has for others. */
async function waitingAt({ storage }: Person): Promise<number> {
  let waiting = 0
  const [from, to] = [new Uint8Array(0), new Uint8Array(99).fill(255)]
  for await (const _ of storage.range('mvds-message', from, to, 1_000)) waiting++
  return waiting
}

/** A group of eve's that bob is invited to, with more events than can be told. */
async function hugeGroup(eve: Person, bob: Person): Promise<string> {
  const id = groupChatId(keyOf(eve), world.random)
  const clock = BigInt(world.clock.wallMs())
  const padding = Array.from({ length: 400 }, (_, i) => i)
  const renamings = padding.map((i) =>
    signed(id, eve, {
      type: GROUP_EVENT_TYPES.nameChanged,
      name: `${i} ${'x'.repeat(900)}`,
      clock: clock + 2n + BigInt(i),
    }),
  )
  const first = [
    signed(id, eve, { type: GROUP_EVENT_TYPES.chatCreated, name: 'huge', clock }),
    signed(id, eve, { type: GROUP_EVENT_TYPES.membersAdded, members: [bob.id], clock: clock + 1n }),
  ]
  for (const events of [[...first, ...renamings.slice(0, 200)], renamings.slice(200)])
    await post(eve, bob, wrapped(eve, { type: 'membership-update', chatId: id, events }), 2_000)
  return id
}

describe('a group that is too large to be told', () => {
  it('can be left and declined all the same', async () => {
    const [eve, bob] = await people(world, 'eve', 'bob')
    const id = await hugeGroup(eve, bob)
    expect((await see(bob, id))?.membership).toBe('invited')
    await world.whileRunning(bob.messenger.groups.decline(id))
    expect((await see(bob, id))?.membership).toBe('left')
  })

  it('changes nothing when it cannot be joined for that', async () => {
    const [eve, bob, mallory] = await people(world, 'eve', 'bob', 'mallory')
    const huge = await hugeGroup(eve, bob)
    const strangers = Array.from({ length: MAX_STRANGERS - 1 }, (_, i) =>
      putStranger({ publicKey: world.publicKey(world.random.bytes(32)), heardAtMs: 1 + i, bytes: 1 }),
    )
    await bob.storage.commit([
      ...strangers,
      putStranger({ publicKey: keyOf(eve), heardAtMs: 10_000, bytes: 1 }),
    ])
    await world.stop(bob)
    await world.start(bob)
    for (const other of [eve, mallory]) world.join(other, bob)
    await world.run(500)
    await expect(world.whileRunning(bob.messenger.groups.accept(huge))).rejects.toMatchObject({
      code: 'too-large',
    })
    const said = chatMessage({
      ...{ chatId: to0xHex(keyOf(bob)), text: 'hello', messageType: 1 },
      ...{ clock: world.clock.wallMs(), timestamp: world.clock.wallMs() },
    })
    await post(mallory, bob, wrapped(mallory, said))
    expect(textsHeard(bob)).toEqual(['hello'])
    expect(await allStrangers(bob.storage)).toHaveLength(MAX_STRANGERS)
  })

  it('does not keep its members from being heard elsewhere', async () => {
    const [eve, bob] = await people(world, 'eve', 'bob')
    const small = await joinedGroup(world, eve, [bob])
    const clock = BigInt(world.clock.wallMs())
    const renamings = Array.from({ length: 400 }, (_, i) =>
      signed(small, eve, {
        type: GROUP_EVENT_TYPES.nameChanged,
        name: `${i} ${'x'.repeat(900)}`,
        clock: clock + BigInt(i),
      }),
    )
    for (const events of [renamings.slice(0, 200), renamings.slice(200)])
      await post(eve, bob, wrapped(eve, { type: 'membership-update', chatId: small, events }), 2_000)
    await world.run(40_000)
    await bob.storage.commit([putPerson('group-missed', keyOf(eve), small as ChatId)])
    const before = bob.messenger.rejected().get('failed') ?? 0
    await post(eve, bob, wrapped(eve, { ...text(small, 'said in it'), view: new Uint8Array(32) }), 2_000)
    await world.whileRunning(eve.messenger.send(bob.id, 'said to bob'))
    await world.until(() => textsHeard(bob).includes('said to bob'), 'bob hears eve')
    expect(textsHeard(bob)).toEqual(['said in it', 'said to bob'])
    expect(bob.messenger.rejected().get('failed') ?? 0).toBe(before)
  })

  it('does not keep our devices from being told of the others', async () => {
    const [eve, bob, carol] = await people(world, 'eve', 'bob', 'carol')
    const tablet = await world.person('tablet', { account: bob.account })
    for (const other of [eve, bob, carol]) world.join(tablet, other)
    await world.run(500)
    await pairUp(world, bob, tablet)
    await hugeGroup(eve, bob)
    const { id } = await world.whileRunning(carol.messenger.groups.create('small', [keyOf(bob)]))
    await world.until(async () => (await see(bob, id)) !== undefined, 'bob is invited')
    await expect(world.whileRunning(bob.messenger.devices.sync())).resolves.toBeDefined()
  })

  it('is not made so by one who only joined it', async () => {
    const [alice, bob, eve] = await people(world, 'alice', 'bob', 'eve')
    const id = await joinedGroup(world, alice, [bob])
    await world.whileRunning(alice.messenger.groups.invite(id, [keyOf(eve)]))
    await world.until(async () => (await see(eve, id)) !== undefined, 'eve is invited')
    const joining = signed(id, eve, { type: GROUP_EVENT_TYPES.memberJoined, name: 'x'.repeat(400_000) })
    for (const person of [alice, bob])
      await post(
        eve,
        person,
        wrapped(eve, {
          type: 'membership-update',
          chatId: id,
          events: [...(await eventsOf(eve, id)), joining],
        }),
        2_000,
      )
    await world.whileRunning(alice.messenger.send(id, 'can we speak?'))
    await world.until(() => textsHeard(bob).includes('can we speak?'), 'bob hears alice')
  })
})

describe('a member who asks and asks', () => {
  it('is told some times and not each time', async () => {
    const [alice, eve] = await people(world, 'alice', 'eve')
    const id = await joinedGroup(world, alice, [eve])
    await world.run(40_000)
    await world.stop(eve)
    await world.start(eve)
    world.join(alice, eve)
    await world.whileRunning(eve.messenger.close()) // who speaks for her acknowledges nothing
    for (let i = 0; i < 60; i++) {
      const view = new Uint8Array(32).fill(i + 1)
      const update: MembershipUpdate = {
        type: 'membership-update',
        chatId: id,
        events: [],
        view,
        asksView: true,
      }
      await post(eve, alice, wrapped(eve, update), 1_100)
    }
    await world.run(3_000)
    const waiting = await waitingAt(alice)
    expect(waiting).toBeGreaterThan(5)
    expect(waiting).toBeLessThan(25)
  })
})

describe('strangers', () => {
  it('who put us into a group are told nothing before we join', async () => {
    const [bob, eve] = await people(world, 'bob', 'eve')
    const id = groupChatId(keyOf(eve), world.random)
    const clock = BigInt(world.clock.wallMs())
    const events = [
      signed(id, eve, { type: GROUP_EVENT_TYPES.chatCreated, name: 'x', clock }),
      signed(id, eve, { type: GROUP_EVENT_TYPES.membersAdded, members: [bob.id], clock: clock + 1n }),
    ]
    const update = { type: 'membership-update', chatId: id, events, asksView: true } as const
    await post(eve, bob, wrapped(eve, update))
    expect((await see(bob, id))?.membership).toBe('invited')
    for (let i = 0; i < 5; i++)
      await post(eve, bob, wrapped(eve, { ...update, events: [], view: new Uint8Array(32).fill(i) }), 1_100)
    expect(await waitingAt(bob)).toBe(0)
  })

  it('who know what the group looks like leave no trace', async () => {
    const [alice, bob, eve] = await people(world, 'alice', 'bob', 'eve')
    const id = await joinedGroup(world, alice, [bob])
    const view = fromHex((await see(bob, id))?.view ?? '', 32)
    await post(eve, bob, wrapped(eve, { ...text(id, 'hello'), view }))
    const peers = await allPeers(createStage(bob.storage), id as ChatId)
    expect(peers.map(([person]) => to0xHex(person))).not.toContain(eve.id)
  })
})

describe('somebody who is blocked', () => {
  it('is not heard by what was kept of them', async () => {
    const [alice, bob, eve] = await people(world, 'alice', 'bob', 'eve')
    const id = await joinedGroup(world, alice, [bob])
    await world.whileRunning(alice.messenger.groups.invite(id, [keyOf(eve)]))
    await world.until(async () => (await see(eve, id)) !== undefined, 'eve is invited')
    await agree(world, id, [alice, bob, eve])
    await post(
      eve,
      bob,
      wrapped(eve, { ...text(id, 'early'), clock: BigInt(world.clock.wallMs()) + 60_000n }),
    )
    await world.whileRunning(bob.messenger.block(keyOf(eve)))
    await world.whileRunning(eve.messenger.groups.accept(id))
    await world.until(
      async () => (await see(alice, id))?.members.every(({ state }) => state === 'joined') ?? false,
      'alice sees eve join',
    )
    await world.whileRunning(alice.messenger.send(id, 'welcome'))
    await world.until(() => textsHeard(bob).includes('welcome'), 'bob hears alice')
    await agree(world, id, [alice, bob])
    expect(textsHeard(bob)).toEqual(['welcome'])
  })
})
