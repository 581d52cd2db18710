import { type Clock, systemClock } from '@status-protocol/ports'

/** Time for a host: it reads it and is woken by it. */
export interface HostClock extends Clock {
  /** Runs `task` once, `delayMs` from now. Returns a function that takes it back. */
  schedule(delayMs: number, task: () => void): () => void
}

/** The platform's clock and timers, for when the caller brings none. */
export const systemHostClock: HostClock = {
  ...systemClock,
  schedule(delayMs, task) {
    const timer = setTimeout(task, delayMs)
    return () => clearTimeout(timer)
  },
}
