/** Unicode TS 39, section 4, "Confusable detection". */

import { seededRandom } from '@status-protocol/testkit'
import { hasBidiControls, hasBidiMarks, looksLike, skeletonsOf } from '@status-protocol/trust/look-alike'
import { describe, expect, it } from 'vitest'

describe('names that look like others', () => {
  it.each([
    ['\u0410lice', 'Alice', 'Cyrillic'],
    ['Al\u0131ce', 'alice', 'a dotless i'],
    ['rnary', 'mary', 'two letters for one'],
    ['PaypaI', 'Paypal', 'a large I for a small l'],
    ['b0b', 'bOb', 'a digit'],
    ['\uff22ob', 'Bob', 'full width'],
    ['Bo\u200bb', 'Bob', 'something that cannot be seen'],
    ['Bob\u00a0 Smith ', 'bob smith', 'spaces'],
    ['Jos\u00e9', 'Jose\u0301', 'composed and not'],
    ['BOB', 'bob', 'case'],
  ])('%s and %s: %s', (a, b) => {
    expect(looksLike(a, b)).toBe(true)
    expect(looksLike(b, a)).toBe(true)
  })

  it.each([
    ['Alice', 'Alicia'],
    ['bob', 'rob'],
    ['Jos\u00e9', 'Jose'],
    ['', 'x'],
  ])('%s and %s do not', (a, b) => expect(looksLike(a, b)).toBe(false))

  it('have skeletons for whatever comes, fuzz included', () => {
    const random = seededRandom(5)
    for (let i = 0; i < Number(process.env.FUZZ_COUNT ?? 2_000); i++) {
      const text = String.fromCharCode(...Array.from({ length: random.int(20) }, () => random.int(0x10000)))
      expect(looksLike(text, text)).toBe(true)
      for (const skeleton of skeletonsOf(text)) expect(skeleton.length).toBeLessThan(20 * 20)
    }
  })
})

describe('characters that turn text around', () => {
  it('are controls in texts, and marks too in names', () => {
    for (const control of '\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069')
      expect([hasBidiControls(`a${control}b`), hasBidiMarks(`a${control}b`)]).toEqual([true, true])
    for (const mark of '\u061c\u200e\u200f')
      expect([hasBidiControls(`a${mark}b`), hasBidiMarks(`a${mark}b`)]).toEqual([false, true])
    expect([hasBidiControls('\u05d0\u05d1 abc'), hasBidiMarks('\u05d0\u05d1 abc')]).toEqual([false, false])
  })
})
