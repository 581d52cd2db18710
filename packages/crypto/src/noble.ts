/** The provider that runs everywhere: the noble libraries and nothing else. */
import { ctr, ecb, gcm } from '@noble/ciphers/aes.js'
import { x25519 } from '@noble/curves/ed25519.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { pbkdf2Async } from '@noble/hashes/pbkdf2.js'
import { scryptAsync } from '@noble/hashes/scrypt.js'
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { concat } from '@status-protocol/bytes'
import { expectBytes, expectPbkdf2, expectScrypt, MAX_SCRYPT_BYTES } from './arguments.ts'
import { CryptoError } from './error.ts'
import type { CryptoProvider, Keccak256 } from './provider.ts'

const { Point } = secp256k1
const { Fn } = Point

export const nobleProvider: CryptoProvider = {
  name: 'noble',
  keccak256: (data) => keccak_256(data),
  createKeccak256: () => keccakFrom(keccak_256.create()),
  sha256: (data) => sha256(data),
  hmacSha256: (key, data) => hmac(sha256, key, data),
  hmacSha512: (key, data) => hmac(sha512, key, data),
  hkdfSha256: ({ secret, salt, info, length }) => hkdf(sha256, secret, salt, info, length),
  async pbkdf2(options) {
    expectPbkdf2(options)
    const { hash, password, salt, iterations, length } = options
    return pbkdf2Async(hash === 'sha256' ? sha256 : sha512, password, salt, { c: iterations, dkLen: length })
  },
  async scrypt(options) {
    expectScrypt(options)
    const { password, salt, N, r, p, length } = options
    return scryptAsync(password, salt, { N, r, p, dkLen: length, maxmem: MAX_SCRYPT_BYTES + 1024 * 1024 })
  },

  aesGcmSeal(key, nonce, plaintext, associatedData) {
    expectGcm(key, nonce)
    return gcm(key, nonce, associatedData).encrypt(plaintext)
  },
  aesGcmOpen(key, nonce, sealed, associatedData) {
    expectGcm(key, nonce)
    if (sealed.length < 16) return undefined
    try {
      return gcm(key, nonce, associatedData).decrypt(sealed)
    } catch {
      return undefined
    }
  },
  aesCtr(key, iv, data) {
    expectCtr(key, iv)
    return ctr(key, iv).encrypt(data)
  },
  createAesCtr(key, iv) {
    expectCtr(key, iv)
    return ctrStream(key, iv)
  },
  createAesBlock(key) {
    expectBytes(key, [16, 32], 'AES key')
    return {
      encrypt(block) {
        expectBytes(block, [16], 'AES block')
        return ecb(key, { disablePadding: true }).encrypt(block)
      },
    }
  },

  publicKey(privateKey) {
    expectPrivateKey(privateKey)
    return secp256k1.getPublicKey(privateKey, false)
  },
  isPrivateKey: (bytes) => bytes instanceof Uint8Array && secp256k1.utils.isValidSecretKey(bytes),
  parsePublicKey: (bytes) => parsePoint(bytes)?.toBytes(false),
  compressPublicKey: (publicKey) => expectPoint(publicKey).toBytes(true),
  sign(hash, privateKey) {
    expectBytes(hash, [32], 'hash')
    expectPrivateKey(privateKey)
    const recovered = secp256k1.sign(hash, privateKey, { prehash: false, format: 'recovered' })
    return concat(recovered.subarray(1), recovered.subarray(0, 1))
  },
  recover(hash, signature) {
    expectBytes(hash, [32], 'hash')
    if (signature.length !== 65 || (signature[64] as number) > 1) return undefined
    try {
      const recovered = concat(signature.subarray(64), signature.subarray(0, 64))
      return secp256k1.Signature.fromBytes(recovered, 'recovered').recoverPublicKey(hash).toBytes(false)
    } catch {
      return undefined
    }
  },
  verify(hash, signature, publicKey) {
    expectBytes(hash, [32], 'hash')
    if (signature.length !== 64 && signature.length !== 65) return false
    const point = parsePoint(publicKey)
    if (!point) return false
    return secp256k1.verify(signature.subarray(0, 64), hash, point.toBytes(true), {
      prehash: false,
      lowS: true,
    })
  },
  ecdh(privateKey, publicKey) {
    expectPrivateKey(privateKey)
    return expectPoint(publicKey).multiply(Fn.fromBytes(privateKey)).toBytes(true).subarray(1)
  },
  tryEcdh(privateKey, publicKey) {
    expectPrivateKey(privateKey)
    return parsePoint(publicKey)?.multiply(Fn.fromBytes(privateKey)).toBytes(true).subarray(1)
  },
  addPrivateKeys(a, b) {
    expectBytes(a, [32], 'private key')
    expectBytes(b, [32], 'private key')
    try {
      const sum = Fn.add(Fn.fromBytes(a), Fn.fromBytes(b))
      return sum === 0n ? undefined : Fn.toBytes(sum)
    } catch {
      return undefined
    }
  },

  x25519PublicKey(privateKey) {
    expectBytes(privateKey, [32], 'X25519 private key')
    return x25519.getPublicKey(privateKey)
  },
  x25519(privateKey, publicKey) {
    expectBytes(privateKey, [32], 'X25519 private key')
    expectBytes(publicKey, [32], 'X25519 public key')
    try {
      return x25519.getSharedSecret(privateKey, publicKey)
    } catch {
      return new Uint8Array(32) // noble refuses low-order points, whose product is zero
    }
  },
}

