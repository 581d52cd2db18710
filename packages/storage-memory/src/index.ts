/**
 * The storage ports of all layers, in memory: for tests, for browsers without IndexedDB, for a first try.
 *
 * ```ts
 * import { createMemoryStorage } from '@status-protocol/storage-memory'
 * const storage = createMemoryStorage()
 * ```
 */
export { createMemoryArchive } from './archive.ts'
export { createMemoryStorage } from './storage.ts'
