/** ARCHITECTURE.md, "Who may say what": pair and sync messages, and words of ours, come from our own enabled devices alone. */
import { createSecureChannel } from '@status-protocol/double-ratchet'
import { encodePayload, oneToOneGroupId } from '@status-protocol/mvds'
import {
  CHAT_MESSAGE_TYPES,
  chatMessage,
  decodeWrapper,
  encodeWrapper,
  MESSAGE_TYPES,
  type Message,
  oneToOneChatId,
  wrap,
} from '@status-protocol/payload'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { partitionedDiscovery } from '@status-protocol/whisper'
import { afterEach, describe, expect, it } from 'vitest'
import { type Person, quickCrypto, storedEvents, World } from './support/world.ts'

let world: World
afterEach(async () => {
  await world.close()
  expect(world.keysUsedTwice).toEqual([])
})

interface Scene {
  readonly phone: Person
  readonly laptop: Person
  readonly eve: Person
}

/** Phone and laptop are paired; Eve is on the network. */
async function scene(): Promise<Scene> {
  world = new World(91)
  const phone = await world.person('phone')
  const laptop = await world.person('laptop', { account: phone.account })
  const eve = await world.person('eve')
  world.join(phone, laptop)
  world.join(eve, laptop)
  await world.run(200)
  for (const [one, other] of [
    [phone, laptop],
    [laptop, phone],
  ] as const) {
    await one.messenger.devices.pair()
    await world.run(1_000)
    await other.messenger.devices.setEnabled((await one.messenger.devices.info()).installationId, true)
  }
  return { phone, laptop, eve }
}

const now = () => BigInt(world.clock.wallMs())
const idOf = async (person: Person) => (await person.messenger.devices.info()).installationId

/** One of each kind that a device could be told by another one. */
const statements = (to: Person, installationId: string): readonly Message[] => [
  { type: 'pair-installation', clock: now(), installationId, deviceType: 'ios', name: 'evil' },
  { type: 'sync-public-chat', clock: now(), id: 'evil' },
  {
    type: 'sync-contact',
    clock: now(),
    id: oneToOneChatId(to.messenger.publicKey),
    profileImage: '',
    ensName: 'evil',
    lastUpdated: 0n,
    systemTags: [],
  },
  {
    type: 'sync-installation',
    contacts: [],
    publicChats: [{ type: 'sync-public-chat', clock: now(), id: 'evil' }],
    chats: [{ clock: now(), id: 'evil', kind: 2, tags: [] }],
  },
  chatMessage({
    chatId: oneToOneChatId(to.messenger.publicKey),
    messageType: CHAT_MESSAGE_TYPES.oneToOne,
    text: 'evil',
    clock: now(),
    timestamp: now(),
  }),
]

/** An envelope of whose node it is, signed by `signer`, for the laptop. */
async function post(from: Person, laptop: Person, signer: Person, payload: Uint8Array): Promise<void> {
  const publicKey = laptop.messenger.publicKey
  const { service } = from.whisper
  const { topic } = partitionedDiscovery(publicKey, { crypto: quickCrypto })
  const key = await service.addKeyPair(signer.account.chatKey.privateKey)
  await service.post({ topic, to: { publicKey }, payload, signer: key })
  await world.run(500)
}

/** A device of Eve's with this person's identity key, or her own. */
const channelOf = (owner: Person, installationId: string) =>
  createSecureChannel({
    identity: owner.account.chatKey.privateKey,
    installationId,
    storage: createMemoryStorage(),
    crypto: quickCrypto,
    clock: world.clock,
  })

const synced = (laptop: Person, body: Uint8Array, author: Person): Uint8Array => {
  const groupId = oneToOneGroupId(author.messenger.publicKey, laptop.messenger.publicKey)
  const timestampSeconds = now() / 1000n
  return encodePayload({
    acks: [],
    offers: [],
    requests: [],
    messages: [{ groupId, body, timestampSeconds }],
  })
}

/** Runs an attack with each statement; what the laptop has does not change. */
async function expectUnmoved(
  { laptop, eve }: Scene,
  attack: (wrapped: Uint8Array, said: Message) => Promise<void>,
  installationId: string,
  author: Person,
): Promise<Map<string, number>> {
  const view = async () => ({
    chats: await laptop.messenger.chats(),
    contacts: await laptop.messenger.contacts(),
    devices: (await laptop.messenger.devices.list())
      .filter(({ installationId: id }) => id !== 'third')
      .map(({ name, enabled }) => ({ name, enabled })),
    synced: (await storedEvents(laptop)).filter((e) => e.type === 'device' && e.change === 'synced'),
    said: await laptop.messenger.messages(eve.id),
  })
  const before = await view()
  const countsBefore = new Map(laptop.messenger.rejected())
  for (const said of statements(eve, installationId)) await attack(wrap(said, author.account.chatKey), said)
  expect(await view()).toEqual(before)
  const counts = [...laptop.messenger.rejected()] as [string, number][]
  return new Map(counts.map(([why, n]) => [why, n - (countsBefore.get(why as never) ?? 0)]))
}

