// Messages of 500 B between two processes over TCP on loopback: our links, and those of @ethereumjs/devp2p as it comes
// (with noDelay set), in turn, in one run.
//   node --conditions=@status-protocol/source --import tsx bench/messages.ts
import { type ChildProcess, fork } from 'node:child_process'
import { createRequire } from 'node:module'
import type { Socket } from 'node:net'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { defaultProvider, generatePrivateKey, systemRandom } from '@status-protocol/crypto'
import { createHost, type Link, parseEnode } from '@status-protocol/p2p-devp2p'

const BYTES = 500
const ROUNDS = 3
/** What the issue of this benchmark asks for. */
const TARGET_RATIO = 5
const LIMIT_MS = 60_000
const CAPABILITY = { name: 'bench', version: 1, length: 16 } as const

type Kind = 'ours' | 'stock'
/** What the receiving process says. */
type Said = { enode: string } | { ratePerSecond: number }

/** Random, so that Snappy finds nothing, as with encrypted envelopes. */
const body = systemRandom.bytes(BYTES)
const nodeKey = generatePrivateKey(defaultProvider, systemRandom)

if (process.send) await receive(process.argv[2] as Kind, Number(process.argv[3]))
else await compare()

async function compare(): Promise<void> {
  const best = { ours: 0, stock: 0 }
  for (let round = 0; round < ROUNDS; round++) {
    best.ours = Math.max(best.ours, await measure('ours', 60_000))
    best.stock = Math.max(best.stock, await measure('stock', 6_000))
  }
  const ratio = best.ours / best.stock
  console.log(`messages of ${BYTES} B between two processes (best of ${ROUNDS})`)
  console.log(`  ours, ${defaultProvider.name.padEnd(28)} ${Math.round(best.ours).toLocaleString('en')}/s`)
  console.log(
    `  ${'@ethereumjs/devp2p, noDelay set'.padEnd(34)} ${Math.round(best.stock).toLocaleString('en')}/s`,
  )
  console.log(`  ratio ${ratio.toFixed(1)} (to reach: ${TARGET_RATIO})`)
  if (ratio < TARGET_RATIO) process.exitCode = 1
  process.exit()
}

/** Messages a second, as the receiver sees them from the first to the last. */
async function measure(kind: Kind, count: number): Promise<number> {
  const child = fork(fileURLToPath(import.meta.url), [kind, String(count)])
  const said = await next(child)
  if (!('enode' in said)) throw new Error('expected an enode')
  const result = next(child)
  await (kind === 'ours' ? sendOurs(said.enode, count) : sendStock(said.enode, count))
  const answer = await result
  child.kill()
  if (!('ratePerSecond' in answer)) throw new Error('expected a rate')
  return answer.ratePerSecond
}

function next(child: ChildProcess): Promise<Said> {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('the receiver says nothing')), LIMIT_MS).unref()
    child.once('message', (said) => resolve(said as Said))
    child.once('exit', (code) => reject(new Error(`the receiver ended with ${code}`)))
  })
}

async function receive(kind: Kind, count: number): Promise<void> {
  const tell = (said: Said) => process.send?.(said)
  const counter = createCounter(count, (ratePerSecond) => tell({ ratePerSecond }))
  if (kind === 'stock') return tell({ enode: await listenStock(counter) }) as never
  const host = await createHost({
    nodeKey,
    listen: '127.0.0.1:0',
    subprotocols: [
      {
        ...CAPABILITY,
        async run(link: Link) {
          for await (const _ of link.packets()) counter()
        },
      },
    ],
  })
  tell({ enode: host.enode })
}

function createCounter(count: number, done: (ratePerSecond: number) => void): () => void {
  let seen = 0
  let startedAt = 0
  return () => {
    if (seen++ === 0) startedAt = performance.now()
    if (seen === count) done(((count - 1) * 1000) / (performance.now() - startedAt))
  }
}

async function sendOurs(enode: string, count: number): Promise<void> {
  const link = await new Promise<Link>((resolve) => {
    void createHost({ nodeKey, peers: [enode], subprotocols: [{ ...CAPABILITY, run: resolve }] })
  })
  for (let sent = 0; sent < count; ) {
    const result = link.send(1, body)
    if (result === 'ok') sent++
    else if (result === 'full') await link.drained()
    else throw new Error('the link was closed')
  }
}

/** The parts of the library that a subprotocol of one's own needs; its `Protocol` class is not exported. */
interface StockPeer {
  readonly _socket: Socket
}
interface StockRlpx {
  readonly id: Uint8Array
  readonly _server: import('node:net').Server
  readonly events: { on(event: string, listener: (...args: never[]) => void): void }
  listen(port: number, host: string): void
  connect(peer: { id: Uint8Array; address: string; tcpPort: number }): Promise<void>
}
interface Snappy {
  compress(bytes: Uint8Array): Uint8Array
}

async function stockLibrary() {
  const require = createRequire(new URL('../packages/p2p-devp2p/package.json', import.meta.url))
  const path = require.resolve('@ethereumjs/devp2p')
  const library = (await import(pathToFileURL(path).href)) as {
    RLPx: new (key: Uint8Array, options: object) => StockRlpx
  }
  return { RLPx: library.RLPx, snappy: createRequire(path)('snappyjs') as Snappy }
}

/** As the library's own subprotocols do it: they compress every body that they send. */
async function createStock(onMessage: () => void, onSend: (send: () => void, socket: Socket) => void) {
  const { RLPx, snappy } = await stockLibrary()
  class Bench {
    readonly send: () => void
    constructor(_version: number, _peer: StockPeer, send: (code: number, body: Uint8Array) => void) {
      this.send = () => send(1, snappy.compress(body))
    }
    /** The library has uncompressed the body already. */
    _handleMessage(): void {
      onMessage()
    }
  }
  const rlpx = new RLPx(nodeKey, {
    capabilities: [{ ...CAPABILITY, constructor: Bench }],
    clientId: new TextEncoder().encode('bench'),
    maxPeers: 5,
    listenPort: null,
  })
  rlpx.events.on('error', () => undefined)
  rlpx.events.on('peer:added', ((peer: StockPeer & { getProtocols(): Bench[] }) => {
    peer._socket.setNoDelay(true)
    onSend((peer.getProtocols()[0] as Bench).send, peer._socket)
  }) as never)
  return rlpx
}

async function listenStock(counter: () => void): Promise<string> {
  const rlpx = await createStock(counter, () => undefined)
  await new Promise<void>((resolve) => {
    rlpx._server.once('listening', resolve)
    rlpx.listen(0, '127.0.0.1')
  })
  const { port } = rlpx._server.address() as { port: number }
  return `enode://${Buffer.from(rlpx.id).toString('hex')}@127.0.0.1:${port}`
}

async function sendStock(enode: string, count: number): Promise<void> {
  const { peerId, tcpPort } = parseEnode(enode)
  const { send, socket } = await new Promise<{ send: () => void; socket: Socket }>((resolve) => {
    void createStock(
      () => undefined,
      (send, socket) => resolve({ send, socket }),
    ).then((rlpx) => rlpx.connect({ id: peerId, address: '127.0.0.1', tcpPort }))
  })
  for (let sent = 0; sent < count; sent++) {
    send()
    // It has no back-pressure of its own: let the socket empty itself now and then.
    if (sent % 100 === 99) while (socket.writableLength > 65_536) await new Promise(setImmediate)
  }
}
