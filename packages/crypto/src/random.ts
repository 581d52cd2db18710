import type { Random } from '@status-protocol/ports'
import { CryptoError } from './error.ts'
import type { CryptoProvider } from './provider.ts'

/** Unpredictable bytes from the platform (`crypto.getRandomValues`), in pieces of at most 64 KiB. */
export const systemRandom: Random = {
  bytes(length) {
    if (!Number.isSafeInteger(length) || length < 0)
      throw new CryptoError('invalid-argument', 'random bytes: expected a length', { length })
    const bytes = new Uint8Array(length)
    for (let at = 0; at < length; at += 65_536)
      globalThis.crypto.getRandomValues(bytes.subarray(at, at + 65_536))
    return bytes
  },
}

/** Draws in vain before a source counts as broken; one draw in 2^128 is in vain. */
const MAX_DRAWS = 16

/**
 * A 32-byte secp256k1 private key.
 *
 * @throws CryptoError `unavailable` if the source gives no key, which a sound one always does
 */
export function generatePrivateKey(crypto: CryptoProvider, random: Random): Uint8Array {
  for (let draw = 0; draw < MAX_DRAWS; draw++) {
    const candidate = random.bytes(32)
    if (crypto.isPrivateKey(candidate)) return candidate
  }
  throw new CryptoError(
    'unavailable',
    `random source: expected a private key within ${MAX_DRAWS} draws of 32 bytes`,
  )
}
