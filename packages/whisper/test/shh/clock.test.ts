/** Envelope times by a clock that peers correct: docs/decisions/0009. */
import { seededRandom, virtualClock } from '@status-protocol/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  batchHash,
  type ClockReport,
  clockWarning,
  encodeMessageResponse,
  envelopeHash,
  sentUnixSeconds,
  type Whisper,
  type WhisperEvent,
  type WhisperOptions,
} from '../../src/index.ts'
import { type ClockVote, correctionFor, majorityOf } from '../../src/shh/clock-vote.ts'
import { networkOf } from '../../src/shh/network-of.ts'
import { PeerClock } from '../../src/shh/peer-clock.ts'
import { TimeEvidence } from '../../src/shh/time-evidence.ts'
import { KEY, type PlayedPeer, TOPIC, World } from './support.ts'

describe('networks', () => {
  it('are an IPv4 /16 or an IPv6 /32', () => {
    const same = (...ips: string[]) => new Set(ips.map((ip) => networkOf(ip))).size === 1
    expect(same('10.1.2.3', '10.1.200.0', '::ffff:10.1.2.3', '::FFFF:10.1.9.9')).toBe(true)
    expect(same('2001:db8::1', '2001:0DB8:ffff::2', '2001:db8:1:2:3:4:5:6')).toBe(true)
    expect(same('::1', '0:0:1::', '::', '0:0::7')).toBe(true)
    expect(same('2001::1', '2001:0:5::')).toBe(true)
    const ips = ['10.1.0.1', '10.2.0.1', '2001:db8::1', '2001:db9::1', '2001::1', '::1', 'fe80::1']
    expect(new Set(ips.map((ip) => networkOf(ip))).size).toBe(ips.length)
    for (const text of ['', 'relay.example', '1.2.3', '1.2.3.4.5', 'g::1', '12345::1', ':'.repeat(50)])
      expect(networkOf(text)).toBeUndefined()
  })
})

describe('evidence', () => {
  const forwarded = (sent: number, ttl: number) => ({ expiryUnixSeconds: sent + ttl, ttlSeconds: ttl })

  it('of an honest peer, its clock right within 5 s, always holds the truth, whoever makes the envelopes', () => {
    const seconds = fc.integer({ min: -86_400, max: 10 })
    const made = fc.record({
      ahead: seconds,
      left: fc.integer({ min: 0, max: 200_000 }),
      late: fc.double({ min: 0, max: 5, noNaN: true }),
    })
    fc.assert(
      fc.property(
        fc.array(made, { minLength: 3, maxLength: 30 }),
        fc.integer({ min: -5, max: 5 }),
        (envelopes, skew) => {
          const [evidence, base] = [new TimeEvidence(), 1_500_000_000]
          let now = 1_000
          for (const { ahead, left, late } of envelopes) {
            now += 1
            const forwardedAt = base + now - late + skew // as the peer has it
            const sent = Math.floor(forwardedAt + ahead) // at most 10 s ahead, not expired: else it is not forwarded
            const expiry = Math.ceil(forwardedAt + left)
            if (expiry >= sent) evidence.forwarded(forwarded(sent, expiry - sent), now * 1_000)
          }
          const bounds = evidence.bounds(now * 1_000)
          if (bounds === undefined) return
          expect(bounds.low).toBeLessThanOrEqual(base)
          expect(bounds.high).toBeGreaterThanOrEqual(base)
        },
      ),
    )
  })

  it('needs three envelopes, or one refusal that is about the time', () => {
    const evidence = new TimeEvidence()
    evidence.forwarded(forwarded(1_000, 15), 0)
    evidence.forwarded(forwarded(1_001, 15), 0)
    expect(evidence.bounds(0)).toBeUndefined()
    evidence.forwarded(forwarded(990, 15), 0)
    expect(evidence.bounds(0)).toEqual({ low: 986, high: 1_015, fresh: 1_001, count: 3 })
    const [ahead, behind] = [new TimeEvidence(), new TimeEvidence()]
    ahead.refused(forwarded(1_000, 15), 'from-future', 0)
    expect(ahead.bounds(0)).toMatchObject({ low: Number.NEGATIVE_INFINITY, high: 995, fresh: undefined })
    behind.refused(forwarded(1_000, 15), 'very-old', 0)
    expect(behind.bounds(0)).toMatchObject({ low: 1_030, high: Number.POSITIVE_INFINITY })
  })

  it('counts for one to two minutes, and not while it contradicts itself', () => {
    const evidence = new TimeEvidence()
    for (let i = 0; i < 3; i++) evidence.forwarded(forwarded(1_000, 15), 0)
    expect(evidence.bounds(119_000)).toBeDefined()
    expect(evidence.bounds(130_000)).toBeUndefined()
    for (let i = 0; i < 3; i++) evidence.forwarded(forwarded(1_130, 15), 130_000)
    evidence.forwarded(forwarded(1_050, 15), 130_000) // was under way for a minute
    expect(evidence.bounds(130_000)).toBeUndefined()
    evidence.forwarded(forwarded(2 ** 32 - 1, -5), 130_000) // sent after it expired: says nothing
  })
})

