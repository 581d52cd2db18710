/** Peers of a node that decrypt their links, confirm what comes and add it up, and do nothing else. */
import { rlpElements, rlpSpan } from '@status-protocol/bytes/rlp'
import {
  batchHash,
  encodeBatchAcknowledged,
  encodeMessageResponse,
  packetCodes,
} from '@status-protocol/whisper'
import { cpuMicros, onTold, programOptions, say, sharedNowMs } from '../program.ts'
import { dialRaw } from './raw-peer.ts'
import { sumOf } from './sealed.ts'

export interface CrowdOptions {
  readonly enode: string
  readonly peers: number
}

export type CrowdTold = 'start' | 'report'

export interface CrowdReport {
  readonly cpuMicros: number
  /** For each peer how many envelopes came, what they sum up to, and when the last one came. */
  readonly came: readonly { readonly count: number; readonly sum: number; readonly lastAtMs: number }[]
}

const { enode, peers } = programOptions<CrowdOptions>()
const came: { count: number; sum: number; lastAtMs: number }[] = []
for (let i = 0; i < peers; i++) await join()
let cpuAtStart = process.cpuUsage()
onTold((told: CrowdTold) => {
  if (told === 'start') cpuAtStart = process.cpuUsage()
  if (told === 'report') {
    const report: CrowdReport = { cpuMicros: cpuMicros(cpuAtStart), came }
    say(report)
  }
})
say('ready')

async function join(): Promise<void> {
  const mine = { count: 0, sum: 0, lastAtMs: 0 }
  came.push(mine)
  const peer = await dialRaw(enode)
  peer.onPacket((code, body) => {
    if (code !== packetCodes.messages) return
    for (const { end } of rlpElements(body, rlpSpan(body))) {
      mine.count++
      mine.sum = (mine.sum + sumOf(body, end)) >>> 0
    }
    mine.lastAtMs = sharedNowMs()
    const hash = batchHash(body)
    void peer.send(packetCodes.messageResponse, encodeMessageResponse({ batchHash: hash, errors: [] }))
    void peer.send(packetCodes.batchAcknowledged, encodeBatchAcknowledged(hash))
  })
}
