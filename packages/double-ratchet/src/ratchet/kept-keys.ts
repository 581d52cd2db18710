/**
 * Message keys that are still needed: of messages that were skipped and may come, and of messages that were read but
 * not yet confirmed as processed.
 *
 * BOUNDED by number and by age, oldest first out; see {@link MAX_KEPT_KEYS} and {@link MAX_KEY_AGE}.
 */
import { equal } from '@status-protocol/bytes'
import type { RatchetHeader } from './header.ts'

/** Messages that one gap may skip. A gap of 1,001 is refused, as the clients do: each skipped key is work and memory. */
export const MAX_SKIPPED_KEYS = 1_000
/** Keys that a session keeps (64 kB of them): what the clients keep. */
export const MAX_KEPT_KEYS = 2_000
/** A key goes as soon as this many were derived from it on, itself included, however few are kept. */
export const MAX_KEY_AGE = 3_000

export interface KeptKey {
  /** The sender's ratchet key of that chain; empty in a chain before the first ratchet step. */
  readonly ratchetKey: Uint8Array
  /** Number of the message in its chain. */
  readonly n: number
  /** Running number of all keys that the session derived for reading. */
  readonly seq: number
  readonly messageKey: Uint8Array
}

export function findKeptKey(
  kept: readonly KeptKey[],
  { key, n }: Pick<RatchetHeader, 'key' | 'n'>,
): KeptKey | undefined {
  for (let i = kept.length - 1; i >= 0; i--) {
    const candidate = kept[i] as KeptKey
    if (candidate.n === n && equal(candidate.ratchetKey, key)) return candidate
  }
  return undefined
}

/** `kept` and the new ones, without those that are too many or too old. `keysCount`: keys derived, the new ones included. */
export function keepKeys(
  kept: readonly KeptKey[],
  fresh: readonly KeptKey[],
  keysCount: number,
): readonly KeptKey[] {
  const all = kept.concat(fresh)
  const oldest = keysCount - MAX_KEY_AGE
  let from = Math.max(0, all.length - MAX_KEPT_KEYS)
  while (from < all.length && (all[from] as KeptKey).seq <= oldest) from++
  return from === 0 ? all : all.slice(from)
}

export function withoutKey(
  kept: readonly KeptKey[],
  header: Pick<RatchetHeader, 'key' | 'n'>,
): readonly KeptKey[] {
  const gone = findKeptKey(kept, header)
  return gone ? kept.filter((candidate) => candidate !== gone) : kept
}
