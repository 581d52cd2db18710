import type { Clock } from '@status-protocol/ports'

/** Time that moves when it is told to; timers fire in their order on the way. */
export interface VirtualClock extends Clock {
  /** Runs `task` once, `delayMs` from now. Returns a function that takes it back. */
  schedule(delayMs: number, task: () => void): () => void
  /** Lets `ms` pass; between two timers the microtask queue runs empty. */
  advance(ms: number): Promise<void>
  /** Moves the wall clock alone, as a person or NTP does. */
  shiftWall(ms: number): void
}

export function virtualClock(startWallMs = 1_577_836_800_000): VirtualClock {
  let now = 0
  let wallOffset = startWallMs
  let order = 0
  const timers = new Map<number, { readonly at: number; readonly task: () => void }>()

  const nextDue = (until: number): number | undefined => {
    let best: number | undefined
    for (const [id, { at }] of timers) {
      const bestAt = best === undefined ? Number.POSITIVE_INFINITY : (timers.get(best)?.at ?? 0)
      if (at <= until && (at < bestAt || (at === bestAt && id < (best ?? id)))) best = id
    }
    return best
  }

  return {
    wallMs: () => wallOffset + now,
    monotonicMs: () => now,
    shiftWall(ms) {
      wallOffset += ms
    },
    schedule(delayMs, task) {
      const id = order++
      timers.set(id, { at: now + Math.max(0, delayMs), task })
      return () => {
        timers.delete(id)
      }
    },
    async advance(ms) {
      const until = now + ms
      for (;;) {
        await settle()
        const id = nextDue(until)
        if (id === undefined) break
        const timer = timers.get(id) as { at: number; task: () => void }
        timers.delete(id)
        now = Math.max(now, timer.at)
        timer.task()
      }
      now = until
    },
  }
}

/** Enough turns of the microtask queue for chains of awaits on things that are ready. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve()
}
