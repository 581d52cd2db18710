import type { PublicKey } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import { PayloadError } from './error.ts'

/** Whoever signs: 32 bytes, a secp256k1 scalar. */
export interface Identity {
  readonly privateKey: Uint8Array
}

/** Why a signature names nobody. */
export type SignatureFault = 'signature-length' | 'signature-recovery-id' | 'signature-invalid'

export const SIGNATURE_BYTES = 65

/**
 * The key that made r | s | v over a hash, or why there is none. Any 65 bytes with fitting numbers name some key: a
 * changed text is not detected, it only has another author.
 */
export function recoverAuthor(
  hash: Uint8Array,
  signature: Uint8Array,
  crypto: CryptoProvider,
): PublicKey | SignatureFault {
  if (signature.length !== SIGNATURE_BYTES) return 'signature-length'
  if ((signature[64] as number) > 1) return 'signature-recovery-id'
  return crypto.recover(hash, signature) ?? 'signature-invalid'
}

/** r | s | v over keccak256(data). @throws PayloadError `invalid-argument` unless the identity has a private key */
export function signAs(identity: Identity, data: Uint8Array, crypto: CryptoProvider): Uint8Array {
  const privateKey = identity?.privateKey
  if (!(privateKey instanceof Uint8Array) || !crypto.isPrivateKey(privateKey))
    throw new PayloadError(
      'invalid-argument',
      'identity.privateKey: expected a secp256k1 private key of 32 bytes',
    )
  return crypto.sign(crypto.keccak256(data), privateKey)
}
