import { compare } from '@status-protocol/bytes'
import { type Change, isChange, type Storage } from '@status-protocol/ports'
import { type RecordCipher, recordOf } from './cipher.ts'
import { abort, bytesOf, completed, ENTRIES, openDatabase, resultOf } from './database.ts'
import { IndexedDbStorageError, translate } from './error.ts'
import { inUse, type TabLock, type TabLocks, takeLock } from './lock.ts'

export interface IndexedDbStorageOptions {
  /** The database's name within the page's origin, one per account. Visible to whoever looks at the browser's storage. */
  readonly name: string
  /** Encrypts values; see {@link aesGcmCipher}. Without one everything is stored as it is. */
  readonly cipher?: RecordCipher
  readonly indexedDB?: IDBFactory
  readonly IDBKeyRange?: Pick<typeof IDBKeyRange, 'bound'>
  /** Where tabs agree who owns the store: `navigator.locks`. */
  readonly locks?: TabLocks
}

export interface IndexedDbStorage extends Storage {
  /** Gives the store back to other tabs. Everything after it rejects with `closed`; a second call does nothing. */
  close(): Promise<void>
}

/**
 * Opens the {@link Storage} of that name, or creates it. One tab, window or worker has it at a time.
 *
 * @throws IndexedDbStorageError with a code for each way it can go wrong: see {@link IndexedDbStorageErrorCode}
 */
export async function createIndexedDbStorage(options: IndexedDbStorageOptions): Promise<IndexedDbStorage> {
  const { name, cipher } = options
  const indexedDB = required(options.indexedDB ?? globalThis.indexedDB, 'IndexedDB')
  const keyRange = required(options.IDBKeyRange ?? globalThis.IDBKeyRange, 'IDBKeyRange')
  const locks = required<TabLocks>(
    options.locks ?? globalThis.navigator?.locks,
    'Web Locks (https or localhost)',
  )
  const lock = await takeLock(locks, `status-protocol storage ${name}`)
  try {
    return new OpenStorage(await openDatabase(indexedDB, name, cipher), keyRange, lock, cipher)
  } catch (error) {
    await lock.release()
    throw error
  }
}

function required<T>(value: T | undefined, what: string): T {
  if (value) return value
  throw new IndexedDbStorageError('unavailable', `this page has no ${what}`)
}

/** Entries read in one transaction of a range. */
const PAGE_ENTRIES = 128

class OpenStorage implements IndexedDbStorage {
  readonly #database: IDBDatabase
  readonly #keyRange: Pick<typeof IDBKeyRange, 'bound'>
  readonly #lock: TabLock
  readonly #cipher: RecordCipher | undefined
  /** Why nothing can be done with it any more. */
  #ended: IndexedDbStorageError | undefined

