/** What the archive asks of SQLite. Every call is one short piece of work: the driver yields between them. */
import { decodeEnvelope, type Envelope, envelopeHash, sentUnixSeconds } from '@status-protocol/whisper'
import type { SqliteConnection } from '../driver.ts'
import { STRETCH_SECONDS } from './schema.ts'
import { columnOf, TopicTable } from './topics.ts'

/** A slice is full with this many envelopes, with this many bytes, or when it has looked at this much without finding. */
const [SLICE_ENVELOPES, SLICE_BYTES] = [512, 512 * 1024]
const [SLICE_KEYS, SLICE_FILTERED_KEYS, SLICE_SEEKS] = [8_192, 2_048, 4_096]
const PRUNED_AT_ONCE = 1_000

/** Where a query stands: what comes after this time of sending and hash. An empty hash comes before all of its second. */
export interface Place {
  readonly sent: number
  readonly hash: Uint8Array
}

/** Envelopes of one moment, oldest first. */
export interface Slice {
  readonly rlps: readonly Uint8Array[]
  /** Where the next slice begins; undefined: nothing is left. */
  readonly next: Place | undefined
}

/** Topics as columns; or so many that looking at all keys is cheaper than asking for each; or everything. */
export type Wanted =
  | { readonly topics: readonly number[] }
  | { readonly isWanted: (topic: number) => boolean }
  | 'everything'

/** More topics than this are filtered from the order of time. */
export const MAX_TOPIC_SEEKS = 512

type Key = readonly [topic: number, sent: number, hash: Uint8Array]
type Row = readonly [rlp: Uint8Array]

export interface Hashes {
  readonly keys: readonly (readonly [sent: number, hash: Uint8Array])[]
  readonly next: Place | undefined
}

export class Statements {
  readonly topics: TopicTable = new TopicTable()
  readonly #connection: SqliteConnection
  readonly #sql: ReturnType<typeof prepared>

