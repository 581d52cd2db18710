/**
 * The primitives of `@status-protocol/crypto`: the default provider beside noble in the same run, and beside what was
 * recorded for the best alternatives and for Go. Ratios can be compared between machines, operations a second cannot.
 *
 *   node --conditions=@status-protocol/source --import tsx bench/crypto.ts
 */
import { type CryptoProvider, defaultProvider, eciesOpen, eciesSeal } from '@status-protocol/crypto'
import { createNonceSearch, keccakImplementation } from '@status-protocol/crypto/keccak'
import { nobleProvider } from '@status-protocol/crypto/noble'
import { Bench } from 'tinybench'
import { nobleKeccak } from '../packages/crypto/src/keccak-noble.ts'

interface Row {
  readonly name: string
  /** Does the operation `times` times; few calls of a quick one would measure the clock. */
  run(crypto: CryptoProvider): (() => unknown) | (() => Promise<unknown>)
  readonly times: number
  /** Operations a second on Node 20, 2 shared cores, 2026-11: noble, the best alternative found, Go. */
  readonly recorded?: { readonly noble?: number; readonly best?: number; readonly go?: number }
}

const pattern = (length: number, seed: number) =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + seed * 17 + (i >> 8)) & 0xff)
const [key, nonce, iv] = [pattern(32, 1), pattern(12, 2), pattern(16, 3)]
const [short, message, page, large] = [pattern(64, 4), pattern(500, 5), pattern(1000, 6), pattern(65_536, 7)]
const [alice, bob, stranger] = [pattern(32, 8), pattern(32, 9), pattern(32, 10)]
const bobKey = nobleProvider.publicKey(bob)
const aliceKey = nobleProvider.publicKey(alice)
const compressed = nobleProvider.compressPublicKey(bobKey)
const hash = nobleProvider.sha256(message)
const signature = nobleProvider.sign(hash, alice)
const sealed = eciesSeal(nobleProvider, bobKey, message, { ephemeralPrivateKey: alice, iv })
const x25519Key = nobleProvider.x25519PublicKey(bob)

const row = (
  name: string,
  times: number,
  recorded: Row['recorded'],
  operation: (crypto: CryptoProvider) => unknown,
): Row => ({
  name,
  times,
  ...(recorded && { recorded }),
  run: (crypto) => () => {
    for (let i = 0; i < times; i++) operation(crypto)
  },
})