describe('votes', () => {
  const vote = (low: number, high: number, fresh?: number): ClockVote => ({
    peerId: new Uint8Array(64),
    network: '',
    lowSeconds: low,
    highSeconds: high,
    freshSeconds: fresh,
    evidence: 3,
  })

  it('need five, and more than half of them to agree', () => {
    const fine = vote(-10, 20)
    expect(majorityOf([fine, fine, fine, fine])).toBeUndefined()
    expect(majorityOf([fine, fine, fine, fine, fine])).toEqual({ lowSeconds: -10, highSeconds: 20 })
    const apart = [vote(0, 1), vote(2, 3), vote(4, 5), vote(6, 7), vote(8, 9), vote(8, 9)]
    expect(majorityOf(apart)).toBeUndefined()
    expect(majorityOf([...apart, vote(8, 9), vote(9, 10), vote(9, 10)])).toEqual({
      lowSeconds: 9,
      highSeconds: 9,
    })
  })

  it('of a minority move nothing beyond what the honest hold to be possible', () => {
    const interval = fc.tuple(fc.integer({ min: -100_000, max: 100_000 }), fc.nat(100_000))
    const honest = fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 30 }))
    fc.assert(
      fc.property(fc.array(honest, { minLength: 3, maxLength: 9 }), fc.array(interval), (honest, liars) => {
        const good = honest.map(([below, above]) => vote(-below, above, 0)) // the clock is right
        const bad = liars.slice(0, good.length - 1).map(([low, length]) => vote(low, low + length, low))
        const majority = majorityOf([...good, ...bad])
        if (majority === undefined) return
        expect(correctionFor([...good, ...bad], majority, 0)).toBe(0)
        // Whoever was led astray before comes back to where some honest peer agrees.
        const back = correctionFor([...good, ...bad], majority, 5_000)
        if (back !== 5_000) expect(Math.abs(back)).toBeLessThanOrEqual(30)
      }),
    )
  })

  it('correct to the freshest envelopes, within what is possible', () => {
    const votes = [50, 51, 52, 53, 300].map((fresh) => vote(fresh - 10, fresh + 20, fresh))
    const majority = majorityOf(votes)
    expect(majority).toEqual({ lowSeconds: 42, highSeconds: 71 })
    expect(majority && correctionFor(votes, majority, 0)).toBe(52)
    expect(majority && correctionFor(votes, majority, 60)).toBe(60) // possible: stays
    expect(correctionFor([vote(5, 9)], { lowSeconds: 5, highSeconds: 9 }, 0)).toBe(5)
    expect(correctionFor([], { lowSeconds: Number.NEGATIVE_INFINITY, highSeconds: -7 }, 0)).toBe(-7)
  })
})

