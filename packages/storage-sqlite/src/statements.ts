import type { Change } from '@status-protocol/ports'
import type { SqliteConnection } from './driver.ts'

/** What the storage asks of SQLite, prepared once per connection. */
export interface Statements {
  get(table: string, key: Uint8Array): Uint8Array | undefined
  page(table: string, from: Start, to: Uint8Array, limit: number): Page
  commit(changes: readonly Change[]): void
}

type Entry = readonly [key: Uint8Array, value: Uint8Array]

/** Where a page begins: at this key, or after it. */
export interface Start {
  readonly key: Uint8Array
  readonly isIncluded: boolean
}

/** Some entries of a range, read at one moment. */
export interface Page {
  /** Empty only if it is the last one. */
  readonly entries: readonly Entry[]
  readonly isLast: boolean
}

/** A page is full with this many entries or with this many bytes of values, whichever comes first. */
const [PAGE_ENTRIES, PAGE_BYTES] = [512, 256 * 1024]

export function prepare(connection: SqliteConnection): Statements {
  const get = connection.prepare('SELECT value FROM entries WHERE name = ? AND key = ?').raw()
  const [included, excluded] = ['>=', '>'].map((from) =>
    connection
      .prepare(
        `SELECT key, value FROM entries WHERE name = ? AND key ${from} ? AND key < ? ORDER BY key LIMIT ?`,
      )
      .raw(),
  )
  const put = connection.prepare('INSERT OR REPLACE INTO entries VALUES (?, ?, ?)')
  const del = connection.prepare('DELETE FROM entries WHERE name = ? AND key = ?')
  const [begin, commit, rollback] = ['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK'].map((sql) =>
    connection.prepare(sql),
  )

  return {
    get(table, key) {
      const row = get.get(table, key) as [Uint8Array] | undefined
      return row && plain(row[0])
    },

    page(table, from, to, limit) {
      const wanted = Math.min(Math.floor(limit), PAGE_ENTRIES)
      const rows = (from.isIncluded ? included! : excluded!).iterate(table, from.key, to, wanted)
      const entries: Entry[] = []
      let bytes = 0
      for (const row of rows as Iterable<Entry>) {
        entries.push([plain(row[0]), plain(row[1])])
        bytes += row[1].length
        // Leaving the loop ends the read: nothing is held open until the next page.
        if (bytes >= PAGE_BYTES) return { entries, isLast: entries.length >= limit }
      }
      return { entries, isLast: entries.length < PAGE_ENTRIES }
    },

    commit(changes) {
      if (changes.length === 0) return
      begin!.run()
      try {
        for (const change of changes)
          if ('put' in change) put.run(...change.put)
          else del.run(...change.del)
        commit!.run()
      } catch (error) {
        if (connection.inTransaction) rollback!.run()
        throw error
      }
    },
  }
}

/** The driver hands out Buffers, whose `slice` shares memory; the port promises plain arrays. */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}
