/** What is asked of the storage in Node (over fake-indexeddb) and in a real browser alike. */
import { scanTexts, type TextSource } from '@status-protocol/ports'
import {
  type ConformanceCase,
  check,
  checkEqual,
  checkRejects,
  storageConformance,
  textSearchConformance,
} from '@status-protocol/ports/testing'
import {
  aesGcmCipher,
  createIndexedDbStorage,
  type IndexedDbStorage,
  type RecordCipher,
  type TabLocks,
} from '@status-protocol/storage-indexeddb'

export interface Environment {
  readonly indexedDB: IDBFactory
  readonly IDBKeyRange: Pick<typeof IDBKeyRange, 'bound'>
  readonly locks: TabLocks
}

const KEY = Uint8Array.from({ length: 32 }, (_, i) => 17 + i * 7)
const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(values)
const put = (table: string, key: Uint8Array, value: Uint8Array) => ({ put: [table, key, value] as const })
const number = (i: number): Uint8Array<ArrayBuffer> => bytes(i >> 8, i & 255)

export function storageCases(environment: Environment): readonly ConformanceCase[] {
  let names = 0
  const freshName = () => `test ${names++}`
  const open = (name: string, cipher?: RecordCipher) =>
    createIndexedDbStorage({ name, ...(cipher && { cipher }), ...environment })
  const remove = (name: string) =>
    settled(environment.indexedDB.deleteDatabase(name), `deleting database ${name}`)

  /** A case over a fresh database that is gone afterwards. */
  const withName = (name: string, run: (database: string) => Promise<void>): ConformanceCase => ({
    name,
    async run() {
      const database = freshName()
      try {
        await run(database)
      } finally {
        await remove(database)
      }
    },
  })

  return [
    ...conformance('plain', undefined),
    ...conformance('encrypted', aesGcmCipher({ key: KEY })),
    ...textCases(),

    withName('a range of more entries than are read at once', async (database) => {
      const storage = await open(database)
      await storage.commit(Array.from({ length: 300 }, (_, i) => put('t', number(i), number(i))))
      for (const limit of [1, 127, 128, 129, 256, 300, 301, Number.MAX_SAFE_INTEGER, Infinity]) {
        const keys: Uint8Array[] = []
        for await (const [key] of storage.range('t', bytes(), bytes(255), limit)) keys.push(key)
        const wanted = Array.from({ length: Math.min(limit, 300) }, (_, i) => number(i))
        checkEqual(keys, wanted, `limit ${limit}`)
      }
      await storage.close()
    }),

    withName('a range lets commits through and sees those ahead of it', async (database) => {
      const storage = await open(database)
      await storage.commit(Array.from({ length: 300 }, (_, i) => put('t', number(i), bytes(0))))
      let [count, last] = [0, 0]
      for await (const [, value] of storage.range('t', bytes(), bytes(255), 1000)) {
        if (count === 0) await storage.commit([{ del: ['t', number(299)] }, put('t', number(400), bytes(7))])
        count++
        last = value[0] as number
      }
      checkEqual([count, last], [300, 7], 'entries and the last value')
      await storage.close()
    }),

    withName('a view is stored without what is around it', async (database) => {
      const storage = await open(database)
      await storage.commit([put('t', bytes(9, 1, 9).subarray(1, 2), bytes(9, 2, 3, 9).subarray(1, 3))])
      const value = await storage.get('t', bytes(1))
      checkEqual(value, bytes(2, 3), 'value')
      checkEqual(value?.buffer.byteLength, 2, 'bytes of its buffer')
      await storage.close()
    }),

    withName('what is refused says so, and changes nothing', async (database) => {
      const storage = await open(database)
      const broken = [{ put: ['t', bytes(1)] }, { del: ['t', 'x'] }, {}, null] as never[]
      for (const change of broken)
        await checkRejects(
          () => storage.commit([put('t', bytes(1), bytes(1)), change]),
          'invalid-argument',
          'commit',
        )
      checkEqual(await storage.get('t', bytes(1)), undefined, 'the change before the broken one')
      await checkRejects(() => storage.get('t', 'x' as never), 'invalid-argument', 'get')
      await storage.close()
      await storage.close()
      await checkRejects(() => storage.get('t', bytes(1)), 'closed', 'get after close')
      await checkRejects(() => storage.commit([]), 'closed', 'commit after close')
    }),

    withName('the second to open it is told so, until the first closes', async (database) => {
      const first = await open(database)
      await checkRejects(() => open(database), 'locked', 'second')
      await first.commit([put('t', bytes(1), bytes(1))])
      await first.close()
      const second = await open(database)
      checkEqual(await second.get('t', bytes(1)), bytes(1), 'what the first one wrote')
      await second.close()
    }),

    withName('one that could not be opened leaves no lock behind', async (database) => {
      await (await open(database, aesGcmCipher({ key: KEY }))).close()
      await checkRejects(() => open(database), 'cipher-mismatch', 'without a cipher')
      await checkRejects(() => open(database, otherCipher()), 'wrong-key', 'with another key')
      await (await open(database, aesGcmCipher({ key: KEY }))).close()
    }),

    withName('a cipher where there was none', async (database) => {
      await (await open(database)).close()
      await checkRejects(() => open(database, otherCipher()), 'cipher-mismatch', 'with a cipher')
    }),

    withName('a newer version of the database', async (database) => {
      const request = environment.indexedDB.open(database, 99)
      await settled(request, 'opening')
      request.result.close()
      await checkRejects(() => open(database), 'too-new', 'open')
    }),

    withName('values and keys of ciphers are nowhere in an encrypted store', async (database) => {
      const secret = bytes(...Array.from('a sentence nobody may read', (c) => c.charCodeAt(0)))
      for (const cipher of [undefined, aesGcmCipher({ key: KEY })]) {
        const storage = await open(database, cipher)
        await storage.commit([put('t', bytes(1), secret)])
        await storage.close()
        const stored = await everythingIn(environment.indexedDB, database)
        // Without a cipher it must be found: the search itself is tested by that.
        checkEqual(contains(stored, secret), cipher === undefined, 'plaintext found')
        check(!contains(stored, KEY), 'the key was stored')
        await remove(database)
      }
    }),

    withName('a value that was changed, cut or moved is no value', async (database) => {
      const cipher = aesGcmCipher({ key: KEY })
      const storage = await open(database, cipher)
      await storage.commit([put('t', bytes(1), bytes(1)), put('t', bytes(2), bytes(2))])
      await storage.close()
      const stored = await rawValue(environment.indexedDB, database, ['t', bytes(1)])
      const variants = [stored.map((b, i) => (i === 20 ? b ^ 1 : b)), stored.subarray(0, 5), bytes(), 'text']
      const moved = await rawValue(environment.indexedDB, database, ['t', bytes(2)])
      for (const variant of [...variants, moved]) {
        await rawPut(environment.indexedDB, database, ['t', bytes(1)], variant)
        const again = await open(database, cipher)
        await checkRejects(() => again.get('t', bytes(1)), 'corrupt', 'get')
        checkEqual(await again.get('t', bytes(2)), bytes(2), 'another record')
        await again.close()
      }
    }),

    withName('a database that is deleted elsewhere ends the storage', async (database) => {
      const storage = await open(database)
      await remove(database)
      await checkRejects(() => storage.get('t', bytes(1)), 'closed', 'get')
      await (await open(database)).close()
    }),
  ]

  /** By a scan: an index could only keep words as keys, which are not encrypted. */
  function textCases(): ConformanceCase[] {
    const openAs = async (name: string, source: TextSource) => {
      const storage = await open(name, aesGcmCipher({ key: KEY }))
      return { name, storage, search: scanTexts(storage, source) }
    }
    return textSearchConformance({
      open: (source) => openAs(freshName(), source),
      async close({ name, storage }) {
        await storage.close()
        await remove(name)
      },
      async reopen({ name, storage }, source) {
        await storage.close()
        return openAs(name, source)
      },
    }).map(({ name, run }) => ({ name: `texts: ${name}`, run }))
  }

  function conformance(kind: string, cipher: RecordCipher | undefined): ConformanceCase[] {
    const nameOf = new WeakMap<object, string>()
    const openAs = async (name: string) => {
      const storage = await open(name, cipher)
      nameOf.set(storage, name)
      return storage
    }
    return storageConformance({
      open: () => openAs(freshName()),
      async close(storage) {
        await (storage as IndexedDbStorage).close()
        await remove(nameOf.get(storage) as string)
      },
      async reopen(storage) {
        await (storage as IndexedDbStorage).close()
        return openAs(nameOf.get(storage) as string)
      },
    }).map(({ name, run }) => ({ name: `${kind}: ${name}`, run }))
  }
}

