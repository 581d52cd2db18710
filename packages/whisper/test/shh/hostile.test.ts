import { concat, utf8 } from '@status-protocol/bytes'
import { encodeRlp, encodeRlpListOf, rlpUint } from '@status-protocol/bytes/rlp'
import { mutate, type SeededRandom, seededRandom } from '@status-protocol/testkit'
import { describe, expect, it } from 'vitest'
import {
  batchHash,
  bloomFrom,
  decodeMessageResponse,
  type EnvelopeHash,
  encodeBatchAcknowledged,
  encodeBloomFilter,
  encodeDirect,
  encodeHistoryRequest,
  encodeMessageResponse,
  encodeMessages,
  encodePowRequirement,
  encodeRateLimits,
  encodeRequestComplete,
  encodeSyncRequest,
  encodeSyncResponse,
  fullBloom,
  type HistoryRequest,
  type RequestComplete,
  type SyncResponse,
  type WhisperOptions,
  type WhisperStats,
} from '../../src/index.ts'
import { MAX_EVICTED_HASHES, MAX_WAITING_REPLIES, MAX_WAITING_REPLY_BYTES } from '../../src/shh/limits.ts'
import { KEY, type PlayedPeer, TOPIC, textsOf, World } from './support.ts'

const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i))

/** Peers with one mutated packet each. */
const FUZZ_COUNT = Number(process.env.FUZZ_COUNT ?? 2_000)

/** All that a node can hold, below its bounds. */
function expectBounded(stats: WhisperStats, links: number): void {
  expect(stats.poolEnvelopes).toBeLessThanOrEqual(131_072)
  expect(stats.poolBytes).toBeLessThanOrEqual(64 * 1024 * 1024)
  expect(stats.evictedHashes).toBeLessThanOrEqual(MAX_EVICTED_HASHES)
  expect(stats.waitingPackets).toBeLessThanOrEqual(links * MAX_WAITING_REPLIES)
  expect(stats.waitingPacketBytes).toBeLessThanOrEqual(links * (MAX_WAITING_REPLY_BYTES + 1024 * 1024))
  expect(stats.waitingOpenings).toBeLessThanOrEqual(4_096 + links * 32_768)
  expect(stats.waitingOpeningBytes).toBeLessThanOrEqual((16 + links) * 1024 * 1024)
}

/** Sends as long as the link takes it; a virtual millisecond passes whenever it is full. */
async function storm(
  world: World,
  peer: PlayedPeer,
  packets: Iterable<readonly [number, Uint8Array]>,
): Promise<void> {
  for (const [code, body] of packets)
    while (peer.send(code, body) === 'full') {
      await world.clock.advance(1)
    }
  await world.clock.advance(100)
}

/** A node between an attacker and two honest peers; proves at the end that these still reach each other. */
async function underAttack(
  run: (world: World, attacker: PlayedPeer) => Promise<void>,
  dropped: boolean,
): Promise<void> {
  const world = new World()
  const node = world.node('ours')
  const honest = [world.node('left'), world.node('right')] as const
  world.join('left', 'ours')
  world.join('ours', 'right')
  const attacker = await world.play('ours')
  await run(world, attacker)
  expect(attacker.reason).toBe(dropped ? 0x10 : undefined)
  expectBounded(node.stats(), 3)
  const subscription = honest[1].service.subscribe({ topics: [TOPIC], symKey: KEY })
  await honest[0].service.post({
    to: { symKey: KEY },
    topic: TOPIC,
    payload: utf8('still here'),
    powTarget: 0,
  })
  await world.clock.advance(1_000)
  subscription.end()
  expect(await textsOf(subscription, 1)).toEqual(['still here'])
  expect(node.peers().length).toBe(dropped ? 2 : 3)
  await world.close()
}

