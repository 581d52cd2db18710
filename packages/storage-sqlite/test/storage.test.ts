import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { storageConformance } from '@status-protocol/ports/testing'
import {
  createSqliteStorage,
  DATABASE_FILE,
  type SqliteConnection,
  type SqliteDriver,
  type SqliteStorage,
} from '@status-protocol/storage-sqlite'
import { expect, it } from 'vitest'
import { openDatabase } from '../src/database.ts'
import {
  bytes,
  del,
  describeSqlite,
  driver,
  KEY,
  number,
  open,
  put,
  temporaryDirectory,
} from './support/sqlite.ts'

describeSqlite('Storage in SQLite', () => {
  const directoryOf = new WeakMap<object, string>()
  const openIn = async (directory: string) => {
    const storage = await open(directory)
    directoryOf.set(storage, directory)
    return storage
  }
  for (const { name, run } of storageConformance({
    open: () => openIn(temporaryDirectory()),
    close: (storage) => (storage as SqliteStorage).close(),
    async reopen(storage) {
      await (storage as SqliteStorage).close()
      return openIn(directoryOf.get(storage)!)
    },
  }))
    it(name, run)
})

describeSqlite('range', () => {
  it('goes through more entries than it reads at once', async () => {
    const storage = await open(temporaryDirectory())
    await storage.commit(Array.from({ length: 1500 }, (_, i) => put('t', number(i), number(i * 2))))
    for (const limit of [1, 511, 512, 513, 1024, 1499, 1500, 1501, Number.MAX_SAFE_INTEGER, Infinity]) {
      const found = await all(storage.range('t', number(0), number(5000), limit))
      expect(found.length).toBe(Math.min(limit, 1500))
      expect(found.every(([key, value], i) => same(key, number(i)) && same(value, number(i * 2)))).toBe(true)
    }
    await storage.close()
  })

  it('goes through values larger than it reads at once', async () => {
    const storage = await open(temporaryDirectory())
    const large = (i: number) => new Uint8Array(300_000).fill(i)
    await storage.commit([1, 2, 3].map((i) => put('t', bytes(i), large(i))))
    const found = await all(storage.range('t', bytes(), bytes(9), 2))
    expect(found.map(([key]) => key[0])).toEqual([1, 2])
    expect(same(found[1]![1], large(2))).toBe(true)
    await storage.close()
  })

  it('lets commits through while somebody reads, and sees those ahead of it', async () => {
    const storage = await open(temporaryDirectory())
    await storage.commit(Array.from({ length: 2000 }, (_, i) => put('t', number(i), bytes(0))))
    const seen: number[] = []
    for await (const [key, value] of storage.range('t', number(0), number(3000), 5000)) {
      seen.push(value[0]!)
      // The first reader turn deletes what was not read yet, and adds behind and ahead.
      if (seen.length === 1)
        await storage.commit([
          del('t', number(1999)),
          put('t', number(2500), bytes(7)),
          put('u', key, bytes(1)),
        ])
    }
    expect(seen.length).toBe(2000)
    expect(seen.at(-1)).toBe(7)
    await storage.close()
  })

  it('ends with an error when the storage is closed under it', async () => {
    const storage = await open(temporaryDirectory())
    await storage.commit(Array.from({ length: 600 }, (_, i) => put('t', number(i), bytes(0))))
    const reading = storage.range('t', number(0), number(1000), 1000)[Symbol.asyncIterator]()
    await reading.next()
    await storage.close()
    const rest = async () => {
      while (!(await reading.next()).done);
    }
    await expect(rest()).rejects.toMatchObject({ code: 'closed' })
  })
})

