/**
 * A mailserver's store that is killed: `node archive-child.mjs commit DIRECTORY FIRST_HEX`. Four links write at the same
 * time; the number of every batch is printed once it is confirmed.
 */
import { writeSync } from 'node:fs'
import { createSqliteArchive } from '@status-protocol/storage-sqlite/archive'
import { mailOf } from './mail.ts'

const [, directory, first] = process.argv.slice(2) as [string, string, string]
const say = (line: string | number) => writeSync(1, `${line}\n`)

const archive = await createSqliteArchive({ directory })
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
