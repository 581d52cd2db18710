/** What a pool is given and what it can do. */
import type { Random, Storage } from '@status-protocol/ports'
import type { DiscoveredNode, Discovery } from '../discovery.ts'
import type { Host } from '../host/api.ts'
import type { HostClock } from '../host/host-clock.ts'
import type { Wanted } from './choice.ts'

export interface PeerPoolOptions {
  readonly host: Host
  /** Links wanted for each role, `{ relay: 5, mailserver: 1 }`. Any peer counts as `relay`. */
  readonly wanted: Wanted
  readonly discoveries: readonly Discovery[]
  /** Keeps good peers over a restart. */
  readonly storage?: Storage
  /**
   * Lists and records may name addresses in local networks and on this machine. Default false: only static lists and
   * neighbours in the same network may.
   */
  readonly allowLocal?: boolean
  readonly limits?: Partial<PeerPoolLimits>
  /** Choice of candidates; may be seeded. */
  readonly random?: Random
  readonly clock?: HostClock
}

export interface PeerPoolLimits {
  /** Dials of the pool at the same time. */
  readonly maxDials: number
  /** A peer that could not be reached is left alone for this long, doubled for each failure in a row. */
  readonly backoffMs: number
  readonly maxBackoffMs: number
  /** A link that has lasted this long was a success. */
  readonly provenAfterMs: number
  /** With all that is wanted there, one of the random links gives way to another this often. 0: never. */
  readonly rotateMs: number
  /** A peer whose reputation has sunk to -100 is banned for this long. */
  readonly banMs: number
  /** Peers that are kept over a restart, the best. */
  readonly maxStored: number
  /** Candidates that are looked for beyond those that are missing. */
  readonly spareCandidates: number
}

export const defaultPeerPoolLimits: PeerPoolLimits = {
  maxDials: 4,
  backoffMs: 60_000,
  maxBackoffMs: 3_600_000,
  provenAfterMs: 60_000,
  rotateMs: 1_800_000,
  banMs: 3_600_000,
  maxStored: 200,
  spareCandidates: 8,
}

export interface PeerScore {
  readonly peerId: Uint8Array
  readonly enode: string
  readonly roles: readonly string[]
  readonly source: string
  readonly score: number
  readonly reputation: number
  readonly latencyMs: number
  readonly successes: number
  readonly failures: number
  /** Which kind of place it has, if it is up and was dialled by the pool. */
  readonly slot?: 'proven' | 'random'
}

export interface PoolStatus {
  /** Links that we dialled, static ones included, against those that are wanted. */
  readonly roles: Readonly<Record<string, { readonly wanted: number; readonly up: number }>>
  readonly known: number
  /** Sources are being asked. */
  readonly isSearching: boolean
}

export interface PeerPool {
  /** A candidate from elsewhere. */
  add(node: DiscoveredNode): void
  /**
   * How a peer behaves, as a subprotocol sees it: positive for what is useful, negative for what is not. The sum fades with a
   * half-life of an hour; at -100 the peer is banned.
   */
  report(peerId: Uint8Array, points: number, why: string): void
  status(): PoolStatus
  /** All that are known, the best first. */
  scores(): readonly PeerScore[]
  /** Stops dialling and searching, writes down who was good. Host and sources are the caller's to close. */
  close(): Promise<void>
}
