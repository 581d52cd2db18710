/** Privacy delay: each envelope waits for a random time of its own before peers see it. */
import { toHex } from '@status-protocol/bytes'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import { seededRandom } from '@status-protocol/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createWhisper, envelopeHash } from '../../src/index.ts'
import { WhisperCore } from '../../src/shh/core.ts'
import { EnvelopePool, type PoolEntry } from '../../src/shh/pool.ts'
import { PrivacyDelay } from '../../src/shh/privacy-delay.ts'
import { KEY, TOPIC, World } from './support.ts'

describe('privacy delay', () => {
  it('gives each its own time, spread evenly', () => {
    const delay = new PrivacyDelay<number>(1_000, seededRandom(1))
    for (let i = 0; i < 1_000; i++) delay.hold(i, 5_000)
    expect(delay.due(4_999)).toEqual([])
    const seen: number[][] = []
    for (let ms = 5_000; ms <= 6_020; ms += 20) {
      expect(delay.nextMs === undefined || delay.nextMs >= ms).toBe(true)
      seen.push([...delay.due(ms)])
    }
    expect(seen.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 1_000 }, (_, i) => i))
    const half = seen.slice(0, seen.length / 2).flat()
    expect(half.length).toBeGreaterThan(400)
    expect(half.length).toBeLessThan(600)
    expect(half.toSorted((a, b) => a - b)).not.toEqual(half)
    expect([delay.nextMs, delay.due(1e9)]).toEqual([undefined, []])
  })

  it('holds own envelopes and those of others, and changes their order', async () => {
    const world = new World()
    const node = world.node('ours', { privacyDelayMs: 2_000 })
    const own = node.service.subscribe({ topics: [TOPIC], symKey: KEY })
    const [from, to] = [await world.play('ours'), await world.play('ours')]
    const sent = Array.from({ length: 60 }, () => world.envelope({ ttl: 60 }))
    from.sendEnvelopes(...sent)
    const to1 = { to: { symKey: KEY }, topic: TOPIC, payload: new Uint8Array(3), powTarget: 0 } as const
    const mine: string[] = []
    for (let i = 0; i < 60; i++) mine.push(toHex(await node.service.post(to1)))
    await world.clock.advance(0)
    expect(from.bodies(11)).toHaveLength(1) // confirmed at once
    expect(toHex((await own.next()).value?.hash as Uint8Array)).toBe(mine[0]) // the own filters do not wait
    expect(node.stats().poolEnvelopes).toBe(120)
    from.sendEnvelopes(...sent) // known all the same
    await world.clock.advance(1_000)
    const hashes = () => to.envelopes().map((one) => toHex(envelopeHash(one)))
    expect(hashes().length).toBeGreaterThan(40)
    expect(hashes().length).toBeLessThan(80)
    await world.clock.advance(1_040)
    const all = [...sent.map((one) => toHex(envelopeHash(one))), ...mine]
    expect(hashes().toSorted()).toEqual(all.toSorted())
    expect(hashes()).not.toEqual(all)
    // Both kinds are spread alike: neither comes first.
    const places = mine.map((hash) => hashes().indexOf(hash))
    const middle = places.reduce((sum, place) => sum + place, 0) / 60
    expect(Math.abs(middle - 59.5)).toBeLessThan(15)
    expect(from.envelopes()).toHaveLength(60)
  })

  it('forgets what expires or has to go meanwhile, and ends with the node', async () => {
    const world = new World()
    const node = world.node('ours', { privacyDelayMs: 10_000, pool: { maxEnvelopes: 5 } })
    const [from, to] = [await world.play('ours'), await world.play('ours')]
    from.sendEnvelopes(...Array.from({ length: 30 }, () => world.envelope({ ttl: 3 })))
    await world.clock.advance(30_000)
    expect(node.stats().poolEnvelopes).toBe(0)
    expect(to.envelopes().length).toBeLessThan(5)
    from.sendEnvelopes(world.envelope())
    await world.clock.advance(0)
    await node.close()
    await world.clock.advance(60_000)
  })

  it('holds on to nothing that the pool has given up: a flood takes no more memory than the pool', () => {
    const delay = new PrivacyDelay<number>(10_000, seededRandom(1))
    for (let i = 0; i < 100; i++) delay.hold(i, 0)
    for (let i = 0; i < 99; i++) delay.drop(i)
    delay.drop(99_999)
    expect([delay.size, delay.due(10_020), delay.size]).toEqual([1, [99], 0])

    const world = new World()
    const core = new WhisperCore({
      ...{
        minPow: 0,
        bloom: undefined,
        maxMessageBytes: 1_000_000,
        maxTtlSeconds: 100,
        errorCodes: undefined,
      },
      ...{ pool: { maxEnvelopes: 4 }, privacyDelayMs: 10_000, random: seededRandom(2), crypto },
      ...{ evidenceOf: () => undefined, trace: undefined },
    })
    const at = (seconds: number) => ({
      unixSeconds: world.nowSeconds + seconds,
      monotonicMs: seconds * 1_000,
    })
    for (let i = 0; i < 50; i++) core.post(world.envelope({ ttl: 5 }), at(0))
    expect(core.nextReleaseMs).toBeDefined()
    core.expire(at(6))
    expect([core.pool.size, core.nextReleaseMs]).toEqual([0, undefined])
  })

  it('leaves what is held in the pool, out of its order until it is released', () => {
    const command = fc.record({
      what: fc.constantFrom('add', 'hold', 'release', 'expire'),
      which: fc.nat(100),
      ttl: fc.integer({ min: 1, max: 5 }),
    })
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const [world, pool] = [new World(), new EnvelopePool({ maxEnvelopes: 8 })]
        const [held, order]: [PoolEntry[], PoolEntry[]] = [[], []]
        let now = world.nowSeconds
        for (const { what, which, ttl } of commands) {
          if (what === 'add' || what === 'hold') {
            const envelope = world.envelope({ ttl, sent: now })
            const added = pool.add(
              { envelope, hash: envelopeHash(envelope), pow: 1 },
              1,
              now,
              what === 'hold',
            )
            if (added.result === 'added') (what === 'hold' ? held : order).push(added.entry)
          } else if (what === 'release' && held.length > 0) {
            const [entry] = held.splice(which % held.length, 1) as [PoolEntry]
            pool.release(entry)
            pool.release(entry) // again changes nothing
            order.push(entry)
          } else if (what === 'expire') pool.expire(++now)
          const isThere = (entry: PoolEntry) => pool.get(entry.hash) === entry
          expect([...pool.from(0)]).toEqual(order.filter(isThere))
          expect(pool.size).toBe([...order, ...held].filter(isThere).length)
        }
        pool.expire(now + 100)
        expect([pool.size, pool.bytes, [...pool.from(0)]]).toEqual([0, 0, []])
      }),
    )
  })

  it('has a bound', () => {
    for (const privacyDelayMs of [-1, 10_001, Number.NaN])
      expect(() => createWhisper({ privacyDelayMs })).toThrow(
        expect.objectContaining({ code: 'invalid-argument' }),
      )
  })
})
