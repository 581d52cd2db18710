/**
 * Lamport clocks of a chat, spec "Payloads", section "Clock vs Timestamp and message ordering". All in milliseconds of Unix
 * time but the mobile client's of v0, which counts hundredths of a millisecond.
 *
 * A clock orders the messages of one chat. Every device sends with a clock above all it has seen, near the wall clock
 * if it can.
 */
import { MAX_UINT64 } from './arguments.ts'
import { PayloadError } from './error.ts'

/** How far a clock may be ahead of the transport's time, in milliseconds; 120,000 is accepted, 120,001 is not. */
export const MAX_CLOCK_AHEAD_MS = 120_000n

const GO_2019_BUMP_MS = 60_000n
const MOBILE_V0_SCALE = 100n
const MOBILE_V0_CAP_MS = 31n * 24n * 3_600_000n

/**
 * Clock of the next message, v1 (status-go 0.36.2 and later): now, or one more than the last if that is not below now.
 *
 * @param last highest clock seen in the chat, 0n if none
 * @throws PayloadError `out-of-range` when the last one is 2^64 - 1
 */
export function nextClock(last: bigint, nowMs: number): bigint {
  const now = BigInt(Math.floor(nowMs))
  if (last >= MAX_UINT64) throw new PayloadError('out-of-range', 'last: expected a clock below 2^64 - 1')
  return last < now ? now : last + 1n
}

/** Clock of the next message as the Go clients of 2019 made it (v0 and 0.36.0): a minute ahead of now, or last + 1. */
export function nextClockGo2019(last: bigint, nowMs: number): bigint {
  const now = BigInt(Math.floor(nowMs))
  return last < now ? now + GO_2019_BUMP_MS : last + 1n
}

/** Clock of the next message as the mobile client of v0 made it: max(last, now * 100) + 1. */
export function nextClockMobileV0(last: bigint, nowMs: number): bigint {
  const now = BigInt(Math.floor(nowMs)) * MOBILE_V0_SCALE
  return (last > now ? last : now) + 1n
}

/** What the mobile client of v0 remembers of a received clock: nothing above (now + 31 days) * 100. */
export function capClockMobileV0(received: bigint, nowMs: number): bigint {
  const cap = (BigInt(Math.floor(nowMs)) + MOBILE_V0_CAP_MS) * MOBILE_V0_SCALE
  return received > cap ? cap : received
}

/** Highest of the clocks a chat has seen. Call it with validated clocks only. */
export function observeClock(last: bigint, received: bigint): bigint {
  return received > last ? received : last
}
