/**
 * Packets 123 and 124 (Status): one mail server fills another.
 *
 * ```
 * 123  RLP [ lower(uint32), upper(uint32), bloom, limit(uint32), cursor ]
 * 124  RLP [ [ envelope, ... ], cursor, final, error(UTF-8) ]
 * ```
 */
import { fromUtf8Lenient, utf8 } from '@status-protocol/bytes'
import { encodeRlp, encodeRlpListOf, rlpElements, rlpUint } from '@status-protocol/bytes/rlp'
import { decodeEnvelope, type Envelope } from '../envelope.ts'
import { expectUint32 } from '../error.ts'
import { encodeMessages, MAX_ENVELOPES_PER_PACKET } from './messages.ts'
import { booleanAt, bytesAt, elementsOf, expectThat, firstItem, readPacket, uint32At } from './read.ts'

/** What an archive is asked for by another one. Not checked for sense: whoever answers does that. */
export interface SyncRequest {
  /** Inclusive. */
  readonly lowerUnixSeconds: number
  /** Inclusive. */
  readonly upperUnixSeconds: number
  /** 64 bytes; a peer may send any length. */
  readonly bloom: Uint8Array
  readonly limit: number
  /** 36 bytes or none; a peer may send any length. */
  readonly cursor: Uint8Array
}

export interface SyncResponse {
  readonly envelopes: readonly Envelope[]
  /** Where to go on; empty: nowhere. */
  readonly cursor: Uint8Array
  /** Nothing follows. */
  readonly final: boolean
  /** Empty: none. */
  readonly error: string
}

/** The packet's body. @throws WhisperError `invalid-argument` */
export function encodeSyncRequest(request: SyncRequest): Uint8Array {
  return encodeRlp([
    rlpUint(expectUint32(request.lowerUnixSeconds, 'lowerUnixSeconds')),
    rlpUint(expectUint32(request.upperUnixSeconds, 'upperUnixSeconds')),
    request.bloom,
    rlpUint(expectUint32(request.limit, 'limit')),
    request.cursor,
  ])
}

/** @throws WhisperError `malformed-packet` */
export function decodeSyncRequest(body: Uint8Array): SyncRequest {
  return readPacket('sync request', () => {
    const [lower, upper, bloom, limit, cursor] = elementsOf(body, firstItem(body), 5)
    return {
      lowerUnixSeconds: uint32At(body, lower),
      upperUnixSeconds: uint32At(body, upper),
      bloom: bytesAt(body, bloom),
      limit: uint32At(body, limit),
      cursor: bytesAt(body, cursor),
    }
  })
}

/** The packet's body. */
export function encodeSyncResponse({ envelopes, cursor, final, error }: SyncResponse): Uint8Array {
  return encodeRlpListOf([
    encodeMessages(envelopes),
    encodeRlp(cursor),
    encodeRlp(rlpUint(final ? 1 : 0)),
    encodeRlp(utf8(error)),
  ])
}

/** @throws WhisperError `malformed-packet` */
export function decodeSyncResponse(body: Uint8Array): SyncResponse {
  return readPacket('sync response', () => {
    const [list, cursor, final, error] = elementsOf(body, firstItem(body), 4)
    expectThat(list !== undefined, 'expected a list of envelopes')
    return {
      envelopes: rlpElements(body, list, MAX_ENVELOPES_PER_PACKET).map(({ start, end }) =>
        decodeEnvelope(body.subarray(start, end)),
      ),
      cursor: bytesAt(body, cursor),
      final: booleanAt(body, final),
      error: fromUtf8Lenient(bytesAt(body, error)),
    }
  })
}
