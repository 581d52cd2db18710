import { BytesError, fromHex, toHex, utf8 } from '@status-protocol/bytes'
import {
  decodeRlp,
  decodeRlpPrefix,
  encodeRlp,
  type RlpItem,
  readRlpUint,
  rlpUint,
} from '@status-protocol/bytes/rlp'
import { fuzz, seededRandom } from '@status-protocol/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const { item } = fc.letrec<{ item: RlpItem }>((tie) => ({
  item: fc.oneof({ maxDepth: 6 }, fc.uint8Array({ maxLength: 300 }), fc.array(tie('item'), { maxLength: 5 })),
}))

describe('RLP', () => {
  it.each([
    ['80', new Uint8Array()],
    ['83646f67', utf8('dog')],
    ['c0', []],
    ['c88363617483646f67', [utf8('cat'), utf8('dog')]],
    ['0f', Uint8Array.of(15)],
    ['820400', Uint8Array.of(4, 0)],
    ['c7c0c1c0c3c0c1c0', [[], [[]], [[], [[]]]]],
  ] as const)('%s', (hex, value) => {
    expect(toHex(encodeRlp(value as RlpItem))).toBe(hex)
    expect(decodeRlp(fromHex(hex))).toEqual(value)
  })

  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(item, (value) => {
        expect(decodeRlp(encodeRlp(value))).toEqual(value)
      }),
    )
  })

  it('has one encoding for each value', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        let value: RlpItem
        try {
          value = decodeRlp(bytes)
        } catch (error) {
          expect((error as { code: string }).code).toMatch(/^rlp-/)
          return
        }
        expect(toHex(encodeRlp(value))).toBe(toHex(bytes))
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['8100', 'rlp-not-canonical'],
    ['b800', 'rlp-not-canonical'],
    ['b90000', 'rlp-not-canonical'],
    ['8383', 'rlp-truncated'],
    ['', 'rlp-truncated'],
    ['bfffffffffffffffff', 'rlp-truncated'],
    ['ffffffffffffffffff', 'rlp-truncated'],
    ['8080', 'rlp-trailing-bytes'],
    ['c28281', 'rlp-truncated'],
  ])('refuses %s with %s', (hex, code) => {
    expect(() => decodeRlp(fromHex(hex))).toThrow(expect.objectContaining({ code }))
  })

  it('refuses nesting that would exhaust the stack', () => {
    let bytes = fromHex('c0')
    for (let depth = 0; depth < 50; depth++) bytes = encodeRlp([bytes])
    const deep = nest(100_000)
    expect(() => decodeRlp(deep)).toThrow(expect.objectContaining({ code: 'rlp-too-deep' }))
    expect(() => decodeRlp(bytes)).not.toThrow()
  })

  it('writes integers without leading zeros', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), (n) => readRlpUint(rlpUint(n)) === n),
    )
    expect(() => readRlpUint(Uint8Array.of(0, 1))).toThrow(
      expect.objectContaining({ code: 'rlp-not-canonical' }),
    )
    expect(() => readRlpUint(new Uint8Array(9).fill(1))).toThrow(
      expect.objectContaining({ code: 'out-of-range' }),
    )
    expect(() => rlpUint(-1)).toThrow(expect.objectContaining({ code: 'out-of-range' }))
  })
})

describe('fuzz: RLP', () => {
  const count = Number(process.env.FUZZ_COUNT ?? 10_000)
  const seeds = [
    'c88363617483646f67',
    'c7c0c1c0c3c0c1c0',
    'f8ffb9000000',
    'bfffffffffffffffff',
    '820400',
  ].map((h) => fromHex(h))
  seeds.push(encodeRlp([utf8('x'.repeat(60)), [utf8('y'.repeat(300)), []], Uint8Array.of(0x7f)]))
  for (const [name, decode] of [
    ['decodeRlp', decodeRlp],
    ['decodeRlpPrefix', decodeRlpPrefix],
    ['readRlpUint', (input: Uint8Array) => readRlpUint(input)],
  ] as const)
    it(`${name} throws nothing but BytesError`, () => {
      fuzz({ seeds, count, random: seededRandom(11), decode, expectedError: BytesError })
    })
})

/** `levels` lists inside each other, built from the inside without recursion. */
function nest(levels: number): Uint8Array {
  const parts: Uint8Array[] = []
  let length = 0
  for (let i = 0; i < levels; i++) {
    const head = header(length)
    parts.push(head)
    length += head.length
  }
  const out = new Uint8Array(length)
  let at = 0
  for (const part of parts.reverse()) {
    out.set(part, at)
    at += part.length
  }
  return out
}

function header(length: number): Uint8Array {
  if (length <= 55) return Uint8Array.of(0xc0 + length)
  const size = rlpUint(length)
  return Uint8Array.of(0xf7 + size.length, ...size)
}
