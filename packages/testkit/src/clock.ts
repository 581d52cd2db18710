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
  const timers: Timer[] = []

  return {
    wallMs: () => wallOffset + now,
    monotonicMs: () => now,
    shiftWall(ms) {
      wallOffset += ms
    },
    schedule(delayMs, task) {
      const timer: Timer = { at: now + Math.max(0, delayMs), order: order++, task }
      push(timers, timer)
      return () => {
        timer.task = undefined
      }
    },
    async advance(ms) {
      const until = now + ms
      for (;;) {
        await settle()
        const next = timers[0]
        if (next === undefined || next.at > until) break
        pop(timers)
        if (next.task === undefined) continue
        now = Math.max(now, next.at)
        next.task()
      }
      now = until
    },
  }
}

interface Timer {
  readonly at: number
  readonly order: number
  /** Undefined: taken back. */
  task: (() => void) | undefined
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}

/** A binary heap: the timer that is due first is at 0. */
function push(heap: Timer[], timer: Timer): void {
  let at = heap.length
  heap.push(timer)
  while (at > 0) {
    const parent = (at - 1) >> 1
    if (!isBefore(timer, heap[parent] as Timer)) break
    heap[at] = heap[parent] as Timer
    at = parent
  }
  heap[at] = timer
}

function pop(heap: Timer[]): void {
  const last = heap.pop()
  if (last === undefined || heap.length === 0) return
  let at = 0
  for (;;) {
    let child = 2 * at + 1
    if (child + 1 < heap.length && isBefore(heap[child + 1] as Timer, heap[child] as Timer)) child++
    if (child >= heap.length || !isBefore(heap[child] as Timer, last)) break
    heap[at] = heap[child] as Timer
    at = child
  }
  heap[at] = last
}

/** Enough turns of the microtask queue for chains of awaits on things that are ready. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve()
}
