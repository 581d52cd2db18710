/** The nginx that docs/operations.md shows, in front of a node: whom the node sees. Skipped where there is none. */
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createHost, parseEnode } from '@status-protocol/p2p-devp2p'
import { webSocketTransport } from '@status-protocol/p2p-devp2p/web'
import { createRpcClient, NODE_ROUTES } from '@status-protocol/rpc'
import { connectTransport } from '@status-protocol/rpc/node'
import { createWhisper } from '@status-protocol/whisper'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { newKey } from './peers.ts'
import { atTheEnd, startNode, stopAll, temporaryDirectory, until } from './programs.ts'

const hasNginx = spawnSync('nginx', ['-v']).status === 0
const DOCS = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8')

afterEach(stopAll)

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })

/** The block of the page, on another port and without TLS. Where it is. */
async function startNginx(nodePort: number): Promise<string> {
  const [folder, port] = [temporaryDirectory(), await freePort()]
  const [, shown = ''] = /^```nginx\n([\s\S]*?)^```/m.exec(DOCS) ?? []
  const server = shown
    .replace('listen 443 ssl;', `listen 127.0.0.1:${port};`)
    .replace(/^ *ssl_.*\n/gm, '')
    .replace('127.0.0.1:8080', `127.0.0.1:${nodePort}`)
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder};`)
    .join('\n')
  const config = `daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/log;
    events {} http { access_log off; ${temporary} ${server} }`
  const file = join(folder, 'nginx.conf')
  writeFileSync(file, config)
  const child = spawn('nginx', ['-c', file, '-e', `${folder}/log`])
  const exited = new Promise((resolve) => child.once('exit', resolve))
  atTheEnd(() => {
    child.kill()
    return exited
  })
  const origin = `127.0.0.1:${port}`
  await until(
    () =>
      fetch(`http://${origin}/`).then(
        () => true,
        () => false,
      ),
    'nginx',
  )
  return origin
}

/** A peer at that address, with headers that it makes up. */
async function dial(enode: string, localAddress: string, headers: Record<string, string>) {
  class Liar extends WebSocket {
    constructor(url: string) {
      super(url, { localAddress, headers })
    }
  }
  const whisper = createWhisper()
  const host = await createHost({
    ...{ nodeKey: newKey(), subprotocols: [whisper.subprotocol], peers: [enode] },
    transport: webSocketTransport({ WebSocket: Liar as never }),
  })
  atTheEnd(async () => {
    await whisper.close()
    await host.close()
  })
  await until(() => whisper.peers().length === 1, 'the handshake')
}

describe.skipIf(!hasNginx)('a node behind nginx', () => {
  it('sees who connects, whatever they say of themselves', async () => {
    const node = await startNode([
      ...['--listen-ws', 'ws://127.0.0.1:0/p2p', '--trusted-proxy', '127.0.0.1', '--ipc'],
    ])
    const own = parseEnode(node.ready.enode)
    const origin = await startNginx(Number(new URL(own.via?.[0] ?? '').port))
    const { peerId } = own
    const enode = `enode://${Buffer.from(peerId).toString('hex')}?via=ws://${origin}/p2p`
    const lies = { 'x-forwarded-for': '9.9.9.9', forwarded: 'for=9.9.9.9' }
    await dial(enode, '127.0.0.2', lies)
    await dial(enode, '127.0.0.3', {})
    const { call } = createRpcClient(NODE_ROUTES, await connectTransport({ at: node.ready.ipc as string }))
    const addresses = (await call.admin_peers([])).map(({ network }) => network.remoteAddress.split(':')[0])
    expect(addresses.sort()).toEqual(['127.0.0.2', '127.0.0.3'])
  })
})
