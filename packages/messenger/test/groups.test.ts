/** Groups among real messengers over real Whisper nodes, on virtual time: spec 7/GROUP-CHAT. */
import { to0xHex } from '@status-protocol/bytes'
import { MAX_GROUP_MEMBERS, MAX_GROUP_NAME_BYTES, MAX_GROUP_UPDATE_BYTES } from '@status-protocol/messenger'
import { MAX_NEW_EVENTS_PER_UPDATE } from '@status-protocol/payload'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { agree, joinedGroup, keyOf, kinds, notes, people, rejoin, see } from './support/groups.ts'
import { type Person, quickCrypto, statesOf, textsHeard, World } from './support/world.ts'

let world: World
beforeEach(() => {
  world = new World(7)
})
afterEach(async () => {
  await world.close()
  expect(world.keysUsedTwice, 'message keys used for two ciphertexts').toEqual([])
})

const hears = (person: Person, text: string, limitMs?: number): Promise<void> =>
  world.until(() => textsHeard(person).includes(text), `${person.name} hears "${text}"`, limitMs)

const rolesOf = async (person: Person, id: string): Promise<string[]> => {
  const group = await see(person, id)
  const nameOf = (key: Uint8Array) =>
    [...world.people.values()].find(({ id }) => id === to0xHex(key))?.name ?? '?'
  return (group?.members ?? []).map(({ publicKey, role, state }) => `${nameOf(publicKey)} ${role} ${state}`)
}

