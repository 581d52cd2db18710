/** The peer pool, over hosts in memory and on virtual time. */
import {
  createHost,
  createMemoryNetwork,
  createPeerPool,
  createStaticNodes,
  type DiscoveredNode,
  type Discovery,
  disconnectReasons,
  type Host,
  type HostOptions,
  type PeerPool,
  type PeerPoolOptions,
  parseEnode,
} from '@status-protocol/p2p-devp2p'
import type { Storage } from '@status-protocol/ports'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { fuzz, seededRandom, virtualClock } from '@status-protocol/testkit'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { choose, crowdedNetworks, missing, type Situation } from '../src/pool/choice.ts'
import {
  addReputation,
  createPeerBook,
  freshPeer,
  type KnownPeer,
  reputationNow,
  scoreOf,
} from '../src/pool/peer-book.ts'
import { putPeer, readPeer } from '../src/pool/peer-store.ts'
import { idOf, keyOf } from './support/cores.ts'
import { enodeOf, idHex, idle } from './support/hosts.ts'

class Never extends Error {}
const FUZZ_COUNT = Number(process.env.FUZZ_COUNT ?? 10_000)
const ipOf = (n: number): string => `203.0.${n}.1`
const enode = (n: number): string => enodeOf(n, ipOf(n), 30_303)
const nodeOf = (n: number, roles: string[] = [], ip = ipOf(n)): DiscoveredNode => ({
  ...{ enode: parseEnode(enodeOf(n, ip, 30_303)), roles, source: 'test' },
})

class World {
  readonly clock = virtualClock()
  readonly network = createMemoryNetwork()
  readonly #hosts: Host[] = []
  readonly #pools: PeerPool[] = []

  async host(n: number, options: Partial<HostOptions> = {}): Promise<Host> {
    const host = await createHost({
      ...{ nodeKey: keyOf(n), subprotocols: [idle()], listen: `${ipOf(n)}:30303` },
      ...{ transport: this.network.transport(ipOf(n)), clock: this.clock, random: seededRandom(n) },
      ...options,
    })
    this.#hosts.push(host)
    return host
  }

  async pool(host: Host, options: Partial<PeerPoolOptions>): Promise<PeerPool> {
    const pool = await createPeerPool({
      ...{ host, wanted: { relay: 2 }, discoveries: [], clock: this.clock, random: seededRandom(1) },
      ...options,
    })
    this.#pools.push(pool)
    return pool
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#pools.map((pool) => pool.close()))
    const closed = Promise.all(this.#hosts.map((host) => host.close()))
    await this.clock.advance(5_000)
    await closed
  }
}

/** Counts how many nodes are taken from it. */
function source(nodes: readonly DiscoveredNode[]): Discovery & { taken: number } {
  return {
    ...{ name: 'test', taken: 0, close: async () => {} },
    async *find(signal) {
      for (const node of nodes) {
        if (signal.aborted) return
        this.taken++
        yield node
      }
    },
  }
}

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.close())
const ips = (host: Host): string[] => host.peers().map(({ ip }) => ip ?? '')

