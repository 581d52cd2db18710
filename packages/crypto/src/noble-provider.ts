/** The provider that runs everywhere: the noble libraries and nothing else. */
import { ctr, ecb, gcm } from '@noble/ciphers/aes.js'
import { x25519 } from '@noble/curves/ed25519.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { hmac } from '@noble/hashes/hmac.js'
import { pbkdf2Async } from '@noble/hashes/pbkdf2.js'
import { scryptAsync } from '@noble/hashes/scrypt.js'
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import { concat } from '@status-protocol/bytes'
import { MAX_SCRYPT_BYTES, MAX_SCRYPT_EXTRA_BYTES } from './arguments.ts'
import { defineProvider, type Primitives, type Secp256k1 } from './define.ts'
import { nobleKeccak } from './keccak-noble.ts'
import type { AesCtrStream, CryptoProvider } from './provider.ts'

const { Point } = secp256k1
const { Fn } = Point

/** A point, or undefined where the library throws because there is none. */
function orUndefined<T>(compute: () => T): T | undefined {
  try {
    return compute()
  } catch {
    return undefined
  }
}

/** 33 bytes. */
function product(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined {
  const point = orUndefined(() => Point.fromBytes(publicKey))
  return point?.multiply(Fn.fromBytes(privateKey)).toBytes(true)
}

/** secp256k1 by @noble/curves. */
export const nobleSecp256k1: Secp256k1 = {
  publicKey: (privateKey) => secp256k1.getPublicKey(privateKey, false),
  convert: (publicKey, compressed) => orUndefined(() => Point.fromBytes(publicKey).toBytes(compressed)),
  sign(hash, privateKey) {
    const recovered = secp256k1.sign(hash, privateKey, { prehash: false, format: 'recovered' })
    return concat(recovered.subarray(1), recovered.subarray(0, 1))
  },
  recover(hash, signature) {
    const recovered = concat(signature.subarray(64), signature.subarray(0, 64))
    return orUndefined(() =>
      secp256k1.Signature.fromBytes(recovered, 'recovered').recoverPublicKey(hash).toBytes(false),
    )
  },
  verify: (hash, signature, publicKey) =>
    orUndefined(() => secp256k1.verify(signature, hash, publicKey, { prehash: false, lowS: true })) ?? false,
  ecdh: (privateKey, publicKey) => product(privateKey, publicKey)?.slice(1),
  ecdhPoint: product,
}

export const noblePrimitives: Primitives = {
  name: 'noble',
  keccak: nobleKeccak,
  hashes: {
    sha256: (data) => sha256(data),
    hmacSha256: (key, data) => hmac(sha256, key, data),
    hmacSha512: (key, data) => hmac(sha512, key, data),
    pbkdf2: ({ hash, password, salt, iterations, length }) =>
      pbkdf2Async(hash === 'sha256' ? sha256 : sha512, password, salt, { c: iterations, dkLen: length }),
    scrypt: ({ password, salt, N, r, p, length }) =>
      scryptAsync(password, salt, {
        N,
        r,
        p,
        dkLen: length,
        maxmem: MAX_SCRYPT_BYTES + MAX_SCRYPT_EXTRA_BYTES,
      }),
  },
  aes: {
    gcmSeal: (key, nonce, plaintext, associatedData) => gcm(key, nonce, associatedData).encrypt(plaintext),
    gcmOpen: (key, nonce, sealed, associatedData) =>
      orUndefined(() => gcm(key, nonce, associatedData).decrypt(sealed)),
    ctr: (key, iv, data) => ctr(key, iv).encrypt(data),
    createCtr: (key, iv) => ctrStream(new Uint8Array(key), new Uint8Array(iv)),
    createBlock(key) {
      const own = new Uint8Array(key)
      return { encrypt: (block) => ecb(own, { disablePadding: true }).encrypt(block) }
    },
  },
  secp256k1: nobleSecp256k1,
  x25519: {
    publicKey: (privateKey) => x25519.getPublicKey(privateKey),
    sharedSecret: (privateKey, publicKey) =>
      // noble refuses low-order points, whose product is zero
      orUndefined(() => x25519.getSharedSecret(privateKey, publicKey)) ?? new Uint8Array(32),
  },
}

/** noble for everything, Keccak too: no WebAssembly, no native code, nothing of the platform. */
export const nobleProvider: CryptoProvider = defineProvider(noblePrimitives)

/** noble's CTR is one-shot: whole blocks of key stream are made from a counter, what is left of one is kept. */
function ctrStream(key: Uint8Array, counter: Uint8Array): AesCtrStream {
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
