import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DATABASE_FILE } from '@status-protocol/storage-sqlite'
import { expect, it } from 'vitest'
import { openDatabase } from '../src/database.ts'
import { createDatabase, MIGRATIONS, openUpgraded } from '../src/migrations.ts'
import {
  bytes,
  describeSqlite,
  driver,
  fingerprint,
  KEY,
  open,
  put,
  temporaryDirectory,
} from './support/sqlite.ts'

const NEWEST = MIGRATIONS.length
const BACKUP = `${DATABASE_FILE}.version-${NEWEST}`
const ONE_MORE = [...MIGRATIONS, `CREATE TABLE second (x); UPDATE entries SET value = x'63'`]
const TWO_MORE = [...ONE_MORE, 'CREATE TABLE third (x)']

describeSqlite('migrations', () => {
  it('a new file has the newest version at once, and no backup', async () => {
    const directory = temporaryDirectory()
    const file = fileIn(directory)
    createDatabase(file, TWO_MORE)
    expect(readdirSync(directory)).toEqual([DATABASE_FILE])
    const connection = openUpgraded(file, TWO_MORE)
    expect(connection.pragma('user_version', { simple: true })).toBe(NEWEST + 2)
    connection.close()
    expect(readdirSync(directory)).toEqual([DATABASE_FILE])
  })

  it('an older file is copied, then brought forward, step by step', async () => {
    const directory = await filled()
    const before = fingerprint(directory)[DATABASE_FILE]
    const connection = openUpgraded(fileIn(directory), TWO_MORE)
    expect(connection.pragma('user_version', { simple: true })).toBe(NEWEST + 2)
    expect(connection.prepare('SELECT value FROM entries').raw().get()).toEqual([Buffer.from('c')])
    connection.exec('SELECT * FROM second, third')
    connection.close()
    expect(fingerprint(directory)[BACKUP]).toEqual(before)

    expect(statSync(join(directory, BACKUP)).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o600)

    // The backup is a whole database under the same key: what an older program would go on with.
    const backup = openDatabase({ ...fileIn(directory), path: join(directory, BACKUP) })
    expect(backup.prepare('SELECT value FROM entries').raw().get()).toEqual([Buffer.from([2])])
    backup.close()
  })

  it('the next upgrade takes the place of the last one’s backup', async () => {
    const directory = await filled()
    openUpgraded(fileIn(directory), ONE_MORE).close()
    openUpgraded(fileIn(directory), TWO_MORE).close()
    expect(readdirSync(directory).filter((name) => name.includes('version'))).toEqual([
      `${DATABASE_FILE}.version-${NEWEST + 1}`,
    ])
  })

  it('one that fails leaves everything as it was, and can be tried again', async () => {
    const directory = await filled()
    const broken = [...ONE_MORE, 'CREATE TABLE third (x); SELECT * FROM nowhere']
    expect(() => openUpgraded(fileIn(directory), broken)).toThrow('SQLITE_ERROR')
    const storage = await open(directory)
    expect(await storage.get('t', bytes(1))).toEqual(bytes(2))
    await storage.close()
    openUpgraded(fileIn(directory), TWO_MORE).close()
  })

  it('a file of a newer version is refused and left alone', async () => {
    const directory = await filled()
    openUpgraded(fileIn(directory), TWO_MORE).close()
    const before = fingerprint(directory)
    await expect(open(directory)).rejects.toMatchObject({
      code: 'too-new',
      message: expect.stringContaining('upgrade this program'),
      details: { found: NEWEST + 2, supported: NEWEST },
    })
    const after = fingerprint(directory)
    expect(after[DATABASE_FILE]).toEqual(before[DATABASE_FILE])
    expect(after[BACKUP]).toEqual(before[BACKUP])
  })
})

const fileIn = (directory: string) => ({ driver: driver!, path: join(directory, DATABASE_FILE), key: KEY })

async function filled(): Promise<string> {
  const directory = temporaryDirectory()
  const storage = await open(directory)
  await storage.commit([put('t', bytes(1), bytes(2))])
  await storage.close()
  return directory
}
