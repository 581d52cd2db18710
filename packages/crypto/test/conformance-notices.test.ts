import type { CryptoProvider } from '@status-protocol/crypto'
import { nobleProvider } from '@status-protocol/crypto/noble'
import { nodeProvider } from '@status-protocol/crypto/node'
import { cryptoConformance } from '@status-protocol/crypto/testing'
import { seededRandom } from '@status-protocol/testkit'
import { describe, expect, it } from 'vitest'

/** Mistakes that a provider has been seen to make, and a wrong answer of every method. */
const mistakes: Record<string, (good: CryptoProvider) => Partial<CryptoProvider>> = {
  'keccak256 is SHA3': (good) => ({ keccak256: (data) => good.sha256(data) }),
  'a keccak state ends when it is read': (good) => ({
    createKeccak256() {
      let state = good.createKeccak256()
      return {
        update(data) {
          state.update(data)
          return this
        },
        digest() {
          const hash = state.digest()
          state = good.createKeccak256()
          return hash
        },
        clone: () => state.clone(),
      }
    },
  }),
  'keccak copies share their state': (good) => ({
    createKeccak256() {
      const state = good.createKeccak256()
      return Object.assign(state, { clone: () => state })
    },
  }),
  'a digest is swapped': (good) => ({ sha256: (data) => good.sha256(data).reverse() }),
  'HMACs are swapped': (good) => ({ hmacSha256: (key, data) => good.hmacSha512(key, data).subarray(0, 32) }),
  'HMAC-SHA-512 is cut': (good) => ({
    hmacSha512: (key, data) => good.hmacSha512(key, data).subarray(0, 32),
  }),
  'HKDF forgets info': (good) => ({
    hkdfSha256: ({ info: _, ...options }) => good.hkdfSha256(options),
  }),
  'HKDF is unbounded': (good) => ({
    hkdfSha256: (options) =>
      good.hkdfSha256({ ...options, length: Math.max(1, Math.min(8160, options.length | 0)) }),
  }),
  'PBKDF2 ignores the hash': (good) => ({ pbkdf2: (options) => good.pbkdf2({ ...options, hash: 'sha256' }) }),
  'scrypt takes what it is given': (good) => ({ scrypt: (options) => good.scrypt({ ...options, p: 1 }) }),
  'GCM ignores associated data': (good) => ({
    aesGcmSeal: (key, nonce, plaintext) => good.aesGcmSeal(key, nonce, plaintext),
    aesGcmOpen: (key, nonce, sealed) => good.aesGcmOpen(key, nonce, sealed),
  }),
  'GCM throws for a bad tag': (good) => ({
    aesGcmOpen(...args) {
      const plaintext = good.aesGcmOpen(...args)
      if (!plaintext) throw new Error('bad tag')
      return plaintext
    },
  }),
  'a CTR stream starts anew at each piece': (good) => ({
    createAesCtr: (key, iv) => ({ process: (data) => good.aesCtr(key, iv, data) }),
  }),
  'CTR counts over 32 bits': (good) => ({
    aesCtr(key, iv, data) {
      const out = new Uint8Array(data.length)
      for (let at = 0; at < data.length; at += 16) {
        const counter = new Uint8Array(iv)
        new DataView(counter.buffer).setUint32(12, new DataView(counter.buffer).getUint32(12) + at / 16)
        out.set(good.aesCtr(key, counter, data.subarray(at, at + 16)), at)
      }
      return out
    },
  }),
  'a block cipher chains': (good) => ({
    createAesBlock(key) {
      const block = good.createAesBlock(key)
      let last: Uint8Array = new Uint8Array(16)
      return {
        encrypt(input) {
          last = block.encrypt(input.map((b, i) => b ^ (last[i] as number)))
          return last
        },
      }
    },
  }),
  'public keys are compressed': (good) => ({
    publicKey: (key) => good.compressPublicKey(good.publicKey(key)),
  }),
  'n is a private key': (good) => ({
    isPrivateKey: (bytes) => good.isPrivateKey(bytes) || (bytes?.length === 32 && bytes[0] === 0xff),
  }),
  'hybrid keys are parsed': (good) => ({
    parsePublicKey: (bytes) =>
      good.parsePublicKey(
        bytes?.length === 65 && bytes[0] === 6 ? Uint8Array.of(4, ...bytes.subarray(1)) : bytes,
      ),
  }),
  'points are not checked': (good) => ({
    parsePublicKey: (bytes) => good.parsePublicKey(bytes) ?? (bytes.length === 65 ? bytes : undefined),
  }),
  'compression ignores parity': (good) => ({
    compressPublicKey: (key) => Uint8Array.of(2, ...good.compressPublicKey(key).subarray(1)),
  }),
  'signatures have v 27': (good) => ({
    sign(hash, key) {
      const signature = good.sign(hash, key)
      signature[64] = (signature[64] as number) + 27
      return signature
    },
  }),
  'recovery takes v 27': (good) => ({
    recover: (hash, signature) =>
      good.recover(hash, Uint8Array.of(...signature.subarray(0, 64), (signature[64] as number) % 27)),
  }),
  'verification takes high s': (good) => ({
    verify(hash, signature, key) {
      const v = [0, 1].map((v) => good.recover(hash, Uint8Array.of(...signature.subarray(0, 64), v)))
      const wanted = good.parsePublicKey(key)
      return wanted !== undefined && v.some((k) => k?.every((b, i) => b === wanted[i]))
    },
  }),
  'ECDH is hashed': (good) => ({ ecdh: (key, point) => good.sha256(good.ecdh(key, point)) }),
  'ECDH drops leading zeros': (good) => ({
    ecdh(key, point) {
      const x = good.ecdh(key, point)
      return x.subarray(x.findIndex((b) => b !== 0))
    },
  }),
  'tryEcdh throws': (good) => ({ tryEcdh: (key, point) => good.ecdh(key, point) }),
  'the sign of Y is lost': (good) => ({
    tryEcdhPoint: (key, point) => good.tryEcdhPoint(key, point)?.fill(2, 0, 1),
  }),
  'sums are not reduced': (good) => ({
    addPrivateKeys: (a, b) => (a[0] === 0xff ? undefined : good.addPrivateKeys(a, b)),
  }),
  'X25519 throws for low order': (good) => ({
    x25519(key, point) {
      const secret = good.x25519(key, point)
      if (secret.every((b) => b === 0)) throw new Error('low order')
      return secret
    },
  }),
  'X25519 keys are clamped twice': (good) => ({
    x25519PublicKey: (key) => good.x25519PublicKey(key).reverse(),
  }),
  'an error shows the key': (good) => ({
    x25519PublicKey(key) {
      if (key.length !== 32) throw Object.assign(new Error(`bad key ${key}`), { code: 'invalid-argument' })
      return good.x25519PublicKey(key)
    },
  }),
  'a foreign error comes through': () => ({
    createAesBlock() {
      throw new TypeError('Invalid key length')
    },
  }),
}

describe('the conformance suite notices', () => {
  it.each(Object.entries(mistakes))('%s', async (_name, mistake) => {
    const broken: CryptoProvider = { ...nodeProvider, ...mistake(nodeProvider) }
    expect(await firstFailure(broken)).toBeDefined()
  })

  it('covers every method of the port', () => {
    const covered = new Set(Object.values(mistakes).flatMap((mistake) => Object.keys(mistake(nobleProvider))))
    const methods = Object.keys(nobleProvider).filter((key) => key !== 'name')
    expect(methods.filter((method) => !covered.has(method))).toEqual([])
  })
})

async function firstFailure(crypto: CryptoProvider): Promise<string | undefined> {
  for (const { name, run } of cryptoConformance(crypto, { random: seededRandom(1), rounds: 1 }))
    try {
      await run()
    } catch {
      return name
    }
  return undefined
}
