/**
 * Deniable chats: nothing that is said is signed by anybody. The proof is a forgery: with the reader's keys alone messages
 * of the other are made that the reader's messenger cannot tell from genuine ones.
 */
import { toHex } from '@status-protocol/bytes'
import {
  createSecureChannel,
  createSelf,
  decodeProtocolMessage,
  encodeProtocolMessage,
  loadConversation,
  storageReads,
} from '@status-protocol/double-ratchet'
import { initiateRatchet, ratchetEncrypt } from '@status-protocol/double-ratchet/ratchet'
import { acceptX3dh } from '@status-protocol/double-ratchet/x3dh'
import { encodePayload, oneToOneGroupId } from '@status-protocol/mvds'
import { CHAT_MESSAGE_TYPES, chatMessage, oneToOneChatId, unwrap, wrap } from '@status-protocol/payload'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { seededRandom } from '@status-protocol/testkit'
import { negotiatedChat } from '@status-protocol/whisper'
import { afterEach, describe, expect, it } from 'vitest'
import type { ChatId } from '../src/chat.ts'
import { type ChatRecord, getChat, putChat } from '../src/tables.ts'
import { contentsOf } from './support/contents.ts'
import { type Person, quickCrypto, statesOf, textsHeard, World } from './support/world.ts'

let world: World
afterEach(async () => {
  await world.close()
  expect(world.keysUsedTwice, 'message keys used for two ciphertexts').toEqual([])
})

const code = (wanted: string) => expect.objectContaining({ code: wanted })
const delivered = (from: Person, id: string) =>
  world.until(() => statesOf(from, id).includes('delivered'), 'delivered')

async function says(from: Person, to: Person, text: string) {
  const message = await from.messenger.send(to.id, text)
  await delivered(from, message.id)
  return message
}

async function acquainted(): Promise<[Person, Person]> {
  world = new World(81)
  const [alice, bob] = [await world.person('alice'), await world.person('bob')]
  world.join(alice, bob)
  await world.run(200)
  await says(alice, bob, 'hi')
  await says(bob, alice, 'hi yourself')
  await says(alice, bob, 'how are you?')
  await world.run(1_000)
  return [alice, bob]
}

const topicOf = (a: Person, b: Person) =>
  negotiatedChat(
    { privateKey: a.account.chatKey.privateKey, publicKey: b.account.chatKey.publicKey },
    { crypto: quickCrypto },
  )
const last = <T>(list: readonly T[]): T => list.at(-1) as T

