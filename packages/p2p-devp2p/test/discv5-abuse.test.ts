/** What strangers can make discovery v5.1 do: little, and nothing to third parties. */
import { concat, toHex } from '@status-protocol/bytes'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import {
  nodeAddress,
  type RecordAddresses,
  signNodeRecord,
  type UdpAddress,
} from '@status-protocol/p2p-devp2p'
import { fuzz, seededRandom } from '@status-protocol/testkit'
import { beforeEach, describe, expect, it } from 'vitest'
import { createDiscv5Core } from '../src/discv5/core.ts'
import { type Discv5Message, encodeDiscv5Message } from '../src/discv5/message.ts'
import { authdataOf, decodeDiscv5Packet, encodeDiscv5Packet } from '../src/discv5/packet.ts'
import type { KademliaCore } from '../src/kademlia/core.ts'
import { tableNode } from '../src/kademlia/node.ts'
import { logDistance } from '../src/kademlia/node-table.ts'
import { idOf, keyOf } from './support/cores.ts'
import { RawPeer, recordWithLongNumber, sent } from './support/discv5-peer.ts'

/** Nothing may be thrown at all. */
class Never extends Error {}
const FUZZ_COUNT = Number(process.env.FUZZ_COUNT ?? 10_000)
const later = (ms: number) => ({ monotonicMs: ms, wallMs: 1_577_836_800_000 + ms })
const now = later(0)
const at = (ip: string, port = 30_303) => ({ ip, port })
const HOME = at('198.51.100.1')
const AWAY = at('203.0.113.9')
const OWN_ID = nodeAddress(idOf(keyOf(1)))

const recordOf = (nodeKey: Uint8Array, { ip, port }: UdpAddress, seq = 1n, more: RecordAddresses = {}) =>
  signNodeRecord({ nodeKey, seq, addresses: { ip, udpPort: port, tcpPort: 30_303, ...more } })

function coreOf(flood = {}): KademliaCore {
  const nodeKey = keyOf(1)
  const endpoint = { ip: HOME.ip, udpPort: 30_303, tcpPort: 30_303 }
  return createDiscv5Core({
    ...{ nodeKey, crypto, random: seededRandom(1), record: recordOf(nodeKey, HOME), endpoint, flood },
  })
}

let core: KademliaCore
beforeEach(() => {
  core = coreOf()
})

/** Says what it likes to the core that is tested. */
class Peer extends RawPeer {
  readonly at: UdpAddress

  constructor(key = keyOf(0x66), where: UdpAddress = AWAY, record = recordOf(key, where)) {
    super(key, record, { ...HOME, peerId: idOf(keyOf(1)) })
    this.at = where
  }

  /** Everything that is answered to these packets, when they come from here. */
  say(packets: readonly Uint8Array[], from = this.at): readonly Uint8Array[] {
    return packets.flatMap((bytes) => sent(core.receive(bytes, from, now)).map((output) => output.bytes))
  }

  open(): this {
    const [challenge] = this.say([this.knock()])
    this.say([this.shakeHands(challenge as Uint8Array)])
    return this
  }
}

const findnode = (...distances: number[]): Discv5Message => ({
  ...{ type: 'findnode', requestId: Uint8Array.of(7), distances },
})
const ALL = Array.from({ length: 16 }, (_, i) => 256 - i)

