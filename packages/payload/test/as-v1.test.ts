/** Messages of 2019 in the words of v1, and back: for those who talk to both. */
import { CHAT_MESSAGE_TYPES, CONTENT_TYPES, chatMessage, validateMessage } from '@status-protocol/payload'
import {
  chatMessageToV0,
  decodeMessageV0,
  encodeMessageV0,
  isMobileClockV0,
  messageFromV0,
  OTHER_CONTENT_OF_V0,
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

  it('has no counterpart otherwise', () => {
    for (const name of [
      'pair installation',
      'sync installation',
      'membership update',
      'messages seen (no longer read)',
    ])
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
