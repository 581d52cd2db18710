import { toHex } from '@status-protocol/bytes'
import { describe, expect, it } from 'vitest'
import {
  batchHash,
  bloomFrom,
  bloomOf,
  decodeMessageResponse,
  decodeMessages,
  decodePowRequirement,
  type Envelope,
  encodeBloomFilter,
  encodePowRequirement,
  envelopeHash,
  fullBloom,
  noRateLimits,
  powOf,
  topicFrom,
} from '../../src/index.ts'
import { TOPIC, World } from './support.ts'

const hashes = (envelopes: readonly Envelope[]) => envelopes.map((one) => toHex(envelopeHash(one))).sort()
const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i))

describe('relaying', () => {
  it('carries envelopes over several nodes within a few batches, never back', async () => {
    const world = new World()
    for (const name of ['a', 'b', 'c', 'd']) world.node(name)
    world.join('a', 'b')
    world.join('b', 'c')
    world.join('c', 'd')
    const [first, last] = [await world.play('a', { name: 'first' }), await world.play('d', { name: 'last' })]
    const sent = times(50, () => world.envelope())
    first.sendEnvelopes(...sent)
    await world.clock.advance(80)
    expect(hashes(last.envelopes())).toEqual(hashes(sent))
    expect(first.envelopes()).toEqual([])
    const ways = world.traffic.filter((packet) => packet.code === 1).map(({ from, to }) => `${from} ${to}`)
    expect(ways.sort()).toEqual(['a b', 'b c', 'c d', 'd last', 'first a'].sort())
  })

  it('sends the first at once and collects the next ones for 20 ms', async () => {
    const world = new World()
    world.node('ours')
    const [from, to] = [await world.play('ours'), await world.play('ours')]
    from.sendEnvelopes(world.envelope())
    await world.clock.advance(0)
    expect(to.bodies(1)).toHaveLength(1)
    for (let i = 0; i < 19; i++) {
      from.sendEnvelopes(world.envelope())
      await world.clock.advance(1)
    }
    expect(to.bodies(1)).toHaveLength(1)
    await world.clock.advance(1)
    expect(to.bodies(1)).toHaveLength(2)
    expect(to.envelopes()).toHaveLength(20)
  })

  it('gives a new peer the pool as far as it lives', async () => {
    const world = new World()
    world.clock.shiftWall(500) // so that seconds do not end when the pool is gone through
    world.node('ours')
    const from = await world.play('ours')
    const [short, long] = [world.envelope({ ttl: 5 }), world.envelope({ ttl: 30 })]
    from.sendEnvelopes(short, long)
    await world.clock.advance(5_000)
    const early = await world.play('ours')
    expect(hashes(early.envelopes())).toEqual(hashes([short, long])) // the last second counts
    await world.clock.advance(600)
    const late = await world.play('ours')
    expect(hashes(late.envelopes())).toEqual(hashes([long]))
  })

  it('takes an envelope once until it expires, whoever brings it', async () => {
    const world = new World()
    const node = world.node('ours')
    const peers = [await world.play('ours'), await world.play('ours'), await world.play('ours')]
    const envelope = world.envelope({ ttl: 10 })
    for (const peer of [...peers, ...peers]) peer.sendEnvelopes(envelope)
    await world.clock.advance(100)
    expect(node.stats()).toMatchObject({ envelopesAccepted: 1, envelopesKnown: 5, poolEnvelopes: 1 })
    expect(peers.map((peer) => peer.envelopes().length)).toEqual([0, 0, 0])
    await world.clock.advance(12_000)
    expect(node.stats().poolEnvelopes).toBe(0)
    peers[0]?.sendEnvelopes(envelope)
    await world.clock.advance(100)
    expect(node.stats()).toMatchObject({ envelopesAccepted: 1, envelopesExpired: 1, poolEnvelopes: 0 })
  })

  it('does not take a new envelope for known because an old one was', async () => {
    const world = new World()
    const node = world.node('ours', { pool: { maxEnvelopes: 20 } })
    const [one, other] = [await world.play('ours'), await world.play('ours')]
    let carried = 0
    for (let round = 0; round < 20; round++) {
      const [from, to] = round % 2 ? [one, other] : [other, one]
      const before = to.envelopes().length
      const sent = times(round < 5 ? 15 : 5, () => world.envelope({ ttl: 5 }))
      from.sendEnvelopes(...sent)
      await world.clock.advance(100)
      const stayed = sent.filter((envelope) => node.envelope(envelopeHash(envelope)))
      expect(hashes(to.envelopes().slice(before))).toEqual(hashes(stayed))
      carried += stayed.length
      if (round < 5) await world.clock.advance(10_000) // the later ones push each other out, or themselves
    }
    expect(carried).toBeGreaterThan(5 * 15 + 20)
  })

  it('asks what the peer asks of envelopes: proof of work and topic', async () => {
    const world = new World()
    world.node('ours')
    const from = await world.play('ours')
    const sent = [
      ...times(40, () => world.envelope()),
      world.envelope({ topic: topicFrom(Uint8Array.of(9, 9, 9, 0)) }),
    ]
    const pows = sent.map((envelope) => powOf(envelope)).sort((x, y) => x - y)
    const middle = pows[20] as number
    const choosy = await world.play('ours', { status: { minPow: middle } })
    const topical = await world.play('ours', { status: { bloom: bloomOf(TOPIC) } })
    from.sendEnvelopes(...sent)
    await world.clock.advance(100)
    expect(hashes(choosy.envelopes())).toEqual(hashes(sent.filter((envelope) => powOf(envelope) >= middle)))
    expect(hashes(topical.envelopes())).toEqual(hashes(sent.slice(0, 40)))
  })

  it('looks again when the peer wants more, and sends nothing twice', async () => {
    const world = new World()
    world.node('ours')
    const from = await world.play('ours')
    const sent = times(30, () => world.envelope())
    const middle = sent.map((envelope) => powOf(envelope)).sort((x, y) => x - y)[15] as number
    const peer = await world.play('ours', { status: { minPow: middle } })
    from.sendEnvelopes(...sent)
    await world.clock.advance(100)
    const before = peer.envelopes().length
    expect(before).toBeGreaterThan(0)
    expect(before).toBeLessThan(30)
    peer.send(2, encodePowRequirement(0))
    await world.clock.advance(0)
    expect(hashes(peer.envelopes())).toEqual(hashes(sent))
    peer.send(3, encodeBloomFilter(bloomFrom(new Uint8Array(64))))
    peer.send(2, encodePowRequirement(1e9))
    from.sendEnvelopes(world.envelope())
    await world.clock.advance(100)
    expect(peer.envelopes()).toHaveLength(30)
    peer.send(2, encodePowRequirement(0))
    peer.send(3, encodeBloomFilter(fullBloom()))
    await world.clock.advance(2_000)
    expect(peer.envelopes()).toHaveLength(31)
  })

  it('goes through the pool again for one peer at most once a second', async () => {
    const world = new World()
    const node = world.node('ours')
    const from = await world.play('ours')
    const peer = await world.play('ours', { status: { bloom: bloomFrom(new Uint8Array(64)) } })
    from.sendEnvelopes(world.envelope())
    await world.clock.advance(100)
    const [nothing, all] = [encodeBloomFilter(bloomFrom(new Uint8Array(64))), encodeBloomFilter(fullBloom())]
    peer.send(3, all)
    await world.clock.advance(0)
    expect(peer.envelopes()).toHaveLength(1)
    peer.send(3, nothing)
    from.sendEnvelopes(world.envelope())
    await world.clock.advance(100)
    peer.send(3, all)
    await world.clock.advance(800)
    expect(peer.envelopes()).toHaveLength(1)
    await world.clock.advance(200)
    expect(peer.envelopes()).toHaveLength(2)
    expect(node.stats().envelopesSent).toBe(2)
  })

  it('never makes a packet larger than the peer or the protocol takes', async () => {
    const world = new World()
    const node = world.node('ours')
    const from = await world.play('ours')
    const sent = [
      ...times(300, (i) => world.envelope({ size: 10 * i, ttl: 60 })),
      world.envelope({ size: 50_000, ttl: 60 }),
      world.envelope({ size: 1_000_000, ttl: 60 }),
    ]
    for (const envelope of sent) {
      from.sendEnvelopes(envelope)
      await world.clock.advance(1)
    }
    for (const limit of [500, 3_000, 20_000, 1024 * 1024, 16 * 1024 * 1024]) {
      const peer = await world.play('ours', { a: { maxPacketBytes: limit }, b: { maxPacketBytes: limit } })
      await world.clock.advance(1_000)
      const sizes = peer.bodies(1).map((body) => body.length)
      expect(Math.max(...sizes)).toBeLessThanOrEqual(Math.min(limit, 1024 * 1024))
      const fitting = sent.filter((envelope) => envelope.rlp.length + 4 <= limit)
      expect(hashes(peer.envelopes())).toEqual(hashes(fitting))
      // Packets are filled as far as 256 KiB allow.
      expect(sizes.length).toBeLessThan(
        fitting.reduce((sum, one) => sum + one.rlp.length, 0) / (limit / 2) + 10,
      )
    }
    expect(node.stats().links).toBe(6)
  })

  it('tells peers its own requirements and honours the one before for 10 s', async () => {
    const world = new World()
    const node = world.node('ours')
    const peer = await world.play('ours')
    node.setMinPow(1e6)
    node.setBloom(bloomFrom(new Uint8Array(64)))
    await world.clock.advance(0)
    expect(decodePowRequirement(peer.bodies(2)[0] as Uint8Array)).toBe(1e6)
    expect(peer.bodies(3)).toEqual([encodeBloomFilter(bloomFrom(new Uint8Array(64)))])
    peer.sendEnvelopes(world.envelope())
    await world.clock.advance(9_999)
    peer.sendEnvelopes(world.envelope())
    await world.clock.advance(0)
    expect(node.stats()).toMatchObject({ envelopesAccepted: 2, envelopesRefused: 0 })
    await world.clock.advance(1)
    peer.sendEnvelopes(world.envelope())
    await world.clock.advance(0)
    expect(node.stats()).toMatchObject({ envelopesAccepted: 2, envelopesRefused: 1 })
    node.setMinPow(0)
    node.setBloom(undefined)
    peer.sendEnvelopes(world.envelope())
    await world.clock.advance(0)
    expect(node.stats().envelopesAccepted).toBe(3)
    expect(peer.bodies(3).at(-1)).toEqual(encodeBloomFilter(fullBloom()))
  })
})

