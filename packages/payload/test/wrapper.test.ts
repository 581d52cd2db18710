import { equal, toHex } from '@status-protocol/bytes'
import { defaultProvider } from '@status-protocol/crypto'
import {
  chatMessage,
  decodeMessage,
  decodeWrapper,
  encodeMessage,
  encodeWrapper,
  generationOf,
  MAX_FIELDS,
  MAX_MESSAGE_BYTES,
  messageId,
  openWrapper,
  PayloadError,
  toMessageId,
  unwrap,
  unwrapV036,
  wrap,
  wrapPayload,
  wrapV036,
} from '@status-protocol/payload'
import { encodeMessageV0, wrapV0 } from '@status-protocol/payload/v0'
import { describe, expect, it } from 'vitest'

const identity = { privateKey: new Uint8Array(32).fill(1) }
const publicKey = defaultProvider.publicKey(identity.privateKey)
const hello = chatMessage({
  chatId: 'status',
  text: 'hello',
  clock: 1574000000001n,
  timestamp: 1574000000000,
})

describe('Payloads: wrapper', () => {
  it('comes back with its author and an id over author and wrapper', () => {
    const bytes = wrap(hello, identity)
    const { author, messageId: id, message } = unwrap(bytes)
    expect(author).toEqual(publicKey)
    expect(message).toEqual(hello)
    expect(id).toEqual(messageId(publicKey, bytes))
    expect(toHex(id as Uint8Array)).toHaveLength(64)
  })

  it('unsigned: no author, the id is the hash of the wrapper alone', () => {
    const bytes = wrap(hello, 'unsigned')
    const result = unwrap(bytes)
    expect(result).toMatchObject({ ok: true, author: undefined, message: hello })
    expect(result.messageId).toEqual(defaultProvider.keccak256(bytes))
  })

  it('the signature does not cover the type', () => {
    const { signature, payload } = decodeWrapper(wrap(hello, identity))
    const result = openWrapper(encodeWrapper({ signature, payload, type: 14 }))
    expect(result).toMatchObject({ ok: true, author: publicKey, wireType: 14 })
  })

  it('a changed payload has another author, not an error', () => {
    const wrapper = decodeWrapper(wrap(hello, identity))
    const payload = encodeMessage({ ...hello, text: 'hallo' })
    const { author } = unwrap(encodeWrapper({ ...wrapper, payload }))
    expect(author && equal(author, publicKey)).toBe(false)
  })

  it('refuses an identity that is none and never shows it', () => {
    for (const privateKey of [
      new Uint8Array(32),
      new Uint8Array(31).fill(0xab),
      'abab' as unknown as Uint8Array,
    ]) {
      const attempt = () => wrap(hello, { privateKey })
      expect(attempt).toThrow(PayloadError)
      expect(attempt).not.toThrow(/abab|171/)
    }
    expect(() => wrap(hello, undefined as unknown as 'unsigned')).toThrow(PayloadError)
  })

  it('a signature of no bytes is a wrong signature, none at all is none', () => {
    const payload = encodeMessage(hello)
    const result = openWrapper(encodeWrapper({ signature: new Uint8Array(), payload, type: 1 }))
    expect(result).toEqual({ ok: false, reason: 'signature-length' })
    expect(openWrapper(encodeWrapper({ payload, type: 1 })).ok).toBe(true)
  })

  it('keeps unknown fields of the wrapper', () => {
    const bytes = Uint8Array.of(...wrap(hello, identity), 0x7a, 1, 0x41)
    expect(encodeWrapper(decodeWrapper(bytes))).toEqual(bytes)
    expect(unwrap(bytes)).toMatchObject({ ok: true, author: publicKey, message: hello })
  })

  it('tells a bad payload from a bad wrapper', () => {
    const badPayload = wrapPayload(Uint8Array.of(0x1a, 5, 1), 1, identity)
    expect(unwrap(badPayload)).toEqual({ ok: false, reason: 'malformed-message' })
    expect(unwrap(Uint8Array.of(0x0a, 5, 1))).toEqual({ ok: false, reason: 'malformed' })
  })

  it('hands out arrays of its own, plain ones even for a Buffer', () => {
    const buffer = Buffer.from(wrap(hello, identity))
    const result = openWrapper(buffer)
    expect(result.ok && result.payload.constructor).toBe(Uint8Array)
    expect(result.ok && result.payload.buffer).not.toBe(buffer.buffer)
    const before = result.ok && result.payload.slice()
    buffer.fill(0)
    expect(result.ok && result.payload).toEqual(before)
    const wrapped = wrap(hello, identity)
    expect(wrapped.constructor).toBe(Uint8Array)
    expect(wrapped.buffer.byteLength).toBe(wrapped.length)
  })

  it('a message id has 32 bytes', () => {
    expect(() => toMessageId(new Uint8Array(31))).toThrow(PayloadError)
  })
})

