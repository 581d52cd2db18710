/** Starts, restarts and leaving: what is listened to, and what it costs. */

import { createSecureChannel } from '@status-protocol/double-ratchet'
import { createMessenger } from '@status-protocol/messenger'
import { chatMessage, wrap } from '@status-protocol/payload'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { seededRandom } from '@status-protocol/testkit'
import { contactCode, createWhisper, publicChat } from '@status-protocol/whisper'
import { afterEach, describe, expect, it } from 'vitest'
import { oneToOneChat } from '../src/chat.ts'
import { namesOf } from '../src/routing.ts'
import { getRoute, putChat } from '../src/tables.ts'
import { quickCrypto, statesOf, storedEvents, textsHeard, World } from './support/world.ts'

let world: World
afterEach(() => world.close())

describe('a start', () => {
  it('derives no key that an earlier one has derived', async () => {
    world = new World(31)
    const derivations = { count: 0 }
    const random = seededRandom(31)
    const counting = {
      ...quickCrypto,
      pbkdf2: (options: Parameters<typeof quickCrypto.pbkdf2>[0]) => {
        if (options.iterations > 10_000) derivations.count++
        return quickCrypto.pbkdf2(options)
      },
    }
    const privateKey = random.bytes(32)
    const storage = createMemoryStorage()
    const run = async () => {
      const whisper = createWhisper({ crypto: quickCrypto })
      const account = { chatKey: { privateKey, publicKey: quickCrypto.publicKey(privateKey) } }
      return createMessenger({
        account,
        storage,
        whisper: whisper.service,
        crypto: counting,
        clock: world.clock,
        scheduler: world.clock,
      })
    }
    const first = await run()
    for (let i = 0; i < 5; i++) await first.join(`#chat${i}`)
    for (let i = 0; i < 5; i++) await first.addContact(quickCrypto.publicKey(random.bytes(32)) as never)
    await first.close()
    expect(derivations.count).toBe(5 + 2 * 5)
    const again = await run()
    expect(derivations.count).toBe(5 + 2 * 5)
    await again.close()
  })

  it('does not wait for what it has to derive, and what it has begun ends with it', async () => {
    world = new World(37)
    const random = seededRandom(37)
    const asked: (() => void)[] = []
    const slow = {
      ...quickCrypto,
      pbkdf2: async (options: Parameters<typeof quickCrypto.pbkdf2>[0]) => {
        if (options.iterations > 10_000) await new Promise<void>((resolve) => asked.push(resolve))
        return quickCrypto.pbkdf2(options)
      },
    }
    const storage = createMemoryStorage()
    const chats = [1, 3, 2].map((clock) => {
      const chat = oneToOneChat(quickCrypto.publicKey(random.bytes(32)))
      return { chat, joinedAtMs: 1, lastClock: BigInt(clock) }
    })
    await storage.commit(chats.map(putChat))
    const privateKey = random.bytes(32)
    const messenger = await createMessenger({
      account: { chatKey: { privateKey, publicKey: quickCrypto.publicKey(privateKey) } },
      ...{ storage, crypto: slow, clock: world.clock, scheduler: world.clock },
      whisper: createWhisper({ crypto: quickCrypto }).service,
    })
    const routes = async (): Promise<boolean[]> =>
      Promise.all(
        chats.map(async ({ chat }) => (await getRoute(storage, namesOf(chat)[0] as string)) !== undefined),
      )
    const release = async () => {
      await world.run(100)
      asked.shift()?.()
      await world.run(100)
    }
    expect(await messenger.chats()).toHaveLength(3)
    await release()
    expect(await routes(), 'the liveliest chat first').toEqual([false, true, false])
    await release()
    await release()
    expect(await routes()).toEqual([false, true, true])
    const closed = messenger.close()
    for (let i = 0; i < 4; i++) await release()
    await closed
    expect(asked, 'no more is asked for').toEqual([])
    expect(await routes()).toEqual([false, true, true])
  })

  it('listens to strangers who wrote before', async () => {
    world = new World(32)
    const [alice, bob] = [await world.person('alice'), await world.person('bob')]
    world.join(alice, bob)
    const first = await alice.messenger.send(bob.id, 'you do not know me')
    await world.until(() => statesOf(alice, first.id).includes('delivered'), 'delivered')
    await world.stop(bob)
    await world.start(bob)
    world.join(alice, bob)
    const second = await alice.messenger.send(bob.id, 'still me')
    await world.until(() => statesOf(alice, second.id).includes('delivered'), 'delivered')
    expect(alice.trace.findLast((s) => s.type === 'posted')).toMatchObject({ way: 'negotiated' })
    expect(textsHeard(bob)).toEqual(['still me'])
  })

  it('from a store that is damaged is refused, and leaves nothing open', async () => {
    world = new World(33)
    const alice = await world.person('alice')
    await alice.messenger.join('#status')
    await world.stop(alice)
    await alice.storage.commit([{ put: ['chat', new Uint8Array([1]), new Uint8Array([0xff])] }])
    const whisper = createWhisper({ crypto: quickCrypto, clock: world.clock, scheduler: world.clock })
    const { account, storage } = alice
    const options = { account, storage, whisper: whisper.service, clock: world.clock, scheduler: world.clock }
    await expect(createMessenger(options)).rejects.toThrow(expect.objectContaining({ code: 'damaged-store' }))
    expect(whisper.stats().filters).toBe(0)
    await whisper.close()
  })
})

