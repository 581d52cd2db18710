/**
 * Packets of discovery v5.1, as bytes.
 *
 * ```
 * packet    = iv(16) | header, masked with AES-128-CTR under the first half of the id of whom it is for | sealed message
 * header    = "discv5" | version(2) | flag(1) | nonce(12) | length(2) | authdata
 * message     (flag 0)   authdata = id of the sender(32)
 * whoareyou   (flag 1)   authdata = id nonce(16) | number of the record that is known(8), nothing sealed
 * handshake   (flag 2)   authdata = id of the sender(32) | 64 | 33 | signature(64) | ephemeral key(33) | record
 * ```
 */
import { concat, equal, fromBigInt, toBigInt, utf8 } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import { MAX_RECORD_BYTES } from '../enr.ts'
import { P2pError } from '../error.ts'

export const MAX_PACKET_BYTES = 1_280
/** Of a WHOAREYOU packet: so no answer to a stranger is longer than the question. */
export const MIN_PACKET_BYTES = 63
export const NONCE_BYTES = 12
export const IV_BYTES = 16
export const ID_NONCE_BYTES = 16
const MASK_BYTES = 16
const ID_BYTES = 32
const SIGNATURE_BYTES = 64
const KEY_BYTES = 33
const STATIC_HEADER_BYTES = 23
/** Protocol and version. */
const MAGIC: Uint8Array = concat(utf8('discv5'), Uint8Array.of(0, 1))
const FLAGS = { message: 0, whoareyou: 1, handshake: 2 } as const

export type Discv5Packet = {
  readonly nonce: Uint8Array
  /** iv | header: what the message is sealed together with; of WHOAREYOU the challenge that is signed. */
  readonly authenticated: Uint8Array
  readonly sealed: Uint8Array
} & (
  | { readonly type: 'message'; readonly sourceId: Uint8Array }
  | { readonly type: 'whoareyou'; readonly recordSeq: bigint }
  | {
      readonly type: 'handshake'
      readonly sourceId: Uint8Array
      readonly signature: Uint8Array
      readonly ephemeralKey: Uint8Array
      /** Not verified; empty: none. */
      readonly record: Uint8Array
    }
)

/** Whether it is one of this protocol, for us. */
export function isDiscv5Packet(bytes: Uint8Array, ownId: Uint8Array, crypto: CryptoProvider): boolean {
  if (bytes.length < MIN_PACKET_BYTES || bytes.length > MAX_PACKET_BYTES) return false
  const start = mask(ownId, bytes, bytes.subarray(IV_BYTES, IV_BYTES + MAGIC.length), crypto)
  return equal(start, MAGIC)
}

/** @throws P2pError `too-big`, `malformed`, `unknown-type` */
export function decodeDiscv5Packet(
  bytes: Uint8Array,
  ownId: Uint8Array,
  crypto: CryptoProvider,
): Discv5Packet {
  if (bytes.length > MAX_PACKET_BYTES)
    throw new P2pError('too-big', `discovery packet: expected at most ${MAX_PACKET_BYTES} bytes`)
  if (!isDiscv5Packet(bytes, ownId, crypto)) throw malformed('a header of discv5 for this node')
  const rest = mask(ownId, bytes, bytes.subarray(IV_BYTES), crypto)
  const [flag] = rest.subarray(MAGIC.length)
  const nonce = rest.slice(MAGIC.length + 1, MAGIC.length + 1 + NONCE_BYTES)
  const end =
    STATIC_HEADER_BYTES + Number(toBigInt(rest.subarray(STATIC_HEADER_BYTES - 2, STATIC_HEADER_BYTES)))
  if (end > rest.length) throw malformed('as much authdata as it says')
  const authdata = rest.slice(STATIC_HEADER_BYTES, end)
  const authenticated = concat(bytes.subarray(0, IV_BYTES), rest.subarray(0, end))
  const common = { nonce, authenticated, sealed: bytes.slice(IV_BYTES + end) }
  if (flag === FLAGS.message) {
    if (authdata.length !== ID_BYTES) throw malformed('an id of 32 bytes')
    return { ...common, type: 'message', sourceId: authdata }
  }
  if (flag === FLAGS.whoareyou) {
    if (authdata.length !== ID_NONCE_BYTES + 8 || common.sealed.length > 0)
      throw malformed('a challenge of 24 bytes and nothing behind it')
    return { ...common, type: 'whoareyou', recordSeq: toBigInt(authdata.subarray(ID_NONCE_BYTES)) }
  }
  if (flag !== FLAGS.handshake)
    throw new P2pError('unknown-type', `discovery packet: unknown flag ${flag}`, { type: flag })
  return { ...common, type: 'handshake', ...handshakeOf(authdata) }
}

