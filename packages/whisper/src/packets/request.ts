/**
 * Packet 126 (Status): asks a mail server for history. One envelope, which only the mail server can open, or in clear:
 *
 * ```
 * RLP [ id(32), from(uint32), to(uint32), limit(uint32), cursor, bloom ]
 * ```
 *
 * What is inside the envelope is not this package's knowledge.
 */
import { encodeRlp, type RlpSpan, rlpElements, rlpUint } from '@status-protocol/bytes/rlp'
import { decodeEnvelope, type Envelope } from '../envelope.ts'
import { expectUint32 } from '../error.ts'
import { bytesAt, elementsOf, firstItem, readPacket, uint32At } from './read.ts'

/** The request in clear. Not checked for sense: whoever answers does that. */
export interface PlainRequest {
  /** 32 bytes; a peer may send any length. */
  readonly id: Uint8Array
  /** Inclusive. */
  readonly fromUnixSeconds: number
  /** Inclusive. */
  readonly toUnixSeconds: number
  /** 0: as the server likes. */
  readonly limit: number
  /** 36 bytes or none; a peer may send any length. */
  readonly cursor: Uint8Array
  /** 64 bytes; a peer may send any length. */
  readonly bloom: Uint8Array
}

/** Either form of packet 126. */
export type HistoryRequest =
  /** Its hash is the request's id. */
  | { readonly type: 'envelope'; readonly envelope: Envelope }
  | { readonly type: 'plain'; readonly request: PlainRequest }

/** The packet's body. @throws WhisperError `invalid-argument` */
export function encodeHistoryRequest(request: HistoryRequest): Uint8Array {
  if (request.type === 'envelope') return request.envelope.rlp
  const { id, fromUnixSeconds, toUnixSeconds, limit, cursor, bloom } = request.request
  return encodeRlp([
    id,
    rlpUint(expectUint32(fromUnixSeconds, 'fromUnixSeconds')),
    rlpUint(expectUint32(toUnixSeconds, 'toUnixSeconds')),
    rlpUint(expectUint32(limit, 'limit')),
    cursor,
    bloom,
  ])
}

/** Five elements are an envelope, six the form in clear. @throws WhisperError `malformed-packet` */
export function decodeHistoryRequest(body: Uint8Array): HistoryRequest {
  return readPacket('history request', () => {
    const item = firstItem(body)
    if (rlpElements(body, item, PLAIN_ELEMENTS).length === PLAIN_ELEMENTS)
      return { type: 'plain', request: plainAt(body, item) }
    return { type: 'envelope', envelope: decodeEnvelope(body.subarray(item.start, item.end)) }
  })
}

const PLAIN_ELEMENTS = 6

function plainAt(body: Uint8Array, list: RlpSpan): PlainRequest {
  const [id, from, to, limit, cursor, bloom] = elementsOf(body, list, PLAIN_ELEMENTS)
  return {
    id: bytesAt(body, id),
    fromUnixSeconds: uint32At(body, from),
    toUnixSeconds: uint32At(body, to),
    limit: uint32At(body, limit),
    cursor: bytesAt(body, cursor),
    bloom: bytesAt(body, bloom),
  }
}
