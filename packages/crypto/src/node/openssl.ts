/** AES, hashes and X25519 by `node:crypto`, and the ECDH of secp256k1 for when there is nothing better. */
import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hash,
  type JsonWebKey,
  pbkdf2,
  scrypt,
} from 'node:crypto'
import { promisify } from 'node:util'
import { MAX_SCRYPT_BYTES, MAX_SCRYPT_EXTRA_BYTES } from '../arguments.ts'
import type { Primitives, Secp256k1 } from '../define.ts'
import type { ScryptOptions } from '../provider.ts'
import { hmacSha256 } from './hmac.ts'
import { plain } from './view.ts'

const GCM_TAG_BYTES = 16
const deriveByPbkdf2 = promisify(pbkdf2)

export const opensslHashes: Primitives['hashes'] = {
  sha256: (data) => plain(hash('sha256', data, 'buffer')),
  hmacSha256,
  hmacSha512: (key, data) => plain(createHmac('sha512', key).update(data).digest()),
  pbkdf2: async ({ hash, password, salt, iterations, length }) =>
    plain(await deriveByPbkdf2(password, salt, iterations, length, hash)),
  scrypt: deriveByScrypt,
}

function deriveByScrypt({ password, salt, N, r, p, length }: ScryptOptions): Promise<Uint8Array> {
  const limits = { N, r, p, maxmem: MAX_SCRYPT_BYTES + MAX_SCRYPT_EXTRA_BYTES }
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, limits, (error, key) => (error ? reject(error) : resolve(plain(key))))
  })
}

export const opensslAes: Primitives['aes'] = {
  gcmSeal(key, nonce, plaintext, associatedData) {
    const cipher = createCipheriv(key.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm', key, nonce)
    if (associatedData) cipher.setAAD(associatedData)
    const sealed = new Uint8Array(plaintext.length + GCM_TAG_BYTES)
    sealed.set(cipher.update(plaintext))
    cipher.final()
    sealed.set(cipher.getAuthTag(), plaintext.length)
    return sealed
  },
  gcmOpen(key, nonce, sealed, associatedData) {
    const decipher = createDecipheriv(key.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm', key, nonce)
    const length = sealed.length - GCM_TAG_BYTES
    if (associatedData) decipher.setAAD(associatedData)
    decipher.setAuthTag(sealed.subarray(length))
    const plaintext = decipher.update(sealed.subarray(0, length))
    try {
      decipher.final()
    } catch {
      return undefined // the tag does not fit
    }
    return plain(plaintext)
  },
  ctr: (key, iv, data) => plain(createCtr(key, iv).update(data)),
  createCtr(key, iv) {
    const cipher = createCtr(key, iv)
    return { process: (data) => plain(cipher.update(data)) }
  },
  createBlock(key) {
    const cipher = createCipheriv(key.length === 16 ? 'aes-128-ecb' : 'aes-256-ecb', key, null)
    cipher.setAutoPadding(false) // each update of a whole block gives that block
    return { encrypt: (block) => plain(cipher.update(block)) }
  },
}

function createCtr(key: Uint8Array, iv: Uint8Array) {
  return createCipheriv(key.length === 16 ? 'aes-128-ctr' : 'aes-256-ctr', key, iv)
}

// As JSON Web Keys: OpenSSL 3 takes ten times as long to read the same key from DER.
export const opensslX25519: Primitives['x25519'] = {
  publicKey(privateKey) {
    const { x } = createPublicKey(x25519PrivateKey(privateKey)).export({ format: 'jwk' })
    return new Uint8Array(Buffer.from(x as string, 'base64url')) // copied: Buffer.from shares its memory
  },
  sharedSecret(privateKey, publicKey) {
    const keys = {
      privateKey: x25519PrivateKey(privateKey),
      publicKey: x25519PublicKey(publicKey),
    }
    try {
      return plain(diffieHellman(keys))
    } catch {
      return new Uint8Array(32) // OpenSSL refuses low-order points, whose product is zero
    }
  },
}

function x25519PrivateKey(privateKey: Uint8Array) {
  // x must be a text and is not read
  const key: JsonWebKey = { kty: 'OKP', crv: 'X25519', x: '', d: base64url(privateKey) }
  return createPrivateKey({ format: 'jwk', key })
}

function x25519PublicKey(publicKey: Uint8Array) {
  return createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'X25519', x: base64url(publicKey) } })
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url')
}

/** 2.5 times as fast as noble, a twentieth of the native package. */
export const opensslEcdh: Secp256k1['ecdh'] = (privateKey, publicKey) => {
  const ecdh = createECDH('secp256k1')
  ecdh.setPrivateKey(privateKey)
  try {
    return plain(ecdh.computeSecret(publicKey))
  } catch {
    return undefined // no point of the curve
  }
}