const otherCipher = () => aesGcmCipher({ key: new Uint8Array(32) })

function settled(request: IDBRequest, what: string): Promise<void> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve()
    request.onerror = () => reject(new Error(`${what}: ${request.error?.message}`))
  })
}

async function inDatabase<T>(
  indexedDB: IDBFactory,
  database: string,
  action: (database: IDBDatabase) => Promise<T>,
): Promise<T> {
  const request = indexedDB.open(database)
  await settled(request, `opening ${database}`)
  try {
    return await action(request.result)
  } finally {
    request.result.close()
  }
}

/** Every key and value of every object store, as bytes in a row. */
function everythingIn(indexedDB: IDBFactory, database: string): Promise<Uint8Array> {
  return inDatabase(indexedDB, database, async (opened) => {
    const found: number[] = []
    for (const name of opened.objectStoreNames) {
      const store = opened.transaction(name).objectStore(name)
      const [keys, values] = [store.getAllKeys(), store.getAll()]
      await settled(values, name)
      collect(keys.result, found)
      collect(values.result, found)
    }
    return Uint8Array.from(found)
  })
}

function collect(value: unknown, into: number[]): void {
  if (ArrayBuffer.isView(value))
    into.push(...new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
  else if (Array.isArray(value)) for (const item of value) collect(item, into)
  else if (typeof value === 'string') into.push(...new TextEncoder().encode(value))
  else into.push(...new Uint8Array(value as ArrayBuffer))
}

function contains(haystack: Uint8Array, needle: Uint8Array): boolean {
  const text = (of: Uint8Array) => Array.from(of, (b) => b.toString(16).padStart(2, '0')).join(' ')
  return text(haystack).includes(text(needle))
}

function rawValue(indexedDB: IDBFactory, database: string, key: IDBValidKey): Promise<Uint8Array> {
  return inDatabase(indexedDB, database, async (opened) => {
    const request = opened.transaction('entries').objectStore('entries').get(key)
    await settled(request, 'get')
    return request.result as Uint8Array
  })
}

function rawPut(indexedDB: IDBFactory, database: string, key: IDBValidKey, value: unknown): Promise<void> {
  return inDatabase(indexedDB, database, (opened) =>
    settled(opened.transaction('entries', 'readwrite').objectStore('entries').put(value, key), 'put'),
  )
}
