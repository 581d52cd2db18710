/**
 * How far ahead a message may pull its chat. A clock is two minutes ahead at most of when its envelope says that it was sent
 * (payload), and the network refuses envelopes from the future; but what an archive hands over was looked at by nobody, and
 * who moves the clock of a chat years ahead silences everybody in it: the Go clients would refuse what we write next.
 *
 * What is further ahead is taken all the same: its sender was told that it arrived. It stands where it came.
 */
import { MAX_CLOCK_AHEAD_MS } from '@status-protocol/payload'

/** A node corrects its clock by at most a day: nothing honest is from further ahead of this machine's. */
const MAX_CLOCK_ERROR_SECONDS = 86_400

interface Sent {
  readonly sentUnixSeconds: number
  readonly direct?: boolean
}

/** With the latest time of sending that is believed. */
export function believable<R extends Sent>(received: R, nowMs: number): R {
  const latest = Math.floor(nowMs / 1000) + MAX_CLOCK_ERROR_SECONDS
  return received.sentUnixSeconds <= latest ? received : { ...received, sentUnixSeconds: latest }
}

/** Where a message leaves the clock of its chat at most. An archive's word is not taken for more than this machine's time. */
export function highestClock({ direct }: Sent, nowMs: number): bigint | undefined {
  return direct ? BigInt(Math.floor(nowMs)) + MAX_CLOCK_AHEAD_MS : undefined
}

/** By which clocks are judged, Unix milliseconds: when it was sent, by an envelope that nobody signed, or now if that is later. */
export function judgedAtMs({ sentUnixSeconds }: Sent, nowMs: number): number {
  return Math.max(sentUnixSeconds * 1000, Math.floor(nowMs))
}

/** What bounds the clock of something said. */
export interface ClockBounds {
  /** Unix milliseconds; see {@link judgedAtMs}. */
  readonly judgedAtMs: number
  /** The clock of its chat is not moved beyond this. */
  readonly highestClock: bigint | undefined
}

export const clockBounds = (sent: Sent, nowMs: number): ClockBounds => ({
  judgedAtMs: judgedAtMs(sent, nowMs),
  highestClock: highestClock(sent, nowMs),
})

/** A message whose clock is further ahead than it may be: with the time by which it is judged instead, and with what it said. */
export function timely<M extends { readonly clock: bigint }>(
  message: M,
  judgedAtMs: number,
): { readonly message: M; readonly claimedClock?: bigint } {
  const { clock } = message
  if (clock <= BigInt(judgedAtMs) + MAX_CLOCK_AHEAD_MS) return { message }
  return { message: { ...message, clock: BigInt(judgedAtMs) }, claimedClock: clock }
}
