/** Many nodes that know one bootnode: discovery, pool and hosts together, in memory and on virtual time. */
import {
  createHost,
  createMemoryNetwork,
  createMemoryUdp,
  createPeerPool,
  createUdpDiscovery,
  type DiscoveryVersion,
  type Host,
  type PeerPool,
  type UdpDiscovery,
} from '@status-protocol/p2p-devp2p'
import { seededRandom, virtualClock } from '@status-protocol/testkit'
import { describe, expect, it } from 'vitest'
import { keyOf } from './support/cores.ts'
import { idle } from './support/hosts.ts'

const NODES = Number(process.env.OVERLAY_NODES ?? 30)
const ipOf = (n: number): string => `203.0.${n}.1`

interface Node {
  readonly host: Host
  readonly discovery: UdpDiscovery
  readonly pool: PeerPool
}

class Overlay {
  readonly clock = virtualClock()
  readonly nodes = new Map<number, Node>()
  readonly #network = createMemoryNetwork()
  readonly #random = seededRandom(7)
  /** One datagram in twenty is lost, the others take 5 - 60 ms. */
  readonly #udp = createMemoryUdp({
    carry: ({ deliver }) => {
      const [luck, delay] = this.#random.bytes(2) as unknown as [number, number]
      if (luck >= 13) this.clock.schedule(5 + delay / 4.7, deliver)
    },
  })

  readonly #versionsOf: (n: number) => readonly DiscoveryVersion[]

  constructor(versionsOf: (n: number) => readonly DiscoveryVersion[]) {
    this.#versionsOf = versionsOf
  }

  async start(n: number): Promise<void> {
    const shared = { nodeKey: keyOf(n), clock: this.clock, random: seededRandom(n) }
    const host = await createHost({
      ...{ ...shared, subprotocols: [idle()], listen: `${ipOf(n)}:30303` },
      ...{ transport: this.#network.transport(ipOf(n)), limits: { reservedOutbound: 15 } },
    })
    const bootnode = this.nodes.get(1)
    const discovery = await createUdpDiscovery({
      versions: this.#versionsOf(n),
      ...{ ...shared, udp: this.#udp.transport(ipOf(n)), listen: `${ipOf(n)}:30303` },
      ...{ advertise: { ip: ipOf(n), tcpPort: 30_303 } },
      bootnodes: bootnode ? [bootnode.discovery.enode] : [],
    })
    const pool = await createPeerPool({
      ...{ host, discoveries: [discovery], wanted: { relay: 3 }, clock: this.clock },
      ...{ random: seededRandom(n), limits: { spareCandidates: 4 } },
    })
    this.nodes.set(n, { host, discovery, pool })
  }

  async stop(...which: number[]): Promise<void> {
    const closed = which.map(async (n) => {
      const { host, discovery, pool } = this.nodes.get(n) as Node
      this.nodes.delete(n)
      await Promise.all([pool.close(), discovery.close(), host.close()])
    })
    await this.clock.advance(2_000)
    await Promise.all(closed)
  }

  /** How many nodes can be reached from any one over links. */
  reachable(): number {
    const links = new Map<string, string[]>()
    for (const [n, { host }] of this.nodes)
      for (const { ip = '' } of host.peers()) {
        const own = ipOf(n)
        links.set(own, [...(links.get(own) ?? []), ip])
        links.set(ip, [...(links.get(ip) ?? []), own])
      }
    const seen = new Set<string>()
    const rest = [...this.nodes.keys()].slice(0, 1).map(ipOf)
    for (let ip = rest.pop(); ip !== undefined; ip = rest.pop()) {
      if (seen.has(ip)) continue
      seen.add(ip)
      rest.push(...(links.get(ip) ?? []))
    }
    return seen.size
  }

  /** Who has dialled as many as it wants, or has links with as many as it can find. */
  satisfied(): number {
    const canFind = (n: number) =>
      [...this.nodes.keys()].filter(
        (other) =>
          other !== n && this.#versionsOf(other).some((version) => this.#versionsOf(n).includes(version)),
      ).length
    return [...this.nodes].filter(
      ([n, { pool, host }]) => pool.status().roles.relay?.up === 3 || host.peers().length >= canFind(n),
    ).length
  }
}

/** What each node speaks; the bootnode is number 1. */
const MIXED = [['v4', 'v5'], ['v4'], ['v5']] as const
const networks: readonly (readonly [string, number, (n: number) => readonly DiscoveryVersion[]])[] = [
  ['discovery v4', NODES, () => ['v4']],
  ['discovery v5.1', Number(process.env.OVERLAY_NODES ?? 16), () => ['v5']],
  [
    'v4, v5.1 and both, a third each',
    Number(process.env.OVERLAY_NODES ?? 15),
    (n) => MIXED[(n - 1) % 3] ?? [],
  ],
]

describe.each(networks)('nodes that know one bootnode: %s', (_name, nodes, versionsOf) => {
  it('are one network within 60 s, survive the loss of a third and of the bootnode', async () => {
    const overlay = new Overlay(versionsOf)
    for (let n = 1; n <= nodes; n++) await overlay.start(n)
    await overlay.clock.advance(60_000)
    expect(overlay.reachable()).toBe(nodes)
    expect(overlay.satisfied()).toBe(nodes)

    // the bootnode is among them
    const third = Array.from({ length: Math.floor(nodes / 3) }, (_, i) => 1 + ((7 * i) % nodes))
    await overlay.stop(...third)
    const survivors = nodes - third.length
    await overlay.clock.advance(60_000)
    expect(overlay.nodes.size).toBe(survivors)
    expect(overlay.reachable()).toBe(survivors)
    expect(overlay.satisfied()).toBe(survivors)

    await overlay.stop(...overlay.nodes.keys())
  }, 120_000)
})
