import type { TabLocks } from '@status-protocol/storage-indexeddb'

/** Web Locks as one origin has them, for Node; `steal` does what a tab with `steal: true` does. */
export interface FakeLocks extends TabLocks {
  steal(): void
}

export function fakeLocks(): FakeLocks {
  const held = new Map<string, (reason: Error) => void>()
  return {
    async request(name, _options, callback) {
      if (held.has(name)) return callback(null)
      const stolen = new Promise<never>((_, reject) => held.set(name, reject))
      try {
        return await Promise.race([callback({ name }), stolen])
      } finally {
        held.delete(name)
      }
    },
    steal() {
      for (const reject of held.values()) reject(new Error('AbortError: stolen'))
    },
  }
}
