/** What becomes of group messages and members in cases that are rare: queues that are full, people who were blocked. */
import { to0xHex, toHex } from '@status-protocol/bytes'
import { chatMessage, oneToOneChatId, wrap } from '@status-protocol/payload'
import { chatMessageToV0, wrapV0 } from '@status-protocol/payload/v0'
import { contactCode, partitionedDiscovery } from '@status-protocol/whisper'
import { afterEach, describe, expect, it } from 'vitest'
import { feeding } from './support/feeding.ts'
import { agree, joinedGroup, keyOf, people, rejoin, see } from './support/groups.ts'
import { say } from './support/saying.ts'
import { quickCrypto, textsHeard, World } from './support/world.ts'

let world: World
afterEach(async () => {
  await world.close()
})

describe('a member for whom too much waits already', () => {
  it('is told of as one who does not get the message', async () => {
    world = new World(89)
    const [alice, bob, carol] = await people(world, 'alice', 'bob', 'carol')
    const id = await joinedGroup(world, alice, [bob, carol])
    await world.stop(bob)
    const full = Array.from({ length: 1_000 }, (_, i) =>
      alice.messenger.send(bob.id, `${i}`).catch(() => undefined),
    )
    await world.whileRunning(Promise.all(full))
    await expect(world.whileRunning(alice.messenger.send(bob.id, 'one more'))).rejects.toMatchObject({
      code: 'outbox-full',
    })
    const said = await world.whileRunning(alice.messenger.send(id, 'who is there?'))
    await world.until(() => textsHeard(carol).includes('who is there?'), 'carol hears alice')
    await world.run(2_000)
    expect(await alice.messenger.message(said.id)).toMatchObject({
      receipts: { of: 2, have: 1, failed: 1 },
    })
    const receipts = await alice.messenger.groups.receipts(said.id)
    expect(receipts.find(({ member }) => to0xHex(member) === bob.id)).toMatchObject({ isGivenUp: true })
  })
})

describe('a member whose private chat we left', () => {
  it('is listened to all the same', async () => {
    world = new World(103)
    const [alice, bob] = await people(world, 'alice', 'bob')
    const heard = new Map<object, readonly string[]>()
    const carol = await world.person('carol', {
      service: (service) => ({
        ...{ addKeyPair: service.addKeyPair, post: service.post, status: service.status },
        subscribe(filter) {
          const inner = service.subscribe(filter)[Symbol.asyncIterator]()
          heard.set(inner, filter.topics.map(toHex))
          const iterator: typeof inner = {
            next: () => inner.next(),
            return: async () => {
              heard.delete(inner)
              return (await inner.return?.()) ?? { value: undefined, done: true }
            },
          }
          return { [Symbol.asyncIterator]: () => iterator }
        },
      }),
    })
    for (const other of [alice, bob]) world.join(carol, other)
    await world.run(200)
    await joinedGroup(world, alice, [bob, carol])
    const { topic } = await contactCode(keyOf(bob), { crypto: quickCrypto })
    const isHeard = () => [...heard.values()].flat().includes(toHex(topic))
    await world.whileRunning(carol.messenger.addContact(keyOf(bob)))
    expect(isHeard()).toBe(true)
    await world.whileRunning(carol.messenger.leave(bob.id))
    await world.run(500)
    expect(isHeard()).toBe(true)
  })
})

describe('a member who was blocked', () => {
  it('is heard again on the topic of the two of us', async () => {
    world = new World(91)
    const [alice, bob, carol] = await people(world, 'alice', 'bob', 'carol')
    const id = await joinedGroup(world, alice, [bob, carol])
    await world.whileRunning(bob.messenger.send(id, 'hello'))
    await world.whileRunning(carol.messenger.send(id, 'hello too'))
    await world.run(5_000)
    await world.whileRunning(carol.messenger.block(keyOf(bob)))
    await world.run(1_000)
    await world.whileRunning(carol.messenger.unblock(keyOf(bob)))
    const count = bob.posts.length
    await world.whileRunning(bob.messenger.send(id, 'again'))
    await world.until(() => textsHeard(carol).includes('again'), 'carol hears bob', 5_000)
    expect(bob.posts.length).toBeGreaterThan(count)
  })
})

