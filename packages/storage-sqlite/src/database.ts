import { toHex } from '@status-protocol/bytes'
import { PAGE_BYTES, unlock } from './cipher.ts'
import type { SqliteConnection, SqliteDriver } from './driver.ts'
import { SqliteStorageError, translated } from './error.ts'
import { headOf, sizeOf } from './files.ts'

/** The SQLite file, how to reach it and the key that it has now. */
export interface DatabaseFile {
  readonly driver: SqliteDriver
  readonly path: string
  readonly key: Uint8Array
}

/** WAL is cut back to this when it has been longer, so that one large commit does not leave a large file. */
const WAL_BYTES = 4 * 1024 * 1024

/**
 * Opens an existing file, alone, so that every commit is on the disk when it returns.
 *
 * @throws SqliteStorageError `wrong-key`, `not-encrypted`, `corrupt`, `locked`, `io`
 */
export function openDatabase({ driver: Driver, path, key }: DatabaseFile): SqliteConnection {
  const connection = translated(path, () => new Driver(path, { timeout: 0 }))
  try {
    translated(path, () => {
      unlock(connection, key)
      // From the first read until it is closed nobody else gets in, and the index of the WAL stays in memory.
      connection.pragma('locking_mode = EXCLUSIVE')
    })
    readFirstPage(connection, path)
    translated(path, () => configure(connection))
    checkSize(connection, path)
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

/** The first read is where a wrong key shows: the first page's MAC does not fit. */
function readFirstPage(connection: SqliteConnection, path: string): void {
  try {
    connection.prepare('SELECT count(*) FROM sqlite_schema').get()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'SQLITE_NOTADB'))
      translated(path, () => {
        throw error
      })
    throw whyNoDatabase(path)
  }
}

function whyNoDatabase(path: string): SqliteStorageError {
  const fail = (code: 'not-encrypted' | 'corrupt' | 'wrong-key', message: string) =>
    new SqliteStorageError(code, `${path}: ${message}`, { file: path })
  if (toHex(headOf(path, 16)) === SQLITE_HEADER)
    return fail('not-encrypted', 'a SQLite database without encryption; this one is somebody else’s')
  if (sizeOf(path) % PAGE_BYTES !== 0) return fail('corrupt', 'cut off; restore it from a backup')
  return fail(
    'wrong-key',
    'the key (the password) is not the one it was written with, or its start is damaged',
  )
}

/** "SQLite format 3" and a zero byte. */
const SQLITE_HEADER = '53514c69746520666f726d6174203300'

function configure(connection: SqliteConnection): void {
  if (connection.pragma('journal_mode = WAL', { simple: true }) !== 'wal')
    throw new SqliteStorageError('io', 'journal_mode: SQLite refused WAL')
  // FULL: the WAL is synced at every commit. The two of macOS: a plain fsync there leaves data in the drive's cache.
  for (const setting of ['synchronous = FULL', 'fullfsync = ON', 'checkpoint_fullfsync = ON'])
    connection.pragma(setting)
  // Temporary files would not be encrypted.
  connection.pragma('temp_store = MEMORY')
  // What is deleted (a used message key) is overwritten, not only forgotten.
  connection.pragma('secure_delete = ON')
  connection.pragma(`journal_size_limit = ${WAL_BYTES}`)
  // Do not believe a damaged file.
  connection.pragma('cell_size_check = ON')
  connection.pragma('trusted_schema = OFF')
}

/**
 * SQLite reads what is missing at the end of a file as zeros, without asking for a MAC. So: first everything that a
 * killed process left in the log moves into the file, then the file is as long as it says.
 */
function checkSize(connection: SqliteConnection, path: string): void {
  emptyLog(connection, path)
  const pages = Number(translated(path, () => connection.pragma('page_count', { simple: true })))
  if (sizeOf(path) !== pages * PAGE_BYTES)
    throw new SqliteStorageError('corrupt', `${path}: cut off; restore it from a backup`, { file: path })
}

/**
 * Moves everything from the log into the file, so that the file alone can be copied once it is closed. What is open stays
 * open. @throws SqliteStorageError where it does not fit
 */
export function emptyLog(connection: SqliteConnection, path: string): void {
  translated(path, () => connection.pragma('wal_checkpoint(TRUNCATE)'))
  if (sizeOf(`${path}-wal`) > 0)
    throw new SqliteStorageError('io', `${path}: its write-ahead log could not be emptied`, { file: path })
}
