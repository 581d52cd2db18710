/** A raw peer that takes envelopes from the node, confirms and counts them. */
import { rlpElements, rlpSpan } from '@status-protocol/bytes/rlp'
import {
  batchHash,
  encodeBatchAcknowledged,
  encodeMessageResponse,
  packetCodes,
} from '@status-protocol/whisper'
import { cpuMicros, onTold, programOptions, say, sharedNowMs } from '../program.ts'
import { dialRaw } from './raw-peer.ts'
import { endOf } from './sealed.ts'

export interface SinkOptions {
  readonly enode: string
  /** How many envelopes come. */
  readonly count: number
}

export type SinkTold = 'start' | 'report'

export interface SinkReport {
  /** When the last of `count` came. */
  readonly lastAtMs: number
  readonly cpuMicros: number
  /** When the packet came that each envelope was in, in order of arrival. */
  readonly cameAtMs: Float64Array
  /** What each ends with, in order of arrival: the nonce of AES-GCM and the proof of work tell envelopes apart. */
  readonly ends: readonly string[]
}

const { enode, count } = programOptions<SinkOptions>()
const peer = await dialRaw(enode)
let cpuAtStart = process.cpuUsage()
const bodies: Uint8Array[] = []
const cameAtMs = new Float64Array(count)
let came = 0
let lastAtMs = 0
peer.onPacket(take)
onTold((told: SinkTold) => {
  if (told === 'start') cpuAtStart = process.cpuUsage()
})
say('ready')

function take(code: number, body: Uint8Array): void {
  if (code !== packetCodes.messages) return
  const now = sharedNowMs()
  const { length } = rlpElements(body, rlpSpan(body))
  const hash = batchHash(body)
  void peer.send(packetCodes.messageResponse, encodeMessageResponse({ batchHash: hash, errors: [] }))
  void peer.send(packetCodes.batchAcknowledged, encodeBatchAcknowledged(hash))
  cameAtMs.fill(now, came, came + length)
  came += length
  bodies.push(body)
  lastAtMs = now
  if (came >= count) finish()
}

function finish(): void {
  const used = cpuMicros(cpuAtStart)
  const report: SinkReport = { lastAtMs, cpuMicros: used, cameAtMs, ends: bodies.flatMap(endsOf) }
  say(report)
}

function endsOf(body: Uint8Array): string[] {
  return rlpElements(body, rlpSpan(body)).map(({ end }) => endOf(body.subarray(0, end)))
}
