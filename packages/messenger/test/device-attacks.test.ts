/** ARCHITECTURE.md, "Who may say what": pair and sync messages, and words of ours, come from our own enabled devices alone. */
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
import {
  chatMessageToV0,
  decodeWrapperV0,
  encodeWrapperV0,
  type MessageV0,
  pairInstallationToV0,
  syncInstallationToV0,
  wrapV0,
} from '@status-protocol/payload/v0'
import { afterEach, describe, expect, it } from 'vitest'
import { bundleOf, channelOf, idOf, pairedScene, post, type Scene, synced } from './support/own-devices.ts'
import { type Person, storedEvents, World } from './support/world.ts'

let world: World
afterEach(async () => {
  await world.close()
  expect(world.keysUsedTwice).toEqual([])
})

/** Phone and laptop are paired; Eve is on the network. */
async function scene(): Promise<Scene> {
  world = new World(91)
  return pairedScene(world)
}

const now = () => BigInt(world.clock.wallMs())

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

const send = (from: Person, laptop: Person, signer: Person, payload: Uint8Array) =>
  post(world, from, laptop, signer, payload)
const inSync = (laptop: Person, wrapped: Uint8Array, author: Person) => synced(world, author, laptop, wrapped)

interface Words {
  /** One of each kind that a device could be told by another one. */
  statements(to: Person, installationId: string): readonly { readonly type: string }[]
  wrapped(said: { readonly type: string }, author: Person): Uint8Array
  /** The same content under another's signature. */
  resigned(wrapped: Uint8Array, other: Uint8Array): Uint8Array
}

const V1: Words = {
  statements,
  wrapped: (said, author) => wrap(said as Message, author.account.chatKey),
  resigned: (wrapped, other) =>
    encodeWrapper({ ...decodeWrapper(wrapped), signature: decodeWrapper(other).signature }),
}

const V0: Words = {
  statements: (to, installationId) =>
    statements(to, installationId).flatMap((said): readonly MessageV0[] => {
      const [clock, nothing] = [now(), { type: 'sync-installation', contacts: [], chats: [] } as const]
      if (said.type === 'pair-installation') return [pairInstallationToV0(said)]
      if (said.type === 'sync-public-chat') return syncInstallationToV0({ ...nothing, publicChats: [said] })
      const contacts = said.type === 'sync-contact' ? [{ ...said, systemTags: [':contact/added'] }] : []
      if (contacts.length > 0) return syncInstallationToV0({ ...nothing, contacts, publicChats: [] })
      const account = {
        type: 'sync-account',
        clock,
        lastUpdated: clock,
        profileImage: '',
        name: 'evil',
      } as const
      return said.type === 'chat'
        ? [chatMessageToV0(said)]
        : syncInstallationToV0({ ...nothing, account, publicChats: [] })
    }),
  wrapped: (said, author) => wrapV0(said as MessageV0, author.account.chatKey),
  resigned: (wrapped, other) =>
    encodeWrapperV0({ ...decodeWrapperV0(wrapped), signature: decodeWrapperV0(other).signature }),
}

/** Runs an attack with each statement; what the laptop has does not change. */
async function expectUnmoved(
  { laptop, eve, words = V1 }: Scene & { readonly words?: Words },
  attack: (wrapped: Uint8Array, said: { readonly type: string }) => Promise<void>,
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
    profile: await laptop.messenger.profile(),
  })
  const before = await view()
  const countsBefore = new Map(laptop.messenger.rejected())
  for (const said of words.statements(eve, installationId)) await attack(words.wrapped(said, author), said)
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

  it('is not made of something else by another type, which no signature covers', async () => {
    const all = await scene()
    const { phone, laptop, eve } = all
    for (const type of Object.values(MESSAGE_TYPES)) {
      const counts = await expectUnmoved(
        all,
        (wrapped) => send(eve, laptop, phone, encodeWrapper({ ...decodeWrapper(wrapped), type })),
        await idOf(phone),
        phone,
      )
      expect(counts.size, `type ${type}`).toBeGreaterThan(0)
    }
  })
})

describe.each([
  { generation: 'v1', words: V1 },
  { generation: '2019', words: V0 },
])('what only our own devices may say, in the words of $generation', ({ words }) => {
  it('a stranger does not, in plain nor on a session of their own', async () => {
    const all = { ...(await scene()), words }
    const { phone, laptop, eve } = all
    const id = await idOf(phone)
    const plain = await expectUnmoved(all, (wrapped) => send(eve, laptop, eve, wrapped), id, eve)
    expect(plain.get('not-own-device')).toBe(4)
    expect(plain.get('wrong-chat')).toBe(1)
    const channel = channelOf(world, eve, id)
    const { publicKey } = laptop.messenger
    const onSession = await expectUnmoved(
      all,
      async (wrapped) =>
        send(eve, laptop, eve, await channel.encrypt(publicKey, inSync(laptop, wrapped, eve))),
      id,
      eve,
    )
    expect(onSession.get('not-own-device')).toBe(4)
  })

  it('nobody repeats in their own envelope', async () => {
    const all = { ...(await scene()), words }
    const { phone, laptop, eve } = all
    const counts = await expectUnmoved(
      all,
      (wrapped) => send(eve, laptop, eve, wrapped),
      await idOf(phone),
      phone,
    )
    expect(counts.get('author-mismatch')).toBe(5)
  })

  it('nobody makes of a signature of ours under something else', async () => {
    const all = { ...(await scene()), words }
    const { phone, laptop, eve } = all
    const ours = words.wrapped(words.statements(eve, 'x')[4] ?? { type: '' }, phone)
    const counts = await expectUnmoved(
      all,
      (wrapped) => send(eve, laptop, eve, words.resigned(wrapped, ours)),
      await idOf(phone),
      eve,
    )
    expect(counts.get('author-mismatch')).toBe(5)
  })

  it('a device with our key that is not enabled does not: without session, as dh, and on a session', async () => {
    const all = { ...(await scene()), words }
    const { phone, laptop, eve } = all
    const { publicKey } = laptop.messenger
    const id = await idOf(phone)
    const plain = await expectUnmoved(all, (wrapped) => send(eve, laptop, phone, wrapped), id, phone)
    expect(plain.get('not-own-device')).toBe(5)

    // It says that it is the phone, but has not the phone's session.
    const liar = channelOf(world, phone, id)
    const asDh = await expectUnmoved(
      all,
      async (wrapped, { type }) => {
        if (type === 'pair-installation') return // a new name is all that whoever has our key gets
        for (const plaintext of [wrapped, inSync(laptop, wrapped, phone)])
          await send(eve, laptop, phone, await liar.encrypt(publicKey, plaintext))
      },
      id,
      phone,
    )
    expect(asDh.get('not-own-device')).toBe(8)

    const third = channelOf(world, phone, 'third')
    const code = await bundleOf(world, laptop)
    await third.decrypt(publicKey, code)
    await third.setInstallationEnabled(await idOf(laptop), true)
    const onSession = await expectUnmoved(
      all,
      async (wrapped) =>
        send(eve, laptop, phone, await third.encrypt(publicKey, inSync(laptop, wrapped, phone))),
      id,
      phone,
    )
    expect(onSession.get('not-own-device')).toBe(5)
    expect(await laptop.messenger.devices.list()).toContainEqual(
      expect.objectContaining({ installationId: 'third', enabled: false }),
    )
  })
})
