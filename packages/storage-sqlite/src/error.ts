import { CodedError } from '@status-protocol/bytes'

export type SqliteStorageErrorCode =
  /** An argument is not what it should be: the key's length, a change's form. */
  | 'invalid-argument'
  /** There is no working SQLite on this machine; `details.reason` is one of {@link DriverProblem}. */
  | 'driver-unavailable'
  /** Another process (or another part of this one) owns the data directory; `details.pid` if it is known. */
  | 'locked'
  /** The key does not open the file, or the file's first page is damaged: encryption makes them look the same. */
  | 'wrong-key'
  /** The file is there and is not ours: SQLite without encryption, or no database at all. */
  | 'not-encrypted'
  /** A newer version of this package wrote the file; `details.found` and `details.supported`. */
  | 'too-new'
  /** Bytes of the file are not what was written. */
  | 'corrupt'
  | 'disk-full'
  /** The file system said no; `details.cause` is its code (`EACCES`, `SQLITE_IOERR_FSYNC`, ...). */
  | 'io'
  | 'closed'

/** Why there is no SQLite: see {@link SqliteStorageErrorCode} `driver-unavailable`. */
export type DriverProblem = 'not-installed' | 'needs-newer-node' | 'built-for-another-node' | 'not-built'

/** What this package throws; `code` is one of {@link SqliteStorageErrorCode}. Never holds keys, values or table contents. */
export class SqliteStorageError extends CodedError<SqliteStorageErrorCode> {}

/** Runs `action`; what SQLite or the file system throws becomes a {@link SqliteStorageError} that names `file`. */
export function translated<T>(file: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    throw translate(error, file)
  }
}

function translate(error: unknown, file: string): unknown {
  if (error instanceof SqliteStorageError) return error
  const cause = causeOf(error)
  if (cause === undefined) return error
  const fail = (code: SqliteStorageErrorCode, message: string) =>
    new SqliteStorageError(code, `${file}: ${message}`, { file, cause })
  if (/^SQLITE_(BUSY|LOCKED)/.test(cause)) return inUse(file)
  if (/^SQLITE_(CORRUPT|NOTADB)|^SQLITE_IOERR_(SHORT_READ|DATA|CORRUPTFS)/.test(cause))
    return fail('corrupt', `damaged (${cause}); restore it from a backup`)
  if (cause === 'SQLITE_FULL' || cause === 'ENOSPC')
    return fail('disk-full', 'no space left; nothing was written')
  if (cause === 'SQLITE_TOOBIG') return fail('invalid-argument', 'a key or a value is larger than 1 GB')
  return fail('io', `cannot be read or written (${cause})`)
}

/** The code of an error of SQLite (`SQLITE_...`) or of the system (`EACCES`); undefined for bugs of our own. */
function causeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined
  return /^(SQLITE_|ERR_FS_|E[A-Z0-9]+$)/.test(error.code) ? error.code : undefined
}

export function inUse(directory: string, pid?: number): SqliteStorageError {
  const owner =
    pid === undefined ? 'another process' : pid === process.pid ? 'this process already' : `process ${pid}`
  return new SqliteStorageError(
    'locked',
    `${directory} is in use by ${owner}: stop it, talk to it instead, or use another data directory`,
    { directory, ...(pid !== undefined && { pid }) },
  )
}
