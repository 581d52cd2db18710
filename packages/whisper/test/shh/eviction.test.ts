/** Issue of a relay under flood: what a full pool gives up, and whose it is. */
import { toHex } from '@status-protocol/bytes'
import { seededRandom } from '@status-protocol/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Envelope, envelopeFrom, envelopeHash, powOf } from '../../src/index.ts'
import { leastWorth, worthOf } from '../../src/shh/eviction.ts'
import { EnvelopePool } from '../../src/shh/pool.ts'
import { TOPIC, World } from './support.ts'

const random = seededRandom(4)
const NOW = 1_000_000
function entry(options: { ttl?: number; sent?: number; size?: number; pow?: number } = {}) {
  const { ttl = 10, sent = NOW, size = 50, pow = 1 } = options
  const fields = { ttlSeconds: ttl, topic: TOPIC, data: random.bytes(size), nonce: 0n }
  const envelope = envelopeFrom({ expiryUnixSeconds: sent + ttl, ...fields })
  return { envelope, hash: envelopeHash(envelope), pow }
}
const kept = (pool: EnvelopePool, items: readonly { readonly envelope: Envelope }[]) =>
  items.map(({ envelope }) => pool.get(envelopeHash(envelope)) !== undefined)

describe('eviction: proof of work per remaining byte-second', () => {
  it('is what is left of the life that the work was spread over', () => {
    expect(worthOf(entry({ pow: 2, ttl: 100 }), NOW - 1 + 100)).toBe(2 * 50) // two seconds are left, this one included
    expect(worthOf(entry({ pow: 2, ttl: 100 }), NOW + 100)).toBe(2 * 100)
    expect(worthOf(entry({ pow: 2, ttl: 100 }), NOW + 500)).toBe(2 * 100) // expired, not swept up yet
    expect(worthOf(entry({ pow: 2, ttl: 99 }), NOW)).toBeCloseTo((2 * 99) / 100)
  })

  it('gives up the least, of equal ones what came first, in the order of arrival', () => {
    const pows = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(pows, fc.integer({ min: 1, max: 40 }), (pows, count) => {
        const entries = pows.map((pow, i) => ({ ...entry({ pow }), i }))
        const byWorth = [...entries].sort((a, b) => a.pow - b.pow || a.i - b.i).slice(0, count)
        const got = leastWorth(new Set(entries), count, NOW)
        expect(got.map(({ i }) => i)).toEqual(byWorth.map(({ i }) => i).sort((a, b) => a - b))
      }),
    )
  })

  it('keeps what is about to go anyway rather than what wants to stay', () => {
    const pool = new EnvelopePool({ maxEnvelopes: 3 })
    const items = [
      entry({ ttl: 10, pow: 1 }),
      entry({ ttl: 1_000, pow: 1 }),
      entry({ ttl: 10, pow: 2 }),
      entry({ ttl: 10, pow: 1, sent: NOW - 9 }),
    ]
    for (const item of items) pool.add(item, 1, NOW)
    // Work per byte-second of the whole life is 1, 1, 2, 1; of what is left 10/11, 1000/1001, 20/11, 10/2.
    expect(kept(pool, items)).toEqual([false, true, true, true])
    const better = entry({ ttl: 10, pow: 3 })
    pool.add(better, 1, NOW + 8) // now 1000/993, 20/3, 10 in its last second, 30/3
    expect(kept(pool, [...items, better])).toEqual([false, false, true, true, true])
  })

  it('may turn away what has just come', () => {
    const pool = new EnvelopePool({ maxEnvelopes: 2 })
    const items = [entry({ pow: 5 }), entry({ pow: 5 })]
    for (const item of items) pool.add(item, 1, NOW)
    const worse = entry({ pow: 1 })
    expect(pool.add(worse, 1, NOW)).toMatchObject({ result: 'added', evicted: [{ hash: worse.hash }] })
    expect(pool.add(worse, 2, NOW).result).toBe('unwanted')
    expect(kept(pool, items)).toEqual([true, true])
  })

  it('takes some at once from a large pool, never most of what a source has', () => {
    const pool = new EnvelopePool({ maxEnvelopes: 3_200 })
    const cheap = Array.from({ length: 100 }, () => entry({ pow: 1 }))
    for (const item of cheap) pool.add(item, 1, NOW)
    for (let i = 0; i < 3_100; i++) pool.add(entry({ pow: 2 }), 1, NOW)
    const added = pool.add(entry({ pow: 2 }), 1, NOW)
    expect(added).toMatchObject({ result: 'added', evicted: { length: 100 } })
    expect(kept(pool, cheap).some(Boolean)).toBe(false)
    const small = new EnvelopePool({ maxEnvelopes: 16 })
    for (let i = 0; i < 100; i++) small.add(entry(), i % 4, NOW)
    expect(small.size).toBe(16)
  })
})

