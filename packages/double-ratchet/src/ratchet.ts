/**
 * The Double Ratchet alone, from any shared secret of 32 bytes.
 *
 * ```ts
 * import { acceptRatchet, initiateRatchet, ratchetDecrypt, ratchetEncrypt } from '@status-protocol/double-ratchet/ratchet'
 * const alice = initiateRatchet({ sharedSecret, remoteKey: bobKey.publicKey }, { random })
 * const bob = acceptRatchet({ sharedSecret, keyPair: bobKey })
 * const { message } = ratchetEncrypt(alice, plaintext)
 * const result = ratchetDecrypt(bob, message, { random })   // { ok: true, state, plaintext } or { ok: false, reason }
 * ```
 *
 * States are values: keep the new one, drop the old one. Sending twice from one state uses one key twice.
 */
export { DoubleRatchetError, type DoubleRatchetErrorCode } from './error.ts'
export type { KeyPair } from './keys.ts'
export { openWithMessageKey, RATCHET_OVERHEAD_BYTES, sealWithMessageKey } from './ratchet/aead.ts'
export { curve25519DiffieHellman, type DiffieHellman, secp256k1DiffieHellman } from './ratchet/dh.ts'
export { decodeRatchetHeader, encodeRatchetHeader, type RatchetHeader } from './ratchet/header.ts'
export { kdfChainKey, kdfHeaderKey, kdfMessageKey, kdfRootKey } from './ratchet/kdf.ts'
export {
  type KeptKey,
  MAX_KEPT_KEYS,
  MAX_KEY_AGE,
  MAX_KEY_DAYS,
  MAX_SKIPPED_KEYS,
} from './ratchet/kept-keys.ts'
export {
  forgetMessageKey,
  forgetOldKeys,
  type RatchetDecryption,
  type RatchetMessage,
  type RatchetRefusal,
  ratchetDecrypt,
  ratchetEncrypt,
} from './ratchet/session.ts'
export {
  acceptRatchet,
  type Chain,
  initiateRatchet,
  type RatchetOptions,
  type RatchetState,
} from './ratchet/state.ts'
export { decodeRatchetState, encodeRatchetState } from './ratchet/state-codec.ts'
