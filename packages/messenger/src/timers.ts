import type { Scheduler } from '@status-protocol/whisper'

/** What the messenger waits for. */
export interface Timers {
  /** Runs `task` after so long, once; a timer of the same name that has not run yet is replaced. */
  set(name: string, delayMs: number, task: () => void): void
  /** Resolves after so long, or when the timers are closed. */
  pause(delayMs: number): Promise<void>
  close(): void
}

export function createTimers(scheduler: Scheduler): Timers {
  /** BOUNDED: one a name. */
  const named = new Map<string, () => void>()
  /** BOUNDED by what waits: the courier once, inputs that are tried again once a listener. */
  const pauses = new Set<() => void>()
  let closed = false
  return {
    set(name, delayMs, task) {
      named.get(name)?.()
      if (!closed) named.set(name, scheduler.schedule(delayMs, task))
    },
    pause(delayMs) {
      if (closed) return Promise.resolve()
      return new Promise((resolve) => {
        const end = (): void => {
          pauses.delete(end)
          cancel()
          resolve()
        }
        const cancel = scheduler.schedule(delayMs, end)
        pauses.add(end)
      })
    },
    close() {
      closed = true
      for (const cancel of named.values()) cancel()
      named.clear()
      for (const end of [...pauses]) end()
    },
  }
}
