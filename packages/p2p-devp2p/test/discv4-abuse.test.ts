/** What strangers can make discovery v4 do: little, and nothing to third parties. */
import { toHex } from '@status-protocol/bytes'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import {
  type DiscoveryMessage,
  decodeDiscoveryPacket,
  encodeDiscoveryPacket,
  signNodeRecord,
} from '@status-protocol/p2p-devp2p'
import { fuzz, seededRandom } from '@status-protocol/testkit'
import { beforeEach, describe, expect, it } from 'vitest'
import { createDiscv4Core } from '../src/discv4/core.ts'
import { createEndpointProofs } from '../src/discv4/endpoint-proofs.ts'
import type { KademliaCore } from '../src/kademlia/core.ts'
import { isRelayable, tableNode } from '../src/kademlia/node.ts'
import { createNodeTable, logDistance, sortByDistance } from '../src/kademlia/node-table.ts'
import { idOf, keyOf } from './support/cores.ts'

/** Nothing may be thrown at all. */
class Never extends Error {}
const FUZZ_COUNT = Number(process.env.FUZZ_COUNT ?? 10_000)
const WALL_MS = 1_577_836_800_000
const now = { monotonicMs: 0, wallMs: WALL_MS }
const later = (ms: number) => ({ monotonicMs: ms, wallMs: WALL_MS + ms })
const FRESH = BigInt(WALL_MS / 1_000) + 20n
const ATTACKER = keyOf(0x66)
const at = (ip: string, port = 30_303) => ({ ip, port })
const VICTIM = at('203.0.113.9')
const HOME = at('198.51.100.1')
const OWN_KEY = keyOf(1)

let core: KademliaCore
beforeEach(() => {
  core = coreOf(OWN_KEY)
})

function coreOf(nodeKey: Uint8Array, flood = {}): KademliaCore {
  const record = signNodeRecord({ nodeKey, seq: 1n, addresses: { ip: '198.51.100.1', udpPort: 30_303 } })
  const endpoint = { ip: '198.51.100.1', udpPort: 30_303, tcpPort: 30_303 }
  return createDiscv4Core({ nodeKey, crypto, random: seededRandom(1), record, endpoint, flood })
}

const packet = (message: DiscoveryMessage, nodeKey = ATTACKER, padTo = 0) =>
  encodeDiscoveryPacket(message, { nodeKey, padTo })
const ping = (extra = {}): DiscoveryMessage => ({
  ...{ type: 'ping', version: 4, expirationUnixSeconds: FRESH, ...extra },
  from: { ip: '203.0.113.9', udpPort: 30_303, tcpPort: 30_303 },
  to: { ip: HOME.ip, udpPort: 30_303, tcpPort: 0 },
})
const findnode: DiscoveryMessage = { type: 'findnode', target: idOf(keyOf(9)), expirationUnixSeconds: FRESH }
const record: DiscoveryMessage = { type: 'enr-request', expirationUnixSeconds: FRESH }
const pongTo = (pingHash: Uint8Array): DiscoveryMessage => ({
  ...{ type: 'pong', pingHash, expirationUnixSeconds: FRESH },
  to: { ip: HOME.ip, udpPort: 30_303, tcpPort: 0 },
})
const sent = (outputs: ReturnType<KademliaCore['receive']>) =>
  outputs.flatMap((output) => (output.type === 'send' ? [output] : []))
const messages = (outputs: ReturnType<KademliaCore['receive']>) =>
  sent(outputs).map(({ bytes }) => decodeDiscoveryPacket(bytes).message.type)

/** Proves an endpoint to `core` as an honest node does. */
function prove(nodeKey: Uint8Array, from: { ip: string; port: number }, when = now): void {
  const [answer] = sent(core.receive(packet(ping(), nodeKey, 192).bytes, from, when))
  core.receive(packet(pongTo(decodeDiscoveryPacket(answer!.bytes).hash), nodeKey).bytes, from, when)
}

