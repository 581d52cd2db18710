/** ARCHITECTURE.md, "Who may say what", against people who have what others have said: signatures, wrappers, envelopes. */
import { to0xHex } from '@status-protocol/bytes'
import { createSecureChannel } from '@status-protocol/double-ratchet'
import { encodePayload, oneToOneGroupId } from '@status-protocol/mvds'
import {
  CHAT_MESSAGE_TYPES,
  chatMessage,
  decodeWrapper,
  encodeWrapper,
  oneToOneChatId,
  unwrap,
  wrap,
} from '@status-protocol/payload'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { partitionedDiscovery, publicChat } from '@status-protocol/whisper'
import { afterEach, describe, expect, it } from 'vitest'
import { type Person, quickCrypto, statesOf, textsHeard, World } from './support/world.ts'

let world: World
afterEach(async () => {
  await world.close()
  expect(world.keysUsedTwice).toEqual([])
})

/** Alice and Bob talk; Eve is on the network and sees whatever she likes. */
async function scene(): Promise<{ alice: Person; bob: Person; eve: Person }> {
  world = new World(71)
  const [alice, bob, eve] = [
    await world.person('alice'),
    await world.person('bob'),
    await world.person('eve'),
  ]
  world.join(alice, bob)
  world.join(eve, bob)
  for (const person of [alice, bob, eve]) await person.messenger.join('#status')
  await world.run(200)
  return { alice, bob, eve }
}

async function talk(alice: Person, bob: Person): Promise<void> {
  for (const [from, to] of [
    [alice, bob],
    [bob, alice],
    [alice, bob],
  ] as const) {
    const { id } = await from.messenger.send(to.id, 'hi')
    await world.until(() => statesOf(from, id).includes('delivered'), 'delivered')
  }
}

/** Eve's envelope with whatever she wants in it, to Bob's key or to a public chat. */
async function post(eve: Person, bob: Person, payload: Uint8Array, chat?: string): Promise<void> {
  const signer = await eve.whisper.service.addKeyPair(eve.account.chatKey.privateKey)
  const to = bob.messenger.publicKey
  const way = chat
    ? await publicChat(chat, { crypto: quickCrypto }).then(({ topic, symmetricKey }) => ({
        topic,
        to: { symKey: symmetricKey },
      }))
    : { topic: partitionedDiscovery(to, { crypto: quickCrypto }).topic, to: { publicKey: to } }
  await eve.whisper.service.post({ ...way, payload, signer })
  await world.run(500)
}

const privateText = (to: Person, text: string) =>
  chatMessage({
    chatId: oneToOneChatId(to.messenger.publicKey),
    messageType: CHAT_MESSAGE_TYPES.oneToOne,
    text,
    clock: world.clock.wallMs(),
    timestamp: world.clock.wallMs(),
  })
const publicText = (text: string) =>
  chatMessage({ chatId: 'status', text, clock: world.clock.wallMs(), timestamp: world.clock.wallMs() })

describe('a stolen signature', () => {
  it('does not carry other words: what it is put under has no known author', async () => {
    const { alice, bob, eve } = await scene()
    for (const chat of ['status', undefined]) {
      const content = chat ? publicText('I owe Eve nothing') : privateText(bob, 'I owe Eve nothing')
      const forged = chat ? publicText('I owe Eve a house') : privateText(bob, 'I owe Eve a house')
      const { signature } = decodeWrapper(wrap(content, alice.account.chatKey))
      const wrapper = encodeWrapper({ ...decodeWrapper(wrap(forged, eve.account.chatKey)), signature })
      expect(unwrap(wrapper)).toMatchObject({ ok: true })
      await post(eve, bob, wrapper, chat)
    }
    expect(textsHeard(bob)).toEqual([])
    expect(bob.messenger.rejected().get('author-mismatch')).toBe(2)
    expect(await bob.messenger.messages('#status')).toEqual([])
    expect(await bob.messenger.messages(alice.id)).toEqual([])
  })

  it('with its own words does not get into a chat by another way', async () => {
    const { alice, bob, eve } = await scene()
    const toAll = wrap(publicText('for all'), alice.account.chatKey)
    const toBob = wrap(privateText(bob, 'for bob'), alice.account.chatKey)
    const toEve = wrap(privateText(eve, 'for eve'), alice.account.chatKey)
    for (const wrapper of [toAll, toBob, toEve]) {
      await post(eve, bob, wrapper)
      await post(eve, bob, wrapper, 'status')
    }
    expect(textsHeard(bob)).toEqual([])
    expect(bob.messenger.rejected().get('author-mismatch')).toBe(6)
  })

  it("in Alice's own envelope, on the wrong way, is in no chat either", async () => {
    const { alice, bob, eve } = await scene()
    await post(alice, bob, wrap(publicText('for all'), alice.account.chatKey))
    await post(alice, bob, wrap(privateText(bob, 'for bob'), alice.account.chatKey), 'status')
    await post(alice, bob, wrap(privateText(eve, 'for eve'), alice.account.chatKey))
    expect(textsHeard(bob)).toEqual([])
    expect(bob.messenger.rejected().get('wrong-chat')).toBe(3)
  })
})