describe('an endpoint that has proven nothing', () => {
  it('gets one packet of 63 bytes for each of its own, which is at least as long, and nothing else', () => {
    const id = nodeAddress(idOf(keyOf(9)))
    for (const length of [0, 1, 16, 28, 100, 1_100]) {
      const { bytes } = encodeDiscv5Packet(
        {
          ...{ type: 'message', targetId: OWN_ID, iv: new Uint8Array(16), nonce: new Uint8Array(12) },
          ...{ authdata: authdataOf.message(id), seal: () => new Uint8Array(length) },
        },
        crypto,
      )
      for (let i = 0; i < 3; i++) {
        const answers = sent(core.receive(bytes, AWAY, now))
        expect(answers.map(({ to, bytes: { length: size } }) => [to, size])).toEqual([[AWAY, 63]])
        expect(bytes.length).toBeGreaterThanOrEqual(63)
      }
    }
    expect(core.sizes).toEqual({ requests: 0, proofs: 1, nodes: 0 })
  })

  it('gets nothing at all for what is no packet, our own packets, and packets for others', () => {
    const self = new Peer(keyOf(1), HOME)
    for (const bytes of [new Uint8Array(0), new Uint8Array(200), new Uint8Array(70_000), self.knock()])
      expect(self.say([bytes], AWAY)).toEqual([])
    const forOthers = encodeDiscv5Packet(
      {
        ...{ type: 'message', targetId: nodeAddress(idOf(keyOf(9))), iv: new Uint8Array(16) },
        ...{
          nonce: new Uint8Array(12),
          authdata: authdataOf.message(self.id),
          seal: () => new Uint8Array(40),
        },
      },
      crypto,
    )
    expect(self.say([forOthers.bytes], AWAY)).toEqual([])
    expect(core.counts.unreadable).toBe(5)
  })

  it('with a session it gets nodes; that holds at its address alone', () => {
    const peer = new Peer().open()
    expect(core.sizes.nodes).toBe(1)
    const asked = peer.message(findnode(0, ...ALL))
    const [answer] = peer.say([asked])
    expect(peer.read(answer as Uint8Array)).toMatchObject({
      type: 'nodes',
      total: 1,
      requestId: Uint8Array.of(7),
    })
    for (const elsewhere of [at('203.0.113.10'), at(AWAY.ip, 30_304)])
      expect(peer.say([asked], elsewhere).map(({ length }) => length)).toEqual([63])
  })

  it('a session ends after 24 hours', () => {
    const peer = new Peer().open()
    const asked = peer.message(findnode(0))
    const day = 24 * 3_600_000
    expect(sent(core.receive(asked, AWAY, later(day - 1)))[0]!.bytes.length).toBeGreaterThan(63)
    expect(sent(core.receive(asked, AWAY, later(day)))[0]!.bytes.length).toBe(63)
  })
})

