import { concat } from '@status-protocol/bytes'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type EnvelopeFields,
  encodeEnvelopeWithoutNonce,
  envelopeFrom,
  leadingZeroBits,
  leadingZeroBitsFor,
  olderPowOf,
  powOf,
  topicFrom,
} from '../src/index.ts'

const example = (nonce: bigint, ttlSeconds = 1): EnvelopeFields => ({
  expiryUnixSeconds: 0,
  ttlSeconds,
  topic: topicFrom(new Uint8Array(4)),
  data: Uint8Array.of(0xde, 0xad, 0xbe, 0xef),
  nonce,
})

describe('EIP-627 proof of work', () => {
  it('counts zero bits from the left', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.integer({ min: 0, max: 32 }),
        (hash, zeros) => {
          hash.fill(0, 0, zeros)
          const bits = [...hash].map((b) => b.toString(2).padStart(8, '0')).join('')
          const first = bits.indexOf('1')
          expect(leadingZeroBits(hash)).toBe(first < 0 ? 256 : first)
        },
      ),
    )
  })

  it('weighs by the length of the RLP and the TTL', () => {
    // 13 bytes of RLP: c0 + 12, 80, 01, 84 + 4, 84 + 4
    expect(encodeEnvelopeWithoutNonce(example(0n)).length).toBe(13)
    const pow = powOf(example(5n, 4))
    const zeros = Math.log2(pow * 13 * 4)
    expect(Math.abs(zeros - Math.round(zeros))).toBeLessThan(1e-9)
  })

  it('is that of go-ethereum 1.9: nonce 276 has 8 zero bits, nonce 100,000 none', () => {
    expect(powOf(example(276n))).toBe(256 / 13)
    expect(powOf(example(100_000n))).toBe(1 / 13)
    expect(powOf(envelopeFrom(example(276n)))).toBe(256 / 13)
  })

  it('spreads over more time for an envelope from the future, in 32 bits', () => {
    const pow = powOf(example(276n, 10))
    expect(powOf(example(276n, 10), { extraTtlSeconds: 10 })).toBeCloseTo(pow / 2)
    expect(powOf(example(276n, 0xffff_ffff), { extraTtlSeconds: 1 })).toBe(Number.POSITIVE_INFINITY)
    expect(powOf(example(276n, 0))).toBe(Number.POSITIVE_INFINITY)
  })

  it('by the older rule counts zero bits from the right of a hash of a hash', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (nonce) => {
        const envelope = example(nonce, 3)
        const inner = crypto.keccak256(encodeEnvelopeWithoutNonce(envelope))
        const tail = new Uint8Array(32)
        new DataView(tail.buffer).setBigUint64(24, nonce)
        const number = crypto.keccak256(concat(inner, tail)).reduce((n, b) => (n << 8n) | BigInt(b), 0n)
        const zeros = number.toString(2).length - 1 - number.toString(2).lastIndexOf('1')
        expect(olderPowOf(envelope)).toBe(2 ** zeros / 24 / 3)
        expect(olderPowOf(envelopeFrom(envelope))).toBe(2 ** zeros / 24 / 3)
      }),
    )
  })

  it('asks for the least zero bits that reach a target, and for one at least', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        fc.integer({ min: 20, max: 1_048_576 }),
        fc.integer({ min: 1, max: 100_000 }),
        (powTarget, sizeBytes, ttlSeconds) => {
          const bits = leadingZeroBitsFor({ powTarget, sizeBytes, ttlSeconds })
          const needed = powTarget * sizeBytes * ttlSeconds
          expect(2 ** bits).toBeGreaterThanOrEqual(needed)
          if (bits > 1) expect(2 ** (bits - 1)).toBeLessThan(needed)
        },
      ),
    )
    expect(leadingZeroBitsFor({ powTarget: 0, sizeBytes: 20, ttlSeconds: 0 })).toBe(1)
    expect(leadingZeroBitsFor({ powTarget: 1, sizeBytes: 64, ttlSeconds: 1 })).toBe(6)
  })
})
