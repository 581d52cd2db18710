import { cpSync, existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSqliteStorage, DATABASE_FILE, type SqliteDriver } from '@status-protocol/storage-sqlite'
import { expect, it } from 'vitest'
import { lastOf } from './support/ledger.ts'
import { bundleChild, startChild } from './support/process.ts'
import {
  bytes,
  describeSqlite,
  driver,
  fingerprint,
  KEY,
  number,
  OTHER_KEY,
  open,
  put,
  temporaryDirectory,
} from './support/sqlite.ts'

describeSqlite('a wrong key', () => {
  it('is one clear error and changes nothing', async () => {
    const directory = temporaryDirectory()
    const storage = await open(directory)
    await storage.commit([put('t', bytes(1), bytes(2))])
    await storage.close()
    const before = fingerprint(directory)
    await expect(open(directory, OTHER_KEY)).rejects.toMatchObject({
      name: 'SqliteStorageError',
      code: 'wrong-key',
      message: `${join(directory, DATABASE_FILE)}: the key (the password) is not the one it was written with, or its start is damaged`,
    })
    expect(fingerprint(directory)).toEqual(before)
    const again = await open(directory)
    expect(await again.get('t', bytes(1))).toEqual(bytes(2))
    await again.close()
  })

  it('leaves a log alone that a killed process left', async () => {
    const child = await bundleChild()
    const directory = temporaryDirectory()
    const writer = startChild(child, 'commit', directory, KEY)
    await writer.line((line) => line === '30')
    await writer.kill()
    const [before, log] = [fingerprint(directory), `${DATABASE_FILE}-wal`]
    expect(statSync(join(directory, log)).size).toBeGreaterThan(100_000)
    for (let i = 0; i < 3; i++)
      await expect(open(directory, OTHER_KEY)).rejects.toMatchObject({ code: 'wrong-key' })
    const after = fingerprint(directory)
    expect([after[DATABASE_FILE], after[log]]).toEqual([before[DATABASE_FILE], before[log]])
    const storage = await open(directory)
    expect(await lastOf(storage)).toBeGreaterThanOrEqual(30)
    await storage.close()
  })

  it('a file without encryption is named as such and left alone', async () => {
    const directory = temporaryDirectory()
    const connection = new driver!(join(directory, DATABASE_FILE))
    connection.exec('CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)')
    connection.close()
    const before = fingerprint(directory)[DATABASE_FILE]
    await expect(open(directory)).rejects.toMatchObject({ code: 'not-encrypted' })
    expect(fingerprint(directory)[DATABASE_FILE]).toEqual(before)
  })
})

describeSqlite('rekey', () => {
  it('everything is there under the new key, nothing under the old one', async () => {
    const directory = temporaryDirectory()
    const storage = await open(directory)
    await storage.commit(Array.from({ length: 700 }, (_, i) => put('t', number(i), number(i))))
    const reading = storage.range('t', number(0), number(900), 900)[Symbol.asyncIterator]()
    await reading.next()
    const next = OTHER_KEY.slice()
    await storage.rekey(next)
    next.fill(0) // it was copied
    let count = 1
    while (!(await reading.next()).done) count++
    expect(count).toBe(700)
    await storage.commit([put('t', number(1000), bytes(1))])
    await storage.close()

    await expect(open(directory, KEY)).rejects.toMatchObject({ code: 'wrong-key' })
    const again = await open(directory, OTHER_KEY)
    expect(await again.get('t', number(699))).toEqual(number(699))
    expect(await again.get('t', number(1000))).toEqual(bytes(1))
    await again.close()
  })

  it('deletes the copies that the old key opens', async () => {
    const directory = temporaryDirectory()
    await (await open(directory)).close()
    cpSync(join(directory, DATABASE_FILE), join(directory, `${DATABASE_FILE}.version-1`))
    const storage = await open(directory)
    expect(existsSync(join(directory, `${DATABASE_FILE}.version-1`))).toBe(true)
    await storage.rekey(OTHER_KEY)
    await storage.close()
    expect(readdirSync(directory).sort()).toEqual(['lock.db', DATABASE_FILE])
  })

  it('what a killed one left is cleared away', async () => {
    const directory = temporaryDirectory()
    await (await open(directory)).close()
    for (const rest of ['', '-wal', '-journal', '.unfinished'])
      writeFileSync(join(directory, `${DATABASE_FILE}.rekey${rest}`), 'x')
    await (await open(directory)).close()
    expect(readdirSync(directory).sort()).toEqual(['lock.db', DATABASE_FILE])
  })

  it('one that fails changes nothing and goes on', async () => {
    const directory = temporaryDirectory()
    let isFull = true
    const storage = await createSqliteStorage({
      directory,
      key: KEY,
      driver: watched((_, method) => {
        if (method === 'rekey' && isFull) throw Object.assign(new Error('full'), { code: 'SQLITE_FULL' })
      }),
    })
    await storage.commit([put('t', bytes(1), bytes(2))])
    await expect(storage.rekey(new Uint8Array(16))).rejects.toMatchObject({ code: 'invalid-argument' })
    await expect(storage.rekey(OTHER_KEY)).rejects.toMatchObject({ code: 'disk-full' })
    expect(readdirSync(directory).filter((name) => name.includes('rekey'))).toEqual([])
    expect(await storage.get('t', bytes(1))).toEqual(bytes(2))
    await storage.commit([put('t', bytes(1), bytes(3))])
    isFull = false
    await storage.rekey(OTHER_KEY)
    await storage.close()
    const again = await open(directory, OTHER_KEY)
    expect(await again.get('t', bytes(1))).toEqual(bytes(3))
    await again.close()
  })
})

describeSqlite('the key', () => {
  it('is copied: the caller may wipe its own at once', async () => {
    const directory = temporaryDirectory()
    const key = KEY.slice()
    const opening = open(directory, key)
    key.fill(0)
    const storage = await opening
    await storage.rekey(OTHER_KEY)
    await storage.close()
    await (await open(directory, OTHER_KEY)).close()
  })

  it('goes to SQLite in memory that is wiped afterwards', async () => {
    const seen: Uint8Array[] = []
    const storage = await createSqliteStorage({
      directory: temporaryDirectory(),
      key: KEY,
      driver: watched((raw) => {
        expect(raw.subarray(4).some((byte) => byte !== 0)).toBe(true)
        seen.push(raw)
      }),
    })
    await storage.rekey(OTHER_KEY)
    await storage.close()
    expect(seen.length).toBeGreaterThanOrEqual(5)
    expect(seen.every((raw) => raw.every((byte) => byte === 0))).toBe(true)
  })
})

/** The driver, telling which memory is handed to `key` and `rekey`. */
function watched(onKey: (raw: Uint8Array, method: 'key' | 'rekey') => void): SqliteDriver {
  return new Proxy(driver!, {
    construct: (Driver, given: ConstructorParameters<SqliteDriver>) =>
      new Proxy(new Driver(...given), {
        get(connection, name) {
          const member: unknown = Reflect.get(connection, name, connection)
          if (typeof member !== 'function') return member
          return (...parameters: unknown[]) => {
            if (name === 'key' || name === 'rekey') onKey(parameters[0] as Uint8Array, name)
            return member.apply(connection, parameters) as unknown
          }
        },
      }),
  })
}
