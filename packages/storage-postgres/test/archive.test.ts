import { archiveConformance } from '@status-protocol/mailserver/testing'
import {
  createPostgresArchive,
  type PostgresArchive,
  PostgresArchiveError,
} from '@status-protocol/storage-postgres'
import { type Envelope, envelopeFrom, fullBloom, topicFrom } from '@status-protocol/whisper'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
// @ts-expect-error a script without types
import { findPostgres, startPostgres } from '../../../scripts/lib/postgres.mjs'

interface Server {
  readonly url: string
  crash(): Promise<void>
  stop(): Promise<void>
}

/** Rounds of the kill test; `POSTGRES_KILLS=1000` for a long one. */
const KILLS = Number(process.env.POSTGRES_KILLS ?? (process.env.CI ? 20 : 5))

const envelope = (i: number, expiry = 1_580_000_000 + i): Envelope =>
  envelopeFrom({
    expiryUnixSeconds: expiry,
    ttlSeconds: 15,
    topic: topicFrom(Uint8Array.of(i % 5, 0, 0, 0)),
    data: new Uint8Array(100).fill(i),
    nonce: BigInt(i),
  })

async function count(archive: PostgresArchive): Promise<number> {
  let found = 0
  const query = { fromUnixSeconds: 0, toUnixSeconds: 4e9, limit: 1e9, match: { bloom: fullBloom() } }
  for await (const _ of archive.query(query, new AbortController().signal)) found++
  return found
}

const postgres = findPostgres()

describe.skipIf(!postgres)(
  `EnvelopeArchive in PostgreSQL${postgres ? '' : ' (skipped: not installed)'}`,
  { timeout: 60_000 + KILLS * 3_000 },
  () => {
    let server: Server
    let schemas = 0
    beforeAll(async () => {
      server = await startPostgres()
    }, 60_000)
    afterAll(() => server?.stop())
    const open = (schema = `test_${++schemas}`) => createPostgresArchive({ url: server.url, schema })

    for (const { name, run } of archiveConformance({
      open: () => open(),
      close: (archive) => (archive as PostgresArchive).close(),
    }))
      it(name, run)

    it('several servers that start and write at the same moment: each envelope is there once', async () => {
      const archives = await Promise.all([open('shared'), open('shared'), open('shared')])
      const all = Array.from({ length: 300 }, (_, i) => envelope(i, 1_580_000_000 + (i % 6) * 86_400))
      const results = await Promise.all(
        archives.flatMap((archive) =>
          [all, [...all].reverse(), all.slice(50, 250)].map((part) => archive.putBatch(part)),
        ),
      )
      expect(results.reduce((sum, r) => sum + r.stored, 0)).toBe(300)
      expect(await (archives[2] as PostgresArchive).size()).toMatchObject({ envelopes: 300 })
      expect(await count(archives[0] as PostgresArchive)).toBe(300)
      // A day that one has dropped is made again by another that does not know.
      await (archives[0] as PostgresArchive).prune({ beforeUnixSeconds: 18_288 * 86_400 })
      expect((await (archives[1] as PostgresArchive).putBatch(all)).stored).toBe(50)
      await Promise.all(archives.map((archive) => archive.close()))
    })

    it('what is no server, no schema name or no cursor says so, without the password', async () => {
      const error = await createPostgresArchive({ url: 'postgres://a:geheim@127.0.0.1:1/x' }).catch((e) => e)
      expect(error).toBeInstanceOf(PostgresArchiveError)
      expect(error).toMatchObject({ code: 'unreachable' })
      expect(JSON.stringify(error) + error.message + error.stack).not.toContain('geheim')
      await expect(createPostgresArchive({ url: server.url, schema: 'x; DROP' })).rejects.toMatchObject({
        code: 'invalid-argument',
      })
      const archive = await open()
      await archive.close()
      await expect(archive.putBatch([envelope(1)])).rejects.toMatchObject({ code: 'closed' })
    })

    it('a server that breaks down at any moment: every confirmed envelope is there', {
      retry: 0,
    }, async () => {
      const archive = await open('crash')
      const confirmed: number[] = []
      let [next, kills] = [0, 0]
      const link = async () => {
        while (kills < KILLS) {
          const n = next++
          const batch = Array.from({ length: 20 }, (_, i) => envelope(n * 20 + i))
          await archive.putBatch(batch).then(
            () => confirmed.push(n),
            () => new Promise((resolve) => setTimeout(resolve, 20)),
          )
        }
      }
      const links = [link(), link(), link()]
      for (; kills < KILLS; kills++) {
        const before = confirmed.length
        await expect.poll(() => confirmed.length, { timeout: 30_000, interval: 5 }).toBeGreaterThan(before)
        await new Promise((resolve) => setTimeout(resolve, (kills % 10) * 10))
        await server.crash()
      }
      await Promise.all(links)
      expect(confirmed.length).toBeGreaterThan(0)
      for (const n of confirmed) {
        const batch = Array.from({ length: 20 }, (_, i) => envelope(n * 20 + i))
        expect(await archive.putBatch(batch), `batch ${n}`).toEqual({ stored: 0, known: 20 })
      }
      expect((await archive.size()).envelopes).toBe(await count(archive))
      await archive.close()
    })
  },
)
