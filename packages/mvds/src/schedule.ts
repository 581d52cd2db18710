/** When what was not acknowledged is sent again. */

/** The reference's tick: everything that is due goes out together this often. */
export const EPOCH_MS = 300

export interface Schedule {
  /**
   * The next time to send, in milliseconds since 1970.
   *
   * @param sends how often the record has been sent, the last one included: 1, 2, ...
   * @param dueMs when the last send was due; `nowMs` when it happened
   */
  next(sends: number, dueMs: number, nowMs: number): number
  /**
   * No time further ahead than this is ever scheduled. A record that is due later must come from a clock that has been
   * set back since, and is taken as due. `Infinity`: cannot be told.
   */
  readonly longestDelayMs: number
}

/**
 * The default: 5 s after the first send, then twice as long each time, at most an hour. With the default of 32 sends a
 * message is given up after about a day.
 */
export function boundedSchedule({
  firstDelayMs = 5_000,
  longestDelayMs = 3_600_000,
}: {
  readonly firstDelayMs?: number
  readonly longestDelayMs?: number
} = {}): Schedule {
  return {
    longestDelayMs,
    // 2 ** sends stays finite far beyond any number of sends
    next: (sends, _dueMs, nowMs) =>
      nowMs + Math.min(firstDelayMs * 2 ** Math.min(sends - 1, 40), longestDelayMs),
  }
}

/** What the Go clients add to the epoch in which a record was due: the current epoch + 2 * sends. */
export function referenceSendTime(sends: number, currentEpoch: number): number {
  return currentEpoch + 2 * sends
}

/**
 * The Go clients' table. Because it adds the absolute epoch, the delay doubles with every send and depends on how long
 * the node has run: after a day of running, the second send comes a day after the first.
 *
 * @param epochZeroMs when epoch 0 of the node began; the Go clients keep the number of the epoch across restarts
 */
export function referenceSchedule({
  epochZeroMs,
  epochMs = EPOCH_MS,
}: {
  readonly epochZeroMs: number
  readonly epochMs?: number
}): Schedule {
  const epochOf = (ms: number): number => Math.floor((ms - epochZeroMs) / epochMs)
  return {
    longestDelayMs: Number.POSITIVE_INFINITY,
    next: (sends, dueMs, nowMs) =>
      epochZeroMs + epochMs * (epochOf(dueMs) + referenceSendTime(sends, epochOf(nowMs))),
  }
}
