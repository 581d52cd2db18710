/** 1:1 chats over two real Whisper nodes on virtual time: first contact, sessions, topics, delivery states. */
import { fromHex, to0xHex } from '@status-protocol/bytes'
import { CHAT_MESSAGE_TYPES, chatMessage, wrap } from '@status-protocol/payload'
import { negotiatedChat, partitionedDiscovery, type WhisperService } from '@status-protocol/whisper'
import { afterEach, describe, expect, it } from 'vitest'
import {
  type Person,
  quickCrypto,
  ratchetPartsOf,
  statesOf,
  storedEvents,
  textsHeard,
  World,
} from './support/world.ts'

let world: World
afterEach(async () => {
  await world.close()
  expect(world.keysUsedTwice, 'message keys used for two ciphertexts').toEqual([])
})

async function pair(options: { readonly connected?: boolean } = {}): Promise<[Person, Person]> {
  world = new World()
  const [alice, bob] = [await world.person('alice'), await world.person('bob')]
  if (options.connected !== false) world.join(alice, bob)
  await world.run(200)
  return [alice, bob]
}

const arrives = (person: Person, count: number, limitMs?: number): Promise<void> =>
  world.until(() => textsHeard(person).length >= count, `${person.name} hears ${count} messages`, limitMs)

const reaches = (person: Person, id: string, state: string, limitMs?: number): Promise<void> =>
  world.until(() => statesOf(person, id).includes(state), `${person.name}'s message is ${state}`, limitMs)

const securities = (person: Person): string[] =>
  person.events.flatMap((event) => (event.type === 'message' ? [event.security] : []))

async function negotiatedTopic(a: Person, b: Person): Promise<string> {
  const { privateKey } = a.account.chatKey
  const chat = await negotiatedChat(
    { privateKey, publicKey: b.account.chatKey.publicKey },
    { crypto: quickCrypto },
  )
  return to0xHex(chat.topic)
}

const topicsOf = (person: Person): string[] => person.posts.map(({ topic }) => to0xHex(topic))

describe('first contact', () => {
  it('goes as dh on the partitioned topic, the answer and all after it on the ratchet and the negotiated topic', async () => {
    const [alice, bob] = await pair()
    const first = await alice.messenger.send(bob.id, 'hello')
    await reaches(alice, first.id, 'delivered')
    const event = bob.events.find((e) => e.type === 'message')
    if (event?.type !== 'message') throw new Error('no message')
    expect(event).toMatchObject({ security: 'dh', late: false, chat: alice.id })
    expect((await alice.messenger.message(first.id))?.security).toBe('dh')
    const answer = await bob.messenger.reply(event, 'hello you')
    await reaches(bob, answer.id, 'delivered')
    const second = await alice.messenger.send(bob.id, 'how are you?')
    await reaches(alice, second.id, 'delivered')

    expect(securities(alice)).toEqual(['ratchet'])
    expect(securities(bob)).toEqual(['dh', 'ratchet'])
    expect(statesOf(alice, first.id)).toEqual(['queued', 'sent', 'relayed', 'delivered'])
    expect(statesOf(bob, answer.id)).toEqual(['queued', 'sent', 'relayed', 'delivered'])
    expect((await alice.messenger.message(second.id))?.security).toBe('ratchet')

    const negotiated = await negotiatedTopic(alice, bob)
    expect(negotiated).toBe(await negotiatedTopic(bob, alice))
    const partition = (p: Person) =>
      to0xHex(partitionedDiscovery(p.account.chatKey.publicKey, { crypto: quickCrypto }).topic)
    expect(topicsOf(alice)[0], 'the first: Bob is not known to listen there').toBe(partition(bob))
    expect(topicsOf(alice).at(-1)).toBe(negotiated)
    expect(topicsOf(bob).at(-1)).toBe(negotiated)
    const [ours, theirs] = [await alice.messenger.messages(bob.id), await bob.messenger.messages(alice.id)]
    expect(ours.map((m) => m.text)).toEqual(['hello', 'hello you', 'how are you?'])
    expect(theirs.map((m) => m.id)).toEqual(ours.map((m) => m.id))
    expect(ours[1]?.responseTo).toBe(first.id)
  })

  it('goes on the ratchet at once where the contact code is known', async () => {
    const [alice, bob] = await pair()
    await alice.messenger.addContact(bob.account.chatKey.publicKey, 'Bob')
    await world.run(121_000) // Bob publishes his bundle two minutes after he started
    const said = await alice.messenger.send(bob.id, 'hello')
    await reaches(alice, said.id, 'delivered')
    expect(securities(bob)).toEqual(['ratchet'])
    expect(alice.trace.some((s) => s.type === 'encrypted' && s.session === 'x3dh')).toBe(true)
    expect(topicsOf(alice).at(0), 'he has not said that he listens there').not.toBe(
      await negotiatedTopic(alice, bob),
    )
  })

  it('of both at the same time ends in one conversation', async () => {
    const [alice, bob] = await pair()
    const said = await Promise.all([
      alice.messenger.send(bob.id, 'from alice'),
      bob.messenger.send(alice.id, 'from bob'),
    ])
    await reaches(alice, said[0].id, 'delivered')
    await reaches(bob, said[1].id, 'delivered')
    for (let i = 0; i < 6; i++)
      await Promise.all([alice.messenger.send(bob.id, `a${i}`), bob.messenger.send(alice.id, `b${i}`)])
    await arrives(alice, 7)
    await arrives(bob, 7)
    await world.run(2_000)
    const [ours, theirs] = [await alice.messenger.messages(bob.id), await bob.messenger.messages(alice.id)]
    expect(ours).toHaveLength(14)
    expect(theirs.map((m) => m.id)).toEqual(ours.map((m) => m.id))
    expect(ours.filter((m) => m.own).map((m) => m.delivery)).toEqual(Array(7).fill('delivered'))
    expect(new Set(securities(alice).slice(1))).toEqual(new Set(['ratchet']))
    expect(alice.messenger.rejected().size + bob.messenger.rejected().size).toBe(0)
  })

  it('by a stranger makes a chat under their key', async () => {
    const [alice, bob] = await pair()
    await alice.messenger.send(bob.id, 'you do not know me')
    await arrives(bob, 1)
    expect((await bob.messenger.chats()).map(({ id }) => id)).toEqual([alice.id])
    expect(await bob.messenger.contacts()).toEqual([])
  })
})

