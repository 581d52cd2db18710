/** A raw peer that sends sealed envelopes to the node: all at once in large packets, or one by one at a rate. */
import { encodeRlpListOf } from '@status-protocol/bytes/rlp'
import { packetCodes } from '@status-protocol/whisper'
import { cpuMicros, onTold, programOptions, say, sharedNowMs } from '../program.ts'
import { dialRaw } from './raw-peer.ts'
import { readSealed } from './sealed.ts'

export interface SenderOptions {
  readonly enode: string
  readonly file: string
  /** Which of the file: so many from here on. */
  readonly skip?: number
  readonly count: number
  /** In one packet. Go collects for 300 ms and loses the link above 1 MiB. */
  readonly batch: number
  /** Undefined: as fast as the link takes them. */
  readonly perSecond?: number
}

export type SenderTold = 'go'

export interface SenderReport {
  /** When the first was handed to the link. */
  readonly startedAtMs: number
  /** When the last confirmation came. */
  readonly confirmedAtMs: number
  readonly confirmations: number
  readonly cpuMicros: number
  /** When each packet was handed to the link. */
  readonly sentAtMs: Float64Array
}

const options = programOptions<SenderOptions>()
const { skip = 0, count, batch } = options
const packets = batches(readSealed(options.file).envelopes.slice(skip, skip + count), batch)
const peer = await dialRaw(options.enode)
onTold((_: SenderTold) => void send())
say('ready')

function batches(envelopes: readonly Uint8Array[], size: number): readonly Uint8Array[] {
  return Array.from({ length: Math.ceil(envelopes.length / size) }, (_, i) =>
    encodeRlpListOf(envelopes.slice(i * size, (i + 1) * size)),
  )
}

async function send(): Promise<void> {
  const cpuAtStart = process.cpuUsage()
  const sentAtMs = new Float64Array(packets.length)
  const confirmed = confirmations(packets.length)
  const startedAtMs = sharedNowMs()
  for (const [i, packet] of packets.entries()) {
    if (options.perSecond !== undefined) await until(startedAtMs + (i * 1000) / options.perSecond)
    sentAtMs[i] = sharedNowMs()
    await peer.send(packetCodes.messages, packet)
  }
  const confirmedAtMs = await confirmed
  const report: SenderReport = {
    startedAtMs,
    confirmedAtMs,
    confirmations: packets.length,
    cpuMicros: cpuMicros(cpuAtStart),
    sentAtMs,
  }
  say(report)
}

/** Resolves with the time at which packet 11 has come so often. */
function confirmations(expected: number): Promise<number> {
  let seen = 0
  return new Promise((resolve) => {
    peer.onPacket((code) => {
      if (code === packetCodes.batchAcknowledged && ++seen === expected) resolve(sharedNowMs())
    })
  })
}

async function until(ms: number): Promise<void> {
  const waitMs = ms - sharedNowMs()
  if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
}
