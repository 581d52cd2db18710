/** The Diffie-Hellman function of the ratchet, exchangeable. Knows nothing of chains and messages. */
import { isAllZero } from '@status-protocol/bytes'
import { CryptoError, type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import type { Random } from '@status-protocol/ports'
import { COMPRESSED_KEY_BYTES, generateKeyPair, type KeyPair, keyPair } from '../keys.ts'

export interface DiffieHellman {
  /** Written into serialised states: 1 to 3 are taken, 128 to 255 are free for others. */
  readonly id: number
  /** Length of a public key on the wire, 1 to 255. Private keys have 32 bytes. */
  readonly publicKeyBytes: number
  generate(random: Random): KeyPair
  /**
   * 32 bytes, or undefined if `publicKey` is no key of this curve or the product is all zero: a peer could choose such
   * a key to make the secret known to everybody.
   */
  agree(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined
}

/** What all clients use on the wire: secp256k1, keys of 33 bytes, the X coordinate as secret. */
export function secp256k1DiffieHellman(crypto: CryptoProvider = defaultProvider): DiffieHellman {
  return {
    id: 1,
    publicKeyBytes: COMPRESSED_KEY_BYTES,
    generate: (random) => generateKeyPair(crypto, random),
    agree: (privateKey, publicKey) => agreeOnX(crypto, privateKey, publicKey),
  }
}

/** What the written specification says and no client does: Curve25519, keys of 32 bytes. */
export function curve25519DiffieHellman(crypto: CryptoProvider = defaultProvider): DiffieHellman {
  return {
    id: 2,
    publicKeyBytes: 32,
    generate(random) {
      const privateKey = random.bytes(32)
      return keyPair({ privateKey, publicKey: crypto.x25519PublicKey(privateKey) })
    },
    agree(privateKey, publicKey) {
      if (publicKey.length !== 32) return undefined
      return notZero(crypto.x25519(privateKey, publicKey))
    },
  }
}

/** {@link DiffieHellman.id} of {@link truncatedKeyDiffieHellman}. */
export const TRUNCATED_KEY_DH_ID = 3

/**
 * What clients had from 2018 to October 2019: secp256k1 keys cut to 32 bytes. No such key can be read again, so every
 * product was zero: the ratchet turned, but brought nothing new. For reading such messages only. @internal
 */
export function truncatedKeyDiffieHellman(crypto: CryptoProvider = defaultProvider): DiffieHellman {
  return {
    id: TRUNCATED_KEY_DH_ID,
    publicKeyBytes: TRUNCATED_KEY_BYTES,
    generate(random) {
      const { privateKey, publicKey } = generateKeyPair(crypto, random)
      return keyPair({ privateKey, publicKey: truncatedKey(publicKey) })
    },
    agree: (_privateKey, publicKey) =>
      publicKey.length === TRUNCATED_KEY_BYTES ? new Uint8Array(32) : undefined,
  }
}

/** @internal */
export const TRUNCATED_KEY_BYTES = 32

export function truncatedKey(publicKey: Uint8Array): Uint8Array {
  return publicKey.slice(0, TRUNCATED_KEY_BYTES)
}

/** ECDH with a key that somebody sent: undefined unless it is a compressed point. */
export function agreeOnX(
  crypto: CryptoProvider,
  privateKey: Uint8Array,
  publicKey: Uint8Array,
): Uint8Array | undefined {
  if (publicKey.length !== COMPRESSED_KEY_BYTES) return undefined
  try {
    return notZero(crypto.ecdh(privateKey, publicKey))
  } catch (error) {
    if (error instanceof CryptoError && error.code === 'invalid-key') return undefined
    throw error
  }
}

function notZero(secret: Uint8Array): Uint8Array | undefined {
  return isAllZero(secret) ? undefined : secret
}
