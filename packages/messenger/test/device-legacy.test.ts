/** Devices of 2019 among those of a person: they make themselves known, are told and are believed, in Transit. */
import { to0xHex } from '@status-protocol/bytes'
import type { SecureChannel } from '@status-protocol/double-ratchet'
import type { DeviceEvent } from '@status-protocol/messenger'
import { decodePayload } from '@status-protocol/mvds'
import { type Message, type SyncInstallation, unwrap, wrap } from '@status-protocol/payload'
import {
  encodeMessageV0,
  type MessageV0,
  messageFromV0,
  pairInstallationToV0,
  syncInstallationToV0,
  unwrapV0,
  wrapV0,
} from '@status-protocol/payload/v0'
import { threeWordName } from '@status-protocol/trust'
import { afterEach, describe, expect, it } from 'vitest'
import { wrapForDevice } from '../src/generations.ts'
import { channelOf, idOf, post, synced } from './support/own-devices.ts'
import { SMALL_PNG } from './support/saying.ts'
import { type Person, quickCrypto, storedEvents, World } from './support/world.ts'

let world: World
afterEach(async () => {
  await world.close()
  expect(world.keysUsedTwice).toEqual([])
})

const OLD = '76232cfe2aed72aadb3bad54579e0d3a'
const NOTHING: SyncInstallation = { type: 'sync-installation', contacts: [], publicChats: [], chats: [] }
const now = () => BigInt(world.clock.wallMs())

/** A laptop of ours, a client of 2019 with the same key on the node of somebody else, and that node's owner. */
async function scene(): Promise<{ laptop: Person; bob: Person; old: SecureChannel }> {
  world = new World(96)
  const [laptop, bob] = [await world.person('laptop'), await world.person('bob')]
  world.join(laptop, bob)
  await world.run(200)
  return { laptop, bob, old: channelOf(world, laptop, OLD) }
}
type Scene = Awaited<ReturnType<typeof scene>>

const introduction = (name = 'my phone', deviceType = 'ios', installationId = OLD): MessageV0 =>
  pairInstallationToV0({ type: 'pair-installation', clock: 0n, installationId, deviceType, name })

/** The client of 2019 says something to its other devices. */
async function say({ laptop, bob, old }: Scene, said: MessageV0, how: 'bare' | 'synced' = 'synced') {
  const wrapped = wrapV0(said, laptop.account.chatKey, { crypto: quickCrypto })
  const plaintext = how === 'bare' ? wrapped : synced(world, laptop, laptop, wrapped)
  await post(world, bob, laptop, laptop, await old.encrypt(laptop.messenger.publicKey, plaintext))
}

/** What the client of 2019 reads of all that the laptop has posted since it looked last. */
function reader({ laptop, old }: Scene) {
  let read = 0
  return async (): Promise<{ inTransit: Message[]; acks: number; others: number }> => {
    const found = { inTransit: [] as Message[], acks: 0, others: 0 }
    for (const { payload } of laptop.posts.slice(read)) {
      const opened = await old.decrypt(laptop.messenger.publicKey, payload).catch(() => undefined)
      if (!opened?.ok) continue
      const sync = decodePayload(opened.plaintext)
      if (sync.ok) found.acks += sync.payload.acks.length
      for (const body of sync.ok ? sync.payload.messages.map((m) => m.body) : [opened.plaintext]) {
        const { message } = unwrapV0(body, { crypto: quickCrypto })
        const said = message && messageFromV0(message, 1)
        if (said) found.inTransit.push(said)
        else if (unwrap(body, { crypto: quickCrypto }).ok) found.others++
      }
    }
    read = laptop.posts.length
    return found
  }
}

const paired = async (person: Person): Promise<DeviceEvent[]> =>
  (await storedEvents(person)).flatMap((e) => (e.type === 'device' && e.change === 'paired' ? [e] : []))
const oldOne = async ({ messenger }: Person) =>
  (await messenger.devices.list()).find(({ installationId }) => installationId === OLD)

/** Both sides know and have enabled each other. */
async function enabledScene(): Promise<Scene> {
  const all = await scene()
  const { laptop, old } = all
  await say(all, introduction())
  await laptop.messenger.devices.setEnabled(OLD, true)
  await laptop.messenger.devices.pair()
  await world.run(500)
  const look = reader(all)
  expect((await look()).inTransit).toMatchObject([{ type: 'pair-installation' }])
  await old.setInstallationEnabled(await idOf(laptop), true)
  return all
}

