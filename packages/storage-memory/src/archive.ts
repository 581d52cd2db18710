import { compare, equal, toHex } from '@status-protocol/bytes'
import { type ArchiveMatch, cursorOf, type EnvelopeArchive } from '@status-protocol/mailserver'
import {
  bloomMatchesTopic,
  detachEnvelope,
  type Envelope,
  envelopeHash,
  sentUnixSeconds,
} from '@status-protocol/whisper'

/**
 * An {@link EnvelopeArchive} that lives as long as its process; for tests and for trying a mailserver out.
 * UNBOUNDED: whoever runs it prunes it. A query looks at every envelope of its time range until its limit is reached.
 */
export function createMemoryArchive(): EnvelopeArchive {
  /** Ascending by cursor. */
  let entries: Entry[] = []
  let bytes = 0
  const known = new Set<string>()

  return {
    async putBatch(envelopes) {
      let stored = 0
      for (const envelope of envelopes) {
        const id = toHex(envelopeHash(envelope))
        if (known.has(id)) continue
        known.add(id)
        const entry = { cursor: cursorOf(envelope), envelope: detachEnvelope(envelope) }
        entries.splice(firstAfter(entries, entry.cursor), 0, entry)
        bytes += envelope.rlp.length
        stored++
      }
      return { stored, known: envelopes.length - stored }
    },

    async *query({ fromUnixSeconds, toUnixSeconds, limit, after, match }, signal) {
      const found: Envelope[] = []
      for (
        let i = firstOf(entries, fromUnixSeconds, after);
        i < entries.length && found.length < limit;
        i++
      ) {
        const { envelope } = entries[i] as Entry
        if (sentUnixSeconds(envelope) > toUnixSeconds) break
        if (matches(match, envelope)) found.push(envelope)
      }
      for (const envelope of found) {
        if (signal.aborted) return
        yield envelope
      }
    },

    async *digest(fromUnixSeconds, toUnixSeconds, bucketSeconds) {
      const buckets = new Map<number, { count: number; hash: Uint8Array }>()
      for (const { envelope } of entries) {
        if (!isBetween(envelope, fromUnixSeconds, toUnixSeconds)) continue
        const start =
          fromUnixSeconds +
          Math.floor((sentUnixSeconds(envelope) - fromUnixSeconds) / bucketSeconds) * bucketSeconds
        const bucket = buckets.get(start) ?? { count: 0, hash: new Uint8Array(32) }
        buckets.set(start, { count: bucket.count + 1, hash: xor(bucket.hash, envelopeHash(envelope)) })
      }
      for (const [start, { count, hash }] of buckets) yield { start, count, hash }
    },

    async prune(rule) {
      const keep =
        'maxBytes' in rule ? newestWithin(entries, rule.maxBytes) : sentFrom(entries, rule.beforeUnixSeconds)
      const deleted = entries.length - keep.length
      for (const { envelope } of entries.slice(0, deleted)) {
        known.delete(toHex(envelopeHash(envelope)))
        bytes -= envelope.rlp.length
      }
      entries = keep
      return deleted
    },

    async size() {
      return { envelopes: entries.length, bytes }
    },
  }
}

interface Entry {
  readonly cursor: Uint8Array
  readonly envelope: Envelope
}

/** Where a query begins: the first envelope of the range, or the one after the cursor if that is later. */
function firstOf(entries: readonly Entry[], fromUnixSeconds: number, after: Uint8Array | undefined): number {
  const before = new Uint8Array(4)
  new DataView(before.buffer).setUint32(0, Math.min(Math.max(0, fromUnixSeconds), 0xffff_ffff))
  return firstAfter(entries, after !== undefined && compare(after, before) > 0 ? after : before)
}

function firstAfter(entries: readonly Entry[], cursor: Uint8Array): number {
  let [low, high] = [0, entries.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compare((entries[middle] as Entry).cursor, cursor) <= 0) low = middle + 1
    else high = middle
  }
  return low
}

function isBetween(envelope: Envelope, from: number, to: number): boolean {
  const sent = sentUnixSeconds(envelope)
  return sent >= from && sent <= to
}

function matches(match: ArchiveMatch, { topic }: Envelope): boolean {
  if ('bloom' in match) return bloomMatchesTopic(match.bloom, topic)
  return match.topics.some((wanted) => equal(wanted, topic))
}

function sentFrom(entries: readonly Entry[], beforeUnixSeconds: number): Entry[] {
  return entries.filter(({ envelope }) => sentUnixSeconds(envelope) >= beforeUnixSeconds)
}

function newestWithin(entries: readonly Entry[], maxBytes: number): Entry[] {
  let [bytes, first] = [0, entries.length]
  while (first > 0) {
    bytes += (entries[first - 1] as Entry).envelope.rlp.length
    if (bytes > maxBytes) break
    first--
  }
  return entries.slice(first)
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, i) => byte ^ (b[i] as number))
}
