import {
  bloomOf,
  type Envelope,
  envelopeHash,
  sentUnixSeconds,
  type Topic,
  topicNumber,
} from '@status-protocol/whisper'
import type { PoolClient } from 'pg'
import { DAY_SECONDS } from './schema.ts'

/** One row of `envelopes`. */
export interface Row {
  readonly sent: number
  readonly hash: Uint8Array
  readonly topic: Topic
  readonly rlp: Uint8Array
}

/** Each envelope once, in the order of its key: two servers that write the same ones do not wait for each other in a circle. */
export function rowsOf(envelopes: readonly Envelope[]): Row[] {
  const rows = new Map<string, Row>()
  for (const envelope of envelopes) {
    const hash = envelopeHash(envelope)
    const sent = sentUnixSeconds(envelope)
    rows.set(`${String(sent).padStart(10, '0')}${bytes(hash).toString('hex')}`, {
      sent,
      hash,
      topic: envelope.topic,
      rlp: envelope.rlp,
    })
  }
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}

export const dayOf = (sent: number): number => Math.floor(sent / DAY_SECONDS)
export const columnOf = (topic: Topic): number => topicNumber(topic) | 0
/** The driver wants Buffers. Shares memory. */
export const bytes = (view: Uint8Array): Buffer => Buffer.from(view.buffer, view.byteOffset, view.length)

/** One transaction; how many were new. */
export async function insert(client: PoolClient, rows: readonly Row[]): Promise<number> {
  await client.query('BEGIN')
  const stored = await client.query<{ day: number; topic: number; size: number }>({
    name: 'archive-insert',
    text: `INSERT INTO envelopes (sent, hash, topic, rlp)
           SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::integer[], $4::bytea[])
           ON CONFLICT DO NOTHING RETURNING (sent / ${DAY_SECONDS})::integer AS day, topic, octet_length(rlp) AS size`,
    values: [
      rows.map(({ sent }) => sent),
      rows.map(({ hash }) => bytes(hash)),
      rows.map(({ topic }) => columnOf(topic)),
      rows.map(({ rlp }) => bytes(rlp)),
    ],
  })
  if (stored.rows.length > 0) {
    await putTopics(client, rows)
    await addTotals(client, stored.rows)
  }
  await client.query('COMMIT')
  return stored.rows.length
}

async function putTopics(client: PoolClient, rows: readonly Row[]): Promise<void> {
  const days = new Map<number, { readonly topic: Topic; readonly day: number }>()
  for (const { topic, sent } of rows) {
    const known = days.get(columnOf(topic))
    if (!known || known.day < dayOf(sent)) days.set(columnOf(topic), { topic, day: dayOf(sent) })
  }
  const sorted = [...days].sort(([a], [b]) => a - b)
  const bits = sorted.map(([, { topic }]) => bitsOf(topic))
  await client.query({
    name: 'archive-topics',
    text: `INSERT INTO topics SELECT * FROM unnest($1::integer[], $2::smallint[], $3::smallint[], $4::smallint[], $5::integer[])
           ON CONFLICT (topic) DO UPDATE SET last_day = excluded.last_day WHERE topics.last_day < excluded.last_day`,
    values: [
      sorted.map(([column]) => column),
      bits.map(([a]) => a),
      bits.map(([, b]) => b),
      bits.map(([, , c]) => c),
      sorted.map(([, { day }]) => day),
    ],
  })
}

async function addTotals(
  client: PoolClient,
  stored: readonly { day: number; size: number }[],
): Promise<void> {
  const totals = new Map<number, { envelopes: number; bytes: number }>()
  for (const { day, size } of stored) {
    const total = totals.get(day) ?? { envelopes: 0, bytes: 0 }
    totals.set(day, { envelopes: total.envelopes + 1, bytes: total.bytes + size })
  }
  for (const [day, total] of [...totals].sort(([a], [b]) => a - b))
    await client.query({
      name: 'archive-totals',
      text: `INSERT INTO days VALUES ($1, $2, $3) ON CONFLICT (day) DO UPDATE
             SET envelopes = days.envelopes + excluded.envelopes, bytes = days.bytes + excluded.bytes`,
      values: [day, total.envelopes, total.bytes],
    })
}

/** The indexes of the bits of a topic's bloom filter, the last one repeated where there are fewer than three. */
export function bitsOf(topic: Topic): readonly [number, number, number] {
  const bits: number[] = []
  for (const [at, byte] of bloomOf(topic).entries())
    for (let i = 0; i < 8; i++) if ((byte >> i) & 1) bits.push(at * 8 + i)
  const last = bits.at(-1) as number
  return [bits[0] ?? last, bits[1] ?? last, bits[2] ?? last]
}