describe('storms of every code', () => {
  const hash = new Uint8Array(32) as EnvelopeHash
  const error = { hash, code: 37, description: 'x'.repeat(200) }
  const bodies: Readonly<Record<number, (world: World, i: number) => Uint8Array>> = {
    0: () => encodeRlp([rlpUint(6)]),
    1: (world) => encodeMessages([world.envelope()]),
    2: (_, i) => encodePowRequirement(i % 2),
    3: (_, i) => encodeBloomFilter(i % 2 ? fullBloom() : bloomFrom(new Uint8Array(64))),
    11: (_, i) => encodeBatchAcknowledged(batchHash(Uint8Array.of(i & 255, i >> 8))),
    12: () => encodeMessageResponse({ batchHash: hash, errors: times(5, () => error) }),
    20: (_, i) => encodeRateLimits({ perIp: i, perPeer: i, perTopic: i }),
    77: () => utf8('a code that nobody knows'),
    123: () => utf8('?'),
    124: () => utf8('?'),
    125: () => utf8('?'),
    126: () => utf8('?'),
    127: () => utf8('?'),
  }
  for (const [code, make] of Object.entries(bodies))
    it(`code ${code}`, async () => {
      await underAttack(async (world, attacker) => {
        await storm(
          world,
          attacker,
          times(10_000, (i) => [Number(code), make(world, i)]),
        )
      }, false)
    }, 60_000)

  it('a peer that asks for the pool again and again', async () => {
    await underAttack(async (world, attacker) => {
      attacker.send(2, encodePowRequirement(1e9))
      for (let i = 0; i < 20; i++) attacker.sendEnvelopes(...times(1000, () => world.envelope({ ttl: 60 })))
      await world.clock.advance(1_000)
      const [none, all] = [encodeBloomFilter(bloomFrom(new Uint8Array(64))), encodeBloomFilter(fullBloom())]
      await storm(
        world,
        attacker,
        times(10_000, (i) => [3, i % 2 ? all : none]),
      )
    }, false)
  }, 60_000)
})

describe('malformed packets', () => {
  it('end their own link and no other', async () => {
    for (const [code, body] of [
      [1, utf8('no')],
      [1, encodeRlp([utf8('no')])],
      [2, encodeRlp([])],
      [2, encodeRlp(new Uint8Array(9).fill(1))],
      [3, encodeRlp(new Uint8Array(0))],
      [11, encodeRlp(new Uint8Array(31))],
      [12, rlpUint(1)],
      [20, rlpUint(1)],
    ] as const)
      await underAttack(async (world, attacker) => {
        attacker.send(code, body)
        await world.clock.advance(0)
      }, true)
  })

  const everything: WhisperOptions = {
    ...{ lightClient: true, privacyDelayMs: 1_000, correctsClock: true, trace: () => {} },
    rateLimits: { perIp: 1_000, perPeer: 1_000, perTopic: 100, tolerance: 1_000 },
  }
  for (const [name, options, trusted] of [
    ['', {}, true],
    [', with all that can be switched on', everything, false],
  ] as const)
    it(
      `are mutations of good ones${name} (fuzz)`,
      async () => {
        const random = seededRandom(5)
        let dropped = 0
        for (let done = 0; done < FUZZ_COUNT; done += 2_000)
          dropped += await mutatedPackets(Math.min(2_000, FUZZ_COUNT - done), random, options, trusted)
        expect(dropped).toBeGreaterThan(FUZZ_COUNT / 8)
      },
      60_000 + 10 * FUZZ_COUNT,
    )

  /** One of each of so many peers, in a world of their own. Returns how many were dropped for it. */
  async function mutatedPackets(
    count: number,
    random: SeededRandom,
    options: WhisperOptions,
    trusted: boolean,
  ): Promise<number> {
    const world = new World()
    const node = world.node('ours', options)
    const seeds = [
      [1, encodeMessages([world.envelope(), world.envelope()])],
      [2, encodePowRequirement(0.002)],
      [3, encodeBloomFilter(fullBloom())],
      [11, encodeBatchAcknowledged(new Uint8Array(32))],
      [12, encodeMessageResponse({ batchHash: new Uint8Array(32), errors: [] })],
      [20, encodeRateLimits({ perIp: 1, perPeer: 2, perTopic: 3 })],
      [126, encodeHistoryRequest({ type: 'envelope', envelope: world.envelope() })],
      [127, encodeDirect([world.envelope()])],
    ] as const
    let dropped = 0
    for (let i = 0; i < count; i++) {
      const peer = await world.play('ours', { b: { trusted, ip: `10.${i % 7}.0.1` } })
      const [code, seed] = random.pick(seeds)
      peer.send(code, mutate(seed, random))
      await world.clock.advance(0)
      expect([undefined, 0x10]).toContain(peer.reason)
      if (peer.reason === undefined) peer.link.close(0)
      else dropped++
      await world.clock.advance(0)
    }
    expect(node.stats()).toMatchObject({ links: 0, linksDropped: dropped })
    expectBounded(node.stats(), 0)
    await world.close()
    return dropped
  }

  it('of more than 1 MiB, of any code', async () => {
    for (const code of [1, 77, 127]) {
      const world = new World()
      world.node('ours')
      const peer = await world.play('ours', { b: { maxPacketBytes: 2 ** 24 } })
      peer.send(code, new Uint8Array(1024 * 1024 + 1))
      await world.clock.advance(0)
      expect(peer.reason).toBe(0x10)
    }
  })

  it('with giant lists', async () => {
    const empty = Uint8Array.of(0xc0)
    const million = encodeRlpListOf(times(1_000_000, () => empty))
    const strings = concat(Uint8Array.of(0xfa, 0x0f, 0x00, 0x00), new Uint8Array(0x0f0000).fill(0x80))
    for (const code of [0, 1, 2, 3, 11, 12, 20, 127])
      for (const body of [million, strings])
        await underAttack(async (world, attacker) => {
          attacker.send(code, body)
          await world.clock.advance(0)
          attacker.send(1, body) // ends the link also where the first is not read: 0 again, 127 from a stranger
          await world.clock.advance(0)
        }, true)
  }, 60_000)
})