describe('a client of 2019 makes itself known', () => {
  it.each(['bare', 'synced'] as const)('in a message that is %s, before it is enabled', async (how) => {
    const all = await scene()
    const { laptop } = all
    await say(all, introduction(), how)
    expect(await paired(laptop)).toMatchObject([
      { installationId: OLD, name: 'my phone', deviceType: 'ios', enabled: false },
    ])
    expect(await oldOne(laptop)).toMatchObject({ name: 'my phone', deviceType: 'ios', enabled: false })
    expect([...laptop.messenger.rejected()]).toEqual([])
    expect((await reader(all)()).acks).toBe(how === 'synced' ? 1 : 0)
  })

  it('in the wrapper of 0.36.2, and without a name', async () => {
    const all = await scene()
    const { laptop, bob, old } = all
    const context = { identity: laptop.account.chatKey, crypto: quickCrypto }
    const wrapped = wrapForDevice('v0.36', introduction('', 'desktop'), context)
    const plaintext = synced(world, laptop, laptop, wrapped)
    await post(world, bob, laptop, laptop, await old.encrypt(laptop.messenger.publicKey, plaintext))
    const device = await oldOne(laptop)
    expect(device).toMatchObject({ deviceType: 'desktop', enabled: false })
    expect(device).not.toHaveProperty('name')
    await laptop.messenger.devices.setEnabled(OLD, true)
    await laptop.messenger.devices.pair()
    await world.run(500)
    expect((await reader(all)()).others, 'v1, and that of 0.36.2').toBe(2)
    await old.setInstallationEnabled(await idOf(laptop), true)
    const before = laptop.posts.length
    await laptop.messenger.join('#status')
    await world.run(1_000)
    const bodies: Uint8Array[] = []
    for (const { payload } of laptop.posts.slice(before)) {
      const opened = await old.decrypt(laptop.messenger.publicKey, payload).catch(() => undefined)
      const sync = opened?.ok ? decodePayload(opened.plaintext) : undefined
      if (sync?.ok) bodies.push(...sync.payload.messages.map(({ body }) => body))
    }
    const expected = syncInstallationToV0({
      ...NOTHING,
      publicChats: [{ type: 'sync-public-chat', clock: 0n, id: 'status' }],
    }).map((message) => to0xHex(encodeMessageV0(message)))
    const inWrapperOfV036 = bodies.flatMap((body) => {
      const opened = unwrap(body, { crypto: quickCrypto })
      return opened.ok && opened.wireType === 0 ? [to0xHex(opened.payload)] : []
    })
    expect(inWrapperOfV036).toEqual(expected)
  })

  it('for itself alone, and not after it was brought up to date', async () => {
    const all = await scene()
    const { laptop, bob, old } = all
    await say(all, introduction('another', 'ios', 'someone-else'))
    expect(laptop.messenger.rejected().get('not-own-device')).toBe(1)
    await say(all, introduction('first'))
    world.clock.advance(1_000)
    await say(all, introduction('second'))
    expect((await paired(laptop)).map(({ name }) => name)).toEqual(['first', 'second'])
    const v1 = { type: 'pair-installation', clock: now() - 5_000n, installationId: OLD } as const
    const said = wrap({ ...v1, deviceType: 'ios', name: 'third' }, laptop.account.chatKey)
    await post(world, bob, laptop, laptop, await old.encrypt(laptop.messenger.publicKey, said))
    await say(all, introduction('fourth'))
    expect((await paired(laptop)).map(({ name }) => name)).toEqual(['first', 'second', 'third'])
  })

  it('beside which nothing else of a device that is not enabled is taken', async () => {
    const all = await scene()
    const { laptop, bob, old } = all
    const evil: SyncInstallation = {
      ...NOTHING,
      publicChats: [{ type: 'sync-public-chat', clock: now(), id: 'evil' }],
    }
    const key = laptop.account.chatKey
    const bodies = [introduction(), ...syncInstallationToV0(evil)].map((one) => wrapV0(one, key))
    const plaintext = synced(world, laptop, laptop, ...bodies.reverse())
    await post(world, bob, laptop, laptop, await old.encrypt(laptop.messenger.publicKey, plaintext))
    expect(await oldOne(laptop)).toMatchObject({ name: 'my phone' })
    expect(await laptop.messenger.chats()).toEqual([])
    await say(all, syncInstallationToV0(evil)[0] as MessageV0, 'bare')
    expect(await laptop.messenger.chats()).toEqual([])
    expect(laptop.messenger.rejected().get('not-own-device')).toBe(1)
  })
})

describe('a client of 2019 is told', () => {
  it('who we are, as long as one of our devices may read nothing else', async () => {
    const all = await scene()
    const { laptop } = all
    const look = reader(all)
    await laptop.messenger.devices.pair()
    await world.run(500)
    const { name, deviceType, installationId } = await laptop.messenger.devices.info()
    const asSaid = { type: 'pair-installation', installationId, name, deviceType }
    expect(await look()).toMatchObject({ inTransit: [asSaid], others: 1 })
    await say(all, introduction())
    await laptop.messenger.devices.pair()
    await world.run(500)
    expect((await look()).inTransit, 'whom it has heard').toMatchObject([asSaid])
  })

  it('contacts, chats and our profile, when they change and all at once; a new name too', async () => {
    const all = await enabledScene()
    const { laptop, bob } = all
    const look = reader(all)
    await look()
    await laptop.messenger.join('#status')
    await laptop.messenger.addContact(bob.messenger.publicKey)
    await laptop.messenger.setProfile({ name: 'me', picture: SMALL_PNG })
    await world.run(1_000)
    const contact = {
      id: bob.id,
      ensName: threeWordName(bob.messenger.publicKey),
      systemTags: [':contact/added'],
    }
    const account = { name: 'me', profileImage: expect.stringMatching(/^data:image\/png;base64,/) }
    const chats = [{ type: 'sync-public-chat', clock: 1n, id: 'status' }]
    const told = [{ publicChats: chats }, { contacts: [contact] }, { account }]
    expect((await look()).inTransit).toMatchObject(told)
    expect(await laptop.messenger.devices.sync()).toMatchObject({ contacts: 1, messages: 4 })
    await world.run(1_000)
    expect((await look()).inTransit).toMatchObject([told[1], told[2], told[0]])
    await laptop.messenger.devices.setMetadata(await idOf(laptop), { name: 'renamed', deviceType: 'desktop' })
    await laptop.messenger.leave('#status')
    await world.run(1_000)
    expect((await look()).inTransit, 'what is left it is not told').toMatchObject([{ name: 'renamed' }])
  })
})

