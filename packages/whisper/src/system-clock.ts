import type { Clock } from '@status-protocol/ports'

/** The platform's clock, for when the caller brings none. */
export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
}