describe('leaving a public chat', () => {
  it('ends listening; what was under way does not bring it back', async () => {
    world = new World(34)
    const [alice, bob] = [await world.person('alice'), await world.person('bob')]
    world.join(alice, bob)
    for (const p of [alice, bob]) await p.messenger.join('#status')
    await world.run(100)
    await bob.messenger.send('#status', 'one')
    await world.until(() => textsHeard(alice).length === 1, 'one')
    const said = bob.messenger.send('#status', 'two')
    await world.run(20, 1)
    await alice.messenger.leave('#status')
    await said
    await world.run(2_000)
    expect(await alice.messenger.chats()).toEqual([])
    await expect(alice.messenger.send('#status', 'x')).rejects.toThrow(
      expect.objectContaining({ code: 'not-joined' }),
    )
    await world.stop(alice)
    await world.start(alice)
    world.join(alice, bob)
    await bob.messenger.send('#status', 'three')
    await world.run(2_000)
    expect(textsHeard(alice)).toEqual([])
    await alice.messenger.join('#status')
    expect((await alice.messenger.messages('#status')).map((m) => m.text)[0]).toBe('one')
  })
})

describe('a contact code', () => {
  it('teaches bundles; what else is in it is not read, since anybody reads along', async () => {
    world = new World(35)
    const [alice, bob] = [await world.person('alice'), await world.person('bob')]
    world.join(alice, bob)
    await bob.messenger.addContact(alice.account.chatKey.publicKey)
    const channel = createSecureChannel({
      identity: alice.account.chatKey.privateKey,
      installationId: 'a-device',
      storage: createMemoryStorage(),
      crypto: quickCrypto,
      clock: world.clock,
    })
    const nowMs = world.clock.wallMs()
    const content = chatMessage({
      chatId: bob.id,
      messageType: 1,
      text: 'hello',
      clock: nowMs,
      timestamp: nowMs,
    })
    const inside = wrap(content, alice.account.chatKey)
    const code = await contactCode(alice.account.chatKey.publicKey, { crypto: quickCrypto })
    const signer = await alice.whisper.service.addKeyPair(alice.account.chatKey.privateKey)
    const { topic, symmetricKey } = code
    for (const payload of [
      await channel.encrypt(bob.account.chatKey.publicKey, inside),
      await channel.contactCode(),
    ])
      await alice.whisper.service.post({ to: { symKey: symmetricKey }, topic, payload, signer })
    await world.run(1_000)
    expect(textsHeard(bob)).toEqual([])
    expect((await storedEvents(bob)).map(({ type }) => type)).toEqual(['device'])
    const said = await bob.messenger.send(alice.id, 'on the ratchet at once')
    await world.run(1_000)
    expect((await bob.messenger.message(said.id))?.security).toBe('ratchet')
  })
})

describe('a public chat', () => {
  it('is found by its name alone', async () => {
    world = new World(36)
    const bob = await world.person('bob')
    await bob.messenger.join('#status')
    const { topic } = await publicChat('status', { crypto: quickCrypto })
    await bob.messenger.send('#status', 'hello')
    await world.run(100)
    expect(bob.posts.map((post) => [...post.topic])).toEqual([[...topic]])
  })
})
