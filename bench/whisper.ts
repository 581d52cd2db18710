// Whisper: seal, open (ours, not ours), decode and weigh, proof of work; beside the noble provider and Go's whisper.
//   node --conditions=@status-protocol/source --import tsx bench/whisper.ts
import {
  type CryptoProvider,
  defaultProvider,
  generatePrivateKey,
  systemRandom,
} from '@status-protocol/crypto'
import { createNonceSearch, keccakImplementation } from '@status-protocol/crypto/keccak'
import { nobleProvider } from '@status-protocol/crypto/noble'
import {
  decodeEnvelope,
  encodeEnvelopeWithoutNonce,
  envelopeHash,
  fullBloom,
  judgeEnvelope,
  open,
  partitionedDiscovery,
  powOf,
  publicChat,
  type SealOptions,
  seal,
} from '@status-protocol/whisper'
import { Bench } from 'tinybench'

/** Go's whisper on the machine of the first measurements, microseconds; native ECDH ran at 16,000/s there. */
const GO_US: Readonly<Record<string, number>> = {
  'seal symmetric, signed': 215,
  'seal asymmetric, signed': 492,
  'open symmetric, signed': 168,
  'open asymmetric, signed': 298,
  'reject asymmetric, not ours': 152,
}
const GO_POW_PER_SECOND = 1_000_000
const REFERENCE_ECDH_PER_SECOND = 16_000
const TARGET_OF_GO: Readonly<Record<string, number>> = {
  'open asymmetric, signed': 0.8,
  'open symmetric, signed': 0.8,
  'reject asymmetric, not ours': 0.7,
}
const ECDH = 'ECDH alone'
const TARGET_POW_PER_SECOND = 2_000_000

const payload = systemRandom.bytes(300)
const measured = new Map<CryptoProvider, ReadonlyMap<string, number>>()
for (const crypto of [defaultProvider, nobleProvider]) measured.set(crypto, await measure(crypto))
printTable()
const met = [...printTargets(), printPow()]
process.exitCode = met.every(Boolean) ? 0 : 1

/** Operations a second by name. */
async function measure(crypto: CryptoProvider): Promise<ReadonlyMap<string, number>> {
  const [signer, recipient, stranger] = [key(crypto), key(crypto), key(crypto)]
  const chat = await publicChat('status')
  const to = partitionedDiscovery(crypto.publicKey(recipient), { crypto })
  const options = (more: Pick<SealOptions, 'to'>): SealOptions => ({ signer, crypto, powTarget: 0, ...more })
  const symmetric = await seal(payload, options({ to: chat }))
  const asymmetric = await seal(payload, options({ to }))
  const other = { symmetricKey: systemRandom.bytes(32) }
  const policy = { nowUnixSeconds: symmetric.expiryUnixSeconds - 1, minPow: 0, blooms: [fullBloom()], crypto }

  const bench = new Bench({ time: Number(process.env.BENCH_MS ?? 700), warmupTime: 200 })
  bench
    .add(ECDH, () => void crypto.ecdh(stranger, to.publicKey))
    .add('seal symmetric, signed', async () => void (await seal(payload, options({ to: chat }))))
    .add('seal asymmetric, signed', async () => void (await seal(payload, options({ to }))))
    .add('open symmetric, signed', () => expectOpen(open(symmetric, chat, { crypto }).ok, true))
    .add('open asymmetric, signed', () =>
      expectOpen(open(asymmetric, { privateKey: recipient }, { crypto }).ok, true),
    )
    .add('reject symmetric, not ours', () => expectOpen(open(symmetric, other, { crypto }).ok, false))
    .add('reject asymmetric, not ours', () =>
      expectOpen(open(asymmetric, { privateKey: stranger }, { crypto }).ok, false),
    )
    .add('decode', () => void decodeEnvelope(symmetric.rlp))
    .add('proof of work of an envelope', () => void powOf(symmetric, { crypto }))
    .add('decode, hash, judge (relay)', () => {
      const envelope = decodeEnvelope(symmetric.rlp)
      envelopeHash(envelope, crypto)
      expectOpen(judgeEnvelope(envelope, policy).verdict === 'accepted', true)
    })
    .add('key of a public chat (PBKDF2)', async () => void (await publicChat('status', { crypto })))
  await bench.run()
  return new Map(
    bench.tasks.map((task) => {
      if (task.result.state !== 'completed') throw new Error(`${task.name}: ${task.result.state}`)
      return [task.name, 1000 / task.result.latency.p50]
    }),
  )
}

function key(crypto: CryptoProvider): Uint8Array {
  return generatePrivateKey(crypto, systemRandom)
}

function expectOpen(actual: boolean, expected: boolean): void {
  if (actual !== expected) throw new Error(`expected ${expected}, got ${actual}`)
}

function printTable(): void {
  const providers = [...measured.keys()]
  console.log(
    `payload of ${payload.length} B, no proof of work unless said; operations a second (microseconds)\n`,
  )
  console.log(row('', [...providers.map((p) => p.name), 'Go (elsewhere)']))
  for (const name of measured.get(defaultProvider)?.keys() ?? []) {
    const cells = providers.map((p) => cell(measured.get(p)?.get(name) as number))
    const go = GO_US[name]
    console.log(row(name, [...cells, go === undefined ? '' : cell(1e6 / go)]))
  }
}

function cell(perSecond: number): string {
  return `${Math.round(perSecond)} (${(1e6 / perSecond).toFixed(1)})`
}

function row(name: string, cells: readonly string[]): string {
  return name.padEnd(32) + cells.map((c) => c.padStart(20)).join('')
}

/** Compared with Go's numbers as if native ECDH ran at their machine's speed. */
function printTargets(): readonly boolean[] {
  const rates = measured.get(defaultProvider) as ReadonlyMap<string, number>
  const ecdh = rates.get(ECDH) as number
  console.log(
    `\nscaled to ${REFERENCE_ECDH_PER_SECOND} ECDH/s (this run: ${Math.round(ecdh)}/s, ${defaultProvider.name})`,
  )
  return Object.entries(TARGET_OF_GO).map(([name, share]) => {
    const us = (1e6 / (rates.get(name) as number)) * (ecdh / REFERENCE_ECDH_PER_SECOND)
    const reached = us / (GO_US[name] as number)
    console.log(
      row(name, [
        `${us.toFixed(1)} us`,
        `${reached.toFixed(2)} of Go`,
        `at most ${share}: ${verdict(reached <= share)}`,
      ]),
    )
    return reached <= share
  })
}

function printPow(): boolean {
  const fields = { expiryUnixSeconds: 1_574_000_000, ttlSeconds: 15, data: systemRandom.bytes(540) }
  const topic = partitionedDiscovery(defaultProvider.publicKey(key(defaultProvider))).topic
  const search = createNonceSearch(encodeEnvelopeWithoutNonce({ ...fields, topic }))
  const rates = Array.from({ length: 5 }, () => {
    const before = performance.now()
    search.search({ leadingZeroBits: 200, start: 0n, count: 1_000_000 })
    return 1e9 / (performance.now() - before)
  })
  const best = Math.max(...rates)
  const reached = best >= TARGET_POW_PER_SECOND
  console.log(
    row(`\nproof of work a thread, ${keccakImplementation()}`, [
      `${(best / 1e6).toFixed(2)}M hashes/s`,
      `Go ${GO_POW_PER_SECOND / 1e6}M`,
      `target ${TARGET_POW_PER_SECOND / 1e6}M: ${verdict(reached)}`,
    ]),
  )
  return reached
}

function verdict(reached: boolean): string {
  return reached ? 'reached' : 'MISSED'
}
