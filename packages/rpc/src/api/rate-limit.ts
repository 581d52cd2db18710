/** A token bucket for work that is cheap to ask for and dear to do. */
import type { Clock } from '@status-protocol/ports'
import { RpcError } from '../error.ts'

export interface RateLimitOptions {
  readonly clock: Pick<Clock, 'monotonicMs'>
  /** Taken at once after a pause. */
  readonly burst: number
  readonly perSecond: number
  /** What is limited, for the error. */
  readonly what: string
}

export class RateLimit {
  readonly #options: RateLimitOptions
  #tokens: number
  #atMs: number

  constructor(options: RateLimitOptions) {
    this.#options = options
    this.#tokens = options.burst
    this.#atMs = options.clock.monotonicMs()
  }

  /** @throws RpcError `rate-limited` */
  take(cost: number): void {
    const { clock, burst, perSecond, what } = this.#options
    const nowMs = clock.monotonicMs()
    this.#tokens = Math.min(burst, this.#tokens + ((nowMs - this.#atMs) / 1000) * perSecond)
    this.#atMs = nowMs
    if (this.#tokens < cost)
      throw new RpcError('rate-limited', `too many ${what}: at most ${perSecond} a second, ask again later`)
    this.#tokens -= cost
  }
}