describe('eviction: a quota per peer', () => {
  it('an equal share: who has more than others loses, however much work it did', () => {
    const pool = new EnvelopePool({ maxEnvelopes: 30 })
    const honest = Array.from({ length: 10 }, () => entry({ pow: 0.01 }))
    for (const item of honest) pool.add(item, 1, NOW)
    for (let i = 0; i < 1_000; i++) pool.add(entry({ pow: 1_000 }), 2, NOW)
    expect(kept(pool, honest).every(Boolean)).toBe(true)
    expect(pool.size).toBe(30)
    for (let i = 0; i < 1_000; i++) pool.add(entry({ pow: 1_000 }), 3, NOW)
    expect(kept(pool, honest).every(Boolean)).toBe(true)
  })

  it('counts envelopes as well as bytes', () => {
    const pool = new EnvelopePool({ maxEnvelopes: 100, maxBytes: 1_000_000 })
    const honest = Array.from({ length: 20 }, () => entry({ size: 5_000 }))
    for (const item of honest) pool.add(item, 1, NOW)
    for (let i = 0; i < 1_000; i++) pool.add(entry({ size: 20, pow: 9 }), 2, NOW) // few bytes, many places
    expect(kept(pool, honest).every(Boolean)).toBe(true)
    for (let i = 0; i < 100; i++) pool.add(entry({ size: 50_000, pow: 9 }), 3, NOW) // few places, many bytes
    expect(kept(pool, honest).every(Boolean)).toBe(true)
  })

  it("holds for whole nodes: a flood through one link leaves others' envelopes in the pool", async () => {
    const world = new World()
    const node = world.node('ours', { pool: { maxEnvelopes: 50 } })
    const [flood, honest] = [await world.play('ours'), await world.play('ours')]
    const mine = Array.from({ length: 10 }, () => world.envelope({ size: 200, ttl: 60 }))
    honest.sendEnvelopes(...mine)
    for (let i = 0; i < 20; i++)
      flood.sendEnvelopes(...Array.from({ length: 50 }, () => world.envelope({ size: 30, ttl: 60 })))
    await world.clock.advance(500)
    expect(node.stats()).toMatchObject({ poolEnvelopes: 50 })
    const late = await world.play('ours')
    const got = new Set(late.envelopes().map((one) => toHex(envelopeHash(one))))
    expect(mine.every((one) => got.has(toHex(envelopeHash(one))))).toBe(true)
    // Of the flood those with most work are left.
    const floodPows = late
      .envelopes()
      .filter((one) => one.data.length === 30)
      .map((one) => powOf(one))
    expect(floodPows).toHaveLength(40)
  })
})

describe('TTL', () => {
  it('of 0 and above one day, or what the operator says, is refused', async () => {
    const world = new World()
    const node = world.node('ours')
    const strict = world.node('strict', { maxTtlSeconds: 60 })
    for (const name of ['ours', 'strict'])
      (await world.play(name)).sendEnvelopes(
        ...[0, 1, 60, 61, 86_400, 86_401, 2 ** 31].map((ttl) => world.envelope({ ttl })),
      )
    await world.clock.advance(0)
    expect([node, strict].map((one) => one.stats().refusals['ttl-out-of-range'])).toEqual([3, 5])
    expect([node, strict].map((one) => one.stats().envelopesAccepted)).toEqual([4, 2])
  })
})
