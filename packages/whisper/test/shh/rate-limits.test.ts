/** Rate limits: ours, announced in packets 0 and 20; and those of peers, which we keep to. */
import { equal } from '@status-protocol/bytes'
import { seededRandom } from '@status-protocol/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createWhisper,
  decodeMessageResponse,
  decodeRateLimits,
  decodeStatus,
  encodeRateLimits,
  noRateLimits,
  topicFrom,
} from '../../src/index.ts'
import { addressOf } from '../../src/shh/network-of.ts'
import { Pace } from '../../src/shh/pace.ts'
import { RateLimiter } from '../../src/shh/rate-limiter.ts'
import { TokenBucket, TopicBuckets } from '../../src/shh/token-bucket.ts'
import { type PlayedPeer, TOPIC, World } from './support.ts'

const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i))
const topicOf = (i: number) => topicFrom(Uint8Array.of(i, i >> 8, 1, 1))

describe('token buckets', () => {
  it('let through what they are made for, and no more, whatever the times', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(
        gaps,
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 20 }),
        (gaps, rate, capacity) => {
          const bucket = new TokenBucket(rate, capacity)
          const taken: number[] = []
          let now = 1_000
          for (const gap of gaps) {
            now += gap
            const wait = bucket.waitMs(now)
            const took = bucket.take(now)
            expect(took).toBe(wait === 0)
            if (took) taken.push(now)
          }
          for (const [i, from] of taken.entries())
            for (const to of taken.slice(i)) {
              const within = taken.filter((at) => at >= from && at <= to).length
              expect(within).toBeLessThanOrEqual(capacity + ((to - from) * rate) / 1000 + 1e-6)
            }
        },
      ),
    )
  })

  it('give credit, and say how long it takes to be paid back', () => {
    const bucket = new TokenBucket(10, 2)
    expect(times(4, () => bucket.spend(0))).toEqual([0, 0, 100, 200])
    expect(bucket.waitMs(150)).toBeCloseTo(150)
    expect(bucket.isFull(350)).toBe(false)
    expect(bucket.isFull(400)).toBe(true)
    expect(bucket.tokens(-5)).toBe(2) // time does not go back
  })

  it('of topics are bounded', () => {
    const buckets = new TopicBuckets(1)
    expect(buckets.of(topicOf(0)).take(0)).toBe(true)
    for (let i = 1; i < 10_000; i++) {
      buckets.of(topicOf(i))
      if (i % 1_000 === 0) expect(buckets.of(topicOf(0)).take(0)).toBe(false) // used: not forgotten
    }
    expect(buckets.size).toBe(4_096)
  })
})

