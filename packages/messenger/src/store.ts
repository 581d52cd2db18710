/** The store as the rest of the messenger sees it: whatever an adapter throws comes out as one error of this package. */
import type { Storage, TextQuery } from '@status-protocol/ports'
import { MessengerError } from './error.ts'

/**
 * Errors of the store become `storage-failed`. Whether a commit that failed was applied is not known then: nothing that
 * it would have changed may be remembered.
 */
export function guarded(storage: Storage): Storage {
  const back = storage.rangeBack?.bind(storage)
  return {
    get: (table, key) => attempt('read', () => storage.get(table, key)),
    range: (...where) => guardedEntries(storage.range(...where)),
    ...(back && { rangeBack: (...where: Parameters<typeof back>) => guardedEntries(back(...where)) }),
    get texts() {
      const { texts } = storage
      return texts && { find: (query: TextQuery) => attempt('read', () => texts.find(query)) }
    },
    commit: (changes) => attempt('write', () => storage.commit(changes)),
  }
}

async function* guardedEntries<T>(source: AsyncIterable<T>): AsyncIterable<T> {
  const entries = source[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await attempt('read', () => entries.next())
      if (next.done) return
      yield next.value
    }
  } finally {
    await entries.return?.()
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
