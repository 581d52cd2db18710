import { createSqliteArchive, type SqliteArchive } from '@status-protocol/storage-sqlite/archive'
import { seededRandom } from '@status-protocol/testkit'
import { fullBloom } from '@status-protocol/whisper'
import { beforeAll, expect, it } from 'vitest'
import { FIRST_SECOND, mailOf } from './support/mail.ts'
import { bundleChild, startChild } from './support/process.ts'
import { describeSqlite, driver, temporaryDirectory } from './support/sqlite.ts'

/** Kills per run; `ARCHIVE_KILLS=1000 npx vitest run --project unit packages/storage-sqlite/test/archive-crash` for a long one. */
const KILLS = Number(process.env.ARCHIVE_KILLS ?? 20)

describeSqlite('crash of a mailserver', { timeout: 60_000 + KILLS * 2000, retry: 0 }, () => {
  let child: string
  beforeAll(async () => {
    child = await bundleChild('archive-child')
  })

  it('killed at any moment, every confirmed envelope is there', async () => {
    const random = seededRandom(8)
    const directory = temporaryDirectory()
    let [next, confirmed, early] = [0, 0, 0]
    for (let kill = 0; kill < KILLS; kill++) {
      const first = Uint8Array.of(next >> 24, next >> 16, next >> 8, next)
      const writer = startChild(child, 'commit', directory, first)
      // Some while it opens, some while it writes its first batches, most after it has confirmed something.
      if (kill % 5 === 1) await writer.line((line) => line === 'ready')
      if (kill % 5 > 1) await writer.line((line) => /^\d+$/.test(line))
      await new Promise((resolve) => setTimeout(resolve, random.int(kill % 5 === 4 ? 300 : 60)))
      await writer.kill()

      const numbers = writer.lines.filter((line) => /^\d+$/.test(line)).map(Number)
      const archive = await createSqliteArchive({ directory, driver: driver! })
      for (const n of numbers) expect(await countAt(archive, n), `batch ${n}`).toBe(mailOf(n).length)
      confirmed += numbers.length
      // What was there before it could be confirmed is there whole or not at all.
      const last = Math.max(next - 1, ...numbers)
      for (let n = last + 1; n <= last + 8; n++) if ((await countAt(archive, n)) > 0) early++
      next = last + 9
      if (kill === KILLS - 1) {
        await archive.check()
        const { envelopes } = await archive.size()
        expect(envelopes).toBe(await countAll(archive))
      }
      await archive.close()
    }
    expect(confirmed).toBeGreaterThanOrEqual(Math.floor(KILLS / 5) * 3)
    console.info(
      `${KILLS} kills over ${confirmed} confirmed batches; ${early} were there before they were confirmed`,
    )
  })
})

const countAt = (archive: SqliteArchive, n: number) => count(archive, FIRST_SECOND + n, FIRST_SECOND + n)
const countAll = (archive: SqliteArchive) => count(archive, 0, 4e9)

async function count(
  archive: SqliteArchive,
  fromUnixSeconds: number,
  toUnixSeconds: number,
): Promise<number> {
  let found = 0
  const query = { fromUnixSeconds, toUnixSeconds, limit: 1e9, match: { bloom: fullBloom() } }
  for await (const _ of archive.query(query, new AbortController().signal)) found++
  return found
}
