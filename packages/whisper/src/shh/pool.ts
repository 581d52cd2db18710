/**
 * The unexpired envelopes that this node knows, in order of arrival. Pure: time comes in as arguments.
 *
 * When it is full, the source (a peer, or this node itself) that has the largest share of it loses what is worth least:
 * each peer's quota is an equal share, and who floods the pool pushes out its own. The hash of what was pushed out is
 * remembered until it expires, so that it is not taken in, and sent on, again.
 *
 * Not here: whether an envelope may come in (acceptance), who knows which one (peers).
 */
import type { Envelope, EnvelopeHash } from '../envelope.ts'
import { leastWorth } from './eviction.ts'
import { EVICTION_SHARE, MAX_EVICTED_HASHES, MAX_POOL_BYTES, MAX_POOL_ENVELOPES } from './limits.ts'

/** One envelope in the pool. */
export interface PoolEntry {
  readonly envelope: Envelope
  readonly hash: EnvelopeHash
  /** What it weighs for peers' requirements. */
  readonly pow: number
  /** This node made it. */
  readonly own: boolean
  /** Grows with arrival; never given twice. */
  readonly sequence: number
  /** Small integer, free for another envelope once this one has gone: where `Marks` keep their bit. */
  readonly place: number
}

/** Whose envelope it is: a number per link, or `own`. Those of links that are down share one source. */
export type Source = number | 'own'

export type AddResult =
  | { readonly result: 'added'; readonly entry: PoolEntry; readonly evicted: readonly PoolEntry[] }
  | { readonly result: 'known'; readonly entry: PoolEntry }
  /** It was here and had to go, or is larger than the whole pool. */
  | { readonly result: 'unwanted' }

interface Kept extends PoolEntry {
  readonly key: string
  sequence: number
  source: Source | typeof GONE
  removed: boolean
}

/** The source of envelopes whose links are down: without it, many short links would make many sources to look through. */
const GONE = 'gone'

interface Owned {
  bytes: number
  /** In order of arrival. */
  readonly entries: Set<Kept>
}

export interface PoolLimits {
  readonly maxEnvelopes: number
  /** Of RLP. */
  readonly maxBytes: number
}

export class EnvelopePool {
  readonly #limits: PoolLimits
  /** By hash. BOUNDED by limits.maxEnvelopes and limits.maxBytes. */
  readonly #entries = new Map<string, Kept>()
  /** In order of arrival, with what has been removed still in it. BOUNDED: {@link #compact} keeps it below 2 * entries + 1,024, and maxBytes / 8 of what is gone. */
  #log: Kept[] = []
  /** Of RLP, of what has been removed and is still in the log. */
  #goneBytes = 0
  /** BOUNDED by the links that are up, and two. */
  readonly #sources = new Map<Source | typeof GONE, Owned>()
  /** By second of expiry. BOUNDED as the entries are. */
  readonly #expiring = new Map<number, Set<Kept>>()
  /** Hash to second of expiry. BOUNDED by MAX_EVICTED_HASHES, the oldest goes first. */
  readonly #evicted = new Map<string, number>()
  /**
   * Goes on where it was, and nothing is left behind it. To begin anew each time is to step over all that has been deleted
   * at the front since the map was last tidied up: tens of thousands for each that is evicted.
   */
  #oldestEvicted: Iterator<string, undefined> = this.#evicted.keys()
  /** Places given back. BOUNDED by limits.maxEnvelopes + 1. */
  readonly #freePlaces: number[] = []
  #nextPlace = 0
  #nextSequence = 1
  #bytes = 0

  constructor(limits: Partial<PoolLimits> = {}) {
    this.#limits = { maxEnvelopes: MAX_POOL_ENVELOPES, maxBytes: MAX_POOL_BYTES, ...limits }
  }

  get size(): number {
    return this.#entries.size
  }

  /** Of RLP. */
  get bytes(): number {
    return this.#bytes
  }

  /** Hashes that are remembered without their envelopes. */
  get evictedHashes(): number {
    return this.#evicted.size
  }

  /** Entries that are held on to, those that have gone and not been swept up yet among them. */
  get held(): number {
    return this.#log.length
  }

  get(hash: EnvelopeHash): PoolEntry | undefined {
    return this.#entries.get(keyOf(hash))
  }

