/** What the work of a relay costs at the least: decode, hash, weigh and put into a map, in one loop without a network. */
import { toHex } from '@status-protocol/bytes'
import { encodeRlpListOf } from '@status-protocol/bytes/rlp'
import { decodeMessages, type Envelope, envelopeHash, powOf } from '@status-protocol/whisper'
import { cpuMicros, programOptions, say } from '../program.ts'
import { readSealed } from './sealed.ts'

export interface NaiveOptions {
  readonly file: string
  readonly count: number
  readonly batch: number
}

export interface NaiveReport {
  readonly perSecond: number
  readonly cpuMicros: number
}

const { file, count, batch } = programOptions<NaiveOptions>()
const envelopes = readSealed(file).envelopes.slice(0, count)
const packets = Array.from({ length: Math.ceil(count / batch) }, (_, i) =>
  encodeRlpListOf(envelopes.slice(i * batch, (i + 1) * batch)),
)
const pool = new Map<string, Envelope>()
const cpuAtStart = process.cpuUsage()
const startedAt = performance.now()
for (const packet of packets)
  for (const envelope of decodeMessages(packet)) {
    const hash = toHex(envelopeHash(envelope))
    if (powOf(envelope) >= 0.002) pool.set(hash, envelope)
  }
const elapsedMs = performance.now() - startedAt
if (pool.size !== count) throw new Error(`expected ${count}, the pool has ${pool.size}`)
const report: NaiveReport = { perSecond: (count * 1000) / elapsedMs, cpuMicros: cpuMicros(cpuAtStart) }
say(report)
