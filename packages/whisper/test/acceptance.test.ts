import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type AcceptancePolicy,
  bloomOf,
  emptyBloom,
  envelopeFrom,
  judgeEnvelope,
  olderPowOf,
  powOf,
  topicFrom,
} from '../src/index.ts'

const now = 1_574_000_000
const topic = topicFrom(Uint8Array.of(1, 2, 3, 0))
const envelope = (more: { sent?: number; ttl?: number; dataBytes?: number; nonce?: bigint } = {}) => {
  const { sent = now, ttl = 10, dataBytes = 100, nonce = 3n } = more
  return envelopeFrom({
    expiryUnixSeconds: (sent + ttl) >>> 0,
    ttlSeconds: ttl,
    topic,
    data: new Uint8Array(dataBytes),
    nonce,
  })
}
const policy: AcceptancePolicy = { nowUnixSeconds: now, minPow: 0 }
const refused = (reason: string) => ({ verdict: 'refused', reason })

describe('what a node takes', () => {
  it('forgives a clock that is ahead by up to 10 s, weighing the work over the longer life', () => {
    for (const ahead of [1, 10]) {
      const early = envelope({ sent: now + ahead })
      const pow = powOf(early, { extraTtlSeconds: ahead + 1 })
      expect(judgeEnvelope(early, policy)).toEqual({ verdict: 'accepted', pow })
    }
    expect(judgeEnvelope(envelope({ sent: now + 11 }), policy)).toEqual(refused('from-future'))
  })

  it('drops what expired up to 20 s ago without a word, refuses what is older', () => {
    const after = (seconds: number) => judgeEnvelope(envelope({ sent: now - 10 - seconds }), policy)
    expect(after(0).verdict).toBe('accepted')
    expect(after(1)).toEqual({ verdict: 'expired' })
    expect(after(20)).toEqual({ verdict: 'expired' })
    expect(after(21)).toEqual(refused('very-old'))
  })

  it('counts in 32 bits that wrap, as the reference does', () => {
    const unborn = envelope({ sent: 2 ** 32 - 5, ttl: 10 }) // expiry wraps to 5
    expect(judgeEnvelope(unborn, policy)).toEqual(refused('from-future'))
    expect(judgeEnvelope(unborn, { ...policy, nowUnixSeconds: 2 ** 32 - 6 })).toEqual(refused('very-old'))
    expect(judgeEnvelope(envelope({ sent: 3, ttl: 10 }), { ...policy, nowUnixSeconds: 0 }).verdict).toBe(
      'refused',
    )
  })

  it('limits size, work, topic', () => {
    const big = envelope({ dataBytes: 101 })
    expect(judgeEnvelope(big, { ...policy, maxMessageBytes: 121 }).verdict).toBe('accepted')
    expect(judgeEnvelope(big, { ...policy, maxMessageBytes: 120 })).toEqual(refused('too-large'))
    const pow = powOf(envelope())
    expect(judgeEnvelope(envelope(), { ...policy, minPow: pow }).verdict).toBe('accepted')
    expect(judgeEnvelope(envelope(), { ...policy, minPow: pow * 1.01 })).toEqual(refused('low-pow'))
    expect(judgeEnvelope(envelope(), { ...policy, blooms: [] }).verdict).toBe('accepted')
    expect(judgeEnvelope(envelope(), { ...policy, blooms: [emptyBloom()] })).toEqual(
      refused('bloom-mismatch'),
    )
    const before = { ...policy, blooms: [emptyBloom(), bloomOf(topic)] }
    expect(judgeEnvelope(envelope(), before).verdict).toBe('accepted')
  })

  it('can refuse a TTL of 0, whose work is infinite, and one beyond a maximum', () => {
    const strict = { ...policy, maxTtlSeconds: 100 }
    expect(judgeEnvelope(envelope({ ttl: 0 }), policy)).toEqual({
      verdict: 'accepted',
      pow: Number.POSITIVE_INFINITY,
    })
    expect(judgeEnvelope(envelope({ ttl: 0 }), strict)).toEqual(refused('ttl-out-of-range'))
    expect(judgeEnvelope(envelope({ ttl: 100 }), strict).verdict).toBe('accepted')
    expect(judgeEnvelope(envelope({ ttl: 101 }), strict)).toEqual(refused('ttl-out-of-range'))
  })

  it('weighs by the older rule where told so', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10_000n }), (nonce) => {
        const e = envelope({ nonce })
        const older = { ...policy, olderPowRule: true }
        expect(judgeEnvelope(e, older)).toEqual({ verdict: 'accepted', pow: olderPowOf(e) })
      }),
    )
  })

  it('has an answer to everything', () => {
    const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 })
    fc.assert(
      fc.property(uint32, uint32, uint32, (sent, ttl, at) => {
        const verdict = judgeEnvelope(envelope({ sent, ttl }), { ...policy, nowUnixSeconds: at })
        expect(['accepted', 'expired', 'refused']).toContain(verdict.verdict)
      }),
    )
  })
})