describe('the life of a group', () => {
  it('invited, joined, spoken in, renamed, left: all see the same', async () => {
    const [alice, bob, carol] = await people(world, 'alice', 'bob', 'carol')
    const group = await world.whileRunning(
      alice.messenger.groups.create('friends', [keyOf(bob), keyOf(carol)]),
    )
    const { id } = group
    expect(group).toMatchObject({ name: 'friends', membership: 'joined', rejected: [] })
    await agree(world, id, [alice, bob, carol])
    expect(notes(bob, id)).toEqual([
      { type: 'invited', by: keyOf(alice), members: [keyOf(bob)], name: 'friends' },
    ])
    expect(await see(bob, id)).toMatchObject({ membership: 'invited', isStrange: true })
    expect(await rolesOf(bob, id)).toEqual([
      'alice admin joined',
      'bob member invited',
      'carol member invited',
    ])

    const alone = await world.whileRunning(alice.messenger.send(id, 'nobody joined yet'))
    expect(alone).toMatchObject({
      delivery: 'unaddressed',
      deliveryReason: 'nobody else has joined',
      receipts: { of: 0, have: 0 },
    })
    expect(statesOf(alice, alone.id)).toEqual(['unaddressed'])
    await world.whileRunning(bob.messenger.groups.accept(id))
    await agree(world, id, [alice, bob, carol])
    const said = await world.whileRunning(alice.messenger.send(id, 'hello'))
    await hears(bob, 'hello')
    await world.until(
      () => statesOf(alice, said.id).filter((s) => s === 'delivered').length === 2,
      'delivered',
    )
    expect(textsHeard(carol), 'only to them is spoken who joined').toEqual([])

    await world.whileRunning(carol.messenger.groups.accept(id))
    await agree(world, id, [alice, bob, carol])
    const event = bob.events.find((e) => e.type === 'message')
    if (event?.type !== 'message') throw new Error('no message')
    expect(event.chat).toBe(id)
    const answer = await world.whileRunning(bob.messenger.reply(event, 'hello you two'))
    await hears(alice, 'hello you two')
    await hears(carol, 'hello you two')
    expect((await carol.messenger.message(answer.id))?.responseTo).toBe(said.id)
    for (const { messenger } of [bob, carol])
      expect((await messenger.chatStates()).find(({ chat }) => chat.id === id)).toMatchObject({ unread: 1 })
    await world.until(
      async () => (await bob.messenger.message(answer.id))?.delivery === 'delivered',
      'both have it',
    )
    const receipts = await bob.messenger.groups.receipts(answer.id)
    expect(receipts.map(({ installations }) => installations.length)).toEqual([1, 1])
    expect((await bob.messenger.message(answer.id))?.receipts).toEqual({ of: 2, have: 2, failed: 0 })

    await world.whileRunning(alice.messenger.groups.promote(id, [keyOf(bob)]))
    await agree(world, id, [alice, bob, carol])
    await world.whileRunning(bob.messenger.groups.rename(id, 'best friends'))
    await agree(world, id, [alice, bob, carol])
    await world.whileRunning(alice.messenger.groups.stepDown(id))
    await agree(world, id, [alice, bob, carol])
    await world.whileRunning(bob.messenger.groups.kick(id, keyOf(carol)))
    await world.until(async () => (await see(carol, id))?.membership === 'left', 'carol is out')
    await world.whileRunning(alice.messenger.groups.leave(id))
    await agree(world, id, [alice, bob])
    expect(await rolesOf(bob, id)).toEqual(['bob admin joined'])
    expect(await see(bob, id)).toMatchObject({ name: 'best friends', membership: 'joined' })
    expect(kinds(carol, id)).toEqual([
      'invited',
      'joined',
      'joined',
      'promoted',
      'renamed',
      'steppedDown',
      'kicked',
    ])
    await expect(carol.messenger.send(id, 'still here?')).rejects.toMatchObject({ code: 'not-joined' })
    expect((await carol.messenger.chats()).map((chat) => chat.id)).not.toContain(id)
    expect(
      (await carol.messenger.messages(id)).map(({ text }) => text),
      'what was said stays',
    ).toEqual(['hello you two'])
  })

  it('goes on after restarts, and a member who was away hears of everything', async () => {
    const [alice, bob, carol] = await people(world, 'alice', 'bob', 'carol')
    const id = await joinedGroup(world, alice, [bob, carol])
    await world.stop(carol)
    await world.whileRunning(alice.messenger.groups.rename(id, 'without carol'))
    await world.whileRunning(bob.messenger.send(id, 'she is away'))
    await hears(alice, 'she is away')
    const said = (await bob.messenger.messages(id)).at(-1)
    await world.run(30_000)
    expect(said && (await bob.messenger.message(said.id))).toMatchObject({
      delivery: 'relayed',
      receipts: { of: 2, have: 1 },
    })
    await world.start(carol)
    rejoin(world, carol)
    await hears(carol, 'she is away', 600_000)
    await agree(world, id, [alice, bob, carol], 600_000)
    expect((await see(carol, id))?.name).toBe('without carol')
    await world.until(
      async () => (await bob.messenger.message(said?.id as never))?.delivery === 'delivered',
      'all have it',
    )
    await world.whileRunning(carol.messenger.send(id, 'back again'))
    await hears(alice, 'back again')
    await hears(bob, 'back again')
  })

  it('survives that a process ends right after it did something: once told, all get it, once', async () => {
    const [alice, bob] = await people(world, 'alice', 'bob')
    const { id } = await world.whileRunning(alice.messenger.groups.create('friends', [keyOf(bob)]))
    const again = async (person: Person) => {
      world.kill(person)
      await world.start(person)
      rejoin(world, person)
    }
    await again(alice)
    await world.until(async () => (await see(bob, id)) !== undefined, 'bob is invited', 300_000)
    await world.whileRunning(bob.messenger.groups.accept(id))
    await again(bob)
    await agree(world, id, [alice, bob], 300_000)
    const { id: messageId } = await world.whileRunning(bob.messenger.send(id, 'once'))
    await again(bob)
    await hears(alice, 'once', 300_000)
    await world.until(
      async () => (await bob.messenger.message(messageId))?.delivery === 'delivered',
      'alice has it',
      300_000,
    )
    expect(textsHeard(alice)).toEqual(['once'])
    expect((await see(alice, id))?.members.every(({ state }) => state === 'joined')).toBe(true)
  })

  it('has admins who do what only admins may', async () => {
    const [alice, bob, carol] = await people(world, 'alice', 'bob', 'carol')
    const id = await joinedGroup(world, alice, [bob])
    const { groups } = bob.messenger
    const refused = (doing: Promise<unknown>, code = 'not-allowed') =>
      expect(world.whileRunning(doing)).rejects.toMatchObject({ code })
    await refused(groups.invite(id, [keyOf(carol)]))
    await refused(groups.rename(id, 'mine'))
    await refused(groups.kick(id, keyOf(alice)))
    await refused(groups.promote(id, [keyOf(bob)]))
    await refused(groups.stepDown(id))
    await refused(groups.accept(id))
    await refused(groups.decline(id))
    await refused(carol.messenger.groups.accept(id), 'no-such-group')
    await refused(alice.messenger.groups.kick(id, keyOf(carol)))
    await refused(alice.messenger.groups.kick(id, keyOf(alice)))
    await refused(alice.messenger.groups.promote(id, [keyOf(carol)]))
    await refused(alice.messenger.groups.invite(id, [keyOf(bob)]))
    await refused(alice.messenger.groups.rename(id, ' '), 'invalid-group')
    await refused(alice.messenger.groups.rename(id, 'x'.repeat(MAX_GROUP_NAME_BYTES + 1)), 'invalid-group')
    await refused(alice.messenger.groups.create('x', [new Uint8Array(65)]), 'invalid-group')
    await refused(alice.messenger.send(id, 'x', { security: 'dh' }), 'invalid-security')
    expect((await see(alice, id))?.view).toBe((await see(bob, id))?.view)
  })

  it('can be declined, and somebody can be invited again', async () => {
    const [alice, bob] = await people(world, 'alice', 'bob')
    const { id } = await world.whileRunning(alice.messenger.groups.create('friends', [keyOf(bob)]))
    await agree(world, id, [alice, bob])
    await expect(bob.messenger.send(id, 'hello')).rejects.toMatchObject({ code: 'not-joined' })
    await world.whileRunning(bob.messenger.groups.decline(id))
    await agree(world, id, [alice, bob])
    expect(kinds(alice, id)).toEqual(['created', 'left'])
    await world.whileRunning(alice.messenger.groups.invite(id, [keyOf(bob)]))
    await world.until(async () => (await see(bob, id))?.membership === 'invited', 'bob is invited again')
    await world.whileRunning(bob.messenger.groups.accept(id))
    await agree(world, id, [alice, bob])
    await world.whileRunning(bob.messenger.send(id, 'all right'))
    await hears(alice, 'all right')
  })
})

