import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Change, Storage, TextPlace, TextQuery, TextSearch, TextSource } from '@status-protocol/ports'
import { checkChanges, checkLookup } from './arguments.ts'
import { copyOfKey, PAGE_BYTES } from './cipher.ts'
import { type DatabaseFile, emptyLog } from './database.ts'
import { loadDriver, type SqliteConnection, type SqliteDriver } from './driver.ts'
import { SqliteStorageError, translated } from './error.ts'
import { sizeOf } from './files.ts'
import { type DirectoryLock, lockDirectory } from './lock.ts'
import { createDatabase, openUpgraded } from './migrations.ts'
import { removeRekeyed, rewriteWithKey } from './rekey.ts'
import { prepare, type Statements } from './statements.ts'

/** The database's name in its data directory; SQLite adds `-wal` while it is open. */
export const DATABASE_FILE = 'status.db'

export interface SqliteStorageOptions {
  /** The data directory; created with mode 0700 if it is not there. One process owns it at a time. */
  readonly directory: string
  /** 32 bytes, unpredictable: an account's database key, not a password. Copied; yours to wipe. */
  readonly key: Uint8Array
  /** A lock of this directory that you hold already, and go on holding. Without it the storage takes one and gives it back. */
  readonly lock?: DirectoryLock
  /**
   * Whose texts are to be found, with {@link SqliteStorage.texts}. A file that was used without, or with another source,
   * is indexed anew beside other work; until that is done, searches wait.
   */
  readonly texts?: TextSource
  /** Told how far that is, in entries of the source's table that were not indexed when it began. */
  readonly onIndexing?: (progress: IndexingProgress) => void
  /** Another build of SQLite than the installed `better-sqlite3-multiple-ciphers`. */
  readonly driver?: SqliteDriver
}

export interface IndexingProgress {
  readonly done: number
  readonly total: number
}

export interface SqliteStorage extends Storage {
  readonly texts: TextSearch | undefined
  /**
   * Encrypts everything under another 32-byte key, as one step: after a crash the file opens with the old key or with
   * the new one. Blocks for about a second per 100 MB and needs that much room again.
   */
  rekey(newKey: Uint8Array): Promise<void>
  /** Gives the directory back and wipes the key. Everything after it rejects with `closed`; a second call does nothing. */
  close(): Promise<void>
}

/**
 * Opens the {@link Storage} in a data directory, or creates it.
 *
 * @throws SqliteStorageError with a code for each way it can go wrong: see {@link SqliteStorageErrorCode}
 */
export async function createSqliteStorage(options: SqliteStorageOptions): Promise<SqliteStorage> {
  const key = copyOfKey(options.key)
  let lock = options.lock
  try {
    const driver = options.driver ?? loadDriver()
    lock ??= lockDirectory(options.directory, { driver })
    checkLock(lock, options.directory)
    const file: DatabaseFile = { driver, path: join(lock.directory, DATABASE_FILE), key }
    createIfMissing(file)
    const database = openPrepared(file, options.texts)
    return new OpenStorage(file, database, lock === options.lock ? undefined : lock, options)
  } catch (error) {
    key.fill(0)
    if (lock !== options.lock) lock?.release()
    throw error
  }
}

function createIfMissing(file: DatabaseFile): void {
  translated(file.path, () => removeRekeyed(file.path))
  if (!existsSync(file.path)) {
    // A log without its file: opening a new file would replay it there.
    if (existsSync(`${file.path}-wal`))
      throw damaged(file.path, 'is gone, its write-ahead log is still there')
    createDatabase(file)
  } else if (sizeOf(file.path) < PAGE_BYTES) throw damaged(file.path, 'is cut off') // SQLite would start anew
}

interface Database {
  readonly connection: SqliteConnection
  readonly statements: Statements
}

function openPrepared(file: DatabaseFile, source: TextSource | undefined): Database {
  const connection = openUpgraded(file)
  try {
    return { connection, statements: translated(file.path, () => prepare(connection, source)) }
  } catch (error) {
    connection.close()
    throw error
  }
}

function checkLock(lock: DirectoryLock, directory: string): void {
  if (lock.directory === resolve(directory)) return
  const expected = `expected that of ${resolve(directory)}, got that of ${lock.directory}`
  throw new SqliteStorageError('invalid-argument', `lock: ${expected}`)
}

function damaged(path: string, what: string): SqliteStorageError {
  return new SqliteStorageError('corrupt', `${path} ${what}; restore it from a backup`, { file: path })
}

/** Every method works synchronously between its awaits, so none sees another one's half-done work. */
class OpenStorage implements SqliteStorage {
  readonly texts: TextSearch | undefined
  readonly #lock: DirectoryLock | undefined
  readonly #options: Pick<SqliteStorageOptions, 'texts' | 'onIndexing'>
  #file: DatabaseFile
  #database: Database
  #isClosed = false
  /** Resolves when all texts are in the index. */
  #indexing: Promise<void> | undefined

