import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { utf8 } from '@status-protocol/bytes'
import { defaultProvider } from '@status-protocol/crypto'
import type { RemoteWhisper, RemoteWhisperEvent, RpcServer } from '@status-protocol/rpc'
import { connectRemoteWhisper, listenHttp, listenIpc, type RpcListener } from '@status-protocol/rpc/node'
import { topicFrom, type WhisperMessage } from '@status-protocol/whisper'
import { whisperServiceConformance } from '@status-protocol/whisper/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { pairOfNodes, type TestNode, testNode, until } from './support/world.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

type How = 'HTTP' | 'WebSocket' | 'a Unix socket'

async function serve(server: RpcServer, how: How, port = 0): Promise<{ at: string; listener: RpcListener }> {
  if (how === 'a Unix socket') {
    const dir = mkdtempSync(join(tmpdir(), 'rpc-remote-'))
    closing.push(() => rmSync(dir, { recursive: true, force: true }))
    const listener = await listenIpc({ server, path: join(dir, 'ipc') })
    return { at: listener.address, listener }
  }
  const listener = await listenHttp({ server, host: '127.0.0.1', port, ws: true })
  return { at: `${how === 'HTTP' ? 'http' : 'ws'}://${listener.address}`, listener }
}

async function close({ whisper, rpc }: TestNode): Promise<void> {
  rpc.close()
  await whisper.close()
}

for (const how of ['HTTP', 'WebSocket', 'a Unix socket'] as const)
  describe(`Whisper of a remote node over ${how}`, () => {
    const makeServices = async () => {
      const { a, b } = await pairOfNodes()
      const served = await Promise.all([a, b].map(({ rpc }) => serve(rpc, how)))
      const [remoteA, remoteB] = (await Promise.all(
        served.map(({ at }) => connectRemoteWhisper({ at }, { pollMs: 10 })),
      )) as [RemoteWhisper, RemoteWhisper]
      return {
        // What `a` posts may overtake what `b` subscribed to a moment before: these are two programs.
        a: {
          addKeyPair: (key: Uint8Array) => remoteA.addKeyPair(key),
          subscribe: (filter: Parameters<RemoteWhisper['subscribe']>[0]) => remoteA.subscribe(filter),
          status: () => remoteA.status(),
          post: async (message: Parameters<RemoteWhisper['post']>[0]) => {
            await remoteB.settled()
            return remoteA.post(message)
          },
        },
        b: remoteB,
        dispose: async () => {
          await Promise.all([remoteA.close(), remoteB.close()])
          for (const { listener } of served) await listener.close()
          for (const node of [a, b]) await close(node)
        },
      }
    }
    for (const { name, run } of whisperServiceConformance(makeServices)) it(name, run)
  })

const TOPIC = topicFrom(Uint8Array.of(1, 2, 3, 4))
const KEY = new Uint8Array(32).fill(1)
const message = (text: string) => ({
  to: { symKey: KEY },
  topic: TOPIC,
  payload: utf8(text),
  powTarget: 0.002,
})

/** One node, served on a port that can be closed and opened again. */
async function oneNode(how: How) {
  let node = testNode()
  let { at, listener } = await serve(node.rpc, how)
  closing.push(async () => {
    await listener.close()
    await close(node)
  })
  const remote = await connectRemoteWhisper({ at }, { pollMs: 10 })
  closing.push(() => remote.close())
  const events: RemoteWhisperEvent[] = []
  void (async () => {
    for await (const event of remote.events()) events.push(event)
  })()
  return {
    remote,
    events,
    current: () => node,
    at,
    /** Nothing listens any more. */
    stop: () => listener.close(),
    /** The same place; a node that knows nothing of the one before, if it is another one. */
    async start(other = false) {
      if (other) {
        await close(node)
        node = testNode()
      }
      const port = Number(at.split(':').at(-1))
      listener =
        how === 'a Unix socket'
          ? await listenIpc({ server: node.rpc, path: at })
          : await listenHttp({ server: node.rpc, host: '127.0.0.1', port, ws: true })
    },
  }
}

function read(remote: RemoteWhisper, filter: Parameters<RemoteWhisper['subscribe']>[0]): WhisperMessage[] {
  const heard: WhisperMessage[] = []
  void (async () => {
    for await (const one of remote.subscribe(filter)) heard.push(one)
  })()
  return heard
}
const textOf = ({ payload }: WhisperMessage) => new TextDecoder().decode(payload)

