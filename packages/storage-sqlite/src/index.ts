/**
 * The storage port of the Status Protocol in one encrypted SQLite file.
 *
 * ```ts
 * import { createSqliteStorage } from '@status-protocol/storage-sqlite'
 * const storage = await createSqliteStorage({ directory: './alice', key: account.databaseKey })
 * ```
 *
 * A commit is on the disk when it resolves; one process owns the directory; what can go wrong has a code.
 */
export type { SqliteConnection, SqliteDriver, SqliteStatement } from './driver.ts'
export { type DriverProblem, SqliteStorageError, type SqliteStorageErrorCode } from './error.ts'
export { type DirectoryLock, lockDirectory } from './lock.ts'
export {
  createSqliteStorage,
  DATABASE_FILE,
  type IndexingProgress,
  type SqliteStorage,
  type SqliteStorageOptions,
} from './storage.ts'
