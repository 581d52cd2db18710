import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { it } from 'vitest'

/**
 * `it` for what needs a store that lasts. Where SQLite could not be compiled the client keeps private chats in memory,
 * without sessions and acknowledgements, and says so: these tests are skipped there, except in CI.
 */
export const itLasts: typeof it.skip = process.env.CI || hasSqlite() ? it : it.skip

function hasSqlite(): boolean {
  try {
    const store = fileURLToPath(import.meta.resolve('@status-protocol/storage-sqlite/package.json'))
    const Driver = createRequire(store)('better-sqlite3-multiple-ciphers') as new (
      path: string,
    ) => { close(): void }
    new Driver(':memory:').close()
    return true
  } catch {
    return false
  }
}
