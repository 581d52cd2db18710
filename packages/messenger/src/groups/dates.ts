/**
 * Clocks of a group's events. Clocks of people are wrong, by minutes or by a year, and what is signed cannot be put right: it
 * counts as it stands, for everybody alike. But what is ahead of our time does not pull along what we do next, unless
 * that would not count otherwise. A member who dates something to the end of time gains nothing by it.
 */
import {
  type GroupState,
  MAX_CLOCK_AHEAD_MS,
  type OpenedGroupEvent,
  observeClock,
} from '@status-protocol/payload'
import type { Loaded, Merged } from './book.ts'
import { asEventClock, timeOf } from './legacy.ts'

/** Further ahead than clocks that are right: our own may be wrong, or its author's. */
export function isAhead(event: OpenedGroupEvent, nowMs: number): boolean {
  return isBeyond(event, nowMs, MAX_CLOCK_AHEAD_MS)
}

/** The clock of the last event that is not ahead, in milliseconds. */
export function lastTimeOf({ view }: Loaded, nowMs: number): bigint {
  const last = view.accepted.findLast((event) => !isAhead(event, nowMs))
  return last ? timeOf(last, nowMs) : 0n
}

export interface DatedOptions {
  /** Of the chat. */
  readonly lastSaid: bigint
  readonly nowMs: number
  /** The events of what we do, behind this clock. */
  sign(last: bigint): readonly OpenedGroupEvent[]
  merge(events: readonly OpenedGroupEvent[]): Merged | undefined
  /** The group is as we want it. */
  isDone(state: GroupState): boolean
  /** Who is removed: what only they did may be undone. */
  readonly target?: string | undefined
}

/** Behind what is further ahead nothing is dated that counts elsewhere, too. */
const MAX_PLAUSIBLE_MS = 86_400_000n

/**
 * What we do, dated near our time if it comes out as we want it there and undoes nothing that others did; else behind all that is known.
 * Somebody is removed near our time even if they joined at the end of time: Go clients take no event from then.
 */
export function dated(group: Loaded, options: DatedOptions): readonly OpenedGroupEvent[] {
  const { lastSaid, nowMs, sign, target } = options
  const { accepted } = group.view
  const isPlausible = lastSaid <= BigInt(Math.floor(nowMs)) + MAX_PLAUSIBLE_MS
  const said = isPlausible ? asEventClock(group, lastSaid, nowMs) : 0n
  const behind = (last: OpenedGroupEvent | undefined) => sign(observeClock(said, last?.clock ?? 0n))
  const lastNear = accepted.findLast((event) => !isAhead(event, nowMs))
  if (lastNear === accepted.at(-1)) return behind(lastNear)
  const near = behind(lastNear)
  if (comesOut(near, (undone) => undone.length === 0)) return near
  const last = behind(accepted.at(-1))
  if (last.every((event) => !isBeyond(event, nowMs, MAX_PLAUSIBLE_MS))) return last
  return comesOut(near, (undone) => undone.every(({ from }) => from === target)) ? near : last

  function comesOut(
    events: readonly OpenedGroupEvent[],
    mayUndo: (undone: readonly OpenedGroupEvent[]) => boolean,
  ): boolean {
    const merged = options.merge(events)
    if (!merged || !options.isDone(merged.state)) return false
    const counts = new Set(merged.all.accepted.map(({ id }) => id))
    return events.every(({ id }) => counts.has(id)) && mayUndo(accepted.filter(({ id }) => !counts.has(id)))
  }
}

function isBeyond(event: OpenedGroupEvent, nowMs: number, limitMs: bigint): boolean {
  return timeOf(event, nowMs) > BigInt(Math.floor(nowMs)) + limitMs
}
