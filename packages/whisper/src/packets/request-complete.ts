/**
 * Packet 125 (Status): a mail server is done with a request. One RLP string of
 *
 * ```
 * request id(32) || last envelope hash(32) || cursor(36 or 0)      or      "ERROR=" || request id(32) || text(UTF-8)
 * ```
 *
 * Readers also take the request id alone, and drop what is too short to be a hash or a cursor. An error is only taken for
 * one if the request id is whole: otherwise the text "ERROR=" counts as the id's first bytes.
 */
import { concat, equal, fromUtf8Lenient, utf8 } from '@status-protocol/bytes'
import { encodeRlp } from '@status-protocol/bytes/rlp'
import { ENVELOPE_HASH_BYTES, type EnvelopeHash, envelopeHashFrom } from '../envelope.ts'
import { expectBytes, WhisperError } from '../error.ts'
import { bytesAt, expectThat, firstItem, readPacket } from './read.ts'

export const REQUEST_ID_BYTES = 32
/** Sent time (4, big endian) || envelope hash (32): where the next page of history begins. */
export const CURSOR_BYTES = 36

const ERROR_PREFIX = utf8('ERROR=')
const ERROR_HEADER_BYTES = ERROR_PREFIX.length + REQUEST_ID_BYTES

/** How a request for history ended. */
export type RequestComplete =
  | {
      readonly type: 'done'
      /** 32 bytes. */
      readonly requestId: Uint8Array
      /** Undefined: the server did not say. All zero: no envelope was sent. */
      readonly lastEnvelopeHash?: EnvelopeHash
      /** 36 bytes: ask again with this one for what follows. Undefined: this was the last page. */
      readonly cursor?: Uint8Array
    }
  | {
      readonly type: 'failed'
      /** 32 bytes. */
      readonly requestId: Uint8Array
      /** For people. */
      readonly error: string
    }

/** The packet's body. @throws WhisperError `invalid-argument` */
export function encodeRequestComplete(outcome: RequestComplete): Uint8Array {
  return encodeRlp(requestCompletePayload(outcome))
}

/** The string inside the packet. @throws WhisperError `invalid-argument` */
export function requestCompletePayload(outcome: RequestComplete): Uint8Array {
  const requestId = expectBytes(outcome.requestId, REQUEST_ID_BYTES, 'requestId')
  if (outcome.type === 'failed') return concat(ERROR_PREFIX, requestId, utf8(outcome.error))
  const { lastEnvelopeHash, cursor = new Uint8Array(0) } = outcome
  if (cursor.length > 0) {
    expectBytes(cursor, CURSOR_BYTES, 'cursor')
    if (lastEnvelopeHash === undefined)
      throw new WhisperError('invalid-argument', 'lastEnvelopeHash: expected 32 bytes, as there is a cursor')
  }
  if (lastEnvelopeHash === undefined) return requestId
  return concat(requestId, envelopeHashFrom(lastEnvelopeHash), cursor)
}

/** @throws WhisperError `malformed-packet` */
export function decodeRequestComplete(body: Uint8Array): RequestComplete {
  return readPacket('request complete', () => payloadOf(bytesAt(body, firstItem(body))))
}

/** Reads the string inside the packet. @throws WhisperError `malformed-packet` below 32 or above 100 bytes */
export function parseRequestCompletePayload(payload: Uint8Array): RequestComplete {
  return readPacket('request complete', () => payloadOf(payload))
}

function payloadOf(payload: Uint8Array): RequestComplete {
  if (isError(payload))
    return {
      type: 'failed',
      requestId: payload.slice(ERROR_PREFIX.length, ERROR_HEADER_BYTES),
      error: fromUtf8Lenient(payload.subarray(ERROR_HEADER_BYTES)),
    }
  const longest = REQUEST_ID_BYTES + ENVELOPE_HASH_BYTES + CURSOR_BYTES
  expectThat(
    payload.length >= REQUEST_ID_BYTES && payload.length <= longest,
    `expected ${REQUEST_ID_BYTES} to ${longest} bytes, got ${payload.length}`,
  )
  return {
    type: 'done',
    requestId: payload.slice(0, REQUEST_ID_BYTES),
    ...(payload.length >= REQUEST_ID_BYTES + ENVELOPE_HASH_BYTES && {
      lastEnvelopeHash: payload.slice(
        REQUEST_ID_BYTES,
        REQUEST_ID_BYTES + ENVELOPE_HASH_BYTES,
      ) as EnvelopeHash,
    }),
    ...(payload.length === longest && { cursor: payload.slice(longest - CURSOR_BYTES) }),
  }
}

function isError(payload: Uint8Array): boolean {
  return payload.length >= ERROR_HEADER_BYTES && equal(payload.subarray(0, ERROR_PREFIX.length), ERROR_PREFIX)
}
