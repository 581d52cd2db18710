import { fromHex, toHex } from '@status-protocol/bytes'
import { fuzz, seededRandom } from '@status-protocol/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ExtendedKey,
  formatDerivationPath,
  parseDerivationPath,
  parseDerivationPathAsStatusGo,
  TrustError,
  walletKeyPath,
} from '../src/index.ts'
import official from './official/bip32.json' with { type: 'json' }

const FUZZ_COUNT = Number(process.env.FUZZ_COUNT ?? 10_000)
const encoder = new TextEncoder()
const decoder = new TextDecoder()
const master = ExtendedKey.fromSeed(fromHex('000102030405060708090a0b0c0d0e0f'))

describe('BIP32 official vectors', () => {
  const chains = official.cases.flatMap(({ seed, chains }) => chains.map((chain) => ({ seed, ...chain })))

  it.each(chains)('$seed $path', ({ seed, path, xprv, xpub }) => {
    const key = ExtendedKey.fromSeed(fromHex(seed)).derive(path)
    expect(key.toExtendedPrivateKeyText()).toBe(xprv)
    expect(key.toExtendedPublicKeyText()).toBe(xpub)
    const read = ExtendedKey.fromText(xprv)
    expect(toHex(read.keyPair.publicKey)).toBe(toHex(key.keyPair.publicKey))
    expect(read.depth).toBe(path.split('/').length - 1)
  })

  it.each(official.invalid)('refused: $why', ({ text }) => {
    expect(() => ExtendedKey.fromText(text)).toThrow(TrustError)
  })
})

describe('ExtendedKey', () => {
  it('derives step by step what it derives at once', () => {
    const atOnce = master.derive("m/44'/60'/0'/0/7")
    const stepwise = master.derive("44'").derive("60'/0'").derive([0, 7])
    expect(stepwise.toExtendedPrivateKeyText()).toBe(atOnce.toExtendedPrivateKeyText())
  })

  it('takes m for the master key alone', () => {
    expect(master.derive('m').keyPair.address).toBe(master.keyPair.address)
    expect(() => master.derive('m/0').derive('m/0')).toThrow(/without m/)
  })

  it('refuses public keys, wrong seeds and indexes that are none', () => {
    expect(() => ExtendedKey.fromText(master.toExtendedPublicKeyText())).toThrow(/got a public one/)
    expect(() => ExtendedKey.fromSeed(new Uint8Array(15))).toThrow(TrustError)
    for (const index of [-1, 0.5, 2 ** 32, Number.NaN])
      expect(() => master.derive([index])).toThrow(TrustError)
    expect(() => master.derive(Array.from({ length: 256 }, () => 0))).toThrow(TrustError)
  })

  it('fuzz: gives a verdict on any text', () => {
    fuzz({
      seeds: [encoder.encode(master.toExtendedPrivateKeyText())],
      count: FUZZ_COUNT,
      random: seededRandom(2),
      decode: (bytes) => ExtendedKey.fromText(decoder.decode(bytes)),
      expectedError: TrustError,
    })
    expect(() => ExtendedKey.fromText('x'.repeat(1_000_000))).toThrow(TrustError)
  })
})

describe('derivation paths', () => {
  const index = fc.integer({ min: 0, max: 2 ** 32 - 1 })

  it('are read as they are written', () => {
    fc.assert(
      fc.property(fc.array(index, { maxLength: 12 }), (indexes) => {
        expect(parseDerivationPath(formatDerivationPath(indexes))).toEqual(indexes)
      }),
    )
  })

  it('keep a hardened last segment', () => {
    expect(parseDerivationPath("m/44'")).toEqual([0x80000000 + 44])
    expect(parseDerivationPath("43'/60'/1581'")).toEqual([43, 60, 1581].map((i) => i + 0x80000000))
  })

  it('lose it when they are read as status-go does', () => {
    expect(parseDerivationPathAsStatusGo("m/44'")).toEqual([])
    expect(parseDerivationPathAsStatusGo("44'/60'")).toEqual([44 + 0x80000000])
    expect(parseDerivationPathAsStatusGo("../44'/1")).toEqual([44 + 0x80000000, 1])
    for (const empty of ['', 'm', '.', '..']) expect(parseDerivationPathAsStatusGo(empty)).toEqual([])
    for (const wrong of ['m/', "m'", '...', './/1', "m/'", "m/1''"])
      expect(() => parseDerivationPathAsStatusGo(wrong), wrong).toThrow(TrustError)
  })

  it.each([
    '',
    'm/',
    '/0',
    'm//0',
    'm/0/',
    'n/0',
    'm/0h',
    'm/-1',
    'm/1.5',
    'm/2147483648',
    "m/99999999999999999999'",
    'm/0x1',
    'M/0',
    '..',
  ])('refused: "%s"', (text) => {
    expect(() => parseDerivationPath(text)).toThrow(TrustError)
  })

  it('fuzz: give a verdict on any text', () => {
    fuzz({
      seeds: ["m/43'/60'/1581'/0'/0", "44'/60'/0'/0/1"].map((text) => encoder.encode(text)),
      count: FUZZ_COUNT,
      random: seededRandom(3),
      decode: (bytes) => {
        const path = decoder.decode(bytes)
        parseDerivationPathAsStatusGo(path)
        const indexes = parseDerivationPath(path)
        expect(parseDerivationPath(formatDerivationPath(indexes))).toEqual(indexes)
      },
      expectedError: TrustError,
    })
    expect(() => parseDerivationPath('0/'.repeat(1_000_000))).toThrow(TrustError)
  })

  it('of wallet keys have an index below 2^31', () => {
    expect(walletKeyPath(2 ** 31 - 1)).toBe("m/44'/60'/0'/0/2147483647")
    for (const index of [-1, 2 ** 31, 0.5, Number.NaN]) expect(() => walletKeyPath(index)).toThrow(TrustError)
  })
})
