/**
 * What an answer says of the newest mail: it may be on its way to the server still, and this machine's clock may be hours off,
 * ahead or behind. Pure but for its own state; one for each fetch.
 */
import { type Interval, subtract } from './intervals.ts'

const DAY = 86_400
const MAX_SECOND = 0xffff_ffff
/** What ended so long ago at most was made to end now. */
const NOW_SECONDS = 60

export interface SettlingOptions {
  /** Undefined: all of what is asked for counts, and no more is asked for. */
  readonly settleSeconds: number | undefined
  /** What the fetch is about. */
  readonly wanted: readonly Interval[]
  /** By this machine's clock. */
  readonly nowUnixSeconds: number
}

export class Settling {
  readonly #settleSeconds: number | undefined
  /** Where the fetch ends, if that is now. */
  readonly #openEnd: number | undefined
  /** When the newest envelope that came was sent: it is no earlier. */
  #newest = Number.NEGATIVE_INFINITY

  constructor({ settleSeconds, wanted, nowUnixSeconds }: SettlingOptions) {
    const end = Math.max(...wanted.map(([, to]) => to))
    this.#settleSeconds = settleSeconds
    this.#openEnd = settleSeconds !== undefined && end >= nowUnixSeconds - NOW_SECONDS ? end : undefined
  }

  /** What a server is asked for: up to now means a day further, as the clock may be behind. */
  asked([from, to]: Interval): Interval {
    return [from, to === this.#openEnd ? Math.min(to + DAY, MAX_SECOND) : to]
  }

  /** What counts of an answer that covers so much: nothing beyond what is wanted. */
  counted(covered: readonly Interval[], [, to]: Interval): readonly Interval[] {
    return subtract(covered, [[to + 1, MAX_SECOND]])
  }

  /** Something came that was sent then. */
  came(sentUnixSeconds: number): void {
    this.#newest = Math.max(this.#newest, sentUnixSeconds)
  }

  /** Up to which second an answer to what was asked then says all. */
  settledUnixSeconds(askedAt: number): number {
    if (this.#settleSeconds === undefined) return Number.POSITIVE_INFINITY
    return Math.min(askedAt - this.#settleSeconds, Math.max(this.#newest, askedAt - DAY))
  }
}