describe("what Alice's device has encrypted, in Eve's envelope", () => {
  it('is read neither from Eve nor as if from Alice, before and after the true one', async () => {
    const { alice, bob, eve } = await scene()
    await talk(alice, bob)
    const before = textsHeard(bob).length
    for (const { payload } of [...alice.posts]) await post(eve, bob, payload)
    expect(textsHeard(bob)).toHaveLength(before)
    expect((await bob.messenger.chats()).map(({ id }) => id)).not.toContain(eve.id)
    const said = await alice.messenger.send(bob.id, 'still ours')
    await world.until(() => statesOf(alice, said.id).includes('delivered'), 'delivered')
    expect(bob.events.findLast((e) => e.type === 'message')).toMatchObject({
      security: 'ratchet',
      chat: alice.id,
    })
  })

  it('handed in first uses nothing up: the true one is read all the same', async () => {
    world = new World(72)
    const [alice, bob, eve] = [
      await world.person('alice'),
      await world.person('bob'),
      await world.person('eve'),
    ]
    world.join(eve, bob)
    await world.run(200)
    await alice.messenger.send(bob.id, 'hello') // nobody carries it
    await world.run(500)
    for (const { payload } of [...alice.posts]) await post(eve, bob, payload)
    expect(textsHeard(bob)).toEqual([])
    world.join(alice, bob)
    await world.until(() => textsHeard(bob).length === 1, 'the true one')
    expect(bob.events.find((e) => e.type === 'message')).toMatchObject({ chat: alice.id })
  })

  it('teaches nothing of keys to Eve or about her', async () => {
    const { alice, bob, eve } = await scene()
    await talk(alice, bob)
    for (const { payload } of [...alice.posts]) await post(eve, bob, payload)
    await expect(bob.messenger.send(eve.id, 'x', { security: 'ratchet' })).rejects.toThrow(
      expect.objectContaining({ code: 'no-forward-secrecy' }),
    )
  })
})

describe("what Eve's own device encrypts", () => {
  async function viaSession(eve: Person, bob: Person, plaintext: Uint8Array): Promise<void> {
    const channel = createSecureChannel({
      identity: eve.account.chatKey.privateKey,
      installationId: 'a-device-of-eve',
      storage: createMemoryStorage(),
      crypto: quickCrypto,
      clock: world.clock,
    })
    await post(eve, bob, await channel.encrypt(bob.messenger.publicKey, plaintext))
  }

  it('cannot deliver into the group of Alice and Bob; that is counted', async () => {
    const { alice, bob, eve } = await scene()
    const groupId = oneToOneGroupId(alice.messenger.publicKey, bob.messenger.publicKey)
    const body = wrap(privateText(bob, 'as if from alice'), alice.account.chatKey)
    const message = { groupId, body, timestampSeconds: BigInt(Math.floor(world.clock.wallMs() / 1000)) }
    await viaSession(eve, bob, encodePayload({ acks: [], offers: [], requests: [], messages: [message] }))
    expect(textsHeard(bob)).toEqual([])
    expect(bob.messenger.rejected().get('foreign-group')).toBe(1)
  })

  it('cannot acknowledge what is for Bob', async () => {
    world = new World(73)
    const [alice, bob, eve] = [
      await world.person('alice'),
      await world.person('bob'),
      await world.person('eve'),
    ]
    world.join(eve, alice)
    await world.run(200)
    const said = await alice.messenger.send(bob.id, 'for bob')
    await world.until(() => statesOf(alice, said.id).includes('relayed'), 'relayed')
    const ids: Uint8Array[] = []
    const all = [new Uint8Array(0), new Uint8Array(40).fill(255), 10] as const
    for await (const [key] of alice.storage.range('sync', ...all)) ids.push(key)
    expect(ids).toHaveLength(1)
    await viaSession(eve, alice, encodePayload({ acks: ids, offers: [], requests: [], messages: [] }))
    await world.run(2_000)
    expect(statesOf(alice, said.id)).not.toContain('delivered')
    expect((await alice.messenger.message(said.id))?.deliveredTo).toBeUndefined()
  })

  it("cannot put Alice's wrapper under her own name, nor a made-up one", async () => {
    const { alice, bob, eve } = await scene()
    await viaSession(eve, bob, wrap(privateText(bob, 'hello'), alice.account.chatKey))
    const madeUp = {
      ...decodeWrapper(wrap(privateText(bob, 'x'), eve.account.chatKey)),
      signature: new Uint8Array(65).fill(17),
    }
    await viaSession(eve, bob, encodeWrapper(madeUp))
    expect(textsHeard(bob)).toEqual([])
    expect(await bob.messenger.chats()).toMatchObject([{ id: '#status' }])
  })

  it('may of course say what is hers', async () => {
    const { bob, eve } = await scene()
    await viaSession(eve, bob, wrap(privateText(bob, 'hello'), eve.account.chatKey))
    expect(bob.events.find((e) => e.type === 'message')).toMatchObject({
      chat: to0xHex(eve.messenger.publicKey),
    })
  })
})