describe('the clock of a node', () => {
  /** A node whose clock is off, in a world whose clock is right. */
  class Off {
    readonly world = new World()
    readonly node: Whisper
    readonly told: ClockReport[] = []
    readonly peers: PlayedPeer[] = []
    #shiftMs: number

    constructor(behindSeconds: number, options: WhisperOptions = {}) {
      this.#shiftMs = -behindSeconds * 1_000
      const { clock } = this.world
      this.node = this.world.node('ours', {
        clock: { wallMs: () => clock.wallMs() + this.#shiftMs, monotonicMs: () => clock.monotonicMs() },
        log: (event: WhisperEvent) => event.type === 'clock' && this.told.push(event.report),
        ...options,
      })
    }

    set(behindSeconds: number) {
      this.#shiftMs = -behindSeconds * 1_000
    }

    async dial(...ips: string[]) {
      for (const ip of ips) this.peers.push(await this.world.play('ours', { b: { ip } }))
      return this.peers.slice(-ips.length)
    }

    /** Each peer forwards an envelope of its own every two seconds; times are right unless said. */
    async talk(seconds: number, peers = this.peers, lies: (peer: PlayedPeer) => number = () => 0) {
      for (let at = 0; at < seconds; at += 2) {
        for (const peer of peers)
          peer.sendEnvelopes(this.world.envelope({ sent: this.world.nowSeconds + lies(peer), ttl: 15 }))
        await this.world.clock.advance(2_000)
      }
    }

    get correction() {
      return this.node.clock().correctionSeconds
    }
  }
  const networks = (count: number) => Array.from({ length: count }, (_, i) => `10.${i}.0.1`)

  it('is left alone while it is right, or nearly', async () => {
    for (const behind of [0, 14, -14]) {
      const off = new Off(behind)
      await off.dial(...networks(5))
      await off.talk(60)
      expect(off.node.clock()).toMatchObject({ offsetSeconds: 0, correctionSeconds: 0 })
      expect(off.node.clock().votes).toHaveLength(5)
      expect(off.told).toEqual([])
      expect(clockWarning(off.node.clock())).toBeUndefined()
    }
  })

  it('is corrected, for envelope times alone, and the user is told with the evidence', async () => {
    for (const behind of [65, -65]) {
      const off = new Off(behind)
      const peers = await off.dial(...networks(6))
      await off.talk(4)
      expect(off.node.stats().envelopesAccepted).toBe(0)
      await off.talk(30)
      expect(Math.abs(off.correction - behind)).toBeLessThanOrEqual(2)
      const before = off.node.stats().envelopesAccepted
      await off.talk(2)
      expect(off.node.stats().envelopesAccepted).toBe(before + 6)
      expect(off.told).toHaveLength(1)
      expect(off.told[0]?.votes).toHaveLength(6)
      expect(clockWarning(off.told[0] as ClockReport)).toMatch(
        behind > 0
          ? /^your clock is off by 6[3-7] s: it is behind, say 6 of 6 peers in different networks$/
          : /^your clock is off by 6[3-7] s: it is ahead, say 6 of 6 /,
      )
      const to = { symKey: KEY }
      await off.node.service.post({ to, topic: TOPIC, payload: new Uint8Array(3), powTarget: 0 })
      await off.world.clock.advance(100)
      const own = peers[0]?.envelopes().at(-1)
      expect(own && Math.abs(sentUnixSeconds(own) - off.world.nowSeconds)).toBeLessThanOrEqual(2)
    }
  })

  it('is only talked about where the operator wants no more', async () => {
    const off = new Off(65, { correctsClock: false })
    await off.dial(...networks(5))
    await off.talk(60)
    expect(off.correction).toBe(0)
    expect(off.told).toHaveLength(1)
    expect(off.node.stats().envelopesAccepted).toBe(0)
  })

  it('needs five peers that it dialled, in five networks', async () => {
    const off = new Off(65)
    await off.dial(...networks(4), '10.0.0.9', '10.1.7.7', '10.2.1.1', '10.3.0.2')
    for (let i = 0; i < 6; i++) {
      const inbound = await off.world.play('ours', { b: { ip: `10.9${i}.0.1` }, dialledBy: 'b' })
      off.peers.push(inbound)
    }
    off.peers.push(await off.world.play('ours')) // from nowhere
    await off.talk(60)
    expect(off.node.clock()).toMatchObject({ offsetSeconds: undefined, correctionSeconds: 0 })
    expect(off.node.clock().votes).toHaveLength(4)
    await off.dial('10.200.0.1')
    await off.talk(30)
    expect(Math.abs(off.correction - 65)).toBeLessThanOrEqual(2)
  })

  it('is not moved by a minority, nor by floods of invented times through honest peers', async () => {
    const off = new Off(0)
    const honest = await off.dial(...networks(4))
    const liars = await off.dial('10.100.0.1', '10.101.0.1', '10.102.0.1')
    await off.talk(60, off.peers, (peer) => (liars.includes(peer) ? 5_000 : 0))
    expect(off.node.clock()).toMatchObject({ offsetSeconds: 0, correctionSeconds: 0 })
    expect(off.node.clock().votes.map((vote) => vote.agrees)).toEqual([
      ...honest.map(() => true),
      ...liars.map(() => false),
    ])
    const random = seededRandom(3)
    for (let at = 0; at < 40; at++) {
      for (const peer of honest) {
        const { nowSeconds } = off.world
        for (let i = 0; i < 20; i++) {
          const sent = nowSeconds + 10 - random.int(5_000)
          const ttl = nowSeconds - sent + random.int(20)
          if (ttl > 0) peer.sendEnvelopes(off.world.envelope({ sent, ttl }))
        }
      }
      await off.talk(1, liars, () => -5_000)
    }
    expect(off.correction).toBe(0)
  })

  it('does not follow a flood from 10 s ahead, nor do those whose peers do', async () => {
    const off = new Off(0)
    await off.dial(...networks(5))
    await off.talk(120, off.peers, () => 10 + 4) // the peers themselves are 4 s ahead
    expect(off.node.clock()).toMatchObject({ offsetSeconds: 0, correctionSeconds: 0 })
  })

  it('moves by a bounded step, also for a majority of liars, and comes back when they are gone', async () => {
    const off = new Off(0)
    await off.dial(...networks(2))
    const liars = await off.dial('10.100.0.1', '10.101.0.1', '10.102.0.1')
    const lies = (peer: PlayedPeer) => (liars.includes(peer) ? 5_000 : 0)
    await off.talk(12, off.peers, lies)
    expect(off.correction).toBe(300)
    await off.talk(60, off.peers, lies)
    expect(off.correction).toBeLessThanOrEqual(300 * 8)
    for (const liar of liars) liar.link.close(8)
    await off.dial('10.50.0.1', '10.51.0.1', '10.52.0.1')
    await off.talk(120)
    expect(off.node.clock()).toMatchObject({ offsetSeconds: 0, correctionSeconds: 0 })
    expect(off.told.at(-1)?.offsetSeconds).toBe(0)
  })

  it('moves by a day at most, whatever peers say', async () => {
    const clock = virtualClock()
    const time = new PeerClock({ clock, corrects: true, told: () => {} })
    for (let id = 0; id < 5; id++)
      time.connected({ id, peerId: new Uint8Array(64), ip: `10.${id}.0.1`, outbound: true })
    for (let check = 0; check < 300; check++) {
      const sent = clock.wallMs() / 1_000 + 1_000_000
      for (let id = 0; id < 5; id++)
        for (let i = 0; i < 3; i++)
          time
            .evidenceOf(id)
            ?.forwarded({ expiryUnixSeconds: sent + 15, ttlSeconds: 15 }, clock.monotonicMs())
      time.check()
      await clock.advance(10_000)
    }
    expect(time.report()).toMatchObject({ offsetSeconds: 1_000_000, correctionSeconds: 86_400 })
    expect(time.unixSeconds()).toBe(Math.floor(clock.wallMs() / 1_000) + 86_400)
  })

  it('forgets all when somebody sets the system clock', async () => {
    const off = new Off(65)
    await off.dial(...networks(5))
    await off.talk(30)
    expect(off.correction).toBeGreaterThan(60)
    off.set(0)
    await off.talk(2)
    expect(off.node.clock()).toMatchObject({ offsetSeconds: undefined, correctionSeconds: 0 })
    await off.talk(30)
    expect(off.node.clock()).toMatchObject({ offsetSeconds: 0, correctionSeconds: 0 })
    expect(off.node.stats().refusals['from-future']).toBeGreaterThan(0) // those of before
  })

  it('listens to what peers say of its own envelopes (packet 12)', async () => {
    const off = new Off(-40)
    await off.dial(...networks(5))
    const to = { symKey: KEY }
    await off.node.service.post({ to, topic: TOPIC, payload: new Uint8Array(3), powTarget: 0 })
    await off.world.clock.advance(100)
    for (const [i, peer] of off.peers.entries()) {
      const body = peer.bodies(1)[0] as Uint8Array
      const [own] = peer.envelopes()
      const description = i === 0 ? 'I do not like it' : 'envelope from future'
      const errors = own ? [{ hash: envelopeHash(own), code: 37, description }] : []
      peer.send(12, encodeMessageResponse({ batchHash: batchHash(body), errors }))
    }
    await off.world.clock.advance(11_000)
    expect(off.node.clock().votes).toHaveLength(4)
    await off.dial('10.60.0.1')
    await off.talk(12, off.peers.slice(-1))
    expect(off.correction).toBeLessThan(0)
  })
})
