// RLPx: frames (encode and decode) and handshakes a second, ours and those of @ethereumjs/devp2p, in one run.
//   node --conditions=@status-protocol/source --import tsx bench/rlpx.ts
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import {
  type CryptoProvider,
  defaultProvider,
  generatePrivateKey,
  systemRandom,
} from '@status-protocol/crypto'
import { nobleProvider } from '@status-protocol/crypto/noble'
import { createLinkCore, type LinkCore, type LinkOutput } from '@status-protocol/p2p-devp2p'
import { createFrameDecoder } from '../packages/p2p-devp2p/src/rlpx/frame-decoder.ts'
import { createFrameEncoder } from '../packages/p2p-devp2p/src/rlpx/frame-encoder.ts'
import type { FrameSecrets } from '../packages/p2p-devp2p/src/rlpx/secrets.ts'

/** The parts of its handshake and framing that @ethereumjs/devp2p exports, some as `protected`. */
interface StockEcies {
  _gotEIP8Auth: boolean
  _gotEIP8Ack: boolean
  createAuthEIP8(): Uint8Array | undefined
  parseAuthEIP8(packet: Uint8Array): void
  createAckEIP8(): Uint8Array | undefined
  parseAckEIP8(packet: Uint8Array): void
  createBlockHeader(size: number): Uint8Array | undefined
  createBody(body: Uint8Array): Uint8Array | undefined
  parseHeader(header: Uint8Array): void
  parseBody(body: Uint8Array): Uint8Array | undefined
}
type StockEciesConstructor = new (key: Uint8Array, id: Uint8Array, remoteId: Uint8Array | null) => StockEcies

const SECONDS = Number(process.env.BENCH_SECONDS ?? 2)
const BODIES = [300, 500]
const PACKETS_A_CHUNK = 32
const stock = await loadStock()

for (const bytes of BODIES) {
  const body = systemRandom.bytes(bytes)
  report(`frames of ${bytes} B, encoded and decoded`, [
    [`ours, ${defaultProvider.name}`, framing(defaultProvider, body, false)],
    [`ours, ${defaultProvider.name}, Snappy`, framing(defaultProvider, body, true)],
    [`ours, ${defaultProvider.name}, whole link core`, link(body)],
    ['ours, noble', framing(nobleProvider, body, false)],
    ['@ethereumjs/devp2p', stockFraming(body)],
  ])
}
report('handshakes, both sides', [
  [`ours, ${defaultProvider.name}`, handshake(defaultProvider)],
  ['ours, noble', handshake(nobleProvider)],
  ['@ethereumjs/devp2p', stockHandshake],
])

/** Runs each for a while, three times in turn; the best counts, since other work on the machine only slows down. */
function report(title: string, contenders: readonly (readonly [string, () => void])[]): void {
  console.log(title)
  const best = contenders.map(() => 0)
  for (let round = 0; round < 3; round++)
    for (const [i, [, run]] of contenders.entries()) best[i] = Math.max(best[i] as number, rate(run))
  const last = best.at(-1) as number
  for (const [i, [name]] of contenders.entries()) {
    const perSecond = best[i] as number
    console.log(
      `  ${name.padEnd(36)} ${Math.round(perSecond).toString().padStart(8)}/s  ${(perSecond / last).toFixed(1)}x`,
    )
  }
}

function rate(run: () => void): number {
  const end = performance.now() + (SECONDS * 1000) / 3
  const start = performance.now()
  let count = 0
  while (performance.now() < end) for (let i = 0; i < 8; i++, count++) run()
  return (count * 1000) / (performance.now() - start)
}

function framing(crypto: CryptoProvider, body: Uint8Array, snappy: boolean): () => void {
  const [aes, mac] = [systemRandom.bytes(32), systemRandom.bytes(32)]
  const half = (): FrameSecrets => ({
    aes,
    mac,
    egressMac: crypto.createKeccak256(),
    ingressMac: crypto.createKeccak256(),
  })
  const encoder = createFrameEncoder(crypto, half())
  const decoder = createFrameDecoder(crypto, half())
  return () => {
    decoder.push(encoder.encode(17, body, snappy) as Uint8Array)
    if (decoder.next(0xff_ffff).type !== 'frame') throw new Error('no frame')
  }
}

/** One packet through two open cores, 32 to a chunk as they come from a busy socket. */
function link(body: Uint8Array): () => void {
  const { a, b } = openPair(defaultProvider)
  let frames: Uint8Array[] = []
  return () => {
    frames.push(a.send('shh', 1, body) as Uint8Array)
    if (frames.length < PACKETS_A_CHUNK) return
    if (b.receive(Buffer.concat(frames), 0).length !== PACKETS_A_CHUNK) throw new Error('lost packets')
    frames = []
  }
}

function handshake(crypto: CryptoProvider): () => void {
  return () => {
    openPair(crypto)
  }
}

function openPair(crypto: CryptoProvider): { readonly a: LinkCore; readonly b: LinkCore } {
  const common = {
    crypto,
    capabilities: [{ name: 'shh', version: 6, length: 128 }],
    clientName: 'bench',
    random: systemRandom,
  }
  const [aKey, bKey] = [generatePrivateKey(crypto, systemRandom), generatePrivateKey(crypto, systemRandom)]
  const a = createLinkCore({
    ...common,
    role: 'initiator',
    nodeKey: aKey,
    remoteId: crypto.publicKey(bKey).slice(1),
  })
  const b = createLinkCore({ ...common, role: 'responder', nodeKey: bKey })
  b.start(0)
  let toB = a.start(0)
  for (let i = 0; i < 3; i++) toB = carry(a, carry(b, toB))
  if (a.state.type !== 'open' || b.state.type !== 'open') throw new Error('no link')
  return { a, b }
}

function carry(to: LinkCore, outputs: readonly LinkOutput[]): readonly LinkOutput[] {
  return outputs.flatMap((output) => (output.type === 'write' ? to.receive(output.bytes, 0) : []))
}

function stockFraming(body: Uint8Array): () => void {
  const { a, b } = stockPair()
  const message = new Uint8Array([17, ...body])
  return () => {
    const header = a.createBlockHeader(message.length) as Uint8Array
    const sealed = a.createBody(message) as Uint8Array
    b.parseHeader(header)
    if (b.parseBody(sealed)?.length !== message.length) throw new Error('no frame')
  }
}

function stockHandshake(): void {
  stockPair()
}

function stockPair(): { readonly a: StockEcies; readonly b: StockEcies } {
  const keys = [0, 1].map(() => generatePrivateKey(defaultProvider, systemRandom)) as [Uint8Array, Uint8Array]
  const [aId, bId] = keys.map((key) => defaultProvider.publicKey(key).slice(1)) as [Uint8Array, Uint8Array]
  const a = new stock.ECIES(keys[0], aId, bId)
  const b = new stock.ECIES(keys[1], bId, null)
  b._gotEIP8Auth = true
  a._gotEIP8Ack = true
  b.parseAuthEIP8(a.createAuthEIP8() as Uint8Array)
  a.parseAckEIP8(b.createAckEIP8() as Uint8Array)
  return { a, b }
}

async function loadStock(): Promise<{ readonly ECIES: StockEciesConstructor }> {
  const from = createRequire(new URL('../packages/p2p-devp2p/package.json', import.meta.url))
  const commonJs = from.resolve('@ethereumjs/devp2p')
  return import(pathToFileURL(commonJs).href.replace('/cjs/', '/esm/'))
}
