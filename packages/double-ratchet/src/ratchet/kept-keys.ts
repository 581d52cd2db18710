/**
 * Message keys that are still needed: of messages that were skipped and may come, and of messages that were read but
 * not yet confirmed as processed.
 *
 * BOUNDED by number and by age, in keys and in days, oldest first out; see {@link MAX_KEPT_KEYS}, {@link MAX_KEY_AGE}
 * and {@link MAX_KEY_DAYS}.
 */
import { equal } from '@status-protocol/bytes'
import type { RatchetHeader } from './header.ts'

/** Messages that one gap may skip. A gap of 1,001 is refused, as the clients do: each skipped key is work and memory. */
export const MAX_SKIPPED_KEYS = 1_000
/** Keys that a session keeps (64 kB of them): what the clients keep. */
export const MAX_KEPT_KEYS = 2_000
/** A key goes as soon as this many were derived from it on, itself included, however few are kept. */
export const MAX_KEY_AGE = 3_000
/** Days that a key is kept: as long as mailservers keep messages. What has not come by then will not come. */
export const MAX_KEY_DAYS = 30

export interface KeptKey {
  /** The sender's ratchet key of that chain; empty in a chain before the first ratchet step. */
  readonly ratchetKey: Uint8Array
  /** Number of the message in its chain. */
  readonly n: number
  /** Running number of all keys that the session derived for reading. */
  readonly seq: number
  /** Days from 1970 to the one on which it was derived; 0 if the time was not known. */
  readonly day: number
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

const DAY_MS = 86_400_000

/** 0 without a time. Beyond 65,535 (the year 2149) they are all the same. */
export function dayOf(nowMs: number | undefined): number {
  return nowMs === undefined ? 0 : Math.min(Math.max(0, Math.floor(nowMs / DAY_MS)), 0xffff)
}

/** The same list if none is too old. Keys of tomorrow (the clock went back) stay. */
export function withoutOldKeys(kept: readonly KeptKey[], today: number): readonly KeptKey[] {
  const isOld = ({ day }: KeptKey) => day !== 0 && today - day > MAX_KEY_DAYS
  return kept.some(isOld) ? kept.filter((key) => !isOld(key)) : kept
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
