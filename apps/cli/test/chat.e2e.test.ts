import { afterEach, describe, expect, it } from 'vitest'
import { lasts } from './lasting.ts'
import { type Person, startPerson, startRelay, stopAll, until } from './programs.ts'

afterEach(stopAll)

async function twoPeople(enode: string): Promise<[Person, Person]> {
  const people = await Promise.all([startPerson({ peers: [enode] }), startPerson({ peers: [enode] })])
  for (const person of people)
    await until(() => person.peers.some((p) => p.state === 'up'), 'a link to the relay')
  return people
}

const texts = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix} ${i}`)
const textsOf = (person: Person, chat: string) =>
  person.messages.filter((m) => m.chat === chat).map((m) => m.text)

describe('two people and a relay, as processes on loopback', () => {
  it.skipIf(!lasts)('200 public messages and 50 private ones each way arrive exactly once', async () => {
    const relay = await startRelay()
    const [alice, bob] = await twoPeople(relay.enode)
    for (const person of [alice, bob]) await person.rpc.call['chat.join']({ chat: '#status' })
    const say = (from: Person, to: string, all: string[]) =>
      Promise.all(all.map((text) => from.rpc.call['chat.send']({ to, text })))
    await Promise.all([
      say(alice, '#status', texts('alice to all', 100)),
      say(bob, '#status', texts('bob to all', 100)),
      say(alice, bob.publicKey, texts('alice to bob', 50)),
      say(bob, alice.publicKey, texts('bob to alice', 50)),
    ])
    await until(
      () => alice.messages.length >= 150 && bob.messages.length >= 150,
      '150 messages on both sides',
    )
    for (const person of [alice, bob]) {
      await until(() => idsWith(person, 'delivered').size === 50, 'every private message is acknowledged')
      const done = () => new Set([...idsWith(person, 'relayed'), ...idsWith(person, 'delivered')]).size
      await until(() => done() === 150, 'a peer has every message')
    }

    expect(textsOf(alice, '#status').sort()).toEqual(texts('bob to all', 100).sort())
    expect(textsOf(bob, '#status').sort()).toEqual(texts('alice to all', 100).sort())
    expect(textsOf(alice, bob.publicKey).sort()).toEqual(texts('bob to alice', 50).sort())
    expect(textsOf(bob, alice.publicKey).sort()).toEqual(texts('alice to bob', 50).sort())
    expect(alice.messages.every((m) => m.author === bob.publicKey)).toBe(true)
    for (const message of [...alice.messages, ...bob.messages])
      expect(message.security).toMatch(message.chat === '#status' ? /^whisper$/ : /^(dh|ratchet)$/)
    for (const person of [alice, bob])
      expect((await person.rpc.call['stats.rejected']({})).rejected, 'payloads kept out').toEqual({})

    const listed = await Promise.all(
      [alice, bob].map((p) => p.rpc.call['chat.messages']({ chat: '#status', limit: 1000 })),
    )
    const ids = listed.map(({ messages }) => messages.map((m) => m.messageId))
    expect(ids[0]).toHaveLength(200)
    expect(ids[1], 'one order for everybody').toEqual(ids[0])
  })

  it('heals without a hand when the relay is killed and started again', async () => {
    const relay = await startRelay()
    const [alice, bob] = await twoPeople(relay.enode)
    for (const person of [alice, bob]) await person.rpc.call['chat.join']({ chat: '#status' })
    await alice.rpc.call['chat.send']({ to: '#status', text: 'before' })
    await until(() => bob.messages.length === 1, 'the message before')

    await relay.kill('SIGKILL')
    await until(() => [alice, bob].every((p) => p.peers.at(-1)?.state === 'down'), 'both notice')
    await alice.rpc.call['chat.send']({ to: '#status', text: 'meanwhile' })
    await bob.rpc.call['chat.send']({ to: alice.publicKey, text: 'meanwhile, to you' })
    await startRelay({ port: relay.port, dataDir: relay.dataDir })
    await until(() => [alice, bob].every((p) => p.peers.at(-1)?.state === 'up'), 'both are connected again')
    await until(
      () => bob.messages.length === 2 && alice.messages.length === 1,
      'what was said meanwhile arrives',
    )
    await alice.rpc.call['chat.send']({ to: '#status', text: 'after' })
    await until(() => bob.messages.length === 3, 'the message after')

    expect(bob.messages.map((m) => m.text)).toEqual(['before', 'meanwhile', 'after'])
    expect(alice.messages.map((m) => m.text)).toEqual(['meanwhile, to you'])
  })

  it.skipIf(!lasts)(
    '200 private messages each way and 50 public ones, a client restarted and the relay killed in the middle',
    async () => {
      const relay = await startRelay()
      let [alice, bob] = await twoPeople(relay.enode)
      const [aliceKey, bobKey] = [alice.publicKey, bob.publicKey]
      for (const person of [alice, bob]) await person.rpc.call['chat.join']({ chat: '#status' })
      const say = (from: Person, to: string, all: string[]) =>
        Promise.all(all.map((text) => from.rpc.call['chat.send']({ to, text })))
      const half = async (name: string) => {
        await say(alice, bobKey, texts(`alice ${name}`, 100))
        await say(bob, aliceKey, texts(`bob ${name}`, 100))
        await say(alice, '#status', texts(`all ${name}`, 25))
      }

      await half('first')
      // Nobody sends public messages again to who was away; that is what mail servers are for.
      await until(() => textsOf(bob, '#status').length === 25, 'the public ones, while Bob is there')
      await bob.stop()
      bob = await startPerson({ peers: [relay.enode], dataDir: bob.dataDir })
      await relay.kill('SIGKILL')
      await startRelay({ port: relay.port, dataDir: relay.dataDir })
      for (const person of [alice, bob])
        await until(() => person.peers.at(-1)?.state === 'up', 'a link to the relay of the second run')
      await half('second')

      const listOf = async (person: Person, chat: string) =>
        (await person.rpc.call['chat.messages']({ chat, limit: 1000 })).messages
      const both = async () => [await listOf(alice, bobKey), await listOf(bob, aliceKey)] as const
      await untilAsync(async () => (await both()).every((list) => list.length === 400), '400 on both sides')
      const [atAlice, atBob] = await both()
      expect(
        atBob.map((m) => m.messageId),
        'one order for both',
      ).toEqual(atAlice.map((m) => m.messageId))
      expect(new Set(atAlice.map((m) => m.text)).size).toBe(400)
      await untilAsync(
        async () => (await both()).every((list) => list.every((m) => !m.own || m.delivery === 'delivered')),
        'every message is acknowledged',
      )
      await untilAsync(async () => (await listOf(bob, '#status')).length === 50, '50 public ones')
      const publicIds = await Promise.all([alice, bob].map((person) => listOf(person, '#status')))
      expect(publicIds[1]?.map((m) => m.messageId)).toEqual(publicIds[0]?.map((m) => m.messageId))
    },
  )

  it.skipIf(!lasts)(
    'keeps its identity and its messages over a restart, and both apart from strangers',
    async () => {
      const relay = await startRelay()
      const [alice, bob] = await twoPeople(relay.enode)
      const eve = await startPerson({ peers: [relay.enode] })
      await alice.rpc.call['chat.send']({ to: bob.publicKey, text: 'for bob alone' })
      await until(() => bob.messages.length === 1, 'the private message')
      expect(eve.messages).toEqual([])
      await bob.stop()
      await alice.rpc.call['chat.send']({ to: bob.publicKey, text: 'while you were away' })
      const again = await startPerson({ peers: [relay.enode], dataDir: bob.dataDir })
      expect(again.publicKey).toBe(bob.publicKey)
      await until(() => again.messages.length === 1, 'what was said meanwhile')
      const { messages } = await again.rpc.call['chat.messages']({ chat: alice.publicKey })
      expect(messages.map((m) => m.text)).toEqual(['for bob alone', 'while you were away'])
    },
  )
})

function idsWith(person: Person, state: string): Set<string> {
  return new Set(person.deliveries.filter((d) => d.state === state).map((d) => d.messageId))
}

async function untilAsync(condition: () => Promise<boolean>, what: string): Promise<void> {
  for (
    const deadline = Date.now() + 90_000;
    !(await condition());
    await new Promise((r) => setTimeout(r, 200))
  )
    if (Date.now() > deadline) throw new Error(`did not happen: ${what}`)
}
