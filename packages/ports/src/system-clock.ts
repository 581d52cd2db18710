import type { Clock } from './clock.ts'

/** The clock of the machine that this runs on. The default of drivers; cores never read it. */
export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
}
