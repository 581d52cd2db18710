import { createIndexedDbStorage } from '@status-protocol/storage-indexeddb'
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { describe, expect, it } from 'vitest'
import { storageCases } from './support/cases.ts'
import { fakeLocks } from './support/locks.ts'

// fake-indexeddb takes an empty key for a detached buffer (browsers do not), unless something says that it is not.
for (const prototype of [ArrayBuffer.prototype, Object.getPrototypeOf(Uint8Array.prototype)])
  if (!('detached' in prototype)) Object.defineProperty(prototype, 'detached', { value: false })

const environment = () => ({ indexedDB: new IDBFactory(), IDBKeyRange, locks: fakeLocks() })

describe('Storage in IndexedDB', () => {
  for (const { name, run } of storageCases(environment())) it(name, run)
})

describe('ownership', () => {
  it('a storage whose lock was stolen does nothing any more', async () => {
    const { locks, ...rest } = environment()
    const storage = await createIndexedDbStorage({ name: 'a', locks, ...rest })
    locks.steal()
    await new Promise((resolve) => setTimeout(resolve, 0))
    await expect(storage.commit([])).rejects.toMatchObject({ code: 'locked' })
    await expect(storage.get('t', new Uint8Array(1))).rejects.toMatchObject({ code: 'locked' })
  })

  it('a page that may not use locks is told so', async () => {
    const locks = { request: () => Promise.reject(new Error('SecurityError')) }
    await expect(createIndexedDbStorage({ ...environment(), name: 'a', locks })).rejects.toMatchObject({
      code: 'unavailable',
    })
  })

  it('two names have two owners', async () => {
    const shared = environment()
    const [a, b] = [
      await createIndexedDbStorage({ name: 'a', ...shared }),
      await createIndexedDbStorage({ name: 'b', ...shared }),
    ]
    await a.close()
    await b.close()
  })
})

describe('a place without IndexedDB', () => {
  it('is named', async () => {
    await expect(createIndexedDbStorage({ name: 'a', locks: fakeLocks() })).rejects.toMatchObject({
      code: 'unavailable',
      message: 'this page has no IndexedDB',
    })
  })
})
