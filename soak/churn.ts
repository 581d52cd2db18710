// Ten minutes of churn: peers come, give and take envelopes of a short life, and go. The node's memory must not grow.
//   node --conditions=@status-protocol/source --import tsx soak/churn.ts
// SOAK_MINUTES: how long.
import { type Program, startProgram } from '../bench/support/program.ts'
import type { NodeReport } from '../bench/support/relay/node.ts'
import type { ChurnReport } from './support/churner.ts'

const MINUTES = Number(process.env.SOAK_MINUTES ?? 10)
const CHURNERS = 3
const SAMPLES = 20
/** How much more the node may use late than early, at most: what the garbage collector leaves to chance. */
const MAX_GROWTH = 1.15
const MAX_RSS_MIB = 400

const node = start('../bench/support/relay/node.ts', { maxPeers: 100 }, ['--expose-gc'])
const enode = await node.next<string>()
const churners = Array.from({ length: CHURNERS }, () => start('./support/churner.ts', { enode }))
await Promise.all(churners.map((churner) => churner.next()))

const heap: number[] = []
for (let i = 0; i < SAMPLES; i++) {
  await new Promise((resolve) => setTimeout(resolve, (MINUTES * 60_000) / SAMPLES))
  const { rssMiB, heapMiB, stats } = await node.ask<NodeReport>('report')
  heap.push(heapMiB)
  console.log(
    `  ${(((i + 1) * MINUTES) / SAMPLES).toFixed(1).padStart(5)} min: ${Math.round(rssMiB)} MiB, ` +
      `${heapMiB.toFixed(1)} MiB of them in use; ${stats.links} links, ${stats.linksOpened} so far; ` +
      `${stats.poolEnvelopes} envelopes, ${stats.envelopesAccepted} so far`,
  )
}
const churned = await Promise.all(churners.map((churner) => churner.ask<ChurnReport>('stop')))
const { stats, rssMiB } = await node.ask<NodeReport>('report')
await Promise.all([node, ...churners].map((program) => program.stop()))

// The first quarter fills the pool and compiles the code. What leaks is there at the lowest point too.
const early = Math.min(...heap.slice(SAMPLES / 4, (SAMPLES * 5) / 8))
const late = Math.min(...heap.slice((SAMPLES * 5) / 8))
const growth = late / early
const links = churned.reduce((sum, churner) => sum + churner.links, 0)
const sent = churned.reduce((sum, churner) => sum + churner.sent, 0)
console.log(`  ${links} links, ${sent} envelopes sent; growth ${growth.toFixed(2)} (at most ${MAX_GROWTH})`)
process.exit(growth < MAX_GROWTH && rssMiB < MAX_RSS_MIB && stats.linksOpened >= links ? 0 : 1)

function start(path: string, options: object, flags: readonly string[] = []): Program {
  return startProgram(new URL(path, import.meta.url), options, { flags })
}