function handshakeOf(authdata: Uint8Array) {
  const at = ID_BYTES + 2
  const [signatureBytes, keyBytes] = authdata.subarray(ID_BYTES, at)
  const recordAt = at + SIGNATURE_BYTES + KEY_BYTES
  if (signatureBytes !== SIGNATURE_BYTES || keyBytes !== KEY_BYTES || authdata.length < recordAt)
    throw malformed('a signature of 64 and a key of 33 bytes')
  if (authdata.length > recordAt + MAX_RECORD_BYTES)
    throw new P2pError('too-big', `discovery packet: expected a record of at most ${MAX_RECORD_BYTES} bytes`)
  return {
    sourceId: authdata.slice(0, ID_BYTES),
    signature: authdata.slice(at, at + SIGNATURE_BYTES),
    ephemeralKey: authdata.slice(at + SIGNATURE_BYTES, recordAt),
    record: authdata.slice(recordAt),
  }
}

/** The authdata of each kind. */
export const authdataOf = {
  message: (sourceId: Uint8Array): Uint8Array => sourceId,
  whoareyou: (idNonce: Uint8Array, recordSeq: bigint): Uint8Array =>
    concat(idNonce, fromBigInt(recordSeq, 8)),
  handshake: (
    sourceId: Uint8Array,
    signature: Uint8Array,
    ephemeralKey: Uint8Array,
    record: Uint8Array,
  ): Uint8Array =>
    concat(sourceId, Uint8Array.of(SIGNATURE_BYTES, KEY_BYTES), signature, ephemeralKey, record),
} as const

export interface EncodedPacket {
  readonly bytes: Uint8Array
  readonly authenticated: Uint8Array
}

/** @param options.seal makes the sealed message of what it is authenticated with; none: nothing behind the header */
export function encodeDiscv5Packet(
  options: {
    readonly type: Discv5Packet['type']
    readonly targetId: Uint8Array
    readonly iv: Uint8Array
    readonly nonce: Uint8Array
    readonly authdata: Uint8Array
    readonly seal?: (authenticated: Uint8Array) => Uint8Array
  },
  crypto: CryptoProvider,
): EncodedPacket {
  const { type, targetId, iv, nonce, authdata, seal } = options
  const length = fromBigInt(BigInt(authdata.length), 2)
  const header = concat(MAGIC, Uint8Array.of(FLAGS[type]), nonce, length, authdata)
  const authenticated = concat(iv, header)
  const sealed = seal ? seal(authenticated) : new Uint8Array(0)
  const bytes = concat(iv, mask(targetId, iv, header, crypto), sealed)
  if (bytes.length > MAX_PACKET_BYTES)
    throw new P2pError('too-big', `discovery packet: expected at most ${MAX_PACKET_BYTES} bytes`)
  return { bytes, authenticated }
}

/** Both ways. `packet` begins with the iv. */
function mask(id: Uint8Array, packet: Uint8Array, data: Uint8Array, crypto: CryptoProvider): Uint8Array {
  return crypto.aesCtr(id.subarray(0, MASK_BYTES), packet.subarray(0, IV_BYTES), data)
}

function malformed(expected: string): P2pError {
  return new P2pError('malformed', `discovery packet: expected ${expected}`)
}
