// Whole links between two hosts on loopback: handshakes, frames and bytes a second over TCP and WebSockets, beside stock
// @ethereumjs/devp2p over TCP, in one run; and the memory of idle peers.
//   node --expose-gc --conditions=@status-protocol/source --import tsx bench/links.ts     BENCH_SECONDS=2 BENCH_PEERS=500
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { defaultProvider, generatePrivateKey, systemRandom } from '@status-protocol/crypto'
import {
  combineTransports,
  createHost,
  type Host,
  type Link,
  type Subprotocol,
} from '@status-protocol/p2p-devp2p'
import { createEthereumjsHost } from '@status-protocol/p2p-devp2p/ethereumjs'
import { tcpTransport } from '@status-protocol/p2p-devp2p/node'
import { webSocketTransport } from '@status-protocol/p2p-devp2p/websocket'

const SECONDS = Number(process.env.BENCH_SECONDS ?? 2)
const PEERS = Number(process.env.BENCH_PEERS ?? 500)
const transport = combineTransports(tcpTransport(), webSocketTransport())
const nodeKey = () => generatePrivateKey(defaultProvider, systemRandom)
setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

interface Pair {
  readonly sender: Link
  readonly receiver: Link
  close(): Promise<unknown>
}

/** A subprotocol and its next link. */
function waiting(): Subprotocol & { readonly link: Promise<Link> } {
  let up: (link: Link) => void = () => {}
  const link = new Promise<Link>((resolve) => {
    up = resolve
  })
  return { name: 'bench', version: 1, length: 16, run: (one) => up(one), link }
}

const ours = (listen: string) => async (): Promise<Pair> => {
  const [left, right] = [waiting(), waiting()]
  const b = await createHost({ nodeKey: nodeKey(), subprotocols: [right], listen, transport })
  const a = await createHost({ nodeKey: nodeKey(), subprotocols: [left], peers: [b.enode], transport })
  const close = () => Promise.all([a.close(), b.close()])
  return { sender: await left.link, receiver: await right.link, close }
}

async function stock(): Promise<Pair> {
  const [left, right] = [waiting(), waiting()]
  const b = await createEthereumjsHost({ nodeKey: nodeKey(), subprotocols: [right], listen: '127.0.0.1:0' })
  const a = await createEthereumjsHost({ nodeKey: nodeKey(), subprotocols: [left] })
  await a.dial(b.enode)
  const close = () => Promise.all([a.close(), b.close()])
  return { sender: await left.link, receiver: await right.link, close }
}

const carriers: readonly (readonly [name: string, make: () => Promise<Pair>])[] = [
  ['ours, TCP', ours('127.0.0.1:0')],
  ['ours, WebSocket', ours('ws://127.0.0.1:0/')],
  ['@ethereumjs/devp2p, TCP', stock],
]

for (const bytes of [100, 500, 64 * 1024]) {
  console.log(`one way, packets of ${bytes} B that do not compress`)
  await report(
    async (make) => throughput(await make(), bytes),
    (rate) => `${((rate * bytes) / 1e6).toFixed(1)} MB/s`,
  )
}
console.log('links made and ended, both sides in this process')
await report(handshakes, () => '')
await memory()

async function report(
  measure: (make: () => Promise<Pair>) => Promise<number>,
  more: (rate: number) => string,
): Promise<void> {
  const best = carriers.map(() => 0)
  for (let round = 0; round < 2; round++)
    for (const [i, [, make]] of carriers.entries()) best[i] = Math.max(best[i] as number, await measure(make))
  const last = best.at(-1) as number
  for (const [i, [name]] of carriers.entries()) {
    const rate = best[i] as number
    const times = last > 0 ? `${(rate / last).toFixed(1)}x` : ''
    console.log(
      `  ${name.padEnd(26)} ${Math.round(rate).toString().padStart(8)}/s ${times.padStart(7)}  ${more(rate)}`,
    )
  }
}

async function throughput({ sender, receiver, close }: Pair, bytes: number): Promise<number> {
  const body = systemRandom.bytes(bytes)
  let [received, isOver] = [0, false]
  const reading = (async () => {
    for await (const _packet of receiver.packets()) received++
  })()
  const end = performance.now() + (SECONDS * 1_000) / 2
  const start = performance.now()
  while (performance.now() < end) {
    for (let i = 0; i < 64 && !isOver; i++) if (sender.send(1, body) === 'full') await sender.drained()
    await new Promise((resolve) => setImmediate(resolve))
  }
  const rate = (received * 1_000) / (performance.now() - start)
  isOver = true
  await close()
  await reading
  return rate
}

async function handshakes(make: () => Promise<Pair>): Promise<number> {
  const end = performance.now() + (SECONDS * 1_000) / 2
  const start = performance.now()
  let count = 0
  for (; performance.now() < end; count++) {
    const { close } = await make()
    await close()
  }
  return (count * 1_000) / (performance.now() - start)
}

/** Both ends are in this process: a peer costs half of what a link does. */
async function memory(): Promise<void> {
  const limits = {
    maxPeers: PEERS + 10,
    maxPendingInbound: PEERS,
    maxPendingOutbound: 32,
    inboundIntervalMs: 0,
  }
  const nothing = { name: 'bench', version: 1, length: 16, run: () => {} }
  for (const [name, listen] of [
    ['TCP', '127.0.0.1:0'],
    ['WebSocket', 'ws://127.0.0.1:0/'],
  ] as const) {
    const hub = await createHost({ nodeKey: nodeKey(), subprotocols: [nothing], listen, transport, limits })
    const before = await settled()
    const others: Host[] = []
    for (let i = 0; i < PEERS; i++) {
      others.push(
        await createHost({ nodeKey: nodeKey(), subprotocols: [nothing], transport, peers: [hub.enode] }),
      )
      while (hub.peers().length < i - 32) await new Promise((resolve) => setTimeout(resolve, 1))
    }
    while (hub.peers().length < PEERS) await new Promise((resolve) => setTimeout(resolve, 10))
    const after = await settled()
    const kib = (bytes: number) => `${(bytes / PEERS / 2 / 1024).toFixed(1)} KiB`
    console.log(`${PEERS} idle peers over ${name}, for one end of a link`)
    console.log(
      `  heap ${kib(after.heap - before.heap)}, buffers ${kib(after.buffers - before.buffers)}, resident ${kib(after.rss - before.rss)}`,
    )
    await Promise.all([hub, ...others].map((host) => host.close()))
  }
}

async function settled(): Promise<{ heap: number; buffers: number; rss: number }> {
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => setTimeout(resolve, 300))
    collectGarbage()
  }
  const { heapUsed, external, rss } = process.memoryUsage()
  return { heap: heapUsed, buffers: external, rss }
}
