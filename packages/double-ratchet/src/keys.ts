/** Forms of secp256k1 keys: 65 bytes in APIs, 33 on the wire. */
import type { PublicKey } from '@status-protocol/bytes'
import { type CryptoProvider, generatePrivateKey } from '@status-protocol/crypto'
import type { Random } from '@status-protocol/ports'
import { concealed } from './concealed.ts'
import { DoubleRatchetError } from './error.ts'

/** Bytes of a compressed key: 02 or 03 by the parity of Y, then X. */
export const COMPRESSED_KEY_BYTES = 33
export const PRIVATE_KEY_BYTES = 32

/** A private key and its public key in the form that goes on the wire. */
export interface KeyPair {
  readonly privateKey: Uint8Array
  readonly publicKey: Uint8Array
}

/** @internal */
export const keyPair: (fields: KeyPair) => KeyPair = concealed('KeyPair')

export function generateKeyPair(crypto: CryptoProvider, random: Random): KeyPair {
  return keyPairOf(crypto, generatePrivateKey(crypto, random))
}

export function keyPairOf(crypto: CryptoProvider, privateKey: Uint8Array): KeyPair {
  return keyPair({ privateKey, publicKey: compress(crypto.publicKey(privateKey)) })
}

/** The 33-byte form of a 65-byte key that is known to be a point. */
export function compress(publicKey: PublicKey): Uint8Array {
  const compressed = publicKey.slice(0, COMPRESSED_KEY_BYTES)
  compressed[0] = 2 + ((publicKey[64] as number) & 1)
  return compressed
}

/** The 33-byte form of a 65-byte key. @throws DoubleRatchetError `invalid-key`, naming the argument */
export function checkedCompress(crypto: CryptoProvider, publicKey: PublicKey, name: string): Uint8Array {
  const isFull = publicKey instanceof Uint8Array && publicKey.length === 65
  const point = isFull ? crypto.parsePublicKey(publicKey) : undefined
  if (!point)
    throw new DoubleRatchetError(
      'invalid-key',
      `${name}: expected a secp256k1 public key of 65 bytes, got ${publicKey instanceof Uint8Array ? `${publicKey.length} bytes` : `a ${typeof publicKey}`}`,
    )
  return compress(point)
}

/** @throws DoubleRatchetError `invalid-key`, naming the argument */
export function expectPrivateKey(crypto: CryptoProvider, privateKey: Uint8Array, name: string): void {
  if (!(privateKey instanceof Uint8Array && crypto.isPrivateKey(privateKey)))
    throw new DoubleRatchetError(
      'invalid-key',
      `${name}: expected a secp256k1 private key of ${PRIVATE_KEY_BYTES} bytes`,
    )
}
