import type { PoolClient } from 'pg'
import { PostgresArchiveError } from './error.ts'

export const DAY_SECONDS = 86_400

/** Held while tables are made, so that several servers can start, or a new day begin, at the same moment. */
const SCHEMA_LOCK = 0x5741_0001

/**
 * The n-th takes the tables from version n to n + 1. Never changed once released.
 *
 * `envelopes` has a partition a day, so that old days are dropped and not deleted. `topics` has every topic with the bits
 * of its bloom filter and the last day of its use. `days` has what each day holds.
 */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE envelopes (
     sent bigint NOT NULL, hash bytea NOT NULL, topic integer NOT NULL, rlp bytea NOT NULL, PRIMARY KEY (sent, hash)
   ) PARTITION BY RANGE (sent);
   CREATE INDEX envelopes_by_topic ON envelopes (topic, sent, hash);
   CREATE TABLE topics (
     topic integer PRIMARY KEY, bit0 smallint NOT NULL, bit1 smallint NOT NULL, bit2 smallint NOT NULL,
     last_day integer NOT NULL
   );
   CREATE TABLE days (day integer PRIMARY KEY, envelopes bigint NOT NULL, bytes bigint NOT NULL)`,
]

/** @throws PostgresArchiveError `too-new` */
export async function upgrade(client: PoolClient): Promise<void> {
  await client.query('BEGIN')
  await client.query('SELECT pg_advisory_xact_lock($1)', [SCHEMA_LOCK])
  await client.query('CREATE TABLE IF NOT EXISTS archive_version (version integer NOT NULL)')
  const { rows } = await client.query<{ version: number }>('SELECT version FROM archive_version')
  const version = rows[0]?.version ?? 0
  if (version > MIGRATIONS.length) {
    await client.query('ROLLBACK')
    throw new PostgresArchiveError(
      'too-new',
      `the tables are of a newer version (format ${version}, this one knows ${MIGRATIONS.length}): upgrade this program`,
    )
  }
  for (const migration of MIGRATIONS.slice(version)) await client.query(migration)
  if (rows.length === 0) await client.query('INSERT INTO archive_version VALUES (0)')
  await client.query('UPDATE archive_version SET version = $1', [MIGRATIONS.length])
  await client.query('COMMIT')
}

export const partitionOf = (day: number): string => `envelopes_${day}`

/** Makes the partitions of these days, in a transaction of their own; those that are there stay as they are. */
export async function ensureDays(client: PoolClient, days: readonly number[]): Promise<void> {
  await client.query('BEGIN')
  await client.query('SELECT pg_advisory_xact_lock($1)', [SCHEMA_LOCK])
  for (const day of days)
    await client.query(
      `CREATE TABLE IF NOT EXISTS ${partitionOf(day)} PARTITION OF envelopes
       FOR VALUES FROM (${day * DAY_SECONDS}) TO (${(day + 1) * DAY_SECONDS})`,
    )
  await client.query('COMMIT')
}

export async function existingDays(client: PoolClient): Promise<number[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = 'envelopes'::regclass`,
  )
  return rows.map(({ name }) => Number(name.slice('envelopes_'.length))).sort((a, b) => a - b)
}

/**
 * Drops a day with all that it holds; how many envelopes that were. The table above its partition is locked first, as
 * everybody else does, so that nobody waits in a circle. Who comes later waits behind this one, so it waits for a second
 * at most.
 *
 * @throws SQLSTATE 55P03: others were reading for longer; nothing is changed
 */
export async function dropDay(client: PoolClient, day: number): Promise<number> {
  await client.query('BEGIN')
  await client.query(`SET LOCAL lock_timeout = '1s'`)
  await client.query('SELECT pg_advisory_xact_lock($1)', [SCHEMA_LOCK])
  await client.query('LOCK TABLE ONLY envelopes IN ACCESS EXCLUSIVE MODE')
  await client.query(`DROP TABLE IF EXISTS ${partitionOf(day)}`)
  const { rows } = await client.query<{ envelopes: string }>(
    'DELETE FROM days WHERE day = $1 RETURNING envelopes',
    [day],
  )
  await client.query('COMMIT')
  return Number(rows[0]?.envelopes ?? 0)
}
