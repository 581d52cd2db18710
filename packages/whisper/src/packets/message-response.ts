/**
 * Packet 12 (Status): the sender has read this messages packet, and this is what was wrong with some of its envelopes.
 *
 * ```
 * RLP [ 1, [ batch hash(32), [ [ envelope hash(32), code, description(UTF-8) ], ... ] ] ]
 * ```
 *
 * The codes tell next to nothing: nodes of 0.36 say 36 and those from 0.39 on say 37 for every kind of error, and 37
 * meant something else in 0.36. Only the description tells errors apart.
 */
import { fromUtf8Lenient, utf8 } from '@status-protocol/bytes'
import { encodeRlp, encodeRlpListOf, type RlpSpan, rlpElements, rlpUint } from '@status-protocol/bytes/rlp'
import { type EnvelopeHash, envelopeHashFrom } from '../envelope.ts'
import { expectBytes, expectUint32, WhisperError } from '../error.ts'
import { BATCH_HASH_BYTES } from './batch-acknowledged.ts'
import { MAX_ENVELOPES_PER_PACKET } from './messages.ts'
import { bytesAt, elementsOf, expectThat, firstItem, readPacket, uint64At } from './read.ts'

/** Error codes by generation of the node that sends them. */
export const envelopeErrorCodes = {
  /** status-go 0.36. */
  v036: { timeNotSynced: 36, other: 37 },
  /** status-go 0.39 and later. */
  v055: { timeNotSynced: 37, other: 38 },
} as const

/** Descriptions above this many bytes are cut, both ways. */
export const MAX_DESCRIPTION_BYTES = 512

/** What was wrong with one envelope. */
export interface EnvelopeError {
  readonly hash: EnvelopeHash
  /** See {@link envelopeErrorCodes}. 64 bits on the wire; inexact above 2^53. */
  readonly code: number
  /** For people. */
  readonly description: string
}

export interface MessageResponse {
  /** 32 bytes. */
  readonly batchHash: Uint8Array
  /** Empty: all envelopes are fine, or silently dropped. */
  readonly errors: readonly EnvelopeError[]
}

/**
 * The packet's body. Errors that would take it above `maxBytes` are left out, the last ones first.
 *
 * @throws WhisperError `invalid-argument`
 */
export function encodeMessageResponse(
  { batchHash, errors }: MessageResponse,
  { maxBytes = Number.POSITIVE_INFINITY }: { readonly maxBytes?: number } = {},
): Uint8Array {
  const entries: Uint8Array[] = []
  let room = maxBytes - FIXED_BYTES
  for (const error of errors) {
    const entry = encodeRlp([
      envelopeHashFrom(error.hash),
      rlpUint(expectUint32(error.code, 'code')),
      utf8(error.description).subarray(0, MAX_DESCRIPTION_BYTES),
    ])
    room -= entry.length
    if (room < 0) break
    entries.push(entry)
  }
  const hash = encodeRlp(expectBytes(batchHash, BATCH_HASH_BYTES, 'batch hash'))
  return encodeRlpListOf([
    encodeRlp(rlpUint(RESPONSE_VERSION)),
    encodeRlpListOf([hash, encodeRlpListOf(entries)]),
  ])
}

const RESPONSE_VERSION = 1
/** Version, batch hash and three list headers at their longest. */
const FIXED_BYTES = 1 + 33 + 3 * 5

/**
 * The response, or undefined where the reference ignores the packet: another version, or a version 1 whose inner part
 * cannot be read.
 *
 * @throws WhisperError `malformed-packet`: not a list of a version and something else
 */
export function decodeMessageResponse(body: Uint8Array): MessageResponse | undefined {
  const inner = readPacket('message response', () => {
    const [version, response] = elementsOf(body, firstItem(body), 2)
    return uint64At(body, version) === BigInt(RESPONSE_VERSION) ? response : undefined
  })
  if (inner === undefined) return undefined
  try {
    return readPacket('message response', () => responseAt(body, inner))
  } catch (error) {
    if (error instanceof WhisperError) return undefined
    throw error
  }
}

function responseAt(body: Uint8Array, span: RlpSpan): MessageResponse {
  const [hash, errors] = elementsOf(body, span, 2)
  expectThat(errors !== undefined, 'expected a list of errors')
  return {
    batchHash: bytesAt(body, hash, BATCH_HASH_BYTES).slice(),
    errors: rlpElements(body, errors, MAX_ENVELOPES_PER_PACKET).map((error) => errorAt(body, error)),
  }
}

function errorAt(body: Uint8Array, span: RlpSpan): EnvelopeError {
  const [hash, code, description] = elementsOf(body, span, 3)
  const text = bytesAt(body, description).subarray(0, MAX_DESCRIPTION_BYTES)
  return {
    hash: bytesAt(body, hash, 32).slice() as EnvelopeHash,
    code: Number(uint64At(body, code)),
    description: fromUtf8Lenient(text),
  }
}