describe('changes at the same time', () => {
  it('come to one group for all', async () => {
    const [alice, bob, carol, dave] = await people(world, 'alice', 'bob', 'carol', 'dave')
    const id = await joinedGroup(world, alice, [bob, carol])
    await world.whileRunning(alice.messenger.groups.promote(id, [keyOf(bob)]))
    await agree(world, id, [alice, bob, carol])
    await world.whileRunning(
      Promise.all([
        alice.messenger.groups.rename(id, 'of alice'),
        bob.messenger.groups.rename(id, 'of bob'),
        alice.messenger.groups.invite(id, [keyOf(dave)]),
        bob.messenger.groups.kick(id, keyOf(carol)),
        carol.messenger.groups.leave(id),
      ]),
    )
    await agree(world, id, [alice, bob], 300_000)
    const [ours, theirs] = [await see(alice, id), await see(bob, id)]
    expect(ours).toEqual({ ...theirs, toldBy: ours?.toldBy, isStrange: ours?.isStrange })
    expect(await rolesOf(alice, id)).toEqual([
      'alice admin joined',
      'bob admin joined',
      'dave member invited',
    ])
  })
})

describe('a group with a long history', () => {
  it('is joined by whoever is invited at its end', async () => {
    const [alice, bob] = await people(world, 'alice', 'bob')
    await world.whileRunning(bob.messenger.addContact(keyOf(alice)))
    const { id } = await world.whileRunning(alice.messenger.groups.create('name', []))
    for (let i = 0; i < MAX_NEW_EVENTS_PER_UPDATE; i += 32)
      await world.whileRunning(
        Promise.all(Array.from({ length: 32 }, (_, n) => alice.messenger.groups.rename(id, `name ${i + n}`))),
      )
    await world.whileRunning(alice.messenger.groups.invite(id, [keyOf(bob)]))
    await world.until(async () => (await see(bob, id))?.membership === 'invited', 'bob is invited')
    await world.whileRunning(bob.messenger.groups.accept(id))
    await agree(world, id, [alice, bob])
    expect((await see(bob, id))?.name).toBe(`name ${MAX_NEW_EVENTS_PER_UPDATE - 1}`)
  })
})

describe('bounds', () => {
  it('errors name size and limit', async () => {
    const [alice] = await people(world, 'alice')
    const keys = Array.from({ length: MAX_GROUP_MEMBERS }, () => world.random.bytes(32)).map((key) =>
      keyOfPrivate(key),
    )
    await expect(world.whileRunning(alice.messenger.groups.create('crowd', keys))).rejects.toMatchObject({
      code: 'too-large',
      message: `a group has at most ${MAX_GROUP_MEMBERS} members, this one would have ${MAX_GROUP_MEMBERS + 1}`,
    })
    expect(MAX_GROUP_UPDATE_BYTES).toBe(307_200)
  })
})

function keyOfPrivate(privateKey: Uint8Array) {
  return quickCrypto.publicKey(privateKey)
}
