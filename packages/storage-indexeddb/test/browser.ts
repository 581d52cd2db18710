/** Run in a real browser: its own IndexedDB and Web Locks, and an iframe as the second tab. */
import { type ConformanceCase, check, checkEqual, checkRejects } from '@status-protocol/ports/testing'
import { createIndexedDbStorage, type IndexedDbStorage } from '@status-protocol/storage-indexeddb'
import { storageCases } from './support/cases.ts'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

export const cases: readonly ConformanceCase[] = [
  ...storageCases({ indexedDB, IDBKeyRange, locks: navigator.locks }),
  {
    name: 'two tabs: the second is told so, and gets the store when the first one is gone, however it went',
    async run() {
      const name = 'two tabs'
      const tab = await openTab()
      const first = await openIn(tab, name)
      await first.commit([{ put: ['t', bytes(1), bytes(2)] }])
      await checkRejects(() => createIndexedDbStorage({ name }), 'locked', 'the second tab')
      tab.remove() // as a tab that crashes: nothing in it is closed
      const second = await patiently(() => createIndexedDbStorage({ name }), isLocked)
      checkEqual(await second.get('t', bytes(1)), bytes(2), 'what the first tab wrote')
      await second.close()
      await new Promise((resolve) => {
        indexedDB.deleteDatabase(name).onsuccess = resolve
      })
    },
  },
  {
    name: 'a storage whose lock another tab stole does nothing any more',
    async run() {
      const storage = await createIndexedDbStorage({ name: 'stolen' })
      await navigator.locks.request('status-protocol storage stolen', { steal: true }, async () => {})
      const asked = () =>
        patiently(
          () => probe(storage),
          (error) => error instanceof StillWell,
        )
      await checkRejects(asked, 'locked', 'get')
      indexedDB.deleteDatabase('stolen')
    },
  },
  {
    name: 'commits are stored strictly',
    async run() {
      const seen: (string | undefined)[] = []
      const transaction = IDBDatabase.prototype.transaction
      IDBDatabase.prototype.transaction = function (...args) {
        const made = transaction.apply(this, args)
        if (args[1] === 'readwrite') seen.push(made.durability)
        return made
      }
      try {
        const storage = await createIndexedDbStorage({ name: 'strict' })
        await storage.commit([{ put: ['t', bytes(1), bytes(2)] }])
        await storage.close()
      } finally {
        IDBDatabase.prototype.transaction = transaction
        indexedDB.deleteDatabase('strict')
      }
      check(seen.length === 1 && seen[0] === 'strict', `durability: ${seen.join()}`)
    },
  },
]

/** A second client of this origin. */
async function openTab(): Promise<HTMLIFrameElement> {
  const frame = document.createElement('iframe')
  const loaded = new Promise((resolve) => {
    frame.onload = resolve
  })
  frame.src = '/?second-tab'
  document.body.append(frame)
  await loaded
  return frame
}

function openIn(frame: HTMLIFrameElement, name: string): Promise<IndexedDbStorage> {
  const window = frame.contentWindow as Window & typeof globalThis
  return createIndexedDbStorage({
    name,
    indexedDB: window.indexedDB,
    IDBKeyRange: window.IDBKeyRange,
    locks: window.navigator.locks,
  })
}

/** Tries again while `isTooEarly`: the browser needs a moment to see that a tab is gone or a lock was stolen. */
async function patiently<T>(attempt: () => Promise<T>, isTooEarly: (error: unknown) => boolean): Promise<T> {
  for (let left = 100; ; left--)
    try {
      return await attempt()
    } catch (error) {
      if (!isTooEarly(error) || left === 0) throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
}

const isLocked = (error: unknown) => (error as { code?: string }).code === 'locked'

/** Fails in any case: with `StillWell` as long as the storage answers. */
async function probe(storage: IndexedDbStorage): Promise<never> {
  await storage.get('t', bytes(1))
  throw new StillWell('the storage still works')
}

class StillWell extends Error {}
