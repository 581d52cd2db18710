/** From packet 126 to a query, or to the words that the client is told. Pure. */
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import {
  BLOOM_BYTES,
  bloomFrom,
  type Envelope,
  envelopeHash,
  type OpeningKey,
  open,
  type PlainRequest,
} from '@status-protocol/whisper'
import { type ArchiveQuery, CURSOR_BYTES } from './archive.ts'
import { MailserverError } from './error.ts'
import { decodeMailRequest, formOf, type MailRequest, type RequestForm } from './request.ts'
import { hasWork } from './work.ts'

/** Most envelopes of one answer, which is also what a limit of 0 means: as status-go 0.36, and from 0.39 on. */
export const MAX_LIMITS: Readonly<Record<RequestForm, number>> = { v036: 2000, v055: 1000, raw: 2000 }
/** The raw form may not ask for more. */
export const MAX_RAW_RANGE_SECONDS = 86_400
/** An open end reaches so far ahead: senders' clocks differ. */
export const OPEN_END_SECONDS = 60

export interface RequestKeys {
  /** 32 bytes: that of the server's password. */
  readonly symmetricKey?: Uint8Array
  /** 32 bytes. */
  readonly privateKey?: Uint8Array
}

export interface RequestRules {
  readonly keys: RequestKeys
  /** Least proof of work of a request; 0: none. */
  readonly minPow: number
  readonly nowUnixSeconds: number
  readonly crypto?: CryptoProvider
}

/** A request that will be answered. */
export interface AcceptedRequest {
  readonly requestId: Uint8Array
  readonly query: ArchiveQuery
  readonly batch: boolean
}

export type RequestVerdict =
  | { readonly ok: true; readonly accepted: AcceptedRequest }
  /** The reference's words, as far as they make sense. */
  | { readonly ok: false; readonly requestId: Uint8Array; readonly error: string }

/** Opened, signed by somebody, with enough work: what the envelope says, or why it is not read. */
export type ReadEnvelope =
  | { readonly ok: true; readonly form: RequestForm; readonly request: MailRequest }
  | { readonly ok: false; readonly error: string }

/** Reads a request's envelope. `form`: only this one; otherwise whichever it is in. */
export function readRequestEnvelope(
  envelope: Envelope,
  { keys, minPow, crypto = defaultProvider }: Omit<RequestRules, 'nowUnixSeconds'>,
  form?: RequestForm,
): ReadEnvelope {
  if (minPow > 0 && !hasWork(envelope, minPow, crypto)) return { ok: false, error: 'PoW too low' }
  const opened = openWith(envelope, keys, crypto)
  if (opened === undefined) return { ok: false, error: 'failed to decrypt p2p request' }
  // Any key may sign; the reference does not compare it with the link's identity either.
  if (opened.signer === undefined) return { ok: false, error: 'wrong signature of p2p request' }
  const found = form ?? formOf(opened.payload)
  if (found === undefined) return { ok: false, error: 'failed to decode data: neither six fields nor seven' }
  try {
    return { ok: true, form: found, request: decodeMailRequest(opened.payload, found) }
  } catch (error) {
    if (error instanceof MailserverError) return { ok: false, error: error.message }
    throw error
  }
}

/** With the private key first, as the reference does. */
function openWith(envelope: Envelope, keys: RequestKeys, crypto: CryptoProvider) {
  const tried: OpeningKey[] = []
  if (keys.privateKey) tried.push({ privateKey: keys.privateKey })
  if (keys.symmetricKey) tried.push({ symmetricKey: keys.symmetricKey })
  for (const key of tried) {
    const result = open(envelope, key, { crypto })
    if (result.ok) return result
  }
  return undefined
}

/** Whether the request makes sense, and what is asked of the archive then; otherwise the words for the client. */
export function checkRequest(
  request: MailRequest,
  form: RequestForm,
  nowUnixSeconds: number,
): ArchiveQuery | string {
  const max = MAX_LIMITS[form]
  const from = request.lowerUnixSeconds
  const to =
    request.upperUnixSeconds === 0 && form !== 'raw'
      ? Math.floor(nowUnixSeconds) + OPEN_END_SECONDS
      : request.upperUnixSeconds
  if (to < from) return 'query range is invalid: lower > upper'
  if (form === 'raw' && to - from > MAX_RAW_RANGE_SECONDS) return 'query range too big'
  if (request.bloom.length === 0) return 'request is invalid: bloom filter is empty'
  if (request.bloom.length !== BLOOM_BYTES)
    return `request is invalid: bloom filter must have ${BLOOM_BYTES} bytes`
  if (form === 'v055' && request.limit > max)
    return 'request is invalid: limit exceeds the maximum allowed value'
  return {
    fromUnixSeconds: from,
    toUnixSeconds: to,
    limit: request.limit === 0 ? max : Math.min(request.limit, max),
    ...(request.cursor.length === CURSOR_BYTES && { after: Uint8Array.from(request.cursor) }),
    match: { bloom: bloomFrom(Uint8Array.from(request.bloom)) },
  }
}

/** Packet 126 with an envelope: its hash is the request's id. */
export function judgeRequestEnvelope(envelope: Envelope, rules: RequestRules): RequestVerdict {
  const requestId = Uint8Array.from(envelopeHash(envelope, rules.crypto ?? defaultProvider))
  const read = readRequestEnvelope(envelope, rules)
  if (!read.ok) return { ok: false, requestId, error: read.error }
  const query = checkRequest(read.request, read.form, rules.nowUnixSeconds)
  if (typeof query === 'string') return { ok: false, requestId, error: query }
  return { ok: true, accepted: { requestId, query, batch: read.request.batch } }
}

/** Packet 126 in clear: neither signature nor work is asked for, and a batch may always come. */
export function judgePlainRequest(request: PlainRequest, nowUnixSeconds: number): RequestVerdict {
  const requestId = idOf(request.id)
  const query = checkRequest(
    {
      lowerUnixSeconds: request.fromUnixSeconds,
      upperUnixSeconds: request.toUnixSeconds,
      bloom: request.bloom,
      topics: [],
      limit: request.limit,
      cursor: request.cursor,
      batch: true,
    },
    'v055',
    nowUnixSeconds,
  )
  if (typeof query === 'string') return { ok: false, requestId, error: query }
  return { ok: true, accepted: { requestId, query, batch: true } }
}

/** As the reference makes a hash of any bytes: the last 32, zeros before fewer. */
function idOf(bytes: Uint8Array): Uint8Array {
  const id = new Uint8Array(32)
  const tail = bytes.subarray(Math.max(0, bytes.length - 32))
  id.set(tail, 32 - tail.length)
  return id
}