describe('an endpoint that has proven nothing', () => {
  const questions: readonly (readonly [string, DiscoveryMessage])[] = [
    ['ping', ping()],
    ['ping with a record number', ping({ recordSeq: 1n })],
    ['findnode', findnode],
    ['enr-request', record],
  ]

  it.each(questions)('gets at most one packet for its own, and no larger one: %s', (_name, message) => {
    for (const padTo of [0, 130, 150, 192, 600, 1_280]) {
      const fresh = coreOf(OWN_KEY)
      const question = packet(message, ATTACKER, padTo).bytes
      const answers = sent(fresh.receive(question, VICTIM, now))
      expect(answers.length).toBeLessThanOrEqual(1)
      for (const { bytes, to } of answers) {
        expect(bytes.length).toBeLessThanOrEqual(question.length)
        expect(to).toEqual(VICTIM)
      }
    }
  })

  it('a Ping whose answer would be larger gets none', () => {
    const short = packet({
      ...(ping() as Extract<DiscoveryMessage, { type: 'ping' }>),
      from: { udpPort: 0, tcpPort: 0 },
      to: { udpPort: 0, tcpPort: 0 },
    }).bytes
    expect(short.length).toBeLessThan(125)
    expect(core.receive(short, VICTIM, now)).toEqual([])
  })

  it('a flood of Pings from an invented address: what goes there is never more than what came', () => {
    let [came, went] = [0, 0]
    for (let i = 0; i < 500; i++) {
      const question = packet(ping(), keyOf(1 + (i % 200)), 100 + (i % 300)).bytes
      came += question.length
      for (const { bytes } of sent(core.receive(question, VICTIM, later(i * 10)))) went += bytes.length
      for (const { bytes } of sent(core.tick(later(i * 10)))) went += bytes.length
      expect(went).toBeLessThanOrEqual(came)
    }
    expect(went).toBeGreaterThan(0)
  })

  it('gets no nodes and no record, however it asks', () => {
    for (const message of [findnode, record])
      expect(core.receive(packet(message).bytes, VICTIM, now)).toEqual([])
    expect(core.counts.unproven).toBe(2)
  })

  it('with proof it does', () => {
    prove(ATTACKER, VICTIM)
    expect(messages(core.receive(packet(findnode).bytes, VICTIM, now))).toEqual(['neighbours'])
    expect(messages(core.receive(packet(record).bytes, VICTIM, now))).toEqual(['enr-response'])
  })
})

describe('spoofing', () => {
  it('proof is worth something only at that address and for that id', () => {
    prove(ATTACKER, VICTIM)
    for (const [key, from] of [
      [ATTACKER, at('203.0.113.10')],
      [ATTACKER, at(VICTIM.ip, 30_304)],
      [keyOf(0x67), VICTIM],
    ] as const)
      expect(core.receive(packet(findnode, key).bytes, from, now)).toEqual([])
  })

  it('proof ends after 24 hours', () => {
    prove(ATTACKER, VICTIM)
    const day = later(24 * 3_600_000)
    const asked = { ...findnode, expirationUnixSeconds: FRESH + 86_400n } as DiscoveryMessage
    expect(core.receive(packet(asked).bytes, VICTIM, later(24 * 3_600_000 - 1))).toHaveLength(1)
    expect(core.receive(packet(asked).bytes, VICTIM, day)).toEqual([])
  })

  it('a Pong that answers nothing, another Ping, from another address or by another id proves nothing', () => {
    const [answer] = sent(core.receive(packet(ping()).bytes, VICTIM, now))
    const { hash } = decodeDiscoveryPacket(answer!.bytes)
    core.receive(packet(pongTo(new Uint8Array(32))).bytes, VICTIM, now)
    core.receive(packet(pongTo(hash)).bytes, at('203.0.113.10'), now)
    core.receive(packet(pongTo(hash), keyOf(0x67)).bytes, VICTIM, now)
    expect(core.sizes.nodes).toBe(0)
    expect(core.counts.unproven).toBe(3)
    core.receive(packet(pongTo(hash)).bytes, VICTIM, now)
    expect(core.sizes.nodes).toBe(1)
    // once is enough: the answer is not good for a second time
    core.receive(packet(pongTo(hash)).bytes, VICTIM, now)
    expect(core.counts.unproven).toBe(4)
  })

  it('neighbours that nobody asked for are not looked at', () => {
    prove(ATTACKER, VICTIM)
    const nodes = [{ peerId: idOf(keyOf(5)), ip: '203.0.113.77', udpPort: 30_303, tcpPort: 1 }]
    const message = { type: 'neighbours', nodes, expirationUnixSeconds: FRESH } as const
    expect(core.receive(packet(message).bytes, VICTIM, now)).toEqual([])
    expect(core.counts.unproven).toBe(1)
  })

  it('neighbours cannot send us to ports and addresses that are none of theirs', () => {
    prove(ATTACKER, VICTIM)
    const nodes = [
      { peerId: idOf(keyOf(5)), ip: '127.0.0.1', udpPort: 30_303, tcpPort: 1 },
      { peerId: idOf(keyOf(6)), ip: '192.168.1.1', udpPort: 30_303, tcpPort: 1 },
      { peerId: idOf(keyOf(7)), ip: '8.8.8.8', udpPort: 53, tcpPort: 1 },
      { peerId: idOf(keyOf(8)), ip: '255.255.255.255', udpPort: 30_303, tcpPort: 1 },
      { peerId: new Uint8Array(64).fill(1), ip: '8.8.8.8', udpPort: 30_303, tcpPort: 1 },
      { peerId: idOf(OWN_KEY), ip: '8.8.8.8', udpPort: 30_303, tcpPort: 1 },
      { peerId: idOf(keyOf(9)), udpPort: 30_303, tcpPort: 1 },
      { peerId: idOf(keyOf(10)), ip: '8.8.4.4', udpPort: 30_303, tcpPort: 1 },
    ]
    const [asked] = sent(core.lookup(idOf(keyOf(3)), [], now, () => {}))
    expect(decodeDiscoveryPacket(asked!.bytes).message.type).toBe('findnode')
    const answer = { type: 'neighbours', nodes, expirationUnixSeconds: FRESH } as const
    expect(sent(core.receive(packet(answer).bytes, VICTIM, now)).map(({ to }) => to)).toEqual([at('8.8.4.4')])
  })

  it('an answer of endless packets ends with 16 nodes', () => {
    prove(ATTACKER, VICTIM)
    core.lookup(idOf(keyOf(3)), [], now, () => {})
    const nodes = Array.from({ length: 12 }, (_, i) => ({
      ...{ peerId: idOf(keyOf(20 + i)), ip: `8.8.${i}.1`, udpPort: 30_303, tcpPort: 1 },
    }))
    const answer = packet({ type: 'neighbours', nodes, expirationUnixSeconds: FRESH }).bytes
    const pinged = [1, 2, 3, 4].flatMap(() => sent(core.receive(answer, VICTIM, now)))
    expect(pinged.length).toBeLessThanOrEqual(3)
    expect(core.counts.unproven).toBe(2)
  })

  it('a record of somebody else, an older one or one with a wrong signature is not taken', () => {
    prove(ATTACKER, VICTIM)
    const answer = (nodeKey: Uint8Array, spoil = 0) => {
      const node = core.table.get(idOf(ATTACKER))!
      const [asked] = sent(core.requestRecord(node, now, () => {}))
      const fresh = signNodeRecord({ nodeKey, seq: 7n }).bytes
      fresh[fresh.length - 1] = (fresh[fresh.length - 1] as number) ^ spoil
      const { hash } = decodeDiscoveryPacket(asked!.bytes)
      core.receive(packet({ type: 'enr-response', requestHash: hash, record: fresh }).bytes, VICTIM, now)
      return core.table.get(idOf(ATTACKER))?.record?.seq
    }
    expect([answer(keyOf(5)), answer(ATTACKER, 1), answer(ATTACKER)]).toEqual([undefined, undefined, 7n])
  })

  it('expired packets and our own that come back are not answered', () => {
    const old = ping({ expirationUnixSeconds: BigInt(WALL_MS / 1_000) - 1n })
    expect(core.receive(packet(old).bytes, VICTIM, now)).toEqual([])
    expect(core.receive(packet(ping(), OWN_KEY).bytes, VICTIM, now)).toEqual([])
    expect(core.counts.unreadable).toBe(2)
  })
})

