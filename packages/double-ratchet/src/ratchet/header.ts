/** What goes with every ratchet message in the clear, and is authenticated with it. */
import { DoubleRatchetError } from '../error.ts'

export interface RatchetHeader {
  /** The sender's ratchet public key: 33 bytes on secp256k1, 32 on Curve25519. */
  readonly key: Uint8Array
  /** Number of the message in the sender's chain, from 0; 32 bits. */
  readonly n: number
  /** Length of the sender's chain before this one; 32 bits. */
  readonly pn: number
}

const COUNTERS_BYTES = 8

/**
 * `n(4) || pn(4) || key(33)`, both numbers little endian. On the wire the three travel as protobuf fields; this form is
 * what the MAC covers.
 */
export function encodeRatchetHeader(header: RatchetHeader): Uint8Array {
  const bytes = new Uint8Array(COUNTERS_BYTES + header.key.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, header.n, true)
  view.setUint32(4, header.pn, true)
  bytes.set(header.key, COUNTERS_BYTES)
  return bytes
}

/** @throws DoubleRatchetError `malformed` if it has not exactly 8 + `keyBytes` bytes */
export function decodeRatchetHeader(bytes: Uint8Array, keyBytes = 33): RatchetHeader {
  if (bytes.length !== COUNTERS_BYTES + keyBytes)
    throw new DoubleRatchetError(
      'malformed',
      `ratchet header: expected ${COUNTERS_BYTES + keyBytes} bytes, got ${bytes.length}`,
    )
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return { n: view.getUint32(0, true), pn: view.getUint32(4, true), key: bytes.slice(COUNTERS_BYTES) }
}
