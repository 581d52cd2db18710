import { concat, toHex } from '@status-protocol/bytes'
import {
  CryptoError,
  type CryptoProvider,
  ECIES_OVERHEAD_BYTES,
  eciesOpen,
  eciesSeal,
} from '@status-protocol/crypto'
import { fuzz, seededRandom } from '@status-protocol/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { providers } from './providers.ts'

const FUZZ_COUNT = Number(process.env.FUZZ_COUNT ?? 10_000)
const random = seededRandom(13)
const [alice, bob, ephemeralPrivateKey] = [random.bytes(32), random.bytes(32), random.bytes(32)]
const iv = random.bytes(16)
const sharedInfo1 = random.bytes(5)
const sharedInfo2 = random.bytes(2)

/** What a provider would write if it sealed an empty plaintext after all. */
function sealNothing(crypto: CryptoProvider): Uint8Array {
  const z = crypto.ecdh(ephemeralPrivateKey, crypto.publicKey(bob))
  const key = crypto.sha256(concat(Uint8Array.of(0, 0, 0, 1), z))
  const mac = crypto.hmacSha256(crypto.sha256(key.subarray(16)), iv)
  return concat(crypto.publicKey(ephemeralPrivateKey), iv, mac)
}

describe.each(providers)('ECIES by $name', (crypto) => {
  const publicKey = crypto.publicKey(bob)
  const seal = (plaintext: Uint8Array) => eciesSeal(crypto, publicKey, plaintext, { ephemeralPrivateKey, iv })
  const slow = crypto.name.startsWith('noble')

  it('opens what was sealed, for the right key and shared info only', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 700 }), (plaintext) => {
        const options = { ephemeralPrivateKey, iv, sharedInfo1, sharedInfo2 }
        const sealed = eciesSeal(crypto, publicKey, plaintext, options)
        expect(sealed.length).toBe(plaintext.length + ECIES_OVERHEAD_BYTES)
        const open = (key: Uint8Array, shared = {}) => eciesOpen(crypto, key, sealed, shared)
        expect(toHex(open(bob, { sharedInfo1, sharedInfo2 }) as Uint8Array)).toBe(toHex(plaintext))
        expect(open(alice, { sharedInfo1, sharedInfo2 })).toBeUndefined()
        expect(open(bob)).toBeUndefined()
        expect(open(bob, { sharedInfo1 })).toBeUndefined()
        expect(open(bob, { sharedInfo2 })).toBeUndefined()
        expect(open(bob, { sharedInfo1: sharedInfo2, sharedInfo2: sharedInfo1 })).toBeUndefined()
      }),
      { numRuns: slow ? 5 : 50 },
    )
  })

  it('every provider opens it, and seals the same bytes', () => {
    const sealed = seal(random.bytes(100))
    for (const other of providers) {
      expect(eciesOpen(other, bob, sealed)).toHaveLength(100)
      const plaintext = eciesOpen(other, bob, sealed) as Uint8Array
      expect(eciesSeal(other, publicKey, plaintext, { ephemeralPrivateKey, iv })).toEqual(sealed)
    }
  })

  it('an empty plaintext seals to nothing; sealed by another it opens to nothing', () => {
    expect(seal(new Uint8Array(0))).toEqual(new Uint8Array(0))
    expect(eciesOpen(crypto, bob, sealNothing(crypto))).toEqual(new Uint8Array(0))
    expect(eciesOpen(crypto, alice, sealNothing(crypto))).toBeUndefined()
    expect(eciesOpen(crypto, bob, sealNothing(crypto).subarray(1))).toBeUndefined()
  })

  it('a change of any byte, and any cut, is noticed', () => {
    const sealed = seal(Uint8Array.of(1, 2, 3))
    const step = slow ? 7 : 1
    for (let i = 0; i < sealed.length; i += step) {
      const changed = new Uint8Array(sealed)
      changed[i] = (changed[i] as number) ^ 0x10
      expect(eciesOpen(crypto, bob, changed), `byte ${i}`).toBeUndefined()
      expect(eciesOpen(crypto, bob, sealed.subarray(0, i)), `cut at ${i}`).toBeUndefined()
      expect(eciesOpen(crypto, bob, sealed.subarray(i + 1)), `without the first ${i + 1}`).toBeUndefined()
    }
    expect(eciesOpen(crypto, bob, concat(sealed, Uint8Array.of(0)))).toBeUndefined()
  })

  it('misuse throws, and says nothing of the keys', () => {
    const sealed = seal(Uint8Array.of(1))
    const zero = new Uint8Array(32)
    for (const [code, run] of [
      ['invalid-key', () => eciesOpen(crypto, zero, sealed)],
      ['invalid-argument', () => eciesOpen(crypto, bob.subarray(1), sealed)],
      ['invalid-argument', () => eciesOpen(crypto, bob, 'sealed' as never)],
      ['invalid-key', () => eciesSeal(crypto, publicKey, bob, { ephemeralPrivateKey: zero, iv })],
      ['invalid-key', () => eciesSeal(crypto, new Uint8Array(65), bob, { ephemeralPrivateKey, iv })],
      ['invalid-argument', () => eciesSeal(crypto, publicKey, bob, { ephemeralPrivateKey, iv: bob })],
      ['invalid-argument', () => eciesSeal(crypto, publicKey, 'text' as never, { ephemeralPrivateKey, iv })],
    ] as const)
      expect(run).toThrow(expect.objectContaining({ name: 'CryptoError', code }))
  })

  it('fuzz: never throws for what was sent', () => {
    const seeds = [1, 15, 16, 17, 200].map((length) => seal(random.bytes(length)))
    const known = new Set(seeds.map((seed) => toHex(seed)))
    fuzz({
      seeds: [...seeds, new Uint8Array(0), sealNothing(crypto).subarray(0, 112)],
      count: slow || crypto.name === 'node' ? Math.ceil(FUZZ_COUNT / 50) : FUZZ_COUNT,
      random,
      decode(input) {
        const opened = eciesOpen(crypto, bob, input)
        if (opened && !known.has(toHex(input))) throw new Error('a forgery was opened')
      },
      expectedError: NoError,
    })
  }, 600_000)
})

/** Nothing is an instance of this. */
class NoError extends CryptoError {}
