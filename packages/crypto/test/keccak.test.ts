import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { fromHex, toBigInt, toHex, utf8 } from '@status-protocol/bytes'
import {
  createKeccak256,
  createNonceSearch,
  keccak256,
  keccakImplementation,
  searchNonce,
} from '@status-protocol/crypto/keccak'
import { seededRandom } from '@status-protocol/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { KeccakEngine } from '../src/keccak-engine.ts'
import { nobleKeccak } from '../src/keccak-noble.ts'
import { loadKeccakWasm } from '../src/keccak-wasm.ts'

const random = seededRandom(20)
const engines: readonly KeccakEngine[] = [
  loadKeccakWasm({ simd: false }) as KeccakEngine,
  loadKeccakWasm() as KeccakEngine,
  nobleKeccak,
]

it('WebAssembly is at work here', () => {
  expect(engines.map((engine) => engine?.name)).toEqual(['wasm', 'wasm-simd', 'noble'])
  expect(keccakImplementation()).toBe('wasm-simd')
})

it('the committed binaries are what their sources give', () => {
  const script = fileURLToPath(new URL('../scripts/wasm.mjs', import.meta.url))
  execFileSync(process.execPath, [script, '--check'], { encoding: 'utf8' })
}, 120_000)

describe.each(engines)('$name', (engine) => {
  it.each([
    ['', 'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'],
    ['abc', '4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45'],
    ['testing', '5f16f4c7f149ac4f9510d9cf8cf384038ad348b3bcdc01915f95de12df9d1b02'],
  ])('Keccak-256 of "%s"', (text, hash) => {
    expect(toHex(engine.keccak256(utf8(text)))).toBe(hash)
  })

  it.each([0, 1, 8, 135, 136, 137, 272, 65_279, 65_280, 65_281, 200_000])('%d bytes as noble', (length) => {
    const data = random.bytes(length)
    const hash = toHex(nobleKeccak.keccak256(data))
    expect(toHex(engine.keccak256(data))).toBe(hash)
    expect(toHex(engine.createKeccak256().update(data).digest())).toBe(hash)
  })

  it('a state is read without being finished, and its copies go their own ways', () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 })
    fc.assert(
      fc.property(pieces, pieces, (before, after) => {
        const first = engine.createKeccak256()
        const soFar: number[] = []
        for (const piece of before) {
          first.update(piece)
          soFar.push(...piece)
          expect(toHex(first.digest())).toBe(toHex(nobleKeccak.keccak256(Uint8Array.from(soFar))))
        }
        const second = first.clone()
        const mark = toHex(first.digest())
        for (const piece of after) second.update(piece)
        expect(toHex(first.digest())).toBe(mark)
        const all = Uint8Array.from([...soFar, ...after.flatMap((piece) => [...piece])])
        expect(toHex(second.digest())).toBe(toHex(nobleKeccak.keccak256(all)))
      }),
    )
  })

  it('states and one-shot hashes do not disturb each other', () => {
    const [a, b] = [engine.createKeccak256(), engine.createKeccak256()]
    const search = engine.createNonceSearch(utf8('prefix'))
    a.update(new Uint8Array(200))
    engine.keccak256(random.bytes(500))
    b.update(new Uint8Array(136))
    search.search({ leadingZeroBits: 256, start: 0n, count: 3 })
    expect(toHex(a.digest())).toBe(toHex(nobleKeccak.keccak256(new Uint8Array(200))))
    expect(toHex(b.digest())).toBe(toHex(nobleKeccak.keccak256(new Uint8Array(136))))
  })

  it('the nonce search finds the first nonce at every offset in a block', () => {
    for (let length = 0; length < 2 * 136; length++) {
      const prefix = random.bytes(length)
      const start = BigInt(random.int(2 ** 32)) * 256n + 250n // the last byte of the nonce wraps on the way
      const range = { leadingZeroBits: 5, start, count: 40 + (length % 2) }
      expect(engine.createNonceSearch(prefix).search(range), `prefix of ${length}`).toBe(
        slowSearch(prefix, range),
      )
    }
  })

  it('counts leading zero bits over the whole hash', () => {
    const search = engine.createNonceSearch(new Uint8Array(40))
    for (const leadingZeroBits of [0, 1, 7, 8, 9, 10])
      expect(search.search({ leadingZeroBits, start: 0n, count: 2000 })).toBe(
        slowSearch(new Uint8Array(40), { leadingZeroBits, start: 0n, count: 2000 }),
      )
    for (const leadingZeroBits of [63, 64, 65, 255, 256])
      expect(search.search({ leadingZeroBits, start: 0n, count: 100 })).toBeUndefined()
  })

  it('an odd range ends where it ends', () => {
    const prefix = utf8('x')
    const nonce = slowSearch(prefix, { leadingZeroBits: 8, start: 0n, count: 5000 }) as bigint
    const count = Number(nonce)
    const search = engine.createNonceSearch(prefix)
    expect(search.search({ leadingZeroBits: 8, start: 0n, count })).toBeUndefined()
    expect(search.search({ leadingZeroBits: 8, start: 0n, count: count + 1 })).toBe(nonce)
    expect(search.search({ leadingZeroBits: 8, start: nonce, count: 1 })).toBe(nonce)
    expect(search.search({ leadingZeroBits: 0, start: nonce, count: 0 })).toBeUndefined()
  })

  it('never passes 2^64 - 1', () => {
    const search = engine.createNonceSearch(utf8('end'))
    const last = 2n ** 64n - 1n
    expect(search.search({ leadingZeroBits: 0, start: last, count: 0xffff_ffff })).toBe(last)
    expect(search.search({ leadingZeroBits: 60, start: last - 9n, count: 0xffff_ffff })).toBeUndefined()
  })

  it('later changes of the prefix do not count', () => {
    const prefix = random.bytes(300)
    const search = engine.createNonceSearch(prefix)
    const range = { leadingZeroBits: 6, start: 0n, count: 1000 }
    const expected = slowSearch(prefix, range)
    prefix.fill(0)
    expect(search.search(range)).toBe(expected)
  })
})