describe('floods', () => {
  it('push out what the same peer brought, not what others did', async () => {
    const world = new World()
    const node = world.node('ours', { pool: { maxEnvelopes: 1_000 } })
    const [honest, flooder] = [await world.play('ours'), await world.play('ours')]
    const precious = times(100, () => world.envelope({ ttl: 60 }))
    honest.sendEnvelopes(...precious)
    for (let i = 0; i < 50; i++) flooder.sendEnvelopes(...times(100, () => world.envelope({ ttl: 60 })))
    await world.clock.advance(1_000)
    const { poolEnvelopes, envelopesAccepted, envelopesEvicted, evictedHashes } = node.stats()
    expect(poolEnvelopes).toBeGreaterThan(1_000 - 1_000 / 32) // what a full pool gives up at once
    expect([envelopesAccepted, envelopesEvicted, evictedHashes]).toEqual([
      5_100,
      5_100 - poolEnvelopes,
      5_100 - poolEnvelopes,
    ])
    const late = await world.play('ours')
    const kept = new Set(late.envelopes().map((envelope) => batchHash(envelope.rlp).join()))
    expect(kept.size).toBe(poolEnvelopes)
    for (const envelope of precious) expect(kept.has(batchHash(envelope.rlp).join())).toBe(true)
  })

  it('of what had to go do not come in again', async () => {
    const world = new World()
    const node = world.node('ours', { pool: { maxEnvelopes: 10 } })
    const [peer, other] = [await world.play('ours'), await world.play('ours')]
    const sent = times(50, () => world.envelope({ ttl: 30 }))
    for (let round = 0; round < 5; round++) {
      peer.sendEnvelopes(...sent)
      await world.clock.advance(100)
    }
    expect(node.stats()).toMatchObject({ poolEnvelopes: 10, envelopesAccepted: 50, evictedHashes: 40 })
    expect(other.envelopes()).toHaveLength(10)
    await world.clock.advance(40_000)
    expect(node.stats()).toMatchObject({ poolEnvelopes: 0, poolBytes: 0, evictedHashes: 0 })
  })

  it('are bounded by bytes as well, and an envelope larger than the pool is not kept', async () => {
    const world = new World()
    const node = world.node('ours', { pool: { maxBytes: 10_000 } })
    const peer = await world.play('ours')
    for (let i = 0; i < 30; i++) peer.sendEnvelopes(world.envelope({ size: 1_500 }))
    peer.sendEnvelopes(world.envelope({ size: 20_000 }))
    await world.clock.advance(100)
    expect(node.stats().poolBytes).toBeLessThanOrEqual(10_000)
    expect(node.stats().poolEnvelopes).toBe(6)
    expect(peer.bodies(11)).toHaveLength(31)
  })

  it('of envelopes for a filter hold up the flooder, not the node', async () => {
    const world = new World()
    const most = { waitingOpenings: 0, waitingOpeningBytes: 0 }
    const watching = {
      schedule: (ms: number, task: () => void) =>
        world.clock.schedule(ms, () => {
          const { waitingOpenings, waitingOpeningBytes } = node.stats()
          most.waitingOpenings = Math.max(most.waitingOpenings, waitingOpenings)
          most.waitingOpeningBytes = Math.max(most.waitingOpeningBytes, waitingOpeningBytes)
          task()
        }),
    }
    const node = world.node('ours', { scheduler: watching })
    node.service.subscribe({ topics: [TOPIC], symKey: KEY })
    const peer = await world.play('ours', { b: { queueBytes: 64 * 1024 * 1024 } })
    for (let i = 0; i < 40; i++) peer.sendEnvelopes(...times(500, () => world.envelope()))
    await world.clock.advance(5_000)
    expect(most.waitingOpenings).toBeGreaterThan(1_000)
    expect(most.waitingOpenings).toBeLessThanOrEqual(1_024 + 500)
    expect(node.stats()).toMatchObject({ waitingOpenings: 0, waitingOpeningBytes: 0, envelopesTried: 20_000 })
    const zeros = new Uint8Array(1_000_000)
    for (let i = 0; i < 30; i++) peer.sendEnvelopes(world.envelope({ data: zeros }))
    await world.clock.advance(5_000)
    expect(most.waitingOpeningBytes).toBeGreaterThan(3 * 1024 * 1024)
    expect(most.waitingOpeningBytes).toBeLessThanOrEqual(5 * 1024 * 1024)
    expect(node.stats()).toMatchObject({
      waitingOpeningBytes: 0,
      envelopesTried: 20_030,
    })
  }, 60_000)

  it('of packets whose confirmations are not read cost no more than their bound', async () => {
    const world = new World()
    const node = world.node('ours')
    const peer = await world.play('ours', { a: { queuePackets: 4 } })
    peer.pause()
    await storm(
      world,
      peer,
      times(2_000, () => [1, encodeMessages([])]),
    )
    expect(node.stats().waitingPackets).toBeGreaterThanOrEqual(MAX_WAITING_REPLIES - 1)
    expect(node.stats().waitingPackets).toBeLessThanOrEqual(MAX_WAITING_REPLIES)
    expect(node.stats().confirmationsLeftOut).toBeGreaterThan(500)
    expect(peer.reason).toBeUndefined()
    peer.resume()
    await world.clock.advance(1_000)
    expect(node.stats().waitingPackets).toBe(0)
    // What was left out was left out in pairs.
    expect(peer.bodies(12).length).toBe(peer.bodies(11).length)
  })

  it('of refused envelopes make an answer that the peer can take', async () => {
    const world = new World()
    world.node('ours', { minPow: 1e9 })
    const peer = await world.play('ours', { a: { maxPacketBytes: 10_000 } })
    peer.sendEnvelopes(...times(5_000, () => world.envelope({ size: 20 })))
    await world.clock.advance(0)
    const [answer] = peer.bodies(12)
    expect(answer?.length).toBeLessThanOrEqual(10_000)
    expect(decodeMessageResponse(answer as Uint8Array)?.errors.length).toBeGreaterThan(50)
  })
})

