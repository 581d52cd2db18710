/**
 * Whether a node takes an envelope from a peer: clock, size, proof of work, bloom filter, in the reference's order.
 * Whether it has the envelope already is the pool's business.
 */
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import { type Bloom, bloomMatchesTopic } from './bloom.ts'
import { type Envelope, envelopeSize, sentUnixSeconds } from './envelope.ts'
import { MAX_MESSAGE_BYTES, SYNC_ALLOWANCE_SECONDS } from './limits.ts'
import { olderPowOf, powOf } from './pow.ts'

export interface AcceptancePolicy {
  /** The node's own idea of the time, corrected if it is. */
  readonly nowUnixSeconds: number
  /** Least proof of work. While a raised requirement is still spreading to the peers: the one before. */
  readonly minPow: number
  /**
   * An envelope passes if one of them lets its topic through: the node's filter and, while a change is still spreading,
   * the one before. Left out or empty: everything passes.
   */
  readonly blooms?: readonly Bloom[]
  /** Default 1 MiB. Counts 20 + data bytes. */
  readonly maxMessageBytes?: number
  /** If given, a TTL of 0 (whose proof of work is infinite) and one above this are refused. The reference takes all. */
  readonly maxTtlSeconds?: number
  /** Weigh by the rule of geth 1.8. Default: the current one. */
  readonly olderPowRule?: boolean
  /** Work that reaches `minPow` by the rule of geth 1.8 is enough; the verdict still tells its weight by the current one. */
  readonly olderPowSuffices?: boolean
  readonly crypto?: CryptoProvider
}

export type RefusalReason =
  | 'from-future'
  | 'very-old'
  | 'ttl-out-of-range'
  | 'too-large'
  | 'low-pow'
  | 'bloom-mismatch'
  /** Not a verdict of {@link judgeEnvelope}: the node's, for a peer that sends more of one topic than it takes. */
  | 'topic-limit'

export type Verdict =
  | { readonly verdict: 'accepted'; readonly pow: number }
  /** Expired 1 - 20 seconds ago: nobody's fault, not reported, not kept. */
  | { readonly verdict: 'expired' }
  /** Reported to the peer in packet 12; no reason to disconnect. */
  | { readonly verdict: 'refused'; readonly reason: RefusalReason }

/** What the reference says of each refusal to the peer, as a prefix; `ttl-out-of-range` and `topic-limit` are ours. */
export const REFUSAL_TEXTS: Readonly<Record<RefusalReason, string>> = {
  'from-future': 'envelope from future',
  'very-old': 'very old envelope',
  'ttl-out-of-range': 'envelope with a time to live out of range',
  'too-large': 'huge messages are not allowed',
  'low-pow': 'envelope with low PoW received',
  'bloom-mismatch': 'envelope does not match bloom filter',
  'topic-limit': 'envelope exceeds the rate limit of its topic',
}

/** Pure; one hash, and only if clock and size are right. */
export function judgeEnvelope(envelope: Envelope, policy: AcceptancePolicy): Verdict {
  const now = policy.nowUnixSeconds >>> 0
  const sent = sentUnixSeconds(envelope)
  if (sent > now && (sent - SYNC_ALLOWANCE_SECONDS) >>> 0 > now) return refused('from-future')
  if (envelope.expiryUnixSeconds < now) {
    const forgivenUntil = (envelope.expiryUnixSeconds + 2 * SYNC_ALLOWANCE_SECONDS) >>> 0
    return forgivenUntil < now ? refused('very-old') : EXPIRED
  }
  if (!ttlInRange(envelope.ttlSeconds, policy.maxTtlSeconds)) return refused('ttl-out-of-range')
  if (envelopeSize(envelope) > (policy.maxMessageBytes ?? MAX_MESSAGE_BYTES)) return refused('too-large')
  const extraTtlSeconds = sent > now ? sent - now + 1 : 0
  const pow = weighedPow(envelope, extraTtlSeconds, policy)
  if (pow < policy.minPow && !olderPowSuffices(envelope, extraTtlSeconds, policy)) return refused('low-pow')
  if (!passesBloom(envelope, policy.blooms)) return refused('bloom-mismatch')
  return { verdict: 'accepted', pow }
}

/** An envelope from the future lives longer than its TTL says, so its work is spread thinner; one second for latency. */
function weighedPow(envelope: Envelope, extraTtlSeconds: number, policy: AcceptancePolicy): number {
  const { crypto = defaultProvider, olderPowRule = false } = policy
  return (olderPowRule ? olderPowOf : powOf)(envelope, { crypto, extraTtlSeconds })
}

function olderPowSuffices(envelope: Envelope, extraTtlSeconds: number, policy: AcceptancePolicy): boolean {
  const { crypto = defaultProvider, minPow } = policy
  return policy.olderPowSuffices === true && olderPowOf(envelope, { crypto, extraTtlSeconds }) >= minPow
}

function ttlInRange(ttlSeconds: number, max: number | undefined): boolean {
  return max === undefined || (ttlSeconds > 0 && ttlSeconds <= max)
}

function passesBloom(envelope: Envelope, blooms: readonly Bloom[] | undefined): boolean {
  if (blooms === undefined || blooms.length === 0) return true
  return blooms.some((bloom) => bloomMatchesTopic(bloom, envelope.topic))
}

const EXPIRED: Verdict = { verdict: 'expired' }

function refused(reason: RefusalReason): Verdict {
  return { verdict: 'refused', reason }
}
