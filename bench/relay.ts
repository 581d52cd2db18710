// A relay under load: 100,000 signed envelopes sealed beforehand, from a raw peer into a node's pool, through the node to a
// second raw peer, the same with a filter that opens one in a hundred, and the latency of a hop at 1,000 a second.
// Every process is its own. Beside them: a naive loop in the same run, and Go's numbers.
//   node --conditions=@status-protocol/source --import tsx bench/relay.ts [pool | through | filter | latency | naive ...]
// BENCH_COUNT: how many envelopes; BENCH_BATCH: how many in a packet; BENCH_PROFILE=node: a processor profile of that program.

import { type Program, startProgram } from './support/program.ts'
import type { NaiveReport } from './support/relay/naive.ts'
import type { NodeOptions, NodeReport } from './support/relay/node.ts'
import { endOf, ensureSealed, readSealed, type Sealed, WATCHED_SHARE } from './support/relay/sealed.ts'
import type { SenderOptions, SenderReport } from './support/relay/sender.ts'
import type { SinkReport } from './support/relay/sink.ts'

const COUNT = Number(process.env.BENCH_COUNT ?? 100_000)
const BATCH = Number(process.env.BENCH_BATCH ?? 1_000)
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3)
/** What is still to be opened when the last envelope has gone on is given this long. */
const OPENING_MS = 500
const LATENCY_COUNT = Math.min(COUNT, 5_000)
const LATENCY_PER_SECOND = 1_000

/** What status-go reached on this benchmark, its own relay between its own peers. */
const GO = { pacedPerSecond: 4_230, bestPerSecond: 13_831, latencyMs: 300 }
const TARGET = { pool: 30_000, through: 15_000, slowerWithFilter: 0.1, latencyMs: 25, rssMiB: 400 }

const asked = process.argv.slice(2)
const wants = (name: string): boolean => asked.length === 0 || asked.includes(name)
const file = await ensureSealed(COUNT)
const sealed = readSealed(file)
const met: boolean[] = []

console.log(
  `${COUNT.toLocaleString('en')} envelopes, ${BATCH} in a packet, ${ROUNDS} rounds; processor time is per envelope\n`,
)
console.log(`  ${'Go, paced / at best'.padEnd(28)} ${rate(GO.pacedPerSecond)} / ${rate(GO.bestPerSecond)}`)
await compareRates()
if (wants('latency')) await measureLatency()
process.exit(met.every(Boolean) ? 0 : 1)

/** In turn, and the best of each counts: other work on the machine only slows down. */
async function compareRates(): Promise<void> {
  const best = { naive: 0, pool: 0, through: 0, filter: 0 }
  const leastCpu = { naive: Infinity, pool: Infinity, through: Infinity, filter: Infinity }
  const count = (name: keyof typeof best, { perSecond, cpuMicros }: Measured) => {
    best[name] = Math.max(best[name], perSecond)
    leastCpu[name] = Math.min(leastCpu[name], cpuMicros)
  }
  for (let round = 0; round < ROUNDS; round++) {
    count('naive', await measureNaive())
    if (wants('pool')) count('pool', await measurePool())
    if (wants('through') || wants('filter')) count('through', await measureThrough(false))
    if (wants('filter')) count('filter', await measureThrough(true))
  }
  const beside = (name: 'pool' | 'through') =>
    `${(best[name] / best.naive).toFixed(2)} of the naive loop, ${(best[name] / GO.bestPerSecond).toFixed(1)} of Go; ` +
    `the node's processor time allows ${rate((COUNT * 1e6) / leastCpu[name])}`
  if (best.pool > 0) expectRate('into the pool', best.pool, beside('pool'), TARGET.pool)
  if (best.through > 0) expectRate('through the node', best.through, beside('through'), TARGET.through)
  if (best.filter === 0) return
  const slower = 1 - best.filter / best.through
  const costs = percent(leastCpu.filter / leastCpu.through - 1)
  const what = `slower with a filter by ${percent(slower)} (processor time of the node: ${costs} more)`
  expect(what, slower < TARGET.slowerWithFilter, 'below 10 %')
}

interface Measured {
  readonly perSecond: number
  /** Of the node, for all envelopes. */
  readonly cpuMicros: number
}

async function measureNaive(): Promise<NaiveReport> {
  const program = start('naive', { file, count: COUNT, batch: BATCH })
  const report = await program.next<NaiveReport>()
  await program.stop()
  line('naive loop, one process', report.perSecond, [`cpu ${micros(report.cpuMicros)}`])
  return report
}

/** (a) From the first packet handed to the link to the last confirmation. */
async function measurePool(): Promise<Measured> {
  const { node, enode } = await startNode({})
  const sender = await startSender({ enode, count: COUNT, batch: BATCH })
  node.tell('start')
  const sent = await sender.ask<SenderReport>('go')
  const report = await node.ask<NodeReport>('report')
  await stop(node, sender)
  const perSecond = (COUNT * 1000) / (sent.confirmedAtMs - sent.startedAtMs)
  line('into the pool', perSecond, [cpu({ node: report, sender: sent }), memory(report)])
  checkNode(report)
  return { perSecond, cpuMicros: report.cpuMicros }
}