  constructor(
    database: IDBDatabase,
    keyRange: Pick<typeof IDBKeyRange, 'bound'>,
    lock: TabLock,
    cipher: RecordCipher | undefined,
  ) {
    this.#database = database
    this.#keyRange = keyRange
    this.#lock = lock
    this.#cipher = cipher
    database.onclose = () =>
      this.#end(closed('the browser closed the database; its data may have been cleared'))
    database.onversionchange = () => this.#end(closed('the database is being deleted elsewhere'))
    void lock.ended.then(() => this.#end(inUse()))
  }

  async get(table: string, key: Uint8Array): Promise<Uint8Array | undefined> {
    checkLookup(table, { key })
    const stored = await resultOf<unknown>(this.#entries('readonly').get([table, copyOf(key)]))
    return stored === undefined ? undefined : this.#opened(table, key, stored)
  }

  async *range(
    table: string,
    from: Uint8Array,
    to: Uint8Array,
    limit: number,
  ): AsyncGenerator<readonly [Uint8Array, Uint8Array], void, undefined> {
    checkLookup(table, { from, to })
    const end = copyOf(to)
    let start = { key: copyOf(from), isIncluded: true }
    for (let left = limit; left >= 1 && compare(start.key, end) < 0; ) {
      const wanted = Math.min(Math.floor(left), PAGE_ENTRIES)
      const entries = await this.#page(table, start, end, wanted)
      const last = entries.at(-1)
      if (last) start = { key: copyOf(last[0]), isIncluded: false }
      yield* entries
      if (entries.length < wanted) return
      left -= entries.length
    }
  }

  async #page(
    table: string,
    start: { readonly key: Uint8Array; readonly isIncluded: boolean },
    end: Uint8Array,
    count: number,
  ): Promise<(readonly [Uint8Array, Uint8Array])[]> {
    const entries = this.#entries('readonly')
    const range = this.#keyRange.bound([table, start.key], [table, end], !start.isIncluded, true)
    const [keys, values] = await Promise.all([
      resultOf(entries.getAllKeys(range, count)),
      resultOf<unknown[]>(entries.getAll(range, count)),
    ])
    return keys.map((found, i) => {
      const key = new Uint8Array((found as [string, ArrayBuffer])[1])
      return [key, this.#opened(table, key, values[i])] as const
    })
  }

  async *rangeBack(
    table: string,
    from: Uint8Array,
    to: Uint8Array,
    limit: number,
  ): AsyncGenerator<readonly [Uint8Array, Uint8Array], void, undefined> {
    checkLookup(table, { from, to })
    const start = copyOf(from)
    let end = copyOf(to)
    for (let left = limit; left >= 1 && compare(start, end) < 0; ) {
      const wanted = Math.min(Math.floor(left), PAGE_ENTRIES)
      const entries = await this.#pageBack(table, start, end, wanted)
      const last = entries.at(-1)
      if (last) end = copyOf(last[0])
      yield* entries
      if (entries.length < wanted) return
      left -= entries.length
    }
  }

  /** The last ones before `end`, the last first: browsers have no `getAll` for that. */
  async #pageBack(table: string, start: Uint8Array, end: Uint8Array, count: number) {
    const range = this.#keyRange.bound([table, start], [table, end], false, true)
    const request = this.#entries('readonly').openCursor(range, 'prev')
    const found: (readonly [Uint8Array, unknown])[] = []
    await new Promise<void>((resolve, reject) => {
      request.onerror = () => reject(translate(request.error))
      request.onsuccess = () => {
        const cursor = request.result
        if (!cursor) return resolve()
        found.push([new Uint8Array((cursor.key as [string, ArrayBuffer])[1]), cursor.value])
        if (found.length < count) cursor.continue()
        else resolve()
      }
    })
    return found.map(([key, value]) => [key, this.#opened(table, key, value)] as const)
  }

  async commit(changes: readonly Change[]): Promise<void> {
    for (const [index, change] of changes.entries())
      if (!isChange(change))
        throw invalid(`changes[${index}]: expected { put: [table, key, value] } or { del: [table, key] }`)
    const sealed = changes.map((change) => this.#sealed(change))
    const entries = this.#entries('readwrite')
    const done = completed(entries.transaction)
    try {
      for (const { key, value } of sealed)
        if (value) entries.put(value, key)
        else entries.delete(key)
      entries.transaction.commit()
    } catch (error) {
      abort(entries.transaction)
      await done.catch(() => {})
      throw translate(error)
    }
    await done
  }

  async close(): Promise<void> {
    this.#end(closed('the storage is closed'))
    await this.#lock.ended
  }

  #end(reason: IndexedDbStorageError): void {
    if (this.#ended) return
    this.#ended = reason
    this.#database.close()
    void this.#lock.release()
  }

  #entries(mode: 'readonly' | 'readwrite'): IDBObjectStore {
    if (this.#ended) throw this.#ended
    try {
      // Strict: complete means on the disk, as far as the browser can tell.
      return this.#database.transaction(ENTRIES, mode, { durability: 'strict' }).objectStore(ENTRIES)
    } catch (error) {
      throw translate(error)
    }
  }

  #sealed(change: Change): { readonly key: [string, Uint8Array<ArrayBuffer>]; readonly value?: Uint8Array } {
    const [table, key, value] = 'put' in change ? change.put : change.del
    if (value === undefined) return { key: [table, copyOf(key)] }
    // A copy also of what is not encrypted: the browser would store the whole buffer that a view looks at.
    const stored = this.#cipher ? this.#cipher.seal(recordOf(table, key), value) : copyOf(value)
    return { key: [table, copyOf(key)], value: stored }
  }

  #opened(table: string, key: Uint8Array, stored: unknown): Uint8Array {
    const bytes = bytesOf(stored)
    const value = bytes && this.#cipher ? this.#cipher.open(recordOf(table, key), bytes) : bytes
    if (value) return value
    throw new IndexedDbStorageError('corrupt', `a record of table ${table} is not what was written`, {
      table,
    })
  }
}

function checkLookup(table: unknown, keys: Readonly<Record<string, unknown>>): void {
  if (typeof table !== 'string') throw invalid(`table: expected a string, got ${typeof table}`)
  for (const [name, key] of Object.entries(keys))
    if (!(key instanceof Uint8Array)) throw invalid(`${name}: expected a Uint8Array, got ${typeof key}`)
}

const closed = (message: string) => new IndexedDbStorageError('closed', message)
const invalid = (message: string) => new IndexedDbStorageError('invalid-argument', message)
const copyOf = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes)
