/** Queries, writing and pruning beside each other: nobody is broken off, nobody waits for what they need not. */
import { createPostgresArchive, type PostgresArchive } from '@status-protocol/storage-postgres'
import { type Envelope, envelopeFrom, fullBloom, type Topic, topicFrom } from '@status-protocol/whisper'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
// @ts-expect-error a script without types
import { findPostgres, startPostgres } from '../../../scripts/lib/postgres.mjs'

const DAY = 86_400
const FIRST = 18_000 * DAY
const topic = (n: number): Topic => topicFrom(Uint8Array.of(n >> 24, n >> 16, n >> 8, n))

const envelope = (i: number, sent: number, of = topic(1)): Envelope =>
  envelopeFrom({
    expiryUnixSeconds: sent + 15,
    ttlSeconds: 15,
    topic: of,
    data: new Uint8Array(40),
    nonce: BigInt(i),
  })

const dayOfMail = (day: number, count = 10) =>
  Array.from({ length: count }, (_, i) => envelope(i, FIRST + day * DAY + i))

const all = { fromUnixSeconds: 0, toUnixSeconds: 4e9, limit: 1e9, match: { bloom: fullBloom() } }

async function read(
  archive: PostgresArchive,
  query: Parameters<PostgresArchive['query']>[0] = all,
  signal = new AbortController().signal,
): Promise<Envelope[]> {
  const found: Envelope[] = []
  for await (const e of archive.query(query, signal)) found.push(e)
  return found
}

describe.skipIf(!findPostgres())('the archive in PostgreSQL under load', { timeout: 60_000 }, () => {
  let server: { readonly url: string; stop(): Promise<void> }
  let schemas = 0
  beforeAll(async () => {
    server = await startPostgres()
  }, 60_000)
  afterAll(() => server?.stop())

  /** An archive, and a session beside it that does what the test says, where others stand in each other's way. */
  async function setUp<T>(run: (archive: PostgresArchive, other: pg.Client) => Promise<T>): Promise<T> {
    const schema = `beside_${++schemas}`
    const archive = await createPostgresArchive({ url: server.url, schema })
    const other = new pg.Client({ connectionString: server.url, options: `-c search_path=${schema}` })
    await other.connect()
    try {
      return await run(archive, other)
    } finally {
      await other.end()
      await archive.close()
    }
  }

  async function waiting(other: pg.Client, count: number): Promise<void> {
    const waits = async () => {
      const { rows } = await other.query<{ count: string }>(
        'SELECT count(*) AS count FROM pg_locks WHERE NOT granted',
      )
      return Number(rows[0]?.count)
    }
    await expect.poll(waits, { timeout: 30_000, interval: 20 }).toBe(count)
  }

  it('pruning a day locks the table before its part, as a query does: no deadlock, and the number is right', () =>
    setUp(async (archive, other) => {
      await archive.putBatch([...dayOfMail(0), ...dayOfMail(1)])
      await other.query('BEGIN')
      await other.query('LOCK TABLE ONLY envelopes IN ACCESS SHARE MODE') // where a query begins
      const pruned = archive.prune({ beforeUnixSeconds: FIRST + DAY })
      await waiting(other, 1)
      const { rows } = await other.query('SELECT hash FROM envelopes') // and goes on
      expect(rows).toHaveLength(20)
      await other.query('COMMIT')
      expect(await pruned).toBe(10)
      expect(await read(archive)).toHaveLength(10)
      expect((await archive.size()).envelopes).toBe(10)
    }))

  it('a prune that waits for a long query holds up nobody for longer than its second', () =>
    setUp(async (archive, other) => {
      await archive.putBatch([...dayOfMail(0), ...dayOfMail(1)])
      await other.query('BEGIN')
      await other.query('SELECT hash FROM envelopes')
      const pruned = archive.prune({ beforeUnixSeconds: FIRST + DAY })
      await waiting(other, 1)
      expect(await archive.putBatch(dayOfMail(1, 12))).toEqual({ stored: 2, known: 10 })
      expect(await read(archive)).toHaveLength(22)
      await other.query('COMMIT')
      expect(await pruned).toBe(10)
    }))

  it('a query that the server breaks off for somebody else begins again', () =>
    setUp(async (archive, other) => {
      await archive.putBatch(dayOfMail(0))
      await other.query(`SET deadlock_timeout = '1min'`) // so that the other one is broken off
      await other.query('BEGIN')
      await other.query(`LOCK TABLE envelopes_${FIRST / DAY} IN ACCESS EXCLUSIVE MODE`)
      const found = read(archive)
      await waiting(other, 1)
      await other.query('LOCK TABLE ONLY envelopes IN ACCESS EXCLUSIVE MODE')
      await other.query('COMMIT')
      expect(await found).toHaveLength(10)
    }))

  it('stores what comes while more queries than connections wait, and ends those at once when told', () =>
    setUp(async (archive, other) => {
      await archive.putBatch([...dayOfMail(0), ...dayOfMail(1)])
      await other.query('BEGIN')
      await other.query(`LOCK TABLE envelopes_${FIRST / DAY} IN ACCESS EXCLUSIVE MODE`)
      const stop = new AbortController()
      const answers = Array.from({ length: 16 }, () => read(archive, all, stop.signal))
      await waiting(other, 5)
      expect(await archive.putBatch(dayOfMail(1, 12))).toEqual({ stored: 2, known: 10 })
      stop.abort()
      expect((await Promise.all(answers)).flat()).toEqual([]) // the lock is still held
      await waiting(other, 0)
      await other.query('COMMIT')
      expect(await read(archive)).toHaveLength(22)
    }))

  it('looks for many topics slice by slice, and finds each once', () =>
    setUp(async (archive) => {
      const many = Array.from({ length: 600 }, (_, i) => topic(1_000 + i))
      const wanted: number[] = [5, 8_190, 8_191, 8_192, 16_383, 16_999]
      const mail = Array.from({ length: 17_000 }, (_, i) =>
        envelope(i, FIRST + i, wanted.includes(i) ? many[i % 600] : topic(1)),
      )
      await archive.putBatch(mail)
      const query = { ...all, match: { topics: many } }
      const found = (await read(archive, query)).map(({ nonce }) => Number(nonce))
      expect(found).toEqual(wanted)
      for (const limit of [1, 2, 4])
        expect(await read(archive, { ...query, limit })).toHaveLength(Math.min(limit, wanted.length))
    }))
})