  constructor(connection: SqliteConnection) {
    this.#connection = connection
    this.#sql = prepared(connection)
    for (const [topic, hour] of this.#sql.topics.iterate() as Iterable<[number, number]>)
      this.topics.set(topic, hour)
  }

  /** One transaction; how many were new for each of the batches. */
  put(batches: readonly (readonly Envelope[])[]): readonly number[] {
    const news = new Map<number, number>()
    const stored = this.#transaction(() => {
      let [envelopes, bytes] = [0, 0]
      const counts = batches.map((batch) => {
        let count = 0
        for (const envelope of batch) {
          const sent = sentUnixSeconds(envelope)
          const [hour, topic] = [hourOf(sent), columnOf(envelope.topic)]
          const { changes } = this.#sql.insert.run(
            hour,
            topic,
            sent,
            envelopeHash(envelope),
            envelope.rlp,
          ) as Changes
          if (changes === 0) continue
          count++
          bytes += envelope.rlp.length
          if (this.topics.isNews(topic, hour)) news.set(topic, Math.max(hour, news.get(topic) ?? 0))
        }
        envelopes += count
        return count
      })
      for (const [topic, hour] of news) this.#sql.putTopic.run(topic, hour)
      if (envelopes > 0) this.#sql.addTotals.run(envelopes, bytes)
      return counts
    })
    for (const [topic, hour] of news) this.topics.set(topic, hour)
    return stored
  }

  totals(): { envelopes: number; bytes: number } {
    const [envelopes, bytes] = this.#sql.totals.get() as [number, number]
    return { envelopes, bytes }
  }

  slice(wanted: Wanted, after: Place, to: number, limit: number): Slice {
    if (wanted === 'everything') return this.#all(after, to, Math.min(limit, SLICE_ENVELOPES))
    if ('isWanted' in wanted) return this.#filtered(wanted.isWanted, after, to, limit)
    if (wanted.topics.length === 0) return { rlps: [], next: undefined }
    return this.#ofTopics(wanted.topics, after, to, Math.min(limit, SLICE_ENVELOPES))
  }

  /** Keys in their order, to compute digests from. */
  hashes(after: Place, to: number): Hashes {
    const rows = this.#sql.keysByTime.all(after.sent, after.hash, to, SLICE_KEYS) as (readonly [
      number,
      Uint8Array,
    ])[]
    const last = rows.at(-1)
    return {
      keys: rows,
      next: rows.length < SLICE_KEYS || !last ? undefined : { sent: last[0], hash: last[1] },
    }
  }

  /** Deletes some of what was sent before `before`, oldest first, until `bytes` of them are gone. */
  prune(before: number, bytes: number): { readonly deleted: number; readonly isDone: boolean } {
    return this.#transaction(() => {
      const rows = this.#sql.oldest.all(before, PRUNED_AT_ONCE) as (readonly [...Key, number])[]
      let [deleted, freed] = [0, 0]
      for (const [topic, sent, hash, length] of rows) {
        if (freed >= bytes) break
        this.#sql.remove.run(hourOf(sent), topic, sent, hash)
        freed += length
        deleted++
      }
      if (deleted > 0) this.#sql.addTotals.run(-deleted, -freed)
      return { deleted, isDone: freed >= bytes || rows.length < PRUNED_AT_ONCE }
    })
  }

  /** After a prune: topics whose last hour is gone. */
  forgetTopics(): void {
    const first = this.#hourFrom(0)
    const before = first ?? Number.MAX_SAFE_INTEGER
    this.#sql.forgetTopics.run(before)
    this.topics.forgetBefore(before)
  }

  #all(after: Place, to: number, limit: number): Slice {
    return sliceOf(this.#sql.byTime.iterate(after.sent, after.hash, to, limit) as Iterable<Row>, limit)
  }

  #filtered(isWanted: (topic: number) => boolean, after: Place, to: number, limit: number): Slice {
    const keys = this.#sql.topicKeysByTime.all(after.sent, after.hash, to, SLICE_FILTERED_KEYS) as Key[]
    const wanted = keys.filter(([topic]) => isWanted(topic)).slice(0, Math.min(limit, SLICE_ENVELOPES))
    const { rlps, last } = this.#fetch(wanted)
    if (rlps.length < wanted.length || rlps.length >= Math.min(limit, SLICE_ENVELOPES))
      return { rlps, next: last }
    const end = keys.at(-1)
    return {
      rlps,
      next: keys.length < SLICE_FILTERED_KEYS || !end ? undefined : { sent: end[1], hash: end[2] },
    }
  }

  /** Hour by hour, only those hours that hold anything. */
  #ofTopics(topics: readonly number[], after: Place, to: number, limit: number): Slice {
    const rlps: Uint8Array[] = []
    let [place, bytes, seeks] = [after, 0, 0]
    const only = topics.length === 1 ? topics[0] : undefined
    const list = only === undefined ? JSON.stringify(topics) : ''
    const lastHour = hourOf(to)
    for (;;) {
      const hour = this.#hourFrom(hourOf(place.sent))
      if (hour === undefined || hour > lastHour) return { rlps, next: undefined }
      if (hour > hourOf(place.sent)) place = { sent: hour * STRETCH_SECONDS, hash: NOTHING }
      const room = limit - rlps.length
      const found =
        only === undefined
          ? this.#manyInHour(hour, list, place, to, room)
          : sliceOf(
              this.#sql.ofTopic.iterate(hour, only, place.sent, place.hash, to, room) as Iterable<Row>,
              room,
            )
      rlps.push(...found.rlps)
      if (found.next) return { rlps, next: found.next }
      place = { sent: (hour + 1) * STRETCH_SECONDS, hash: NOTHING }
      for (const rlp of found.rlps) bytes += rlp.length
      seeks += topics.length + 1
      if (bytes >= SLICE_BYTES || seeks >= SLICE_SEEKS) return { rlps, next: place }
    }
  }

  #manyInHour(hour: number, topics: string, { sent, hash }: Place, to: number, limit: number): Slice {
    const keys = this.#sql.keysOfTopics.all(hour, topics, sent, hash, to, limit) as Key[]
    const { rlps, last } = this.#fetch(keys)
    return { rlps, next: rlps.length < limit && rlps.length === keys.length ? undefined : last }
  }

  #fetch(keys: readonly Key[]): { readonly rlps: Uint8Array[]; readonly last: Place | undefined } {
    const rlps: Uint8Array[] = []
    let last: Place | undefined
    let bytes = 0
    for (const [topic, sent, hash] of keys) {
      const [rlp] = this.#sql.get.get(hourOf(sent), topic, sent, hash) as [Uint8Array]
      rlps.push(rlp)
      last = { sent, hash }
      bytes += rlp.length
      if (bytes >= SLICE_BYTES) break
    }
    return { rlps, last }
  }

  #hourFrom(hour: number): number | undefined {
    return (this.#sql.hourFrom.get(hour) as [number] | undefined)?.[0]
  }

  #transaction<T>(action: () => T): T {
    this.#sql.begin.run()
    try {
      const result = action()
      this.#sql.commit.run()
      return result
    } catch (error) {
      if (this.#connection.inTransaction) this.#sql.rollback.run()
      throw error
    }
  }
}