describe('a handshake', () => {
  it('answers one challenge, once, in time', () => {
    const peer = new Peer()
    const handshake = peer.shakeHands(peer.say([peer.knock()])[0] as Uint8Array)
    expect(sent(core.receive(handshake, at('203.0.113.10'), now))).toEqual([])
    expect(sent(core.receive(handshake, AWAY, later(1_000)))).toEqual([])
    expect(core.sizes.nodes).toBe(0)

    const again = new Peer()
    const second = again.shakeHands(again.say([again.knock()])[0] as Uint8Array)
    expect(again.say([second]).length).toBeGreaterThan(0)
    expect(core.sizes.nodes).toBe(1)
    // replayed
    expect(again.say([second])).toEqual([])
  })

  it('cannot be kept from coming by who knocks in its name', () => {
    const peer = new Peer()
    const home = { ...HOME, peerId: idOf(keyOf(1)) }
    const knockFor = (seed: number) => {
      const impostor = new RawPeer(keyOf(0x66), recordOf(keyOf(0x66), AWAY), home, seed)
      // the answer goes to the honest node, which has not asked for it
      expect(peer.say([impostor.knock()])).toHaveLength(1)
    }
    for (const seed of [1, 2, 3]) knockFor(seed)
    const [challenge] = peer.say([peer.knock()])
    for (const seed of [4, 5]) knockFor(seed)
    peer.say([peer.shakeHands(challenge as Uint8Array)])
    expect(core.sizes.nodes).toBe(1)
    expect(peer.say([peer.message(findnode(0))])[0]!.length).toBeGreaterThan(100)
  })

  it('with the record of somebody else, of another network or with a wrong signature proves nothing', () => {
    const other = keyOf(0x67)
    const wrong = recordOf(keyOf(0x66), AWAY)
    wrong.bytes[20] = (wrong.bytes[20] as number) ^ 1
    for (const record of [recordOf(other, AWAY), wrong, { ...wrong, bytes: wrong.bytes.slice(0, 40) }]) {
      core = coreOf()
      const peer = new Peer(keyOf(0x66), AWAY, record)
      peer.open()
      expect(core.sizes.nodes).toBe(0)
      expect(core.counts.unproven).toBeGreaterThan(1)
      expect(peer.say([peer.message(findnode(0))]).map(({ length }) => length)).toEqual([63])
    }
  })

  it('with a record that names another address is a session, but no node that others are told of', () => {
    const peer = new Peer(keyOf(0x66), AWAY, recordOf(keyOf(0x66), at('192.0.2.77'))).open()
    expect(core.sizes.nodes).toBe(0)
    expect(peer.say([peer.message(findnode(0))])[0]!.length).toBeGreaterThan(100)
  })

  it('with a number of 9 bytes in the record is refused (it ends a process that runs @chainsafe/discv5)', () => {
    const key = keyOf(0x66)
    const peer = new Peer(key, AWAY, recordWithLongNumber(key, AWAY)).open()
    expect(core.sizes.nodes).toBe(0)
    expect(peer.say([peer.knock()]).map(({ length }) => length)).toEqual([63])
  })

  it('a challenge that answers nothing, comes from elsewhere or for a second time is not answered', () => {
    const peer = new Peer()
    const node = tableNode({ peerId: idOf(keyOf(0x66)), ip: AWAY.ip, udpPort: AWAY.port, tcpPort: 0 }, crypto)
    const [knock] = sent(core.ping(node, now))
    const { nonce } = decodeDiscv5Packet(knock!.bytes, peer.id, crypto)
    const whoareyou = (asked: Uint8Array) =>
      encodeDiscv5Packet(
        {
          ...{ type: 'whoareyou', targetId: OWN_ID, iv: new Uint8Array(16), nonce: asked },
          authdata: authdataOf.whoareyou(new Uint8Array(16), 0n),
        },
        crypto,
      ).bytes
    expect(peer.say([whoareyou(new Uint8Array(12))])).toEqual([])
    expect(peer.say([whoareyou(nonce)], at('203.0.113.10'))).toEqual([])
    expect(peer.say([whoareyou(nonce)])).toHaveLength(1)
    expect(peer.say([whoareyou(nonce)])).toEqual([])
    expect(core.counts.unproven).toBe(3)
  })
})

