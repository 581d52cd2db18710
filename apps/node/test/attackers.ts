/**
 * What strangers may do to a node: packets of `shh/6` that they send over and over, and what they do below it. For the
 * short forms in attacks.e2e.test.ts and the long ones in soak/attacks.ts.
 */
import { connect, type Socket } from 'node:net'
import { equal } from '@status-protocol/bytes'
import { systemRandom } from '@status-protocol/crypto'
import { parseEnode } from '@status-protocol/p2p-devp2p'
import {
  batchHash,
  bloomOf,
  type Envelope,
  encodeBatchAcknowledged,
  encodeBloomFilter,
  encodeMessageResponse,
  encodeMessages,
  encodePowRequirement,
  encodeRateLimits,
  encodeStatus,
  fullBloom,
  MAX_PACKET_BYTES,
  noRateLimits,
  packetCodes,
  seal,
  symmetricChat,
  topicFrom,
} from '@status-protocol/whisper'
import { dialRaw } from '../../../bench/support/relay/raw-peer.ts'

export interface AttackPacket {
  readonly code: number
  readonly body: Uint8Array
}

/** Packets that an attacker sends in turn, again and again. */
export interface PacketAttack {
  readonly name: string
  readonly packets: readonly AttackPacket[]
  /** Whether the node ends the link over it. What it tolerates must cost it little. */
  readonly isBreach: boolean
}

/** Of topics in the upper half of a bloom filter: only a node that asks for no such topic is attacked by them. */
export const OUTSIDE_THE_BLOOM = 'envelopes outside the bloom'

/** How many different envelopes an attacker has made. */
const VARIETY = 50

/** @param nowUnixSeconds what the node's clock says */
export async function packetAttacks(nowUnixSeconds: number): Promise<readonly PacketAttack[]> {
  const sealed = (age: number, powTarget = 0.002) => sealMany(nowUnixSeconds - age, powTarget)
  const [good, weak] = await Promise.all([sealed(0), sealed(0, 0)])
  const [future, expired] = await Promise.all([sealed(-3_600), sealed(3_600)])
  const unasked = await sealMany(
    nowUnixSeconds,
    0.002,
    topicFrom(Uint8Array.of(...systemRandom.bytes(3), 0xff)),
  )
  const first = good.slice(0, 1)
  return [
    tolerated(
      'duplicates',
      good.flatMap((envelope) => messages([envelope, ...first, ...first, envelope])),
    ),
    tolerated(
      'low proof of work',
      weak.flatMap((envelope) => messages([envelope])),
    ),
    tolerated(
      'envelopes from the future',
      future.flatMap((envelope) => messages([envelope])),
    ),
    tolerated(
      'envelopes long expired',
      expired.flatMap((envelope) => messages([envelope])),
    ),
    tolerated(
      OUTSIDE_THE_BLOOM,
      unasked.flatMap((envelope) => messages([envelope])),
    ),
    tolerated('other blooms all the time', [
      packet(packetCodes.bloomFilter, encodeBloomFilter(bloomOf(randomTopic()))),
      packet(packetCodes.bloomFilter, encodeBloomFilter(fullBloom())),
    ]),
    ...storms(),
    breach('a bloom of 63 bytes', packetCodes.bloomFilter, Uint8Array.of(0xb8, 63, ...new Uint8Array(63))),
    breach('a list of a length without end', packetCodes.messages, new Uint8Array(9).fill(0xff)),
    breach('an envelope of a giant length', packetCodes.messages, giantEnvelope()),
    breach('a packet above the limit', packetCodes.messages, new Uint8Array(MAX_PACKET_BYTES + 1)),
    breach('a packet that swells', packetCodes.messages, new Uint8Array(15 * MAX_PACKET_BYTES)),
    breach('an envelope cut off', packetCodes.messages, encodeMessages(first).subarray(0, -1)),
    breach('a proof of work that is no number', packetCodes.powRequirement, Uint8Array.of(0xc0)),
    breach('a confirmation of nothing', packetCodes.batchAcknowledged, Uint8Array.of(0x80)),
    breach('a response that is none', packetCodes.messageResponse, Uint8Array.of(0x80)),
  ]
}