  constructor(
    file: DatabaseFile,
    database: Database,
    lock: DirectoryLock | undefined,
    options: Pick<SqliteStorageOptions, 'texts' | 'onIndexing'>,
  ) {
    this.#file = file
    this.#lock = lock
    this.#database = database
    this.#options = options
    if (!options.texts) return
    this.texts = { find: (query) => this.#find(query) }
    if (database.statements.texts?.next) this.#index()
  }

  async get(table: string, key: Uint8Array): Promise<Uint8Array | undefined> {
    checkLookup(table, { key })
    return this.#use((statements) => statements.get(table, key))
  }

  async *range(
    table: string,
    from: Uint8Array,
    to: Uint8Array,
    limit: number,
  ): AsyncGenerator<readonly [Uint8Array, Uint8Array], void, undefined> {
    checkLookup(table, { from, to })
    const end = copyOf(to)
    let start = { key: copyOf(from), isIncluded: true }
    for (let left = limit; left > 0; ) {
      const { entries, isLast } = this.#use((statements) => statements.page(table, start, end, left))
      const last = entries.at(-1)
      if (last) start = { key: copyOf(last[0]), isIncluded: false }
      yield* entries
      if (isLast) return
      left -= entries.length
    }
  }

  async *rangeBack(
    table: string,
    from: Uint8Array,
    to: Uint8Array,
    limit: number,
  ): AsyncGenerator<readonly [Uint8Array, Uint8Array], void, undefined> {
    checkLookup(table, { from, to })
    const start = copyOf(from)
    let end = copyOf(to)
    for (let left = limit; left > 0; ) {
      const { entries, isLast } = this.#use((statements) => statements.pageBack(table, start, end, left))
      const last = entries.at(-1)
      if (last) end = copyOf(last[0])
      yield* entries
      if (isLast) return
      left -= entries.length
    }
  }

  async #find(query: TextQuery): Promise<readonly TextPlace[]> {
    // What failed to be indexed, perhaps for want of room on the disk, is tried again by whoever looks for something.
    await this.#indexing?.catch(() => this.#index())
    return this.#use(({ texts }) => texts?.find(query) ?? [])
  }

  #index(): Promise<void> {
    const run = async (): Promise<void> => {
      const { onIndexing } = this.#options
      const total = onIndexing ? this.#use((statements) => statements.toIndex()) : 0
      for (let [done, isMore] = [0, true]; isMore; ) {
        await nextTurn()
        const some = this.#use((statements) => statements.indexSome())
        done += some.count
        isMore = some.isMore
        onIndexing?.({ done, total: Math.max(done, total) })
      }
    }
    this.#indexing = run()
    this.#indexing.catch(() => undefined)
    return this.#indexing
  }

  async commit(changes: readonly Change[]): Promise<void> {
    checkChanges(changes)
    this.#use((statements) => statements.commit(changes))
    // The disk was waited for without leaving this turn of the event loop; let sockets and timers have the next one.
    await nextTurn()
  }

  async rekey(newKey: Uint8Array): Promise<void> {
    const next = { ...this.#file, key: copyOfKey(newKey) }
    this.#use(() => emptyLog(this.#database.connection, this.#file.path))
    this.#database.connection.close()
    try {
      rewriteWithKey(this.#file, next.key)
    } finally {
      this.#reopen(next)
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    // Moves the log into the file if it can; if not, the next one to open does.
    this.#database.connection.close()
    this.#file.key.fill(0)
    this.#lock?.release()
  }

  #use<T>(action: (statements: Statements) => T): T {
    if (this.#isClosed)
      throw new SqliteStorageError('closed', 'the storage is closed', { file: this.#file.path })
    return translated(this.#file.path, () => action(this.#database.statements))
  }

  /** After a change of key, also one that failed: the key that opens the file is the one it has. */
  #reopen(next: DatabaseFile): void {
    const previous = this.#file
    try {
      ;[this.#file, this.#database] = openWithEither(next, previous, this.#options.texts)
    } catch (error) {
      void this.close()
      throw error
    } finally {
      for (const { key } of [previous, next]) if (this.#isClosed || key !== this.#file.key) key.fill(0)
    }
  }
}

function openWithEither(
  next: DatabaseFile,
  previous: DatabaseFile,
  source: TextSource | undefined,
): [DatabaseFile, Database] {
  try {
    return [next, openPrepared(next, source)]
  } catch (error) {
    if (!(error instanceof SqliteStorageError && error.code === 'wrong-key')) throw error
    return [previous, openPrepared(previous, source)]
  }
}

/** Not `slice`, which shares memory if somebody hands in a Buffer. */
const copyOf = (bytes: Uint8Array): Uint8Array => Uint8Array.from(bytes)

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))
