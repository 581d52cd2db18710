/** Timers as a port, so that a node runs on virtual time as well. */
export interface Scheduler {
  /** Runs `task` once, `delayMs` from now, never before this call returns. Returns what takes it back. */
  schedule(delayMs: number, task: () => void): () => void
}

/** Resolves after `delayMs`. */
export function delay(scheduler: Scheduler, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    scheduler.schedule(delayMs, resolve)
  })
}

/** Lets timers, sockets and others have their turn. */
export function nextTurn(scheduler: Scheduler): Promise<void> {
  return delay(scheduler, 0)
}
