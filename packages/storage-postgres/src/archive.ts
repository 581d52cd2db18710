import {
  type ArchiveDigest,
  type ArchiveMatch,
  type ArchiveQuery,
  type ArchiveSize,
  CURSOR_BYTES,
  type EnvelopeArchive,
  type PruneRule,
} from '@status-protocol/mailserver'
import { decodeEnvelope, type Envelope } from '@status-protocol/whisper'
import type { PoolClient } from 'pg'
import { bytes, columnOf, dayOf, insert, type Row, rowsOf } from './batch.ts'
import { again, Connections, IN_THE_WAY } from './connections.ts'
import { PostgresArchiveError } from './error.ts'
import { DAY_SECONDS, dropDay, ensureDays, existingDays, upgrade } from './schema.ts'
import { select } from './select.ts'

export interface PostgresArchiveOptions {
  /**
   * `postgres://user@host:port/database`. Left out: what libpq's variables say (`PGHOST`, `PGUSER`, `PGPASSFILE`, ...). Keep
   * a password in a password file or the environment, not here.
   */
  readonly url?: string
  /** Where the tables are; made if it is not there. Default `status_archive`. Letters, digits and `_`. */
  readonly schema?: string
  /** Most connections at a time, three eighths of them for writing alone. At least one of each. Default 8. */
  readonly connections?: number
}

export interface PostgresArchive extends EnvelopeArchive {
  /** Ends the connections. Everything after it rejects with `closed`. */
  close(): Promise<void>
}

/** In one transaction and in one answer: bounds what a statement holds in memory. */
const [MAX_ROWS, MAX_KEYS] = [1_000, 10_000]
const MAX_BATCH_BYTES = 8 * 1024 * 1024
const PRUNED_AT_ONCE = 5_000
/** SQLSTATE: no partition for a row (another server has just dropped the day); a lock was not to be had in time. */
const [NO_PARTITION, LOCK_NOT_AVAILABLE] = ['23514', '55P03']
/** Each waits a second at most, see `dropDay`. */
const DROP_ATTEMPTS = 120

/**
 * Opens the archive and makes its tables where they are missing. Several mailservers may share it: writing is
 * idempotent, whatever one has confirmed all others can serve.
 *
 * @throws PostgresArchiveError `unreachable`, `too-new`, `invalid-argument`
 */
