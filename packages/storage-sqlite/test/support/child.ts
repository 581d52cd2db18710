/**
 * A process that is killed. It prints one line a step: `ready`, then the number of every commit that was acknowledged.
 *   node child.mjs hold|commit|rekey DIRECTORY KEY_HEX [NEW_KEY_HEX]
 */
import { writeSync } from 'node:fs'
import { fromHex } from '@status-protocol/bytes'
import { createSqliteStorage, SqliteStorageError } from '@status-protocol/storage-sqlite'
import { changesOf, lastOf } from './ledger.ts'

const [mode, directory, key, newKey] = process.argv.slice(2) as [string, string, string, string?]
const say = (line: string | number) => writeSync(1, `${line}\n`)

try {
  const storage = await createSqliteStorage({ directory, key: fromHex(key) })
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
