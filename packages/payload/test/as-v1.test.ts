/** Messages of 2019 in the words of v1, and back: for those who talk to both. */
import { CHAT_MESSAGE_TYPES, CONTENT_TYPES, chatMessage, validateMessage } from '@status-protocol/payload'
import {
  chatMessageToV0,
  decodeMessageV0,
  encodeMessageV0,
  isMobileClockV0,
  messageFromV0,
  OTHER_CONTENT_OF_V0,
  pairInstallationToV0,
  syncInstallationToV0,
} from '@status-protocol/payload/v0'
import type { VectorCase } from '@status-protocol/testkit'
import { readVectorFile } from '@status-protocol/testkit/vitest'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const SENT_MS = 1_571_000_000_500
const { cases = [] } = ((await readVectorFile('payload-v0-transit-client.json')) ?? {}) as {
  cases?: VectorCase[]
}
const named = (name: string) => {
  const found = cases.find((c) => c.name === name)
  return messageFromV0(decodeMessageV0(new TextEncoder().encode(found?.transit)), SENT_MS)
}

describe.skipIf(cases.length === 0)('what the mobile client of 2019 wrote', () => {
  it('is chat messages, with clocks in milliseconds', () => {
    expect(named('text, public chat')).toMatchObject({
      ...{ type: 'chat', text: 'hello from mobile', chatId: 'status', clock: 1_571_000_000_123n },
      ...{ messageType: CHAT_MESSAGE_TYPES.publicGroup, contentType: CONTENT_TYPES.text },
    })
    expect(named('text, one to one')).toMatchObject({ messageType: CHAT_MESSAGE_TYPES.oneToOne })
    expect(named('text, group, reply')).toMatchObject({
      messageType: CHAT_MESSAGE_TYPES.privateGroup,
      responseTo: '0xdc6c41806bc7c9a1bdda9bababae5e16d82e9c903b28e06f5fadb1b8087e7b2e',
    })
    expect(named('text without timestamp')).toMatchObject({ timestamp: BigInt(SENT_MS) })
    expect(named('sticker: five elements, content map first')).toMatchObject({
      ...{ contentType: CONTENT_TYPES.sticker, text: 'Sticker' },
      sticker: {
        hash: 'e30101701220fa3cf75c3fe84964b807e666c92ae1ac69e498aa8d8f9817dc55a72147f9404a',
        pack: 0xa0,
      },
    })
    expect(named('command send')).toMatchObject({ contentType: OTHER_CONTENT_OF_V0, text: 'command' })
  })

  it('is contact messages, whose clock is the time of the transport', () => {
    const of = (ensName: string, profileImage: string) => ({
      ...{ type: 'contact-update', clock: BigInt(SENT_MS), ensName, profileImage },
    })
    expect(named('contact request')).toEqual(of('alice', 'data:image/png;base64,iVBORw0KGgo='))
    expect(named('contact request confirmed')).toEqual(of('bob', ''))
    expect(named('contact update')).toEqual(of('bob', 'data:,'))
  })

  it('is what devices of one person tell each other', () => {
    expect(named('pair installation')).toEqual({
      ...{ type: 'pair-installation', clock: BigInt(SENT_MS), name: 'my phone', deviceType: 'ios' },
      installationId: '76232cfe2aed72aadb3bad54579e0d3a',
    })
    const clock = 1_571_000_000_123n
    expect(named('sync installation')).toEqual({
      ...{ type: 'sync-installation', chats: [], publicChats: [] },
      contacts: [
        {
          ...{ type: 'sync-contact', clock, lastUpdated: clock, ensName: 'carol', profileImage: 'data:,' },
          id: expect.stringMatching(/^0x04f93d9653[0-9a-f]{120}$/),
          systemTags: [':contact/added'],
        },
      ],
      account: { type: 'sync-account', clock, lastUpdated: clock, name: 'me', profileImage: 'data:,' },
    })
    expect(named('sync installation with public chat')).toEqual({
      ...{ type: 'sync-installation', contacts: [], chats: [] },
      publicChats: [{ type: 'sync-public-chat', clock: BigInt(SENT_MS), id: 'status' }],
    })
  })

  it('has no counterpart otherwise', () => {
    for (const name of ['membership update', 'messages seen (no longer read)'])
      expect(named(name), name).toBeUndefined()
  })
})

describe('a chat message', () => {
  const text = fc.string({ minLength: 1, maxLength: 40 }).filter((value) => value.trim() !== '')
  it('says the same there and back', () => {
    fc.assert(
      fc.property(
        text,
        text,
        fc.boolean(),
        fc.integer({ min: 1, max: 2 ** 40 }),
        (said, name, isEmoji, clock) => {
          const message = chatMessage({
            ...{ chatId: 'status', text: said, ensName: name, responseTo: '0x01' },
            ...{ clock, timestamp: clock, contentType: isEmoji ? CONTENT_TYPES.emoji : CONTENT_TYPES.text },
          })
          const bytes = encodeMessageV0(chatMessageToV0(message))
          expect(messageFromV0(decodeMessageV0(bytes, { dialect: 'go' }), clock)).toEqual(message)
        },
      ),
    )
  })

  it('of images and stickers keeps the text beside them', () => {
    const image = { payload: new Uint8Array(9), format: 1 }
    const message = chatMessage({ chatId: 'status', text: 'look', clock: 1, timestamp: 1, image })
    expect(chatMessageToV0(message)).toMatchObject({ text: 'look', contentType: 'text/plain' })
  })

  it('with a negative clock or time is none', () => {
    const v0 = chatMessageToV0(chatMessage({ chatId: 'x', text: 'x', clock: 1, timestamp: 1 }))
    expect(messageFromV0({ ...v0, clock: -1n }, SENT_MS)).toBeUndefined()
    expect(messageFromV0({ ...v0, timestamp: -1n }, SENT_MS)).toBeUndefined()
    const strange = messageFromV0({ ...v0, messageType: 'toString' }, SENT_MS)
    expect(strange && validateMessage(strange, SENT_MS)).toMatchObject({ reason: 'message-type-unknown' })
  })

  it('has a clock of the mobile client where it is far beyond milliseconds', () => {
    const nowMs = 1_571_000_000_000
    expect([nowMs, nowMs + 60_000, nowMs * 100].map((c) => isMobileClockV0(BigInt(c), nowMs))).toEqual([
      ...[false, false, true],
    ])
  })
})

