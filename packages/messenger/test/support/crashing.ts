/** A store whose process dies at one of its commits: before it, in the middle of it, or right after it. */
import type { Storage } from '@status-protocol/ports'

export interface CrashPoint {
  /** 1: the first. */
  readonly atCommit: number
  /** In the middle means before it or after it, since stores are atomic: nobody knows which. */
  readonly when: 'before' | 'during' | 'after'
}

export interface CrashingStorage {
  readonly storage: Storage
  readonly commits: number
  readonly hasCrashed: boolean
}

/** What is asked for after the crash is never answered: nobody is there any more. */
export function crashing(
  inner: Storage,
  point: CrashPoint | undefined,
  onCrash: () => void = () => undefined,
): CrashingStorage {
  const state = { commits: 0, hasCrashed: false }
  const never = <T>(): Promise<T> => new Promise<T>(() => undefined)
  const crash = <T>(): Promise<T> => {
    state.hasCrashed = true
    onCrash()
    return never()
  }
  return {
    get commits() {
      return state.commits
    },
    get hasCrashed() {
      return state.hasCrashed
    },
    storage: {
      get: (table, key) => (state.hasCrashed ? never() : inner.get(table, key)),
      async *range(...args) {
        if (state.hasCrashed) await never()
        yield* inner.range(...args)
      },
      async commit(changes) {
        if (state.hasCrashed) return never()
        const isTheOne = ++state.commits === point?.atCommit
        const isLost = point?.when === 'before' || (point?.when === 'during' && state.commits % 2 === 0)
        if (isTheOne && isLost) return crash()
        await inner.commit(changes)
        if (isTheOne) return crash()
      },
    },
  }
}
