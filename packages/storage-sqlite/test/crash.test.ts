import { seededRandom } from '@status-protocol/testkit'
import { beforeAll, expect, it } from 'vitest'
import { lastOf } from './support/ledger.ts'
import { bundleChild, startChild } from './support/process.ts'
import { describeSqlite, KEY, OTHER_KEY, open, temporaryDirectory } from './support/sqlite.ts'

/** Kills per run; `CRASH_COUNT=1000 npx vitest run --project unit packages/storage-sqlite -t crash` for a long one. */
const KILLS = Number(process.env.CRASH_COUNT ?? 24)

describeSqlite('crash', { timeout: 60_000 + KILLS * 2000, retry: 0 }, () => {
  let child: string
  beforeAll(async () => {
    child = await bundleChild()
  })

  it('a process killed at any moment leaves every acknowledged commit, and none by half', async () => {
    const random = seededRandom(4)
    const directory = temporaryDirectory()
    let [before, inFlight] = [0, 0]
    for (let kill = 0; kill < KILLS; kill++) {
      const process = startChild(child, 'commit', directory, KEY)
      // Some while it opens, most while it writes, some long enough for the log to be moved into the file.
      if (kill % 5 > 0) await process.line((line) => line === 'ready')
      await sleep(random.int(kill % 5 === 4 ? 400 : 60))
      await process.kill()

      const acknowledged = Number(process.lines.findLast((line) => /^\d+$/.test(line)) ?? before)
      const storage = await open(directory)
      const last = await lastOf(storage) // throws where a commit is there by half
      await storage.close()
      expect(last).toBeGreaterThanOrEqual(acknowledged)
      expect(last).toBeLessThanOrEqual(acknowledged + 1)
      if (last > acknowledged) inFlight++
      before = last
    }
    expect(before).toBeGreaterThan(0)
    console.info(
      `${KILLS} kills over ${before} commits; ${inFlight} commits were there before they were acknowledged`,
    )
  })

  it('a change of key that is killed leaves the old key or the new one, and everything under it', async () => {
    const random = seededRandom(5)
    const directory = temporaryDirectory()
    let [key, next] = [KEY, OTHER_KEY]
    const writer = startChild(child, 'commit', directory, key)
    await writer.line((line) => line === '40')
    await writer.kill()
    const storage = await open(directory, key)
    const last = await lastOf(storage)
    await storage.close()

    let changed = 0
    for (let kill = 0; kill < Math.ceil(KILLS / 3); kill++) {
      const process = startChild(child, 'rekey', directory, key, next)
      await process.line((line) => line === 'ready')
      await sleep(random.int(300))
      await process.kill()
      const opened = await open(directory, next).catch((error: { code: string }) => {
        expect(error.code).toBe('wrong-key')
        expect(process.lines).not.toContain('done')
        return undefined
      })
      if (opened) {
        changed++
        ;[key, next] = [next, key]
      }
      const found = opened ?? (await open(directory, key))
      expect(await lastOf(found)).toBe(last)
      await found.close()
    }
    console.info(`${Math.ceil(KILLS / 3)} kills in changes of key, ${changed} of them too late`)
  })
})

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