describe('a pool', () => {
  it('dials as many as are wanted, asks no more than it needs, and goes on asking when one is lost', async () => {
    const others = await Promise.all([2, 3, 4, 5, 6, 7].map((n) => world.host(n)))
    const host = await world.host(1)
    const nodes = source([2, 3, 4, 5, 6, 7].map((n) => nodeOf(n)))
    const limits = { spareCandidates: 0 }
    const pool = await world.pool(host, { discoveries: [nodes], limits })
    await world.clock.advance(1_000)
    expect(host.peers()).toHaveLength(2)
    expect(pool.status()).toMatchObject({ roles: { relay: { wanted: 2, up: 2 } }, isSearching: false })
    const taken = nodes.taken
    expect(taken).toBeLessThan(6)
    await world.clock.advance(600_000)
    expect(nodes.taken).toBe(taken)
    for (let i = 0; i < 3; i++) {
      const lost = others.find((other) => ips(host).includes(ipOf(Number(other.enode.split('.')[2]))))!
      const closed = lost.close()
      await world.clock.advance(10_000)
      await closed
    }
    expect(host.peers()).toHaveLength(2)
    expect(nodes.taken).toBeGreaterThan(taken)
  })

  it('has as many of each role as are wanted', async () => {
    for (const n of [2, 3, 4, 5]) await world.host(n)
    const host = await world.host(1)
    const mailservers = createStaticNodes([enode(5)], { roles: ['mailserver'] })
    const pool = await world.pool(host, {
      wanted: { relay: 2, mailserver: 1 },
      discoveries: [source([2, 3, 4].map((n) => nodeOf(n))), mailservers],
    })
    await world.clock.advance(5_000)
    expect(ips(host)).toContain(ipOf(5))
    expect(pool.status().roles).toEqual({ relay: { wanted: 2, up: 2 }, mailserver: { wanted: 1, up: 1 } })
  })

  it('links that others dialled do not count: who dials us chooses itself', async () => {
    const host = await world.host(1)
    for (const n of [10, 11, 12]) await world.host(n, { peers: [enode(1)] })
    for (const n of [2, 3]) await world.host(n)
    const pool = await world.pool(host, { discoveries: [source([nodeOf(2), nodeOf(3)])] })
    await world.clock.advance(5_000)
    expect(host.peers().filter(({ direction }) => direction === 'outbound')).toHaveLength(2)
    expect(pool.status().roles.relay).toEqual({ wanted: 2, up: 2 })
  })

  it('leaves alone for a while whom it cannot reach, longer each time', async () => {
    const host = await world.host(1)
    const pool = await world.pool(host, { discoveries: [source([nodeOf(9)])] })
    const failures = () => pool.scores()[0]?.failures
    await world.clock.advance(1_000)
    expect(failures()).toBe(1)
    await world.clock.advance(30_000)
    expect(failures()).toBe(1)
    await world.clock.advance(60_000)
    expect(failures()).toBe(2)
    await world.clock.advance(3_600_000)
    expect(failures()).toBeLessThan(8)
    await world.host(9)
    await world.clock.advance(2 * 3_600_000)
    expect([ips(host), failures()]).toEqual([[ipOf(9)], 0])
  })

  it('never has more than two links into one network', async () => {
    const host = await world.host(1)
    const near = [2, 3, 4, 5].map((n) => ({ n, ip: `203.0.200.${n}` }))
    for (const { n, ip } of near)
      await world.host(n, { listen: `${ip}:30303`, transport: world.network.transport(ip) })
    const nodes = near.map(({ n, ip }) => nodeOf(n, [], ip))
    await world.pool(host, { wanted: { relay: 4 }, discoveries: [source(nodes)] })
    await world.clock.advance(60_000)
    expect(host.peers()).toHaveLength(2)
    await world.host(6)
    await world.clock.advance(1_000)
  })

  it('remembers good peers over a restart, without any source, and nobody else', async () => {
    const storage: Storage = createMemoryStorage()
    for (const n of [2, 3]) await world.host(n)
    const host = await world.host(1)
    const first = await world.pool(host, {
      storage,
      discoveries: [source([nodeOf(2, ['mailserver']), nodeOf(3), nodeOf(9)])],
    })
    await world.clock.advance(120_000)
    expect(host.peers()).toHaveLength(2)
    await first.close()
    const closed = host.close()
    await world.clock.advance(5_000)
    await closed
    const again = await world.host(1)
    const second = await world.pool(again, { storage })
    await world.clock.advance(1_000)
    expect(ips(again).sort()).toEqual([ipOf(2), ipOf(3)])
    expect(second.status().known).toBe(2)
    expect(second.scores().find(({ roles }) => roles.includes('mailserver'))).toMatchObject({
      ...{ successes: 1, source: 'cache', slot: 'proven' },
    })
  })

  it('bans whom the subprotocols report often enough; reports fade', async () => {
    await world.host(2)
    const host = await world.host(1)
    const pool = await world.pool(host, { discoveries: [source([nodeOf(2)])] })
    await world.clock.advance(1_000)
    pool.report(idOf(keyOf(2)), -60, 'spam')
    await world.clock.advance(3_600_000)
    expect(pool.scores()[0]?.reputation).toBeCloseTo(-30, 0)
    pool.report(idOf(keyOf(2)), -60, 'spam')
    expect(host.peers()).toHaveLength(1)
    pool.report(idOf(keyOf(2)), -60, 'spam')
    await world.clock.advance(1_000)
    expect(host.peers()).toEqual([])
    expect(host.bans()).toMatchObject([{ target: idHex(2), why: 'spam' }])
  })

  it('one of the random links gives way to another from time to time, the proven ones stay', async () => {
    for (const n of [2, 3, 4, 5, 6, 7]) await world.host(n)
    const host = await world.host(1)
    const limits = { rotateMs: 600_000 }
    await world.pool(host, { discoveries: [source([2, 3, 4, 5, 6, 7].map((n) => nodeOf(n)))], limits })
    await world.clock.advance(5_000)
    const seen = new Set(ips(host))
    for (let i = 0; i < 12; i++) {
      await world.clock.advance(600_000)
      for (const ip of ips(host)) seen.add(ip)
      expect(host.peers().length).toBeGreaterThanOrEqual(1)
    }
    expect(seen.size).toBeGreaterThan(3)
  })

  it('is not sent into our own network by strangers', async () => {
    const host = await world.host(1)
    const pool = await world.pool(host, {})
    const bare = { peerId: idOf(keyOf(9)), tcpPort: 0, udpPort: 0 }
    const via = [
      'ws://127.0.0.1:8545',
      'ws://192.168.1.1',
      'ws://localhost',
      'ws://printer.local',
      'tcp://[::1]:1',
    ]
    for (const url of via) pool.add({ enode: { ...bare, via: [url] }, roles: [], source: 'dns' })
    pool.add(nodeOf(9, [], '192.168.1.1'))
    expect(pool.status().known).toBe(0)
    pool.add({ enode: { ...bare, via: [...via, 'wss://relay.example'] }, roles: [], source: 'dns' })
    expect(pool.scores()[0]?.enode).toBe(`enode://${idHex(9)}?via=wss://relay.example`)
  })

  it('goes on when its store or a source fails', async () => {
    await world.host(2)
    const host = await world.host(1)
    const inner = createMemoryStorage()
    const storage: Storage = { ...inner, commit: () => Promise.reject(new Error('full')) }
    const broken: Discovery = {
      ...{ name: 'broken', close: async () => {} },
      // biome-ignore lint/correctness/useYield: it breaks before it has anything
      async *find() {
        throw new Error('broken')
      },
    }
    const pool = await world.pool(host, { storage, discoveries: [broken, source([nodeOf(2)])] })
    await world.clock.advance(900_000)
    expect(host.peers()).toHaveLength(1)
    await expect(pool.close()).rejects.toThrow('full')
    await pool.close().catch(() => {})
  })

  it('wants nothing impossible', async () => {
    const host = await world.host(1)
    await expect(world.pool(host, { wanted: { relay: -1 } })).rejects.toThrow('wanted.relay')
    expect(host.disconnect(enode(9), disconnectReasons.requested)).toBe(false)
  })
})

