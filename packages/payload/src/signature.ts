import type { PublicKey } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'

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
