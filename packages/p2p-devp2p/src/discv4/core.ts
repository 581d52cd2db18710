/**
 * Node discovery v4 as a machine of datagrams: what came in, what goes out, no sockets, no timers, no clock.
 *
 * Who says so is known by the signature; where it receives, only by its answer to a Ping (`bonding.ts`). Nodes and records are
 * handed out only to those who have proven that.
 *
 * Not here: when to search (the driver's), what a node is worth (the pool's).
 */

import { equal, toHex } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import type { Random } from '@status-protocol/ports'
import type { Enode } from '../enode.ts'
import type { NodeRecord } from '../enr.ts'
import { P2pError } from '../error.ts'
import { randomIndex } from '../random-index.ts'
import type { UdpAddress } from '../udp.ts'
import { createBonding } from './bonding.ts'
import { Context, type Discv4Output, type Now } from './context.ts'
import type { DiscoveryEndpoint } from './endpoint.ts'
import { createFloodGate, defaultFloodLimits, type FloodLimits } from './flood-gate.ts'
import { type TableNode, tableNode } from './node.ts'
import type { NodeTable } from './node-table.ts'
import { type DiscoveryPacket, decodeDiscoveryPacket } from './packet.ts'
import { createRecords } from './records.ts'
import { createSearch } from './search.ts'

export interface Discv4CoreOptions {
  /** 32 bytes: this node's identity. */
  readonly nodeKey: Uint8Array
  readonly crypto: CryptoProvider
  /** Which node is checked next; may be seeded. */
  readonly random: Random
  /** Our own record; {@link Discv4Core.setRecord} replaces it. */
  readonly record: NodeRecord
  /** What Pings say of us. */
  readonly endpoint: DiscoveryEndpoint
  readonly flood?: Partial<FloodLimits> | undefined
  /** Networks that have to agree on what our address is; default 5. */
  readonly minVotes?: number | undefined
}

export interface Discv4Counts {
  readonly received: number
  readonly sent: number
  /** Not looked at: too many. */
  readonly flooded: number
  /** Not read: no packet of this protocol, wrong hash or signature, expired, our own. */
  readonly unreadable: number
  /** Answers to nothing that we asked, questions from endpoints that have proven nothing. */
  readonly unproven: number
}

export interface Discv4Core {
  readonly record: NodeRecord
  readonly table: Pick<NodeTable, 'all' | 'get' | 'closest' | 'filledBuckets'>
  readonly counts: Discv4Counts
  /** What is remembered of others, for those who watch the memory. */
  readonly sizes: { readonly requests: number; readonly proofs: number; readonly nodes: number }
  /** What others say our endpoint is, if enough agree. */
  externalEndpoint(now: Now): { readonly ip: string; readonly port: number } | undefined
  receive(bytes: Uint8Array, from: UdpAddress, now: Now): readonly Discv4Output[]
  /** When {@link tick} has something to do. */
  wakeAtMs(): number | undefined
  tick(now: Now): readonly Discv4Output[]
  /** Asks a node whether it is there. `done`: milliseconds until its answer, or undefined. */
  ping(node: TableNode, now: Now, done?: (rttMs: number | undefined) => void): readonly Discv4Output[]
  /** Looks for the nodes that are closest to a 64-byte key. `start`: whom to ask if nobody is known. */
  lookup(
    target: Uint8Array,
    start: readonly TableNode[],
    now: Now,
    done: (nodes: readonly TableNode[]) => void,
  ): readonly Discv4Output[]
  /** Asks a node of the table for its current record. */
  requestRecord(
    node: TableNode,
    now: Now,
    done: (record: NodeRecord | undefined) => void,
  ): readonly Discv4Output[]
  /** Checks whether one of the table is still there; who is not, goes. */
  revalidate(now: Now): readonly Discv4Output[]
  setRecord(record: NodeRecord, endpoint: DiscoveryEndpoint): void
  /** Undefined: it has no address for discovery. */
  nodeOf(enode: Enode): TableNode | undefined
}

export function createDiscv4Core(options: Discv4CoreOptions): Discv4Core {
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
    externalEndpoint: (now) => context.votes.winner(now.monotonicMs),
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
          if (answer.type !== 'pong') context.failed(node)
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
