import { utf8 } from '@status-protocol/bytes'
import { JsonStream } from '@status-protocol/rpc'
import { fuzz, seededRandom } from '@status-protocol/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const FUZZ_COUNT = Number(process.env.FUZZ_COUNT ?? 10_000)

function read(pieces: readonly Uint8Array[], maxBytes = 1_000_000) {
  const stream = new JsonStream({ maxBytes })
  return { texts: pieces.flatMap((piece) => stream.push(piece)), stream }
}

/** Pieces of so many bytes. */
function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = []
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] as number
    pieces.push(bytes.subarray(at, at + size))
    at += size
  }
  return pieces
}

describe('JSON texts one behind the other', () => {
  it('are found whatever is between them and however they are cut', () => {
    const text = fc
      .oneof(
        fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })),
        fc.array(fc.jsonValue({ maxDepth: 4 })),
      )
      .map((value) => JSON.stringify(value))
    const separator = fc.constantFrom('', ' ', '\n', '\r\n', '\t \n')
    fc.assert(
      fc.property(
        fc.array(fc.tuple(text, separator), { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        (parts, sizes) => {
          const whole = utf8(parts.map(([one, between]) => one + between).join(''))
          const { texts, stream } = read(cut(whole, sizes))
          expect(texts).toEqual(parts.map(([one]) => one))
          expect([stream.flaw, stream.heldBytes]).toEqual([undefined, 0])
        },
      ),
    )
  })

  it('hands out what is no JSON inside of its brackets, for the parser to refuse', () => {
    expect(read([utf8('{]{nope}')]).texts).toEqual(['{]', '{nope}'])
  })

  it.each([
    ['7', 'not-json'],
    ['{}]', 'not-json'],
    ['null{}', 'not-json'],
    [`${'['.repeat(33)}`, 'too-deep'],
    [`{"x":"${'y'.repeat(200)}"}`, 'too-long'],
  ])('%s cannot go on: %s', (text, flaw) => {
    const { stream } = read([utf8(text)], 100)
    expect(stream.flaw).toBe(flaw)
    expect(stream.push(utf8('{}'))).toEqual([])
    expect(stream.heldBytes).toBe(0)
  })

  it('refuses bytes that are no UTF-8, and a cut character at a piece border is none of those', () => {
    expect(read([Uint8Array.of(0x7b, 0xff, 0x7d)]).stream.flaw).toBe('not-utf8')
    expect(read([...utf8('{"a":"é😀"}')].map((byte) => Uint8Array.of(byte))).texts).toEqual(['{"a":"é😀"}'])
  })

  it('takes texts up to the bound and holds no more than that', () => {
    const text = `{"x":"${'y'.repeat(90)}"}`
    expect(read([utf8(text)], text.length).texts).toEqual([text])
    expect(read([utf8(text)], text.length - 1).stream.flaw).toBe('too-long')
    const stream = new JsonStream({ maxBytes: 5_000_000 })
    stream.push(utf8('{"x":"'))
    for (let i = 0; i < 1_000; i++) stream.push(utf8('y'.repeat(1_000)))
    expect(stream.heldBytes).toBe(1_000_006)
    for (let i = 0; i < 5_000; i++) {
      stream.push(utf8('y'.repeat(1_000)))
      expect(stream.heldBytes).toBeLessThanOrEqual(5_000_000)
    }
    expect(stream.flaw).toBe('too-long')
  })

  it('fuzz: changed streams in changed pieces throw nothing and lose no bound', () => {
    const random = seededRandom(7)
    const request = '{"jsonrpc":"2.0","id":1,"method":"shh_post","params":[{"topic":"0x01020304"}]}'
    fuzz({
      seeds: [utf8(request), utf8(`${request}\n[${request},${request}]{}`), utf8('{"a":"\\"\\\\{["}[[]]')],
      count: FUZZ_COUNT,
      random,
      expectedError: class extends Error {},
      decode(input) {
        const stream = new JsonStream({ maxBytes: 256 })
        for (const piece of cut(input, [1 + random.int(20), 1 + random.int(60)])) {
          for (const text of stream.push(piece)) if (text.length > 256) throw new Error('too long')
          if (stream.heldBytes > 256) throw new Error('holds too much')
        }
      },
    })
  })
})