describeSqlite('an open storage', () => {
  it('waits for the disk at every commit, keeps temporary data in memory and overwrites what is deleted', async () => {
    const directory = temporaryDirectory()
    await (await open(directory)).close()
    const connection = openDatabase({ driver: driver!, path: join(directory, DATABASE_FILE), key: KEY })
    const setting = (name: string) => connection.pragma(name, { simple: true })
    expect(setting('journal_mode')).toBe('wal')
    expect(setting('locking_mode')).toBe('exclusive')
    expect(setting('synchronous')).toBe(2)
    expect(setting('fullfsync')).toBe(1)
    expect(setting('temp_store')).toBe(2)
    expect(setting('secure_delete')).toBe(1)
    expect(setting('cipher')).toBe('sqlcipher')
    connection.close()
  })

  it('creates its directory and files for their owner alone', async () => {
    const directory = join(temporaryDirectory(), 'a', 'b')
    const storage = await open(directory)
    await storage.commit([put('t', bytes(1), bytes(1))])
    const mode = (path: string) => statSync(path).mode & 0o777
    if (process.platform !== 'win32') {
      expect([mode(directory), mode(join(directory, '..'))]).toEqual([0o700, 0o700])
      for (const name of [DATABASE_FILE, `${DATABASE_FILE}-wal`, 'lock.db', 'lock.pid'])
        expect([name, mode(join(directory, name))]).toEqual([name, 0o600])
    }
    await storage.close()
  })

  it('lets timers run between commits', async () => {
    const storage = await open(temporaryDirectory())
    let ticks = 0
    const timer = setInterval(() => ticks++, 0)
    for (let i = 0; i < 200; i++) await storage.commit([put('t', number(i), bytes(1))])
    clearInterval(timer)
    expect(ticks).toBeGreaterThan(0)
    await storage.close()
  })

  it('takes Buffers and hands out plain arrays', async () => {
    const storage = await open(temporaryDirectory())
    await storage.commit([put('t', Buffer.from('k'), Buffer.from('v'))])
    const value = await storage.get('t', Buffer.from('k'))
    expect(Buffer.isBuffer(value)).toBe(false)
    expect(value).toEqual(new Uint8Array([118]))
    await storage.close()
  })

  it('says which argument is wrong, and changes nothing', async () => {
    const storage = await open(temporaryDirectory())
    const wrong: unknown[][] = [
      [{ put: ['t', bytes(1)] }],
      [{ put: [1, bytes(1), bytes(1)] }],
      [{ put: ['t', 'key', bytes(1)] }],
      [{ del: ['t'] }],
      [{ del: ['t', bytes(1), bytes(1)] }],
      [{}],
      [null],
    ]
    for (const changes of wrong)
      await expect(
        storage.commit([put('t', bytes(7), bytes(7)), ...(changes as never[])]),
      ).rejects.toMatchObject({
        code: 'invalid-argument',
        message: expect.stringContaining('changes[1]'),
      })
    expect(await storage.get('t', bytes(7))).toBe(undefined)
    await expect(storage.get('t', 'x' as never)).rejects.toMatchObject({ code: 'invalid-argument' })
    await expect(all(storage.range('t', bytes(), 5 as never, 1))).rejects.toMatchObject({
      code: 'invalid-argument',
    })
    await storage.close()
  })

  it('refuses everything once it is closed, twice if need be', async () => {
    const storage = await open(temporaryDirectory())
    await storage.close()
    await storage.close()
    await expect(storage.get('t', bytes(1))).rejects.toMatchObject({ code: 'closed' })
    await expect(storage.commit([])).rejects.toMatchObject({ code: 'closed' })
    await expect(all(storage.range('t', bytes(), bytes(1), 1))).rejects.toMatchObject({ code: 'closed' })
    await expect(storage.rekey(KEY)).rejects.toMatchObject({ code: 'closed' })
  })

  it('shows no key when it is printed', async () => {
    const storage = await open(temporaryDirectory())
    const shown = `${inspect(storage, { depth: 9, showHidden: true })}${JSON.stringify(storage)}${storage}`
    expect(shown).not.toContain(`${KEY[0]}, ${KEY[1]}`)
    expect(shown).not.toContain(Buffer.from(KEY).toString('hex'))
    await storage.close()
  })

  it('wants a key of 32 bytes and a lock of the same directory', async () => {
    for (const key of [new Uint8Array(31), new Uint8Array(33), 'x'.repeat(32)])
      await expect(open(temporaryDirectory(), key as Uint8Array)).rejects.toMatchObject({
        code: 'invalid-argument',
      })
    const lock = { directory: '/elsewhere', release() {} }
    await expect(
      createSqliteStorage({ directory: temporaryDirectory(), key: KEY, lock, driver: driver! }),
    ).rejects.toMatchObject({ code: 'invalid-argument' })
  })

  it('a commit that does not fit changes nothing, and the storage goes on', async () => {
    const connections: SqliteConnection[] = []
    const capturing = new Proxy(driver!, {
      construct(Driver, given: ConstructorParameters<SqliteDriver>) {
        const connection = new Driver(...given)
        connections.push(connection)
        return connection
      },
    })
    const storage = await createSqliteStorage({
      directory: temporaryDirectory(),
      key: KEY,
      driver: capturing,
    })
    await storage.commit([put('t', bytes(1), bytes(1))])
    const database = connections.at(-1)!
    const pages = Number(database.pragma('page_count', { simple: true }))
    database.pragma(`max_page_count = ${pages + 5}`)
    const large = Array.from({ length: 20 }, (_, i) => put('t', bytes(i), new Uint8Array(4000)))
    await expect(storage.commit(large)).rejects.toMatchObject({ code: 'disk-full' })
    expect((await all(storage.range('t', bytes(), bytes(255), 100))).length).toBe(1)
    expect(await storage.get('t', bytes(1))).toEqual(bytes(1))
    database.pragma(`max_page_count = ${pages + 500}`)
    await storage.commit(large)
    expect((await all(storage.range('t', bytes(), bytes(255), 100))).length).toBe(20)
    await storage.close()
  })

  it('reports a directory that cannot be used', async () => {
    const directory = temporaryDirectory()
    mkdirSync(join(directory, 'lock.db'))
    await expect(open(directory)).rejects.toMatchObject({ code: 'io' })
    await expect(open('/dev/null/x')).rejects.toMatchObject({
      code: 'io',
      details: { cause: expect.stringMatching(/^(ENOTDIR|EEXIST)$/) },
    })
  })
})

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0
