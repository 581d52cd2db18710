/** `status-node archive compare`: whether two archives hold the same, and what to do if not. */
import { resolve } from 'node:path'
import { compareArchives, type Difference, repairArchives } from '@status-protocol/mailserver'
import { NodeError } from '../error.ts'
import { explained, openArchiveAt } from './archive.ts'
import { secondsOf, timeOf } from './settings.ts'

/** The last second that envelopes can say. */
const MAX_SECOND = 0xffff_ffff
/** Of more, only the number is told. */
const MAX_LISTED = 1_000

export interface Comparison {
  readonly same: boolean
  /** Stretches of at most a day in which they differ. */
  readonly differences: number
  /** The first of them. BOUNDED by MAX_LISTED. */
  readonly stretches: readonly Difference[]
  /** Envelopes that were copied into either; with `repair`. */
  readonly copied?: { readonly first: number; readonly second: number }
}

/** When envelopes were sent that are compared; both ends are included. */
export interface CompareRange {
  readonly fromUnixSeconds: number
  readonly toUnixSeconds: number
}

export interface RangeFlags {
  readonly from?: string
  readonly to?: string
  readonly since?: string
}

/** Without flags: everything. `to` itself is not part of it. @throws NodeError `invalid-config` */
export function rangeOf({ from, to, since }: RangeFlags, nowUnixSeconds: number): CompareRange {
  if (from !== undefined && since !== undefined)
    throw new NodeError('invalid-config', 'expected --from or --since, got both')
  const at = (flag: string, text: string): number =>
    timeOf(text) ?? refused(flag, 'a time of UTC like 2026-11-22 or 2026-11-22T18:00', text)
  const ago = (text: string): number => secondsOf(text) ?? refused('--since', 'a time like 30d or 12h', text)
  const fromUnixSeconds =
    from !== undefined
      ? at('--from', from)
      : since !== undefined
        ? Math.max(0, Math.floor(nowUnixSeconds) - ago(since))
        : 0
  const toUnixSeconds = to === undefined ? MAX_SECOND : at('--to', to) - 1
  if (toUnixSeconds < fromUnixSeconds)
    throw new NodeError('invalid-config', '--to: expected a time after that of --from or --since')
  return { fromUnixSeconds, toUnixSeconds }
}

function refused(flag: string, expected: string, text: string): never {
  throw new NodeError(
    'invalid-config',
    `${flag}: expected ${expected}, got ${JSON.stringify(text.slice(0, 40))}`,
  )
}

export interface CompareOptions {
  readonly repair: boolean
  /** Default: everything. */
  readonly range?: CompareRange
  /** A day (Unix seconds of its start) is compared now. */
  progress(dayUnixSeconds: number): void
}

/** @throws NodeError `archive`, `invalid-config` */
export async function compareAt(
  first: string,
  second: string,
  { repair, range = rangeOf({}, 0), progress }: CompareOptions,
): Promise<Comparison> {
  if (resolve(first) === resolve(second))
    throw new NodeError('invalid-config', `expected two archives, got ${first} twice`)
  const here = await openArchiveAt(first)
  try {
    const there = await openArchiveAt(second)
    const archive = here.kind === 'postgres' ? here.kind : there.kind
    try {
      return await explained({ archive }, async () => {
        const stretches: Difference[] = []
        let differences = 0
        const found = (stretch: Difference): void => {
          if (++differences <= MAX_LISTED) stretches.push(stretch)
        }
        const options = { ...range, progress }
        if (!repair) {
          for await (const stretch of compareArchives(here.archive, there.archive, options)) found(stretch)
          return { same: differences === 0, differences, stretches }
        }
        const done = await repairArchives(here.archive, there.archive, { ...options, found })
        const copied = { first: done.copiedHere, second: done.copiedThere }
        return { same: true, differences, stretches, copied }
      })
    } finally {
      await there.close()
    }
  } finally {
    await here.close()
  }
}

/** For people. */
export function comparisonText({ differences, stretches, copied }: Comparison): string[] {
  if (differences === 0) return ['Both hold the same.']
  const lines = stretches.slice(0, 20).map(({ fromUnixSeconds, toUnixSeconds, here, there }) => {
    return `${timeText(fromUnixSeconds)} - ${timeText(toUnixSeconds)}: ${here} in the first, ${there} in the second`
  })
  if (differences > lines.length) lines.push(`and ${differences - lines.length} more`)
  const what = `They differ in ${differences} stretch${differences === 1 ? '' : 'es'} of time`
  return copied
    ? [
        ...lines,
        `${what}; ${copied.first} envelopes were copied into the first, ${copied.second} into the second.`,
      ]
    : [...lines, `${what}; --repair copies what one lacks from the other.`]
}

export function timeText(unixSeconds: number): string {
  return `${new Date(unixSeconds * 1_000).toISOString().slice(0, 19)}Z`
}
