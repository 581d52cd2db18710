/** What `test/browser.ts` talks to: two status-node processes that are peers of each other. One line says where they are. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type NodeProcess, startNode, stopAll } from './programs.ts'

export interface BrowserPeers {
  readonly near: BrowserPeer
  readonly far: BrowserPeer
  readonly origins: readonly string[]
}

export interface BrowserPeer {
  /** With its WebSocket. */
  readonly enode: string
  /** Of JSON-RPC. */
  readonly ws: string
  readonly http: string
  readonly token?: string
}

const pageOrigin = process.env.PAGE_ORIGIN ?? ''
const common = ['--rpc-unsafe-keys', '--rpc-origin', pageOrigin, '--listen-ws', 'ws://127.0.0.1:0/p2p']

/** Where a page reaches what listens on all addresses. */
const local = (address: unknown) => `127.0.0.1:${String(address).split(':').at(-1)}`

function peer({ ready }: NodeProcess, token?: string): BrowserPeer {
  const [ws, http] = [`ws://${local(ready.ws)}`, `http://${local(ready.http)}`]
  return { enode: ready.enode, ws, http, ...(token !== undefined && { token }) }
}

process.stdin.resume().on('end', () => void stopAll().then(() => process.exit(0)))

const nearNode = await startNode([...common, '--http', '127.0.0.1:0', '--ws', '127.0.0.1:0'])
// not on loopback alone: it wants its token
const farNode = await startNode([
  ...common,
  ...['--http', '0.0.0.0:0', '--ws', '0.0.0.0:0', '--peer', nearNode.ready.enode],
])
const token = readFileSync(join(farNode.dataDir, 'rpc-token'), 'utf8').trim()
const [near, far] = [peer(nearNode), peer(farNode, token)]
const webSockets = [near, far].flatMap(({ enode }) => new URL(enode).searchParams.getAll('via'))
const origins = [...webSockets, ...[near, far].flatMap(({ ws, http }) => [ws, http])]
const line: BrowserPeers = { near, far, origins: origins.map((url) => new URL(url).origin) }
console.log(JSON.stringify(line))