describe('a deniable chat', () => {
  it('has no signature anywhere, acknowledgements included, and says so of each message', async () => {
    const [alice, bob] = await acquainted()
    const isShown = async () =>
      (await alice.messenger.chatStates()).map(({ chat, deniable }) => [chat.id, deniable])
    expect(await isShown()).toEqual([[bob.id, undefined]])
    await alice.messenger.setDeniable(bob.id, true)
    expect(await isShown()).toEqual([[bob.id, true]])
    await bob.messenger.setDeniable(alice.id, true)
    const since = [alice.posts.length, bob.posts.length] as const
    const first = await says(alice, bob, 'between us')
    const second = await says(bob, alice, 'of course')
    expect(first).toMatchObject({ deniable: true, security: 'ratchet' })
    for (const post of [...alice.posts.slice(since[0]), ...bob.posts.slice(since[1])]) {
      expect(post.signer).toBeUndefined()
      expect(toHex(post.topic)).toBe(toHex((await topicOf(alice, bob)).topic))
      const { bundles, directMessages } = decodeProtocolMessage(post.payload)
      expect(bundles).toEqual([])
      expect(directMessages.every(({ dhHeader }) => dhHeader === undefined)).toBe(true)
    }
    expect(last(await bob.messenger.messages(alice.id))).toMatchObject({ id: second.id, own: true })
    expect(await bob.messenger.message(first.id)).toMatchObject({
      text: 'between us',
      author: alice.messenger.publicKey,
      deniable: true,
      security: 'ratchet',
    })
    expect(alice.messenger.rejected().get('unsigned-envelope')).toBeUndefined()
    expect(bob.messenger.rejected().get('unsigned-envelope')).toBeUndefined()
  })

  it('is so for what we say only; the other acknowledges it without a signature all the same', async () => {
    const [alice, bob] = await acquainted()
    await alice.messenger.setDeniable(bob.id, true)
    const since = bob.posts.length
    await says(alice, bob, 'between us')
    await world.run(500)
    expect(bob.posts.slice(since).map(({ signer }) => signer)).toEqual([undefined])
    const answer = await says(bob, alice, 'I stand by what I say')
    expect(await alice.messenger.message(answer.id)).not.toHaveProperty('deniable')
    expect(last(bob.posts).signer).toBeDefined()
  })

  it('stays so after a restart, and until it is taken back', async () => {
    const [alice, bob] = await acquainted()
    await alice.messenger.setDeniable(bob.id, true)
    await world.stop(alice)
    await world.start(alice)
    world.join(alice, bob)
    await world.run(200)
    expect(await says(alice, bob, 'between us')).toMatchObject({ deniable: true })
    await alice.messenger.setDeniable(bob.id, false)
    expect(await says(alice, bob, 'you may quote me')).not.toHaveProperty('deniable')
    expect(last(alice.posts).signer).toBeDefined()
  })

  it('cannot be written in until all devices of the other have been heard, nor in the clear of Whisper', async () => {
    world = new World(82)
    const [alice, bob] = [await world.person('alice'), await world.person('bob')]
    world.join(alice, bob)
    await world.run(200)
    await alice.messenger.setDeniable(bob.id, true)
    await expect(alice.messenger.send(bob.id, 'x')).rejects.toThrow(code('not-deniable'))
    expect(await alice.messenger.messages(bob.id)).toEqual([])
    await alice.messenger.setDeniable(bob.id, false)
    await bob.messenger.requestContact(alice.messenger.publicKey)
    await says(alice, bob, 'hi')
    await alice.messenger.setDeniable(bob.id, true)
    await says(alice, bob, 'now between us')
    await expect(alice.messenger.send(bob.id, 'x', { security: 'dh' })).rejects.toThrow(
      code('invalid-security'),
    )
    await expect(alice.messenger.setDeniable('#status', true)).rejects.toThrow(code('invalid-security'))
    await expect(alice.messenger.setDeniable(alice.id, true)).rejects.toThrow(code('invalid-chat'))
  })
})

