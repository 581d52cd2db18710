/**
 * A process that is killed. It prints one line a step: `ready`, then the number of every commit that was acknowledged.
 *   node child.mjs hold|commit|rekey DIRECTORY KEY_HEX [NEW_KEY_HEX]
 */
import { writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fromHex } from '@status-protocol/bytes'
import { createSqliteStorage, SqliteStorageError } from '@status-protocol/storage-sqlite'
import { loadDriver } from '../../src/driver.ts'
import { changesOf, lastOf } from './ledger.ts'

const [mode, directory, key, newKey] = process.argv.slice(2) as [string, string, string, string?]
const { SQLITE_DRIVER } = process.env
const driver = loadDriver(
  createRequire(SQLITE_DRIVER ? join(SQLITE_DRIVER, 'package.json') : import.meta.url),
)
const say = (line: string | number) => writeSync(1, `${line}\n`)

try {
  const storage = await createSqliteStorage({ directory, key: fromHex(key), driver })
  say('ready')
  if (mode === 'commit')
    for (let n = (await lastOf(storage)) + 1; ; n++) {
      await storage.commit(changesOf(n))
      say(n)
    }
  if (mode === 'rekey') {
    await storage.rekey(fromHex(newKey!))
    say('done')
  }
  setInterval(() => {}, 1000)
} catch (error) {
  if (!(error instanceof SqliteStorageError)) throw error
  say(`${error.code} ${error.message}`)
}