describe('packets of mail servers', () => {
  const requestId = new Uint8Array(32).fill(3)
  const complete = encodeRequestComplete({ type: 'done', requestId })

  it('direct messages are read from trusted peers: past, without work, for filters that want them', async () => {
    const world = new World()
    const node = world.node('ours', { minPow: 1000 })
    const source = world.node('source', { minPow: 0 })
    const catcher = await world.play('source')
    await source.service.post({ to: { symKey: KEY }, topic: TOPIC, payload: utf8('history'), powTarget: 0 })
    await world.clock.advance(3_600_000)
    const old = catcher.envelopes()
    expect(old).toHaveLength(1)

    const service = node.service
    const [all, weighed, live] = [
      service.subscribe({ topics: [TOPIC], symKey: KEY }),
      service.subscribe({ topics: [TOPIC], symKey: KEY, minPow: 0.000_001 }),
      service.subscribe({ topics: [TOPIC], symKey: KEY, allowP2P: false }),
    ]
    const stranger = await world.play('ours')
    const trusted = await world.play('ours', { b: { trusted: true } })
    stranger.send(127, encodeDirect(old))
    stranger.send(127, utf8('not even parsed'))
    trusted.send(127, encodeDirect(old))
    trusted.send(127, encodeDirect([...old, world.envelope()]))
    await world.clock.advance(100)
    for (const subscription of [all, weighed, live]) subscription.end()
    expect(stranger.reason).toBeUndefined()
    expect((await all.next()).value).toMatchObject({ direct: true, pow: 0, payload: utf8('history') })
    expect(await textsOf(all, 5)).toEqual(['history']) // the second time
    expect(await textsOf(weighed, 5)).toEqual([])
    expect(await textsOf(live, 5)).toEqual([])
    expect(node.stats()).toMatchObject({ directReceived: 3, poolEnvelopes: 0 })
    trusted.send(127, utf8('parsed'))
    await world.clock.advance(0)
    expect(trusted.reason).toBe(0x10)
  })

  it('a peer can become trusted while it is here', async () => {
    const world = new World()
    const outcomes: RequestComplete[] = []
    const node = world.node('ours', {
      mail: { requestComplete: (_, outcome) => void outcomes.push(outcome) },
    })
    const peer = await world.play('ours')
    peer.send(125, complete)
    await world.clock.advance(0)
    expect(outcomes).toEqual([])
    node.trust(node.peers()[0]?.peerId as Uint8Array)
    expect(node.peers()[0]?.trusted).toBe(true)
    peer.send(125, complete)
    await world.clock.advance(0)
    expect(outcomes).toEqual([{ type: 'done', requestId }])
    peer.send(125, encodeRlp(new Uint8Array(31)))
    await world.clock.advance(0)
    expect(peer.reason).toBe(0x10)
  })

  it('requests and syncs go to their handlers, one at a time for each link', async () => {
    const world = new World()
    const seen: (HistoryRequest | SyncResponse)[] = []
    let release: (() => void) | undefined
    world.node('ours', {
      mail: {
        request: (from, request) => {
          seen.push(request)
          void from.send(125, complete)
          return new Promise((resolve) => {
            release = resolve
          })
        },
        syncResponse: (_, response) => void seen.push(response),
      },
    })
    const peer = await world.play('ours', { b: { trusted: true } })
    const envelope = world.envelope()
    peer.send(126, encodeHistoryRequest({ type: 'envelope', envelope }))
    peer.send(124, encodeSyncResponse({ envelopes: [], cursor: new Uint8Array(0), final: true, error: '' }))
    peer.send(123, encodeSyncRequest(SYNC_REQUEST)) // nobody serves it: not even parsed
    peer.send(123, utf8('?'))
    await world.clock.advance(1_000)
    expect(seen).toHaveLength(1)
    expect(peer.bodies(125)).toEqual([complete])
    release?.()
    await world.clock.advance(0)
    expect(seen).toMatchObject([{ type: 'envelope' }, { final: true }])
    expect(peer.reason).toBeUndefined()
    peer.send(126, utf8('a request that is none'))
    await world.clock.advance(0)
    expect(peer.reason).toBe(0x10)
  })

  it('a handler that fails is told of and ends nothing', async () => {
    const world = new World()
    const failures: unknown[] = []
    world.node('ours', {
      mail: { syncRequest: () => Promise.reject(new Error('archive is gone')) },
      log: (event) => {
        if (event.type === 'handler-failed') failures.push(event.error)
      },
    })
    const peer = await world.play('ours')
    peer.send(123, encodeSyncRequest(SYNC_REQUEST))
    peer.sendEnvelopes()
    await world.clock.advance(0)
    expect(failures).toEqual([new Error('archive is gone')])
    expect(peer.bodies(11)).toHaveLength(1)
  })

  it('are sent as the link takes them', async () => {
    const world = new World()
    const node = world.node('ours')
    const peer = await world.play('ours', { a: { queuePackets: 2, maxPacketBytes: 5_000 } })
    peer.pause()
    peer.sendEnvelopes() // its answers fill the link
    await world.clock.advance(0)
    const [handle] = node.peers()
    const results: boolean[] = []
    const sending = times(
      5,
      async () => void results.push((await handle?.send(127, encodeDirect([]))) as boolean),
    )
    await world.clock.advance(1_000)
    expect(results.length).toBeLessThan(3)
    peer.resume()
    await world.clock.advance(0)
    await Promise.all(sending)
    expect(results).toEqual([true, true, true, true, true])
    expect(peer.bodies(127)).toHaveLength(5)
    expect(() => handle?.send(1, encodeMessages([]))).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    )
    expect(() => handle?.send(127, new Uint8Array(5_001))).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    )
    handle?.close(0)
    await world.clock.advance(0)
    expect(await handle?.send(127, encodeDirect([]))).toBe(false)
  })
})

const SYNC_REQUEST = {
  lowerUnixSeconds: 1,
  upperUnixSeconds: 2,
  bloom: new Uint8Array(64),
  limit: 10,
  cursor: new Uint8Array(0),
}
