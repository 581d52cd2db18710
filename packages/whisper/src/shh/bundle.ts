/** What to send a peer next. Pure: nothing changes until the link has taken the packet. */
import { BUNDLE_MAX_ENVELOPES, BUNDLE_TARGET_BYTES, RESCAN_INTERVAL_MS, SCAN_PER_TURN } from './limits.ts'
import { type Peer, wants } from './peer.ts'
import type { EnvelopePool, PoolEntry } from './pool.ts'

/** The next messages packet for a peer. */
export interface Bundle {
  /** In order of arrival. Empty: nothing for it among those looked at. */
  readonly entries: readonly PoolEntry[]
  /** Where to go on once the link has taken it. */
  readonly nextSequence: number
  /** There may be more: ask again. */
  readonly more: boolean
}

/** List header of a packet of up to 2^24 - 1 bytes. */
const LIST_HEADER_BYTES = 4

/**
 * Envelopes that the peer does not know, that reach its requirement and pass its filter, in one packet that is never
 * larger than the peer takes. One that would not fit into a packet of its own is passed over, and, by a node that does not
 * forward, every one that it did not make itself.
 */
export function nextBundle(
  peer: Peer,
  pool: EnvelopePool,
  nowUnixSeconds: number,
  forwards: boolean,
): Bundle {
  const entries: PoolEntry[] = []
  let [bytes, looked, nextSequence] = [LIST_HEADER_BYTES, 0, peer.nextSequence]
  for (const entry of pool.from(peer.nextSequence)) {
    if (looked++ >= SCAN_PER_TURN || entries.length >= BUNDLE_MAX_ENVELOPES)
      return { entries, nextSequence, more: true }
    if ((forwards || entry.own) && isFor(peer, entry, nowUnixSeconds)) {
      const length = entry.envelope.rlp.length
      const room = (entries.length === 0 ? peer.maxPacketBytes : targetBytes(peer)) - bytes
      if (length > room && entries.length > 0) return { entries, nextSequence, more: true }
      if (length <= room) {
        entries.push(entry)
        bytes += length
      }
    }
    nextSequence = entry.sequence + 1
  }
  return { entries, nextSequence, more: false }
}

/** The link has taken the packet, or there was nothing to take. */
export function bundleTaken(peer: Peer, bundle: Bundle): void {
  for (const entry of bundle.entries) peer.known.add(entry.place)
  peer.nextSequence = bundle.nextSequence
}

/**
 * Starts over if the peer wants more than before. Returns how long that has to wait, as a peer may not make us go through
 * the pool at will; undefined if there is nothing to wait for.
 */
export function startRescan(peer: Peer, nowMs: number): number | undefined {
  if (!peer.rescan) return undefined
  const waitMs = peer.rescanNotBeforeMs - nowMs
  if (waitMs > 0) return waitMs
  peer.rescan = false
  peer.rescanNotBeforeMs = nowMs + RESCAN_INTERVAL_MS
  peer.nextSequence = 0
  return undefined
}

function isFor(peer: Peer, entry: PoolEntry, nowUnixSeconds: number): boolean {
  return (
    !peer.known.has(entry.place) && entry.envelope.expiryUnixSeconds >= nowUnixSeconds && wants(peer, entry)
  )
}

function targetBytes(peer: Peer): number {
  return Math.min(peer.maxPacketBytes, BUNDLE_TARGET_BYTES)
}
