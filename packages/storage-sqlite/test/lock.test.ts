import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSqliteStorage, lockDirectory } from '@status-protocol/storage-sqlite'
import { collectGarbage } from '@status-protocol/testkit/garbage'
import { beforeAll, expect, it } from 'vitest'
import { bundleChild, startChild } from './support/process.ts'
import { bytes, describeSqlite, driver, KEY, open, put, temporaryDirectory } from './support/sqlite.ts'

describeSqlite('the lock of a data directory', () => {
  let child: string
  beforeAll(async () => {
    child = await bundleChild()
  })

  it('keeps a second one of the same process out until the first one closes', async () => {
    const directory = temporaryDirectory()
    const first = await open(directory)
    await expect(open(directory)).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringContaining(`${directory} is in use by this process already: stop it`),
    })
    await first.commit([put('t', bytes(1), bytes(1))])
    await first.close()
    const second = await open(directory)
    expect(await second.get('t', bytes(1))).toEqual(bytes(1))
    await second.close()
  })

  it('keeps other processes out, both ways, and says who is in', async () => {
    const directory = temporaryDirectory()
    const other = startChild(child, 'hold', directory, KEY)
    await other.line((line) => line === 'ready')
    await expect(open(directory)).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringMatching(/in use by process \d+: stop it, talk to it instead/),
      details: { directory, pid: expect.any(Number) },
    })
    await other.kill()
    const storage = await open(directory)
    const late = startChild(child, 'hold', directory, KEY)
    expect(await late.line(() => true)).toMatch(new RegExp(`^locked .* in use by process ${process.pid}`))
    await late.kill()
    await storage.close()
  })

  it('ends with its process, however that ends', async () => {
    const directory = temporaryDirectory()
    for (let i = 0; i < 3; i++) {
      const other = startChild(child, 'hold', directory, KEY)
      expect(await other.line(() => true)).toBe('ready')
      await other.kill()
    }
    await (await open(directory)).close()
  })

  it('one that is held already is used and left alone', async () => {
    const directory = temporaryDirectory()
    const lock = lockDirectory(directory, { driver: driver! })
    await expect(open(directory)).rejects.toMatchObject({ code: 'locked' })
    const storage = await createSqliteStorage({ directory, key: KEY, lock, driver: driver! })
    await storage.close()
    await expect(open(directory)).rejects.toMatchObject({ code: 'locked' })
    lock.release()
    lock.release()
    await (await open(directory)).close()
    expect(existsSync(join(directory, 'lock.pid'))).toBe(false)
  })

  it('is kept also when nobody keeps what was returned', async () => {
    const directory = temporaryDirectory()
    lockDirectory(directory, { driver: driver! })
    await collectGarbage()
    await expect(open(directory)).rejects.toMatchObject({ code: 'locked' })
  })

  it('the database is locked itself, should somebody delete the lock’s file', async () => {
    const directory = temporaryDirectory()
    const other = startChild(child, 'hold', directory, KEY)
    await other.line((line) => line === 'ready')
    rmSync(join(directory, 'lock.db'))
    await expect(open(directory)).rejects.toMatchObject({ code: 'locked' })
    await other.kill()
  })

  it('a failed opening gives it back', async () => {
    const directory = temporaryDirectory()
    await (await open(directory)).close()
    await expect(open(directory, bytes(...KEY).reverse())).rejects.toMatchObject({ code: 'wrong-key' })
    await (await open(directory)).close()
  })

  it('a lock file that is something else is reported', async () => {
    const directory = temporaryDirectory()
    writeFileSync(
      join(directory, 'lock.db'),
      'not a database, but long enough to be looked at as one'.repeat(30),
    )
    await expect(open(directory)).rejects.toMatchObject({ code: 'corrupt' })
  })
})
