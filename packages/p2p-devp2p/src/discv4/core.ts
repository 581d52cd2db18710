/**
 * Node discovery v4 as a machine of datagrams: what came in, what goes out, no sockets, no timers, no clock.
 *
 * Who says so is known by the signature; where it receives, only by its answer to a Ping (`bonding.ts`). Nodes and records are
 * handed out only to those who have proven that.
 *
 * Not here: when to search (the driver's), what a node is worth (the pool's).
 */

import { equal, toHex } from '@status-protocol/bytes'
import { P2pError } from '../error.ts'
import type { KademliaCore, KademliaCoreOptions } from '../kademlia/core.ts'
import { createFloodGate, defaultFloodLimits } from '../kademlia/flood-gate.ts'
import { tableNode } from '../kademlia/node.ts'
import { randomIndex } from '../random-index.ts'
import type { UdpAddress } from '../udp.ts'
import { createBonding } from './bonding.ts'
import { Context } from './context.ts'
import { type DiscoveryPacket, decodeDiscoveryPacket } from './packet.ts'
import { createRecords } from './records.ts'
import { createSearch } from './search.ts'

export function createDiscv4Core(options: KademliaCoreOptions): KademliaCore {
  const { crypto, random } = options
  const context = new Context(options)
  const records = createRecords(context)
  const bonding = createBonding(context, records)
  const search = createSearch(context, bonding)
  const isAdmitted = createFloodGate({ ...defaultFloodLimits, ...options.flood })
  const { table, proofs, requests, counts, own } = context

  const receive = (bytes: Uint8Array, from: UdpAddress): void => {
    counts.received++
    if (!isAdmitted(from, !proofs.knows(from), context.now.monotonicMs)) {
      counts.flooded++
      return
    }
    const packet = read(bytes)
    if (packet) take(packet, from, bytes.length)
    else counts.unreadable++
  }

  const take = (packet: DiscoveryPacket, from: UdpAddress, size: number): void => {
    const { message, peerId, hash } = packet
    if (message.type === 'ping') bonding.takePing({ ...packet, message }, from, size)
    else if (message.type === 'pong') bonding.takePong({ ...packet, message }, from)
    else if (message.type === 'neighbours') search.takeNeighbours(message, peerId, from)
    else if (message.type === 'enr-response') records.take(message, peerId, from)
    else if (!isProven(peerId, from)) return
    else if (message.type === 'findnode') search.takeFindNode(message, peerId, from)
    else context.send({ type: 'enr-response', requestHash: hash, record: context.record.bytes }, from)
  }

  const isProven = (peerId: Uint8Array, from: UdpAddress): boolean => {
    if (context.isProven(toHex(peerId), from)) return true
    counts.unproven++
    return false
  }

  /** Undefined: not a packet, expired, or our own that came back. */
  const read = (bytes: Uint8Array): DiscoveryPacket | undefined => {
    try {
      const packet = decodeDiscoveryPacket(bytes, { crypto })
      const { message, peerId } = packet
      const nowSeconds = BigInt(Math.floor(context.now.wallMs / 1_000))
      const isExpired = message.type !== 'enr-response' && message.expirationUnixSeconds < nowSeconds
      return isExpired || equal(peerId, own.peerId) ? undefined : packet
    } catch (error) {
      if (error instanceof P2pError) return undefined
      throw error
    }
  }

  const endOverdue = (): void => {
    for (const { kind, neighbours, done } of requests.expired(context.now.monotonicMs)) {
      const isPartial = kind === 'findnode' && neighbours.length > 0
      done(isPartial ? { type: 'neighbours', nodes: neighbours } : { type: 'none' })
    }
  }

  return {
    name: 'discv4',
    get record() {
      return context.record
    },
    table,
    get counts() {
      return { ...counts }
    },
    get sizes() {
      return { requests: requests.size, proofs: proofs.size, nodes: table.all().length }
    },
    isMine: () => true,
    receive: (bytes, from, now) => context.during(now, () => receive(bytes, from)),
    wakeAtMs() {
      const moments = [requests.nextEndMs(), bonding.nextMs()].filter((moment) => moment !== undefined)
      return moments.length > 0 ? Math.min(...moments) : undefined
    },
    tick: (now) =>
      context.during(now, () => {
        endOverdue()
        bonding.tick()
      }),
    ping: (node, now, done = () => {}) =>
      context.during(now, () =>
        bonding.ping(node, (answer) => done(answer.type === 'pong' ? answer.rttMs : undefined)),
      ),
    lookup: (target, start, now, done) => context.during(now, () => search.lookup(target, start, done)),
    requestRecord: (node, now, done) => context.during(now, () => records.ask(node, done)),
    revalidate: (now) =>
      context.during(now, () => {
        const nodes = table.all()
        const node = nodes[randomIndex(random, nodes.length)]
        if (!node) return
        bonding.ping(node, (answer) => {
          if (answer.type !== 'pong') context.failures.failed(node)
        })
      }),
    setRecord(record, endpoint) {
      context.record = record
      context.endpoint = endpoint
    },
    nodeOf({ peerId, ip, udpPort, tcpPort }) {
      if (ip === undefined || udpPort === 0) return undefined
      return tableNode({ peerId, ip, udpPort, tcpPort }, crypto)
    },
  }
}
