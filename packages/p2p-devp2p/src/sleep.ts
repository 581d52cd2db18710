import type { HostClock } from './host/host-clock.ts'

/** Resolves after that time, or as soon as the signal says that nobody waits any more. */
export function sleep(clock: HostClock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      cancel()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const cancel = clock.schedule(ms, end)
    signal.addEventListener('abort', end, { once: true })
    if (signal.aborted) end()
  })
}
