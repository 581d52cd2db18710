import { concat, equal } from '@status-protocol/bytes'
import { encodeRlp } from '@status-protocol/bytes/rlp'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import { fuzz, seededRandom } from '@status-protocol/testkit'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import {
  decodeEnvelope,
  detachEnvelope,
  type Envelope,
  type EnvelopeFields,
  encodeEnvelope,
  encodeEnvelopeWithoutNonce,
  envelopeFrom,
  envelopeHash,
  envelopeHashFrom,
  envelopeSize,
  powPreimage,
  sentUnixSeconds,
  topicFrom,
  WhisperError,
} from '../src/index.ts'

const uint32 = fc.integer({ min: 0, max: 0xffff_ffff })
const fields: fc.Arbitrary<EnvelopeFields> = fc.record({
  expiryUnixSeconds: uint32,
  ttlSeconds: uint32,
  topic: fc.uint8Array({ minLength: 4, maxLength: 4 }).map(topicFrom),
  data: fc.oneof(fc.uint8Array({ maxLength: 2 }), fc.uint8Array({ maxLength: 300 })),
  nonce: fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.bigInt({ min: 0n, max: 300n })),
})

const plain = ({ expiryUnixSeconds, ttlSeconds, topic, data, nonce }: EnvelopeFields): EnvelopeFields => ({
  ...{ expiryUnixSeconds, ttlSeconds, topic, data, nonce },
})

const example: EnvelopeFields = {
  expiryUnixSeconds: 1_574_000_010,
  ttlSeconds: 10,
  topic: topicFrom(Uint8Array.of(0xe2, 0x4d, 0xaa, 0x57)),
  data: Uint8Array.of(1, 2, 3),
  nonce: 77n,
}

function flawOf(bytes: Uint8Array): unknown {
  try {
    decodeEnvelope(bytes)
  } catch (error) {
    if (error instanceof WhisperError && error.code === 'malformed-envelope') return error.details
    throw error
  }
  return 'none'
}

