import {
  compare,
  concat,
  equal,
  equalConstantTime,
  fromBigInt,
  fromHex,
  fromUtf8,
  toBigInt,
  toHex,
  utf8,
} from '@status-protocol/bytes'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const bytes = fc.uint8Array({ maxLength: 64 })

describe('hex', () => {
  it('reads back what it wrote, in either case, with or without 0x', () => {
    fc.assert(
      fc.property(bytes, (b) => {
        expect(fromHex(toHex(b))).toEqual(b)
        expect(fromHex(`0x${toHex(b).toUpperCase()}`)).toEqual(b)
      }),
    )
  })

  it.each(['0', '0x0', 'zz', '0g', '0x 1'])('refuses %s', (text) => {
    expect(() => fromHex(text)).toThrow(expect.objectContaining({ code: 'not-hex' }))
  })

  it('names the length it expected', () => {
    expect(() => fromHex('00', 4)).toThrow('expected 4 bytes of hex, got 1')
  })
})

describe('comparison', () => {
  it('agrees with hex', () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(equal(a, b)).toBe(toHex(a) === toHex(b))
        expect(equalConstantTime(a, b)).toBe(toHex(a) === toHex(b))
        expect(Math.sign(compare(a, b))).toBe(toHex(a) < toHex(b) ? -1 : toHex(a) > toHex(b) ? 1 : 0)
        expect(equal(concat(a, b).subarray(a.length), b)).toBe(true)
      }),
    )
  })
})

describe('integers and text', () => {
  it('big endian there and back', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 256n) - 1n }), (n) => toBigInt(fromBigInt(n, 32)) === n),
    )
    expect(() => fromBigInt(256n, 1)).toThrow(expect.objectContaining({ code: 'out-of-range' }))
    expect(() => fromBigInt(-1n, 1)).toThrow(expect.objectContaining({ code: 'out-of-range' }))
  })

  it('UTF-8 is not normalised and not guessed', () => {
    expect(fromUtf8(utf8('\ufeffé e\u0301 😀'))).toBe('\ufeffé e\u0301 😀')
    expect(() => fromUtf8(Uint8Array.of(0xff))).toThrow(expect.objectContaining({ code: 'not-utf8' }))
  })
})
