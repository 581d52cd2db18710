import { equal, utf8 } from '@status-protocol/bytes'
import { type RecordCipher, recordOf } from './cipher.ts'
import { IndexedDbStorageError, translate } from './error.ts'
import { inUse } from './lock.ts'

/** Entries of all tables: key [table, key], value the bytes as they are or as the cipher sealed them. */
export const ENTRIES = 'entries'
const META = 'meta'
const VERSION = 1

/**
 * Opens the database of that name, or creates it with this cipher.
 *
 * @throws IndexedDbStorageError `wrong-key`, `cipher-mismatch`, `too-new`, `locked`, `unavailable`, `io`
 */
export async function openDatabase(
  indexedDB: IDBFactory,
  name: string,
  cipher: RecordCipher | undefined,
): Promise<IDBDatabase> {
  const request = indexedDB.open(name, VERSION)
  request.onupgradeneeded = () => {
    request.result.createObjectStore(ENTRIES)
    request.result.createObjectStore(META).put(checkOf(cipher), CHECK_KEY)
  }
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    resultOf(request).then(resolve, reject)
    request.onblocked = () => {
      request.onsuccess = () => request.result.close() // too late for us
      reject(inUse())
    }
  })
  try {
    const transaction = database.transaction(META)
    requireCipher(cipher, await resultOf<unknown>(transaction.objectStore(META).get(CHECK_KEY)))
    return database
  } catch (error) {
    database.close()
    throw translate(error)
  }
}

/** What tells the right cipher from a wrong one: a known value, sealed when the store was made; empty without a cipher. */
const [CHECK_KEY, CHECK_RECORD, CHECK_VALUE] = [
  'cipher',
  recordOf('', utf8('cipher')),
  utf8('status-protocol'),
]

function checkOf(cipher: RecordCipher | undefined): Uint8Array {
  return cipher ? cipher.seal(CHECK_RECORD, CHECK_VALUE) : new Uint8Array(0)
}

function requireCipher(cipher: RecordCipher | undefined, stored: unknown): void {
  const check = bytesOf(stored)
  if (!check) throw new IndexedDbStorageError('corrupt', 'the store does not say whether it is encrypted')
  if (check.length === 0 && !cipher) return
  if (check.length === 0 || !cipher)
    throw new IndexedDbStorageError(
      'cipher-mismatch',
      cipher
        ? 'cipher: this store was created without one'
        : 'cipher: this store was created with one, none came',
    )
  const opened = cipher.open(CHECK_RECORD, check)
  if (!opened || !equal(opened, CHECK_VALUE))
    throw new IndexedDbStorageError(
      'wrong-key',
      'the key (the password) is not the one this store was created with',
    )
}

export function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(translate(request.error))
  })
}

/** Resolves when everything in the transaction is stored, rejects when nothing is. */
export function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(translate(transaction.error ?? aborted()))
  })
}

const aborted = () =>
  new IndexedDbStorageError('io', 'the browser gave up the transaction; nothing was written')

/** Ends a transaction without a trace, unless it has ended already. */
export function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort()
  } catch {}
}

/** Bytes as they were stored, also when they come from another realm (an iframe's), where `instanceof` fails. */
export function bytesOf(stored: unknown): Uint8Array | undefined {
  if (!ArrayBuffer.isView(stored)) return undefined
  return new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength)
}
