/** What a node refuses to be told. Each returns its argument. @throws WhisperError `invalid-argument` */
import { WhisperError } from '../error.ts'
import { MAX_MESSAGE_BYTES } from '../limits.ts'
import { powBits } from '../packets/pow-requirement.ts'
import { MAX_PRIVACY_DELAY_MS } from './limits.ts'
import type { RateLimitOptions } from './rate-limiter.ts'

export function expectPow(minPow: number): number {
  powBits(minPow)
  return minPow
}

export function expectLimits(limits: RateLimitOptions): RateLimitOptions {
  for (const name of ['perIp', 'perPeer', 'perTopic', 'tolerance'] as const) {
    const value = limits[name] ?? 0
    if (!Number.isSafeInteger(value) || value < 0)
      throw new WhisperError('invalid-argument', `${name}: expected an integer from 0 up, got ${value}`)
  }
  return limits
}

export function expectDelay(delayMs: number): number {
  if (delayMs >= 0 && delayMs <= MAX_PRIVACY_DELAY_MS) return delayMs
  throw new WhisperError(
    'invalid-argument',
    `privacyDelayMs: expected 0 .. ${MAX_PRIVACY_DELAY_MS}, got ${delayMs}`,
  )
}

export function expectMessageBytes(bytes: number): number {
  if (!Number.isInteger(bytes) || bytes < 1 || bytes > MAX_MESSAGE_BYTES)
    throw new WhisperError(
      'invalid-argument',
      `maxMessageBytes: expected 1 .. ${MAX_MESSAGE_BYTES}, got ${bytes}`,
    )
  return bytes
}
