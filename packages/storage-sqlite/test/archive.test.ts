import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { EnvelopeArchive } from '@status-protocol/mailserver'
import { archiveConformance } from '@status-protocol/mailserver/testing'
import { lockDirectory } from '@status-protocol/storage-sqlite'
import {
  ARCHIVE_FILE,
  createSqliteArchive,
  type SqliteArchive,
} from '@status-protocol/storage-sqlite/archive'
import { type Envelope, envelopeFrom, fullBloom, topicOfText } from '@status-protocol/whisper'
import { expect, it } from 'vitest'
import { describeSqlite, driver, temporaryDirectory } from './support/sqlite.ts'

const open = (directory: string): Promise<SqliteArchive> =>
  createSqliteArchive({ directory, driver: driver! })

const envelope = (i: number, topic = 'status'): Envelope =>
  envelopeFrom({
    expiryUnixSeconds: 1_580_000_000 + i,
    ttlSeconds: 15,
    topic: topicOfText(topic),
    data: new Uint8Array(100).fill(i),
    nonce: BigInt(i),
  })

const all = async (archive: EnvelopeArchive): Promise<Envelope[]> => {
  const found: Envelope[] = []
  const query = {
    fromUnixSeconds: 0,
    toUnixSeconds: 4e9,
    limit: 1e6,
    match: { bloom: fullBloom() },
  }
  for await (const e of archive.query(query, new AbortController().signal)) found.push(e)
  return found
}

describeSqlite('EnvelopeArchive in SQLite', () => {
  for (const { name, run } of archiveConformance({
    open: () => open(temporaryDirectory()),
    close: (archive) => (archive as SqliteArchive).close(),
  }))
    it(name, run)

  it('keeps envelopes, topics and totals over a restart', async () => {
    const directory = temporaryDirectory()
    const first = await open(directory)
    await first.putBatch([envelope(1), envelope(2), envelope(3, 'other')])
    const size = await first.size()
    await first.close()
    const second = await open(directory)
    expect(await second.size()).toEqual(size)
    expect(await second.putBatch([envelope(2)])).toEqual({ stored: 0, known: 1 })
    expect((await all(second)).map(({ nonce }) => nonce)).toEqual([1n, 2n, 3n])
    await second.close()
  })

  it('belongs to one owner at a time; a lock can be handed over', async () => {
    const directory = temporaryDirectory()
    const first = await open(directory)
    await expect(open(directory)).rejects.toMatchObject({ code: 'locked' })
    await first.close()
    const lock = lockDirectory(directory, { driver: driver! })
    const second = await createSqliteArchive({ directory, lock, driver: driver! })
    await second.close()
    await expect(open(directory)).rejects.toMatchObject({ code: 'locked' })
    lock.release()
    await (await open(directory)).close()
  })

  it('after close everything rejects; batches on their way are written', async () => {
    const directory = temporaryDirectory()
    const archive = await open(directory)
    const put = archive.putBatch([envelope(1)])
    await archive.close()
    await archive.close()
    expect(await put).toEqual({ stored: 1, known: 0 })
    await expect(archive.putBatch([envelope(2)])).rejects.toMatchObject({ code: 'closed' })
    await expect(all(archive)).rejects.toMatchObject({ code: 'closed' })
  })

  it('a backup made while envelopes come in is a whole archive', async () => {
    const directory = temporaryDirectory()
    const archive = await open(directory)
    await archive.putBatch(Array.from({ length: 200 }, (_, i) => envelope(i)))
    const copy = temporaryDirectory()
    await Promise.all([archive.backup(join(copy, ARCHIVE_FILE)), archive.putBatch([envelope(200)])])
    await expect(archive.backup(join(copy, ARCHIVE_FILE))).rejects.toMatchObject({ code: 'invalid-argument' })
    await archive.close()
    const restored = await open(copy)
    await restored.check()
    expect((await all(restored)).length).toBeGreaterThanOrEqual(200)
    await restored.close()
    expect(statSync(join(copy, ARCHIVE_FILE)).mode & 0o077).toBe(0)
  })

  it('two backups to one place do not write over each other', async () => {
    const archive = await open(temporaryDirectory())
    await archive.putBatch(Array.from({ length: 200 }, (_, i) => envelope(i)))
    const copy = temporaryDirectory()
    const path = join(copy, ARCHIVE_FILE)
    const [first, second] = await Promise.allSettled([archive.backup(path), archive.backup(path)])
    expect(first.status).toBe('fulfilled')
    expect(second).toMatchObject({ reason: { code: 'invalid-argument' } })
    expect(readdirSync(copy)).toEqual([ARCHIVE_FILE])
    await archive.close()
    const restored = await open(copy)
    expect(await all(restored)).toHaveLength(200)
    await restored.close()
  })

  it('a backup that the end of the archive breaks off says so, and leaves nothing behind', async () => {
    const archive = await open(temporaryDirectory())
    await archive.putBatch(Array.from({ length: 200 }, (_, i) => envelope(i)))
    const copy = temporaryDirectory()
    const [backup] = await Promise.allSettled([archive.backup(join(copy, ARCHIVE_FILE)), archive.close()])
    expect(backup).toMatchObject({ reason: { code: 'closed' } })
    expect(readdirSync(copy)).toEqual([])
  })

  it('a cursor of another length is refused', async () => {
    const archive = await open(temporaryDirectory())
    const query = {
      fromUnixSeconds: 0,
      toUnixSeconds: 4e9,
      limit: 1,
      after: new Uint8Array(35),
      match: { bloom: fullBloom() },
    }
    const run = async () => {
      for await (const _ of archive.query(query, new AbortController().signal));
    }
    await expect(run()).rejects.toMatchObject({ code: 'invalid-argument' })
    await archive.close()
  })

  it('a file of a newer version is refused and left alone', async () => {
    const directory = temporaryDirectory()
    await (await open(directory)).close()
    const Driver = driver!
    const connection = new Driver(join(directory, ARCHIVE_FILE))
    connection.pragma('user_version = 99')
    connection.close()
    await expect(open(directory)).rejects.toMatchObject({ code: 'too-new' })
  })

  it('one topic is read by its index, whatever else there is', async () => {
    const directory = temporaryDirectory()
    await (await open(directory)).close()
    const connection = new driver!(join(directory, ARCHIVE_FILE))
    const plan = (sql: string) =>
      (connection.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[]).map((r) => r.detail)
    expect(
      plan(
        'SELECT rlp FROM envelopes WHERE hour = 1 AND topic = 2 AND (sent, hash) > (3, 4) AND sent <= 5 ORDER BY sent, hash LIMIT 6',
      ),
    ).toEqual([
      expect.stringMatching(/^SEARCH envelopes USING PRIMARY KEY \(hour=\? AND topic=\? AND .*sent/),
    ])
    expect(
      plan(
        "SELECT topic FROM envelopes WHERE hour = 1 AND topic IN (SELECT value FROM json_each('[1]')) AND (sent, hash) > (3, 4) AND sent <= 5 ORDER BY sent, hash LIMIT 6",
      )[0],
    ).toMatch(/^SEARCH envelopes USING PRIMARY KEY \(hour=\? AND topic=\? AND .*sent/)
    connection.close()
    rmSync(directory, { recursive: true, force: true })
  })
})
