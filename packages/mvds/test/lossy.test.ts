import { type PublicKey, toHex } from '@status-protocol/bytes'
import { seededRandom } from '@status-protocol/testkit'
import { describe, expect, it } from 'vitest'
import { syncGroupId } from '../src/index.ts'
import { brokenInvariants, peer, recordsIn } from './harness.ts'
import { createLossyNetwork, type Node } from './lossy.ts'

const NETWORK = { loss: 0.4, repeat: 0.1, longestDelayMs: 2_000 }
const MINUTE = 60_000

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const delivered = (node: Node) =>
  node.events.flatMap((e) => (e.type === 'delivered' ? [text(e.message.body)] : []))
const acked = (node: Node) =>
  node.events.flatMap((e) => (e.type === 'acked' ? [toHex(e.id) + toHex(e.by)] : []))
const bodies = (name: string, count: number) => Array.from({ length: count }, (_, n) => `${name} ${n}`)

describe('under 40 % loss, repeats and reorder', () => {
  it.each([1, 2, 3, 4])('two peers get everything once, and know it (seed %i)', async (seed) => {
    const network = createLossyNetwork(seededRandom(seed), NETWORK)
    const [a, b] = [network.addNode(peer(1)), network.addNode(peer(2))]
    const groupId = await a.sync.join(b.self)
    await b.sync.join(a.self)
    for (const [node, name] of [
      [a, 'from a'],
      [b, 'from b'],
    ] as const)
      for (const body of bodies(name, 60)) {
        await node.sync.append(groupId, new TextEncoder().encode(body))
        await network.pass(500)
      }
    await network.pass(120 * MINUTE)

    expect(network.count.lost / network.count.sent).toBeGreaterThan(0.3)
    expect(delivered(b).sort()).toEqual(bodies('from a', 60).sort())
    expect(delivered(a).sort()).toEqual(bodies('from b', 60).sort())
    for (const node of [a, b]) {
      expect(new Set(acked(node)).size).toBe(60)
      expect(node.events.filter(({ type }) => type === 'gaveUp')).toEqual([])
      expect(await recordsIn(node.storage)).toEqual([])
      expect(await brokenInvariants(node.storage)).toEqual([])
    }
  })

  it.each([5, 6])('two interactive peers too (seed %i)', async (seed) => {
    const network = createLossyNetwork(seededRandom(seed), NETWORK)
    const options = { mode: 'interactive' } as const
    const [a, b] = [network.addNode(peer(1), options), network.addNode(peer(2), options)]
    const groupId = await a.sync.join(b.self)
    for (const body of bodies('from a', 40)) await a.sync.append(groupId, new TextEncoder().encode(body))
    await network.pass(600 * MINUTE)
    expect(delivered(b).sort()).toEqual(bodies('from a', 40).sort())
    expect(await recordsIn(a.storage)).toEqual([])
    expect(await recordsIn(b.storage)).toEqual([])
  })

  it.each([7, 8])('in a group that relays, what one hears all hear (seed %i)', async (seed) => {
    const network = createLossyNetwork(seededRandom(seed), NETWORK)
    const options = { mode: 'interactive', relay: true } as const
    const nodes = [1, 2, 3, 4].map((n) => network.addNode(peer(n), options)) as [Node, Node, Node, Node]
    const groupId = syncGroupId(new Uint8Array(32).fill(7))
    // A line: each knows its neighbours alone.
    for (const [i, j] of [
      [0, 1],
      [1, 2],
      [2, 3],
    ] as const) {
      await nodes[i].sync.addPeer(groupId, nodes[j].self)
      await nodes[j].sync.addPeer(groupId, nodes[i].self)
    }
    for (const body of bodies('from the end', 15))
      await nodes[0].sync.append(groupId, new TextEncoder().encode(body))
    await network.pass(600 * MINUTE)
    for (const node of nodes.slice(1))
      expect(delivered(node).sort()).toEqual(bodies('from the end', 15).sort())
    for (const node of nodes) expect(await recordsIn(node.storage)).toEqual([])
  })

  it.each([9, 10, 11, 12])('and when both end and start again at any moment (seed %i)', async (seed) => {
    const random = seededRandom(seed)
    const network = createLossyNetwork(random, NETWORK)
    const [a, b] = [network.addNode(peer(1)), network.addNode(peer(2))]
    const groupId = await a.sync.join(b.self)
    await b.sync.join(a.self)
    const promised: string[] = []
    for (let n = 0; n < 60; n++) {
      const pending = a.sync.append(groupId, new TextEncoder().encode(`message ${n}`)).then(
        () => promised.push(`message ${n}`),
        () => {}, // died before it was durable
      )
      for (let turn = random.int(40); turn > 0; turn--) await Promise.resolve()
      if (random.int(4) === 0) random.pick([a, b]).crash()
      await network.pass(random.int(1_500))
      await pending
    }
    await network.pass(120 * MINUTE)

    expect(promised.length).toBeGreaterThan(20)
    const got = delivered(b)
    for (const body of promised) expect(got).toContain(body)
    // An event whose taking was not committed is given again; nothing else is doubled.
    expect(got.length - new Set(got).size).toBeLessThan(20)
    for (const node of [a, b]) {
      expect(await recordsIn(node.storage)).toEqual([])
      expect(await brokenInvariants(node.storage)).toEqual([])
    }
  })
})

describe('a peer that is away for hours', () => {
  it('gets everything soon after its return', async () => {
    const network = createLossyNetwork(seededRandom(13), { ...NETWORK, loss: 0 })
    const a = network.addNode(peer(1))
    const away: PublicKey = peer(2)
    const groupId = await a.sync.join(away)
    for (const body of bodies('meanwhile', 30)) await a.sync.append(groupId, new TextEncoder().encode(body))
    await network.pass(5 * 60 * MINUTE)
    const b = network.addNode(away)
    await b.sync.append(await b.sync.join(a.self), new TextEncoder().encode('back'))
    await network.pass(10_000)
    expect(delivered(b).sort()).toEqual(bodies('meanwhile', 30).sort())
    expect(delivered(a)).toEqual(['back'])
  })
})
