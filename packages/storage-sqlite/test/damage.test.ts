import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DATABASE_FILE, SqliteStorageError } from '@status-protocol/storage-sqlite'
import { mutate, seededRandom } from '@status-protocol/testkit'
import { beforeAll, expect, it } from 'vitest'
import { unlock } from '../src/cipher.ts'
import { changesOf, lastOf } from './support/ledger.ts'
import {
  bytes,
  describeSqlite,
  driver,
  filesOf,
  KEY,
  open,
  put,
  temporaryDirectory,
} from './support/sqlite.ts'

const LOG = `${DATABASE_FILE}-wal`
const COMMITS = 40
/** Opening a damaged file takes milliseconds, a thousand times what decoding a packet takes. */
const MUTATIONS = Math.ceil(Number(process.env.FUZZ_COUNT ?? 10_000) / 100)

describeSqlite('damage', { timeout: 60_000 + MUTATIONS * 500 }, () => {
  /** A database with commits 1 to 20 in the file and 21 to 40 in the log, as a power cut leaves it. */
  let file: Uint8Array
  let log: Uint8Array
  /** Bytes of the log after each of these commits. */
  const logBytes: number[] = []

  beforeAll(async () => {
    const directory = temporaryDirectory()
    const first = await open(directory)
    for (let n = 1; n <= COMMITS / 2; n++) await first.commit(changesOf(n))
    await first.close()
    const second = await open(directory)
    for (let n = COMMITS / 2 + 1; n <= COMMITS; n++) {
      await second.commit(changesOf(n))
      logBytes.push(readFileSync(join(directory, LOG)).length)
    }
    const files = filesOf(directory)
    file = files.get(DATABASE_FILE)!
    log = files.get(LOG)!
    await second.close()
  })

  it('a log that was cut anywhere gives the commits whose bytes are all there, and no others', async () => {
    const random = seededRandom(1)
    const cuts = [
      ...logBytes,
      ...logBytes.map((at) => at - 1),
      0,
      ...Array.from({ length: 40 }, () => random.int(log.length)),
    ]
    for (const cut of cuts) {
      const whole = logBytes.filter((end) => end <= cut).length
      const storage = await open(restored(file, log.subarray(0, cut)))
      expect([cut, await lastOf(storage)]).toEqual([cut, COMMITS / 2 + whole])
      await storage.close()
    }
  })

  it('fuzz: a log with any damage gives some of the commits in their order, or says that it is damaged', async () => {
    const random = seededRandom(2)
    for (let i = 0; i < MUTATIONS; i++) {
      const last = await outcome(restored(file, mutate(log, random)))
      if (last !== undefined) expect(last).toBeGreaterThanOrEqual(COMMITS / 2)
    }
  })

  it('fuzz: a file with any damage is what it was, or says that it is damaged', async () => {
    const random = seededRandom(3)
    let noticed = 0
    for (let i = 0; i < MUTATIONS; i++) {
      const damaged = mutate(file, random)
      const last = await outcome(restored(damaged))
      if (last === undefined) noticed++
      else expect(last).toBe(COMMITS / 2)
    }
    // Every byte of every page in use is authenticated.
    expect(noticed).toBeGreaterThan(MUTATIONS / 2)
  })

  it('a file that was cut is said to be damaged, wherever it was cut', async () => {
    const pages = file.length / 4096
    for (const length of [0, 1, 15, 16, 100, 4095, 4097, file.length - 1])
      expect([length, await codeOf(file.subarray(0, length))]).toEqual([length, 'corrupt'])
    for (let page = 1; page < pages; page += Math.ceil(pages / 8))
      expect([page, await codeOf(file.subarray(0, page * 4096))]).toEqual([page, 'corrupt'])
  })

  it('a file that was cut while its log was not is damaged or what it was, never something else', async () => {
    for (let cut = 1; cut < file.length; cut += 1500) {
      const last = await outcome(restored(file.subarray(0, file.length - cut), log))
      if (last !== undefined) expect(last).toBe(COMMITS)
    }
  })

  it('a log without its file is not replayed into a new one', async () => {
    const directory = restored(file, log)
    rmSync(join(directory, DATABASE_FILE))
    await expect(open(directory)).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining('is gone, its write-ahead log is still there'),
    })
  })

  it('two pages of one file that changed places are noticed', async () => {
    const swapped = file.slice()
    swapped.set(file.subarray(4096 * 2, 4096 * 3), 4096 * 3)
    swapped.set(file.subarray(4096 * 3, 4096 * 4), 4096 * 2)
    expect(await outcome(restored(swapped))).toBe(undefined)
  })

  it('an encrypted database of somebody else is no store, and gives its lock back', async () => {
    const directory = temporaryDirectory()
    const path = join(directory, DATABASE_FILE)
    const theirs = new driver!(path)
    unlock(theirs, KEY)
    theirs.exec('CREATE TABLE theirs (x); PRAGMA user_version = 1')
    theirs.close()
    for (let i = 0; i < 2; i++) await expect(open(directory)).rejects.toMatchObject({ code: 'io' })
  })

  it('a read that meets damage says so, and the storage can still be closed', async () => {
    const directory = temporaryDirectory()
    const storage = await open(directory)
    await storage.commit(Array.from({ length: 200 }, (_, i) => put('t', bytes(i), new Uint8Array(3000))))
    await storage.close()
    const path = join(directory, DATABASE_FILE)
    const damaged = readFileSync(path)
    damaged[damaged.length - 5000]! ^= 1
    writeFileSync(path, damaged)
    const again = await open(directory)
    const read = async () => {
      for await (const _ of again.range('t', bytes(), bytes(255), 1000));
    }
    await expect(read()).rejects.toMatchObject({ code: 'corrupt' })
    await again.close()
  })

  let restorations = 0
  function restored(content: Uint8Array, logContent?: Uint8Array): string {
    const directory = join(temporaryRoot(), String(restorations++))
    mkdirSync(directory)
    writeFileSync(join(directory, DATABASE_FILE), content)
    if (logContent) writeFileSync(join(directory, LOG), logContent)
    return directory
  }

  let root: string | undefined
  function temporaryRoot(): string {
    root ??= temporaryDirectory()
    return root
  }

  /** The number of commits that are there, undefined if the storage says that it is damaged; anything else fails. */
  async function outcome(directory: string): Promise<number | undefined> {
    try {
      const storage = await open(directory)
      try {
        return await lastOf(storage)
      } finally {
        await storage.close()
      }
    } catch (error) {
      if (!(error instanceof SqliteStorageError)) throw error
      expect(['corrupt', 'wrong-key', 'not-encrypted', 'too-new', 'io']).toContain(error.code)
      return undefined
    } finally {
      rmSync(directory, { recursive: true })
    }
  }

  async function codeOf(content: Uint8Array): Promise<string> {
    const directory = restored(content)
    try {
      const storage = await open(directory)
      try {
        return `opened with ${await lastOf(storage)} commits`
      } finally {
        await storage.close()
      }
    } catch (error) {
      return error instanceof SqliteStorageError ? error.code : String(error)
    }
  }
})
