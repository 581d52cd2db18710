/**
 * Bundles the page, starts a relay that takes WebSockets, and serves both on this machine:
 *
 *   node --conditions=@status-protocol/source --import tsx examples/web-chat/serve.ts [enode of a relay that is there already]
 */
import { readFile } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { defaultProvider, generatePrivateKey, systemRandom } from '@status-protocol/crypto'
import { combineTransports, createHost, parseEnode } from '@status-protocol/p2p-devp2p'
import { tcpTransport } from '@status-protocol/p2p-devp2p/node'
import { webSocketTransport } from '@status-protocol/p2p-devp2p/websocket'
import { createWhisper } from '@status-protocol/whisper'
import { build } from 'esbuild'

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** Others than pages reach it by TCP. A node that stays is `status-node --listen-ws ws://127.0.0.1:8080/p2p`. */
async function startRelay(): Promise<string> {
  const whisper = createWhisper()
  const { enode } = await createHost({
    nodeKey: generatePrivateKey(defaultProvider, systemRandom),
    subprotocols: [whisper.subprotocol],
    transport: combineTransports(tcpTransport(), webSocketTransport()),
    listen: ['127.0.0.1:0', 'ws://127.0.0.1:0/p2p'],
  })
  return enode
}

async function bundle(): Promise<Uint8Array> {
  const { outputFiles } = await build({
    ...{ entryPoints: [here('chat.ts')], bundle: true, minify: true, write: false },
    ...{ format: 'esm', platform: 'browser', target: 'es2022', conditions: ['@status-protocol/source'] },
  })
  return (outputFiles[0] as { contents: Uint8Array }).contents
}

const relay = process.argv[2] ?? (await startRelay())
const webSockets = parseEnode(relay).via ?? []
if (webSockets.length === 0)
  throw new Error('this relay takes no WebSockets: there is no via=ws://... in its enode')
/** The page needs no more than this; who has it changed on the way cannot send anything elsewhere. */
const POLICY = `default-src 'self'; connect-src 'self' ${webSockets.map((url) => new URL(url).origin).join(' ')}`

const files: Record<string, readonly [type: string, body: string | Uint8Array]> = {
  '/': ['text/html', await readFile(here('index.html'))],
  '/chat.css': ['text/css', await readFile(here('chat.css'))],
  '/chat.js': ['text/javascript', await bundle()],
  '/relay.json': ['application/json', JSON.stringify({ relay })],
}

const server = createServer(({ url = '' }, response: ServerResponse) => {
  const file = files[url]
  if (!file) return response.writeHead(404).end()
  const [type, body] = file
  response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'content-security-policy': POLICY })
  return response.end(body)
})
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  const script = files['/chat.js']?.[1] as Uint8Array
  const kB = (bytes: number) => Math.round(bytes / 1000)
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  console.log(`the page has ${kB(script.length)} kB of JavaScript, ${kB(gzipSync(script).length)} kB gzip`)
  console.log(`other programs: npx status chat --peer '${relay}'`)
})
