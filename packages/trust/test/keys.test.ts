import { fromHex, toHex } from '@status-protocol/bytes'
import { defaultProvider, generatePrivateKey } from '@status-protocol/crypto'
import { fuzz, seededRandom } from '@status-protocol/testkit'
import { describe, expect, it } from 'vitest'
import {
  addressOf,
  formatAddress,
  type KeyTextBase,
  parseAddress,
  publicKeyFromText,
  publicKeyToText,
  TrustError,
  threeWordName,
} from '../src/index.ts'

const FUZZ_COUNT = Number(process.env.FUZZ_COUNT ?? 10_000)
const BASES: readonly KeyTextBase[] = ['z', 'f', 'F', 'b', 'm', 'u', '0x']
const encoder = new TextEncoder()
const decoder = new TextDecoder()
const random = seededRandom(4)
const newKey = () => defaultProvider.publicKey(generatePrivateKey(defaultProvider, random))

describe('key text (multibase, multicodec)', () => {
  it.each(BASES)('base %s is read as it is written, compressed and whole', (base) => {
    for (let i = 0; i < 50; i++) {
      const publicKey = newKey()
      for (const compressed of [true, false]) {
        const text = publicKeyToText(publicKey, { base, compressed })
        expect(text.startsWith(base)).toBe(true)
        expect(toHex(publicKeyFromText(text))).toBe(toHex(publicKey))
      }
    }
  })

  it('compressed base58btc starts with zQ3s', () => {
    expect(publicKeyToText(newKey())).toMatch(/^zQ3sh[1-9A-HJ-NP-Za-km-z]{44}$/)
  })

  it('plain keys are read with 0x and only with it', () => {
    const publicKey = newKey()
    const compressed = defaultProvider.compressPublicKey(publicKey)
    expect(publicKeyFromText(`0x${toHex(publicKey)}`)).toEqual(publicKey)
    expect(publicKeyFromText(`0x${toHex(compressed)}`)).toEqual(publicKey)
    for (const text of [toHex(publicKey), `f${toHex(publicKey)}`, `z${toHex(publicKey)}`])
      expect(() => publicKeyFromText(text), text).toThrow(TrustError)
  })

  it.each([
    ['', /expected it to start with/],
    ['z', /another type of key/],
    ['0x', /0 bytes/],
    ['f0x00', /does not belong/],
    ['z0OIl', /does not belong/],
    ['0xe701', /0 bytes/],
    [`0xea01${'00'.repeat(48)}`, /140|66 bytes|50 bytes/],
    [`fea01${'00'.repeat(48)}`, /another type of key/],
    [`0xe70104${'11'.repeat(64)}`, /point/],
    [`z${'1'.repeat(10_000_000)}`, /at most 140 characters/],
  ])('refused: %.20s', (text, message) => {
    expect(() => publicKeyFromText(text)).toThrow(TrustError)
    expect(() => publicKeyFromText(text)).toThrow(message)
  })

  it('refuses bases and keys that are none', () => {
    expect(() => publicKeyToText(newKey(), { base: 'x' as KeyTextBase })).toThrow(/base/)
    expect(() => publicKeyToText(newKey(), { base: 'constructor' as KeyTextBase })).toThrow(/base/)
    expect(() => publicKeyToText(new Uint8Array(65))).toThrow(TrustError)
  })

  it('fuzz: gives a verdict on any text', () => {
    const seeds = BASES.flatMap((base) =>
      [true, false].map((compressed) => encoder.encode(publicKeyToText(newKey(), { base, compressed }))),
    )
    fuzz({
      seeds,
      count: FUZZ_COUNT,
      random: seededRandom(5),
      decode: (bytes) => expect(publicKeyFromText(decoder.decode(bytes))).toHaveLength(65),
      expectedError: TrustError,
    })
  })
})

describe('addresses (EIP-55)', () => {
  // The addresses of the EIP itself.
  it.each([
    '0x52908400098527886E0F7030069857D2E4169EE7',
    '0x8617E340B3D01FA5F11F306F4090FD50E238070D',
    '0xde709f2102306220921060314715629080e2fb77',
    '0x27b1fdb04752bbc536007a920d24acb045561c26',
    '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
    '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
    '0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB',
    '0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb',
  ])('%s', (address) => {
    expect(formatAddress(fromHex(address))).toBe(address)
    expect(toHex(parseAddress(address))).toBe(address.slice(2).toLowerCase())
    expect(parseAddress(address.toLowerCase())).toEqual(parseAddress(address.slice(2).toUpperCase()))
  })

  it('a wrong capital is noticed', () => {
    expect(() => parseAddress('0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed')).toThrow(/EIP-55/)
    for (const text of [
      '',
      '0x',
      `0x${'0'.repeat(39)}`,
      `0x${'0'.repeat(41)}`,
      `0x${'g'.repeat(40)}`,
      `${'0'.repeat(40)}\n`,
    ])
      expect(() => parseAddress(text), text).toThrow(TrustError)
  })

  it('come from 65-byte keys alone', () => {
    expect(() => addressOf(defaultProvider.compressPublicKey(newKey()))).toThrow(TrustError)
  })
})

describe('three-word name', () => {
  it('is the same for both forms of a key', () => {
    for (let i = 0; i < 100; i++) {
      const publicKey = newKey()
      const name = threeWordName(publicKey)
      expect(name).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+ [A-Z][a-z]+$/)
      expect(threeWordName(defaultProvider.compressPublicKey(publicKey))).toBe(name)
    }
  })

  it('depends on the low 64 bits of X alone', () => {
    const key = newKey()
    const other = newKey()
    other.set(key.subarray(25, 33), 25)
    expect(threeWordName(other)).toBe(threeWordName(key))
  })

  it.each([new Uint8Array(65), new Uint8Array(33), new Uint8Array(64), new Uint8Array(0)])(
    'refuses %#',
    (bytes) => {
      expect(() => threeWordName(bytes)).toThrow(TrustError)
    },
  )
})