describe('delivery', () => {
  it('expires while no peer is there, is sent again by data sync with a new ciphertext and the same id, and arrives', async () => {
    const [alice, bob] = await pair({ connected: false })
    await alice.messenger.addContact(bob.account.chatKey.publicKey)
    const said = await alice.messenger.send(bob.id, 'is anybody there?')
    await reaches(alice, said.id, 'expired')
    expect(statesOf(alice, said.id)).toEqual(['queued', 'sent', 'expired'])
    world.join(alice, bob)
    await reaches(alice, said.id, 'delivered')
    expect(statesOf(alice, said.id).filter((state) => state === 'delivered')).toHaveLength(1)
    const event = bob.events.find((e) => e.type === 'message')
    expect(event).toMatchObject({ message: { id: said.id, text: 'is anybody there?' } })
    const payloads = alice.posts.map(({ payload }) => to0xHex(payload))
    expect(payloads.length).toBeGreaterThan(1)
    expect(new Set(payloads).size, 'no payload twice').toBe(payloads.length)
    expect((await alice.messenger.message(said.id))?.delivery).toBe('delivered')
  })

  it('of a public message: expired, sealed again with the same payload, relayed', async () => {
    const [alice, bob] = await pair({ connected: false })
    await alice.messenger.join('#status')
    await bob.messenger.join('#status')
    const said = await alice.messenger.send('#status', 'hello?')
    await reaches(alice, said.id, 'expired')
    world.join(alice, bob)
    await reaches(alice, said.id, 'relayed')
    expect(statesOf(alice, said.id)).toEqual(['queued', 'sent', 'expired', 'sent', 'relayed'])
    await arrives(bob, 1)
    expect(new Set(alice.posts.map(({ payload }) => to0xHex(payload))).size).toBe(1)
  })

  it('of a public message fails after five envelopes that nobody took', async () => {
    const [alice] = await pair({ connected: false })
    await alice.messenger.join('#status')
    const said = await alice.messenger.send('#status', 'hello?')
    await reaches(alice, said.id, 'failed', 200_000)
    const attempt = ['sent', 'expired']
    expect(statesOf(alice, said.id)).toEqual(['queued', ...Array(5).fill(attempt).flat(), 'failed'])
    const payload = to0xHex(alice.posts[0]?.payload ?? new Uint8Array(0))
    const sealed = () => alice.posts.filter((post) => to0xHex(post.payload) === payload)
    expect(sealed()).toHaveLength(5)
    await world.run(60_000)
    expect(sealed(), 'nothing more is sent').toHaveLength(5)
  })

  it('fails when nobody acknowledges for a day, and a late acknowledgement counts all the same', async () => {
    const [alice, bob] = await pair()
    const first = await alice.messenger.send(bob.id, 'one')
    await reaches(alice, first.id, 'delivered')
    const answer = await bob.messenger.send(alice.id, 'two')
    await reaches(bob, answer.id, 'delivered')
    // From now on Bob's node hears Alice, but nothing of his reaches her.
    const lost = await alice.messenger.send(bob.id, 'three')
    const held: Parameters<WhisperService['post']>[0][] = []
    await world.stop(bob)
    await world.start(bob, {
      service: (service) => ({
        ...service,
        addKeyPair: (key) => service.addKeyPair(key),
        subscribe: (filter) => service.subscribe(filter),
        status: () => service.status(),
        post: async (message) => {
          held.push(message)
          return (await service.post({ ...message, topic: Uint8Array.of(9, 9, 9, 9) as never })) as never
        },
      }),
    })
    world.join(alice, bob)
    await arrives(bob, 1)
    for (let hours = 0; hours < 40 && !statesOf(alice, lost.id).includes('failed'); hours++)
      await world.run(3_600_000, 2_000)
    expect(statesOf(alice, lost.id).at(-1)).toBe('failed')
    expect(textsHeard(bob), 'shown once, however often it came').toEqual(['three'])
    const ack = held.find(({ payload }) => ratchetPartsOf(payload).length > 0)
    if (!ack) throw new Error('no acknowledgement')
    // The keys of old acknowledgements are kept for those that come late.
    await bob.whisper.service.post({
      ...ack,
      signer: await bob.whisper.service.addKeyPair(bob.account.chatKey.privateKey),
    })
    await reaches(alice, lost.id, 'delivered')
    expect((await alice.messenger.message(lost.id))?.delivery).toBe('delivered')
  }, 120_000)

  it('is exactly once for everything at 30 % loss, in one order on both sides', async () => {
    world = new World(7)
    const [alice, bob] = [await world.person('alice'), await world.person('bob')]
    world.join(alice, bob, { drop: 0.3, duplicate: 0.1, delayMs: [5, 300], reorder: true })
    // A lost handshake packet is no message: it goes through when the link is made again.
    for (let i = 0; i < 20 && alice.whisper.peers().length + bob.whisper.peers().length < 2; i++) {
      await world.run(11_000)
      if (alice.whisper.peers().length + bob.whisper.peers().length < 2) world.join(alice, bob, { drop: 0.3 })
    }
    const said: string[] = []
    for (let i = 0; i < 12; i++) {
      said.push((await world.whileRunning(alice.messenger.send(bob.id, `a${i}`))).id)
      said.push((await world.whileRunning(bob.messenger.send(alice.id, `b${i}`))).id)
      await world.run(200)
    }
    const isDone = async (p: Person, other: Person) => {
      const list = await p.messenger.messages(other.id, { limit: 1000 })
      return list.length === 24 && list.every((m) => !m.own || m.delivery === 'delivered')
    }
    await world.until(
      async () => (await isDone(alice, bob)) && (await isDone(bob, alice)),
      'everything delivered',
      3_600_000,
    )
    expect(textsHeard(bob).sort()).toEqual(Array.from({ length: 12 }, (_, i) => `a${i}`).sort())
    expect(textsHeard(alice).sort()).toEqual(Array.from({ length: 12 }, (_, i) => `b${i}`).sort())
    const [ours, theirs] = [
      await alice.messenger.messages(bob.id, { limit: 1000 }),
      await bob.messenger.messages(alice.id, { limit: 1000 }),
    ]
    expect(theirs.map((m) => m.id)).toEqual(ours.map((m) => m.id))
    expect(
      [...ours].sort((a, b) => (a.clock === b.clock ? (a.id < b.id ? -1 : 1) : a.clock < b.clock ? -1 : 1)),
    ).toEqual(ours)
    expect(new Set(said).size).toBe(24)
  }, 120_000)

  it('is told as late where a message with a higher clock is there already', async () => {
    const [alice, bob] = await pair()
    await bob.messenger.join('#status')
    await alice.messenger.join('#status')
    const { symKey, topic } = await chatKeys('#status')
    const nowMs = world.clock.wallMs()
    const signer = await alice.whisper.service.addKeyPair(alice.account.chatKey.privateKey)
    for (const [text, clock] of [
      ['second', nowMs + 10],
      ['first', nowMs],
    ] as const) {
      const content = chatMessage({ chatId: 'status', text, clock, timestamp: nowMs })
      const payload = wrap(content, alice.account.chatKey)
      await alice.whisper.service.post({ to: { symKey }, topic, payload, signer })
      await world.run(200)
    }
    const late = bob.events.flatMap((e) => (e.type === 'message' ? [[e.message.text, e.late]] : []))
    expect(late).toEqual([
      ['second', false],
      ['first', true],
    ])
    expect((await bob.messenger.messages('#status')).map((m) => m.text)).toEqual(['first', 'second'])
  })
})

