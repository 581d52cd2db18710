/** The one place that checks arguments and says what a wrong one means, so that all providers answer alike. */
import {
  expectAesBlock,
  expectAesKey,
  expectBytes,
  expectCtr,
  expectGcm,
  expectHkdf,
  expectPbkdf2,
  expectPoint,
  expectPrivateKey,
  expectScalarBytes,
  expectScrypt,
  looksLikePoint,
} from './arguments.ts'
import { CryptoError } from './error.ts'
import { hkdfSha256 } from './hkdf.ts'
import type {
  AesBlock,
  AesCtrStream,
  CryptoProvider,
  Keccak256,
  Pbkdf2Options,
  ScryptOptions,
} from './provider.ts'
import { addScalars, isScalar } from './scalar.ts'

const GCM_TAG_BYTES = 16

/** What an implementation supplies. All lengths and ranges that {@link CryptoProvider} asks for were checked. */
export interface Primitives {
  readonly name: string
  readonly keccak: { keccak256(data: Uint8Array): Uint8Array; createKeccak256(): Keccak256 }
  readonly hashes: {
    sha256(data: Uint8Array): Uint8Array
    hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array
    hmacSha512(key: Uint8Array, data: Uint8Array): Uint8Array
    pbkdf2(options: Pbkdf2Options): Promise<Uint8Array>
    scrypt(options: ScryptOptions): Promise<Uint8Array>
  }
  readonly aes: {
    gcmSeal(
      key: Uint8Array,
      nonce: Uint8Array,
      plaintext: Uint8Array,
      associatedData?: Uint8Array,
    ): Uint8Array
    /** `sealed` has room for a tag. */
    gcmOpen(
      key: Uint8Array,
      nonce: Uint8Array,
      sealed: Uint8Array,
      associatedData?: Uint8Array,
    ): Uint8Array | undefined
    ctr(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array
    createCtr(key: Uint8Array, iv: Uint8Array): AesCtrStream
    createBlock(key: Uint8Array): AesBlock
  }
  readonly secp256k1: Secp256k1
  readonly x25519: {
    publicKey(privateKey: Uint8Array): Uint8Array
    /** All zero for a low-order point. */
    sharedSecret(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array
  }
}

/** Public keys have the length and prefix of one; they may still be no point, which is answered with undefined or false. */
export interface Secp256k1 {
  publicKey(privateKey: Uint8Array): Uint8Array
  convert(publicKey: Uint8Array, compressed: boolean): Uint8Array | undefined
  sign(hash: Uint8Array, privateKey: Uint8Array): Uint8Array
  /** 65 bytes with v 0 or 1. */
  recover(hash: Uint8Array, signature: Uint8Array): Uint8Array | undefined
  /** 64 bytes; high s is false. */
  verify(hash: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean
  ecdh(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined
  /** 33 bytes. */
  ecdhPoint(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined
}

export function defineProvider({ name, keccak, hashes, aes, secp256k1, x25519 }: Primitives): CryptoProvider {
  const ecdhWith = (privateKey: Uint8Array, publicKey: Uint8Array) => {
    expectPrivateKey(privateKey)
    return looksLikePoint(publicKey) ? secp256k1.ecdh(privateKey, publicKey) : undefined
  }
  const convert = (publicKey: Uint8Array, compressed: boolean) =>
    looksLikePoint(publicKey) ? secp256k1.convert(publicKey, compressed) : undefined
  return {
    name,
    keccak256(data) {
      expectBytes(data, undefined, 'data')
      return keccak.keccak256(data)
    },
    createKeccak256: () => keccak.createKeccak256(),
    sha256(data) {
      expectBytes(data, undefined, 'data')
      return hashes.sha256(data)
    },
    hmacSha256(key, data) {
      expectHmac(key, data)
      return hashes.hmacSha256(key, data)
    },
    hmacSha512(key, data) {
      expectHmac(key, data)
      return hashes.hmacSha512(key, data)
    },
    hkdfSha256(options) {
      expectHkdf(options)
      return hkdfSha256(hashes.hmacSha256, options)
    },
    async pbkdf2(options) {
      expectPbkdf2(options)
      return hashes.pbkdf2(options)
    },
    async scrypt(options) {
      expectScrypt(options)
      try {
        return await hashes.scrypt(options)
      } catch {
        const { N, r, p } = options
        throw new CryptoError('unavailable', 'scrypt: the platform refused, perhaps for want of memory', {
          N,
          r,
          p,
        })
      }
    },

    aesGcmSeal(key, nonce, plaintext, associatedData) {
      expectGcm(key, nonce, associatedData)
      expectBytes(plaintext, undefined, 'plaintext')
      return aes.gcmSeal(key, nonce, plaintext, associatedData)
    },
    aesGcmOpen(key, nonce, sealed, associatedData) {
      expectGcm(key, nonce, associatedData)
      expectBytes(sealed, undefined, 'sealed text')
      if (sealed.length < GCM_TAG_BYTES) return undefined
      return aes.gcmOpen(key, nonce, sealed, associatedData)
    },
    aesCtr(key, iv, data) {
      expectCtr(key, iv)
      expectBytes(data, undefined, 'data')
      return aes.ctr(key, iv, data)
    },
    createAesCtr(key, iv) {
      expectCtr(key, iv)
      const stream = aes.createCtr(key, iv)
      return {
        process(data) {
          expectBytes(data, undefined, 'data')
          return stream.process(data)
        },
      }
    },
    createAesBlock(key) {
      expectAesKey(key)
      const cipher = aes.createBlock(key)
      return {
        encrypt(block) {
          expectAesBlock(block)
          return cipher.encrypt(block)
        },
      }
    },

    publicKey(privateKey) {
      expectPrivateKey(privateKey)
      return secp256k1.publicKey(privateKey)
    },
    isPrivateKey: (bytes) => bytes instanceof Uint8Array && bytes.length === 32 && isScalar(bytes),
    parsePublicKey: (bytes) => convert(bytes, false),
    compressPublicKey: (publicKey) => expectPoint(publicKey, convert(publicKey, true)),
    sign(hash, privateKey) {
      expectScalarBytes(hash, 'hash')
      expectPrivateKey(privateKey)
      return secp256k1.sign(hash, privateKey)
    },
    recover(hash, signature) {
      expectScalarBytes(hash, 'hash')
      expectBytes(signature, undefined, 'signature')
      if (signature.length !== 65 || (signature[64] as number) > 1) return undefined
      return secp256k1.recover(hash, signature)
    },
    verify(hash, signature, publicKey) {
      expectScalarBytes(hash, 'hash')
      expectBytes(signature, undefined, 'signature')
      if (signature.length !== 64 && signature.length !== 65) return false
      return looksLikePoint(publicKey) && secp256k1.verify(hash, signature.subarray(0, 64), publicKey)
    },
    ecdh: (privateKey, publicKey) => expectPoint(publicKey, ecdhWith(privateKey, publicKey)),
    tryEcdh: ecdhWith,
    tryEcdhPoint(privateKey, publicKey) {
      expectPrivateKey(privateKey)
      return looksLikePoint(publicKey) ? secp256k1.ecdhPoint(privateKey, publicKey) : undefined
    },
    addPrivateKeys(a, b) {
      expectScalarBytes(a, 'private key')
      expectScalarBytes(b, 'private key')
      return addScalars(a, b)
    },

    x25519PublicKey(privateKey) {
      expectScalarBytes(privateKey, 'X25519 private key')
      return x25519.publicKey(privateKey)
    },
    x25519(privateKey, publicKey) {
      expectScalarBytes(privateKey, 'X25519 private key')
      expectScalarBytes(publicKey, 'X25519 public key')
      return x25519.sharedSecret(privateKey, publicKey)
    },
  }
}

function expectHmac(key: Uint8Array, data: Uint8Array): void {
  expectBytes(key, undefined, 'HMAC key')
  expectBytes(data, undefined, 'data')
}
