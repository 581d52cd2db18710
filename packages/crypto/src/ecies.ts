/**
 * ECIES over secp256k1 as go-ethereum does it (AES-128-CTR, HMAC-SHA256, NIST concatenation KDF).
 *
 * ```
 * ephemeral public key(65) || iv(16) || ciphertext || HMAC-SHA256(32)      113 bytes more than the plaintext
 * K = SHA256(00000001 || z || sharedInfo1), z = X of ECDH; AES key = K[0..16], MAC key = SHA256(K[16..32])
 * MAC over iv || ciphertext || sharedInfo2
 * ```
 */
import { concat, equalConstantTime, type PublicKey } from '@status-protocol/bytes'
import { expectBytes } from './arguments.ts'
import type { CryptoProvider } from './provider.ts'

/** Ephemeral key, iv and MAC: what a sealed text is longer than its plaintext. */
export const ECIES_OVERHEAD_BYTES = 113
const [KEY_BYTES, IV_BYTES, MAC_BYTES] = [65, 16, 32]

/** What both sides know and nobody sends. Whisper has none; RLPx has its size prefix as `sharedInfo2`. */
export interface EciesSharedInfo {
  /** Goes into the key derivation. */
  readonly sharedInfo1?: Uint8Array
  /** Authenticated by the MAC. */
  readonly sharedInfo2?: Uint8Array
}

export interface EciesSealOptions extends EciesSharedInfo {
  /** 32 bytes, fresh for every message: the same twice shows that two messages have the same sender and key. */
  readonly ephemeralPrivateKey: Uint8Array
  /** 16 bytes, fresh for every message. */
  readonly iv: Uint8Array
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
  const { ephemeralPrivateKey, iv, sharedInfo1, sharedInfo2 } = options
  expectBytes(iv, [IV_BYTES], 'ECIES iv')
  expectBytes(plaintext, undefined, 'ECIES plaintext')
  const keys = deriveKeys(crypto, crypto.ecdh(ephemeralPrivateKey, publicKey), sharedInfo1)
  if (plaintext.length === 0) return new Uint8Array(0)
  const ciphertext = concat(iv, crypto.aesCtr(keys.encryption, iv, plaintext))
  const mac = macOf(crypto, keys.mac, ciphertext, sharedInfo2)
  return concat(crypto.publicKey(ephemeralPrivateKey), ciphertext, mac)
}

/**
 * The plaintext, or undefined: too short, no point, not for this key, changed on the way. Costs one ECDH and one MAC
 * when it is not for us. The MAC is compared in constant time.
 *
 * 113 bytes with a right MAC open to an empty plaintext, as in the reference (which never writes them).
 *
 * @throws CryptoError `invalid-key`, `invalid-argument` for what is no private key or no bytes, never for what was sent
 */
export function eciesOpen(
  crypto: CryptoProvider,
  privateKey: Uint8Array,
  sealed: Uint8Array,
  { sharedInfo1, sharedInfo2 }: EciesSharedInfo = {},
): Uint8Array | undefined {
  expectBytes(sealed, undefined, 'ECIES sealed text')
  if (sealed.length < ECIES_OVERHEAD_BYTES || sealed[0] !== 4) return undefined
  const z = crypto.tryEcdh(privateKey, sealed.subarray(0, KEY_BYTES))
  if (!z) return undefined
  const keys = deriveKeys(crypto, z, sharedInfo1)
  const ciphertext = sealed.subarray(KEY_BYTES, sealed.length - MAC_BYTES)
  const mac = macOf(crypto, keys.mac, ciphertext, sharedInfo2)
  if (!equalConstantTime(mac, sealed.subarray(sealed.length - MAC_BYTES))) return undefined
  return crypto.aesCtr(keys.encryption, ciphertext.subarray(0, IV_BYTES), ciphertext.subarray(IV_BYTES))
}

const EMPTY = new Uint8Array(0)
const COUNTER_ONE = Uint8Array.of(0, 0, 0, 1)

function deriveKeys(crypto: CryptoProvider, z: Uint8Array, sharedInfo1: Uint8Array = EMPTY) {
  const key = crypto.sha256(concat(COUNTER_ONE, z, sharedInfo1))
  return { encryption: key.subarray(0, 16), mac: crypto.sha256(key.subarray(16, 32)) }
}

/** `ciphertext` begins with the iv. */
function macOf(
  crypto: CryptoProvider,
  key: Uint8Array,
  ciphertext: Uint8Array,
  sharedInfo2: Uint8Array = EMPTY,
): Uint8Array {
  return crypto.hmacSha256(key, sharedInfo2.length === 0 ? ciphertext : concat(ciphertext, sharedInfo2))
}
