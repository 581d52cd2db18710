/** Packet 11 (Status): the sender has read this messages packet. Bare string of 32 bytes. */
import { encodeRlp } from '@status-protocol/bytes/rlp'
import { expectBytes } from '../error.ts'
import { bytesAt, firstItem, readPacket } from './read.ts'

/** Keccak-256 of a messages packet's body. */
export const BATCH_HASH_BYTES = 32

/** The packet's body, 33 bytes. @throws WhisperError `invalid-argument` */
export function encodeBatchAcknowledged(hash: Uint8Array): Uint8Array {
  return encodeRlp(expectBytes(hash, BATCH_HASH_BYTES, 'batch hash'))
}

/** The batch hash. @throws WhisperError `malformed-packet` */
export function decodeBatchAcknowledged(body: Uint8Array): Uint8Array {
  return readPacket('batch acknowledged', () => bytesAt(body, firstItem(body), BATCH_HASH_BYTES).slice())
}