describe('what only our own devices may say', () => {
  it('is taken from the enabled one, so that the refusals below mean something', async () => {
    const { phone, laptop } = await scene()
    await phone.messenger.join('#fine')
    await world.until(async () => (await laptop.messenger.chats()).length > 0, 'taken')
  })

  it('a stranger does not, in plain nor on a session of their own', async () => {
    const all = await scene()
    const { phone, laptop, eve } = all
    const id = await idOf(phone)
    const plain = await expectUnmoved(all, (wrapped) => post(eve, laptop, eve, wrapped), id, eve)
    expect(plain.get('not-own-device')).toBe(4)
    expect(plain.get('wrong-chat')).toBe(1)
    const channel = channelOf(eve, id)
    const { publicKey } = laptop.messenger
    const onSession = await expectUnmoved(
      all,
      async (wrapped) =>
        post(eve, laptop, eve, await channel.encrypt(publicKey, synced(laptop, wrapped, eve))),
      id,
      eve,
    )
    expect(onSession.get('not-own-device')).toBe(4)
  })

  it('nobody repeats in their own envelope', async () => {
    const all = await scene()
    const { phone, laptop, eve } = all
    const counts = await expectUnmoved(
      all,
      (wrapped) => post(eve, laptop, eve, wrapped),
      await idOf(phone),
      phone,
    )
    expect(counts.get('author-mismatch')).toBe(5)
  })

  it('nobody makes of a signature of ours under something else', async () => {
    const all = await scene()
    const { phone, laptop, eve } = all
    const { signature } = decodeWrapper(wrap(statements(eve, 'x')[4] as Message, phone.account.chatKey))
    const counts = await expectUnmoved(
      all,
      (wrapped) => post(eve, laptop, eve, encodeWrapper({ ...decodeWrapper(wrapped), signature })),
      await idOf(phone),
      eve,
    )
    expect(counts.get('author-mismatch')).toBe(5)
  })

  it('nor under another type, which no signature covers', async () => {
    const all = await scene()
    const { phone, laptop, eve } = all
    for (const type of Object.values(MESSAGE_TYPES)) {
      const counts = await expectUnmoved(
        all,
        (wrapped) => post(eve, laptop, phone, encodeWrapper({ ...decodeWrapper(wrapped), type })),
        await idOf(phone),
        phone,
      )
      expect(counts.size, `type ${type}`).toBeGreaterThan(0)
    }
  })

  it('a device with our key that is not enabled does not: without session, as dh, and on a session', async () => {
    const all = await scene()
    const { phone, laptop, eve } = all
    const { publicKey } = laptop.messenger
    const id = await idOf(phone)
    const plain = await expectUnmoved(all, (wrapped) => post(eve, laptop, phone, wrapped), id, phone)
    expect(plain.get('not-own-device')).toBe(5)

    // It says that it is the phone, but has not the phone's session.
    const liar = channelOf(phone, id)
    const asDh = await expectUnmoved(
      all,
      async (wrapped, { type }) => {
        if (type === 'pair-installation') return // a new name is all that whoever has our key gets
        const inSync = synced(laptop, wrapped, phone)
        for (const plaintext of [wrapped, inSync])
          await post(eve, laptop, phone, await liar.encrypt(publicKey, plaintext))
      },
      id,
      phone,
    )
    expect(asDh.get('not-own-device')).toBe(8)

    const third = channelOf(phone, 'third')
    const code = await bundleOf(laptop, phone)
    await third.decrypt(publicKey, code)
    await third.setInstallationEnabled(await idOf(laptop), true)
    const onSession = await expectUnmoved(
      all,
      async (wrapped) =>
        post(eve, laptop, phone, await third.encrypt(publicKey, synced(laptop, wrapped, phone))),
      id,
      phone,
    )
    expect(onSession.get('not-own-device')).toBe(5)
    expect(await laptop.messenger.devices.list()).toContainEqual(
      expect.objectContaining({ installationId: 'third', enabled: false }),
    )
  })
})

/** Something that the laptop wrote to its own devices, with its bundle in it. */
async function bundleOf(laptop: Person, phone: Person): Promise<Uint8Array> {
  await laptop.messenger.devices.pair()
  await world.run(500)
  expect(phone.isUp).toBe(true)
  const last = laptop.posts.at(-1)
  if (!last) throw new Error('nothing was posted')
  return last.payload
}
