/**
 * The storage port of the Status Protocol in a browser: ordered tables over IndexedDB, one tab at a time.
 *
 * ```ts
 * import { aesGcmCipher, createIndexedDbStorage } from '@status-protocol/storage-indexeddb'
 * const cipher = aesGcmCipher({ key: account.databaseKey })
 * const storage = await createIndexedDbStorage({ name: 'alice', cipher })
 * ```
 *
 * Without a cipher nothing is encrypted; with one, values are and keys are not: see the README.
 */
export { aesGcmCipher, type RecordCipher } from './cipher.ts'
export { IndexedDbStorageError, type IndexedDbStorageErrorCode } from './error.ts'
export type { TabLocks } from './lock.ts'
export {
  createIndexedDbStorage,
  type IndexedDbStorage,
  type IndexedDbStorageOptions,
} from './storage.ts'