describe('a client of 2019 is believed once it is enabled', () => {
  const contact = (person: Person, ensName: string, clock = now()) => ({
    ...{ type: 'sync-contact' as const, id: person.id, profileImage: '', ensName },
    ...{ clock, lastUpdated: clock, systemTags: [':contact/added'] },
  })

  it('with contacts, public chats and our profile', async () => {
    const all = await enabledScene()
    const { laptop, bob } = all
    const said = syncInstallationToV0({
      ...NOTHING,
      contacts: [contact(bob, 'bob'), { ...contact(laptop, 'ourselves') }],
      publicChats: [{ type: 'sync-public-chat', clock: 1n, id: 'status' }],
      account: {
        ...{ type: 'sync-account', clock: now(), lastUpdated: now(), name: 'me' },
        profileImage: 'data:image/png;base64,iVBORw0KGgoBAgM=',
      },
    })
    for (const one of said) await say(all, one)
    expect(await laptop.messenger.contacts()).toMatchObject([
      { publicKey: bob.messenger.publicKey, profile: { name: 'bob' } },
    ])
    expect((await laptop.messenger.chats()).map(({ id }) => id)).toEqual(['#status'])
    expect(await laptop.messenger.profile()).toMatchObject({ name: 'me', picture: { type: 'image/png' } })
    expect(
      (await storedEvents(laptop)).filter((e) => e.type === 'device' && e.change === 'synced'),
    ).toHaveLength(2)
    for (const one of said) await say(all, one)
    expect(
      (await storedEvents(laptop)).filter((e) => e.type === 'device' && e.change === 'synced'),
    ).toHaveLength(2)
  })

  it('but not over what we did after it, nor with what is from tomorrow', async () => {
    const all = await enabledScene()
    const { laptop, bob } = all
    const before = now()
    await laptop.messenger.addContact(bob.messenger.publicKey, 'Bobby')
    await laptop.messenger.join('#status')
    await laptop.messenger.setProfile({ name: 'newest' })
    await world.run(1_000)
    await laptop.messenger.removeContact(bob.messenger.publicKey)
    await laptop.messenger.leave('#status')
    const sync = (clock: bigint): MessageV0[] =>
      syncInstallationToV0({
        ...NOTHING,
        contacts: [contact(bob, 'bob', clock)],
        publicChats: [{ type: 'sync-public-chat', clock, id: 'status' }],
        account: { type: 'sync-account', clock, lastUpdated: clock, name: 'other', profileImage: '' },
      })
    for (const one of sync(before)) await say(all, one)
    expect(await laptop.messenger.contacts()).toEqual([])
    expect((await laptop.messenger.chats()).map(({ id }) => id)).toEqual([bob.id])
    expect(await laptop.messenger.profile()).toEqual({ name: 'newest' })
    for (const one of sync(now() + 86_400_000n)) await say(all, one)
    expect(await laptop.messenger.contacts()).toHaveLength(1)
    expect(await laptop.messenger.profile(), 'its clock is wrong, and what it says is newer').toEqual({
      name: 'other',
    })
    await laptop.messenger.block(bob.messenger.publicKey)
    await world.run(1_000)
    await say(all, sync(now())[0] as MessageV0)
    expect(await laptop.messenger.contacts(), 'who is blocked stays so').toEqual([])
    expect(await laptop.messenger.blocked()).toHaveLength(1)
  })

  it('and three words are no name', async () => {
    const all = await enabledScene()
    const { laptop, bob } = all
    const [ours, theirs] = [laptop, bob].map(({ messenger }) => threeWordName(messenger.publicKey)) as [
      string,
      string,
    ]
    const account = { type: 'sync-account', clock: now(), lastUpdated: now(), profileImage: '' } as const
    for (const one of syncInstallationToV0({
      ...{ ...NOTHING, contacts: [contact(bob, theirs)] },
      account: { ...account, name: ours },
    }))
      await say(all, one)
    const [known] = await laptop.messenger.contacts()
    expect(known?.publicKey).toEqual(bob.messenger.publicKey)
    expect(known?.profile?.name).toBeUndefined()
    expect(await laptop.messenger.profile()).toEqual({})
  })
})