describe('nodes', () => {
  const near = (key: Uint8Array, ip: string, port = 30_303) => recordOf(key, at(ip, port)).bytes
  /** Asks the peer, and gives back what it has to answer. */
  const ask = (peer: Peer) => {
    const [asked] = sent(core.lookup(idOf(keyOf(3)), [], now, () => {}))
    const message = peer.read(asked!.bytes)
    if (message.type !== 'findnode') throw new Error(message.type)
    return message
  }
  const nodes = (requestId: Uint8Array, records: readonly Uint8Array[], total = 1): Discv5Message => ({
    ...{ type: 'nodes', requestId, total, records },
  })
  /** Keys of nodes that may stand in an answer to the question. */
  const keysAt = (peer: Peer, distances: readonly number[]) =>
    Array.from({ length: 200 }, (_, i) => keyOf(i + 2)).filter((key) =>
      distances.includes(logDistance(nodeAddress(idOf(key)), peer.id)),
    )

  it('that nobody asked for, asked of another or with another number are not looked at', () => {
    const [peer, other] = [new Peer().open(), new Peer(keyOf(0x68), at('192.0.2.1')).open()]
    const { requestId } = ask(peer)
    expect(peer.say([peer.message(nodes(Uint8Array.of(1), []))])).toEqual([])
    expect(other.say([other.message(nodes(requestId, []))])).toEqual([])
    expect(core.counts.unproven).toBeGreaterThanOrEqual(2)
  })

  it('cannot send us to addresses and ports that are none of theirs, nor to nodes at other distances', () => {
    const peer = new Peer().open()
    const { requestId, distances } = ask(peer)
    const [a, b, c, d, e, good] = keysAt(peer, distances) as [
      ...[Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array],
    ]
    const far = Array.from({ length: 200 }, (_, i) => keyOf(i + 2)).find(
      (key) => !distances.includes(logDistance(nodeAddress(idOf(key)), peer.id)),
    )
    const spoiled = near(e, '8.8.8.8')
    spoiled[10] = (spoiled[10] as number) ^ 1
    const records = [
      ...[near(a, '127.0.0.1'), near(b, '192.168.1.1'), near(c, '8.8.8.8', 53), near(d, '255.255.255.255')],
      ...[spoiled, Uint8Array.of(0xc0), recordOf(keyOf(1), at('8.8.8.8')).bytes],
      ...(far ? [near(far, '8.8.8.8')] : []),
    ]
    peer.say([peer.message(nodes(requestId, records, 2))])
    const asked = sent(core.receive(peer.message(nodes(requestId, [near(good, '8.8.4.4')], 2)), AWAY, now))
    expect(asked.map(({ to }) => to)).toEqual([at('8.8.4.4')])
    expect(core.sizes.nodes).toBe(1)
  })

  it('an answer of endless packets ends with 16 nodes or 5 packets', () => {
    const peer = new Peer().open()
    const { requestId, distances } = ask(peer)
    const records = keysAt(peer, distances)
      .slice(0, 3)
      .map((key, i) => near(key, `8.8.${i}.1`))
    const asked = Array.from({ length: 20 }, () =>
      peer.say([peer.message(nodes(requestId, records, 60_000))]),
    )
    expect(asked.filter((packets) => packets.length > 0)).toHaveLength(1)
    expect(core.counts.unproven).toBeGreaterThan(10)
  })

  it('16 of them are told, in packets of at most 1,280 bytes, local ones only to local ones', () => {
    for (let i = 0; i < 30; i++) new Peer(keyOf(100 + i), at(`203.0.${i}.1`)).open()
    new Peer(keyOf(150), at('10.0.0.9')).open()
    const peer = new Peer().open()
    const packets = peer.say([peer.message(findnode(0, ...ALL))])
    const answers = packets.map((bytes) => peer.read(bytes)) as (Discv5Message & { type: 'nodes' })[]
    expect(answers.every(({ total }) => total === packets.length)).toBe(true)
    expect(Math.max(...packets.map(({ length }) => length))).toBeLessThanOrEqual(1_280)
    expect(answers.flatMap(({ records }) => records)).toHaveLength(17)
    const texts = answers.flatMap(({ records }) => records).map(toHex)
    expect(texts).not.toContain(toHex(near(keyOf(150), '10.0.0.9')))
  })
})

