import { fromHex, utf8 } from '@status-protocol/bytes'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeRecord, encodeRecord } from '../src/record.ts'

const leaf = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }),
  fc.uint8Array({ maxLength: 40 }),
)
/** No name that a record could have itself means bytes or an integer. */
const name = fc.string().filter((text) => text !== '0x' && text !== 'n')
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
}))

describe('a record', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.dictionary(name, value, { noNullPrototype: true }), (record) => {
        expect(decodeRecord(encodeRecord(record))).toEqual(record)
      }),
    )
  })

  it.each([
    [
      '{"a":{"0x":"00ff"},"b":[{"n":"-7"}],"c":{"n":7},"d":{"0x":"00","n":"1"}}',
      'values that mean something',
    ],
    ['{"__proto__":{"0x":"01"},"constructor":{"n":"1"}}', 'names of every object'],
  ])('%s: %s, and what only looks alike', (text) => {
    // what a reviver makes of it
    const wanted = JSON.parse(text, (_, found) => {
      const entries = typeof found === 'object' && found !== null ? Object.entries(found) : []
      const [key, content] = entries[0] ?? []
      if (entries.length !== 1 || typeof content !== 'string') return found
      return key === '0x' ? fromHex(content) : key === 'n' ? BigInt(content) : found
    })
    const record = decodeRecord<object>(utf8(text))
    expect(record).toEqual(wanted)
    expect(Object.getPrototypeOf(record)).toBe(Object.prototype)
  })

  it.each([
    '',
    '{',
    '\u0000',
    '{"a":{"0x":"0"}}',
    '{"a":{"0x":"zz"}}',
    '{"a":{"n":"x"}}',
    '['.repeat(100_000),
  ])('that is none is damage of the store (%#)', (text) => {
    expect(() => decodeRecord(utf8(text))).toThrowError(expect.objectContaining({ code: 'damaged-store' }))
  })
})
