/** What to send a peer next. Pure: nothing changes until the link has taken the packet. */

import { topicNumber } from '../topic.ts'
import { BUNDLE_MAX_ENVELOPES, BUNDLE_TARGET_BYTES, RESCAN_INTERVAL_MS, SCAN_PER_TURN } from './limits.ts'
import type { Now } from './outputs.ts'
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
  /** Some would be for it, but not yet: the peer takes only so many of one topic a second. */
  readonly late: boolean
}

/** List header of a packet of up to 2^24 - 1 bytes. */
const LIST_HEADER_BYTES = 4

/**
 * Envelopes that the peer does not know, that reach its requirement and pass its filter, in one packet that is never
 * larger than the peer takes. One that would not fit into a packet of its own is passed over, and, by a node that does not
 * forward, every one that it did not make itself.
 */
export function nextBundle(peer: Peer, pool: EnvelopePool, now: Now, forwards: boolean): Bundle {
  const entries: PoolEntry[] = []
  const topics = peer.pace.hasTopicLimit ? new Map<number, number>() : undefined
  let [bytes, looked, nextSequence, late] = [LIST_HEADER_BYTES, 0, peer.nextSequence, false]
  for (const entry of pool.from(peer.nextSequence)) {
    if (looked++ >= SCAN_PER_TURN || entries.length >= BUNDLE_MAX_ENVELOPES)
      return { entries, nextSequence, more: true, late }
    if ((forwards || entry.own) && isFor(peer, entry, now.unixSeconds)) {
      const length = entry.envelope.rlp.length
      const room = (entries.length === 0 ? peer.maxPacketBytes : targetBytes(peer)) - bytes
      if (length > room && entries.length > 0) return { entries, nextSequence, more: true, late }
      if (topics && !hasRoom(peer, entry, topics, now)) late = true
      else if (length <= room) {
        entries.push(entry)
        bytes += length
      }
    }
    nextSequence = entry.sequence + 1
  }
  return { entries, nextSequence, more: false, late }
}

/** The link has taken the packet, or there was nothing to take. */
export function bundleTaken(peer: Peer, bundle: Bundle, nowMs: number): void {
  for (const entry of bundle.entries) peer.known.add(entry.place)
  if (peer.pace.hasTopicLimit)
    for (const entry of bundle.entries) peer.pace.sentTopic(entry.envelope.topic, nowMs)
  peer.nextSequence = bundle.nextSequence
  if (bundle.late) peer.rescan = true
}

/** Counts the envelope in if its topic's limit has room for it beside those in the bundle. */
function hasRoom(peer: Peer, { envelope }: PoolEntry, topics: Map<number, number>, now: Now): boolean {
  const number = topicNumber(envelope.topic)
  const count = topics.get(number) ?? 0
  if (count + 1 > peer.pace.room(envelope.topic, now.monotonicMs)) return false
  topics.set(number, count + 1)
  return true
}

/** How long a peer that wants more than before has to wait for it: it may not make us go through the pool at will. */
export function rescanWaitMs(peer: Peer, nowMs: number): number | undefined {
  return peer.rescan ? Math.max(0, peer.rescanNotBeforeMs - nowMs) : undefined
}

/** Starts over if that time has come. */
export function startRescan(peer: Peer, nowMs: number): void {
  if (rescanWaitMs(peer, nowMs) !== 0) return
  peer.rescan = false
  peer.rescanNotBeforeMs = nowMs + RESCAN_INTERVAL_MS
  peer.nextSequence = 0
}

function isFor(peer: Peer, entry: PoolEntry, nowUnixSeconds: number): boolean {
  return (
    !peer.known.has(entry.place) && entry.envelope.expiryUnixSeconds >= nowUnixSeconds && wants(peer, entry)
  )
}

function targetBytes(peer: Peer): number {
  return Math.min(peer.maxPacketBytes, BUNDLE_TARGET_BYTES)
}
