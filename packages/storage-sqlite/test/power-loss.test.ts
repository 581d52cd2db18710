/** Power that goes: whatever was not synced is gone, as it is not when only the process is killed. */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { seededRandom } from '@status-protocol/testkit'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
// @ts-expect-error a script without types
import { createPowerLoss, whyNoPowerLoss } from '../../../scripts/lib/power-loss.mjs'
import { lastOf } from './support/ledger.ts'
import { bundleChild, startChildWith } from './support/process.ts'
import { driver, KEY, OTHER_KEY, open, temporaryDirectory } from './support/sqlite.ts'

interface PowerLoss {
  readonly env: Record<string, string>
  cut(): readonly string[]
  end(): void
}

/** `POWER_CUTS=1000 npx vitest run --project unit packages/storage-sqlite -t 'power'` for a long one. */
const CUTS = Number(process.env.POWER_CUTS ?? 12)
const why: string | undefined = driver ? whyNoPowerLoss : 'there is no SQLite'

describe.skipIf(why)(
  `without power${why ? ` (skipped: ${why})` : ''}`,
  { timeout: 60_000 + CUTS * 4_000, retry: 0 },
  () => {
    let child: string
    let directory: string
    let power: PowerLoss
    beforeAll(async () => {
      child = await bundleChild()
    })
    beforeEach(() => {
      directory = temporaryDirectory()
      power = createPowerLoss(directory)
    })
    afterEach(() => power.end())

    const run = (script: string) => {
      const { status, stderr } = spawnSync(process.execPath, ['-e', script, directory], {
        env: { ...process.env, ...power.env },
        encoding: 'utf8',
      })
      expect(stderr).toBe('')
      expect(status).toBe(0)
    }

    it('what is written is gone, what is synced is there, and a new name is once its directory is synced', () => {
      run(`
      const fs = require('node:fs'), at = (name) => process.argv[1] + '/' + name
      const sync = (path) => { const fd = fs.openSync(path, 'r'); fs.fsyncSync(fd); fs.closeSync(fd) }
      for (const name of ['written', 'synced', 'changed', 'renamed', 'moved']) fs.writeFileSync(at(name), 'first ' + name)
      for (const name of ['synced', 'changed', 'renamed', 'moved']) sync(at(name))
      fs.writeFileSync(at('changed'), 'second')
      fs.renameSync(at('moved'), at('moved there'))
      sync(at('.'))
      fs.renameSync(at('renamed'), at('renamed to this'))
      fs.unlinkSync(at('synced'))
    `)
      expect(power.cut().slice().sort()).toEqual(['changed', 'moved there', 'renamed', 'synced', 'written'])
      const text = (name: string) => readFileSync(join(directory, name), 'utf8')
      expect(readdirSync(directory).map((name) => [name, text(name)])).toEqual([
        ['changed', 'first changed'],
        ['moved there', 'first moved'],
        ['renamed', 'first renamed'],
        ['synced', 'first synced'],
        ['written', ''],
      ])
    })

    it.each([
      ['FULL', 200],
      ['NORMAL', 0],
    ])('a database with synchronous = %s keeps %i of 200 commits: this test can tell', (level, kept) => {
      const module = JSON.stringify(createRequire(import.meta.url).resolve('better-sqlite3-multiple-ciphers'))
      run(`
      const database = new (require(${module}))(process.argv[1] + '/a.db')
      database.pragma('journal_mode = WAL')
      database.pragma('synchronous = FULL')
      database.exec('CREATE TABLE t (n)')
      database.pragma('wal_checkpoint(TRUNCATE)')
      database.pragma('synchronous = ${level}')
      for (let n = 0; n < 200; n++) database.prepare('INSERT INTO t VALUES (?)').run(n)
      process.reallyExit(0) // it closes nothing
    `)
      power.cut()
      const database = new driver!(join(directory, 'a.db'))
      expect(database.prepare('SELECT count(*) AS n FROM t').get()).toEqual({ n: kept })
      database.close()
    })

    it('every commit that was acknowledged is there, and none by half', async () => {
      const random = seededRandom(6)
      let before = 0
      for (let cut = 0; cut < CUTS; cut++) {
        const process = startChildWith(power.env, child, 'commit', directory, KEY)
        if (cut % 5 > 0) await process.line((line) => line === 'ready')
        await sleep(random.int(cut % 5 === 4 ? 400 : 80))
        await process.kill()
        power.cut()
        const acknowledged = Number(process.lines.findLast((line) => /^\d+$/.test(line)) ?? before)
        const last = await lastIn(directory, before)
        expect(last).toBeGreaterThanOrEqual(acknowledged)
        expect(last).toBeLessThanOrEqual(acknowledged + 1)
        before = last
      }
      expect(before).toBeGreaterThan(0)
    })

    it('a change of key leaves the old one or the new one, and everything under it', async () => {
      const random = seededRandom(7)
      let [key, next] = [KEY, OTHER_KEY]
      const writer = startChildWith(power.env, child, 'commit', directory, key)
      await writer.line((line) => line === '40')
      await writer.kill()
      power.cut()
      const last = await lastIn(directory, 0, key)
      for (let cut = 0; cut < Math.ceil(CUTS / 3); cut++) {
        const process = startChildWith(power.env, child, 'rekey', directory, key, next)
        await process.line((line) => line === 'ready')
        await sleep(random.int(300))
        await process.kill()
        power.cut()
        const isDone = process.lines.includes('done')
        const opened = await open(copyOf(directory), next).catch((error: { code: string }) => {
          expect(error.code).toBe('wrong-key')
          expect(isDone).toBe(false)
          return undefined
        })
        await opened?.close()
        if (opened) [key, next] = [next, key]
        expect(await lastIn(directory, 0, key)).toBe(last)
      }
    })
  },
)

/** Looked at in a copy: looking changes files too, and syncs some of them. */
async function lastIn(directory: string, whereNone: number, key = KEY): Promise<number> {
  if (!existsSync(join(directory, 'status.db'))) return whereNone
  const storage = await open(copyOf(directory), key)
  const last = await lastOf(storage)
  await storage.close()
  return last
}

function copyOf(directory: string): string {
  const copy = temporaryDirectory()
  cpSync(directory, copy, { recursive: true })
  return copy
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
