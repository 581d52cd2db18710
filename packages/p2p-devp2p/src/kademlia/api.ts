/** What discovery over UDP is given and what it can do. */
import type { CryptoProvider } from '@status-protocol/crypto'
import type { Random } from '@status-protocol/ports'
import type { DiscoveredNode, Discovery } from '../discovery.ts'
import type { NodeRecord } from '../enr.ts'
import type { HostClock } from '../host/host-clock.ts'
import type { UdpAddress, UdpTransport } from '../udp.ts'
import type { DiscoveryCounts, DiscoverySizes } from './core.ts'
import type { FloodLimits } from './flood-gate.ts'

/** Versions of the protocol: `v4` as go-ethereum has spoken it since 2015, `v5` is 5.1. */
export type DiscoveryVersion = 'v4' | 'v5'

export interface UdpDiscoveryOptions {
  /** 32 bytes: this node's identity, the same as the host's. */
  readonly nodeKey: Uint8Array
  /** `udpTransport()` of `@status-protocol/p2p-devp2p/node`, or another. */
  readonly udp: UdpTransport
  /** `host:port` to take packets on; port 0: any free one. */
  readonly listen: string
  /** Enode URLs or node records (`enr:...`) whom to ask while nobody else is known. */
  readonly bootnodes?: readonly string[]
  /** What others are told of us; {@link UdpDiscovery.advertise} changes it. */
  readonly advertise?: Advertised
  /** Further entries of our record, such as {@link rolesEntry}. */
  readonly entries?: readonly (readonly [key: string, rlp: Uint8Array])[]
  /** Networks (/24, /48) that have to agree on our address before it is believed; default 5. */
  readonly minVotes?: number
  readonly flood?: Partial<FloodLimits>
  /** Key-grade. */
  readonly random?: Random
  readonly clock?: HostClock
  readonly crypto?: CryptoProvider
}

export interface Advertised {
  /** Literal address; absent: what others see us at, once enough of them agree. */
  readonly ip?: string
  /** Where we take RLPx connections; absent or 0: nowhere. */
  readonly tcpPort?: number
  /** If the router maps another port than we listen on. */
  readonly udpPort?: number
  /** Other ways, URLs. */
  readonly via?: readonly string[]
}

export interface UdpDiscovery extends Discovery {
  /** Ours, as others get it. */
  readonly record: NodeRecord
  readonly enode: string
  /** The real one. */
  readonly listenAddress: UdpAddress
  /** Of all versions that are spoken. */
  readonly counts: DiscoveryCounts
  /** What is kept of others. */
  readonly sizes: DiscoverySizes
  /** All nodes of the tables; who is in two of them stands there twice. */
  nodes(): readonly DiscoveredNode[]
  /** The nodes that are closest to a peer id, at most 16, each of which has answered. */
  lookup(peerId: Uint8Array): Promise<readonly DiscoveredNode[]>
  /** Milliseconds until the first answer; undefined: none came. */
  ping(node: string): Promise<number | undefined>
  /** The current record of a node. */
  resolve(node: string): Promise<NodeRecord | undefined>
  /** Our address as others see it, if enough of them agree. */
  externalAddress(): UdpAddress | undefined
  /** Tells others something else from now on; the record gets a higher number. @throws P2pError `too-big`, `invalid-argument` */
  advertise(what: Advertised): void
}
