/** What happens to envelopes, one event a step, for those who look for a lost message. */
import type { RefusalReason } from '../acceptance.ts'
import type { EnvelopeHash } from '../envelope.ts'

/** One step of one envelope. Says nothing about what is inside. */
export interface EnvelopeTrace {
  readonly hash: EnvelopeHash
  /**
   * - `received`: it came in a packet of this peer
   * - `known`: the pool had it, or had to drop it before
   * - `accepted`: it is in the pool; without a peer: this node made it
   * - `refused`: this node does not take it, and tells the peer the reason
   * - `expired`: it came too late, or, without a peer, its time in the pool has passed
   * - `evicted`: the pool was full
   * - `sent`: this peer's link has taken it
   * - `confirmed`: own only; this peer has it
   * - `declined`: own only; this peer does not take it. The reason is the peer's own words, of up to 512 bytes
   */
  readonly what:
    | 'received'
    | 'known'
    | 'accepted'
    | 'refused'
    | 'expired'
    | 'evicted'
    | 'sent'
    | 'confirmed'
    | 'declined'
  /** 64 bytes. */
  readonly peerId?: Uint8Array
  readonly reason?: RefusalReason | (string & {})
}

/** Called for every step while it happens; must not throw or change what it is given. What it takes the relay waits for. */
export type TraceEnvelope = (event: EnvelopeTrace) => void
