import { messageTexts } from '@status-protocol/messenger'
import type { Storage } from '@status-protocol/ports'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import {
  createSqliteStorage,
  type SqliteStorage,
  SqliteStorageError,
  type SqliteStorageOptions,
} from '@status-protocol/storage-sqlite'
import type { Logger } from './log.ts'
import type { OpenAccount } from './sealed-account.ts'

export interface OpenStorage {
  readonly storage: Storage
  /** What is stored outlives the process: sessions with forward secrecy make sense. */
  readonly isDurable: boolean
  close(): Promise<void>
}

/**
 * The encrypted database of the account in its data directory. Where this machine has no SQLite, messages are kept in
 * memory and private ones are encrypted by Whisper alone: a session that forgets its keys would only lose messages.
 *
 * @throws SqliteStorageError `locked` and the other reasons that the person can do something about
 */
export async function openStorage(
  dataDir: string,
  account: OpenAccount,
  log: Logger,
  options: Pick<SqliteStorageOptions, 'onIndexing'> = {},
): Promise<OpenStorage> {
  try {
    const { storage, key } = await openDatabase(dataDir, account, options)
    for (const own of [key, account.databaseKeys?.current, account.databaseKeys?.previous]) own?.fill(0)
    return { storage, isDurable: true, close: () => storage.close() }
  } catch (error) {
    if (!(error instanceof SqliteStorageError) || error.code !== 'driver-unavailable') throw error
    log.warn(`messages are kept in memory only, without forward secrecy: ${error.message}`)
    return { storage: createMemoryStorage(), isDurable: false, close: async () => undefined }
  }
}

/** The database under whichever key it has: see `account-password.ts`. The key is the caller's to wipe. */
export async function openDatabase(
  dataDir: string,
  { account, databaseKeys }: OpenAccount,
  options: Pick<SqliteStorageOptions, 'onIndexing' | 'lock'> = {},
): Promise<{ readonly storage: SqliteStorage; readonly key: Uint8Array }> {
  const { current, previous } = databaseKeys ?? { current: account.databaseKey.privateKey }
  const open = (key: Uint8Array) =>
    createSqliteStorage({ directory: dataDir, key, texts: messageTexts, ...options })
  try {
    return { storage: await open(current), key: current }
  } catch (error) {
    if (!previous || !(error instanceof SqliteStorageError) || error.code !== 'wrong-key') throw error
  }
  const storage = await open(previous)
  try {
    await storage.rekey(current) // a change of the password was interrupted
    return { storage, key: current }
  } catch {
    return { storage, key: previous } // as before: no room on the disk, perhaps
  }
}
