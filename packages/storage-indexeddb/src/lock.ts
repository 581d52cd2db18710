import { IndexedDbStorageError } from './error.ts'

/** What this package needs of `navigator.locks`. */
export interface TabLocks {
  request(
    name: string,
    options: { readonly ifAvailable: true },
    callback: (lock: unknown) => Promise<void>,
  ): Promise<unknown>
}

export interface TabLock {
  /** Resolves when the lock is gone: released, or stolen. */
  readonly ended: Promise<void>
  /** Resolves when others can have it. */
  release(): Promise<void>
}

/**
 * The lock of a name within the page's origin, held until `release` or until the page is gone (closed, crashed).
 *
 * @throws IndexedDbStorageError `locked`
 */
export async function takeLock(locks: TabLocks, name: string): Promise<TabLock> {
  let release = (): void => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const request: { ended?: Promise<void> } = {}
  const isOurs = await new Promise<boolean>((resolve, reject) => {
    const answer = async (lock: unknown) => {
      resolve(lock !== null)
      if (lock !== null) await released
    }
    const refuse = () => reject(new IndexedDbStorageError('unavailable', 'this page may not use Web Locks'))
    request.ended = locks.request(name, { ifAvailable: true }, answer).then(() => {}, refuse)
  })
  if (!isOurs) throw inUse()
  const ended = request.ended ?? released
  return {
    ended,
    async release() {
      release()
      await ended
    },
  }
}

export function inUse(): IndexedDbStorageError {
  return new IndexedDbStorageError(
    'locked',
    'this account is open in another tab or window: go on there, or close that one and reload',
  )
}
