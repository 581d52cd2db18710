/**
 * The index of texts: which entries of one table hold which words, in the same file, so encrypted like everything else,
 * and changed in the transactions that change the entries. The texts themselves are not stored a second time.
 *
 * An entry's number is its order (43 bits) and a place among those of the same order (20 bits), by a hash of its key: SQLite
 * goes through what it finds from the highest number down, so a page is read without looking at the rest.
 */
import { compare } from '@status-protocol/bytes'
import { phrasesOf, type TextPlace, type TextQuery, type TextSource, wordsOf } from '@status-protocol/ports'
import type { SqliteConnection } from './driver.ts'

/** An entry before or after a change; undefined: it is not there. */
type Value = Uint8Array | undefined

export interface TextIndex {
  readonly source: TextSource
  /** In the transaction that changes the entry. */
  changed(key: Uint8Array, before: Value, after: Value): void
  find(query: TextQuery): readonly TextPlace[]
  /** The key from which on entries are not indexed yet; undefined: all are. */
  readonly next: Uint8Array | undefined
  /** Indexes some entries, those from {@link next} on, in a transaction. `next`: where it goes on after them. */
  build(entries: readonly (readonly [Uint8Array, Uint8Array])[], next: Value): void
  /** After that transaction. */
  goOnFrom(next: Value): void
}

const PLACE_BITS = 20n
const PLACE_MASK = 2 ** 20 - 1
/** Places that an entry may have: where 100,000 have the same order, one in 10^8 has none and is not found. */
const PLACES = 8

export function openTextIndex(connection: SqliteConnection, source: TextSource): TextIndex {
  const sql = (text: string) => connection.prepare(text)
  const statements = {
    addId: sql('INSERT OR IGNORE INTO text_entries VALUES (?, ?)'),
    addWords: sql('INSERT INTO texts (rowid, words, labels) VALUES (?, ?, ?)'),
    hasId: sql('SELECT 1 FROM text_entries WHERE id = ? AND key = ?').raw(),
    removeWords: sql("INSERT INTO texts (texts, rowid, words, labels) VALUES ('delete', ?, ?, ?)"),
    removeId: sql('DELETE FROM text_entries WHERE id = ?'),
    setNext: sql('UPDATE text_source SET next = ?'),
    finish: sql('UPDATE text_source SET next = NULL'),
    find: sql(
      `SELECT key, id >> ${PLACE_BITS} FROM texts CROSS JOIN text_entries ON id = texts.rowid
       WHERE texts MATCH ? AND texts.rowid >= ? AND texts.rowid < ? ORDER BY texts.rowid DESC LIMIT ?`,
    ).raw(),
    findAny: sql(
      `SELECT key, id >> ${PLACE_BITS} FROM text_entries WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT ?`,
    ).raw(),
  }
  let next = begin(connection, source)

  const contentOf = (key: Uint8Array, value: Value): Content | undefined => {
    const document = value && source.document(key, value)
    if (!document) return undefined
    return {
      order: document.order,
      words: wordsOf(document.text).join(' '),
      labels: document.labels.map(labelWord).join(' '),
    }
  }

  const idOf = (key: Uint8Array, order: number): bigint | undefined =>
    idsFor(key, order).find((id) => statements.hasId.get(id, key) !== undefined)

  const add = (key: Uint8Array, { order, words, labels }: Content): void => {
    const id = idsFor(key, order).find((free) => (statements.addId.run(free, key) as Changes).changes === 1)
    if (id !== undefined) statements.addWords.run(id, words, labels)
  }
  const remove = (key: Uint8Array, { order, words, labels }: Content): void => {
    const id = idOf(key, order)
    if (id === undefined) return
    statements.removeWords.run(id, words, labels)
    statements.removeId.run(id)
  }

  /** The number that a page ends before. */
  const endOf = ({ after, to }: TextQuery): bigint => {
    const highest = to === undefined ? ALL : (BigInt(Math.floor(to)) + 1n) << PLACE_BITS
    if (!after) return highest
    const end = idOf(after.key, after.order) ?? BigInt(after.order) << PLACE_BITS
    return end < highest ? end : highest
  }

  return {
    source,
    get next() {
      return next
    },

    changed(key, before, after) {
      if (next && compare(key, next) >= 0) return // comes when the index gets there
      const [old, now] = [contentOf(key, before), contentOf(key, after)]
      if (old && now && isSame(old, now)) return
      if (old) remove(key, old)
      if (now) add(key, now)
    },

    find(query) {
      const phrases = phrasesOf(query.text)
      const limit = Math.floor(query.limit)
      if (!phrases || limit < 1) return []
      const from = BigInt(Math.ceil(query.from ?? 0)) << PLACE_BITS
      const match = expressionOf(phrases, query.labels ?? [])
      const rows = match
        ? statements.find.all(match, from, endOf(query), limit)
        : statements.findAny.all(from, endOf(query), limit)
      return (rows as [Uint8Array, number][]).map(([key, order]) => ({ key: Uint8Array.from(key), order }))
    },

    build(entries, until) {
      for (const [key, value] of entries) {
        const content = contentOf(key, value)
        if (content) add(key, content)
      }
      if (until) statements.setNext.run(until)
      else statements.finish.run()
    },
    goOnFrom(key) {
      next = key
    },
  }
}