describe('entry point', () => {
  it('hashes, keeps states, searches', () => {
    expect(toHex(keccak256(utf8('abc')))).toBe(toHex(nobleKeccak.keccak256(utf8('abc'))))
    expect(toHex(createKeccak256().update(utf8('abc')).digest())).toBe(toHex(keccak256(utf8('abc'))))
    const prefix = fromHex('00'.repeat(500))
    const nonce = searchNonce({ prefix, leadingZeroBits: 10, start: 0n, count: 100_000 })
    expect(nonce).toBe(slowSearch(prefix, { leadingZeroBits: 10, start: 0n, count: 100_000 }))
  })

  it.each([
    { leadingZeroBits: -1 },
    { leadingZeroBits: 257 },
    { leadingZeroBits: 1.5 },
    { start: -1n },
    { start: 2n ** 64n },
    { start: 1 as never },
    { count: -1 },
    { count: 2 ** 32 },
    { count: Number.NaN },
  ])('refuses %o', (wrong) => {
    const search = createNonceSearch(new Uint8Array(3))
    expect(() => search.search({ leadingZeroBits: 1, start: 0n, count: 1, ...wrong })).toThrow(
      expect.objectContaining({ name: 'CryptoError', code: 'invalid-argument' }),
    )
  })

  it('refuses what is no bytes', () => {
    for (const run of [() => keccak256('abc' as never), () => createNonceSearch([1] as never)])
      expect(run).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
  })
})

function slowSearch(
  prefix: Uint8Array,
  { leadingZeroBits, start, count }: { leadingZeroBits: number; start: bigint; count: number },
): bigint | undefined {
  const input = new Uint8Array(prefix.length + 8)
  input.set(prefix)
  const view = new DataView(input.buffer, prefix.length)
  for (let nonce = start; nonce < start + BigInt(count); nonce++) {
    view.setBigUint64(0, nonce)
    if (toBigInt(nobleKeccak.keccak256(input)) >> BigInt(256 - leadingZeroBits) === 0n) return nonce
  }
  return undefined
}
