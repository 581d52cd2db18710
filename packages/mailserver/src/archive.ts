import type { Bloom, Envelope, Topic } from '@status-protocol/whisper'

/** timestamp(4, big endian) || envelope hash(32): the place of an envelope in an archive, and the cursor of a page. */
export const CURSOR_BYTES = 36

/** What a query wants to see. */
export type ArchiveMatch = { readonly topics: readonly Topic[] } | { readonly bloom: Bloom }

export interface ArchiveQuery {
  /** Inclusive bounds of the time of sending (expiry - ttl), unix seconds. */
  readonly fromUnixSeconds: number
  readonly toUnixSeconds: number
  /** At most this many envelopes. */
  readonly limit: number
  /** Only what comes after this {@link CURSOR_BYTES}-byte cursor, itself excluded. */
  readonly after?: Uint8Array
  readonly match: ArchiveMatch
}

/** What one stretch of time holds, to compare two archives without their envelopes. */
export interface ArchiveDigest {
  /** First second of the bucket. */
  readonly start: number
  readonly count: number
  /** 32 bytes: XOR of the hashes of all its envelopes, so that order and repetition do not matter. */
  readonly hash: Uint8Array
}

/**
 * Where a mailserver keeps envelopes, oldest first (cursor order: time of sending, then hash). One envelope is kept
 * once. Unencrypted: envelopes are.
 */
export interface EnvelopeArchive {
  /** Durable when it resolves. Envelopes that are there already count as `known`. */
  putBatch(envelopes: readonly Envelope[]): Promise<{ readonly stored: number; readonly known: number }>
  /** Ends early, without an error, when the signal fires. */
  query(query: ArchiveQuery, signal: AbortSignal): AsyncIterable<Envelope>
  /** Buckets of `bucketSeconds` from `fromUnixSeconds` to `toUnixSeconds` (inclusive); empty ones are left out. */
  digest(fromUnixSeconds: number, toUnixSeconds: number, bucketSeconds: number): AsyncIterable<ArchiveDigest>
  /** How many envelopes were deleted: the oldest until the rest fits, or all sent before the second given. */
  prune(rule: PruneRule): Promise<number>
  /** What is kept right now. */
  size(): Promise<ArchiveSize>
}

/** All sent before this second; or the oldest, until the RLP of the rest has at most so many bytes. */
export type PruneRule = { readonly beforeUnixSeconds: number } | { readonly maxBytes: number }

export interface ArchiveSize {
  readonly envelopes: number
  /** Of the envelopes' RLP; a store needs more. */
  readonly bytes: number
}
