/** Whether two archives hold the same, and what to do if not. */
import { toHex } from '@status-protocol/bytes'
import { type Envelope, fullBloom } from '@status-protocol/whisper'
import type { ArchiveDigest, EnvelopeArchive } from './archive.ts'
import { invalid } from './error.ts'

/** What an audit needs of either side; a whole archive has it. */
export type Auditable = Pick<EnvelopeArchive, 'digest' | 'query'>

export interface AuditOptions {
  /** Inclusive. */
  readonly fromUnixSeconds: number
  /** Inclusive. */
  readonly toUnixSeconds: number
  readonly signal?: AbortSignal
  /** Told of each day (its first second) that is compared now. */
  readonly progress?: (dayUnixSeconds: number) => void
}

/** A stretch in which the two differ. */
export interface Difference {
  /** First and last second. */
  readonly fromUnixSeconds: number
  readonly toUnixSeconds: number
  /** Envelopes of either side. */
  readonly here: number
  readonly there: number
}

/** Digests are compared by these stretches, the finer ones only where the coarser ones differ. */
const BUCKETS_SECONDS = [86_400, 3_600, 60] as const

/**
 * Compares by digests: a day that is the same costs one comparison, whatever it holds. Differences come oldest first, to the
 * minute. Both sides should be at rest there: what arrives meanwhile is a difference.
 */
export async function* compareArchives(
  here: Auditable,
  there: Auditable,
  { fromUnixSeconds, toUnixSeconds, signal, progress }: AuditOptions,
): AsyncGenerator<Difference, void, undefined> {
  if (toUnixSeconds < fromUnixSeconds) throw invalid('toUnixSeconds: expected no less than fromUnixSeconds')
  yield* differences(here, there, fromUnixSeconds, toUnixSeconds, 0, signal, progress)
}

async function* differences(
  here: Auditable,
  there: Auditable,
  from: number,
  to: number,
  level: number,
  signal: AbortSignal | undefined,
  progress?: (dayUnixSeconds: number) => void,
): AsyncGenerator<Difference, void, undefined> {
  const seconds = BUCKETS_SECONDS[level] as number
  for await (const [start, a, b] of pairs(here.digest(from, to, seconds), there.digest(from, to, seconds))) {
    if (signal?.aborted) return
    progress?.(start)
    if (a && b && a.count === b.count && toHex(a.hash) === toHex(b.hash)) continue
    const end = Math.min(to, start + seconds - 1)
    // Where one side has nothing, looking closer tells nothing more.
    if (level < BUCKETS_SECONDS.length - 1 && a && b)
      yield* differences(here, there, start, end, level + 1, signal)
    else
      yield {
        fromUnixSeconds: start,
        toUnixSeconds: end,
        here: a?.count ?? 0,
        there: b?.count ?? 0,
      }
  }
}

/** Two lists of buckets, both in order, side by side. */
async function* pairs(
  left: AsyncIterable<ArchiveDigest>,
  right: AsyncIterable<ArchiveDigest>,
): AsyncGenerator<readonly [number, ArchiveDigest | undefined, ArchiveDigest | undefined]> {
  const [a, b] = [left[Symbol.asyncIterator](), right[Symbol.asyncIterator]()]
  try {
    let [x, y] = await Promise.all([a.next(), b.next()])
    while (!x.done || !y.done) {
      const start = Math.min(
        x.done ? Number.POSITIVE_INFINITY : x.value.start,
        y.done ? Number.POSITIVE_INFINITY : y.value.start,
      )
      const inLeft = !x.done && x.value.start === start ? x.value : undefined
      const inRight = !y.done && y.value.start === start ? y.value : undefined
      yield [start, inLeft, inRight]
      if (inLeft) x = await a.next()
      if (inRight) y = await b.next()
    }
  } finally {
    await a.return?.()
    await b.return?.()
  }
}

export interface Repair {
  readonly differences: number
  /** Envelopes that were copied to each side. */
  readonly copiedHere: number
  readonly copiedThere: number
}

const COPIED_AT_ONCE = 500

/**
 * Copies what one side lacks from the other, in both directions (`direction: 'here'`: only to `here`), stretch by stretch, and
 * nothing else. Again after a break is fine: what was copied is no difference any more.
 */
export async function repairArchives(
  here: Auditable & Pick<EnvelopeArchive, 'putBatch'>,
  there: Auditable & Pick<EnvelopeArchive, 'putBatch'>,
  options: AuditOptions & {
    readonly direction?: 'both' | 'here'
    /** Told of each stretch before it is repaired. */
    readonly found?: (stretch: Difference) => void
  },
): Promise<Repair> {
  let [found, copiedHere, copiedThere] = [0, 0, 0]
  for await (const stretch of compareArchives(here, there, options)) {
    found++
    options.found?.(stretch)
    copiedHere += await copy(there, here, stretch, options.signal)
    if (options.direction !== 'here') copiedThere += await copy(here, there, stretch, options.signal)
    if (options.signal?.aborted) break
  }
  return { differences: found, copiedHere, copiedThere }
}

async function copy(
  from: Auditable,
  to: Pick<EnvelopeArchive, 'putBatch'>,
  { fromUnixSeconds, toUnixSeconds }: Difference,
  signal: AbortSignal = new AbortController().signal,
): Promise<number> {
  let copied = 0
  for await (const batch of batches(from, fromUnixSeconds, toUnixSeconds, signal))
    copied += (await to.putBatch(batch)).stored
  return copied
}

/** Everything of a time, some at once. */
export async function* batches(
  archive: Pick<EnvelopeArchive, 'query'>,
  fromUnixSeconds: number,
  toUnixSeconds: number,
  signal: AbortSignal,
): AsyncGenerator<readonly Envelope[], void, undefined> {
  const query = {
    fromUnixSeconds,
    toUnixSeconds,
    limit: Number.MAX_SAFE_INTEGER,
    match: { bloom: fullBloom() },
  }
  let batch: Envelope[] = []
  for await (const envelope of archive.query(query, signal)) {
    batch.push(envelope)
    if (batch.length < COPIED_AT_ONCE) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

export function foldHash(digest: Uint8Array, hash: Uint8Array): void {
  for (let i = 0; i < 32; i++) digest[i] = (digest[i] as number) ^ (hash[i] as number)
}
