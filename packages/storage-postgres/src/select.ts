/**
 * The statements that read, in the form that makes the server take the right index whatever its statistics say: none are
 * there for a day that has just begun. (Sessions have sorting and bitmap scans off, which only means: if there is another way.)
 */
import type { PoolClient } from 'pg'

/** More topics than this are filtered from the order of time; fewer are each read from their own index. */
const MAX_TOPIC_INDEXES = 500
/** An answer ends with the envelope that reaches this. */
const ANSWER_BYTES = 4 * 1024 * 1024
/** What one statement looks at, at most, whatever it finds: of envelopes in the order of time, of keys of several topics. */
const SLICE_FILTERED = 8_192
const SLICE_KEYS = 100_000

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

type Place = readonly [sent: number, hash: Buffer]

/** Some envelopes after a place, oldest first, perhaps none; `next`: where to go on, undefined when nothing follows. */
export async function select(
  client: PoolClient,
  { topics, toUnixSeconds }: Selection,
  after: Place,
  limit: number,
): Promise<{ readonly rows: readonly SelectedRow[]; readonly next: Place | undefined }> {
  const isFiltered = topics !== undefined && topics.length > MAX_TOPIC_INDEXES
  const most = isFiltered || !topics ? limit : Math.min(limit, Math.ceil(SLICE_KEYS / topics.length))
  const { rows } = await client.query<Measured>(isFiltered ? FILTERED : measured(inner(topics)), [
    ...[after[0], toUnixSeconds, after[1], most],
    ...(topics ? [topics.length === 1 ? topics[0] : topics] : []),
  ])
  const last = rows.at(-1)
  const isCut =
    rows.length >= most || Number(last?.total ?? 0) >= ANSWER_BYTES || Number(last?.place) >= SLICE_FILTERED
  return { rows: rows.filter(isFound), next: isCut && last ? [Number(last.sent), last.hash] : undefined }
}

/** Without the RLP: the end of a slice, which nobody asked for. */
interface Measured {
  readonly sent: string
  readonly hash: Buffer
  readonly rlp: Buffer | null
  readonly total: string
  readonly place?: string
}

const isFound = (row: Measured): row is Measured & SelectedRow => row.rlp !== null

const RANGE = 'sent >= $1 AND sent <= $2 AND (sent, hash) > ($1, $3)'

function measured(found: string): string {
  return `SELECT sent, hash, rlp, total FROM (
            SELECT *, sum(octet_length(rlp)) OVER (ORDER BY sent, hash) AS total FROM (${found}) AS found
          ) AS measured WHERE total - octet_length(rlp) < ${ANSWER_BYTES} ORDER BY sent, hash`
}

/** What is wanted of the next slice, and the last of a slice that is full. */
const FILTERED = `
  SELECT sent, hash, rlp, total, place FROM (
    SELECT *, coalesce(sum(octet_length(rlp)) OVER (ORDER BY sent, hash), 0) AS total FROM (
      SELECT sent, hash, CASE WHEN topic = ANY($5) THEN rlp END AS rlp,
             row_number() OVER (ORDER BY sent, hash) AS place
      FROM (SELECT * FROM envelopes WHERE ${RANGE} ORDER BY sent, hash LIMIT ${SLICE_FILTERED}) AS slice
    ) AS filtered
  ) AS measured
  WHERE (rlp IS NOT NULL OR place = ${SLICE_FILTERED}) AND total - coalesce(octet_length(rlp), 0) < ${ANSWER_BYTES}
  ORDER BY sent, hash LIMIT $4`

function inner(topics: readonly number[] | undefined): string {
  if (topics === undefined)
    return `SELECT sent, hash, rlp FROM envelopes WHERE ${RANGE} ORDER BY sent, hash LIMIT $4`
  // By topic first, although there is one: no other index has this order.
  if (topics.length === 1)
    return `SELECT sent, hash, rlp FROM envelopes WHERE topic = $5 AND ${RANGE} ORDER BY topic, sent, hash LIMIT $4`
  return `SELECT e.sent, e.hash, e.rlp FROM (
            SELECT keys.sent, keys.hash FROM unnest($5::integer[]) AS wanted(topic) CROSS JOIN LATERAL (
              SELECT sent, hash FROM envelopes WHERE topic = wanted.topic AND ${RANGE}
              ORDER BY topic, sent, hash LIMIT $4
            ) AS keys ORDER BY keys.sent, keys.hash LIMIT $4
          ) AS chosen JOIN envelopes e ON e.sent = chosen.sent AND e.hash = chosen.hash`
}