describe('the choice', () => {
  const peer = (n: number, changes: Partial<KnownPeer> = {}): KnownPeer => ({
    ...freshPeer(idHex(n % 250 || 1), parseEnode(enode(n % 250 || 1)), [], 'test'),
    ...changes,
  })
  const situation = (changes: Partial<Situation>): Situation => ({
    ...{ wanted: { relay: 4 }, known: [], up: [], coming: [], crowded: new Set() },
    ...{ isTaken: () => false, rolesOf: () => [], nowMs: 0, nowUnixSeconds: 0 },
    ...changes,
  })

  it('half of the places are for the proven, best first; the others for anybody', () => {
    const known = [
      peer(2, { successes: 1, upSeconds: 10 }),
      peer(3, { successes: 1, upSeconds: 1e6 }),
      peer(4),
    ]
    const random = seededRandom(1)
    expect(choose(situation({ known }), 'relay', random)).toMatchObject({ peer: known[1], slot: 'proven' })
    const up = [1, 2].map((n) => ({ key: `${n}`, ip: ipOf(n), slot: 'proven' as const, sinceMs: 0 }))
    const picks = Array.from({ length: 50 }, () => choose(situation({ known, up }), 'relay', random))
    expect(new Set(picks.map((pick) => pick?.slot))).toEqual(new Set(['random']))
    expect(new Set(picks.map((pick) => pick?.peer.key)).size).toBe(3)
  })

  it('a thousand addresses of one network weigh as much as one of another', () => {
    const crowd = Array.from({ length: 200 }, (_, i) => peer(i + 2, { network: 'crowd', key: `c${i}` }))
    const known = [...crowd, peer(3, { network: 'other', key: 'other' })]
    const random = seededRandom(1)
    const picks = Array.from({ length: 200 }, () => choose(situation({ known }), 'relay', random)?.peer.key)
    const share = picks.filter((key) => key === 'other').length / 200
    expect(share).toBeGreaterThan(0.35)
    expect(share).toBeLessThan(0.65)
  })

  it('says what is missing', () => {
    const up = [{ key: 'a', ip: undefined, slot: 'random' as const, sinceMs: 0 }]
    const wanted = { relay: 1, mailserver: 2 }
    const rolesOf = () => ['mailserver']
    expect([...missing(situation({ wanted, up, rolesOf }))]).toEqual([['mailserver', 1]])
    expect([
      ...crowdedNetworks(['8.8.8.1', '8.8.8.2', '9.9.9.9', '10.0.0.1', '10.0.0.2', undefined]),
    ]).toEqual(['8.8.8/24'])
  })
})

