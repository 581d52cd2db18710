/**
 * What several peers say about the clock, put together (Marzullo's algorithm, as NTP has it): not a mean, which one liar can
 * move anywhere, but what a majority holds to be possible. Pure.
 */
import { MIN_CLOCK_VOTES } from './limits.ts'

/** How far the system clock is behind (positive) or ahead, as far as one peer can tell. */
export interface ClockVote {
  /** 64 bytes. */
  readonly peerId: Uint8Array
  /** Of which it is the only voter. */
  readonly network: string
  readonly lowSeconds: number
  readonly highSeconds: number
  /** By the envelope sent last, if there was one. */
  readonly freshSeconds: number | undefined
  /** How many envelopes say so. */
  readonly evidence: number
}

/** What more than half of the votes hold to be possible. */
export interface Majority {
  readonly lowSeconds: number
  readonly highSeconds: number
}

/** Undefined: fewer than five votes, or no majority. */
export function majorityOf(votes: readonly ClockVote[]): Majority | undefined {
  if (votes.length < MIN_CLOCK_VOTES) return undefined
  const ends = votes
    .flatMap(({ lowSeconds, highSeconds }) => [
      { at: lowSeconds, by: 1 },
      { at: highSeconds, by: -1 },
    ])
    .sort((a, b) => (a.at === b.at ? b.by - a.by : a.at < b.at ? -1 : 1))
  let [count, low, high]: [number, number | undefined, number | undefined] = [0, undefined, undefined]
  for (const { at, by } of ends) {
    const was = count > votes.length / 2
    count += by
    const is = count > votes.length / 2
    if (is && !was) low ??= at
    if (was && !is) high = at
  }
  return low === undefined || high === undefined ? undefined : { lowSeconds: low, highSeconds: high }
}

/** Whether a vote has anything in common with the majority. */
export function agrees(vote: ClockVote, { lowSeconds, highSeconds }: Majority): boolean {
  return vote.lowSeconds <= highSeconds && vote.highSeconds >= lowSeconds
}

/**
 * By how much to correct, given what is corrected now: nothing changes while that is possible; the system clock is right
 * if that is possible; else it is as far off as the freshest envelopes of those who agree say.
 */
export function correctionFor(votes: readonly ClockVote[], majority: Majority, nowSeconds: number): number {
  const { lowSeconds, highSeconds } = majority
  const isPossible = (offset: number) => offset >= lowSeconds && offset <= highSeconds
  if (isPossible(nowSeconds)) return nowSeconds
  if (isPossible(0)) return 0
  const fresh = votes.filter((vote) => agrees(vote, majority)).flatMap((vote) => vote.freshSeconds ?? [])
  const wanted = fresh.length > 0 ? median(fresh) : 0
  return Math.min(Math.max(wanted, lowSeconds), highSeconds)
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] as number
}