describe('who is written to deniably', () => {
  it('is who has said something, also before that was noted', async () => {
    const [alice, bob] = await acquainted()
    await alice.messenger.setDeniable(bob.id, true)
    const { answered, ...before } = (await getChat(alice.storage, bob.id as ChatId)) as ChatRecord
    expect(answered).toBe(true)
    await alice.storage.commit([putChat(before)])
    await says(alice, bob, 'between us')
    expect(await getChat(alice.storage, bob.id as ChatId)).toMatchObject({ answered: true })
  })

  it('is who took us as a contact', async () => {
    world = new World(86)
    const [alice, bob] = [await world.person('alice'), await world.person('bob')]
    world.join(alice, bob)
    await world.run(200)
    await alice.messenger.requestContact(bob.messenger.publicKey)
    await world.run(2_000)
    await alice.messenger.setDeniable(bob.id, true)
    await expect(alice.messenger.send(bob.id, 'x')).rejects.toThrow(code('not-deniable'))
    await bob.messenger.acceptContact(alice.messenger.publicKey)
    await world.run(2_000)
    await says(alice, bob, 'between us')
  })

  it('is who had answered before we started anew, as from an export', async () => {
    const [alice, bob] = await acquainted()
    const storage = createMemoryStorage()
    for (const table of ['chat', 'message', 'message-key'])
      for await (const [key, value] of alice.storage.range(
        table,
        new Uint8Array(0),
        new Uint8Array(160).fill(255),
        99,
      ))
        await storage.commit([{ put: [table, key, value] }])
    await world.stop(alice)
    const anew = await world.person('alice anew', { account: alice.account, storage })
    world.join(anew, bob)
    await world.run(200)
    await says(anew, bob, 'I am back')
    await world.run(2_000)
    await anew.messenger.setDeniable(bob.id, true)
    await says(anew, bob, 'between us')
    expect(textsHeard(bob).at(-1)).toBe('between us')
  })

  it('is not who has a new device, which may know nothing of us, until that or another of theirs has answered', async () => {
    const [alice, bob] = await acquainted()
    await alice.messenger.setDeniable(bob.id, true)
    await says(alice, bob, 'between us')
    await world.stop(bob)
    // Bob has his phrase, and nothing else.
    const anew = await world.person('bob anew', { account: bob.account })
    world.join(alice, anew)
    await world.run(200)
    await alice.messenger.setDeniable(bob.id, false)
    await alice.messenger.send(bob.id, 'are you there?')
    await world.until(() => textsHeard(anew).length === 1, 'heard')
    await world.run(2_000)
    await alice.messenger.setDeniable(bob.id, true)
    await expect(alice.messenger.send(bob.id, 'x')).rejects.toThrow(code('not-deniable'))
    await says(anew, alice, 'I am')
    await world.run(1_000)
    await says(alice, anew, 'between us again')
  })
})

/** Somebody with the reader's keys posts without a signature on the topic of the two. */
async function poster(eve: Person, bob: Person, alice: Person) {
  const { topic, symmetricKey } = await topicOf(bob, alice)
  return async (payload: Uint8Array) => {
    await eve.whisper.service.post({ to: { symKey: symmetricKey }, topic, payload })
    await world.run(300)
  }
}

function chatIn(to: Person, text: string) {
  const nowMs = world.clock.wallMs()
  return chatMessage({
    chatId: oneToOneChatId(to.messenger.publicKey),
    messageType: CHAT_MESSAGE_TYPES.oneToOne,
    text,
    clock: nowMs,
    timestamp: nowMs,
  })
}

describe('deniability', () => {
  it('a transcript made with the reader’s keys alone is read as genuine, and has the same form', async () => {
    const [alice, bob] = await acquainted()
    await alice.messenger.setDeniable(bob.id, true)
    const genuine = await says(alice, bob, 'I owe you nothing')
    const genuinePost = last(alice.posts.filter(({ signer }) => !signer))
    const [alicesDevice] = await bob.messenger.devices.list(alice.messenger.publicKey)
    await world.stop(alice) // she has no part in what follows

    // The forger has what Bob has: his identity key and his store.
    const eve = await world.person('eve')
    world.join(eve, bob)
    await world.run(200)
    const forge = await poster(eve, bob, alice)
    const random = seededRandom(83)
    const { privateKey: identityPrivateKey, publicKey } = bob.account.chatKey
    const bobs = createSelf({ identity: identityPrivateKey, installationId: 'of no matter' })
    const { ownPreKeys } = await loadConversation(storageReads(bob.storage), bobs, alice.messenger.publicKey)
    const preKey = last(ownPreKeys)
    const ephemeralKey = quickCrypto.compressPublicKey(quickCrypto.publicKey(random.bytes(32).with(0, 1)))
    const sharedSecret = acceptX3dh({
      identityPrivateKey,
      preKeyPrivateKey: preKey.privateKey,
      remoteIdentity: alice.messenger.publicKey,
      remoteEphemeralKey: ephemeralKey,
    })
    if (!sharedSecret) throw new Error('a secret')
    let pretended = initiateRatchet({ sharedSecret, remoteKey: preKey.id }, { random })
    const [own] = await bob.messenger.devices.list()
    const forged = (text: string, isFirst: boolean) => {
      const body = wrap(chatIn(bob, text), 'unsigned')
      const groupId = oneToOneGroupId(publicKey, alice.messenger.publicKey)
      const timestampSeconds = BigInt(Math.floor(world.clock.wallMs() / 1000))
      const messages = [{ groupId, timestampSeconds, body }]
      const step = ratchetEncrypt(pretended, encodePayload({ acks: [], offers: [], requests: [], messages }))
      pretended = step.state
      return encodeProtocolMessage({
        installationId: alicesDevice?.installationId as string,
        bundles: [],
        directMessages: [
          {
            installationId: own?.installationId as string,
            ...(isFirst ? { x3dhHeader: { key: ephemeralKey, preKeyId: preKey.id } } : {}),
            ratchetHeader: { ...step.message.header, preKeyId: preKey.id },
            payload: step.message.ciphertext,
          },
        ],
      })
    }
    await forge(forged('I, Alice, owe you', true))
    const second = forged('a thousand', false)
    await forge(second)
    expect(textsHeard(bob).slice(-2)).toEqual(['I, Alice, owe you', 'a thousand'])

    const shown = await bob.messenger.messages(alice.id)
    const [real, fake] = [shown.find(({ id }) => id === genuine.id), last(shown)]
    expect(Object.keys(fake).sort()).toEqual(Object.keys(real as object).sort())
    expect(fake).toMatchObject({ author: alice.messenger.publicKey, security: 'ratchet', deniable: true })
    const fields = (payload: Uint8Array) => {
      const { bundles, directMessages, installationId } = decodeProtocolMessage(payload)
      return { bundles, installationId, parts: directMessages.map((part) => Object.keys(part).sort()) }
    }
    expect(fields(second)).toEqual(fields(genuinePost.payload))
  })
})

