/**
 * Another password, and with it another key of the database: whoever knew the old ones and gets at the files later reads
 * nothing. Three steps, after each of which a crash leaves an account that opens with one password, and a database that
 * opens with a key in it:
 *
 * 1. the account file is replaced by one under the new password, with the new key of the database and the one it has;
 * 2. the database is encrypted anew, as a copy that takes its place;
 * 3. the account file is replaced by one without the key of before.
 */
import { systemRandom } from '@status-protocol/crypto'
import { lockDirectory, type SqliteStorage, SqliteStorageError } from '@status-protocol/storage-sqlite'
import { type AccountPlace, loadAccount, removeDraft, replaceAccount } from './account-store.ts'
import { openDatabase } from './open-storage.ts'
import { type OpenAccount, type SealInput, sealAccount } from './sealed-account.ts'

/**
 * @param password the new one; undefined: none
 * @returns the account as it opens with it
 * @throws CliError `no-account`, `wrong-password`; SqliteStorageError `locked` and whatever a database may have
 */
export async function changePassword(
  place: AccountPlace,
  password: string | undefined,
): Promise<OpenAccount> {
  const opened = await loadAccount(place)
  const sealing = { mnemonic: opened.mnemonic, password, cost: place.cost }
  const database = await lockedDatabase(place.dataDir, opened)
  try {
    removeDraft(place)
    if (database) await change(place, { sealing, ...database })
    else replaceAccount(place, await sealAccount({ ...sealing, keys: opened.databaseKeys }))
  } finally {
    await database?.close()
  }
  return loadAccount({ ...place, password })
}

interface Change {
  readonly sealing: Omit<SealInput, 'keys'>
  readonly storage: SqliteStorage
  readonly key: Uint8Array
}

async function change(place: AccountPlace, { sealing, storage, key }: Change): Promise<void> {
  const current = systemRandom.bytes(32)
  try {
    replaceAccount(place, await sealAccount({ ...sealing, keys: { current, previous: key } }))
    await storage.rekey(current)
    replaceAccount(place, await sealAccount({ ...sealing, keys: { current } }))
  } finally {
    for (const bytes of [current, key]) bytes.fill(0)
  }
}

/** Nobody else works with the account meanwhile. Undefined: this machine has no SQLite, so there is no database. */
async function lockedDatabase(dataDir: string, opened: OpenAccount) {
  try {
    const lock = lockDirectory(dataDir)
    try {
      const { storage, key } = await openDatabase(dataDir, opened, { lock })
      const close = async (): Promise<void> => {
        await storage.close()
        lock.release()
      }
      return { storage, key, close }
    } catch (error) {
      lock.release()
      throw error
    }
  } catch (error) {
    if (error instanceof SqliteStorageError && error.code === 'driver-unavailable') return undefined
    throw error
  }
}