describe('floods', () => {
  it('of one address are not read beyond 40 packets a second; others are', () => {
    const [peer, friend] = [new Peer(), new Peer(keyOf(5), at('192.0.2.1')).open()]
    const bytes = peer.knock()
    for (let i = 0; i < 1_000; i++) core.receive(bytes, AWAY, now)
    expect(core.counts.flooded).toBe(1_000 - 120)
    expect(friend.say([friend.message(findnode(0))])).toHaveLength(1)
  })

  it('of invented addresses leave those alone who are known', () => {
    const friend = new Peer(keyOf(5), at('192.0.2.1')).open()
    const bytes = new Peer().knock()
    for (let i = 0; i < 5_000; i++) core.receive(bytes, at(`203.${(i >> 8) & 255}.${i & 255}.1`), now)
    expect(core.counts.flooded).toBeGreaterThan(3_000)
    expect(friend.say([friend.message(findnode(0))])).toHaveLength(1)
  })

  it('by any number of ids and addresses leave a bounded memory behind', () => {
    core = coreOf({ strangersPerSecond: 1e9, perAddressPerSecond: 1e9 })
    const bytes = new Peer().knock()
    for (let i = 0; i < 5_000; i++) core.receive(bytes, at(`203.${(i >> 8) & 255}.${i & 255}.1`), now)
    expect(core.sizes).toEqual({ requests: 0, proofs: 256, nodes: 0 })
    expect(core.wakeAtMs()).toBeUndefined()
  })

  it('of questions of our own: 512 wait at a time, those behind a handshake 256', () => {
    const answers: unknown[] = []
    for (let i = 0; i < 900; i++) {
      const node = tableNode(
        { peerId: idOf(keyOf(1 + (i % 3))), ip: `203.0.${i % 3}.1`, udpPort: 9_999, tcpPort: 0 },
        crypto,
      )
      core.ping(node, now, (answer) => answers.push(answer))
    }
    expect(core.sizes.requests).toBe(3)
    expect(answers).toHaveLength(900 - 3 - 256)
    for (let ms = 1_000; core.wakeAtMs() !== undefined && ms < 1_000_000; ms += 1_000) core.tick(later(ms))
    expect(answers).toHaveLength(900)
    expect(core.sizes.requests).toBe(0)
  })

  it('fuzz: mutated packets throw nothing and change no table', () => {
    const peer = new Peer().open()
    core = coreOf({ strangersPerSecond: 1e9, perAddressPerSecond: 1e9 })
    peer.open()
    const before = core.sizes.nodes
    const stranger = new Peer(keyOf(0x69), at('127.0.0.1'))
    const knock = stranger.knock()
    const challenge = stranger.say([knock])[0] as Uint8Array
    const seeds = [peer.message(findnode(0, 256)), knock, stranger.shakeHands(challenge), challenge]
    fuzz({
      ...{ seeds, count: FUZZ_COUNT, random: seededRandom(4), expectedError: Never },
      decode: (bytes) => core.receive(bytes, at('127.0.0.1'), now),
    })
    expect(core.sizes.nodes).toBeLessThanOrEqual(before + 1)
  })

  it('fuzz: mutated messages of one who has a session throw nothing and are answered with what is owed', () => {
    core = coreOf({ strangersPerSecond: 1e9, perAddressPerSecond: 1e9 })
    const peer = new Peer().open()
    const record = recordOf(keyOf(5), at('8.8.8.8')).bytes
    const messages: Discv5Message[] = [
      ...[findnode(0, 1, 256), { type: 'ping', requestId: Uint8Array.of(1), recordSeq: 9n } as const],
      { type: 'pong', requestId: Uint8Array.of(1), recordSeq: 9n, ip: '1.2.3.4', port: 5 },
      { type: 'nodes', requestId: Uint8Array.of(1), total: 1, records: [record] },
      { type: 'talk-request', requestId: Uint8Array.of(1) },
    ]
    fuzz({
      seeds: messages.map((message) => encodeDiscv5Message(message)),
      ...{ count: FUZZ_COUNT, random: seededRandom(8), expectedError: Never },
      decode(plaintext) {
        if (plaintext.length > 1_150) return
        const answers = sent(core.receive(peer.seal(plaintext), AWAY, now))
        for (const { bytes, to } of answers)
          if (to.ip !== AWAY.ip || bytes.length > 1_280) throw new Error('not owed')
        core.tick(later(5_000))
      },
    })
    expect(core.sizes.nodes).toBeLessThanOrEqual(1)
    expect(concat(...peer.say([peer.message(findnode(0))])).length).toBeGreaterThan(100)
  })
})
