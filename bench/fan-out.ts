// A relay with 50 peers: 500 envelopes a second come from one more, and all get all. Prints what that costs the relay.
//   node --conditions=@status-protocol/source --import tsx bench/fan-out.ts
// BENCH_PEERS, BENCH_SECONDS: how many and how long.
import { type Program, startProgram } from './support/program.ts'
import type { CrowdReport } from './support/relay/crowd.ts'
import type { NodeReport } from './support/relay/node.ts'
import { ensureSealed, readSealed, sumOf } from './support/relay/sealed.ts'
import type { SenderReport } from './support/relay/sender.ts'

const PEERS = Number(process.env.BENCH_PEERS ?? 50)
const SECONDS = Number(process.env.BENCH_SECONDS ?? 10)
const PER_SECOND = 500
const CROWDS = 5
const LIMIT_MS = 60_000
const MAX_RSS_MIB = 400

const count = SECONDS * PER_SECOND
const file = await ensureSealed(100_000)
const { sealedAtUnixSeconds, envelopes } = readSealed(file)
const node = start('node', { nowUnixSeconds: sealedAtUnixSeconds, maxPeers: PEERS + 1 })
const enode = await node.next<string>()
const crowds = Array.from({ length: CROWDS }, (_, i) =>
  start('crowd', { enode, peers: Math.floor((PEERS + i) / CROWDS) }),
)
await Promise.all(crowds.map((crowd) => crowd.next()))
const sender = start('sender', { enode, file, count, batch: 1, perSecond: PER_SECOND })
await sender.next()
const atRest = await node.ask<NodeReport>('report')
for (const program of [node, ...crowds]) program.tell('start')

const sent = await sender.ask<SenderReport>('go')
const reports = await allArrived()
const report = await node.ask<NodeReport>('report')
await Promise.all([node, sender, ...crowds].map((program) => program.stop()))

const came = reports.flatMap((crowd) => crowd.came)
const expected = envelopes.slice(0, count).reduce((sum, rlp) => (sum + sumOf(rlp, rlp.length)) >>> 0, 0)
const complete = came.filter((peer) => peer.count === count && peer.sum === expected).length
const lastMs = Math.max(...came.map(({ lastAtMs }) => lastAtMs)) - sent.startedAtMs
const crowdCpu = reports.reduce((sum, { cpuMicros }) => sum + cpuMicros, 0)
const deliveries = count * PEERS
console.log(`${count} envelopes of 300 B payload at ${PER_SECOND}/s to ${PEERS} peers in ${CROWDS} processes`)
console.log(
  `  ${complete} of ${PEERS} peers got each envelope once, the last after ${(lastMs / 1000).toFixed(1)} s`,
)
console.log(
  `  relay: ${(report.cpuMicros / 10 / lastMs).toFixed(0)} % of one processor, ` +
    `${(report.cpuMicros / deliveries).toFixed(1)} us a delivery; peers ${(crowdCpu / deliveries).toFixed(1)} us`,
)
console.log(
  `  relay: ${Math.round(atRest.rssMiB)} MiB before, ${Math.round(report.rssMiB)} MiB after, at most ${Math.round(report.maxRssMiB)} MiB`,
)
const { envelopesAccepted, envelopesRefused } = report.stats
const isFine =
  complete === PEERS && envelopesAccepted === count && envelopesRefused === 0 && report.linksDown === 0
if (!isFine) console.log(`  MISSED: ${envelopesAccepted} taken, ${report.linksDown} links down`)
process.exit(isFine && report.maxRssMiB < MAX_RSS_MIB ? 0 : 1)

/** Asks until everybody has everything, or no more than a minute. */
async function allArrived(): Promise<readonly CrowdReport[]> {
  for (const until = performance.now() + LIMIT_MS; ; await new Promise((next) => setTimeout(next, 100))) {
    const reports = await Promise.all(crowds.map((crowd) => crowd.ask<CrowdReport>('report')))
    const isDone = reports.every((crowd) => crowd.came.every((peer) => peer.count >= count))
    if (isDone || performance.now() > until) return reports
  }
}

function start(name: string, options: object): Program {
  return startProgram(new URL(`support/relay/${name}.ts`, import.meta.url), options)
}