describe('our own limits', () => {
  it('are told in the status packet, and in packet 20 when they change', async () => {
    const world = new World()
    const node = world.node('ours', { rateLimits: { perIp: 10, perPeer: 5 } })
    const peer = await world.play('ours')
    expect(decodeStatus(peer.bodies(0)[0] as Uint8Array).rateLimits).toEqual({
      perIp: 10,
      perPeer: 5,
      perTopic: 0,
    })
    node.setRateLimits({ perTopic: 7, tolerance: 3 })
    node.setRateLimits({ perPeer: 9 })
    await world.clock.advance(0)
    expect(peer.bodies(20).map((body) => decodeRateLimits(body))).toEqual([{ ...noRateLimits, perPeer: 9 }])
    expect(node.rateLimits).toEqual({ ...noRateLimits, perPeer: 9 })
  })

  it('are refused if they make no sense', () => {
    const node = createWhisper()
    for (const limits of [{ perIp: -1 }, { perPeer: 0.5 }, { perTopic: Number.NaN }, { tolerance: -2 }])
      for (const set of [() => node.setRateLimits(limits), () => createWhisper({ rateLimits: limits })])
        expect(set).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
  })

  it('per peer: a burst of one second is taken at once, more is read as slowly as it should come', async () => {
    const world = new World()
    const node = world.node('ours', { rateLimits: { perPeer: 5 } })
    const [peer, other] = [await world.play('ours'), await world.play('ours')]
    for (let i = 0; i < 20; i++) peer.sendEnvelopes(world.envelope({ ttl: 60 }))
    await world.clock.advance(50)
    const read = () => node.stats().envelopesAccepted
    expect(read()).toBe(5)
    other.sendEnvelopes(world.envelope())
    await world.clock.advance(0)
    expect(read()).toBe(6)
    await world.clock.advance(1_000)
    expect(read()).toBe(11)
    await world.clock.advance(2_000)
    expect(read()).toBe(21)
    expect(node.stats().packetsOverLimit).toBeGreaterThan(10)
    expect(peer.reason).toBeUndefined()
  })

  it('per IP: shared by all links from there, and not renewed by coming back', async () => {
    const world = new World()
    const node = world.node('ours', { rateLimits: { perIp: 10 } })
    const from = (ip: string) => world.play('ours', { b: { ip } })
    const [one, two, elsewhere] = [await from('10.0.0.1'), await from('10.0.0.1'), await from('10.0.0.2')]
    const flood = (peer: PlayedPeer) => times(20, () => peer.sendEnvelopes(world.envelope({ ttl: 60 })))
    const read = () => node.stats().envelopesAccepted
    flood(one)
    flood(two)
    await world.clock.advance(50)
    expect(read()).toBeLessThanOrEqual(11)
    flood(elsewhere)
    await world.clock.advance(50)
    expect(read()).toBeLessThanOrEqual(23)
    expect(read()).toBeGreaterThanOrEqual(20)
    for (const peer of [one, two]) peer.link.close(8)
    await world.clock.advance(0)
    const before = read()
    flood(await from('10.0.0.1'))
    await world.clock.advance(50)
    expect(read() - before).toBeLessThanOrEqual(3)
  })

  it('end the link of who goes on, once the tolerance is used up', async () => {
    const world = new World()
    const node = world.node('ours', { rateLimits: { perPeer: 5, tolerance: 10 } })
    const [peer, once] = [await world.play('ours'), await world.play('ours')]
    for (let i = 0; i < 12; i++) once.sendEnvelopes(world.envelope({ ttl: 60 }))
    for (let i = 0; i < 100; i++) peer.sendEnvelopes(world.envelope({ ttl: 60 }))
    await world.clock.advance(1_500)
    expect(peer.reason).toBeUndefined()
    await world.clock.advance(1_500)
    expect([peer.reason, once.reason]).toEqual([0x10, undefined])
    // Who was over the limit now and then may be so again a minute later.
    await world.clock.advance(60_000)
    for (let i = 0; i < 12; i++) once.sendEnvelopes(world.envelope({ ttl: 60 }))
    await world.clock.advance(60_000)
    expect([once.reason, node.stats().links]).toEqual([undefined, 1])
  })

  it('per topic: what is above is refused and reported, other topics and other peers are not held up', async () => {
    const world = new World()
    const node = world.node('ours', { rateLimits: { perTopic: 3 } })
    const [peer, other] = [await world.play('ours'), await world.play('ours')]
    const flood = times(10, () => world.envelope({ ttl: 60 }))
    peer.sendEnvelopes(...flood, world.envelope({ topic: topicOf(1) }))
    other.sendEnvelopes(...flood.slice(7))
    await world.clock.advance(0)
    expect(node.stats()).toMatchObject({ envelopesAccepted: 3 + 1 + 3, envelopesRefused: 7 })
    expect(node.stats().refusals['topic-limit']).toBe(7)
    const response = decodeMessageResponse(peer.bodies(12)[0] as Uint8Array)
    expect(response?.errors).toHaveLength(7)
    expect(response?.errors[0]?.description).toBe('envelope exceeds the rate limit of its topic')
    await world.clock.advance(1_000)
    peer.sendEnvelopes(...times(5, () => world.envelope()))
    await world.clock.advance(0)
    expect(node.stats().envelopesAccepted).toBe(10)
    expect(peer.reason).toBeUndefined()
  })

  it('do not hold for trusted peers', async () => {
    const world = new World()
    const node = world.node('ours', { rateLimits: { perIp: 1, perPeer: 1, perTopic: 1, tolerance: 1 } })
    const peer = await world.play('ours', { b: { trusted: true, ip: '10.0.0.1' } })
    for (let i = 0; i < 50; i++) peer.sendEnvelopes(world.envelope(), world.envelope())
    await world.clock.advance(100)
    expect(node.stats()).toMatchObject({ envelopesAccepted: 100, packetsOverLimit: 0 })
  })

  it('take all of an IPv6 /64 for one address', () => {
    const limiter = new RateLimiter()
    limiter.set({ perIp: 5 })
    const waits = ['2001:db8:1:2::1', '2001:0DB8:1:2:ffff::9', '2001:db8:1:2:3:4:5:6'].map((ip) => {
      const link = limiter.connected(ip, 0)
      return Math.max(...times(4, () => link.packet(0) ?? 0))
    })
    expect(waits).toEqual([0, 600, 1_400])
    expect(limiter.connected('2001:db8:1:3::1', 0).packet(0)).toBe(0)
    expect(limiter.addresses).toBe(2)
    const same = (...ips: string[]) => new Set(ips.map((ip) => addressOf(ip))).size === 1
    expect(same('::', '::1', '0:0:0:0:1::')).toBe(true)
    expect(same('10.0.0.1', '::ffff:10.0.0.1', '::FFFF:10.0.0.1')).toBe(true)
    expect(same('1::2:3:4:5', '1:0:0:0:2:3:4:5', '1::')).toBe(true)
    expect(same('64:ff9b:1:2:3:4:1.2.3.4', '64:ff9b:1:2::')).toBe(true)
    const others = ['10.0.0.1', '10.0.0.2', '1::', '1:2::', '1:2:3::', '1:2:3:4::', '1::5:6:7:8:9', 'relay']
    expect(new Set(others.map(addressOf)).size).toBe(others.length)
  })

  it('forget addresses that nobody is connected from', () => {
    const limiter = new RateLimiter()
    limiter.set({ perIp: 5 })
    for (let i = 0; i < 1_000; i++) {
      const link = limiter.connected(`10.0.${i >> 8}.${i & 255}`, 1_000 * i)
      for (let packets = 0; packets < 8; packets++) link.packet(1_000 * i)
      limiter.disconnected(link)
      limiter.disconnected(link) // again is harmless
    }
    expect(limiter.addresses).toBeLessThan(5)
  })
})

