/** What this node knows about one peer. Pure data and rules; the connection itself is the session's. */
import { type Bloom, bloomMatches, bloomMatchesTopic } from '../bloom.ts'
import type { envelopeErrorCodes } from '../packets/message-response.ts'
import type { RateLimits } from '../packets/rate-limits.ts'
import type { Status } from '../packets/status.ts'
import { olderPowOf } from '../pow.ts'
import { Marks } from './marks.ts'
import { Pace } from './pace.ts'
import type { PoolEntry } from './pool.ts'
import type { LinkRate } from './rate-limiter.ts'

/** One link's peer after the handshake. */
export interface Peer {
  /** Names the link: never given twice by one node. */
  readonly id: number
  /** 64 bytes. */
  readonly nodeId: Uint8Array
  /** Largest messages packet for it, in bytes. */
  readonly maxPacketBytes: number
  readonly lightNode: boolean
  /** It answers messages packets with packets 12 and 11. */
  readonly confirmations: boolean
  /** Which error codes it knows: nodes of 0.36, and geth, say nothing of rate limits. */
  readonly generation: keyof typeof envelopeErrorCodes
  minPow: number
  /** Undefined: everything. */
  bloom: Bloom | undefined
  rateLimits: RateLimits | undefined
  /** Keeps us below them. */
  readonly pace: Pace
  /** What it may send us. */
  readonly rate: LinkRate
  /** The operator says that it weighs by the rule of geth 1.8: what has enough work by that is taken from it. */
  olderPow: boolean
  /** Envelopes that it sent us or that we sent it. */
  readonly known: Marks
  /** All envelopes before this one have been offered to it, or are not for it as it is now. */
  nextSequence: number
  /** It wants more than before: the pool has to be gone through again, but not before this time (monotonic). */
  rescan: boolean
  rescanNotBeforeMs: number
}

/** Its link, as far as the rules depend on it. */
export interface PeerLink extends Pick<Peer, 'id' | 'nodeId' | 'maxPacketBytes'> {
  /** Literal address the peer is seen at. */
  readonly ip?: string
  readonly olderPow?: boolean
}

export function peerFrom(link: Omit<PeerLink, 'ip'> & Pick<Peer, 'rate'>, status: Status): Peer {
  return {
    id: link.id,
    nodeId: link.nodeId,
    maxPacketBytes: link.maxPacketBytes,
    lightNode: status.lightNode,
    confirmations: status.confirmations,
    generation: status.rateLimits ? 'v055' : 'v036',
    minPow: status.minPow,
    bloom: status.bloom,
    rateLimits: status.rateLimits,
    pace: new Pace(status.rateLimits),
    rate: link.rate,
    olderPow: link.olderPow ?? false,
    known: new Marks(),
    nextSequence: 0,
    rescan: false,
    rescanNotBeforeMs: Number.NEGATIVE_INFINITY,
  }
}

/**
 * Whether the peer takes such an envelope. Nobody is sent what is below its requirement by the current rule, and who weighs
 * by the older one nothing that is below it by that: geth ends the link of whoever does so.
 */
export function wants(
  peer: Pick<Peer, 'minPow' | 'bloom' | 'olderPow'>,
  entry: Pick<PoolEntry, 'pow' | 'envelope'>,
): boolean {
  if (entry.pow < peer.minPow || !bloomMatchesTopic(peer.bloom, entry.envelope.topic)) return false
  return !peer.olderPow || olderPowOf(entry.envelope) >= peer.minPow
}

/** Packet 20. */
export function setRateLimits(peer: Peer, rateLimits: RateLimits): void {
  peer.rateLimits = rateLimits
  peer.pace.set(rateLimits)
}

/** Packet 2. Envelopes that were below the requirement before have another chance. */
export function setMinPow(peer: Peer, minPow: number): void {
  if (minPow < peer.minPow) peer.rescan = true
  peer.minPow = minPow
}

/** Packet 3. Envelopes that the filter before did not let through have another chance. */
export function setBloom(peer: Peer, bloom: Bloom): void {
  if (!bloomMatches(peer.bloom, bloom)) peer.rescan = true
  peer.bloom = bloom
}
