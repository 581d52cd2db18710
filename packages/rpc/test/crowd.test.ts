/** Many who hold what there is of a server, and one who only wants an answer. */
import { EventEmitter, once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRpcServer, route } from '@status-protocol/rpc'
import {
  Connections,
  type HttpListenOptions,
  listenHttp,
  listenIpc,
  MAX_HTTP_CONNECTIONS,
  MAX_HTTP_REQUESTS,
  MAX_HTTP_REQUESTS_PER_ADDRESS,
  MAX_WEB_SOCKETS,
  MAX_WEB_SOCKETS_PER_ADDRESS,
  ownerOf,
} from '@status-protocol/rpc/node'
import type { Miner } from '@status-protocol/whisper'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { testNode, until } from './support/world.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  vi.useRealTimers()
  for (const close of closing.splice(0).reverse()) await close()
})

describe('who counts as one', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['127.0.0.1', 'here'],
    ['127.9.9.9', 'here'],
    ['::ffff:127.0.0.1', 'here'],
    ['::1', 'here'],
    [undefined, 'here'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::6', '2001:db8:1:2::/64'],
    ['2001:db8::6', '2001:db8:0:0::/64'],
    ['::5', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('%s is %s', (address, owner) => {
    expect(ownerOf(address)).toBe(owner)
  })
})

class FakeSocket extends EventEmitter {
  readonly remoteAddress: string
  isDestroyed = false
  constructor(remoteAddress: string) {
    super()
    this.remoteAddress = remoteAddress
  }
  destroy(): void {
    this.isDestroyed = true
    queueMicrotask(() => this.emit('close'))
  }
}

describe('a server that is full', () => {
  function crowd(isExempt?: (address: string | undefined) => boolean) {
    const server = Object.assign(new EventEmitter(), { maxConnections: 0 })
    const connections = new Connections(server, { max: 10, maxPerAddress: 4, isExempt })
    const enter = (address: string) => {
      const socket = new FakeSocket(address)
      server.emit('connection', socket)
      return socket
    }
    const work = (socket: FakeSocket) => connections.work(socket)
    const keep = (socket: FakeSocket) => connections.keep(socket)
    return {
      connections,
      enter,
      work,
      keep,
      many: (n: number, address: string) => Array.from({ length: n }, () => enter(address)),
    }
  }
  const gone = (sockets: readonly FakeSocket[]) => sockets.map(({ isDestroyed }) => isDestroyed)

  it('lets one more of an address in for the oldest of the same', () => {
    const { many, enter, connections } = crowd()
    const others = many(3, '203.0.113.1')
    const own = many(4, '203.0.113.7')
    expect(enter('203.0.113.7').isDestroyed).toBe(false)
    expect(gone(own)).toEqual([true, false, false, false])
    expect(gone(others)).toEqual([false, false, false])
    expect(connections.size).toBe(7)
  })

  it('lets a newcomer in for the oldest of whoever holds the most', () => {
    const { many, enter } = crowd()
    const [few, most, some] = [many(2, '203.0.113.1'), many(4, '203.0.113.2'), many(4, '203.0.113.3')]
    expect(enter('203.0.113.9').isDestroyed).toBe(false)
    expect(gone([...few, ...most, ...some]).indexOf(true)).toBe(2)
    expect(enter('203.0.113.8').isDestroyed).toBe(false)
    expect(gone(some)).toEqual([true, false, false, false])
  })

  it('gives everybody a turn where each holds one', () => {
    const { enter } = crowd()
    const all = Array.from({ length: 10 }, (_, i) => enter(`203.0.113.${i}`))
    expect(enter('198.51.100.1').isDestroyed).toBe(false)
    expect(gone(all).indexOf(true)).toBe(0)
  })

  it('keeps those that are worked for, and WebSockets; is there nobody else, the newcomer goes', () => {
    const { many, enter, work, keep, connections } = crowd()
    const own = many(4, '203.0.113.7')
    const done = own.slice(0, 3).map(work)
    keep(own[3] as FakeSocket)
    expect(enter('203.0.113.7').isDestroyed).toBe(true)
    done[1]?.()
    expect(enter('203.0.113.7').isDestroyed).toBe(false)
    expect(gone(own)).toEqual([false, true, false, false])
    expect(connections.size).toBe(4)
  })

  it('lets those go last that were answered last', () => {
    const { many, enter, work } = crowd()
    const own = many(4, '203.0.113.7')
    work(own[0] as FakeSocket)()
    enter('203.0.113.7')
    expect(gone(own)).toEqual([false, true, false, false])
  })

  it('has no limit for this machine and for proxies but that of all', () => {
    const { many, connections } = crowd((address) => address === '10.0.0.1')
    expect(gone(many(5, '127.0.0.1'))).not.toContain(true)
    expect(gone(many(5, '10.0.0.1'))).not.toContain(true)
    expect(connections.size).toBe(10)
    many(1, '127.0.0.1')
    expect(connections.size).toBe(10)
  })

  it('forgets who has left', async () => {
    const { many, connections } = crowd()
    for (const socket of many(4, '203.0.113.7')) socket.destroy()
    await Promise.resolve()
    expect(connections.size).toBe(0)
  })
})

/** More than what systems keep for who does not read. */
const LARGE = 40_000_000
const HEAD = 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'

function testServer() {
  const held: (() => void)[] = []
  const ofText = { params: z.tuple([z.string()]), names: ['what'], result: z.string() }
  const server = createRpcServer(
    {
      test_echo: route({ summary: 'Echoes.', ...ofText }),
      test_large: route({ summary: 'Says much.', ...ofText }),
      test_slow: route({ summary: 'Waits.', ...ofText }),
    },
    {
      test_echo: ([what]) => what,
      test_large: () => 'x'.repeat(LARGE),
      test_slow: () => new Promise<string>((resolve) => held.push(() => resolve('done'))),
    },
  )
  return { server, held }
}

async function listen(options: Partial<HttpListenOptions> = {}) {
  const world = testServer()
  const listener = await listenHttp({
    server: world.server,
    host: '127.0.0.1',
    port: 0,
    ws: true,
    ...options,
  })
  closing.push(() => listener.close())
  return { ...world, port: Number(listener.address.split(':').at(-1)) }
}

const text = (method: string, what = 'hello') =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: [what] })

