/** The archive's file: tables, settings, upgrades. Not encrypted: envelopes are. */
import { existsSync } from 'node:fs'
import type { SqliteConnection, SqliteDriver } from '../driver.ts'
import { SqliteStorageError, translated } from '../error.ts'
import { createFile } from '../files.ts'

/** Seconds of one stretch of `envelopes`: what is written lands close together, and one topic's day is 24 reads. */
export const STRETCH_SECONDS = 3600

/**
 * The n-th of these takes a file from version n to n + 1 (`PRAGMA user_version`). Never changed once released.
 *
 * `envelopes` is clustered by hour, topic, time of sending and hash, so that a page of one topic is read from
 * neighbouring pages of the file and other topics are never touched; `by_time` is the order of cursors over all topics.
 * `topics` is what bloom filters are compared with: every topic once, with the last hour in which it was used.
 * Topics are stored as signed 32-bit integers.
 */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE envelopes (
     hour INTEGER NOT NULL, topic INTEGER NOT NULL, sent INTEGER NOT NULL, hash BLOB NOT NULL, rlp BLOB NOT NULL,
     PRIMARY KEY (hour, topic, sent, hash)
   ) WITHOUT ROWID;
   CREATE INDEX by_time ON envelopes (sent, hash);
   CREATE TABLE topics (topic INTEGER PRIMARY KEY, last_hour INTEGER NOT NULL);
   CREATE TABLE totals (envelopes INTEGER NOT NULL, bytes INTEGER NOT NULL);
   INSERT INTO totals VALUES (0, 0)`,
]

/** Large, so that a page of history lies on few of them, and few change with a batch. */
const PAGE_BYTES = 16_384
/** KiB of pages that are kept in memory: the current hour of a busy server. */
const CACHE_KIB = 64 * 1024
/** Pages in the log before they move into the file: with less, a busy server writes the same pages over and over. */
const CHECKPOINT_PAGES = 2_000
const WAL_BYTES = 64 * 1024 * 1024

/**
 * Opens the file, or creates it, alone; every commit is on the disk when it returns.
 *
 * @throws SqliteStorageError `too-new`, `corrupt`, `locked`, `io`
 */
export function openArchive(Driver: SqliteDriver, path: string): SqliteConnection {
  return translated(path, () => {
    if (!existsSync(path)) createFile(path)
    const connection = new Driver(path, { timeout: 0 })
    try {
      configure(connection)
      upgrade(connection, path)
      return connection
    } catch (error) {
      connection.close()
      throw error
    }
  })
}

function configure(connection: SqliteConnection): void {
  connection.pragma(`page_size = ${PAGE_BYTES}`) // of a new file; an old one keeps what it has
  connection.pragma('locking_mode = EXCLUSIVE')
  if (connection.pragma('journal_mode = WAL', { simple: true }) !== 'wal')
    throw new SqliteStorageError('io', 'journal_mode: SQLite refused WAL')
  for (const setting of [
    'synchronous = FULL', // the log is synced at every commit
    'fullfsync = ON', // macOS: a plain fsync leaves data in the drive's cache
    'checkpoint_fullfsync = ON',
    `cache_size = -${CACHE_KIB}`,
    `wal_autocheckpoint = ${CHECKPOINT_PAGES}`,
    `journal_size_limit = ${WAL_BYTES}`,
    'temp_store = MEMORY',
    'cell_size_check = ON',
    'trusted_schema = OFF',
  ])
    connection.pragma(setting)
}

function upgrade(connection: SqliteConnection, path: string): void {
  const version = Number(connection.pragma('user_version', { simple: true }))
  if (version > MIGRATIONS.length)
    throw new SqliteStorageError(
      'too-new',
      `${path}: written by a newer version (format ${version}, this one knows ${MIGRATIONS.length}): upgrade this program`,
      { file: path, found: version, supported: MIGRATIONS.length },
    )
  if (version < MIGRATIONS.length)
    connection.exec(
      `BEGIN EXCLUSIVE; ${MIGRATIONS.slice(version).join(';')}; PRAGMA user_version = ${MIGRATIONS.length}; COMMIT`,
    )
}