/** The store is used without an index: it would not fit the entries any more, and would keep words of those that are deleted. */
export function abandonTextIndex(connection: SqliteConnection): void {
  const [row] = connection.prepare('SELECT count(*) FROM text_source').raw().get() as [number]
  if (row > 0) connection.exec(`BEGIN IMMEDIATE; ${CLEAR}; COMMIT`)
}

const CLEAR = `DELETE FROM text_source; DELETE FROM text_entries; INSERT INTO texts (texts) VALUES ('delete-all')`

interface Changes {
  readonly changes: number
}

interface Content {
  readonly order: number
  readonly words: string
  readonly labels: string
}

const ALL = (1n << 63n) - 1n

function isSame(a: Content, b: Content): boolean {
  return a.order === b.order && a.words === b.words && a.labels === b.labels
}

/** Where the index goes on, or from the beginning: it is new, or of another source, or of another version of it. */
function begin(connection: SqliteConnection, { table, version }: TextSource): Value {
  const row = connection.prepare('SELECT name, version, next FROM text_source').raw().get()
  const [name, found, next] = (row ?? []) as [string?, number?, (Uint8Array | null)?]
  if (name === table && found === version)
    return next ? Uint8Array.from(next) : next === null ? undefined : EMPTY
  const { inTransaction } = connection
  if (!inTransaction) connection.exec('BEGIN IMMEDIATE')
  connection.exec(CLEAR)
  connection.prepare('INSERT INTO text_source VALUES (?, ?, ?)').run(table, version, EMPTY)
  if (!inTransaction) connection.exec('COMMIT')
  return EMPTY
}

const EMPTY = new Uint8Array(0)

/** What FTS5 is asked: words are letters and digits, so nothing in them means anything to it. Undefined: everything. */
function expressionOf(
  phrases: readonly (readonly string[])[],
  labels: readonly string[],
): string | undefined {
  const words = phrases.map((phrase) => `"${phrase.join(' ')}" *`)
  const parts = [
    columnIs('words', words),
    columnIs(
      'labels',
      labels.map((label) => `"${labelWord(label)}"`),
    ),
  ]
  const asked = parts.filter((part) => part !== undefined)
  return asked.length > 0 ? asked.join(' AND ') : undefined
}

function columnIs(column: string, all: readonly string[]): string | undefined {
  return all.length > 0 ? `${column} : (${all.join(' AND ')})` : undefined
}

/** One word whatever is in it. */
function labelWord(label: string): string {
  return `l${Buffer.from(label, 'utf8').toString('hex')}`
}

/** The numbers that an entry may have. */
function idsFor(key: Uint8Array, order: number): readonly bigint[] {
  const first = BigInt(order) << PLACE_BITS
  const [start, step] = [hashOf(key, 0x811c9dc5), hashOf(key, 0x1234567) | 1]
  return Array.from({ length: PLACES }, (_, i) => first + BigInt((start + i * step) & PLACE_MASK))
}

/** FNV-1a. */
function hashOf(key: Uint8Array, seed: number): number {
  let hash = seed
  for (const byte of key) hash = Math.imul(hash ^ byte, 0x01000193)
  return (hash ^ (hash >>> 15)) >>> 0
}
