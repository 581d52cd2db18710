import { fromHex, toHex } from '@status-protocol/bytes'
import { systemRandom } from '@status-protocol/crypto'
import { fuzz, seededRandom } from '@status-protocol/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  accountFromMnemonic,
  ExtendedKey,
  generateMnemonic,
  MNEMONIC_ENTROPY_BYTES,
  type MnemonicLength,
  mnemonicSeed,
  normaliseMnemonic,
  TrustError,
  validateMnemonic,
} from '../src/index.ts'
import official from './official/bip39.json' with { type: 'json' }

const FUZZ_COUNT = Number(process.env.FUZZ_COUNT ?? 10_000)
const ABOUT = `${'abandon '.repeat(11)}about`

describe('BIP39 official vectors', () => {
  it.each(official.cases)('$entropy', ({ entropy, mnemonic, seed, master_extended_private_key }) => {
    const words = mnemonic.split(' ').length as MnemonicLength
    expect(generateMnemonic({ bytes: () => fromHex(entropy) }, words)).toBe(mnemonic)
    expect(validateMnemonic(mnemonic)).toEqual({ ok: true })
    const actual = mnemonicSeed(mnemonic, 'TREZOR')
    expect(toHex(actual)).toBe(seed)
    expect(ExtendedKey.fromSeed(actual).toExtendedPrivateKeyText()).toBe(master_extended_private_key)
  })
})

describe('generateMnemonic', () => {
  it.each([12, 15, 18, 21, 24] as const)('makes %i words that are valid', (words) => {
    const asked: number[] = []
    const random = {
      bytes(length: number) {
        asked.push(length)
        return systemRandom.bytes(length)
      },
    }
    const mnemonic = generateMnemonic(random, words)
    expect(mnemonic.split(' ')).toHaveLength(words)
    expect(validateMnemonic(mnemonic)).toEqual({ ok: true })
    expect(asked).toEqual([MNEMONIC_ENTROPY_BYTES[words]])
  })

  it('refuses another number of words', () => {
    expect(() => generateMnemonic(systemRandom, 13 as MnemonicLength)).toThrow(TrustError)
    expect(() => generateMnemonic(systemRandom, 'constructor' as never)).toThrow(TrustError)
  })
})

describe('validateMnemonic', () => {
  it('counts the words', () => {
    expect(validateMnemonic('')).toMatchObject({ ok: false, reason: 'word-count', words: 0 })
    expect(validateMnemonic('abandon '.repeat(13))).toMatchObject({ reason: 'word-count', words: 13 })
    expect(validateMnemonic('abandon '.repeat(100_000))).toMatchObject({
      reason: 'word-count',
      words: 100_000,
    })
  })

  it('tells where unknown words are and what they may have been', () => {
    const verdict = validateMnemonic(
      'Abandon abandno abandon abandon abandon abandon abandon abandon abandon abandon xq about',
    )
    expect(verdict).toMatchObject({
      ok: false,
      reason: 'unknown-word',
      unknown: [
        { position: 1, suggestions: ['abandon'] },
        { position: 2, suggestions: ['abandon'] },
        { position: 11 },
      ],
    })
  })

  it('keeps the words out of its messages', () => {
    for (const text of [
      `${ABOUT} abandno`,
      ABOUT.replace('about', 'abuot'),
      ABOUT.replace('about', 'above'),
    ]) {
      const verdict = validateMnemonic(text)
      expect(verdict.ok).toBe(false)
      if (!verdict.ok) for (const word of text.split(' ')) expect(verdict.message).not.toContain(word)
    }
  })

  it('notices every changed word but one in sixteen, and tells that it is the checksum', () => {
    expect(validateMnemonic(ABOUT.replace('about', 'above'))).toMatchObject({ ok: false, reason: 'checksum' })
  })

  it('takes words as text or as a list, with spaces of any kind', () => {
    expect(validateMnemonic(ABOUT.split(' '))).toEqual({ ok: true })
    expect(validateMnemonic(`\t${ABOUT.replaceAll(' ', '\u3000\n')} `)).toEqual({ ok: true })
    expect(normaliseMnemonic(` ${ABOUT.replaceAll(' ', '  ')}\n`)).toBe(ABOUT)
  })

  it('fuzz: gives a verdict on anything', () => {
    const seeds = [new TextEncoder().encode(ABOUT), new TextEncoder().encode(ABOUT.replaceAll(' ', '\u3000'))]
    fuzz({
      seeds,
      count: Math.ceil(FUZZ_COUNT / 10), // a look at 2,048 words for each of 12
      random: seededRandom(1),
      decode: (bytes) => {
        const verdict = validateMnemonic(new TextDecoder().decode(bytes))
        if (verdict.ok !== (normaliseMnemonic(new TextDecoder().decode(bytes)) === ABOUT) && verdict.ok)
          throw new Error('a mutated mnemonic with a fitting checksum is not expected from this seed')
      },
      expectedError: TrustError,
    })
  })
})

describe('mnemonicSeed', () => {
  it('depends on the text alone, after NFKD', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), (text) => {
        expect(toHex(mnemonicSeed(text.normalize('NFC'), text))).toBe(
          toHex(mnemonicSeed(text.normalize('NFKD'), text)),
        )
      }),
      { numRuns: 10 },
    )
  })

  it('is not trimmed, unlike the account', () => {
    expect(toHex(mnemonicSeed(` ${ABOUT}`))).not.toBe(toHex(mnemonicSeed(ABOUT)))
    expect(accountFromMnemonic(` ${ABOUT}`).keyUid).toBe(accountFromMnemonic(ABOUT).keyUid)
  })
})
