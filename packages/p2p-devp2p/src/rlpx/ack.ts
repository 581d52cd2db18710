/**
 * The answering side's handshake message, inside its encryption:
 *
 * ```
 * EIP-8: RLP [ephemeral id(64), nonce(32), version, ..] || zero padding
 * plain: ephemeral id(64) || nonce(32) || 00                                                         97 bytes
 * ```
 */
import { concat } from '@status-protocol/bytes'
import { encodeRlp, rlpUint } from '@status-protocol/bytes/rlp'
import { readFields } from './handshake-fields.ts'

/** Length of the whole plain packet. */
export const PLAIN_ACK_BYTES = 210

export interface Ack {
  /** 64 bytes. */
  readonly ephemeralId: Uint8Array
  /** 32 bytes. */
  readonly nonce: Uint8Array
  /** 4 in all implementations; readers take any. */
  readonly version: bigint
}

export function encodeAck(ack: Ack): Uint8Array {
  return encodeRlp([ack.ephemeralId, ack.nonce, rlpUint(ack.version)])
}

export function encodePlainAck(ack: Ack): Uint8Array {
  return concat(ack.ephemeralId, ack.nonce, Uint8Array.of(0))
}

/** Padding and further list elements are ignored (EIP-8). undefined: not an ack message. */
export function readAck(plaintext: Uint8Array): Ack | undefined {
  const fields = readFields(plaintext, [64, 32])
  if (!fields) return undefined
  const [ephemeralId, nonce] = fields.strings as [Uint8Array, Uint8Array]
  return { ephemeralId, nonce, version: fields.version }
}

export function readPlainAck(plaintext: Uint8Array): Ack {
  return { ephemeralId: plaintext.slice(0, 64), nonce: plaintext.slice(64, 96), version: 4n }
}