  /**
   * The envelope is kept as it is: detach it from its packet first. `held`: known, but not among those that
   * {@link from} gives until it is {@link release}d.
   */
  add(
    item: Pick<PoolEntry, 'envelope' | 'hash' | 'pow'>,
    source: Source,
    nowUnixSeconds: number,
    held = false,
  ): AddResult {
    const key = keyOf(item.hash)
    const known = this.#entries.get(key)
    if (known) return { result: 'known', entry: known }
    if (this.#evicted.has(key) || item.envelope.rlp.length > this.#limits.maxBytes)
      return { result: 'unwanted' }
    const { envelope, hash, pow } = item
    const entry: Kept = {
      envelope, // field by field: a spread is 30 times as slow, and this is the busiest place of a relay
      hash,
      pow,
      key,
      source,
      own: source === 'own',
      removed: false,
      place: this.#freePlaces.pop() ?? this.#nextPlace++,
      sequence: 0,
    }
    this.#insert(entry)
    if (!held) this.#append(entry)
    return { result: 'added', entry, evicted: this.#evictDownToLimits(nowUnixSeconds) }
  }

  /** Puts what was held in its place: it counts as having arrived now. What has gone meanwhile stays away. */
  release(entry: PoolEntry): void {
    const kept = this.#entries.get(keyOf(entry.hash))
    if (kept === entry && kept.sequence === 0) this.#append(kept)
  }

  /** Removes all that expired before `nowUnixSeconds`. In its last second an envelope still lives. */
  expire(nowUnixSeconds: number): readonly PoolEntry[] {
    const expired: Kept[] = []
    for (const [second, entries] of this.#expiring)
      if (second < nowUnixSeconds) for (const entry of entries) expired.push(entry)
    for (const entry of expired) this.#remove(entry)
    for (const [key, second] of this.#evicted) if (second < nowUnixSeconds) this.#evicted.delete(key)
    return expired
  }

  /** Entries from this sequence on, in order of arrival. Removing while iterating is fine. */
  *from(sequence: number): Generator<PoolEntry, void, undefined> {
    const log = this.#log
    for (let i = firstAtOrAfter(log, sequence); i < log.length; i++) {
      const entry = log[i] as Kept
      if (!entry.removed) yield entry
    }
  }

  /** The link is down. Its envelopes stay; they count as those of all links that have gone. */
  disown(source: Source): void {
    const owned = this.#sources.get(source)
    this.#sources.delete(source)
    for (const entry of owned?.entries ?? []) {
      entry.source = GONE
      this.#own(entry)
    }
  }

  #insert(entry: Kept): void {
    this.#entries.set(entry.key, entry)
    this.#bytes += entry.envelope.rlp.length
    const expiry = entry.envelope.expiryUnixSeconds
    const expiring = this.#expiring.get(expiry)
    if (expiring) expiring.add(entry)
    else this.#expiring.set(expiry, new Set([entry]))
    this.#own(entry)
  }

  #append(entry: Kept): void {
    entry.sequence = this.#nextSequence++
    this.#log.push(entry)
  }

  #own(entry: Kept): void {
    const owned = this.#sources.get(entry.source) ?? { bytes: 0, entries: new Set() }
    this.#sources.set(entry.source, owned)
    owned.entries.add(entry)
    owned.bytes += entry.envelope.rlp.length
  }

  #remove(entry: Kept): void {
    entry.removed = true
    this.#entries.delete(entry.key)
    this.#bytes -= entry.envelope.rlp.length
    this.#freePlaces.push(entry.place)
    const expiring = this.#expiring.get(entry.envelope.expiryUnixSeconds)
    expiring?.delete(entry)
    if (expiring?.size === 0) this.#expiring.delete(entry.envelope.expiryUnixSeconds)
    const owned = this.#sources.get(entry.source)
    if (owned) {
      owned.entries.delete(entry)
      owned.bytes -= entry.envelope.rlp.length
      if (owned.entries.size === 0) this.#sources.delete(entry.source)
    }
    if (entry.sequence !== 0) this.#goneBytes += entry.envelope.rlp.length
    // By bytes too: 1,024 envelopes of 1 MB would be many times the pool.
    if (this.#log.length > 2 * this.#entries.size + 1024 || this.#goneBytes > this.#limits.maxBytes / 8)
      this.#compact()
  }

  #compact(): void {
    this.#log = this.#log.filter((entry) => !entry.removed)
    this.#goneBytes = 0
  }

  #evictDownToLimits(nowUnixSeconds: number): readonly PoolEntry[] {
    const evicted: PoolEntry[] = []
    const { maxEnvelopes, maxBytes } = this.#limits
    while (this.#entries.size > maxEnvelopes || this.#bytes > maxBytes) {
      const { entries } = this.#largestSource()
      // Some at once, as finding them costs a look at all; but never most of what a source has.
      const count = Math.min(Math.floor(maxEnvelopes * EVICTION_SHARE), entries.size >> 3)
      for (const entry of leastWorth(entries, Math.max(1, count), nowUnixSeconds)) {
        this.#remove(entry)
        this.#rememberEvicted(entry)
        evicted.push(entry)
      }
    }
    return evicted
  }

  #largestSource(): Owned {
    let largest: Owned = { bytes: 0, entries: new Set() }
    for (const owned of this.#sources.values())
      if (this.#shareOf(owned) > this.#shareOf(largest)) largest = owned
    return largest
  }

  /** Of the limit that it uses up most of: many small envelopes are as much of a burden as few large ones. */
  #shareOf({ bytes, entries }: Owned): number {
    return Math.max(bytes / this.#limits.maxBytes, entries.size / this.#limits.maxEnvelopes)
  }

  #rememberEvicted(entry: Kept): void {
    this.#evicted.set(entry.key, entry.envelope.expiryUnixSeconds)
    if (this.#evicted.size > MAX_EVICTED_HASHES) this.#forgetOldestEvicted()
  }

  #forgetOldestEvicted(): void {
    let oldest = this.#oldestEvicted.next()
    if (oldest.done) {
      this.#oldestEvicted = this.#evicted.keys() // one that has seen the end is of no more use
      oldest = this.#oldestEvicted.next()
    }
    if (!oldest.done) this.#evicted.delete(oldest.value)
  }
}

function firstAtOrAfter(log: readonly PoolEntry[], sequence: number): number {
  let [low, high] = [0, log.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((log[middle] as PoolEntry).sequence < sequence) low = middle + 1
    else high = middle
  }
  return low
}

/** Two bytes a character, all in one call: to put it together from pieces takes ten times as long. */
function keyOf(hash: EnvelopeHash): string {
  return String.fromCharCode(
    pair(hash, 0),
    pair(hash, 2),
    pair(hash, 4),
    pair(hash, 6),
    pair(hash, 8),
    pair(hash, 10),
    pair(hash, 12),
    pair(hash, 14),
    pair(hash, 16),
    pair(hash, 18),
    pair(hash, 20),
    pair(hash, 22),
    pair(hash, 24),
    pair(hash, 26),
    pair(hash, 28),
    pair(hash, 30),
  )
}

function pair(hash: EnvelopeHash, at: number): number {
  return (hash[at] as number) | ((hash[at + 1] as number) << 8)
}
