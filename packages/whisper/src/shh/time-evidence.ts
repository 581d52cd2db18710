/**
 * What one peer's packets say about the time, as bounds. Pure.
 *
 * A peer that keeps to the rules forwards no envelope that was sent more than 10 s ahead by its clock, and none that has
 * expired. So each one bounds the time from both sides, whoever made it: a flood of envelopes with invented times narrows
 * the bounds of a peer whose clock is right within 5 s, but cannot make them wrong.
 *
 * Bounds are kept relative to the monotonic clock (unix seconds less monotonic seconds): the system clock, which is what is
 * in question, has no part in them.
 */
import { type Envelope, sentUnixSeconds } from '../envelope.ts'
import { SYNC_ALLOWANCE_SECONDS } from '../limits.ts'
import {
  EVIDENCE_SLACK_SECONDS,
  EVIDENCE_WINDOW_MS,
  MIN_EVIDENCE,
  PEER_TOLERANCE_SECONDS as TOLERANCE_SECONDS,
} from './limits.ts'

/** Between which two values unix time less monotonic time is, in seconds. */
export interface TimeBounds {
  readonly low: number
  readonly high: number
  /** By the envelope sent last. Absent: no envelope. */
  readonly fresh: number | undefined
  /** How many envelopes and refusals say so. */
  readonly count: number
}

type Window = { -readonly [key in keyof TimeBounds]: TimeBounds[key] }

export class TimeEvidence {
  /** Since `#sinceMs`, and the time before that. */
  #now: Window = empty()
  #before: Window = empty()
  #sinceMs: number | undefined

  /** It sent us this envelope, which somebody made. */
  forwarded(envelope: Pick<Envelope, 'expiryUnixSeconds' | 'ttlSeconds'>, nowMs: number): void {
    const { expiryUnixSeconds: expiry } = envelope
    const sent = sentUnixSeconds(envelope)
    if (sent > expiry) return // wrapped: no time of ours
    const window = this.#window(nowMs)
    const at = nowMs / 1000
    window.low = Math.max(window.low, sent - SYNC_ALLOWANCE_SECONDS - TOLERANCE_SECONDS - at)
    window.high = Math.min(window.high, expiry + TOLERANCE_SECONDS + EVIDENCE_SLACK_SECONDS - at)
    window.fresh = Math.max(window.fresh ?? Number.NEGATIVE_INFINITY, sent - at)
    window.count++
  }

  /** It does not take an envelope of ours, which it says was sent in the future (its own, of more than 10 s), or long ago. */
  refused(
    envelope: Pick<Envelope, 'expiryUnixSeconds' | 'ttlSeconds'>,
    reason: 'from-future' | 'very-old',
    nowMs: number,
  ): void {
    const window = this.#window(nowMs)
    const at = nowMs / 1000
    const latest = sentUnixSeconds(envelope) - SYNC_ALLOWANCE_SECONDS + TOLERANCE_SECONDS
    const earliest = envelope.expiryUnixSeconds + 2 * SYNC_ALLOWANCE_SECONDS - TOLERANCE_SECONDS
    if (reason === 'from-future') window.high = Math.min(window.high, latest - at)
    else window.low = Math.max(window.low, earliest - at)
    window.count += MIN_EVIDENCE // it was about the time alone
  }

  /** Undefined: too little, or it contradicts itself (what was under way for long is older than it looks). */
  bounds(nowMs: number): TimeBounds | undefined {
    const [now, before] = [this.#window(nowMs), this.#before]
    const bounds = {
      low: Math.max(now.low, before.low),
      high: Math.min(now.high, before.high),
      fresh: now.fresh ?? before.fresh,
      count: now.count + before.count,
    }
    return bounds.count >= MIN_EVIDENCE && bounds.low <= bounds.high ? bounds : undefined
  }

  #window(nowMs: number): Window {
    this.#sinceMs ??= nowMs
    const windows = Math.floor((nowMs - this.#sinceMs) / EVIDENCE_WINDOW_MS)
    if (windows > 0) {
      this.#before = windows === 1 ? this.#now : empty()
      this.#now = empty()
      this.#sinceMs += windows * EVIDENCE_WINDOW_MS
    }
    return this.#now
  }
}

function empty(): Window {
  return { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY, fresh: undefined, count: 0 }
}