/** The status; 0: the connection ended without. */
function ask(port: number, body: string, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve) => {
    const type = { 'content-type': 'application/json' }
    const options = {
      host: '127.0.0.1',
      port,
      method: 'POST',
      headers: { ...type, ...headers },
      agent: false,
    }
    const asking = request(options, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0))
    })
    asking.on('error', () => resolve(0))
    asking.end(body)
  })
}

/** Opens as many connections as it can, says `first` on each, and comes again when one is closed. */
function attack(port: number, count: number, first: string): { readonly held: () => number } {
  const sockets = new Set<Socket>()
  let isOver = false
  const open = (): void => {
    if (isOver) return
    const socket = connect(port, '127.0.0.1', () => socket.write(first))
    sockets.add(socket)
    socket.on('error', () => undefined).resume()
    socket.on('close', () => {
      sockets.delete(socket)
      setTimeout(open, 200)
    })
  }
  for (let i = 0; i < count; i++) open()
  closing.push(() => {
    isOver = true
    for (const socket of sockets) socket.destroy()
  })
  return { held: () => [...sockets].filter((socket) => !socket.connecting && !socket.destroyed).length }
}

describe('an honest client is answered', () => {
  it.each([
    ['half of a head', `${HEAD}Content-Le`],
    ['nothing', ''],
    ['half of a body', `${HEAD}Content-Length: 1000\r\n\r\n{`],
  ])('while somebody holds all connections there are, on which they say %s', async (_what, first) => {
    const { port } = await listen()
    const { held } = attack(port, 200, first)
    await until(() => held() >= MAX_HTTP_CONNECTIONS - 8)
    for (let i = 0; i < 20; i++) expect(await ask(port, text('test_echo'))).toBe(200)
    expect(held()).toBeGreaterThan(MAX_HTTP_CONNECTIONS / 2)
  })

  it('while somebody holds bodies of 5 MB that do not end', async () => {
    const { port } = await listen()
    const body = Buffer.alloc(4_900_000, 0x20)
    const attackers = Array.from({ length: 14 }, () => {
      const socket = connect(port, '127.0.0.1')
      closing.push(() => socket.destroy())
      socket.on('error', () => undefined)
      const answered = once(socket, 'data').then(([piece]) => String(piece))
      socket.write(`${HEAD}Content-Length: ${body.length + 1}\r\n\r\n`)
      return new Promise<string>((resolve) => {
        void answered.then(resolve, () => resolve(''))
        socket.write(body, () => resolve(answered.catch(() => '')))
      })
    })
    // one of them was too much
    expect(await Promise.race(attackers)).toContain(' 503 ')
    expect(await ask(port, text('test_echo', 'x'.repeat(500_000)))).toBe(200)
  })

  it('and who does not read an answer loses it', async () => {
    const { port } = await listen({ answerMs: 300 })
    const lazy = connect(port, '127.0.0.1')
    closing.push(() => lazy.destroy())
    lazy.on('error', () => undefined)
    const body = text('test_large')
    lazy.write(`${HEAD}Content-Length: ${body.length}\r\n\r\n${body}`)
    await once(lazy, 'readable')
    await new Promise((resolve) => setTimeout(resolve, 600))
    let bytes = 0
    lazy.on('data', (piece: Buffer) => {
      bytes += piece.length
    })
    await once(lazy, 'close')
    expect(bytes).toBeLessThan(LARGE)
  })

  it('while others on one address behind a proxy have all that one may have', async () => {
    const clients = {
      isProxy: (address: string | undefined) => address === '127.0.0.1',
      of: (_address: string | undefined, headers: Readonly<Record<string, unknown>>) =>
        typeof headers['x-forwarded-for'] === 'string'
          ? { ip: headers['x-forwarded-for'] }
          : { fault: 'no address of a client' },
    }
    const { port, held } = await listen({ clients })
    const from = (ip: string) => ({ 'x-forwarded-for': ip })
    const slow = Array.from({ length: MAX_HTTP_REQUESTS_PER_ADDRESS }, () =>
      ask(port, text('test_slow'), from('203.0.113.7')),
    )
    await until(() => held.length === MAX_HTTP_REQUESTS_PER_ADDRESS)
    expect(await ask(port, text('test_echo'), from('203.0.113.7'))).toBe(503)
    expect(await ask(port, text('test_echo'), from('203.0.113.8'))).toBe(200)
    expect(await ask(port, text('test_echo'))).toBe(400)
    expect(MAX_HTTP_REQUESTS).toBeGreaterThan(MAX_HTTP_REQUESTS_PER_ADDRESS)
    for (const free of held.splice(0)) free()
    expect(new Set(await Promise.all(slow))).toEqual(new Set([200]))

    const open = (ip: string) =>
      new Promise<number>((resolve) => {
        const socket = new WebSocket(`ws://127.0.0.1:${port}`, { headers: ip === '' ? {} : from(ip) })
        closing.push(() => socket.terminate())
        socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
        socket.on('error', () => undefined)
        socket.on('close', (code) => resolve(code))
        socket.on('open', () => setTimeout(() => resolve(101), 100))
      })
    const sockets = Array.from({ length: MAX_WEB_SOCKETS_PER_ADDRESS }, () => open('203.0.113.7'))
    expect(new Set(await Promise.all(sockets))).toEqual(new Set([101]))
    expect(await open('203.0.113.7')).toBe(1013)
    expect(await open('203.0.113.8')).toBe(101)
    expect(await open('')).toBe(400)
  })
})

