// An honest pair through a node under attack: each attack alone, 5,000 packets a second from a process that lets others go
// first, beside the same pair at peace, in turn. The pair's slowest messages may take at most twice as long.
//   node --conditions=@status-protocol/source --import tsx soak/attacks.ts
// SOAK_SECONDS: how long each round lasts; SOAK_ATTACKS: only those whose name has this in it.
import { OUTSIDE_THE_BLOOM, packetAttacks } from '../apps/node/test/attackers.ts'
import { type Program, startProgram } from '../bench/support/program.ts'
import type { NodeReport } from '../bench/support/relay/node.ts'
import { ensureSealed, readSealed } from '../bench/support/relay/sealed.ts'
import type { SenderReport } from '../bench/support/relay/sender.ts'
import type { AttackerReport } from './support/attacker.ts'
import type { ListenerReport } from './support/listener.ts'

const SECONDS = Number(process.env.SOAK_SECONDS ?? 4)
/** The best counts: other work on the machine only slows down. */
const ROUNDS = 3
const HONEST_PER_SECOND = 100
const ATTACK_PER_SECOND = 5_000
const NICENESS = 19
const MAX_RATIO = 2
const MAX_RSS_MIB = 400
const BELOW = ['half-open sockets', 'slow handshakes']

/** Before anything is measured, so that the node's code is compiled. */
const WARM_UP = 10_000

const count = SECONDS * HONEST_PER_SECOND
const wanted = process.env.SOAK_ATTACKS ?? ''
const attacks = [
  ...(await packetAttacks(Math.floor(Date.now() / 1000))),
  ...BELOW.map((name) => ({ name, isBreach: false })),
].filter(({ name }) => name.includes(wanted))
const file = await ensureSealed(100_000)
const { sealedAtUnixSeconds } = readSealed(file)
let isFine = true

console.log(`p95 of ${count} honest messages at ${HONEST_PER_SECOND}/s, without and with each attack\n`)
for (const { name, isBreach } of attacks) isFine = (await withstands(name, isBreach)) && isFine
process.exit(isFine ? 0 : 1)

async function withstands(name: string, isBreach: boolean): Promise<boolean> {
  const options = { nowUnixSeconds: sealedAtUnixSeconds, maxPeers: 100 }
  const node = start('../bench/support/relay/node.ts', {
    ...options,
    asksForSealed: name === OUTSIDE_THE_BLOOM,
  })
  const enode = await node.next<string>()
  await warmUp(enode)
  const target = { enode, attack: name, perSecond: ATTACK_PER_SECOND }
  const attacker = start('./support/attacker.ts', { ...target, ...options }, NICENESS)
  await attacker.next()
  let [without, under, leastCpu] = [Infinity, Infinity, Infinity]
  for (let round = 0; round < ROUNDS; round++) {
    without = Math.min(without, await talk(enode, WARM_UP + 2 * round * count))
    attacker.tell('go')
    node.tell('start')
    under = Math.min(under, await talk(enode, WARM_UP + (2 * round + 1) * count))
    leastCpu = Math.min(leastCpu, (await node.ask<NodeReport>('report')).cpuMicros)
    attacker.tell('pause')
  }
  const { rssMiB } = await node.ask<NodeReport>('report')
  const { sent, ended } = await attacker.ask<AttackerReport>('stop')
  await Promise.all([attacker.stop(), node.stop()])
  const ratio = under / without
  const faults = [
    ratio < MAX_RATIO ? [] : 'TOO SLOW',
    isBreach && ended === 0 ? 'NOT DROPPED' : [],
    rssMiB < MAX_RSS_MIB ? [] : 'TOO LARGE',
  ].flat()
  console.log(
    `  ${name.padEnd(36)} ${ms(without)} ${ms(under)}, ratio ${ratio.toFixed(2)}; ${sent} sent, ${ended} ended; ` +
      `node ${Math.round(rssMiB)} MiB, busy ${percent(leastCpu / 1e6 / SECONDS)} ${faults.join(', ')}`,
  )
  return faults.length === 0
}

async function warmUp(enode: string): Promise<void> {
  const sender = start('../bench/support/relay/sender.ts', { enode, file, count: WARM_UP, batch: 50 })
  await sender.next()
  await sender.ask<SenderReport>('go')
  await sender.stop()
}

/** All honest messages arrive; p95 of how long they took, in milliseconds. */
async function talk(enode: string, skip: number): Promise<number> {
  const piece = { enode, file, skip, count }
  const listener = start('./support/listener.ts', piece)
  await listener.next()
  const sender = start('../bench/support/relay/sender.ts', {
    ...piece,
    batch: 1,
    perSecond: HONEST_PER_SECOND,
  })
  await sender.next()
  const [{ sentAtMs }, cameAtMs] = await Promise.all([
    sender.ask<SenderReport>('go'),
    listener.next<ListenerReport>(),
  ])
  await Promise.all([sender.stop(), listener.stop()])
  const delays = cameAtMs.map((at, i) => at - (sentAtMs[i] as number)).sort()
  return delays[Math.floor(delays.length * 0.95)] as number
}

function start(path: string, options: object, niceness = 0): Program {
  return startProgram(new URL(path, import.meta.url), options, { niceness })
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

function ms(value: number): string {
  return `${value.toFixed(1).padStart(7)} ms`
}
