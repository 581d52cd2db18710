/**
 * The statements that read, in the form that makes the server take the right index whatever its statistics say: none are
 * there for a day that has just begun. (Sessions have sorting and bitmap scans off, which only means: if there is another way.)
 */
import type { PoolClient } from 'pg'

/** More topics than this are filtered from the order of time; fewer are each read from their own index. */
const MAX_TOPIC_INDEXES = 500
/** An answer ends with the envelope that reaches this. */
const ANSWER_BYTES = 4 * 1024 * 1024

export interface Selection {
  /** Columns; undefined: all topics. */
  readonly topics: readonly number[] | undefined
  readonly toUnixSeconds: number
}

export interface SelectedRow {
  readonly sent: string
  readonly hash: Buffer
  readonly rlp: Buffer
}

/** Some envelopes after a place, oldest first; `isLast`: nothing follows them. */
export async function select(
  client: PoolClient,
  { topics, toUnixSeconds }: Selection,
  after: readonly [sent: number, hash: Buffer],
  limit: number,
): Promise<{ readonly rows: readonly SelectedRow[]; readonly isLast: boolean }> {
  const { rows } = await client.query<SelectedRow & { total: string }>(
    `SELECT sent, hash, rlp, total FROM (
       SELECT *, sum(octet_length(rlp)) OVER (ORDER BY sent, hash) AS total FROM (${inner(topics)}) AS found
     ) AS measured WHERE total - octet_length(rlp) < ${ANSWER_BYTES} ORDER BY sent, hash`,
    [after[0], toUnixSeconds, after[1], limit, ...(topics ? [topics.length === 1 ? topics[0] : topics] : [])],
  )
  const isFull = Number(rows.at(-1)?.total ?? 0) >= ANSWER_BYTES
  return { rows, isLast: !isFull && rows.length < limit }
}

function inner(topics: readonly number[] | undefined): string {
  const range = 'sent >= $1 AND sent <= $2 AND (sent, hash) > ($1, $3)'
  if (topics === undefined)
    return `SELECT sent, hash, rlp FROM envelopes WHERE ${range} ORDER BY sent, hash LIMIT $4`
  // By topic first, although there is one: no other index has this order.
  if (topics.length === 1)
    return `SELECT sent, hash, rlp FROM envelopes WHERE topic = $5 AND ${range} ORDER BY topic, sent, hash LIMIT $4`
  if (topics.length > MAX_TOPIC_INDEXES)
    return `SELECT sent, hash, rlp FROM envelopes WHERE topic = ANY($5) AND ${range} ORDER BY sent, hash LIMIT $4`
  return `SELECT e.sent, e.hash, e.rlp FROM (
            SELECT keys.sent, keys.hash FROM unnest($5::integer[]) AS wanted(topic) CROSS JOIN LATERAL (
              SELECT sent, hash FROM envelopes WHERE topic = wanted.topic AND ${range}
              ORDER BY topic, sent, hash LIMIT $4
            ) AS keys ORDER BY keys.sent, keys.hash LIMIT $4
          ) AS chosen JOIN envelopes e ON e.sent = chosen.sent AND e.hash = chosen.hash`
}