describe('floods', () => {
  it('of one address are not read beyond 40 packets a second; others are', () => {
    const bytes = packet(ping()).bytes
    for (let i = 0; i < 1_000; i++) core.receive(bytes, VICTIM, now)
    expect(core.counts.flooded).toBe(1_000 - 120)
    expect(messages(core.receive(packet(ping(), keyOf(5)).bytes, at('192.0.2.1'), now))).toEqual(['ping'])
  })

  it('of invented addresses leave those alone who are known', () => {
    const friend = at('192.0.2.1')
    prove(keyOf(5), friend)
    const garbage = new Uint8Array(130)
    for (let i = 0; i < 5_000; i++) core.receive(garbage, at(`203.${(i >> 8) & 255}.${i & 255}.1`), now)
    expect(core.counts.flooded).toBeGreaterThan(3_000)
    expect(messages(core.receive(packet(findnode, keyOf(5)).bytes, friend, now))).toEqual(['neighbours'])
  })

  it('by any number of ids leave a bounded memory behind', () => {
    const flood = { strangersPerSecond: 1e9, perAddressPerSecond: 1e9 }
    const open = coreOf(OWN_KEY, flood)
    const message = ping()
    for (let i = 0; i < 1_500; i++) {
      const key = new Uint8Array(32).fill(1)
      key.set([i >> 8, i & 255], 10)
      open.receive(packet(message, key, 192).bytes, at(`203.${i >> 8}.${i & 255}.1`), now)
    }
    expect(open.sizes).toEqual({ requests: 512, proofs: 0, nodes: 0 })
    open.tick(later(2_000))
    expect(open.sizes).toEqual({ requests: 0, proofs: 0, nodes: 0 })
    expect(open.wakeAtMs()).toBeUndefined()
  })

  it('the proofs that are kept are bounded', () => {
    const proofs = createEndpointProofs()
    for (let i = 0; i < 10_000; i++) {
      proofs.prove(`${i}`, at('203.0.113.1', 1 + (i % 60_000)), i)
      proofs.ponged(`${i}`, at('203.0.113.1', 1 + (i % 60_000)), i)
    }
    expect(proofs.size).toBe(2 * 4_096)
    expect([proofs.knows(at('203.0.113.1', 1)), proofs.knows(at('203.0.113.1', 10_000))]).toEqual([
      false,
      true,
    ])
  })

  it('fuzz: mutated packets of all kinds change no table and throw nothing', () => {
    prove(ATTACKER, VICTIM)
    const before = core.sizes.nodes
    const seeds = [ping(), findnode, record, pongTo(new Uint8Array(32))].map(
      (message) => packet(message).bytes,
    )
    fuzz({
      ...{ seeds, count: FUZZ_COUNT, random: seededRandom(4), expectedError: Never },
      decode: (bytes) => core.receive(bytes, at('127.0.0.1'), now),
    })
    expect(core.sizes.nodes).toBe(before)
  })
})

