/**
 * What a client writes into the envelope of packet 126 (Status, "Whisper mailserver"). Three forms are spoken:
 *
 * ```
 * 0.36        RLP [ lower(uint32), upper(uint32), bloom, limit(uint32), cursor, batch ]
 * from 0.39   RLP [ lower, upper, bloom, [ topic, ... ], limit, cursor, batch ]
 * oldest      lower(4) || upper(4) || bloom(64) || limit(4) || cursor(40)     big endian; any tail from the bloom on may be missing
 * ```
 *
 * Deviation of the wire from the written specification: that lists five fields; the Go servers read exactly six or seven,
 * each only its own. Topics filter nothing in any Go server: the bloom filter does.
 */
import { BytesError } from '@status-protocol/bytes'
import {
  encodeRlp,
  type RlpSpan,
  readRlpUint,
  rlpBytes,
  rlpElements,
  rlpSpan,
  rlpUint,
} from '@status-protocol/bytes/rlp'
import { fullBloom, TOPIC_BYTES, type Topic, topicFrom } from '@status-protocol/whisper'
import { invalid, MailserverError } from './error.ts'

/** `v036`: six fields. `v055`: seven, from 0.39 on. `raw`: the oldest. */
export type RequestForm = 'v036' | 'v055' | 'raw'

/** What a client asks for. Not checked for sense: {@link checkRequest} does that. */
export interface MailRequest {
  /** Inclusive bounds of the time of sending. */
  readonly lowerUnixSeconds: number
  /** 0: until now. */
  readonly upperUnixSeconds: number
  /** 64 bytes; a peer may send any length. */
  readonly bloom: Uint8Array
  /** Only in the form of seven fields; without effect. BOUNDED by {@link MAX_REQUEST_TOPICS}. */
  readonly topics: readonly Topic[]
  /** 0: as the server likes. */
  readonly limit: number
  /** 36 bytes or none; a peer may send any length, which counts as none. */
  readonly cursor: Uint8Array
  /** Several envelopes may come in one packet. */
  readonly batch: boolean
}

/** More are refused: a request of that many is larger than any client's. */
export const MAX_REQUEST_TOPICS = 10_000

const RAW_RANGE_BYTES = 8
const RAW_BLOOM_END = RAW_RANGE_BYTES + 64
const RAW_LIMIT_END = RAW_BLOOM_END + 4
/** The raw form counts a topic to its cursor, which no store honours. */
const RAW_CURSOR_BYTES = 40
const FIRST_LIST_BYTE = 0xc0

/** The plaintext of a request. @throws MailserverError `invalid-argument` */
export function encodeMailRequest(request: MailRequest, form: Exclude<RequestForm, 'raw'>): Uint8Array {
  const { lowerUnixSeconds, upperUnixSeconds, bloom, topics, limit, cursor, batch } = request
  return encodeRlp([
    rlpUint(uint32(lowerUnixSeconds, 'lowerUnixSeconds')),
    rlpUint(uint32(upperUnixSeconds, 'upperUnixSeconds')),
    bloom,
    ...(form === 'v055' ? [topics] : []),
    rlpUint(uint32(limit, 'limit')),
    cursor,
    rlpUint(batch ? 1 : 0),
  ])
}

/** Which form the bytes can only be in: lists begin above the times of this protocol. */
export function formOf(payload: Uint8Array): RequestForm | undefined {
  if (payload.length === 0 || (payload[0] as number) < FIRST_LIST_BYTE) return 'raw'
  try {
    const { length } = rlpElements(payload, rlpSpan(payload), 7)
    return length === 6 ? 'v036' : length === 7 ? 'v055' : undefined
  } catch (error) {
    if (error instanceof BytesError) return undefined
    throw error
  }
}

/**
 * Reads one form, as strictly as the Go servers do.
 *
 * @throws MailserverError `malformed-request`
 */
export function decodeMailRequest(payload: Uint8Array, form: RequestForm): MailRequest {
  try {
    return form === 'raw' ? rawRequest(payload) : listRequest(payload, form)
  } catch (error) {
    if (error instanceof BytesError)
      throw new MailserverError('malformed-request', `failed to decode data: ${error.message}`)
    throw error
  }
}

function listRequest(payload: Uint8Array, form: 'v036' | 'v055'): MailRequest {
  const list = rlpSpan(payload)
  if (list.end !== payload.length) throw malformed('bytes after the list')
  const fields = rlpElements(payload, list, 7)
  const wanted = form === 'v055' ? 7 : 6
  if (fields.length !== wanted) throw malformed(`expected ${wanted} fields, got ${fields.length}`)
  const [lower, upper, bloom, ...rest] = fields as [RlpSpan, RlpSpan, RlpSpan, ...RlpSpan[]]
  const topics = form === 'v055' ? topicsAt(payload, rest.shift() as RlpSpan) : []
  const [limit, cursor, batch] = rest as [RlpSpan, RlpSpan, RlpSpan]
  const flag = uintAt(payload, batch, 1)
  if (flag > 1) throw malformed('batch: expected 0 or 1')
  return {
    lowerUnixSeconds: uintAt(payload, lower, 4),
    upperUnixSeconds: uintAt(payload, upper, 4),
    bloom: rlpBytes(payload, bloom),
    topics,
    limit: uintAt(payload, limit, 4),
    cursor: rlpBytes(payload, cursor),
    batch: flag === 1,
  }
}

/** The reference takes strings of any length here and never looks at them; those that are topics are kept. */
function topicsAt(payload: Uint8Array, list: RlpSpan): Topic[] {
  return rlpElements(payload, list, MAX_REQUEST_TOPICS)
    .map((span) => rlpBytes(payload, span))
    .filter((bytes) => bytes.length === TOPIC_BYTES)
    .map((bytes) => topicFrom(bytes))
}

function rawRequest(payload: Uint8Array): MailRequest {
  const { length } = payload
  if (length < RAW_RANGE_BYTES) throw malformed('Undersized p2p request')
  if (length > RAW_RANGE_BYTES && length < RAW_BLOOM_END)
    throw malformed('Undersized bloom filter in p2p request')
  const view = new DataView(payload.buffer, payload.byteOffset, length)
  return {
    lowerUnixSeconds: view.getUint32(0),
    upperUnixSeconds: view.getUint32(4),
    bloom: length === RAW_RANGE_BYTES ? fullBloom() : payload.subarray(RAW_RANGE_BYTES, RAW_BLOOM_END),
    topics: [],
    limit: length >= RAW_LIMIT_END ? view.getUint32(RAW_BLOOM_END) : 0,
    cursor: length === RAW_LIMIT_END + RAW_CURSOR_BYTES ? payload.subarray(RAW_LIMIT_END) : new Uint8Array(0),
    batch: false,
  }
}

function uintAt(payload: Uint8Array, span: RlpSpan, maxBytes: number): number {
  return Number(readRlpUint(rlpBytes(payload, span), maxBytes))
}

function uint32(value: number, name: string): number {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff)
    throw invalid(`${name}: expected an integer of 32 bits, got ${value}`)
  return value
}

function malformed(what: string): MailserverError {
  return new MailserverError('malformed-request', what)
}
