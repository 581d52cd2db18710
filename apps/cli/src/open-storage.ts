import { messageTexts } from '@status-protocol/messenger'
import type { Storage } from '@status-protocol/ports'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import {
  createSqliteStorage,
  SqliteStorageError,
  type SqliteStorageOptions,
} from '@status-protocol/storage-sqlite'
import type { Account } from '@status-protocol/trust'
import type { Logger } from './log.ts'

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
  account: Account,
  log: Logger,
  options: Pick<SqliteStorageOptions, 'onIndexing'> = {},
): Promise<OpenStorage> {
  const key = account.databaseKey.privateKey
  try {
    const storage = await createSqliteStorage({ directory: dataDir, key, texts: messageTexts, ...options })
    return { storage, isDurable: true, close: () => storage.close() }
  } catch (error) {
    if (!(error instanceof SqliteStorageError) || error.code !== 'driver-unavailable') throw error
    log.warn(`messages are kept in memory only, without forward secrecy: ${error.message}`)
    return { storage: createMemoryStorage(), isDurable: false, close: async () => undefined }
  } finally {
    key.fill(0)
  }
}