describe("peers' limits", () => {
  /** How many packets a peer that counts as status-go does would find above its limit. */
  const above = (world: World, to: string, perSecond: number): number => {
    const bucket = new TokenBucket(perSecond)
    const counted = world.traffic.filter((packet) => packet.to === to && packet.code !== 0)
    return counted.filter(({ atMs }) => !bucket.take(atMs)).length
  }

  it('are kept to by envelopes, which wait in the pool and go in larger packets', async () => {
    const world = new World()
    world.node('ours')
    const from = await world.play('ours', { name: 'from' })
    const to = await world.play('ours', {
      name: 'to',
      status: { rateLimits: { perIp: 10, perPeer: 5, perTopic: 0 } },
    })
    for (let i = 0; i < 200; i++) {
      from.sendEnvelopes(world.envelope({ ttl: 60 }))
      await world.clock.advance(30)
    }
    await world.clock.advance(2_000)
    expect(to.envelopes()).toHaveLength(200)
    expect(above(world, 'to', 5)).toBe(0)
    expect(to.bodies(1).length).toBeGreaterThan(15)
  })

  it('are kept to by confirmations as well: packet 12 alone, and not at the cost of envelopes', async () => {
    const world = new World()
    world.node('ours')
    const from = await world.play('ours')
    const to = await world.play('ours', {
      name: 'to',
      status: { rateLimits: { perIp: 0, perPeer: 5, perTopic: 0 } },
    })
    for (let i = 0; i < 100; i++) {
      to.sendEnvelopes(world.envelope({ ttl: 60 }))
      from.sendEnvelopes(world.envelope({ ttl: 60 }))
      await world.clock.advance(100)
    }
    expect(above(world, 'to', 5)).toBe(0)
    expect(to.bodies(11)).toEqual([])
    const [replies, envelopes] = [to.bodies(12).length, to.envelopes().length]
    expect(replies).toBeGreaterThan(15)
    expect(envelopes).toBeGreaterThan(90)
    expect(from.bodies(11)).toHaveLength(100)
  })

  it('hold from packet 20 on, and end with it', async () => {
    const world = new World()
    const node = world.node('ours')
    const from = await world.play('ours')
    const to = await world.play('ours', { name: 'to' })
    to.send(20, encodeRateLimits({ perIp: 2, perPeer: 0, perTopic: 0 }))
    await world.clock.advance(0)
    expect(node.peers()[1]?.rateLimits).toEqual({ perIp: 2, perPeer: 0, perTopic: 0 })
    for (let i = 0; i < 100; i++) {
      from.sendEnvelopes(world.envelope({ ttl: 60 }))
      await world.clock.advance(30)
    }
    expect(above(world, 'to', 2)).toBe(0)
    const before = to.bodies(1).length
    to.send(20, encodeRateLimits(noRateLimits))
    for (let i = 0; i < 30; i++) {
      from.sendEnvelopes(world.envelope({ ttl: 60 }))
      await world.clock.advance(30)
    }
    expect(to.bodies(1).length - before).toBeGreaterThan(25)
    expect(to.envelopes()).toHaveLength(130)
  })

  it('per topic: others go on, what is too much goes later if it still lives', async () => {
    const world = new World()
    world.node('ours')
    const from = await world.play('ours')
    const to = await world.play('ours', { status: { rateLimits: { perIp: 0, perPeer: 0, perTopic: 10 } } })
    const flood = times(50, () => world.envelope({ ttl: 4 }))
    from.sendEnvelopes(...flood, world.envelope({ topic: topicOf(1), ttl: 60 }))
    await world.clock.advance(100)
    const onTopic = () => to.envelopes().filter((one) => equal(one.topic, TOPIC)).length
    expect([to.envelopes().length - onTopic(), onTopic()]).toEqual([1, 8])
    await world.clock.advance(1_000)
    expect(onTopic()).toBe(16)
    await world.clock.advance(10_000)
    expect(onTopic()).toBeGreaterThanOrEqual(32)
    expect(onTopic()).toBeLessThan(50)
    from.sendEnvelopes(world.envelope())
    await world.clock.advance(50)
    expect(onTopic()).toBeGreaterThanOrEqual(33)
  })

  it('of any size are survived', () => {
    const random = seededRandom(2)
    for (const value of [1, 2, 3, 1_000, 2 ** 53 - 1]) {
      const pace = new Pace({ perIp: value, perPeer: 0, perTopic: value })
      for (let ms = 0; ms < 1_000; ms += random.int(100)) {
        expect(pace.waitMs(ms)).toBeGreaterThanOrEqual(0)
        if (pace.waitMs(ms) === 0) pace.sent(ms)
        expect(pace.room(TOPIC, ms)).toBeGreaterThanOrEqual(0)
        pace.sentTopic(TOPIC, ms)
      }
    }
    expect([new Pace(undefined).isPaced, new Pace(noRateLimits).isPaced]).toEqual([false, false])
  })
})
