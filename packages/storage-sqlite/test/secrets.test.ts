import { join } from 'node:path'
import { DATABASE_FILE } from '@status-protocol/storage-sqlite'
import { seededRandom } from '@status-protocol/testkit'
import { expect, it } from 'vitest'
import { createDatabase, MIGRATIONS, openUpgraded } from '../src/migrations.ts'
import { bundleChild, startChild } from './support/process.ts'
import {
  bytes,
  del,
  describeSqlite,
  driver,
  filesOf,
  KEY,
  open,
  put,
  temporaryDirectory,
} from './support/sqlite.ts'

const SENTENCE = new TextEncoder().encode('meet me under the clock at nine, bring nobody')
const TABLE = 'messages-of-alice'
const ENTRY_KEY = new TextEncoder().encode('an entry key that is long enough to be looked for')

describeSqlite('what lies in the files', () => {
  it('no plaintext, table name, entry key or database key, in any file of the directory', async () => {
    const child = await bundleChild()
    const directory = temporaryDirectory()
    const file = { driver: driver!, path: join(directory, DATABASE_FILE), key: KEY.slice() }
    createDatabase(file)
    const storage = await open(directory)
    await storage.commit([put(TABLE, ENTRY_KEY, SENTENCE)])
    await storage.commit([put(TABLE, bytes(1), SENTENCE), del(TABLE, bytes(1))])
    await storage.commit(
      Array.from({ length: 300 }, (_, i) => put(TABLE, bytes(2, i >> 8, i & 255), SENTENCE)),
    )
    await storage.close()
    // An upgrade leaves a backup; a killed process leaves the lock's files and a log.
    openUpgraded(file, [...MIGRATIONS, 'CREATE TABLE more (x)']).close()
    const downgrade = openUpgraded(file, [...MIGRATIONS, 'CREATE TABLE more (x)'])
    downgrade.exec(`PRAGMA user_version = ${MIGRATIONS.length}`)
    downgrade.close()
    const writer = startChild(child, 'commit', directory, KEY)
    await writer.line((line) => line === '20')
    await writer.kill()

    const files = filesOf(directory)
    expect([...files.keys()].sort()).toEqual([
      'lock.db',
      'lock.pid',
      DATABASE_FILE,
      `${DATABASE_FILE}-wal`,
      `${DATABASE_FILE}.version-${MIGRATIONS.length}`,
    ])
    expect(files.get(`${DATABASE_FILE}-wal`)!.length).toBeGreaterThan(10_000)
    expect(findings(files)).toEqual([])
  })

  it('the search finds all of it in the same tables without encryption', () => {
    const directory = temporaryDirectory()
    const connection = new driver!(join(directory, DATABASE_FILE))
    connection.pragma('journal_mode = WAL')
    connection.exec(MIGRATIONS.join(';'))
    const insert = connection.prepare('INSERT INTO entries VALUES (?, ?, ?)')
    insert.run(TABLE, ENTRY_KEY, SENTENCE)
    insert.run(TABLE, bytes(1), KEY)
    insert.run(TABLE, bytes(2), new TextEncoder().encode(Buffer.from(KEY).toString('hex')))
    const found = findings(filesOf(directory))
    connection.close()
    const log = `${DATABASE_FILE}-wal`
    const wanted = ['plaintext', 'table name', 'entry key', 'database key', 'database key in hex', 'SQL']
    expect(found).toEqual(expect.arrayContaining(wanted.map((what) => `${what} in ${log}`)))
  })

  it('encrypted files look like noise', async () => {
    const directory = temporaryDirectory()
    const storage = await open(directory)
    await storage.commit([put(TABLE, ENTRY_KEY, new Uint8Array(200_000))])
    await storage.close()
    const counts = new Array<number>(256).fill(0)
    const file = filesOf(directory).get(DATABASE_FILE)!
    for (const byte of file) counts[byte]!++
    const [low, high] = [Math.min(...counts), Math.max(...counts)]
    // About 800 of each, give or take six standard deviations; all zero bytes before encryption.
    expect(low).toBeGreaterThan(file.length / 256 - 6 * Math.sqrt(file.length / 256))
    expect(high).toBeLessThan(file.length / 256 + 6 * Math.sqrt(file.length / 256))
  })

  it('the same content twice is not the same file twice', async () => {
    const [a, b] = await Promise.all(
      [temporaryDirectory(), temporaryDirectory()].map(async (directory) => {
        const storage = await open(directory)
        await storage.commit([put('t', bytes(1), seededRandom(1).bytes(100))])
        await storage.close()
        return filesOf(directory).get(DATABASE_FILE)!
      }),
    )
    const equal = a!.reduce((count, byte, i) => count + (byte === b![i] ? 1 : 0), 0)
    expect(equal).toBeLessThan(a!.length / 64)
  })
})

/** What of the secrets lies open, and in which file. */
function findings(files: ReadonlyMap<string, Uint8Array>): string[] {
  const hex = Buffer.from(KEY).toString('hex')
  const secrets: readonly (readonly [string, Uint8Array])[] = [
    ['plaintext', SENTENCE],
    ['table name', Buffer.from(TABLE)],
    ['entry key', ENTRY_KEY],
    ['database key', KEY],
    ['database key in hex', Buffer.from(hex)],
    ['database key in hex', Buffer.from(hex.toUpperCase())],
    ['SQL', Buffer.from('CREATE TABLE')],
  ]
  return [...files].flatMap(([name, content]) =>
    secrets
      .filter(([, secret]) => Buffer.from(content).includes(Buffer.from(secret)))
      .map(([what]) => `${what} in ${name}`),
  )
}