const NONCES = 20_000
const rows: readonly Row[] = [
  row('keccak256 64 B', 100, { noble: 152e3, best: 1.19e6 }, (c) => c.keccak256(short)),
  row('keccak256 1 kB', 50, { noble: 20e3, best: 248e3 }, (c) => c.keccak256(page)),
  row('sha256 500 B', 50, undefined, (c) => c.sha256(message)),
  row('hmacSha256 500 B', 50, { noble: 104e3, best: 375e3 }, (c) => c.hmacSha256(key, message)),
  row('hkdfSha256 96 B', 20, undefined, (c) =>
    c.hkdfSha256({ secret: key, salt: key, info: short, length: 96 }),
  ),
  {
    name: 'pbkdf2 65,356 rounds',
    times: 1,
    recorded: { noble: 1 / 0.086, best: 1 / 0.013 },
    run: (c) => () =>
      c.pbkdf2({ hash: 'sha256', password: short, salt: key, iterations: 65_356, length: 32 }),
  },
  row('aesGcmSeal 500 B', 20, { noble: 24e3, best: 146e3 }, (c) => c.aesGcmSeal(key, nonce, message)),
  row('aesGcmSeal 64 kB', 1, { noble: 660, best: 25e3 }, (c) => c.aesGcmSeal(key, nonce, large)),
  row('aesCtr 500 B', 20, { noble: 91e3, best: 240e3 }, (c) => c.aesCtr(key, iv, message)),
  row('aesCtr 64 kB', 1, { noble: 1.1e3, best: 33e3 }, (c) => c.aesCtr(key, iv, large)),
  {
    name: 'aesCtr stream 500 B',
    times: 50,
    recorded: { best: 723e3 },
    run(c) {
      const stream = c.createAesCtr(key, iv)
      return () => {
        for (let i = 0; i < 50; i++) stream.process(message)
      }
    },
  },
  {
    name: 'AES block',
    times: 100,
    run(c) {
      const block = c.createAesBlock(key)
      return () => {
        for (let i = 0; i < 100; i++) block.encrypt(iv)
      }
    },
  },
  row('secp256k1 publicKey', 1, { noble: 2.0e3, best: 36e3 }, (c) => c.publicKey(alice)),
  row('secp256k1 parse 65 B', 10, undefined, (c) => c.parsePublicKey(bobKey)),
  row('secp256k1 parse 33 B', 10, undefined, (c) => c.parsePublicKey(compressed)),
  row('secp256k1 sign', 1, { noble: 1.5e3, best: 23e3, go: 1 / 91e-6 }, (c) => c.sign(hash, alice)),
  row('secp256k1 recover', 1, { noble: 612, best: 15e3, go: 1 / 160e-6 }, (c) => c.recover(hash, signature)),
  row('secp256k1 verify', 1, { noble: 658, best: 18e3 }, (c) => c.verify(hash, signature, aliceKey)),
  row('secp256k1 ecdh', 1, { noble: 396, best: 16e3 }, (c) => c.ecdh(alice, bobKey)),
  row('x25519', 1, { noble: 989, best: 27e3 }, (c) => c.x25519(alice, x25519Key)),
  row('eciesSeal 500 B', 1, undefined, (c) =>
    eciesSeal(c, bobKey, message, { ephemeralPrivateKey: alice, iv }),
  ),
  row('eciesOpen 500 B, ours', 1, undefined, (c) => eciesOpen(c, bob, sealed)),
  row('eciesOpen 500 B, not ours', 1, { go: 1 / 152e-6 }, (c) => eciesOpen(c, stranger, sealed)),
  {
    name: 'nonce search, 500 B prefix',
    times: NONCES,
    recorded: { noble: 0.16e6, best: 2.4e6, go: 1.0e6 },
    run(c) {
      const search = c === nobleProvider ? nobleKeccak.createNonceSearch(message) : createNonceSearch(message)
      return () => search.search({ leadingZeroBits: 255, start: 0n, count: NONCES })
    },
  },
]

async function operationsPerSecond(crypto: CryptoProvider): Promise<number[]> {
  const bench = new Bench({ time: 250, warmupTime: 80, warmupIterations: 3, iterations: 3 })
  for (const { name, run } of rows) bench.add(name, run(crypto))
  await bench.run()
  return rows.map(({ name, times }) => {
    const { result } = bench.getTask(name) ?? {}
    if (!result || !('latency' in result)) throw new Error(`${name} did not run to its end`)
    return (1000 / result.latency.p50) * times
  })
}

function count(perSecond: number | undefined): string {
  if (perSecond === undefined) return ''
  if (perSecond >= 1e6) return `${(perSecond / 1e6).toFixed(2)}M`
  if (perSecond >= 1e4) return `${(perSecond / 1e3).toFixed(0)}k`
  return perSecond >= 1e3 ? `${(perSecond / 1e3).toFixed(1)}k` : perSecond.toFixed(perSecond < 100 ? 1 : 0)
}

function ratio(a: number | undefined, b: number | undefined): string {
  return a === undefined || b === undefined ? '' : `${(a / b).toFixed(1)}x`
}

const [ours, noble] = [await operationsPerSecond(defaultProvider), await operationsPerSecond(nobleProvider)]
const table = [
  ['', defaultProvider.name, 'noble', 'ratio', 'recorded: best', 'noble', 'ratio', 'Go'],
  ...rows.map(({ name, recorded }, i) => [
    name,
    count(ours[i]),
    count(noble[i]),
    ratio(ours[i], noble[i]),
    count(recorded?.best),
    count(recorded?.noble),
    ratio(recorded?.best, recorded?.noble),
    count(recorded?.go),
  ]),
]
const widths =
  table[0]?.map((_, column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0))) ?? []
console.log(`operations a second (median); keccak by ${keccakImplementation()}, Node ${process.version}`)
for (const cells of table)
  console.log(
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