function keccakFrom(state: ReturnType<typeof keccak_256.create>): Keccak256 {
  return {
    update(data) {
      state.update(data)
      return this
    },
    digest: () => state.clone().digest(),
    clone: () => keccakFrom(state.clone()),
  }
}

/** noble's CTR is one-shot: whole blocks of key stream are made from a counter, what is left of one is kept. */
function ctrStream(key: Uint8Array, iv: Uint8Array): { process(data: Uint8Array): Uint8Array } {
  const counter = iv.slice()
  let rest: Uint8Array = new Uint8Array(0)
  return {
    process(data) {
      const missing = Math.max(0, data.length - rest.length)
      const blocks = Math.ceil(missing / 16)
      const fresh = blocks > 0 ? ctr(key, counter).encrypt(new Uint8Array(blocks * 16)) : new Uint8Array(0)
      addToCounter(counter, blocks)
      const stream = rest.length > 0 ? concat(rest, fresh) : fresh
      const out = new Uint8Array(data.length)
      for (let i = 0; i < data.length; i++) out[i] = (data[i] as number) ^ (stream[i] as number)
      rest = stream.slice(data.length)
      return out
    },
  }
}

function addToCounter(counter: Uint8Array, blocks: number): void {
  let carry = blocks
  for (let i = 15; i >= 0 && carry > 0; i--) {
    const sum = (counter[i] as number) + (carry % 256)
    counter[i] = sum & 0xff
    carry = Math.floor(carry / 256) + (sum >> 8)
  }
}

function expectPrivateKey(privateKey: Uint8Array): void {
  expectBytes(privateKey, [32], 'private key')
  if (!secp256k1.utils.isValidSecretKey(privateKey))
    throw new CryptoError('invalid-key', 'private key: expected a scalar in 1 .. n-1 of secp256k1')
}

function parsePoint(bytes: Uint8Array): InstanceType<typeof Point> | undefined {
  const prefix = bytes instanceof Uint8Array ? bytes[0] : undefined
  const plausible =
    (bytes?.length === 65 && prefix === 4) || (bytes?.length === 33 && (prefix === 2 || prefix === 3))
  if (!plausible) return undefined
  try {
    const point = Point.fromBytes(bytes)
    point.assertValidity()
    return point
  } catch {
    return undefined
  }
}

function expectPoint(publicKey: Uint8Array): InstanceType<typeof Point> {
  const point = parsePoint(publicKey)
  if (!point)
    throw new CryptoError('invalid-key', 'public key: expected 65 (or 33) bytes of a point of secp256k1', {
      bytes: publicKey?.length,
    })
  return point
}

function expectGcm(key: Uint8Array, nonce: Uint8Array): void {
  expectBytes(key, [16, 32], 'AES-GCM key')
  expectBytes(nonce, [12], 'AES-GCM nonce')
}

function expectCtr(key: Uint8Array, iv: Uint8Array): void {
  expectBytes(key, [16, 32], 'AES-CTR key')
  expectBytes(iv, [16], 'AES-CTR initial counter')
}