/** (b), (c) From the first packet handed to the link to the last envelope at the second peer. */
async function measureThrough(watches: boolean): Promise<Measured> {
  const { node, enode } = await startNode({ watches })
  const sink = start('sink', { enode, count: COUNT })
  await sink.next()
  const sender = await startSender({ enode, count: COUNT, batch: BATCH })
  node.tell('start')
  sink.tell('start')
  const [sent, came] = await Promise.all([sender.ask<SenderReport>('go'), sink.next<SinkReport>()])
  await new Promise((resolve) => setTimeout(resolve, OPENING_MS))
  const report = await node.ask<NodeReport>('report')
  await stop(node, sender, sink)
  const perSecond = (COUNT * 1000) / (came.lastAtMs - sent.startedAtMs)
  const name = watches ? 'through, opening 1 %' : 'through the node'
  line(name, perSecond, [cpu({ node: report, sender: sent, sink: came }), memory(report)])
  checkNode(report)
  checkArrived(came, sealed)
  const forUs = watches ? Math.ceil(COUNT / WATCHED_SHARE) : 0
  if (report.opened !== forUs) expect(`${report.opened} opened`, false, `${forUs}`)
  return { perSecond, cpuMicros: report.cpuMicros }
}

async function measureLatency(): Promise<void> {
  const { node, enode } = await startNode({})
  const sink = start('sink', { enode, count: LATENCY_COUNT })
  await sink.next()
  const sender = await startSender({
    enode,
    count: LATENCY_COUNT,
    batch: 1,
    perSecond: LATENCY_PER_SECOND,
  })
  const [sent, came] = await Promise.all([sender.ask<SenderReport>('go'), sink.next<SinkReport>()])
  const report = await node.ask<NodeReport>('report')
  await stop(node, sender, sink)
  const delays = Float64Array.from(came.cameAtMs, (at, i) => at - (sent.sentAtMs[i] as number)).sort()
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((p) => delays[Math.floor(delays.length * p)] as number)
  console.log(
    `  ${`latency of a hop at ${LATENCY_PER_SECOND}/s`.padEnd(28)} p50 ${ms(p50)}, p95 ${ms(p95)}, p99 ${ms(p99)} (Go: up to ${GO.latencyMs} ms)`,
  )
  expect(`latency p50 ${ms(p50)}`, (p50 as number) < TARGET.latencyMs, `below ${ms(TARGET.latencyMs)}`)
  checkNode(report, LATENCY_COUNT)
  checkArrived(came, { ...sealed, envelopes: sealed.envelopes.slice(0, LATENCY_COUNT) })
}

function start(name: string, options: object): Program {
  return startProgram(new URL(`support/relay/${name}.ts`, import.meta.url), options)
}

async function startNode(options: NodeOptions): Promise<{ node: Program; enode: string }> {
  const node = start('node', { nowUnixSeconds: sealed.sealedAtUnixSeconds, ...options })
  return { node, enode: await node.next<string>() }
}

async function startSender(options: Omit<SenderOptions, 'file'>): Promise<Program> {
  const sender = start('sender', { file, ...options })
  await sender.next()
  return sender
}

async function stop(...programs: readonly Program[]): Promise<void> {
  await Promise.all(programs.map((program) => program.stop()))
}

/** The node took all, and lost nobody. */
function checkNode({ stats, linksDown, maxRssMiB }: NodeReport, count: number = COUNT): void {
  const { envelopesAccepted, envelopesRefused } = stats
  if (envelopesAccepted !== count || envelopesRefused > 0 || linksDown > 0)
    expect(
      `${envelopesAccepted} taken, ${envelopesRefused} refused, ${linksDown} links down`,
      false,
      'all taken',
    )
  if (maxRssMiB >= TARGET.rssMiB)
    expect(`memory ${Math.round(maxRssMiB)} MiB`, false, `below ${TARGET.rssMiB} MiB`)
}

/** Each once, in the order of sending. */
function checkArrived({ ends }: SinkReport, { envelopes }: Sealed): void {
  const arrived = ends.length === envelopes.length && envelopes.every((rlp, i) => endOf(rlp) === ends[i])
  if (!arrived) expect(`${ends.length} arrived, ${new Set(ends).size} of them different`, false, 'each once')
}

function line(name: string, perSecond: number, more: readonly string[]): void {
  console.log(`  ${name.padEnd(28)} ${rate(perSecond).padStart(9)}   ${more.join(', ')}`)
}

function cpu(reports: Readonly<Record<string, { readonly cpuMicros: number }>>): string {
  const shares = Object.entries(reports).map(([name, report]) => `${name} ${micros(report.cpuMicros)}`)
  return `cpu ${shares.join(', ')}`
}

function micros(ofAll: number): string {
  return `${(ofAll / COUNT).toFixed(1)} us`
}

function memory({ maxRssMiB }: NodeReport): string {
  return `at most ${Math.round(maxRssMiB)} MiB`
}

function rate(perSecond: number): string {
  return `${Math.round(perSecond).toLocaleString('en')}/s`
}

function ms(value: number | undefined): string {
  return `${(value as number).toFixed(1)} ms`
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

function expectRate(name: string, perSecond: number, beside: string, target: number): void {
  expect(`${name} at best ${rate(perSecond)}, ${beside}`, perSecond >= target, rate(target))
}

function expect(what: string, reached: boolean, target: string): void {
  met.push(reached)
  console.log(`  ${what} (to reach: ${target}): ${reached ? 'reached' : 'MISSED'}`)
}