describe('what weakens a conversation', () => {
  it('is flagged as downgraded and does not change what we send', async () => {
    const [alice, bob] = await pair()
    await talk(alice, bob)
    const signer = await alice.whisper.service.addKeyPair(alice.account.chatKey.privateKey)
    const nowMs = world.clock.wallMs()
    const content = chatMessage({
      chatId: bob.id,
      messageType: CHAT_MESSAGE_TYPES.oneToOne,
      text: 'in the clear of whisper',
      clock: nowMs + 5,
      timestamp: nowMs,
    })
    const { topic } = partitionedDiscovery(bob.account.chatKey.publicKey)
    await alice.whisper.service.post({
      to: { publicKey: bob.account.chatKey.publicKey },
      topic,
      payload: wrap(content, alice.account.chatKey),
      signer,
    })
    await arrives(bob, 2)
    const event = bob.events.findLast((e) => e.type === 'message')
    expect(event).toMatchObject({ security: 'whisper', message: { downgraded: true } })
    const answer = await bob.messenger.send(alice.id, 'still safe')
    await reaches(bob, answer.id, 'delivered')
    expect((await bob.messenger.message(answer.id))?.security).toBe('ratchet')
    expect(alice.events.findLast((e) => e.type === 'message')).toMatchObject({ security: 'ratchet' })
    const [first] = await bob.messenger.messages(alice.id)
    expect(first?.downgraded, 'the first message could not be better').toBeUndefined()
  })

  it('leaving the chat does not make us forget that it was safe', async () => {
    const [alice, bob] = await pair()
    await talk(alice, bob)
    await bob.messenger.leave(alice.id)
    expect(await bob.messenger.chats()).toEqual([])
    const again = await alice.messenger.send(bob.id, 'hello?')
    await reaches(alice, again.id, 'delivered')
    expect((await bob.messenger.chats()).map(({ id }) => id)).toEqual([alice.id])
    expect((await bob.messenger.messages(alice.id)).map((m) => m.text)).toEqual([
      'hi',
      'hi yourself',
      'hello?',
    ])
  })

  it('a message that no key opens is an event if we know the sender, else a number', async () => {
    const [alice, bob] = await pair()
    await talk(alice, bob)
    await world.stop(bob)
    // Bob's sessions are lost; his chats are not.
    for (const table of ['double-ratchet.installations', 'double-ratchet.own'])
      for await (const [key] of bob.storage.range(
        table,
        new Uint8Array(0),
        new Uint8Array(200).fill(255),
        1000,
      ))
        await bob.storage.commit([{ del: [table, key] }])
    await world.start(bob)
    world.join(alice, bob)
    await alice.messenger.send(bob.id, 'can you read this?')
    await world.until(() => bob.events.some((e) => e.type === 'undecryptable'), 'undecryptable')
    expect(bob.events.find((e) => e.type === 'undecryptable')).toMatchObject({
      from: alice.account.chatKey.publicKey,
      reason: 'no-session',
    })
    expect(textsHeard(bob)).toEqual([])
  })

  it('a repetition of a private envelope is neither shown nor told', async () => {
    const [alice, bob] = await pair()
    await talk(alice, bob)
    const signer = await alice.whisper.service.addKeyPair(alice.account.chatKey.privateKey)
    const events = (await storedEvents(bob)).length
    for (const post of alice.posts) await alice.whisper.service.post({ ...post, signer })
    await world.run(3_000)
    expect((await storedEvents(bob)).filter((e) => e.type !== 'delivery')).toHaveLength(
      bob.events.filter((e) => e.type === 'message').length,
    )
    expect((await storedEvents(bob)).length).toBe(events)
    expect(bob.messenger.rejected().get('repeated')).toBeGreaterThan(0)
    expect(bob.messenger.rejected().get('undecryptable')).toBeUndefined()
  })
})

