/**
 * The dialling side's handshake message, inside its encryption:
 *
 * ```
 * EIP-8: RLP [signature(65), initiator id(64), nonce(32), version, ..]  || zero padding
 * plain: signature(65) || keccak(ephemeral id)(32) || initiator id(64) || nonce(32) || 00           194 bytes
 * ```
 */
import { encodeRlp, rlpUint } from '@status-protocol/bytes/rlp'
import { readFields } from './handshake-fields.ts'

/** Length of the whole plain packet. */
export const PLAIN_AUTH_BYTES = 307

export interface Auth {
  /** 65 bytes, by the ephemeral key over (static shared secret xor nonce): its recovery yields the ephemeral key. */
  readonly signature: Uint8Array
  /** 64 bytes. */
  readonly initiatorId: Uint8Array
  /** 32 bytes. */
  readonly nonce: Uint8Array
  /** 4 in all implementations; readers take any. */
  readonly version: bigint
}

export function encodeAuth(auth: Auth): Uint8Array {
  return encodeRlp([auth.signature, auth.initiatorId, auth.nonce, rlpUint(auth.version)])
}

/** Padding and further list elements are ignored (EIP-8). undefined: not an auth message. */
export function readAuth(plaintext: Uint8Array): Auth | undefined {
  const fields = readFields(plaintext, [65, 64, 32])
  if (!fields) return undefined
  const [signature, initiatorId, nonce] = fields.strings as [Uint8Array, Uint8Array, Uint8Array]
  return { signature, initiatorId, nonce, version: fields.version }
}

/** The form from before EIP-8. The hash of the ephemeral key is not looked at, as in go-ethereum: the signature gives the key. */
export function readPlainAuth(plaintext: Uint8Array): Auth {
  return {
    signature: plaintext.slice(0, 65),
    initiatorId: plaintext.slice(97, 161),
    nonce: plaintext.slice(161, 193),
    version: 4n,
  }
}
