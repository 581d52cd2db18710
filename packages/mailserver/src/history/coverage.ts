/**
 * Which stretches of which topic's history were fetched, from whom: what is not covered is a gap. Pure; stored as one entry
 * a topic, so that a crash loses at most the page that was being read.
 *
 * ```
 * table `history`: topic(4) -> RLP [ [ server(64) or "live", [ from(uint32), to(uint32), from, to, ... ] ], ... ]
 * ```
 */
import { BytesError, fromHex, toHex, utf8 } from '@status-protocol/bytes'
import { decodeRlp, encodeRlp, readRlpUint, rlpUint } from '@status-protocol/bytes/rlp'
import type { Change, Storage } from '@status-protocol/ports'
import type { Topic } from '@status-protocol/whisper'
import { type Interval, subtract, union } from './intervals.ts'

export const HISTORY_TABLE = 'history'

/** What this node heard itself while it was connected: needs no server. */
export const LIVE: string = toHex(utf8('live'))

/** By server (64 bytes in hex, or {@link LIVE}). BOUNDED by {@link MAX_SERVERS} and {@link MAX_INTERVALS}. */
export type Coverage = ReadonlyMap<string, readonly Interval[]>

/** Of more servers the one that was added first is forgotten, of more stretches the oldest: they are fetched again. */
const [MAX_SERVERS, MAX_INTERVALS] = [16, 64]

export async function readCoverage(storage: Pick<Storage, 'get'>, topic: Topic): Promise<Coverage> {
  const value = await storage.get(HISTORY_TABLE, topic)
  return value ? decodeCoverage(value) : new Map()
}

export function withCovered(coverage: Coverage, server: string, interval: Interval): Coverage {
  const intervals = union([...(coverage.get(server) ?? []), interval]).slice(-MAX_INTERVALS)
  const grown = new Map([...coverage].filter(([name]) => name !== server))
  grown.set(server, intervals)
  for (const name of grown.keys()) {
    if (grown.size <= MAX_SERVERS) break
    if (name !== LIVE) grown.delete(name)
  }
  return grown
}

export function changeOf(topic: Topic, coverage: Coverage): Change {
  return { put: [HISTORY_TABLE, Uint8Array.from(topic), encodeCoverage(coverage)] }
}

/** A stretch that too few servers have answered for. */
export interface Missing {
  readonly interval: Interval
  /** Who has answered for it, in hex. */
  readonly by: readonly string[]
}

/** What of `wanted` neither was heard live nor came from `copies` servers. */
export function missingOf(wanted: Interval, coverage: Coverage, copies: number): Missing[] {
  const servers = [...coverage].filter(([name]) => name !== LIVE)
  const missing: Missing[] = []
  for (const stretch of subtract([wanted], coverage.get(LIVE) ?? []))
    for (const interval of pieces(
      stretch,
      servers.flatMap(([, intervals]) => intervals),
    )) {
      const by = servers.filter(([, intervals]) => holds(intervals, interval)).map(([name]) => name)
      if (by.length >= copies) continue
      const last = missing.at(-1)
      if (last && last.interval[1] + 1 === interval[0] && last.by.join() === by.join())
        missing[missing.length - 1] = { interval: [last.interval[0], interval[1]], by }
      else missing.push({ interval, by })
    }
  return missing
}

/** Cut where any stretch begins or ends, so that each piece is inside of one or outside. */
function pieces([from, to]: Interval, intervals: readonly Interval[]): Interval[] {
  const starts = new Set([from])
  for (const [a, b] of intervals)
    for (const start of [a, b + 1]) if (start > from && start <= to) starts.add(start)
  const sorted = [...starts].sort((a, b) => a - b)
  return sorted.map((start, i) => [start, (sorted[i + 1] ?? to + 1) - 1])
}

function holds(intervals: readonly Interval[], [from, to]: Interval): boolean {
  return intervals.some(([a, b]) => a <= from && to <= b)
}

export function encodeCoverage(coverage: Coverage): Uint8Array {
  return encodeRlp(
    [...coverage].map(([server, intervals]) => [fromHex(server), intervals.flat().map((n) => rlpUint(n))]),
  )
}

/** What is no coverage counts as none: then everything is fetched again. */
export function decodeCoverage(value: Uint8Array): Coverage {
  const coverage = new Map<string, readonly Interval[]>()
  try {
    const list = decodeRlp(value)
    if (list instanceof Uint8Array) return coverage
    for (const entry of list) {
      if (entry instanceof Uint8Array) return new Map()
      const [server, numbers] = entry
      if (!(server instanceof Uint8Array) || numbers === undefined || numbers instanceof Uint8Array)
        return new Map()
      const seconds = numbers.map((n) =>
        Number(readRlpUint(n instanceof Uint8Array ? n : new Uint8Array(5), 4)),
      )
      const intervals: Interval[] = []
      for (let i = 0; i + 1 < seconds.length; i += 2)
        intervals.push([seconds[i] as number, seconds[i + 1] as number])
      coverage.set(toHex(server), union(intervals))
    }
    return coverage
  } catch (error) {
    if (error instanceof BytesError) return new Map()
    throw error
  }
}
