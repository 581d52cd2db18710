/** A server that answers only so many requests in a time: what it says then, and how long to wait for the next one. */
import type { Scheduler } from '@status-protocol/whisper'

/** After each refusal of the same request; statusd lets its operator choose how many seconds lie between two requests. */
const WAITS_MS: readonly number[] = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000]

/** In the words of statusd's versions and ours. */
export function isTooFast(refusal: string): boolean {
  return /limit exceeded|exceeded the number of requests|too many requests/.test(refusal)
}

/** Undefined: it has been refused often enough. */
export function waitMs(refusals: number): number | undefined {
  return WAITS_MS[refusals]
}

/** Ends early when it is stopped. */
export function pause(ms: number, scheduler: Scheduler, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const end = (): void => {
      cancel()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const cancel = scheduler.schedule(ms, end)
    signal.addEventListener('abort', end)
  })
}
