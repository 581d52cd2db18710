import type { Scheduler } from './scheduler.ts'

/** The platform's timers. Turns of the event loop (`delayMs` 0) come at once where there is `setImmediate`. */
export const systemScheduler: Scheduler = {
  schedule(delayMs, task) {
    if (delayMs <= 0 && typeof setImmediate === 'function') {
      const immediate = setImmediate(task)
      return () => clearImmediate(immediate)
    }
    const timer = setTimeout(task, delayMs)
    return () => clearTimeout(timer)
  },
}
