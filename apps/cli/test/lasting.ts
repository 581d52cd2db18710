import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

/**
 * Whether there is a store that lasts. Where SQLite could not be compiled the client keeps private chats in memory, without
 * sessions and acknowledgements, and says so: tests of those are skipped there, except in CI.
 */
export const lasts: boolean = process.env.CI !== undefined || hasSqlite()

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
