import { concat, equal, fromHex, toHex, utf8 } from '@status-protocol/bytes'
import { fuzz, seededRandom } from '@status-protocol/testkit'
import fc from 'fast-check'
import { compress as oracleCompress, uncompress as oracleUncompress } from 'snappyjs'
import { describe, expect, it } from 'vitest'
import { maxCompressedLength, snappyCompress, snappyDecompress } from '../src/snappy.ts'

const FUZZ_COUNT = Number(process.env.FUZZ_COUNT ?? 10_000)
const NO_LIMIT = 0xffff_ffff
/** Nothing throws this: any exception out of the decoder fails the run. */
class NoError extends Error {}

/** Bytes with repeats, near and far, as texts and RLP have them. */
const compressible = fc
  .array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 60 })), {
    maxLength: 30,
  })
  .map((parts) => concat(...parts.flatMap(([bytes, times]) => Array.from({ length: times }, () => bytes))))
const anyBytes = fc.oneof(compressible, fc.uint8Array({ maxLength: 3000 }))

const decompress = (hex: string, limit = NO_LIMIT) => {
  const result = snappyDecompress(fromHex(hex), limit)
  return typeof result === 'string' ? result : toHex(result)
}

describe('Snappy block format', () => {
  it('gives back what was compressed', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const compressed = snappyCompress(bytes)
        expect(compressed.length).toBeLessThanOrEqual(maxCompressedLength(bytes.length))
        expect(snappyDecompress(compressed, bytes.length)).toEqual(bytes)
      }),
      { numRuns: 500 },
    )
  })

  it('agrees with an independent implementation in both directions', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(snappyDecompress(oracleCompress(bytes), NO_LIMIT)).toEqual(bytes)
        expect(oracleUncompress(snappyCompress(bytes))).toEqual(bytes)
      }),
      { numRuns: 500 },
    )
  })

  it('handles fragments, long matches and far offsets', () => {
    const random = seededRandom(5)
    const piece = random.bytes(40_000)
    const cases = [
      new Uint8Array(200_000),
      concat(piece, piece, piece.subarray(100), piece),
      concat(random.bytes(65_535), Uint8Array.of(1)),
      random.bytes(65_536),
      random.bytes(65_537),
      concat(...Array.from({ length: 3000 }, (_, i) => utf8(`entry ${i * 7919} of a list; `))),
    ]
    for (const bytes of cases) {
      const compressed = snappyCompress(bytes)
      expect(compressed.length).toBeLessThanOrEqual(maxCompressedLength(bytes.length))
      const back = snappyDecompress(compressed, bytes.length)
      expect(typeof back !== 'string' && equal(back, bytes)).toBe(true)
    }
    expect(snappyCompress(new Uint8Array(200_000)).length).toBeLessThan(200_000 / 20)
  })

  it('leaves a fragment as it is that begins with what does not shrink, and searches the next one', () => {
    const random = seededRandom(6)
    const envelopes = concat(
      ...Array.from({ length: 116 }, () => concat(utf8('the same 15 B ..'), random.bytes(549))),
    ).subarray(0, 65_536)
    const text = utf8('words that come again and again; '.repeat(1_000))
    const compressed = snappyCompress(concat(envelopes, text))
    expect(snappyDecompress(compressed, NO_LIMIT)).toEqual(concat(envelopes, text))
    expect(oracleUncompress(compressed)).toEqual(concat(envelopes, text))
    expect(compressed.length).toBeGreaterThan(66_500)
    expect(compressed.length).toBeLessThan(68_000)
  })

  it('makes 00 of nothing and reads it back', () => {
    expect(toHex(snappyCompress(new Uint8Array(0)))).toBe('00')
    expect(decompress('00')).toBe('')
  })

  it('reads every kind of element', () => {
    expect(decompress('03' + '08616263')).toBe('616263') // literal of 3
    expect(decompress('04' + 'f003' + '61626364')).toBe('61626364') // length in one byte
    expect(decompress('04' + 'f40300' + '61626364')).toBe('61626364') // in two
    expect(decompress('04' + 'f8030000' + '61626364')).toBe('61626364') // in three
    expect(decompress('04' + 'fc03000000' + '61626364')).toBe('61626364') // in four
    expect(decompress('06' + '0461620102')).toBe('6162'.repeat(3)) // copy of 4, offset 2: overlapping
    expect(decompress('05' + '00610e0100')).toBe('61'.repeat(5)) // medium copy
    expect(decompress('05' + '00610f01000000')).toBe('61'.repeat(5)) // long copy
  })

  it.each([
    ['nothing at all', ''],
    ['a length without end', 'ffffffffff'],
    ['a length of 6 bytes', '808080808000'],
    ['a length above 2^32 - 1', 'ffffffff1f00'],
    ['a copy before anything was written', '0401010000'],
    ['a copy from before the start', '0600610105'],
    ['a copy with offset 0', '0500610100'],
    ['a medium copy with offset 0', '0500610e0000'],
    ['a long copy with a huge offset', '0500610fffffffff'],
    ['a literal longer than the input', '0a24616263'],
    ['a literal whose length field is cut', '04f4'],
    ['a literal of 2^32 bytes', '04fcffffffff61626364'],
    ['a literal whose length would be negative as a 32-bit integer', '04fcfaffffff61626364'],
    ['a copy that is cut', '05006102'],
    ['a short copy that is cut', '05006101'],
    ['a long copy that is cut', '0500610f0100'],
    ['less than declared', '0508616263'],
    ['more than declared, by a literal', '0208616263'],
    ['more than declared, by a copy', '0300610e0100'],
    ['something after the declared length', '010061' + '0062'],
    ['elements where nothing is declared', '000061'],
  ])('refuses %s', (_what, hex) => {
    expect(decompress(hex)).toBe('malformed')
  })

  it('checks the declared length before it allocates', () => {
    // 2 GiB and 4 GiB - 1 declared
    for (const hex of ['8080808008', 'ffffffff0f']) {
      expect(decompress(`${hex}0061`, 1024)).toBe('too-big')
      expect(decompress(`${hex}0061`)).toBe('malformed') // 2 bytes cannot become that many
    }
    const compressed = snappyCompress(new Uint8Array(1000))
    expect(snappyDecompress(compressed, 999)).toBe('too-big')
    expect(snappyDecompress(compressed, 1000)).toEqual(new Uint8Array(1000))
  })

  it('fuzz: answers every mutated input, within the limit', () => {
    const random = seededRandom(6)
    const seeds = [utf8('status '.repeat(200)), random.bytes(700), new Uint8Array(5000)].map(snappyCompress)
    fuzz({
      ...{ seeds, count: FUZZ_COUNT, random, expectedError: NoError },
      decode: (input) => {
        const result = snappyDecompress(input, 8192)
        if (typeof result === 'string') return
        if (result.length > 8192 || result.length > 22 * input.length) throw new Error('more than allowed')
      },
    })
  })
})