/** The key of the private key 1. */
const GENERATOR =
  '0x0479be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8'

describe.skipIf(cases.length === 0)('what devices tell each other', () => {
  const [key] = cases.flatMap(({ transit }) => /0x04f93d[0-9a-f]+/.exec(transit)?.[0] ?? [])
  const contact = {
    type: 'sync-contact',
    ...{ id: key ?? '', ensName: 'carol', profileImage: '' },
    ...{ clock: 8n, lastUpdated: 7n, systemTags: [':contact/added', ':security/dh'] },
  } as const
  const roundTrip = (message: Parameters<typeof encodeMessageV0>[0]) =>
    messageFromV0(decodeMessageV0(encodeMessageV0(message), { dialect: 'mobile' }), SENT_MS)

  it('of a device is the same there and back, and the Go client reads it', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (installationId, deviceType, name) => {
        const said = { type: 'pair-installation', installationId, deviceType, name } as const
        const v0 = pairInstallationToV0({ ...said, clock: 5n })
        expect(roundTrip(v0)).toEqual({ ...said, clock: BigInt(SENT_MS) })
        expect(decodeMessageV0(encodeMessageV0(v0), { dialect: 'go' })).toEqual(v0)
      }),
    )
  })

  it('of contacts, profile and chats is in the messages that the mobile client writes', () => {
    const messages = syncInstallationToV0({
      ...{ type: 'sync-installation', chats: [] },
      contacts: [1, 2, 3, 4, 5].map(() => contact),
      account: { type: 'sync-account', clock: 9n, lastUpdated: 9n, name: 'me', profileImage: 'data:,' },
      publicChats: [{ type: 'sync-public-chat', clock: 3n, id: 'status' }],
    })
    const read = messages.map(roundTrip)
    const nothing = { type: 'sync-installation', contacts: [], chats: [], publicChats: [] }
    const asRead = { ...contact, lastUpdated: 8n, systemTags: [':contact/added'] }
    const chat = { type: 'sync-public-chat', clock: BigInt(SENT_MS), id: 'status' }
    expect(read).toEqual([
      { ...nothing, contacts: [asRead, asRead, asRead, asRead] },
      { ...nothing, contacts: [asRead] },
      {
        ...nothing,
        account: { type: 'sync-account', clock: 9n, lastUpdated: 9n, name: 'me', profileImage: 'data:,' },
      },
      { ...nothing, publicChats: [chat] },
    ])
  })

  it('of a contact has the fields of the mobile client, the address of the key among them', () => {
    const v0 = syncInstallationToV0({
      ...{ type: 'sync-installation', chats: [], publicChats: [] },
      contacts: [{ ...contact, id: GENERATOR, lastUpdated: 1_571_000_000_123n, profileImage: 'data:,' }],
    })
    const recorded = cases.find(({ name }) => name === 'sync installation')?.transit as string
    const withoutPicture = recorded.replace(',"~:photo-path","data:,"', '') // pictures each hears for itself
    expect(new TextDecoder().decode(encodeMessageV0(v0[0] as never))).toBe(
      withoutPicture
        .replace(/\["\^ ","\^3","me".*/, '["^ "],["^ "]]]')
        .replaceAll(key as string, GENERATOR)
        .replace(/0x54116180[0-9a-f]{32}/, '0x7e5f4552091a69125d5dfcb7b8c2659029395bdf'),
    )
  })

  it('keeps what is well formed of what is not', () => {
    const of = (transit: string) => messageFromV0(decodeMessageV0(new TextEncoder().encode(transit)), SENT_MS)
    const nothing = { type: 'sync-installation', contacts: [], chats: [], publicChats: [] }
    for (const odd of [
      '[1,2,3]',
      '[]',
      '[null,"x",["^ ","~:public?",["status"]]]',
      '[["^ ",5,5,"x",7],["^ ","~:name","x"],["^ ","~:public?",false,"~:chat-id","x"]]',
    ])
      expect(of(`["~#p1",${odd}]`), odd).toEqual(nothing)
    expect(of('["~#p1",[["^ ","x",["^ ","~:last-updated",-5,"~:pending?",false,"~:name",7]]]]')).toEqual({
      ...nothing,
      contacts: [
        {
          ...{ type: 'sync-contact', clock: 1n, lastUpdated: 0n, id: 'x', ensName: '', profileImage: '' },
          systemTags: [':contact/added'],
        },
      ],
    })
  })
})
