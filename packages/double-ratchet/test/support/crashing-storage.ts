/** A store whose commits can be cut short: before anything is written, in the middle (all or nothing), or right after. */
import type { Change, Storage } from '@status-protocol/ports'
import { createMemoryStorage } from '@status-protocol/storage-memory'

export type CrashAt = 'before' | 'during' | 'after'
export const CRASHES: readonly CrashAt[] = ['before', 'during', 'after']

export class Crash extends Error {
  /** Whether the changes are in the store. */
  readonly isWritten: boolean

  constructor(isWritten: boolean) {
    super('the process was killed')
    this.isWritten = isWritten
  }
}

export interface CrashingStorage extends Storage {
  /** Commits so far. */
  readonly commits: number
  /** The next commit is cut short. */
  crashNext(at: CrashAt): void
}

/** @param onCommit called before each commit: how to cut it short, if at all */
export function crashingStorage(onCommit: () => CrashAt | undefined = () => undefined): CrashingStorage {
  const inner = createMemoryStorage()
  let planned: CrashAt | undefined
  let commits = 0
  return {
    get: inner.get.bind(inner),
    range: inner.range.bind(inner),
    get commits() {
      return commits
    },
    crashNext(at) {
      planned = at
    },
    async commit(changes: readonly Change[]) {
      commits++
      const at = planned ?? onCommit()
      planned = undefined
      // Stores are atomic: in the middle of a commit means that it happened or that it did not.
      const isWritten = at !== 'before' && (at !== 'during' || commits % 2 === 0)
      if (isWritten || at === undefined) await inner.commit(changes)
      if (at !== undefined) throw new Crash(isWritten)
    },
  }
}
