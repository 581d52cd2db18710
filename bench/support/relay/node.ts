/** The node under test: a host that runs Whisper on its links, composed as `status-node` is. */
import { defaultProvider, generatePrivateKey, systemRandom } from '@status-protocol/crypto'
import { createHost } from '@status-protocol/p2p-devp2p'
import {
  BLOOM_BYTES,
  type Bloom,
  bloomFrom,
  bloomOf,
  createWhisper,
  MAX_PACKET_BYTES,
  unionOfBlooms,
  type WhisperStats,
} from '@status-protocol/whisper'
import { cpuMicros, onTold, programOptions, say } from '../program.ts'
import { WATCHED_KEY, WATCHED_TOPIC } from './sealed.ts'

export interface NodeOptions {
  /** What its clock says at its start. Undefined: what it is. */
  readonly nowUnixSeconds?: number
  /** Whether it has a filter on the watched topic. */
  readonly watches?: boolean
  readonly maxPeers?: number
  /** Whether it asks for the topics of `sealed.ts` only. */
  readonly asksForSealed?: boolean
}

export type NodeTold = 'start' | 'report'

export interface NodeReport {
  readonly cpuMicros: number
  /** Most that the process ever had. */
  readonly maxRssMiB: number
  readonly rssMiB: number
  /** Heap and buffers in use. */
  readonly heapMiB: number
  /** Links that went down. */
  readonly linksDown: number
  /** Messages that the filter gave. */
  readonly opened: number
  readonly stats: WhisperStats
}

const {
  nowUnixSeconds,
  watches = false,
  maxPeers = 50,
  asksForSealed = false,
} = programOptions<NodeOptions>()
const behindMs = nowUnixSeconds === undefined ? 0 : Date.now() - nowUnixSeconds * 1000
const whisper = createWhisper({
  ...(asksForSealed && { bloom: unionOfBlooms([lowerHalf(), bloomOf(WATCHED_TOPIC)]) }),
  clock: { wallMs: () => Date.now() - behindMs, monotonicMs: () => performance.now() },
})
const MIB = 1024 * 1024
let opened = 0
if (watches) void open()
const host = await createHost({
  nodeKey: generatePrivateKey(defaultProvider, systemRandom),
  listen: '127.0.0.1:0',
  subprotocols: [whisper.subprotocol],
  limits: { maxPeers, maxPacketBytes: MAX_PACKET_BYTES },
})
let linksDown = 0
void countLinksDown()
let cpuAtStart = process.cpuUsage()
onTold((told: NodeTold) => {
  if (told === 'start') cpuAtStart = process.cpuUsage()
  if (told === 'report') say(report())
})
say(host.enode)

/** All topics whose last byte is `LOWER_HALF`. */
function lowerHalf(): Bloom {
  return bloomFrom(Uint8Array.from({ length: BLOOM_BYTES }, (_, i) => (i < BLOOM_BYTES / 2 ? 0xff : 0)))
}

function report(): NodeReport {
  globalThis.gc?.() // with --expose-gc only
  const { rss, heapUsed, external } = process.memoryUsage()
  return {
    cpuMicros: cpuMicros(cpuAtStart),
    maxRssMiB: process.resourceUsage().maxRSS / 1024,
    rssMiB: rss / MIB,
    heapMiB: (heapUsed + external) / MIB,
    linksDown,
    opened,
    stats: whisper.stats(),
  }
}

async function open(): Promise<void> {
  for await (const _ of whisper.service.subscribe({ topics: [WATCHED_TOPIC], symKey: WATCHED_KEY })) opened++
}

async function countLinksDown(): Promise<void> {
  for await (const { type } of host.events()) if (type === 'link-down') linksDown++
}
