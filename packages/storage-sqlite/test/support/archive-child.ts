/**
 * A mailserver's store that is killed: `node archive-child.mjs commit DIRECTORY FIRST_HEX`. Four links write at the same
 * time; the number of every batch is printed once it is confirmed.
 */
import { writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createSqliteArchive } from '@status-protocol/storage-sqlite/archive'
import { loadDriver } from '../../src/driver.ts'
import { mailOf } from './mail.ts'

const [, directory, first] = process.argv.slice(2) as [string, string, string]
const { SQLITE_DRIVER } = process.env
const driver = loadDriver(
  createRequire(SQLITE_DRIVER ? join(SQLITE_DRIVER, 'package.json') : import.meta.url),
)
const say = (line: string | number) => writeSync(1, `${line}\n`)

const archive = await createSqliteArchive({ directory, driver })
say('ready')
let next = Number.parseInt(first, 16)
const link = async () => {
  for (;;) {
    const n = next++
    await archive.putBatch(mailOf(n))
    say(n)
    if (n % 40 === 0) await archive.prune({ beforeUnixSeconds: 1 }) // nothing: but its transactions run
  }
}
await Promise.all([link(), link(), link(), link()])
