import {
  decodeMessage,
  encodeMessage,
  MESSAGE_TYPES,
  type Message,
  PayloadError,
  unwrap,
  wireTypeOf,
  wrap,
} from '@status-protocol/payload'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MESSAGES, uint64, unknownFields } from './support/arbitraries.ts'

const identity = { privateKey: new Uint8Array(32).fill(7) }

describe('Payloads: every message type', () => {
  for (const [type, arbitrary] of Object.entries(MESSAGES))
    it(`${type} comes back as it was, fields of newer clients included`, () => {
      fc.assert(
        fc.property(arbitrary as fc.Arbitrary<Message>, (message) => {
          const bytes = encodeMessage(message)
          expect(decodeMessage(wireTypeOf(message), bytes)).toEqual(message)
          expect(encodeMessage(decodeMessage(wireTypeOf(message), bytes))).toEqual(bytes)
        }),
      )
    })

  it('covers the whole table', () => {
    expect(Object.keys(MESSAGES).sort()).toEqual(Object.keys(MESSAGE_TYPES).sort())
  })

  it('keeps types that are not known byte for byte, through the wrapper too', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 15, max: 2 ** 31 - 1 }),
        fc.uint8Array({ maxLength: 200 }),
        (wireType, payload) => {
          const message: Message = { type: 'unknown', wireType, payload }
          const result = unwrap(wrap(message, identity))
          expect(result.ok && result.message).toEqual(message)
        },
      ),
      { numRuns: 20 },
    )
  })

  it('keeps unknown fields of a message inside a message', () => {
    fc.assert(
      fc.property(unknownFields, (unknown) => {
        const message: Message = {
          type: 'membership-update',
          chatId: 'g',
          events: [],
          message: {
            ...said,
            sticker: { hash: 'h', pack: -1, unknownFields: unknown },
            unknownFields: unknown,
          },
          unknownFields: unknown,
        }
        expect(decodeMessage(3, encodeMessage(message))).toEqual(message)
      }),
    )
  })
})

const said = {
  type: 'chat',
  clock: 1n,
  timestamp: 1n,
  text: 't',
  responseTo: '',
  ensName: '',
  chatId: 'c',
  messageType: 2,
  contentType: 1,
} as const

describe('64-bit integers', () => {
  it('are exact from 0 to 2^64 - 1', () => {
    fc.assert(
      fc.property(uint64, uint64, (clock, timestamp) => {
        const decoded = decodeMessage(1, encodeMessage({ ...said, clock, timestamp }))
        expect(decoded).toMatchObject({ clock, timestamp })
      }),
    )
  })

  it('below 0, above 2^64 - 1 and of another type are refused, never written as something else', () => {
    for (const clock of [-1n, -(2n ** 53n), -(2n ** 63n), 2n ** 64n, 2n ** 80n, 5, '5', undefined])
      expect(() => encodeMessage({ ...said, clock: clock as bigint }), String(clock)).toThrow(PayloadError)
  })

  it('reads a negative varint of ten bytes as the unsigned integer it is', () => {
    const minusOne = Uint8Array.of(0x08, ...new Array(9).fill(0xff), 0x01)
    expect(decodeMessage(14, minusOne)).toMatchObject({ clock: 2n ** 64n - 1n })
  })
})

describe('fields that do not fit', () => {
  it.each([
    ['an integer of more than 32 bits', { messageType: 2 ** 31 }],
    ['a fraction', { contentType: 1.5 }],
    ['half a surrogate pair', { text: 'a\ud800b' }],
    ['no text', { text: 5 as unknown as string }],
  ])('%s: refused by name', (_, field) => {
    const [name] = Object.keys(field)
    expect(() => encodeMessage({ ...said, ...field })).toThrow(new RegExp(`ChatMessage.${name}`))
  })

  it('an image that is no bytes is refused', () => {
    const image = { payload: [1, 2] as unknown as Uint8Array, format: 1 }
    expect(() => encodeMessage({ ...said, image })).toThrow(/Image.payload/)
  })

  it('a list that is none and bytes that are none are refused by name', () => {
    const update = { type: 'membership-update', chatId: 'c', events: undefined } as unknown as Message
    expect(() => encodeMessage(update)).toThrow(/MembershipUpdateMessage.events: expected a list/)
    expect(() => decodeMessage(1, 'ab' as unknown as Uint8Array)).toThrow(
      /ChatMessage: expected bytes, got string/,
    )
  })

  it('messages without elements do not share their lists', () => {
    const [one, two] = [0, 0].map(() => decodeMessage(3, new Uint8Array()))
    expect(one?.type === 'membership-update' && two?.type === 'membership-update').toBe(true)
    expect((one as { events?: unknown }).events).not.toBe((two as { events?: unknown }).events)
  })

  it('a type that does not exist is refused', () => {
    expect(() => encodeMessage({ type: 'nonsense' } as unknown as Message)).toThrow(PayloadError)
  })
})

describe('oneof', () => {
  it('the last of sticker and image counts', () => {
    const [sticker, image] = [Uint8Array.of(0x4a, 3, 0x0a, 1, 0x31), Uint8Array.of(0x52, 2, 0x10, 1)]
    expect(decodeMessage(1, Uint8Array.of(...sticker, ...image))).toMatchObject({ image: { format: 1 } })
    expect(decodeMessage(1, Uint8Array.of(...sticker, ...image))).not.toHaveProperty('sticker')
    expect(decodeMessage(1, Uint8Array.of(...image, ...sticker))).toMatchObject({ sticker: { hash: '1' } })
  })
})
