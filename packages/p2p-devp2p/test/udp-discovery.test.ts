/** Discovery v4, v5.1 and both at once over datagrams in memory, on virtual time. */
import {
  createMemoryUdp,
  createUdpDiscovery,
  type DiscoveredNode,
  type DiscoveryVersion,
  enodeOfRecord,
  recordRoles,
  rolesEntry,
  type UdpDiscovery,
  type UdpDiscoveryOptions,
} from '@status-protocol/p2p-devp2p'
import { seededRandom, virtualClock } from '@status-protocol/testkit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { idOf, keyOf } from './support/cores.ts'
import { enodeOf } from './support/hosts.ts'

type Udp = ReturnType<typeof createMemoryUdp>

/** Node n has node key n, address 203.0.n.1 and port 30303. */
class World {
  readonly versions: readonly DiscoveryVersion[]
  readonly clock = virtualClock()
  readonly nodes = new Map<number, UdpDiscovery>()
  /** Who cannot be reached. */
  readonly cut = new Set<string>()
  bytes = 0
  readonly udp: Udp = createMemoryUdp({
    carry: ({ to, bytes, deliver }) => {
      this.bytes += bytes.length
      if (!this.cut.has(to.ip)) this.clock.schedule(20, deliver)
    },
  })

  constructor(versions: readonly DiscoveryVersion[]) {
    this.versions = versions
  }

  async start(
    n: number,
    options: Partial<UdpDiscoveryOptions & { versions: readonly DiscoveryVersion[] }> = {},
  ): Promise<UdpDiscovery> {
    const node = await createUdpDiscovery({
      versions: this.versions,
      ...{ nodeKey: keyOf(n), udp: this.udp.transport(ipOf(n)), listen: `${ipOf(n)}:30303` },
      ...{ clock: this.clock, random: seededRandom(n), advertise: { ip: ipOf(n), tcpPort: 30_303 } },
      ...options,
    })
    this.nodes.set(n, node)
    return node
  }

  async close(): Promise<void> {
    await Promise.all([...this.nodes.values()].map((node) => node.close()))
  }
}

const ipOf = (n: number): string => `203.0.${n}.1`
const enode = (n: number): string => enodeOf(n, ipOf(n), 30_303)
const numberOf = ({ enode: { ip } }: DiscoveredNode): number => Number(ip?.split('.')[2])
const known = (node: UdpDiscovery): number[] => [...new Set(node.nodes().map(numberOf))].sort((a, b) => a - b)

const VERSIONS: readonly (readonly DiscoveryVersion[])[] = [['v4'], ['v5'], ['v4', 'v5']]

let world: World
afterEach(() => world.close())

