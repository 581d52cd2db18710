/** The store as the rest of the messenger sees it: whatever an adapter throws comes out as one error of this package. */
import type { Storage } from '@status-protocol/ports'
import { MessengerError } from './error.ts'

/**
 * Errors of the store become `storage-failed`. Whether a commit that failed was applied is not known then: nothing that
 * it would have changed may be remembered.
 */
export function guarded(storage: Storage): Storage {
  return {
    get: (table, key) => attempt('read', () => storage.get(table, key)),
    async *range(table, from, to, limit) {
      const entries = storage.range(table, from, to, limit)[Symbol.asyncIterator]()
      try {
        for (;;) {
          const next = await attempt('read', () => entries.next())
          if (next.done) return
          yield next.value
        }
      } finally {
        await entries.return?.()
      }
    },
    commit: (changes) => attempt('write', () => storage.commit(changes)),
  }
}

export function isStorageFailure(error: unknown): boolean {
  return error instanceof MessengerError && error.code === 'storage-failed'
}

async function attempt<T>(what: 'read' | 'write', run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new MessengerError('storage-failed', `the store could not ${what}: ${reason}`)
  }
}
