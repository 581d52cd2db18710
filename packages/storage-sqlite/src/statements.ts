import type { Change, TextSource } from '@status-protocol/ports'
import type { SqliteConnection } from './driver.ts'
import { abandonTextIndex, openTextIndex, type TextIndex } from './text-index.ts'

/** What the storage asks of SQLite, prepared once per connection. */
export interface Statements {
  get(table: string, key: Uint8Array): Uint8Array | undefined
  page(table: string, from: Start, to: Uint8Array, limit: number): Page
  /** The last entries before `to`, the last first. */
  pageBack(table: string, from: Uint8Array, to: Uint8Array, limit: number): Page
  commit(changes: readonly Change[]): void
  /** Of the texts that the storage was opened with. */
  readonly texts: TextIndex | undefined
  /** How many entries the index of texts does not have yet. */
  toIndex(): number
  /** Adds some of them, in a commit. */
  indexSome(): { readonly count: number; readonly isMore: boolean }
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

export function prepare(connection: SqliteConnection, source?: TextSource): Statements {
  const get = connection.prepare('SELECT value FROM entries WHERE name = ? AND key = ?').raw()
  const [included, excluded] = ['>=', '>'].map((from) =>
    connection
      .prepare(
        `SELECT key, value FROM entries WHERE name = ? AND key ${from} ? AND key < ? ORDER BY key LIMIT ?`,
      )
      .raw(),
  )
  const descending = connection
    .prepare(
      'SELECT key, value FROM entries WHERE name = ? AND key >= ? AND key < ? ORDER BY key DESC LIMIT ?',
    )
    .raw()
  const count = connection.prepare('SELECT count(*) FROM entries WHERE name = ? AND key >= ?').raw()
  const put = connection.prepare('INSERT OR REPLACE INTO entries VALUES (?, ?, ?)')
  const del = connection.prepare('DELETE FROM entries WHERE name = ? AND key = ?')
  const [begin, commit, rollback] = ['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK'].map((sql) =>
    connection.prepare(sql),
  )

  if (!source) abandonTextIndex(connection)
  const texts = source && openTextIndex(connection, source)

  const transaction = <T>(act: () => T): T => {
    begin!.run()
    try {
      const result = act()
      commit!.run()
      return result
    } catch (error) {
      if (connection.inTransaction) rollback!.run()
      throw error
    }
  }
  const read = (table: string, key: Uint8Array): Uint8Array | undefined => {
    const row = get.get(table, key) as [Uint8Array] | undefined
    return row && plain(row[0])
  }
  const page: Statements['page'] = (table, from, to, limit) =>
    pageOf(
      (from.isIncluded ? included! : excluded!).iterate(
        table,
        from.key,
        to,
        pageLimit(limit),
      ) as Iterable<Entry>,
      limit,
    )
  const apply = (change: Change): void => {
    const [table, key, value] = 'put' in change ? change.put : change.del
    if (texts && table === texts.source.table) texts.changed(key, read(table, key), value)
    if (value) put.run(table, key, value)
    else del.run(table, key)
  }

  return {
    get: read,
    page,
    pageBack: (table, from, to, limit) =>
      pageOf(descending.iterate(table, from, to, pageLimit(limit)) as Iterable<Entry>, limit),
    commit(changes) {
      if (changes.length > 0) transaction(() => changes.forEach(apply))
    },
    texts,
    toIndex() {
      if (!texts?.next) return 0
      return (count.get(texts.source.table, texts.next) as [number])[0]
    },
    indexSome() {
      if (!texts?.next) return { count: 0, isMore: false }
      const { entries, isLast } = page(
        texts.source.table,
        { key: texts.next, isIncluded: true },
        HIGHEST,
        Infinity,
      )
      const last = entries.at(-1)
      const next = last && !isLast ? keyAfter(last[0]) : undefined
      transaction(() => texts.build(entries, next))
      texts.goOnFrom(next)
      return { count: entries.length, isMore: next !== undefined }
    },
  }
}

/** No key is as high. */
const HIGHEST = new Uint8Array(1024).fill(255)

function keyAfter(key: Uint8Array): Uint8Array {
  const next = new Uint8Array(key.length + 1)
  next.set(key)
  return next
}

const pageLimit = (limit: number): number => Math.min(Math.floor(limit), PAGE_ENTRIES)

function pageOf(rows: Iterable<Entry>, limit: number): Page {
  const entries: Entry[] = []
  let bytes = 0
  for (const row of rows) {
    entries.push([plain(row[0]), plain(row[1])])
    bytes += row[1].length
    // Leaving the loop ends the read: nothing is held open until the next page.
    if (bytes >= PAGE_BYTES) return { entries, isLast: entries.length >= limit }
  }
  return { entries, isLast: entries.length < PAGE_ENTRIES }
}

/** The driver hands out Buffers, whose `slice` shares memory; the port promises plain arrays. */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}
