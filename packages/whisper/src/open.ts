/** From an envelope to what it says, for those who have the key. */
import type { PublicKey } from '@status-protocol/bytes'
import { CryptoError, type CryptoProvider, defaultProvider, eciesOpen } from '@status-protocol/crypto'
import { expectBytes, WhisperError } from './error.ts'
import { type Frame, parseFrame } from './frame.ts'
import { SYMMETRIC_KEY_BYTES } from './keys.ts'
import { SALT_BYTES } from './seal.ts'

/** Any object with the key will do, a `SymmetricChat` for one. */
export type OpeningKey = { readonly symmetricKey: Uint8Array } | { readonly privateKey: Uint8Array }

export type OpenResult =
  | {
      readonly ok: true
      readonly payload: Uint8Array
      readonly padding: Uint8Array
      /** Who signed, 65 bytes; absent if nobody did. Any key can sign: compare with the one that you expect. */
      readonly signer?: PublicKey
    }
  /** `not-for-us`: another key, or changed on the way. `malformed`: decrypted, but not a frame, or signed by no key. */
  | { readonly ok: false; readonly reason: 'not-for-us' | 'malformed' }

/**
 * Tries one key. The bytes of the result are views into the decrypted text, not into the envelope.
 *
 * Cost when the envelope is not ours: one AES-GCM pass, or one ECDH and a MAC; the signer is recovered only afterwards.
 *
 * @throws WhisperError `invalid-argument` if the key itself is none
 */
export function open(
  envelope: { readonly data: Uint8Array },
  key: OpeningKey,
  { crypto = defaultProvider }: { readonly crypto?: CryptoProvider } = {},
): OpenResult {
  const bytes = decryptFrame(envelope.data, key, crypto)
  if (!bytes) return { ok: false, reason: 'not-for-us' }
  const frame = parseFrame(bytes, crypto)
  if (!frame) return { ok: false, reason: 'malformed' }
  return opened(frame)
}

/** The plaintext frame, not yet parsed, or undefined if the key does not fit or the data was changed. */
export function decryptFrame(
  data: Uint8Array,
  key: OpeningKey,
  crypto: CryptoProvider = defaultProvider,
): Uint8Array | undefined {
  if ('symmetricKey' in key) return decryptSymmetric(data, key.symmetricKey, crypto)
  try {
    return eciesOpen(crypto, key.privateKey, data)
  } catch (error) {
    if (error instanceof CryptoError)
      throw new WhisperError('invalid-argument', `privateKey: ${error.message}`)
    throw error
  }
}

function decryptSymmetric(data: Uint8Array, key: Uint8Array, crypto: CryptoProvider): Uint8Array | undefined {
  expectBytes(key, SYMMETRIC_KEY_BYTES, 'symmetricKey')
  const end = data.length - SALT_BYTES
  return end < 0 ? undefined : crypto.aesGcmOpen(key, data.subarray(end), data.subarray(0, end))
}

function opened({ payload, padding, signer }: Frame): OpenResult {
  return signer ? { ok: true, payload, padding, signer } : { ok: true, payload, padding }
}