for (const how of ['HTTP', 'WebSocket', 'a Unix socket'] as const)
  describe(`when ${how} is lost`, () => {
    it('posts wait, and keys and filters are there again on the next connection, of a node that has forgotten all', async () => {
      const { remote, stop, start, events, current } = await oneNode(how)
      const pair = await remote.addKeyPair(new Uint8Array(32).fill(3))
      const publicKey = defaultProvider.publicKey(new Uint8Array(32).fill(3))
      const room = read(remote, { topics: [TOPIC], symKey: KEY })
      const everywhere = read(remote, { topics: [], symKey: KEY })
      const mine = read(remote, { topics: [TOPIC], keyPair: pair })
      await remote.post(message('one'))
      await until(() => room.length === 1 && everywhere.length === 1)

      await stop()
      const waiting = remote.post({ ...message('two'), signer: pair })
      await until(() => !remote.isConnected)
      await start(true)
      await waiting
      await remote.post({ ...message('three'), to: { publicKey }, signer: pair })
      await until(() => room.length === 2 && mine.length === 1 && everywhere.length === 2)
      expect(room.map(textOf)).toEqual(['one', 'two'])
      expect(everywhere.map(textOf)).toEqual(['one', 'two'])
      expect(mine.map(textOf)).toEqual(['three'])
      expect(mine[0]?.signer).toEqual(publicKey)
      expect(events.map(({ type }) => type)).toContain('disconnected')
      expect(events.at(-1)).toEqual({ type: 'connected', clientName: 'test/v1' })
      expect(current().whisper.stats().filters).toBe(3)
    })
  })

describe('a node that forgets without the connection being lost', () => {
  it('is told again: keys by HTTP, filters that it let expire', async () => {
    const { remote, current } = await oneNode('HTTP')
    const pair = await remote.addKeyPair(new Uint8Array(32).fill(3))
    const room = read(remote, { topics: [TOPIC], symKey: KEY })
    await remote.post({ ...message('one'), signer: pair })
    await until(() => room.length === 1)
    const { keys } = current().whisper
    keys.deleteKeyPair(pair)
    current().rpc.close() // all filters are gone
    await until(() => current().whisper.stats().filters === 1) // and there again
    await remote.post({ ...message('two'), signer: pair })
    await until(() => room.length === 2)
    expect(room.map(textOf)).toEqual(['one', 'two'])
  })
})

describe('what it tells', () => {
  it('is an end for every message: what a lost connection has not told of expires', async () => {
    const { remote, stop, start } = await oneNode('WebSocket')
    const news = remote.status()
    await remote.post({ ...message('alone'), ttlSeconds: 1 }) // no peer will confirm
    await stop()
    await until(() => !remote.isConnected)
    await start()
    const { value } = await news.next()
    expect(value?.state).toBe('expired')
  }, 20_000)

  it('is why it cannot be used', async () => {
    await expect(connectRemoteWhisper({ at: '/nowhere/ipc' })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('ENOENT'),
    })
    await expect(connectRemoteWhisper({ at: 'http://127.0.0.1:9' })).rejects.toThrow('cannot be used')
    await expect(connectRemoteWhisper({ at: 'ws://127.0.0.1:9' })).rejects.toThrow('ECONNREFUSED')
  })

  it('is that the node keeps keys to itself', async () => {
    const node = testNode(undefined, { rpc: { servesKeys: () => false } })
    const { at, listener } = await serve(node.rpc, 'WebSocket')
    closing.push(
      () => close(node),
      () => listener.close(),
    )
    const remote = await connectRemoteWhisper({ at })
    closing.push(() => remote.close())
    await expect(remote.addKeyPair(new Uint8Array(32).fill(3))).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('--rpc-unsafe-keys'),
    })
  })

  it('is the token that is missing', async () => {
    const node = testNode()
    const listener = await listenHttp({
      server: node.rpc,
      host: '127.0.0.1',
      port: 0,
      ws: true,
      token: 'x'.repeat(32),
    })
    closing.push(
      () => close(node),
      () => listener.close(),
    )
    for (const scheme of ['http', 'ws']) {
      const at = `${scheme}://${listener.address}`
      await expect(connectRemoteWhisper({ at })).rejects.toThrow('401')
      const remote = await connectRemoteWhisper({ at, token: 'x'.repeat(32) })
      expect(remote.isConnected).toBe(true)
      await remote.close()
    }
  })
})

describe('the end', () => {
  it('takes keys and filters back from the node, ends streams and refuses what comes later', async () => {
    const { remote, current } = await oneNode('WebSocket')
    const pair = await remote.addKeyPair(new Uint8Array(32).fill(3))
    const stream = remote.subscribe({ topics: [TOPIC], symKey: KEY })
    await remote.post({ ...message('one'), signer: pair })
    expect((await stream.next()).value).toBeDefined()
    expect(current().whisper.keys.size).toBe(2)
    await remote.close()
    expect(current().whisper.keys.size).toBe(0)
    expect(current().whisper.stats().filters).toBe(0)
    expect((await stream.next()).done).toBe(true)
    await expect(remote.post(message('two'))).rejects.toMatchObject({ code: 'closed' })
    expect(() => remote.subscribe({ topics: [], symKey: KEY })).toThrow('closed')
    await remote.close()
  })
})