describe('hostile payloads', () => {
  it('more than 1 MiB is not read', () => {
    expect(unwrap(new Uint8Array(MAX_MESSAGE_BYTES + 1)).ok).toBe(false)
  })

  it('more than 10,000 fields are not read, at any depth', () => {
    const fields = (count: number) =>
      Uint8Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? 0x78 : 1))
    expect(decodeMessage(14, fields(MAX_FIELDS))).toMatchObject({ type: 'sync-public-chat' })
    expect(() => decodeMessage(14, fields(MAX_FIELDS + 1))).toThrow(/more than 10000 fields/)
    const inside = fields(MAX_FIELDS)
    const contact = Uint8Array.of(
      0x0a,
      (inside.length & 0x7f) | 0x80,
      ((inside.length >> 7) & 0x7f) | 0x80,
      inside.length >> 14,
      ...inside,
    )
    expect(() => decodeMessage(5, contact)).toThrow(/more than 10000 fields/)
  })

  it('groups nested without end are not followed', () => {
    const groups = new Uint8Array(100_000).fill(0x7b)
    expect(() => decodeMessage(14, groups)).toThrow(PayloadError)
  })

  it('text that is no UTF-8 is refused, as Go does', () => {
    expect(() => decodeMessage(14, Uint8Array.of(0x12, 2, 0xc3, 0x28))).toThrow(PayloadError)
  })

  it('a known field of another wire type is an unknown field, as in Go', () => {
    const bytes = Uint8Array.of(0x0a, 1, 0x41)
    const message = decodeMessage(14, bytes)
    expect(message).toMatchObject({ clock: 0n, unknownFields: bytes })
    expect(encodeMessage(message)).toEqual(bytes)
  })
})

describe('Payload of 0.36', () => {
  it('has no type and numbers one below those of v1', () => {
    const bytes = wrapV036(hello, identity)
    expect(openWrapper(bytes)).toMatchObject({ wireType: 0 })
    expect(unwrapV036(bytes)).toMatchObject({ ok: true, author: publicKey, message: hello })
    expect(unwrap(bytes)).toMatchObject({ ok: true, message: { type: 'unknown', wireType: 0 } })
  })

  it('does not take wrappers with a type', () => {
    expect(unwrapV036(wrap(hello, identity))).toEqual({ ok: false, reason: 'not-v036' })
    expect(unwrapV036(Uint8Array.of(0xff))).toEqual({ ok: false, reason: 'malformed' })
    expect(unwrapV036(wrapPayload(Uint8Array.of(0x1a, 5), 0, identity))).toEqual({
      ok: false,
      reason: 'malformed-message',
    })
  })
})

describe('generations', () => {
  it('are told apart from the outside', () => {
    const pair = {
      type: 'pair-installation',
      installationId: 'i',
      deviceType: 'ios',
      name: 'n',
      fcmToken: '',
    } as const
    expect(generationOf(wrap(hello, identity))).toBe('v1')
    expect(generationOf(wrap(hello, 'unsigned'))).toBe('v1')
    expect(generationOf(wrapV036(hello, identity))).toBe('v0.36')
    expect(generationOf(wrapV0(pair, identity))).toBe('v0')
    expect(generationOf(encodeMessageV0(pair))).toBe('v0')
    expect(generationOf(new Uint8Array())).toBe('v0')
  })
})