describe('a clock far ahead', () => {
  it('that an archive hands over does not pull the group along', async () => {
    world = new World(95)
    const [alice, bob] = await people(world, 'alice', 'bob')
    const feed = feeding()
    const carol = await world.person('carol', { service: feed.service })
    for (const other of [alice, bob]) world.join(carol, other)
    await world.run(200)
    const id = await joinedGroup(world, alice, [bob, carol])
    const hourMs = world.clock.wallMs() + 3_600_000
    const ahead = chatMessage({
      chatId: id,
      text: 'an hour ahead',
      clock: hourMs,
      timestamp: hourMs,
      messageType: 3,
    })
    const { topic } = partitionedDiscovery(keyOf(carol), { crypto: quickCrypto })
    feed.give(topic, {
      payload: wrap(ahead, bob.account.chatKey),
      signer: keyOf(bob),
      sentUnixSeconds: Math.floor(hourMs / 1000),
      direct: true,
    } as Parameters<typeof feed.give>[1])
    await world.run(500)
    expect(textsHeard(carol)).toEqual(['an hour ahead'])
    await world.whileRunning(carol.messenger.send(id, 'and now'))
    await world.until(() => textsHeard(alice).includes('and now'), 'alice hears carol', 5_000)
  })
})

describe('an old message that comes again', () => {
  it('does not say in which generation its author speaks now', async () => {
    world = new World(93)
    const [alice, bob] = await people(world, 'alice', 'bob')
    await world.whileRunning(bob.messenger.addContact(keyOf(alice)))
    const chatId = oneToOneChatId(keyOf(bob))
    const at = (text: string) =>
      chatMessage({ chatId, text, clock: world.clock.wallMs(), timestamp: world.clock.wallMs() })
    const old = wrapV0(chatMessageToV0(at('of 2019')), alice.account.chatKey, { crypto: quickCrypto })
    await say(world, alice, bob, old)
    expect((await bob.messenger.contacts())[0]?.generation).toBe('v0')
    await say(world, alice, bob, at('of 2020'))
    expect((await bob.messenger.contacts())[0]?.generation).toBeUndefined()
    await world.run(60_000)
    await say(world, alice, bob, old)
    expect(textsHeard(bob)).toEqual(['of 2019', 'of 2020'])
    expect((await bob.messenger.contacts())[0]?.generation).toBeUndefined()
  })
})

describe('a member for whom `ratchet` was chosen and whose keys are not known', () => {
  it('gets what is said later, when they are; all others get it at once', async () => {
    world = new World(107)
    const [bob, carol] = await people(world, 'bob', 'carol')
    const id = await joinedGroup(world, bob, [carol])
    await world.stop(carol)
    const alice = await world.person('alice')
    world.join(alice, bob)
    await world.run(200)
    await world.whileRunning(bob.messenger.groups.invite(id, [keyOf(alice)]))
    await world.until(async () => (await see(alice, id)) !== undefined, 'alice is invited')
    await world.whileRunning(alice.messenger.addContact(keyOf(carol)))
    await world.whileRunning(alice.messenger.setSecurity(keyOf(carol), 'ratchet'))
    await world.whileRunning(alice.messenger.groups.accept(id))
    await agree(world, id, [alice, bob])
    await expect(world.whileRunning(alice.messenger.send(carol.id, 'for you alone'))).rejects.toMatchObject({
      code: 'no-forward-secrecy',
    })

    const said = await world.whileRunning(alice.messenger.send(id, 'hello all'))
    await world.until(() => textsHeard(bob).includes('hello all'), 'bob hears alice')
    await world.run(2_000)
    expect(await alice.messenger.message(said.id)).toMatchObject({
      delivery: expect.not.stringMatching('delivered|failed'),
      receipts: { of: 2, have: 1, failed: 0 },
    })
    const ofCarol = async () =>
      (await alice.messenger.groups.receipts(said.id)).find(({ member }) => to0xHex(member) === carol.id)
    expect(await ofCarol()).toMatchObject({ installations: [], isGivenUp: false, lacksKeys: true })
    expect(alice.events).toContainEqual(
      expect.objectContaining({
        ...{ type: 'delivery', messageId: said.id, to: keyOf(carol), state: 'queued' },
        reason: expect.stringMatching('keys'),
      }),
    )

    await world.start(carol)
    rejoin(world, carol)
    await world.until(() => textsHeard(carol).includes('hello all'), 'carol hears alice', 300_000)
    await world.run(2_000)
    expect((await alice.messenger.message(said.id))?.delivery).toBe('delivered')
    expect(await ofCarol()).toMatchObject({ lacksKeys: false, isGivenUp: false })
    const kinds = carol.events.flatMap((event) => (event.type === 'message' ? [event.security] : []))
    expect(kinds).toEqual(['ratchet'])
  })
})
