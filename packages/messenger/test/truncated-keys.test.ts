/** Clients of 2018 to October 2019 cut their ratchet keys to 32 bytes: read if asked for, told as what they are. */
import {
  decodeOwnPreKeys,
  encodeProtocolMessage,
  OWN_PRE_KEYS_KEY,
  OWN_TABLE,
  type OwnPreKey,
} from '@status-protocol/double-ratchet'
import { type DiffieHellman, initiateRatchet, ratchetEncrypt } from '@status-protocol/double-ratchet/ratchet'
import { initiateX3dh } from '@status-protocol/double-ratchet/x3dh'
import { CHAT_MESSAGE_TYPES, chatMessage, oneToOneChatId, wrap } from '@status-protocol/payload'
import { partitionedDiscovery } from '@status-protocol/whisper'
import { afterEach, describe, expect, it } from 'vitest'
import { quickCrypto as crypto, type Person, textsHeard, World } from './support/world.ts'

let world: World
afterEach(() => world.close())

/** No such key can be read again, so every product was zero. */
const cut: DiffieHellman = {
  id: 3,
  publicKeyBytes: 32,
  generate(random) {
    const privateKey = random.bytes(32).with(0, 1)
    return { privateKey, publicKey: crypto.compressPublicKey(crypto.publicKey(privateKey)).slice(0, 32) }
  },
  agree: () => new Uint8Array(32),
}

/** What a client of then sends to somebody whose pre key it has. */
async function oldMessage(old: Person, to: Person, text: string): Promise<Uint8Array> {
  const preKeys = decodeOwnPreKeys((await to.storage.get(OWN_TABLE, OWN_PRE_KEYS_KEY)) as Uint8Array)
  const preKey = preKeys.at(-1) as OwnPreKey
  const ephemeral = world.random.bytes(32).with(0, 1)
  const sharedSecret = initiateX3dh({
    identityPrivateKey: old.account.chatKey.privateKey,
    ephemeralPrivateKey: ephemeral,
    remoteIdentity: to.messenger.publicKey,
    remotePreKey: preKey.id,
  }) as Uint8Array
  const context = { dh: cut, random: world.random }
  const state = initiateRatchet({ sharedSecret, remoteKey: preKey.id.slice(0, 32) }, context)
  const nowMs = world.clock.wallMs()
  const content = chatMessage({
    chatId: oneToOneChatId(to.messenger.publicKey),
    messageType: CHAT_MESSAGE_TYPES.oneToOne,
    text,
    clock: nowMs,
    timestamp: nowMs,
  })
  const { message } = ratchetEncrypt(state, wrap(content, old.account.chatKey), { dh: cut })
  const [device] = await to.messenger.devices.list()
  return encodeProtocolMessage({
    installationId: 'of 2019',
    bundles: [],
    directMessages: [
      {
        installationId: device?.installationId as string,
        x3dhHeader: { key: crypto.compressPublicKey(crypto.publicKey(ephemeral)), preKeyId: preKey.id },
        ratchetHeader: { ...message.header, preKeyId: preKey.id },
        payload: message.ciphertext,
      },
    ],
  })
}

async function received(truncatedKeys: boolean | undefined): Promise<Person> {
  world = new World(111)
  const bob = await world.person('bob', truncatedKeys === undefined ? {} : { truncatedKeys })
  const old = await world.person('old')
  world.join(bob, old)
  await world.run(130_000, 1_000) // he has published his bundle
  const to = bob.messenger.publicKey
  await old.whisper.service.post({
    to: { publicKey: to },
    topic: partitionedDiscovery(to, { crypto }).topic,
    payload: await oldMessage(old, bob, 'from 2019'),
    signer: await old.whisper.service.addKeyPair(old.account.chatKey.privateKey),
  })
  await world.run(1_000)
  return bob
}

describe('a ratchet whose keys were cut', () => {
  it('is read where that was asked for, and told to have no forward secrecy', async () => {
    const bob = await received(true)
    expect(textsHeard(bob)).toEqual(['from 2019'])
    expect(bob.events.find((e) => e.type === 'message')).toMatchObject({ security: 'dh' })
  })

  it('is not read otherwise', async () => {
    const bob = await received(undefined)
    expect(textsHeard(bob)).toEqual([])
    expect(bob.messenger.rejected().get('undecryptable')).toBe(1)
  })
})