describe('WebSockets on which nothing is said', () => {
  it('give way after a minute, the most silent first; those who are told something stay', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const node = testNode()
    const listener = await listenHttp({ server: node.rpc, host: '127.0.0.1', port: 0, ws: true })
    closing.push(() => listener.close())
    const at = `ws://${listener.address}`
    const open = async () => {
      const socket = new WebSocket(at)
      closing.push(() => socket.terminate())
      const ended = once(socket, 'close').then(([code]) => code as number)
      await once(socket, 'open')
      return { socket, ended }
    }
    const listening = await open()
    const answer = once(listening.socket, 'message')
    listening.socket.send(
      JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'shhext_subscribe', params: ['envelopes'] }),
    )
    await answer
    const silent = []
    for (let i = 1; i < MAX_WEB_SOCKETS; i++) silent.push(await open())
    vi.advanceTimersByTime(50_000)
    expect(await (await open()).ended).toBe(1013)
    // the first of them speaks
    const heard = once((silent[0] as (typeof silent)[0]).socket, 'message')
    silent[0]?.socket.send('{}')
    await heard
    vi.advanceTimersByTime(20_000)
    const newcomer = await open()
    expect(await silent[1]?.ended).toBe(1013)
    for (const { socket } of [newcomer, listening, silent[0] as (typeof silent)[0]])
      expect(socket.readyState).toBe(WebSocket.OPEN)
  })
})