interface Changes {
  readonly changes: number
}

const NOTHING = new Uint8Array(0)

export function hourOf(sent: number): number {
  return Math.floor(sent / STRETCH_SECONDS)
}

/** Takes rows until the slice is full. `limit` is what the statement was given. */
function sliceOf(rows: Iterable<Row>, limit: number): Slice {
  const rlps: Uint8Array[] = []
  let bytes = 0
  for (const [rlp] of rows) {
    rlps.push(rlp)
    bytes += rlp.length
    if (bytes >= SLICE_BYTES || rlps.length >= limit) return { rlps, next: placeOf(rlp) }
  }
  return { rlps, next: undefined }
}

/** Of one row of many, so it is computed and not asked for with every row: a column more costs a microsecond. */
function placeOf(rlp: Uint8Array): Place {
  const envelope = decodeEnvelope(rlp)
  return { sent: sentUnixSeconds(envelope), hash: envelopeHash(envelope) }
}

function prepared(connection: SqliteConnection) {
  const sql = (source: string) => connection.prepare(source)
  const rows = (source: string) => connection.prepare(source).raw()
  const after = '(sent, hash) > (?, ?) AND sent <= ?'
  return {
    begin: sql('BEGIN IMMEDIATE'),
    commit: sql('COMMIT'),
    rollback: sql('ROLLBACK'),
    insert: sql('INSERT OR IGNORE INTO envelopes VALUES (?, ?, ?, ?, ?)'),
    remove: sql('DELETE FROM envelopes WHERE hour = ? AND topic = ? AND sent = ? AND hash = ?'),
    putTopic: sql(
      'INSERT INTO topics VALUES (?, ?) ON CONFLICT DO UPDATE SET last_hour = max(last_hour, excluded.last_hour)',
    ),
    forgetTopics: sql('DELETE FROM topics WHERE last_hour < ?'),
    topics: rows('SELECT topic, last_hour FROM topics'),
    addTotals: sql('UPDATE totals SET envelopes = envelopes + ?, bytes = bytes + ?'),
    totals: rows('SELECT envelopes, bytes FROM totals'),
    get: rows('SELECT rlp FROM envelopes WHERE hour = ? AND topic = ? AND sent = ? AND hash = ?'),
    hourFrom: rows('SELECT hour FROM envelopes WHERE hour >= ? ORDER BY hour LIMIT 1'),
    ofTopic: rows(
      `SELECT rlp FROM envelopes WHERE hour = ? AND topic = ? AND ${after} ORDER BY sent, hash LIMIT ?`,
    ),
    keysOfTopics: rows(
      `SELECT topic, sent, hash FROM envelopes
       WHERE hour = ? AND topic IN (SELECT value FROM json_each(?)) AND ${after} ORDER BY sent, hash LIMIT ?`,
    ),
    byTime: rows(`SELECT rlp FROM envelopes INDEXED BY by_time WHERE ${after} ORDER BY sent, hash LIMIT ?`),
    keysByTime: rows(
      `SELECT sent, hash FROM envelopes INDEXED BY by_time WHERE ${after} ORDER BY sent, hash LIMIT ?`,
    ),
    topicKeysByTime: rows(
      `SELECT topic, sent, hash FROM envelopes INDEXED BY by_time WHERE ${after} ORDER BY sent, hash LIMIT ?`,
    ),
    oldest: rows(
      `SELECT topic, sent, hash, length(rlp) FROM envelopes INDEXED BY by_time WHERE sent < ? ORDER BY sent, hash LIMIT ?`,
    ),
  }
}