/** Each code with a body that is in order, or that nobody here reads. */
function storms(): readonly PacketAttack[] {
  const hash = systemRandom.bytes(32)
  const status = { minPow: 0, bloom: fullBloom(), lightNode: false, confirmations: true }
  const storm = (code: number, body: Uint8Array) => tolerated(`a storm of code ${code}`, [packet(code, body)])
  return [
    storm(packetCodes.status, encodeStatus({ ...status, rateLimits: noRateLimits })),
    storm(packetCodes.messages, encodeMessages([])),
    storm(packetCodes.powRequirement, encodePowRequirement(0.001)),
    storm(packetCodes.bloomFilter, encodeBloomFilter(fullBloom())),
    storm(packetCodes.batchAcknowledged, encodeBatchAcknowledged(hash)),
    storm(packetCodes.messageResponse, encodeMessageResponse({ batchHash: hash, errors: [] })),
    storm(packetCodes.rateLimits, encodeRateLimits(noRateLimits)),
    ...[50, packetCodes.syncRequest, packetCodes.syncResponse].map((code) =>
      storm(code, new Uint8Array(100)),
    ),
    ...[packetCodes.requestComplete, packetCodes.request, packetCodes.direct].map((code) =>
      storm(code, new Uint8Array(100)),
    ),
  ]
}

function tolerated(name: string, packets: readonly AttackPacket[]): PacketAttack {
  return { name, packets, isBreach: false }
}

function breach(name: string, code: number, body: Uint8Array): PacketAttack {
  return { name, packets: [packet(code, body)], isBreach: true }
}

function packet(code: number, body: Uint8Array): AttackPacket {
  return { code, body }
}

function messages(envelopes: readonly Envelope[]): readonly AttackPacket[] {
  return [packet(packetCodes.messages, encodeMessages(envelopes))]
}

/** A list of one list that says it has 2^32 bytes. */
function giantEnvelope(): Uint8Array {
  return Uint8Array.of(0xc7, 0xfc, 1, 0, 0, 0, 0, 0)
}

function randomTopic() {
  return topicFrom(systemRandom.bytes(4))
}

function sealMany(
  nowUnixSeconds: number,
  powTarget: number,
  topic = randomTopic(),
): Promise<readonly Envelope[]> {
  const to = symmetricChat(topic, systemRandom.bytes(32))
  return Promise.all(
    Array.from({ length: VARIETY }, () =>
      seal(systemRandom.bytes(100), { to, nowUnixSeconds, powTarget, ttlSeconds: 60 }),
    ),
  )
}

/**
 * One link, so many packets. `ended` by the node, or it `lives`: the node has read all of them and confirms an envelope
 * that comes last.
 */
export async function attempt(
  enode: string,
  attack: PacketAttack,
  count: number,
): Promise<'ended' | 'lives'> {
  const peer = await dialRaw(enode)
  const [last] = messages([
    await seal(new Uint8Array(1), { to: symmetricChat(randomTopic(), KEY), powTarget: 0 }),
  ])
  const { code, body } = last as AttackPacket
  const outcome = new Promise<'ended' | 'lives'>((resolve) => {
    void peer.link.closed.then(() => resolve('ended'))
    peer.onPacket((code, confirmed) => {
      const ours = encodeBatchAcknowledged(batchHash(body))
      if (code === packetCodes.batchAcknowledged && equal(confirmed, ours)) resolve('lives')
    })
  })
  try {
    for (let i = 0; i < count; i++) {
      const packet = attack.packets[i % attack.packets.length] as AttackPacket
      await peer.send(packet.code, packet.body)
    }
    await peer.send(code, body)
  } catch {
    // the link is down: the outcome says so
  }
  const result = await outcome
  await peer.close()
  return result
}

const KEY = new Uint8Array(32).fill(1)

export interface Sockets {
  /** How many of them are still open. */
  open(): number
  close(): void
}

/**
 * Connections that never get anywhere, from an address of this machine that nobody else uses. `drip`: they say a byte of a
 * handshake that is long in coming now and then.
 */
export function halfOpen(enode: string, count: number, { drip = false } = {}): Sockets {
  const { ip, tcpPort } = parseEnode(enode)
  const sockets = new Set<Socket>()
  for (let i = 0; i < count; i++) {
    const socket = connect({ host: ip as string, port: tcpPort, localAddress: '127.0.0.2' })
    sockets.add(socket)
    socket.on('error', () => undefined) // ends in close
    socket.once('close', () => sockets.delete(socket))
    // EIP-8: the length of what follows, which never comes
    if (drip) socket.write(Uint8Array.of(0x01, 0xff))
  }
  const dripping = drip
    ? setInterval(() => {
        for (const socket of sockets) socket.write(Uint8Array.of(4))
      }, DRIP_MS)
    : undefined
  return {
    open: () => sockets.size,
    close() {
      clearInterval(dripping)
      for (const socket of sockets) socket.destroy()
    },
  }
}

const DRIP_MS = 100

/** Bytes that are no handshake. Resolves when the node has ended the connection. */
export function garbage(enode: string): Promise<void> {
  const { ip, tcpPort } = parseEnode(enode)
  return new Promise((resolve) => {
    const socket = connect({ host: ip as string, port: tcpPort }, () =>
      socket.write(systemRandom.bytes(2_000)),
    )
    socket.on('error', () => undefined)
    socket.resume()
    socket.once('close', () => resolve())
  })
}