describe('confirmations', () => {
  it('answers every messages packet with 12 and then 11', async () => {
    const world = new World()
    world.node('ours')
    const peer = await world.play('ours')
    const envelope = world.envelope()
    const bodies = [peer.sendEnvelopes(envelope), peer.sendEnvelopes(), peer.sendEnvelopes(envelope)]
    await world.clock.advance(0)
    const answers = peer.received.filter((packet) => packet.code > 3)
    expect(answers.map((packet) => packet.code)).toEqual([12, 11, 12, 11, 12, 11])
    for (const [i, body] of bodies.entries()) {
      const response = decodeMessageResponse(answers[2 * i]?.body as Uint8Array)
      expect(response).toEqual({ batchHash: batchHash(body), errors: [] })
      expect(answers[2 * i + 1]?.body.subarray(1)).toEqual(batchHash(body))
    }
  })

  it('does so for peers that did not ask for it', async () => {
    const world = new World()
    world.node('ours')
    const peer = await world.play('ours', { status: { confirmations: false } })
    peer.sendEnvelopes(world.envelope())
    await world.clock.advance(0)
    expect(peer.received.map((packet) => packet.code)).toEqual([0, 12, 11])
  })

  it('names what it refused, and does not end the link for it', async () => {
    const world = new World()
    world.node('ours', { minPow: 1000, bloom: bloomOf(TOPIC), maxMessageBytes: 1000 })
    const peer = await world.play('ours', { status: { rateLimits: noRateLimits } })
    const { nowSeconds } = world
    const bad = [
      world.envelope({ sent: nowSeconds - 1000 }),
      world.envelope({ sent: nowSeconds + 11 }),
      world.envelope({ size: 2000 }),
      world.envelope(),
      world.envelope({ ttl: 0, sent: nowSeconds }),
      world.envelope({ sent: nowSeconds - 25 }),
    ]
    peer.sendEnvelopes(...bad)
    await world.clock.advance(0)
    const response = decodeMessageResponse(peer.bodies(12)[0] as Uint8Array)
    expect(response?.errors.map((error) => error.description.replace(/[:[].*/s, '').trim())).toEqual([
      'very old envelope',
      'envelope from future',
      'huge messages are not allowed',
      'envelope with low PoW received',
      'envelope with a time to live out of range',
    ])
    expect(new Set(response?.errors.map((error) => error.code))).toEqual(new Set([37]))
    expect(peer.reason).toBeUndefined()
    expect(peer.bodies(11)).toHaveLength(1)
  })

  it("has each peer's own generation of error codes: who says nothing of rate limits is of 0.36", async () => {
    for (const [status, errorCodes, code] of [
      [{}, undefined, 36],
      [{ rateLimits: noRateLimits }, undefined, 37],
      [{ rateLimits: noRateLimits }, 'v036', 36],
      [{}, 'v055', 37],
    ] as const) {
      const world = new World()
      world.node('ours', { minPow: 1e9, ...(errorCodes && { errorCodes }) })
      const peer = await world.play('ours', { status })
      peer.sendEnvelopes(world.envelope())
      await world.clock.advance(0)
      const response = decodeMessageResponse(peer.bodies(12)[0] as Uint8Array)
      expect(response?.errors.map((error) => error.code)).toEqual([code])
    }
  })

  it('waits for the hook, without holding up the relaying', async () => {
    const world = new World()
    const stored: Envelope[][] = []
    let done: (() => void) | undefined
    const node = world.node('ours', {
      beforeConfirm: (batch) => {
        stored.push([...batch])
        return new Promise((resolve) => {
          done = resolve
        })
      },
    })
    const [from, to] = [await world.play('ours'), await world.play('ours')]
    const [first, second] = [world.envelope(), world.envelope()]
    from.sendEnvelopes(first)
    from.sendEnvelopes(first, second)
    await world.clock.advance(1_000)
    expect(hashes(to.envelopes())).toEqual(hashes([first]))
    expect(from.bodies(12)).toEqual([])
    expect(stored.map(hashes)).toEqual([hashes([first])])
    done?.()
    await world.clock.advance(100)
    expect(from.received.map((packet) => packet.code)).toEqual([0, 12, 11])
    expect(stored.map(hashes)).toEqual([hashes([first]), hashes([first, second])])
    done?.()
    await world.clock.advance(0)
    expect(from.received.map((packet) => packet.code)).toEqual([0, 12, 11, 12, 11])
    expect(node.stats().confirmationsWithheld).toBe(0)
  })

  it('confirms nothing if the hook fails', async () => {
    const world = new World()
    const node = world.node('ours', { beforeConfirm: () => Promise.reject(new Error('disk full')) })
    const peer = await world.play('ours')
    peer.sendEnvelopes(world.envelope())
    peer.sendEnvelopes()
    await world.clock.advance(0)
    expect(peer.received.map((packet) => packet.code)).toEqual([0, 12, 11]) // the empty one
    expect(node.stats().confirmationsWithheld).toBe(1)
    expect(peer.reason).toBeUndefined()
  })
})

describe('slow peers', () => {
  it('do not make memory grow, do not hold up others, and get what still lives', async () => {
    const world = new World()
    const node = world.node('ours')
    const from = await world.play('ours')
    const slow = await world.play('ours', { a: { queuePackets: 2 } })
    const quick = await world.play('ours')
    slow.pause()
    const early = times(100, () => world.envelope({ ttl: 5 }))
    const late = times(100, () => world.envelope({ ttl: 120 }))
    for (const envelope of [...early, ...late]) {
      from.sendEnvelopes(envelope)
      await world.clock.advance(25)
    }
    expect(hashes(quick.envelopes())).toEqual(hashes([...early, ...late]))
    expect(node.stats()).toMatchObject({ waitingPackets: 0, waitingPacketBytes: 0 })
    await world.clock.advance(20_000)
    slow.resume()
    await world.clock.advance(100)
    const got = hashes(slow.envelopes())
    expect(got).toEqual(expect.arrayContaining(hashes(late)))
    // Of those that died meanwhile it got what was under way, and no more.
    expect(got.length).toBeLessThan(100 + 5)
  })

  it('share the way: replies first, and a storm of envelopes for one does not keep another waiting', async () => {
    const world = new World()
    world.node('ours')
    const from = await world.play('ours')
    for (let i = 0; i < 20; i++)
      from.sendEnvelopes(...times(50, () => world.envelope({ size: 4_000, ttl: 60 })))
    await world.clock.advance(1_000)
    // 4 MB for each, over 1 MB/s for one of them.
    const slow = await world.play('ours', {
      conditions: { bytesPerSecond: 1_000_000 },
      a: { queueBytes: 300_000 },
    })
    const quick = await world.play('ours', { conditions: { bytesPerSecond: 100_000_000 } })
    await world.clock.advance(100)
    expect(quick.envelopes()).toHaveLength(1000)
    expect(slow.envelopes().length).toBeLessThan(200)
    slow.sendEnvelopes(world.envelope())
    await world.clock.advance(1_000)
    expect(slow.bodies(11)).toHaveLength(1)
    expect(slow.envelopes().length).toBeLessThan(600)
    await world.clock.advance(4_000)
    expect(decodeMessages(slow.bodies(1)[0] as Uint8Array).length).toBeGreaterThan(10)
    expect(slow.envelopes()).toHaveLength(1000)
  })
})
