/**
 * The archive of a mailserver in one SQLite file.
 *
 * ```ts
 * import { createSqliteArchive } from '@status-protocol/storage-sqlite/archive'
 * const archive = await createSqliteArchive({ directory: './mail' })
 * await archive.putBatch(envelopes) // on the disk now
 * ```
 *
 * Not encrypted, since envelopes are. A query by topics reads only those topics.
 */
import { existsSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import {
  type ArchiveDigest,
  type ArchiveMatch,
  type ArchiveQuery,
  type ArchiveSize,
  CURSOR_BYTES,
  type EnvelopeArchive,
  type PruneRule,
} from '@status-protocol/mailserver'
import { bloomMatchesTopic, decodeEnvelope, type Envelope } from '@status-protocol/whisper'
import { loadDriver, type SqliteConnection, type SqliteDriver } from '../driver.ts'
import { SqliteStorageError, translated } from '../error.ts'
import { createFile, moveIntoPlace } from '../files.ts'
import { type DirectoryLock, lockDirectory } from '../lock.ts'
import { openArchive } from './schema.ts'
import { hourOf, MAX_TOPIC_SEEKS, type Place, Statements, type Wanted } from './statements.ts'
import { columnOf, topicOfColumn } from './topics.ts'

/** The archive's name in its directory; SQLite adds `-wal` while it is open. */
export const ARCHIVE_FILE = 'archive.db'

export interface SqliteArchiveOptions {
  /** Created with mode 0700 if it is not there. One process owns it at a time. */
  readonly directory: string
  /** A lock of this directory that you hold already, and go on holding. Without it the archive takes one. */
  readonly lock?: DirectoryLock
  /** Another build of SQLite than the installed `better-sqlite3-multiple-ciphers`. */
  readonly driver?: SqliteDriver
}

export interface SqliteArchive extends EnvelopeArchive {
  /** A whole copy of this moment or a later one, made while the archive goes on working. Needs room for it. */
  backup(path: string): Promise<void>
  /** Reads every page and index of the file. Blocks for about a second per 500 MB. @throws SqliteStorageError `corrupt` */
  check(): Promise<void>
  /** Waits for batches on their way and gives the directory back. Everything after it rejects with `closed`. */
  close(): Promise<void>
}

/** In one transaction, so that many small batches cost one sync of the disk; more would block the event loop for long. */
const MAX_PER_TRANSACTION = 2_000
const BACKUP_PAGES_A_STEP = 256

/** @throws SqliteStorageError with a code for each way it can go wrong */
export async function createSqliteArchive(options: SqliteArchiveOptions): Promise<SqliteArchive> {
  const driver = options.driver ?? loadDriver()
  const { lock } = options
  if (lock && lock.directory !== resolve(options.directory))
    throw new SqliteStorageError(
      'invalid-argument',
      `lock: expected that of ${resolve(options.directory)}, got that of ${lock.directory}`,
    )
  const taken = lock ? undefined : lockDirectory(options.directory, { driver })
  const path = join(resolve(options.directory), ARCHIVE_FILE)
  try {
    const connection = openArchive(driver, path)
    try {
      return new OpenArchive(
        path,
        connection,
        translated(path, () => new Statements(connection)),
        taken,
      )
    } catch (error) {
      connection.close()
      throw error
    }
  } catch (error) {
    taken?.release()
    throw error
  }
}

/** A batch that waits for its transactions. */
interface Waiting {
  readonly envelopes: readonly Envelope[]
  /** How many of them have been written. */
  written: number
  stored: number
  resolve(result: { stored: number; known: number }): void
  reject(error: unknown): void
}

class OpenArchive implements SqliteArchive {
  readonly #path: string
  readonly #connection: SqliteConnection
  readonly #statements: Statements
  readonly #lock: DirectoryLock | undefined
  /** BOUNDED by the callers: each waits for its batch. */
  readonly #waiting: Waiting[] = []
  #writing: Promise<void> | undefined
  /** Copies that are being made. BOUNDED by the callers. */
  readonly #copies = new Set<string>()
  #isClosed = false

  constructor(
    path: string,
    connection: SqliteConnection,
    statements: Statements,
    lock: DirectoryLock | undefined,
  ) {
    this.#path = path
    this.#connection = connection
    this.#statements = statements
    this.#lock = lock
  }

  putBatch(envelopes: readonly Envelope[]): Promise<{ stored: number; known: number }> {
    if (this.#isClosed) return Promise.reject(closed(this.#path))
    return new Promise((resolve, reject) => {
      this.#waiting.push({ envelopes, written: 0, stored: 0, resolve, reject })
      this.#writing ??= this.#write()
    })
  }

  async *query(
    { fromUnixSeconds, toUnixSeconds, limit, after, match }: ArchiveQuery,
    signal: AbortSignal,
  ): AsyncGenerator<Envelope, void, undefined> {
    let place: Place | undefined = firstPlace(fromUnixSeconds, after)
    const wanted = this.#use((s) => wantedOf(match, s, hourOf(place?.sent ?? 0)))
    for (let left = limit; left > 0 && place !== undefined; ) {
      const from: Place = place
      const slice = this.#use((s) => s.slice(wanted, from, toUnixSeconds, left))
      for (const rlp of slice.rlps) {
        if (signal.aborted) return
        yield decoded(rlp, this.#path)
      }
      left -= slice.rlps.length
      place = slice.next
      await nextTurn()
      if (signal.aborted) return
    }
  }

  async *digest(
    fromUnixSeconds: number,
    toUnixSeconds: number,
    bucketSeconds: number,
  ): AsyncGenerator<ArchiveDigest, void, undefined> {
    let place: Place | undefined = firstPlace(fromUnixSeconds, undefined)
    let bucket: { start: number; count: number; hash: Uint8Array } | undefined
    while (place !== undefined) {
      const from: Place = place
      const { keys, next } = this.#use((s) => s.hashes(from, toUnixSeconds))
      for (const [sent, hash] of keys) {
        const start = fromUnixSeconds + Math.floor((sent - fromUnixSeconds) / bucketSeconds) * bucketSeconds
        if (bucket?.start !== start) {
          if (bucket) yield bucket
          bucket = { start, count: 0, hash: new Uint8Array(32) }
        }
        bucket.count++
        for (let i = 0; i < 32; i++) bucket.hash[i] = (bucket.hash[i] as number) ^ (hash[i] as number)
      }
      place = next
      await nextTurn()
    }
    if (bucket) yield bucket
  }

  async prune(rule: PruneRule): Promise<number> {
    let deleted = 0
    for (;;) {
      const { bytes } = this.#use((s) => s.totals())
      const [before, excess] =
        'maxBytes' in rule
          ? [Number.MAX_SAFE_INTEGER, bytes - rule.maxBytes]
          : [rule.beforeUnixSeconds, Number.POSITIVE_INFINITY]
      if (excess <= 0) break
      const step = this.#use((s) => s.prune(before, excess))
      deleted += step.deleted
      await nextTurn()
      if (step.isDone) break
    }
    if (deleted > 0) this.#use((s) => s.forgetTopics())
    return deleted
  }

  async size(): Promise<ArchiveSize> {
    return this.#use((s) => s.totals())
  }

  async backup(path: string): Promise<void> {
    const unfinished = resolve(`${path}.unfinished`)
    if (existsSync(path))
      throw new SqliteStorageError('invalid-argument', `path: ${path} exists already`, { file: path })
    if (this.#copies.has(unfinished))
      throw new SqliteStorageError('invalid-argument', `path: a copy to ${path} is being made already`, {
        file: path,
      })
    this.#use(() => {})
    this.#copies.add(unfinished)
    try {
      rmSync(unfinished, { force: true })
      createFile(unfinished)
      await this.#connection.backup?.(unfinished, { progress: () => BACKUP_PAGES_A_STEP })
      moveIntoPlace(unfinished, path)
    } catch (error) {
      translated(path, () => {
        rmSync(unfinished, { force: true }) // what is left of it would take the room that others need
        throw this.#isClosed ? closed(this.#path) : error
      })
    } finally {
      this.#copies.delete(unfinished)
    }
  }

  async check(): Promise<void> {
    const said = this.#use(() => this.#connection.pragma('integrity_check(1)', { simple: true }))
    if (said !== 'ok') throw new SqliteStorageError('corrupt', `${this.#path}: ${said}`, { file: this.#path })
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.#writing
    this.#connection.close()
    this.#lock?.release()
  }

  /** Until nothing waits: takes what has come together, writes it in one transaction, lets others have their turn. */
  async #write(): Promise<void> {
    await nextTurn()
    while (this.#waiting.length > 0) {
      const taken = this.#take()
      try {
        const stored = translated(this.#path, () => this.#statements.put(taken.map(({ part }) => part)))
        for (const [i, { waiting, part }] of taken.entries()) {
          waiting.written += part.length
          waiting.stored += stored[i] as number
        }
      } catch (error) {
        for (const { waiting } of taken) {
          waiting.written = waiting.envelopes.length
          waiting.reject(error)
        }
      }
      for (let first = this.#waiting[0]; first && isWritten(first); first = this.#waiting[0]) {
        this.#waiting.shift()
        first.resolve({ stored: first.stored, known: first.envelopes.length - first.stored })
      }
      await nextTurn()
    }
    this.#writing = undefined
  }

  #take(): readonly { readonly waiting: Waiting; readonly part: readonly Envelope[] }[] {
    const taken = []
    let room = MAX_PER_TRANSACTION
    for (const waiting of this.#waiting) {
      const part = waiting.envelopes.slice(waiting.written, waiting.written + room)
      taken.push({ waiting, part })
      room -= part.length
      if (room <= 0) break
    }
    return taken
  }

  #use<T>(action: (statements: Statements) => T): T {
    if (this.#isClosed) throw closed(this.#path)
    return translated(this.#path, () => action(this.#statements))
  }
}

const isWritten = ({ written, envelopes }: Waiting) => written >= envelopes.length

function firstPlace(fromUnixSeconds: number, after: Uint8Array | undefined): Place {
  const from = { sent: fromUnixSeconds, hash: new Uint8Array(0) }
  if (after === undefined) return from
  if (after.length !== CURSOR_BYTES)
    throw new SqliteStorageError(
      'invalid-argument',
      `after: expected ${CURSOR_BYTES} bytes, got ${after.length}`,
    )
  const sent = new DataView(after.buffer, after.byteOffset, after.byteLength).getUint32(0)
  return sent < fromUnixSeconds ? from : { sent, hash: Uint8Array.from(after.subarray(4)) }
}

function wantedOf(match: ArchiveMatch, statements: Statements, fromHour: number): Wanted {
  if ('topics' in match) {
    const columns = new Set(match.topics.map(columnOf))
    if (columns.size <= MAX_TOPIC_SEEKS) return { topics: [...columns] }
    return { isWanted: (topic) => columns.has(topic) }
  }
  const { bloom } = match
  if (bloom.every((byte) => byte === 0xff)) return 'everything'
  const topics = statements.topics.matching(bloom, fromHour, MAX_TOPIC_SEEKS)
  return topics ? { topics } : { isWanted: (topic) => bloomMatchesTopic(bloom, topicOfColumn(topic)) }
}

/** The driver hands out Buffers, whose `slice` shares memory; the port promises plain arrays. */
function decoded(rlp: Uint8Array, path: string): Envelope {
  try {
    return decodeEnvelope(new Uint8Array(rlp.buffer, rlp.byteOffset, rlp.length))
  } catch {
    throw new SqliteStorageError(
      'corrupt',
      `${path}: an entry that is no envelope; restore it from a backup`,
      {
        file: path,
      },
    )
  }
}

function closed(path: string): SqliteStorageError {
  return new SqliteStorageError('closed', 'the archive is closed', { file: path })
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))