describe('the book', () => {
  it('is bounded, per network and in all; proven peers are not pushed out', () => {
    const book = createPeerBook()
    const proven = book.learn(nodeOf(250))!
    proven.successes = 1
    const some = nodeOf(2)
    for (let i = 0; i < 100; i++) {
      const peerId = new Uint8Array(64).fill(1)
      peerId[0] = i
      book.learn({ ...some, enode: { ...some.enode, peerId, ip: `8.8.8.${i}` } })
    }
    expect(book.size).toBe(17)
    for (let i = 0; i < 1_500; i++) {
      const peerId = new Uint8Array(64).fill(2)
      peerId.set([i >> 8, i & 255])
      const ip = `9.${i >> 8}.${i & 255}.1`
      const peer = book.learn({ ...some, enode: { ...some.enode, peerId, ip } })
      if (peer && i % 3 === 0) peer.failures = i
    }
    expect(book.size).toBe(1_000)
    expect(book.get(proven.enode.peerId)).toBe(proven)
  })

  it('dials of which nothing is heard do not hold up the others for ever', async () => {
    const world = new World()
    const real = await world.host(1)
    const dialled: string[] = []
    const host: Host = new Proxy(real, {
      get(of, name) {
        if (name === 'dial')
          return (to: DiscoveredNode['enode']) => {
            dialled.push(to.ip ?? '')
            return 'queued'
          }
        const value: unknown = Reflect.get(of, name, of)
        return typeof value === 'function' ? value.bind(of) : value
      },
    })
    const pool = await world.pool(host, { wanted: { relay: 5 }, limits: { maxDials: 1 }, allowLocal: true })
    for (let n = 2; n < 6; n++) pool.add(nodeOf(n))
    await world.clock.advance(60_000)
    expect(dialled).toHaveLength(1)
    await world.clock.advance(65_000)
    expect(dialled).toHaveLength(2)
    await world.close()
  })

  it('peers that have proven themselves once do not fill the memory for ever; those that served longest stay', () => {
    const book = createPeerBook()
    const learn = (i: number) => {
      const peerId = new Uint8Array(64).fill(3)
      peerId.set([i >> 8, i & 255])
      const { enode } = nodeOf(2)
      return book.learn({ ...nodeOf(2), enode: { ...enode, peerId, ip: `9.${i >> 8}.${i & 255}.1` } })
    }
    const old = Array.from({ length: 1_000 }, (_, i) =>
      Object.assign(learn(i)!, { successes: 1, upSeconds: i }),
    )
    for (const peer of old.slice(900)) peer.failures = 3
    for (let i = 1_000; i < 2_000; i++) learn(i)
    const kept = old.filter(({ enode }) => book.get(enode.peerId))
    expect(kept).toEqual(old.slice(400, 900))
    expect(book.size).toBe(1_000)
  })

  it('what the operator wrote is not overwritten by what the network says', () => {
    const book = createPeerBook()
    book.learn({ ...nodeOf(2, ['mailserver']), source: 'static' })
    book.learn({ ...nodeOf(2, [], '9.9.9.9'), source: 'discv4' })
    expect([...book.all()]).toMatchObject([
      { source: 'static', roles: ['mailserver'], enode: { ip: ipOf(2) } },
    ])
  })

  it('a score goes down with failures and latency, up with time and good reports', () => {
    const base = freshPeer('', parseEnode(enode(2)), [], 'test')
    const score = (changes: Partial<KnownPeer>) => scoreOf({ ...base, ...changes }, 0)
    expect(score({ failures: 1 })).toBe(-20)
    expect(score({ latencyMs: 500 })).toBe(-5)
    expect(score({ upSeconds: 86_400 })).toBeCloseTo(46.4, 1)
    expect(score({ reputation: 10 })).toBe(10)
    const one = { ...base }
    expect([addReputation(one, -300, 0), addReputation(one, 50, 0), reputationNow(one, 7_200)]).toEqual([
      -100, -50, -12.5,
    ])
  })

  it('what is stored is read again, and nothing else', () => {
    fc.assert(
      fc.property(
        fc.nat(1e6),
        fc.nat(1e9),
        fc.nat(2 ** 31),
        fc.integer({ min: -100, max: 100 }),
        (a, b, c, d) => {
          const peer: KnownPeer = {
            ...freshPeer(
              idHex(7),
              parseEnode(`${enode(7)}?via=wss://a.example`),
              ['relay', 'mailserver'],
              'cache',
            ),
            ...{
              successes: a,
              upSeconds: b,
              lastUpUnixSeconds: c,
              latencyMs: a,
              reputation: d,
              reputationAtUnixSeconds: c,
            },
          }
          const change = putPeer(peer)
          const [, key, value] = 'put' in change ? change.put : (undefined as never)
          expect(readPeer(key, value)).toEqual(peer)
          expect(readPeer(idOf(keyOf(8)), value)).toBeUndefined()
        },
      ),
      { numRuns: 50 },
    )
  })

  it('fuzz: spoilt entries of the store are skipped', () => {
    const change = putPeer(freshPeer(idHex(7), parseEnode(enode(7)), ['relay'], 'cache'))
    const [, key, value] = 'put' in change ? change.put : (undefined as never)
    fuzz({
      ...{ seeds: [value], count: FUZZ_COUNT, random: seededRandom(1), expectedError: Never },
      decode: (bytes) => readPeer(key, bytes),
    })
  })
})