it('a WebSocket that was refused and does not close keeps its connection for two seconds, not for good', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  const node = testNode()
  const listener = await listenHttp({ server: node.rpc, host: '127.0.0.1', port: 0, ws: true })
  closing.push(() => listener.close())
  for (let i = 0; i < MAX_WEB_SOCKETS; i++) {
    const socket = new WebSocket(`ws://${listener.address}`)
    closing.push(() => socket.terminate())
    await once(socket, 'open')
  }
  const refused = connect(Number(listener.address.split(':')[1]), '127.0.0.1')
  closing.push(() => refused.destroy())
  const isClosed = once(refused, 'close')
  refused.write(
    [
      ...['GET / HTTP/1.1', 'Host: localhost', 'Connection: Upgrade', 'Upgrade: websocket'],
      ...['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', '', ''],
    ].join('\r\n'),
  )
  let said = ''
  await new Promise<void>((resolve) => {
    refused.on('data', (piece) => {
      said += piece.toString('latin1')
      if (said.includes('too many connections')) resolve()
    })
  })
  vi.advanceTimersByTime(2_000)
  await isClosed
})

describe('a search for proof of work ends with who asked for it', () => {
  function world() {
    const signals: AbortSignal[] = []
    const miner: Miner = {
      mine: (_rlp, _bits, _limitMs, signal) =>
        new Promise((resolve) => {
          signals.push(signal)
          signal.addEventListener('abort', () => resolve(undefined))
        }),
    }
    const node = testNode(undefined, { whisper: { miner } })
    closing.push(() => node.whisper.close())
    const symKeyID = node.whisper.keys.newSymmetricKey()
    const message = {
      symKeyID,
      topic: '0x01020304',
      payload: '0x01',
      ttl: 10,
      powTarget: 1_000,
      powTime: 100,
    }
    const one = (id: number) => ({ jsonrpc: '2.0', id, method: 'shh_post', params: [message] })
    return { node, signals, body: JSON.stringify([one(1), one(2)]) }
  }

  it('over HTTP', async () => {
    const { node, signals, body } = world()
    const listener = await listenHttp({ server: node.rpc, host: '127.0.0.1', port: 0 })
    closing.push(() => listener.close())
    const socket = connect(Number(listener.address.split(':').at(-1)), '127.0.0.1')
    socket.write(`${HEAD}Content-Length: ${body.length}\r\n\r\n${body}`)
    await until(() => signals.length === 1)
    expect(signals[0]?.aborted).toBe(false)
    socket.destroy()
    await until(() => signals[0]?.aborted)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(signals).toHaveLength(1) // the second one of the batch was not begun
  })

  it('over a WebSocket', async () => {
    const { node, signals, body } = world()
    const listener = await listenHttp({ server: node.rpc, host: '127.0.0.1', port: 0, ws: true })
    closing.push(() => listener.close())
    const socket = new WebSocket(`ws://${listener.address}`)
    await once(socket, 'open')
    socket.send(body)
    await until(() => signals.length === 1)
    socket.terminate()
    await until(() => signals[0]?.aborted)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(signals).toHaveLength(1)
  })

  it('over a Unix socket; who only has nothing more to say still waits', async () => {
    const { node, signals, body } = world()
    const dir = mkdtempSync(join(tmpdir(), 'rpc-crowd-'))
    closing.push(() => rmSync(dir, { recursive: true, force: true }))
    const listener = await listenIpc({ server: node.rpc, path: join(dir, 'ipc') })
    closing.push(() => listener.close())
    const socket = connect({ path: listener.address, allowHalfOpen: true })
    socket.end(body)
    await until(() => signals.length === 1)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(signals[0]?.aborted).toBe(false)
    socket.destroy()
    await listener.close()
    await until(() => signals[0]?.aborted)
  })

  it('and nothing holds on to the signals of posts that went well', async () => {
    const node = testNode()
    closing.push(() => node.whisper.close())
    const symKey = new Uint8Array(32).fill(1)
    const left = new AbortController()
    const listeners = vi.spyOn(left.signal, 'removeEventListener')
    await node.whisper.service.post(
      { to: { symKey }, topic: Uint8Array.of(1, 2, 3, 4) as never, payload: Uint8Array.of(1) },
      left.signal,
    )
    expect(listeners).toHaveBeenCalledOnce()
    left.abort()
    const late = node.whisper.service.post(
      { to: { symKey }, topic: Uint8Array.of(1, 2, 3, 4) as never, payload: Uint8Array.of(2) },
      left.signal,
    )
    await expect(late).rejects.toMatchObject({ code: 'aborted' })
  })
})
