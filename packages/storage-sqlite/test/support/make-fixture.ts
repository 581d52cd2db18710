/**
 * Makes `fixtures/version-N.db` of the present version, when there is a new one:
 *   node --conditions=@status-protocol/source --import tsx packages/storage-sqlite/test/support/make-fixture.ts
 */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createSqliteStorage, DATABASE_FILE } from '@status-protocol/storage-sqlite'
import { MIGRATIONS } from '../../src/migrations.ts'
import { MESSAGES, SOURCE, said } from './texts.ts'

const KEY = Uint8Array.from({ length: 32 }, (_, i) => 17 + i * 7) // the tests' own
const number = (value: number): Uint8Array => {
  const key = new Uint8Array(8)
  new DataView(key.buffer).setBigUint64(0, BigInt(value))
  return key
}

const directory = mkdtempSync(join(tmpdir(), 'fixture-'))
const storage = await createSqliteStorage({ directory, key: KEY, texts: SOURCE })
await storage.commit(
  MESSAGES.map((n) => ({ put: ['m', number(n), said(`message ${n} of version one`)] as const })),
)
await storage.commit([{ put: ['other', new Uint8Array(0), new Uint8Array(0)] }, { del: ['m', number(7)] }])
await storage.close()
const fixture = fileURLToPath(new URL(`../fixtures/version-${MIGRATIONS.length}.db`, import.meta.url))
copyFileSync(join(directory, DATABASE_FILE), fixture)
rmSync(directory, { recursive: true })
