import { fuzz, seededRandom } from '@status-protocol/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodeMessage,
  decodePayload,
  encodeMessage,
  encodePayload,
  MAX_PAYLOAD_BYTES,
  type MessageContent,
  MvdsError,
  type Payload,
  type WireForm,
} from '../src/index.ts'

const FUZZ_COUNT = Number(process.env.FUZZ_COUNT ?? 10_000)
const FORMS: readonly WireForm[] = ['status', 'metadata']

const bytes = (maxLength: number) => fc.uint8Array({ maxLength })
const metadata = fc.record({ parents: fc.array(bytes(40), { maxLength: 4 }), ephemeral: fc.boolean() })
const message = (form: WireForm): fc.Arbitrary<MessageContent> =>
  fc
    .record({
      groupId: bytes(40),
      timestampSeconds: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      body: bytes(300),
      metadata: form === 'metadata' ? fc.option(metadata, { nil: undefined }) : fc.constant(undefined),
    })
    .map(({ metadata, ...content }) => (metadata ? { ...content, metadata } : content))
const payload = (form: WireForm): fc.Arbitrary<Payload> =>
  fc.record({
    acks: fc.array(bytes(40), { maxLength: 5 }),
    offers: fc.array(bytes(40), { maxLength: 5 }),
    requests: fc.array(bytes(40), { maxLength: 5 }),
    messages: fc.array(message(form), { maxLength: 4 }),
  })

describe.each(FORMS)('wire form %s', (form) => {
  it('reads payloads as it writes them', () => {
    fc.assert(
      fc.property(payload(form), (original) => {
        const isEmpty = Object.values(original).every((list) => list.length === 0)
        const decoded = decodePayload(encodePayload(original, form), form)
        expect(decoded).toEqual(isEmpty ? { ok: false, reason: 'empty' } : { ok: true, payload: original })
      }),
      { numRuns: 300 },
    )
  })

  it('reads messages as it writes them, timestamps to the last bit', () => {
    fc.assert(
      fc.property(message(form), (original) => {
        expect(decodeMessage(encodeMessage(original, form), form)).toEqual(original)
      }),
      { numRuns: 300 },
    )
    for (const timestampSeconds of [
      2n ** 53n + 1n,
      2n ** 63n - 1n,
      -(2n ** 63n),
      -1n,
      2n ** 31n,
      2n ** 32n,
    ]) {
      const content = { groupId: new Uint8Array(32), timestampSeconds, body: new Uint8Array(1) }
      expect(decodeMessage(encodeMessage(content, form), form)?.timestampSeconds).toBe(timestampSeconds)
    }
  })

  it('refuses timestamps of more than 64 bits', () => {
    const content = { groupId: new Uint8Array(32), timestampSeconds: 2n ** 63n, body: new Uint8Array(1) }
    expect(() => encodeMessage(content, form)).toThrow(MvdsError)
  })

  it('hands out plain bytes with memory of their own', () => {
    const content = { groupId: new Uint8Array(32), timestampSeconds: 1n, body: new Uint8Array(3) }
    const encoded = encodePayload(
      { acks: [new Uint8Array(32)], offers: [], requests: [], messages: [content] },
      form,
    )
    const decoded = decodePayload(Buffer.from(encoded), form)
    if (!decoded.ok) throw new Error(decoded.reason)
    const { acks, messages } = decoded.payload
    for (const part of [encoded, acks[0], messages[0]?.body, messages[0]?.groupId]) {
      expect(part?.constructor).toBe(Uint8Array)
      expect(part?.buffer.byteLength).toBe(part?.length)
    }
  })

  it('fuzz: any bytes get a verdict, and what is read is read again the same', () => {
    const random = seededRandom(1)
    const seeds = fc.sample(payload(form), { numRuns: 50, seed: 1 }).map((p) => encodePayload(p, form))
    fuzz({
      seeds,
      count: FUZZ_COUNT,
      random,
      decode: (input) => {
        const decoded = decodePayload(input, form)
        if (!decoded.ok) return
        expect(decodePayload(encodePayload(decoded.payload, form), form)).toEqual(decoded)
      },
      expectedError: NeverThrown,
    })
  })

  it('fuzz: any bytes are a message or none', () => {
    fuzz({
      seeds: fc.sample(message(form), { numRuns: 50, seed: 2 }).map((m) => encodeMessage(m, form)),
      count: FUZZ_COUNT,
      random: seededRandom(2),
      decode: (input) => {
        const decoded = decodeMessage(input, form)
        if (decoded) expect(decodeMessage(encodeMessage(decoded, form), form)).toEqual(decoded)
      },
      expectedError: NeverThrown,
    })
  })
})

describe('what is no payload', () => {
  it('the other form has none of the fields', () => {
    const original = { acks: [new Uint8Array(32)], offers: [], requests: [], messages: [] }
    expect(decodePayload(encodePayload(original, 'metadata'), 'status')).toEqual({
      ok: false,
      reason: 'empty',
    })
    expect(decodePayload(encodePayload(original, 'status'), 'metadata')).toEqual({
      ok: false,
      reason: 'empty',
    })
  })

  it('more than a megabyte', () => {
    expect(decodePayload(new Uint8Array(MAX_PAYLOAD_BYTES + 1))).toEqual({ ok: false, reason: 'too-large' })
    expect(decodeMessage(new Uint8Array(MAX_PAYLOAD_BYTES + 1))).toBeUndefined()
  })

  it('groups nested a hundred thousand deep', () => {
    const nested = new Uint8Array(100_000).fill(0x0b) // start of group 1
    expect(decodePayload(nested)).toEqual({ ok: false, reason: 'malformed' })
  })

  it('a megabyte of empty acks is read in a moment and a known field of another wire type is skipped', () => {
    const empties = new Uint8Array(MAX_PAYLOAD_BYTES - (MAX_PAYLOAD_BYTES % 4))
    for (let at = 0; at < empties.length; at += 4) empties.set([0xca, 0xb8, 0x02, 0x00], at)
    const decoded = decodePayload(empties)
    expect(decoded.ok && decoded.payload.acks.length).toBe(empties.length / 4)
    expect(decodePayload(Uint8Array.of(0xc8, 0xb8, 0x02, 0x05))).toEqual({ ok: false, reason: 'empty' })
  })
})

class NeverThrown extends Error {}
