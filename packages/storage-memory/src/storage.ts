import { compare } from '@status-protocol/bytes'
import { type Change, isChange, type Storage } from '@status-protocol/ports'

/**
 * A {@link Storage} that lives as long as its process. UNBOUNDED: whoever commits bounds what is kept.
 *
 * Keys are kept in order per table; a read costs O(log n), a new key O(n) moves of one pointer each.
 */
export function createMemoryStorage(): Storage {
  const tables = new Map<string, Entry[]>()

  return {
    async get(table, key) {
      const entries = tables.get(table) ?? []
      const { index, found } = locate(entries, key)
      return found ? (entries[index] as Entry).value.slice() : undefined
    },

    async *range(table, from, to, limit) {
      const entries = tables.get(table) ?? []
      const selected: Entry[] = []
      for (let i = locate(entries, from).index; i < entries.length && selected.length < limit; i++) {
        const entry = entries[i] as Entry
        if (compare(entry.key, to) >= 0) break
        selected.push(entry)
      }
      for (const { key, value } of selected) yield [key.slice(), value.slice()]
    },

    async *rangeBack(table, from, to, limit) {
      const entries = tables.get(table) ?? []
      const selected: Entry[] = []
      for (let i = locate(entries, to).index - 1; i >= 0 && selected.length < limit; i--) {
        const entry = entries[i] as Entry
        if (compare(entry.key, from) < 0) break
        selected.push(entry)
      }
      for (const { key, value } of selected) yield [key.slice(), value.slice()]
    },

    async commit(changes) {
      for (const change of changes) assertChange(change)
      for (const change of changes) apply(tables, change)
    },
  }
}

interface Entry {
  readonly key: Uint8Array
  readonly value: Uint8Array
}

function apply(tables: Map<string, Entry[]>, change: Change): void {
  const [table, key, value] = 'put' in change ? change.put : change.del
  const entries = tables.get(table) ?? []
  tables.set(table, entries)
  const { index, found } = locate(entries, key)
  if (value !== undefined) entries.splice(index, found ? 1 : 0, { key: key.slice(), value: value.slice() })
  else if (found) entries.splice(index, 1)
}

/** The index of `key`, or of the first entry after it. */
function locate(
  entries: readonly Entry[],
  key: Uint8Array,
): { readonly index: number; readonly found: boolean } {
  let [low, high] = [0, entries.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const order = compare((entries[middle] as Entry).key, key)
    if (order === 0) return { index: middle, found: true }
    if (order < 0) low = middle + 1
    else high = middle
  }
  return { index: low, found: false }
}

function assertChange(change: Change): void {
  if (!isChange(change))
    throw new TypeError('commit: expected { put: [table, key, value] } or { del: [table, key] }')
}