describe('what nobody signed', () => {
  it('and no session opens leaves no trace: no change, no event, no answer, only a number', async () => {
    const [alice, bob] = await acquainted()
    const eve = await world.person('eve')
    world.join(eve, bob)
    await world.run(200)
    const post = await poster(eve, bob, alice)
    const [before, answers] = [await contentsOf(bob.storage), bob.posts.length]
    const somebody = createSecureChannel({
      identity: alice.account.chatKey.privateKey,
      installationId: 'a new device of hers',
      storage: createMemoryStorage(),
      clock: world.clock,
    })
    const said = wrap(chatIn(bob, 'x'), alice.account.chatKey)
    const signedPost = last(alice.posts)
    const foreign = encodeProtocolMessage({
      ...decodeProtocolMessage(signedPost.payload),
      installationId: 'another',
    })
    const hostile = [
      await somebody.encrypt(bob.messenger.publicKey, said), // dh, with a bundle that is signed
      await somebody.contactCode(),
      said, // security `whisper`
      signedPost.payload.map((byte, i) => (i > signedPost.payload.length - 4 ? byte ^ 1 : byte)),
      foreign,
      new Uint8Array(0),
      seededRandom(84).bytes(5_000),
    ]
    for (const payload of hostile) await post(payload)
    expect(await contentsOf(bob.storage)).toBe(before)
    expect(bob.posts.length).toBe(answers)
    expect(bob.messenger.rejected().get('unsigned-envelope')).toBe(hostile.length)
  })

  it('and a session opens says nothing but chat messages of its author', async () => {
    const [alice, bob] = await acquainted()
    const eve = await world.person('eve')
    world.join(eve, bob)
    await world.run(200)
    // Alice's own client, as far as Bob can tell, with contents that she should not send so.
    const channel = createSecureChannel({
      identity: alice.account.chatKey.privateKey,
      installationId: 'her desk',
      storage: createMemoryStorage(),
      clock: world.clock,
    })
    const post = await poster(eve, bob, alice)
    await channel.decrypt(bob.messenger.publicKey, last(bob.posts).payload) // his bundle
    const heard = textsHeard(bob).length
    const send = async (plaintext: Uint8Array) => {
      const sealed = decodeProtocolMessage(await channel.encrypt(bob.messenger.publicKey, plaintext))
      await post(encodeProtocolMessage({ ...sealed, bundles: [] }))
    }
    const pairing = { type: 'pair-installation', clock: 1n, installationId: 'mine', deviceType: '', name: '' }
    await send(wrap(pairing as never, 'unsigned'))
    expect(bob.messenger.rejected().get('unsupported-type')).toBe(1)
    await send(wrap(chatIn(bob, 'as eve'), eve.account.chatKey))
    expect(bob.messenger.rejected().get('author-mismatch')).toBe(1)
    await send(wrap(chatIn(alice, 'for somebody else'), 'unsigned'))
    expect(bob.messenger.rejected().get('wrong-chat')).toBe(1)
    expect(textsHeard(bob).length).toBe(heard)
    await send(wrap(chatIn(bob, 'as it should be'), 'unsigned'))
    expect(last(textsHeard(bob))).toBe('as it should be')
    const signed = wrap(chatIn(bob, 'signed all the same'), alice.account.chatKey)
    await send(signed)
    expect(last(await bob.messenger.messages(alice.id))).not.toHaveProperty('deniable')
    expect(unwrap(signed).author).toEqual(alice.messenger.publicKey)
  })

  it('is looked into only so often where it does not open; others are read meanwhile, and its author a moment later', async () => {
    const [alice, bob] = await acquainted()
    const carol = await world.person('carol')
    world.join(carol, bob)
    await world.run(200)
    await says(carol, bob, 'hi')
    await says(bob, carol, 'hi yourself')
    for (const one of [alice, carol]) await one.messenger.setDeniable(bob.id, true)
    await says(alice, bob, 'between us')
    const genuine = last(alice.posts.filter(({ signer }) => !signer)).payload
    const eve = await world.person('eve')
    world.join(eve, bob)
    await world.run(200)
    const { topic, symmetricKey } = await topicOf(bob, alice)
    const { directMessages, ...rest } = decodeProtocolMessage(genuine)
    for (let i = 0; i < 100; i++) {
      const parts = directMessages.map((part) => ({ ...part, payload: seededRandom(i).bytes(100) }))
      const payload = encodeProtocolMessage({ ...rest, directMessages: parts })
      await eve.whisper.service.post({ to: { symKey: symmetricKey }, topic, payload })
    }
    await world.run(100)
    expect(bob.messenger.rejected().get('unsigned-envelope')).toBe(100)
    const since = carol.posts.length
    await says(carol, bob, 'I have nothing to do with that')
    expect(carol.posts.length - since, 'read at once').toBe(1)
    const { id } = await alice.messenger.send(bob.id, 'still here')
    await delivered(alice, id)
  })

  it('is not read from strangers, who have not been answered: their own program does not write so to who never did', async () => {
    world = new World(85)
    const [alice, bob] = [await world.person('alice'), await world.person('bob')]
    world.join(alice, bob)
    await world.run(200)
    await alice.messenger.send(bob.id, 'you do not know me')
    await world.until(() => textsHeard(bob).length === 1, 'heard')
    await world.run(1_000)
    await alice.messenger.setDeniable(bob.id, true)
    await expect(alice.messenger.send(bob.id, 'between us')).rejects.toThrow(code('not-deniable'))
    expect((await alice.messenger.messages(bob.id)).map(({ text }) => text)).toEqual(['you do not know me'])

    const chat = await getChat(alice.storage, bob.id as ChatId)
    await alice.storage.commit([putChat({ ...(chat as ChatRecord), answered: true })])
    const { id } = await alice.messenger.send(bob.id, 'between us')
    await world.run(3_000)
    expect(textsHeard(bob)).toHaveLength(1)
    expect(bob.messenger.rejected().get('unsigned-envelope')).toBeGreaterThan(0)
    await bob.messenger.send(alice.id, 'now I do')
    await delivered(alice, id)
  })
})