describe('EIP-627 envelopes', () => {
  it('decodes what it encodes', () => {
    fc.assert(
      fc.property(fields, (f) => {
        const rlp = encodeEnvelope(f)
        const envelope = decodeEnvelope(rlp)
        expect(plain(envelope)).toEqual(f)
        expect(encodeEnvelope(envelope)).toBe(rlp)
        expect(encodeEnvelope(plain(envelope))).toEqual(rlp)
        expect(envelopeHash(envelope)).toEqual(crypto.keccak256(rlp))
      }),
    )
  })

  it('hashes the same preimage for the proof of work from the wire as from the fields', () => {
    fc.assert(
      fc.property(fields, (f) => {
        const nonce = new Uint8Array(8)
        new DataView(nonce.buffer).setBigUint64(0, f.nonce)
        const expected = concat(encodeEnvelopeWithoutNonce(f), nonce)
        expect(powPreimage(f)).toEqual(expected)
        expect(powPreimage(decodeEnvelope(encodeEnvelope(f)))).toEqual(expected)
      }),
    )
  })

  it('gives the proof of work bytes that stay, large ones too', () => {
    const large = envelopeFrom({ ...example, data: new Uint8Array(20_000).fill(7), nonce: 0x1_0000_0000n })
    const first = powPreimage(large)
    const second = powPreimage(envelopeFrom(example))
    expect(first).toEqual(powPreimage(plain(large)))
    expect(second).toEqual(powPreimage(example))
  })

  it('looks into the bytes it was given, wherever they lie', () => {
    const rlp = encodeEnvelope(example)
    const packet = concat(new Uint8Array(7), rlp, new Uint8Array(5))
    const envelope = decodeEnvelope(packet.subarray(7, 7 + rlp.length))
    expect(envelope.data.buffer).toBe(packet.buffer)
    expect(plain(envelope)).toEqual(example)
    expect(powPreimage(envelope)).toEqual(powPreimage(example))
  })

  it('can be kept without the packet it came in', () => {
    const packet = concat(new Uint8Array(100), encodeEnvelope(example))
    const envelope = decodeEnvelope(packet.subarray(100))
    const [before, kept] = [envelopeHash(envelope).slice(), detachEnvelope(envelope)]
    packet.fill(0)
    expect(plain(kept)).toEqual(example)
    expect(envelopeHash(kept)).toEqual(before)
    expect(kept.rlp.buffer.byteLength).toBe(kept.rlp.length)
    expect(envelopeHash(detachEnvelope(decodeEnvelope(kept.rlp)))).toEqual(before)
  })

  it('computes the hash once', () => {
    const counting = { ...crypto, keccak256: vi.fn(crypto.keccak256) }
    const envelope = envelopeFrom(example)
    expect(envelopeHash(envelope, counting)).toBe(envelopeHash(envelope, counting))
    expect(counting.keccak256).toHaveBeenCalledTimes(1)
  })

  it('takes a copy of an envelope for one', () => {
    const envelope: Envelope = { ...example, rlp: envelopeFrom(example).rlp }
    expect(envelopeHash(envelope)).toEqual(envelopeHash(envelopeFrom(example)))
    expect(powPreimage(envelope)).toEqual(powPreimage(example))
    expect(plain(detachEnvelope(envelope))).toEqual(example)
  })

  it('counts size as 20 + data and sent time as expiry - ttl in 32 bits', () => {
    expect(envelopeSize(example)).toBe(23)
    expect(sentUnixSeconds(example)).toBe(1_574_000_000)
    expect(sentUnixSeconds({ expiryUnixSeconds: 5, ttlSeconds: 10 })).toBe(0xffff_fffb)
  })

  it('says what is wrong with bytes that are no envelope', () => {
    const rlp = encodeEnvelope(example)
    const list = (...items: (Uint8Array | Uint8Array[])[]) => encodeRlp(items)
    const [e, t, p, d, n] = [
      Uint8Array.of(1),
      Uint8Array.of(2),
      new Uint8Array(4),
      Uint8Array.of(9),
      Uint8Array.of(3),
    ]
    expect(flawOf(new Uint8Array(0))).toEqual({ flaw: 'truncated' })
    expect(flawOf(rlp.subarray(0, -1))).toEqual({ flaw: 'truncated' })
    expect(flawOf(concat(rlp, Uint8Array.of(0)))).toEqual({ flaw: 'trailing-bytes' })
    expect(flawOf(list(e, t, p, d))).toEqual({ flaw: 'too-few-items' })
    expect(flawOf(list(e, t, p, d, n, n))).toEqual({ flaw: 'too-many-items' })
    expect(flawOf(Uint8Array.of(0x80))).toEqual({ flaw: 'wrong-type' })
    expect(flawOf(list([], t, p, d, n))).toEqual({ flaw: 'wrong-type', field: 'expiry' })
    expect(flawOf(list(e, [], p, d, n))).toEqual({ flaw: 'wrong-type', field: 'ttl' })
    expect(flawOf(list(e, t, [e, e, e, e], d, n))).toEqual({ flaw: 'wrong-type', field: 'topic' })
    expect(flawOf(list(e, t, p, [], n))).toEqual({ flaw: 'wrong-type', field: 'data' })
    expect(flawOf(list(e, t, p, d, []))).toEqual({ flaw: 'wrong-type', field: 'nonce' })
    expect(flawOf(list(new Uint8Array(5).fill(1), t, p, d, n))).toEqual({
      flaw: 'wrong-length',
      field: 'expiry',
    })
    expect(flawOf(list(e, t, p.subarray(1), d, n))).toEqual({ flaw: 'wrong-length', field: 'topic' })
    expect(flawOf(list(e, t, p, d, new Uint8Array(9).fill(1)))).toEqual({
      flaw: 'wrong-length',
      field: 'nonce',
    })
    expect(flawOf(list(e, Uint8Array.of(0, 1), p, d, n))).toEqual({ flaw: 'not-canonical', field: 'ttl' })
    expect(flawOf(list(e, t, p, d, Uint8Array.of(0)))).toEqual({ flaw: 'not-canonical', field: 'nonce' })
  })

  it('refuses fields that the wire cannot carry', () => {
    const wrong: Partial<Record<keyof EnvelopeFields, unknown>>[] = [
      { expiryUnixSeconds: 2 ** 32 },
      { expiryUnixSeconds: -1 },
      { ttlSeconds: 1.5 },
      { ttlSeconds: Number.NaN },
      { topic: new Uint8Array(3) },
      { nonce: -1n },
      { nonce: 2n ** 64n },
      { nonce: 5 },
    ]
    for (const w of wrong)
      expect(() => encodeEnvelope({ ...example, ...w } as EnvelopeFields), String(Object.keys(w))).toThrow(
        expect.objectContaining({ code: 'invalid-argument' }),
      )
    expect(() => envelopeHashFrom(new Uint8Array(31))).toThrow(WhisperError)
  })

  it('fuzz: survives mutated input', () => {
    const random = seededRandom(1)
    const seeds = [0, 1, 40, 300].map((length) => encodeEnvelope({ ...example, data: random.bytes(length) }))
    let decoded = 0
    fuzz({
      seeds,
      random,
      count: Number(process.env.FUZZ_COUNT ?? 10_000),
      expectedError: WhisperError,
      decode(input) {
        const envelope = decodeEnvelope(input)
        decoded++
        if (!equal(encodeEnvelope(plain(envelope)), input)) throw new Error('read what it would not write')
        if (!equal(powPreimage(envelope), powPreimage(plain(envelope)))) throw new Error('another preimage')
      },
    })
    expect(decoded).toBeGreaterThan(0)
  })
})
