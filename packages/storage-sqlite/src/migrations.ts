import { readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type DatabaseFile, emptyLog, openDatabase } from './database.ts'
import type { SqliteConnection } from './driver.ts'
import { SqliteStorageError, translated } from './error.ts'
import { copyIntoPlace, createFile, moveIntoPlace } from './files.ts'

/**
 * The n-th of these takes a file from version n to n + 1 (`PRAGMA user_version`; an empty file is version 0). They are
 * never changed once released and there is no way back.
 */
export const MIGRATIONS: readonly string[] = [
  // A table of the port is a name; keys are ordered as memcmp has it, which is how SQLite compares blobs.
  `CREATE TABLE entries (
     name TEXT NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY (name, key)
   ) WITHOUT ROWID`,
  // The index of texts (text-index.ts): the source that it is of, the numbers of its entries, their words. Nothing of a
  // deleted text stays in it.
  `CREATE TABLE text_source (name TEXT NOT NULL, version INTEGER NOT NULL, next BLOB);
   CREATE TABLE text_entries (id INTEGER PRIMARY KEY, key BLOB NOT NULL);
   CREATE VIRTUAL TABLE texts USING fts5(words, labels, content='', columnsize=0, tokenize='ascii');
   INSERT INTO texts (texts, rank) VALUES ('secure-delete', 1)`,
]

/** A new file of the newest version. It takes its name when it is complete: a crash leaves none. */
export function createDatabase(file: DatabaseFile, migrations: readonly string[] = MIGRATIONS): void {
  const unfinished = { ...file, path: `${file.path}.unfinished` }
  translated(file.path, () => {
    for (const rest of ['', '-wal', '-journal']) rmSync(`${unfinished.path}${rest}`, { force: true })
    createFile(unfinished.path)
  })
  const connection = openDatabase(unfinished)
  try {
    upgrade(connection, file.path, migrations)
    emptyLog(connection, unfinished.path)
  } finally {
    connection.close()
  }
  translated(file.path, () => moveIntoPlace(unfinished.path, file.path))
}

/**
 * Opens a file and brings it to the newest version. Before anything is changed a copy is made beside it,
 * `NAME.version-N`, still encrypted; it is kept until the next upgrade or change of key.
 *
 * @throws SqliteStorageError `too-new`, and what {@link openDatabase} throws
 */
export function openUpgraded(
  file: DatabaseFile,
  migrations: readonly string[] = MIGRATIONS,
): SqliteConnection {
  let connection = openDatabase(file)
  try {
    const version = versionOf(connection, file.path)
    if (version > migrations.length) throw tooNew(file.path, version, migrations.length)
    if (version === migrations.length) return connection
    emptyLog(connection, file.path)
    connection.close()
    translated(file.path, () => {
      const backup = `${file.path}.version-${version}`
      copyIntoPlace(file.path, backup)
      removeBackups(file.path, backup)
    })
    connection = openDatabase(file)
    upgrade(connection, file.path, migrations)
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

/** All that is missing in one transaction. */
function upgrade(connection: SqliteConnection, path: string, migrations: readonly string[]): void {
  translated(path, () => {
    const version = versionOf(connection, path)
    connection.exec(
      `BEGIN EXCLUSIVE; ${migrations.slice(version).join(';')}; PRAGMA user_version = ${migrations.length}; COMMIT`,
    )
  })
}

function versionOf(connection: SqliteConnection, path: string): number {
  return Number(translated(path, () => connection.pragma('user_version', { simple: true })))
}

/** The copies that upgrades left; they hold what has been deleted since, under the key of then. */
export function removeBackups(path: string, except?: string): void {
  for (const name of readdirSync(dirname(path))) {
    const found = join(dirname(path), name)
    if (name.startsWith(`${basename(path)}.version-`) && found !== except) rmSync(found)
  }
}

function tooNew(path: string, found: number, supported: number): SqliteStorageError {
  return new SqliteStorageError(
    'too-new',
    `${path}: written by a newer version (format ${found}, this one knows ${supported}): upgrade this program`,
    { file: path, found, supported },
  )
}