export async function createPostgresArchive(options: PostgresArchiveOptions = {}): Promise<PostgresArchive> {
  const { schema = 'status_archive', connections = 8, url } = options
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema))
    throw new PostgresArchiveError('invalid-argument', 'schema: expected small letters, digits and _')
  if (!Number.isInteger(connections) || connections < 1)
    throw new PostgresArchiveError('invalid-argument', `connections: expected 1 or more, got ${connections}`)
  const database = new Connections(url, schema, connections)
  try {
    const days = await database.write(async (client) => {
      await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`).catch(ignoreDuplicate)
      await upgrade(client)
      return existingDays(client)
    })
    return new OpenArchive(database, days)
  } catch (error) {
    await database.close()
    throw error
  }
}

/** Two servers that make the schema at the same moment: one is told that it is there already. */
function ignoreDuplicate(error: unknown): void {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code !== '23505' && code !== '42P06') throw error
}

class OpenArchive implements PostgresArchive {
  readonly #database: Connections
  /** Days that are known to have a partition. BOUNDED by the days that envelopes are of. */
  #days: Set<number>

  constructor(database: Connections, days: readonly number[]) {
    this.#database = database
    this.#days = new Set(days)
  }

  async putBatch(envelopes: readonly Envelope[]): Promise<{ stored: number; known: number }> {
    const rows = rowsOf(envelopes)
    let stored = 0
    for (const part of parts(rows)) stored += await this.#put(part)
    return { stored, known: envelopes.length - stored }
  }

  #put(rows: readonly Row[]): Promise<number> {
    const days = [...new Set(rows.map(({ sent }) => dayOf(sent)))]
    const attempt = () =>
      this.#database.write(async (client) => {
        const missing = days.filter((day) => !this.#days.has(day))
        if (missing.length > 0) {
          await ensureDays(client, missing)
          for (const day of missing) this.#days.add(day)
        }
        return insert(client, rows)
      })
    return again(
      () =>
        attempt().catch((error) => {
          for (const day of days) this.#days.delete(day)
          throw error
        }),
      [NO_PARTITION, ...IN_THE_WAY],
    )
  }

  async *query(
    { fromUnixSeconds, toUnixSeconds, limit, after, match }: ArchiveQuery,
    signal: AbortSignal,
  ): AsyncGenerator<Envelope, void, undefined> {
    let [sent, hash] = firstPlace(fromUnixSeconds, after)
    const topics = await this.#topicsOf(match, fromUnixSeconds, signal)
    if (topics?.length === 0) return
    for (let left = limit; left > 0 && !signal.aborted; ) {
      const wanted = Math.min(left, MAX_ROWS)
      const from = [sent, hash] as const
      const found = await this.#database.read(
        (client) => select(client, { topics, toUnixSeconds }, from, wanted),
        signal,
      )
      if (!found) return
      for (const row of found.rows) {
        if (signal.aborted) return
        yield decoded(row.rlp)
      }
      if (!found.next) return
      ;[sent, hash] = found.next
      left -= found.rows.length
    }
  }

  async *digest(
    fromUnixSeconds: number,
    toUnixSeconds: number,
    bucketSeconds: number,
  ): AsyncGenerator<ArchiveDigest, void, undefined> {
    let [sent, hash] = firstPlace(fromUnixSeconds, undefined)
    let bucket: { start: number; count: number; hash: Uint8Array } | undefined
    for (;;) {
      const { rows } = await this.#database.read((client) =>
        client.query<{ sent: string; hash: Buffer }>(
          `SELECT sent, hash FROM envelopes WHERE sent >= $1 AND sent <= $2 AND (sent, hash) > ($1, $3)
           ORDER BY sent, hash LIMIT ${MAX_KEYS}`,
          [sent, toUnixSeconds, hash],
        ),
      )
      for (const row of rows) {
        const at = Number(row.sent)
        const start = fromUnixSeconds + Math.floor((at - fromUnixSeconds) / bucketSeconds) * bucketSeconds
        if (bucket?.start !== start) {
          if (bucket) yield bucket
          bucket = { start, count: 0, hash: new Uint8Array(32) }
        }
        bucket.count++
        for (let i = 0; i < 32; i++) bucket.hash[i] = (bucket.hash[i] as number) ^ (row.hash[i] as number)
      }
      const last = rows.at(-1)
      if (!last || rows.length < MAX_KEYS) break
      ;[sent, hash] = [Number(last.sent), last.hash]
    }
    if (bucket) yield bucket
  }

  async prune(rule: PruneRule): Promise<number> {
    let deleted = 0
    if ('beforeUnixSeconds' in rule) {
      const before = rule.beforeUnixSeconds
      for (const day of await this.#database.read(existingDays)) {
        if ((day + 1) * DAY_SECONDS > before) break
        deleted += await this.#drop(day)
      }
      deleted += await this.#deleteOldest(before, Number.POSITIVE_INFINITY)
    } else {
      for (;;) {
        const excess = (await this.size()).bytes - rule.maxBytes
        if (excess <= 0) break
        const { rows } = await this.#database.read((client) =>
          client.query<{ day: number; bytes: string }>('SELECT day, bytes FROM days ORDER BY day LIMIT 1'),
        )
        const [first] = rows
        if (!first) break
        const isWhole = Number(first.bytes) <= excess
        const step = isWhole
          ? await this.#drop(first.day)
          : await this.#deleteOldest(Number.MAX_SAFE_INTEGER, excess)
        deleted += step
        // A day that its age has emptied goes without an envelope: those after it are still too much.
        if (step === 0 && !isWhole) break
      }
    }
    if (deleted > 0)
      await again(() =>
        this.#database.write((client) =>
          client.query(
            'DELETE FROM topics WHERE last_day < coalesce((SELECT min(day) FROM days), 2147483647)',
          ),
        ),
      )
    return deleted
  }

  async size(): Promise<ArchiveSize> {
    const { rows } = await this.#database.read((client) =>
      client.query<{ envelopes: string; bytes: string }>(
        'SELECT coalesce(sum(envelopes), 0) AS envelopes, coalesce(sum(bytes), 0) AS bytes FROM days',
      ),
    )
    return { envelopes: Number(rows[0]?.envelopes ?? 0), bytes: Number(rows[0]?.bytes ?? 0) }
  }

  close(): Promise<void> {
    return this.#database.close()
  }

  #drop(day: number): Promise<number> {
    this.#days.delete(day)
    return again(
      () => this.#database.write((client) => dropDay(client, day)),
      [LOCK_NOT_AVAILABLE, ...IN_THE_WAY],
      DROP_ATTEMPTS,
    )
  }

  /** Until `bytes` of them are gone, or all that were sent before. */
  async #deleteOldest(before: number, bytes: number): Promise<number> {
    let [deleted, freed] = [0, 0]
    for (;;) {
      const deleteSome = async (client: PoolClient) => {
        await client.query('BEGIN')
        const { rows } = await client.query<{ sent: string; hash: Buffer; size: number }>(
          `SELECT sent, hash, octet_length(rlp) AS size FROM envelopes WHERE sent < $1
           ORDER BY sent, hash LIMIT ${PRUNED_AT_ONCE} FOR UPDATE`,
          [before],
        )
        const chosen: typeof rows = []
        let sum = 0
        for (const row of rows) {
          if (freed + sum >= bytes) break
          chosen.push(row)
          sum += row.size
        }
        await client.query(
          'DELETE FROM envelopes e USING unnest($1::bigint[], $2::bytea[]) AS gone(sent, hash) WHERE e.sent = gone.sent AND e.hash = gone.hash',
          [chosen.map((r) => r.sent), chosen.map((r) => r.hash)],
        )
        for (const day of new Set(chosen.map((r) => dayOf(Number(r.sent))))) {
          const ofDay = chosen.filter((r) => dayOf(Number(r.sent)) === day)
          await client.query(
            'UPDATE days SET envelopes = envelopes - $2, bytes = bytes - $3 WHERE day = $1',
            [day, ofDay.length, ofDay.reduce((total, r) => total + r.size, 0)],
          )
        }
        await client.query('COMMIT')
        return {
          count: chosen.length,
          sum,
          isLast: rows.length < PRUNED_AT_ONCE || chosen.length < rows.length,
        }
      }
      const step = await again(() => this.#database.write(deleteSome))
      deleted += step.count
      freed += step.sum
      if (step.isLast || step.count === 0) return deleted
    }
  }

  /** Columns of the topics that may match; undefined: all. */
  async #topicsOf(
    match: ArchiveMatch,
    fromUnixSeconds: number,
    signal: AbortSignal,
  ): Promise<readonly number[] | undefined> {
    if ('topics' in match) return [...new Set(match.topics.map(columnOf))]
    if (match.bloom.every((byte) => byte === 0xff)) return undefined
    const found = await this.#database.read(
      (client) =>
        client.query<{ topic: number }>(
          `SELECT topic FROM topics WHERE last_day >= $2
           AND get_bit($1::bytea, bit0) = 1 AND get_bit($1::bytea, bit1) = 1 AND get_bit($1::bytea, bit2) = 1`,
          [bytes(match.bloom), dayOf(fromUnixSeconds)],
        ),
      signal,
    )
    return found?.rows.map(({ topic }) => topic) ?? []
  }
}

/** Transactions of bounded size. */
function* parts(rows: readonly Row[]): Generator<readonly Row[]> {
  let part: Row[] = []
  let size = 0
  for (const row of rows) {
    part.push(row)
    size += row.rlp.length
    if (part.length < MAX_ROWS && size < MAX_BATCH_BYTES) continue
    yield part
    ;[part, size] = [[], 0]
  }
  if (part.length > 0) yield part
}

function firstPlace(fromUnixSeconds: number, after: Uint8Array | undefined): [number, Buffer] {
  const from = Math.max(0, fromUnixSeconds)
  if (after === undefined) return [from, Buffer.alloc(0)]
  if (after.length !== CURSOR_BYTES)
    throw new PostgresArchiveError(
      'invalid-argument',
      `after: expected ${CURSOR_BYTES} bytes, got ${after.length}`,
    )
  const sent = new DataView(after.buffer, after.byteOffset, after.length).getUint32(0)
  return sent < from ? [from, Buffer.alloc(0)] : [sent, Buffer.from(after.subarray(4))]
}

function decoded(rlp: Buffer): Envelope {
  try {
    return decodeEnvelope(new Uint8Array(rlp)) // a copy: the driver's buffer holds a whole answer
  } catch {
    throw new PostgresArchiveError('corrupt', 'an entry is no envelope')
  }
}
