import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { loadDriver, type SqliteConnection, type SqliteDriver } from './driver.ts'
import { inUse, SqliteStorageError, translated } from './error.ts'
import { createFile, ensureDirectory } from './files.ts'

/** Held from `lockDirectory` until `release`, or until the process ends in whatever way. */
export interface DirectoryLock {
  /** Absolute. */
  readonly directory: string
  release(): void
}

/**
 * Makes this the only owner of a data directory, which is created if need be (mode 0700).
 *
 * The lock is the operating system's on the empty SQLite file `lock.db`, so that it ends with its process, `kill -9`
 * included, and there is nothing to clean up. It holds between processes and between parts of one process. Not on
 * network file systems without working locks.
 *
 * @throws SqliteStorageError `locked` with the owner's process id if it is known, `driver-unavailable`, `io`
 */
export function lockDirectory(path: string, options: { readonly driver?: SqliteDriver } = {}): DirectoryLock {
  const Driver = options.driver ?? loadDriver()
  const directory = resolve(path)
  const file = join(directory, 'lock.db')
  const connection = translated(file, () => {
    ensureDirectory(directory)
    if (!existsSync(file)) createFileUnlessThere(file)
    return new Driver(file, { timeout: 0 })
  })
  try {
    translated(file, () => acquire(connection))
  } catch (error) {
    connection.close()
    const isLocked = error instanceof SqliteStorageError && error.code === 'locked'
    throw isLocked ? inUse(directory, ownerOf(directory)) : error
  }
  tellOwner(directory)
  const lock: DirectoryLock = {
    directory,
    release() {
      if (!held.delete(lock)) return
      rmSync(ownerFile(directory), { force: true })
      connection.close()
    },
  }
  held.add(lock)
  return lock
}

/** Kept from being collected, which would close them. BOUNDED by the directories that this process has locked. */
const held = new Set<DirectoryLock>()

function acquire(connection: SqliteConnection): void {
  connection.pragma('locking_mode = EXCLUSIVE')
  connection.pragma('journal_mode = MEMORY') // nothing is written: no file for it either
  connection.exec('BEGIN EXCLUSIVE')
}

/** Two processes may start at once; the lock decides between them, not this. */
function createFileUnlessThere(file: string): void {
  try {
    createFile(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

/** Only for the message to the one who comes second; nothing depends on it. */
const ownerFile = (directory: string) => join(directory, 'lock.pid')

function tellOwner(directory: string): void {
  try {
    writeFileSync(ownerFile(directory), `${process.pid}\n`, { mode: 0o600 })
  } catch {}
}

function ownerOf(directory: string): number | undefined {
  try {
    const pid = Number(readFileSync(ownerFile(directory), 'utf8'))
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined
  } catch {
    return undefined
  }
}