describe.each(VERSIONS)('discovery %s %s', (...versions) => {
  beforeEach(() => {
    world = new World(versions.filter((version) => version !== undefined))
  })

  it('two nodes find each other from one bootnode, with the ports where they take connections', async () => {
    await world.start(1)
    for (const n of [2, 3]) await world.start(n, { bootnodes: [enode(1)] })
    await world.clock.advance(30_000)
    expect([1, 2, 3].map((n) => known(world.nodes.get(n)!))).toEqual([
      [2, 3],
      [1, 3],
      [1, 2],
    ])
    for (const { enode: found } of world.nodes.get(2)!.nodes())
      expect(found).toMatchObject({ tcpPort: 30_303, udpPort: 30_303 })
  })

  it('answers a ping and hands out its record, with its roles; a new one has a higher number', async () => {
    const a = await world.start(1)
    const b = await world.start(2, { entries: [rolesEntry(['relay', 'mailserver', 'No Role'])] })
    const rtt = a.ping(enode(2))
    await world.clock.advance(1_000)
    expect(await rtt).toBe(80)
    const first = a.resolve(enode(2))
    await world.clock.advance(1_000)
    const record = (await first)!
    expect(enodeOfRecord(record)).toEqual({
      peerId: idOf(keyOf(2)),
      ip: ipOf(2),
      tcpPort: 30_303,
      udpPort: 30_303,
    })
    expect(recordRoles(record)).toEqual(['relay', 'mailserver'])
    b.advertise({ ip: ipOf(2), tcpPort: 7, via: ['wss://relay.example/p2p'] })
    const second = a.resolve(enode(2))
    await world.clock.advance(1_000)
    expect(enodeOfRecord((await second)!)).toMatchObject({ tcpPort: 7, via: ['wss://relay.example/p2p'] })
    expect((await second)!.seq).toBeGreaterThan(record.seq)
    expect(a.nodes()[0]).toMatchObject({
      roles: ['relay', 'mailserver'],
      source: versions[0] === 'v4' && !versions[1] ? 'discv4' : 'discv5',
    })
  })

  it('what does not fit into a record is refused at once, not when an address is learned', async () => {
    const via = Array.from(
      { length: 4 },
      (_, i) => `wss://${'relay'.repeat(6)}${i}.example/${'p2p'.repeat(6)}`,
    )
    await expect(world.start(1, { advertise: { via } })).rejects.toMatchObject({ code: 'too-big' })
    const a = await world.start(2)
    const before = a.record
    expect(() => a.advertise({ via })).toThrow('node record')
    expect(() => a.advertise({ ip: 'name' })).toThrow('advertise.ip')
    await world.clock.advance(30_000)
    expect(a.record.bytes).toEqual(before.bytes)
  })

  it('nobody there: no answer', async () => {
    const a = await world.start(1)
    const [rtt, record] = [a.ping(enode(9)), a.resolve(enode(9))]
    await world.clock.advance(5_000)
    expect([await rtt, await record]).toEqual([undefined, undefined])
    await expect(a.ping(`enode://${enode(9).slice(8, 136)}`)).rejects.toThrow('UDP port')
  })

  it('who has gone leaves the table', async () => {
    await world.start(1)
    const b = await world.start(2, { bootnodes: [enode(1)] })
    await world.clock.advance(5_000)
    expect(known(b)).toEqual([1])
    world.cut.add(ipOf(1))
    await world.clock.advance(60_000)
    expect(known(b)).toEqual([])
    world.cut.clear()
    await world.clock.advance(60_000)
    expect(known(b)).toEqual([1])
  })

  it('a node that forgot everything is found again, by both sides', async () => {
    await world.start(1)
    const b = await world.start(2, { bootnodes: [enode(1)] })
    await world.clock.advance(5_000)
    await world.nodes.get(1)!.close()
    const again = await world.start(1)
    await world.clock.advance(60_000)
    expect([known(again), known(b)]).toEqual([[2], [1]])
    const found = b.lookup(idOf(keyOf(1)))
    await world.clock.advance(10_000)
    expect((await found).map(({ enode: { ip } }) => ip)).toEqual([ipOf(1)])
  })

  it('learns its address from others: from so many networks, and not from fewer', async () => {
    const options = { advertise: { tcpPort: 30_303 }, listen: '0.0.0.0:30303', minVotes: 3 }
    const a = await world.start(1, { ...options, udp: anyAddress(world.udp, ipOf(1)) })
    for (const n of [2, 3]) await world.start(n, { bootnodes: [enode(1)] })
    await world.clock.advance(30_000)
    expect([a.externalAddress(), enodeOfRecord(a.record).ip]).toEqual([undefined, undefined])
    await world.start(4, { bootnodes: [enode(1)] })
    await world.clock.advance(30_000)
    expect(a.externalAddress()).toEqual({ ip: ipOf(1), port: 30_303 })
    expect(enodeOfRecord(a.record)).toMatchObject({ ip: ipOf(1), tcpPort: 30_303, udpPort: 30_303 })
    expect(a.enode).toBe(enode(1))
  })
})

/** A machine that listens on all addresses and does not know its own. */
function anyAddress(udp: Udp, ip: string) {
  const inner = udp.transport(ip)
  return {
    async bind(at: { host: string; port: number }, received: Parameters<typeof inner.bind>[1]) {
      const socket = await inner.bind(at, received)
      return { ...socket, address: { ip: '0.0.0.0', port: socket.address.port } }
    },
  }
}

describe.each(VERSIONS)('a reader of discovery %s %s', (...versions) => {
  beforeEach(() => {
    world = new World(versions.filter((version) => version !== undefined))
  })
  const read = (node: UdpDiscovery, signal: AbortSignal): DiscoveredNode[] => {
    const found: DiscoveredNode[] = []
    void (async () => {
      for await (const one of node.find(signal)) found.push(one)
    })()
    return found
  }

  it('gets the nodes of a network one after the other, for as long as it pulls', async () => {
    await world.start(1)
    for (let n = 2; n <= 12; n++) await world.start(n, { bootnodes: [enode(1)] })
    const a = await world.start(20, { bootnodes: [enode(1)] })
    const end = new AbortController()
    const found = read(a, end.signal)
    await world.clock.advance(20_000)
    expect(new Set(found.map((node) => node.enode.ip)).size).toBe(12)
    end.abort()
    await world.clock.advance(1)
    const count = found.length
    await world.start(13, { bootnodes: [enode(1)] })
    await world.clock.advance(60_000)
    expect(found).toHaveLength(count)
  })

  it('that does not pull makes nothing happen: the network is quiet but for checks', async () => {
    await world.start(1)
    const a = await world.start(2, { bootnodes: [enode(1)] })
    await world.clock.advance(20_000)
    const iterator = a.find(new AbortController().signal)[Symbol.asyncIterator]()
    expect((await iterator.next()).value).toMatchObject({ enode: { ip: ipOf(1) } })
    const before = world.bytes
    await world.clock.advance(600_000)
    // 60 checks from both sides, a Ping and a Pong each, by each version
    expect(world.bytes - before).toBeLessThan(world.versions.length * 2 * 61 * 400)
    await iterator.return?.(undefined)
  })
})
