import type { Clock } from '@status-protocol/ports'

/** How often something may be done for whoever asks. In memory: a restart gives it anew. */
export interface Allowance {
  /** How many may be done at once after a long rest. */
  readonly atOnce: number
  /** One more becomes due each so many milliseconds. */
  readonly everyMs: number
}

export interface Allowed {
  isLeft(): boolean
  /** Uses one up. False: there was none. */
  take(): boolean
}

export function createAllowance({ atOnce, everyMs }: Allowance, clock: Pick<Clock, 'monotonicMs'>): Allowed {
  let left = atOnce
  let sinceMs = clock.monotonicMs()
  const isLeft = (): boolean => {
    const due = Math.floor((clock.monotonicMs() - sinceMs) / everyMs)
    left = Math.min(atOnce, left + due)
    sinceMs += due * everyMs
    return left >= 1
  }
  return {
    isLeft,
    take() {
      if (!isLeft()) return false
      left--
      return true
    },
  }
}

/** One for each name. BOUNDED: the `max` asked for last are remembered; who was forgotten begins anew. */
export function createAllowances(
  allowance: Allowance,
  max: number,
  clock: Pick<Clock, 'monotonicMs'>,
): { of(name: string): Allowed } {
  const known = new Map<string, Allowed>()
  return {
    of(name) {
      const one = known.get(name) ?? createAllowance(allowance, clock)
      known.delete(name)
      known.set(name, one)
      if (known.size > max) known.delete(known.keys().next().value as string)
      return one
    },
  }
}