describe('who may say what over the private line', () => {
  /** Alice's session carries a wrapper that is not what it should be. */
  async function viaSession(make: (people: { alice: Person; bob: Person; eve: Person }) => Uint8Array) {
    const [alice, bob] = await pair()
    const eve = await world.person('eve')
    const { createSecureChannel } = await import('@status-protocol/double-ratchet')
    const { privateKey, publicKey } = alice.account.chatKey
    const channel = createSecureChannel({
      identity: privateKey,
      installationId: 'a-device',
      storage: (await import('@status-protocol/storage-memory')).createMemoryStorage(),
    })
    const sealed = await channel.encrypt(bob.account.chatKey.publicKey, make({ alice, bob, eve }))
    const to = bob.account.chatKey.publicKey
    await alice.whisper.service.post({
      to: { publicKey: to },
      topic: partitionedDiscovery(to).topic,
      payload: sealed,
      signer: await alice.whisper.service.addKeyPair(privateKey),
    })
    await world.run(1_000)
    return { bob, alicesKey: publicKey }
  }
  const oneToOne = (chatId: string, text = 'hello') =>
    chatMessage({
      chatId,
      messageType: CHAT_MESSAGE_TYPES.oneToOne,
      text,
      clock: world.clock.wallMs(),
      timestamp: world.clock.wallMs(),
    })

  it('takes what its author says to us', async () => {
    const { bob } = await viaSession((p) => wrap(oneToOne(p.bob.id), p.alice.account.chatKey))
    expect(textsHeard(bob)).toEqual(['hello'])
  })
  it("drops what is somebody else's: forwarded under another session", async () => {
    const { bob } = await viaSession((p) => wrap(oneToOne(p.bob.id), p.eve.account.chatKey))
    expect(textsHeard(bob)).toEqual([])
    expect(bob.messenger.rejected().get('author-mismatch')).toBe(1)
    expect(await bob.messenger.chats()).toEqual([])
  })
  it('drops what nobody signed', async () => {
    const { bob } = await viaSession((p) => wrap(oneToOne(p.bob.id), 'unsigned'))
    expect(textsHeard(bob)).toEqual([])
    expect(bob.messenger.rejected().get('unsigned-message')).toBe(1)
  })
  it('drops what names another chat', async () => {
    const { bob } = await viaSession((p) => wrap(oneToOne(p.eve.id), p.alice.account.chatKey))
    expect(textsHeard(bob)).toEqual([])
    expect(bob.messenger.rejected().get('wrong-chat')).toBe(1)
  })
  it('refuses a private chat with oneself, and keys that are none', async () => {
    const [alice] = await pair()
    const invalid = expect.objectContaining({ code: 'invalid-chat' })
    await expect(alice.messenger.send(alice.id, 'x')).rejects.toThrow(invalid)
    await expect(alice.messenger.join(alice.id)).rejects.toThrow(invalid)
    await expect(alice.messenger.addContact(alice.account.chatKey.publicKey)).rejects.toThrow(invalid)
    const noPoint = fromHex(`04${'11'.repeat(64)}`) as never
    await expect(alice.messenger.addContact(noPoint)).rejects.toThrow(invalid)
    await expect(alice.messenger.addContact(new Uint8Array(3) as never)).rejects.toThrow(invalid)
    expect(await alice.messenger.contacts()).toEqual([])
  })
})

async function talk(alice: Person, bob: Person): Promise<void> {
  const first = await alice.messenger.send(bob.id, 'hi')
  await reaches(alice, first.id, 'delivered')
  const second = await bob.messenger.send(alice.id, 'hi yourself')
  await reaches(bob, second.id, 'delivered')
}

async function chatKeys(name: string) {
  const { publicChat } = await import('@status-protocol/whisper')
  const { symmetricKey, topic } = await publicChat(name.slice(1), { crypto: quickCrypto })
  return { symKey: symmetricKey, topic }
}
