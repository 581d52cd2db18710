/**
 * ECIES over secp256k1 as go-ethereum does it (AES-128-CTR, HMAC-SHA256, NIST concatenation KDF).
 *
 * ```
 * ephemeral public key(65) || iv(16) || ciphertext || HMAC-SHA256(32)      113 bytes more than the plaintext
 * K = SHA256(00000001 || z), z = X of ECDH; AES key = K[0..16], MAC key = SHA256(K[16..32])
 * MAC over iv || ciphertext || sharedInfo2
 * ```
 */
import { concat, equalConstantTime, type PublicKey } from '@status-protocol/bytes'
import { CryptoError } from './error.ts'
import type { CryptoProvider } from './provider.ts'

/** ephemeral key, iv and MAC. */
export const ECIES_OVERHEAD_BYTES = 113
const [KEY_BYTES, IV_BYTES, MAC_BYTES] = [65, 16, 32]

export interface EciesSealOptions {
  /** 32 bytes, fresh for every message. */
  readonly ephemeralPrivateKey: Uint8Array
  /** 16 bytes, fresh for every message. */
  readonly iv: Uint8Array
  /** Authenticated, not sent. */
  readonly sharedInfo2?: Uint8Array
}

/**
 * Encrypts to a public key. An empty plaintext gives an empty result, as the reference has it.
 *
 * @throws CryptoError `invalid-key`, `invalid-argument`
 */
export function eciesSeal(
  crypto: CryptoProvider,
  publicKey: PublicKey,
  plaintext: Uint8Array,
  options: EciesSealOptions,
): Uint8Array {
  if (options.iv.length !== IV_BYTES)
    throw new CryptoError(
      'invalid-argument',
      `ECIES iv: expected ${IV_BYTES} bytes, got ${options.iv.length}`,
    )
  if (plaintext.length === 0) return new Uint8Array(0)
  const { encryptionKey, macKey } = deriveKeys(crypto, crypto.ecdh(options.ephemeralPrivateKey, publicKey))
  const ciphertext = crypto.aesCtr(encryptionKey, options.iv, plaintext)
  const mac = macOf(crypto, macKey, options.iv, ciphertext, options.sharedInfo2)
  return concat(crypto.publicKey(options.ephemeralPrivateKey), options.iv, ciphertext, mac)
}

/**
 * The plaintext, or undefined: too short, no point, wrong key, changed on the way. The MAC is compared in constant time.
 * An input of 113 bytes or fewer holds no ciphertext and is refused, as the reference does.
 */
export function eciesOpen(
  crypto: CryptoProvider,
  privateKey: Uint8Array,
  sealed: Uint8Array,
  sharedInfo2?: Uint8Array,
): Uint8Array | undefined {
  if (sealed.length <= ECIES_OVERHEAD_BYTES || sealed[0] !== 4) return undefined
  const ephemeral = crypto.parsePublicKey(sealed.subarray(0, KEY_BYTES))
  if (!ephemeral) return undefined
  const iv = sealed.subarray(KEY_BYTES, KEY_BYTES + IV_BYTES)
  const ciphertext = sealed.subarray(KEY_BYTES + IV_BYTES, sealed.length - MAC_BYTES)
  const { encryptionKey, macKey } = deriveKeys(crypto, crypto.ecdh(privateKey, ephemeral))
  const mac = macOf(crypto, macKey, iv, ciphertext, sharedInfo2)
  if (!equalConstantTime(mac, sealed.subarray(sealed.length - MAC_BYTES))) return undefined
  return crypto.aesCtr(encryptionKey, iv, ciphertext)
}

const COUNTER_ONE = Uint8Array.of(0, 0, 0, 1)

function deriveKeys(crypto: CryptoProvider, z: Uint8Array) {
  const key = crypto.sha256(concat(COUNTER_ONE, z))
  return { encryptionKey: key.subarray(0, 16), macKey: crypto.sha256(key.subarray(16, 32)) }
}

function macOf(
  crypto: CryptoProvider,
  macKey: Uint8Array,
  iv: Uint8Array,
  ciphertext: Uint8Array,
  sharedInfo2: Uint8Array = new Uint8Array(0),
): Uint8Array {
  return crypto.hmacSha256(macKey, concat(iv, ciphertext, sharedInfo2))
}