describe('the table', () => {
  const node = (n: number, ip: string) =>
    tableNode({ peerId: idOf(keyOf(n)), ip, udpPort: 30_303, tcpPort: 30_303 }, crypto)

  it('distance is the position of the first bit that differs', () => {
    const zero = new Uint8Array(32)
    const bit = (i: number) => zero.map((_, at) => (at === i >> 3 ? 0x80 >> (i & 7) : 0))
    expect([logDistance(zero, zero), ...[0, 1, 7, 8, 255].map((i) => logDistance(zero, bit(i)))]).toEqual([
      0, 256, 255, 249, 248, 1,
    ])
  })

  it('takes at most 10 nodes of a /24, and 2 in one bucket', () => {
    const table = createNodeTable(new Uint8Array(32))
    const verdicts = Array.from({ length: 200 }, (_, i) => table.add(node(i + 1, `203.0.113.${i + 1}`)))
    expect(verdicts.filter((v) => v === 'added').length).toBeLessThanOrEqual(10)
    const buckets = new Map<number, number>()
    for (const { address } of table.all()) {
      const distance = logDistance(new Uint8Array(32), address)
      buckets.set(distance, (buckets.get(distance) ?? 0) + 1)
    }
    expect(Math.max(...buckets.values())).toBeLessThanOrEqual(2)
  })

  it('keeps who is there: newcomers wait, and take the place of one that is gone', () => {
    const table = createNodeTable(new Uint8Array(32))
    const all = Array.from({ length: 120 }, (_, i) => node(i + 1, `203.${i}.113.1`))
    const far = all.filter(({ address }) => logDistance(new Uint8Array(32), address) === 256)
    expect(far.length).toBeGreaterThan(28)
    const verdicts = far.map((one) => table.add(one))
    expect(verdicts.indexOf('waiting')).toBe(16)
    expect(table.all()).toEqual(far.slice(0, 16))
    table.remove(far[3]!.peerId)
    expect(table.get(far[3]!.peerId)).toBeUndefined()
    expect(table.all()).toHaveLength(16)
    expect(table.all().at(-1)).toEqual(far.at(-1))
  })

  it('closest are closest', () => {
    const table = createNodeTable(new Uint8Array(32))
    for (let i = 1; i < 60; i++) table.add(node(i, `203.${i}.113.1`))
    const target = node(77, '1.2.3.4').address
    const near = table.closest(target, 5)
    const byDistance = sortByDistance(table.all(), target)
    expect(near).toEqual(byDistance.slice(0, 5))
    const xor = ({ address }: { address: Uint8Array }) =>
      toHex(address.map((b, i) => b ^ (target[i] as number)))
    const distances = byDistance.map(xor)
    expect(distances).toEqual([...distances].sort())
  })

  it.each([
    ['8.8.8.8', '203.0.113.1', true],
    ['192.168.1.1', '203.0.113.1', false],
    ['192.168.1.1', '10.0.0.1', true],
    ['127.0.0.1', '10.0.0.1', false],
    ['127.0.0.1', '127.0.0.1', true],
    ['224.0.0.1', '127.0.0.1', false],
    ['0.0.0.0', '127.0.0.1', false],
    ['::', '::1', false],
    ['ff02::1', '::1', false],
    ['2001:db8::1', '203.0.113.1', true],
    ['::1', '2001:db8::1', false],
  ])('%s is believed from %s: %s', (ip, sender, verdict) => {
    expect(isRelayable(ip, sender)).toBe(verdict)
  })
})
