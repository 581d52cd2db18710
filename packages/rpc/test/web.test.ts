/** What pages use, over a WebSocket of the same interface as theirs. The same runs in Chromium: apps/node/test/browser.ts. */
import { createServer } from 'node:net'
import { createRpcClient, NODE_ROUTES, type RpcServer } from '@status-protocol/rpc'
import { type HttpListenOptions, listenHttp } from '@status-protocol/rpc/node'
import { connectRemoteWhisper, connectTransport } from '@status-protocol/rpc/web'
import { whisperServiceConformance } from '@status-protocol/whisper/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { bearerProtocol, chosenProtocol, tokenOfProtocols } from '../src/remote/token-protocol.ts'
import { pairOfNodes, testNode, until } from './support/world.ts'

const options = { WebSocket: WebSocket as never, pollMs: 10 }
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function serve(server: RpcServer, more: Partial<HttpListenOptions> = {}): Promise<string> {
  const listener = await listenHttp({ server, host: '127.0.0.1', port: 0, ws: true, ...more })
  closing.push(() => listener.close())
  return `ws://${listener.address}`
}

function node() {
  const one = testNode()
  closing.push(async () => {
    one.rpc.close()
    await one.whisper.close()
  })
  return one
}

describe("Whisper of a remote node over the platform's WebSocket", () => {
  const makeServices = async () => {
    const { a, b } = await pairOfNodes()
    closing.push(async () => {
      for (const { rpc, whisper } of [a, b]) {
        rpc.close()
        await whisper.close()
      }
    })
    const connect = async (server: RpcServer) => connectRemoteWhisper({ at: await serve(server) }, options)
    const [remoteA, remoteB] = await Promise.all([connect(a.rpc), connect(b.rpc)])
    const post: typeof remoteA.post = async (message) => {
      await remoteB.settled()
      return remoteA.post(message)
    }
    return {
      a: {
        addKeyPair: (key: Uint8Array) => remoteA.addKeyPair(key),
        subscribe: (filter: Parameters<typeof remoteA.subscribe>[0]) => remoteA.subscribe(filter),
        status: () => remoteA.status(),
        post,
      },
      b: remoteB,
      dispose: async () => void (await Promise.all([remoteA.close(), remoteB.close()])),
    }
  }
  for (const { name, run } of whisperServiceConformance(makeServices)) it(name, run)
})

describe('the token of a node', () => {
  it.each(['x'.repeat(32), 'a/b+c=d,e"f'.repeat(4), 'ключ'.repeat(8), '~'.repeat(256)])(
    'goes with the subprotocols, whatever it is made of: %s',
    async (token) => {
      const at = await serve(node().rpc, { token })
      const remote = await connectRemoteWhisper({ at, token }, options)
      expect(remote.isConnected).toBe(true)
      await remote.close()
      for (const other of [undefined, `${token}x`, 'y'.repeat(32)])
        await expect(connectRemoteWhisper({ at, token: other }, options)).rejects.toMatchObject({
          code: 'unavailable',
          message: expect.stringContaining('--rpc-origin'),
        })
    },
  )

  it('is not repeated by the node, which chooses the other protocol', async () => {
    const token = 'x'.repeat(32)
    const at = await serve(node().rpc, { token })
    const socket = new WebSocket(at, [bearerProtocol(token), 'jsonrpc'])
    await new Promise((resolve) => socket.once('open', resolve))
    expect(socket.protocol).toBe('jsonrpc')
    socket.terminate()
    expect(chosenProtocol(new Set([bearerProtocol(token)]))).toBe(false)
  })

  it.each([
    undefined,
    '',
    'jsonrpc',
    'bearer.',
    'bearer.*',
    'bearer.a',
    'bearer.gA',
    'bearer',
    'xbearer.eHg',
  ])('is not in %j', (header) => {
    expect(tokenOfProtocols(header)).toBeUndefined()
  })
})

describe('a connection of a page', () => {
  it('is what other clients of a node can use too', async () => {
    const at = await serve(node().rpc)
    const transport = await connectTransport({ at }, options)
    const { call } = createRpcClient(NODE_ROUTES, transport)
    expect(await call.web3_clientVersion([])).toBe('test/v1')
    transport.close()
    await expect(call.web3_clientVersion([])).rejects.toMatchObject({ code: 'closed' })
  })

  it('says why there is none', async () => {
    await expect(connectTransport({ at: '/some/ipc' }, options)).rejects.toThrow('expected ws://')
    await expect(connectTransport({ at: 'ws://127.0.0.1:9' }, options)).rejects.toThrow('no connection')
    await expect(connectTransport({ at: 'ws://[' }, options)).rejects.toThrow()
  })

  it('says why it ended, and is made again', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    closing.push(() => server.close())
    await new Promise((resolve) => server.once('listening', resolve))
    const at = `ws://127.0.0.1:${(server.address() as { port: number }).port}`
    const ends = [
      [(socket: WebSocket) => socket.close(1013), 'too many connections'],
      [(socket: WebSocket) => socket.close(1008), 'too much at once'],
      [(socket: WebSocket) => socket.terminate(), 'has ended (1006)'],
      [(socket: WebSocket) => socket.send(Buffer.of(1)), 'no text'],
      [(socket: WebSocket) => socket.send('x'.repeat(33 * 1024 * 1024)), 'too much at once'],
    ] as const
    for (const [end, why] of ends) {
      server.once('connection', end)
      const transport = await connectTransport({ at }, options)
      for await (const _ of transport.incoming) expect.fail('something was said')
      expect(transport.why()).toContain(why)
      transport.send('to nobody')
      transport.close()
    }
  })

  it('is lost and found: what was asked for is asked for again', async () => {
    const one = node()
    const listener = await listenHttp({ server: one.rpc, host: '127.0.0.1', port: 0, ws: true })
    const port = Number(listener.address.split(':').at(-1))
    const remote = await connectRemoteWhisper({ at: `ws://${listener.address}` }, options)
    closing.push(() => remote.close())
    const symKey = new Uint8Array(32).fill(1)
    const topic = Uint8Array.of(1, 2, 3, 4) as never
    const heard: unknown[] = []
    void (async () => {
      for await (const message of remote.subscribe({ topics: [topic], symKey })) heard.push(message)
    })()
    const post = () => remote.post({ to: { symKey }, topic, payload: Uint8Array.of(1) })
    await post()
    await until(() => heard.length === 1)
    await listener.close()
    await until(() => !remote.isConnected)
    const waiting = post()
    const again = await listenHttp({ server: one.rpc, host: '127.0.0.1', port, ws: true })
    closing.push(() => again.close())
    await waiting
    await until(() => heard.length === 2)
  })

  it('does not wait for ever for who takes connections and says nothing', async () => {
    const silent = createServer(() => undefined)
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    closing.push(() => silent.close())
    const { port } = silent.address() as { port: number }
    const connecting = connectTransport({ at: `ws://127.0.0.1:${port}` }, { ...options, timeoutMs: 100 })
    await expect(connecting).rejects.toThrow('does not answer')
  })
})
