/** What this node knows about one peer. Pure data and rules; the connection itself is the session's. */
import { type Bloom, bloomMatches, bloomMatchesTopic } from '../bloom.ts'
import type { envelopeErrorCodes } from '../packets/message-response.ts'
import type { RateLimits } from '../packets/rate-limits.ts'
import type { Status } from '../packets/status.ts'
import { Marks } from './marks.ts'
import type { PoolEntry } from './pool.ts'

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
  /** Envelopes that it sent us or that we sent it. */
  readonly known: Marks
  /** All envelopes before this one have been offered to it, or are not for it as it is now. */
  nextSequence: number
  /** It wants more than before: the pool has to be gone through again, but not before this time (monotonic). */
  rescan: boolean
  rescanNotBeforeMs: number
}

export function peerFrom(
  link: { readonly id: number; readonly nodeId: Uint8Array; readonly maxPacketBytes: number },
  status: Status,
): Peer {
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
    known: new Marks(),
    nextSequence: 0,
    rescan: false,
    rescanNotBeforeMs: Number.NEGATIVE_INFINITY,
  }
}

/** Whether the peer takes such an envelope. */
export function wants(
  peer: Pick<Peer, 'minPow' | 'bloom'>,
  entry: Pick<PoolEntry, 'pow' | 'envelope'>,
): boolean {
  return entry.pow >= peer.minPow && bloomMatchesTopic(peer.bloom, entry.envelope.topic)
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
