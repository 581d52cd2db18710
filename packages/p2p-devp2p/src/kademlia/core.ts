/** What both versions of discovery are for those who drive them: a machine of datagrams with a table of nodes. */
import type { CryptoProvider } from '@status-protocol/crypto'
import type { Random } from '@status-protocol/ports'
import type { Enode } from '../enode.ts'
import type { NodeRecord } from '../enr.ts'
import type { EndpointVotes } from '../nat/endpoint-votes.ts'
import type { UdpAddress } from '../udp.ts'
import type { FloodLimits } from './flood-gate.ts'
import type { TableNode } from './node.ts'
import type { NodeTable } from './node-table.ts'

export interface Now {
  readonly monotonicMs: number
  readonly wallMs: number
}

export type KademliaOutput =
  | { readonly type: 'send'; readonly to: UdpAddress; readonly bytes: Uint8Array }
  /** It has just answered at that address, or its record came. */
  | { readonly type: 'node'; readonly node: TableNode }

export interface KademliaCoreOptions {
  /** 32 bytes: this node's identity. */
  readonly nodeKey: Uint8Array
  readonly crypto: CryptoProvider
  /** Key-grade. */
  readonly random: Random
  /** Our own record; {@link KademliaCore.setRecord} replaces it. */
  readonly record: NodeRecord
  /** What Pings of version 4 say of us. */
  readonly endpoint: OwnEndpoint
  readonly flood?: Partial<FloodLimits> | undefined
  /** What others say that our address is; shared by those who share a socket. */
  readonly votes?: EndpointVotes
}

export interface OwnEndpoint {
  readonly ip?: string
  readonly udpPort: number
  readonly tcpPort: number
}

export interface DiscoveryCounts {
  readonly received: number
  readonly sent: number
  /** Not looked at: too many. */
  readonly flooded: number
  /** Not read: no packet of this protocol, wrong hash or signature, expired, our own. */
  readonly unreadable: number
  /** Answers to nothing that we asked, questions from endpoints that have proven nothing. */
  readonly unproven: number
}

/** What is remembered of others, for those who watch the memory. */
export interface DiscoverySizes {
  readonly requests: number
  /** Endpoints of which something is proven: of version 4 proofs, of version 5 sessions and challenges. */
  readonly proofs: number
  readonly nodes: number
}

export interface KademliaCore {
  readonly name: 'discv4' | 'discv5'
  readonly record: NodeRecord
  readonly table: Pick<NodeTable, 'all' | 'get' | 'closest' | 'filledBuckets'>
  readonly counts: DiscoveryCounts
  readonly sizes: DiscoverySizes
  /** Cheap: whether the datagram may be one of this protocol. */
  isMine(bytes: Uint8Array): boolean
  receive(bytes: Uint8Array, from: UdpAddress, now: Now): readonly KademliaOutput[]
  /** When {@link tick} has something to do. */
  wakeAtMs(): number | undefined
  tick(now: Now): readonly KademliaOutput[]
  /** Asks a node whether it is there. `done`: milliseconds until its answer, or undefined. */
  ping(node: TableNode, now: Now, done?: (rttMs: number | undefined) => void): readonly KademliaOutput[]
  /** Looks for the nodes that are closest to a 64-byte key. `start`: whom to ask if nobody is known. */
  lookup(
    target: Uint8Array,
    start: readonly TableNode[],
    now: Now,
    done: (nodes: readonly TableNode[]) => void,
  ): readonly KademliaOutput[]
  /** Asks a node for its current record. */
  requestRecord(
    node: TableNode,
    now: Now,
    done: (record: NodeRecord | undefined) => void,
  ): readonly KademliaOutput[]
  /** Checks whether one of the table is still there; who is not, goes. */
  revalidate(now: Now): readonly KademliaOutput[]
  setRecord(record: NodeRecord, endpoint: OwnEndpoint): void
  /** Undefined: it has no address for discovery. */
  nodeOf(enode: Enode): TableNode | undefined
}
