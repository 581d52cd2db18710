import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, linkSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { type IncomingHttpHeaders, request } from 'node:http'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemRandom } from '@status-protocol/crypto'
import { createRpcServer, MAX_TEXT_CHARS, route } from '@status-protocol/rpc'
import {
  type HttpListenOptions,
  ListenError,
  listenHttp,
  listenIpc,
  loadToken,
  MAX_HTTP_REQUESTS,
  MAX_IPC_CONNECTIONS,
  MAX_WEB_SOCKETS,
} from '@status-protocol/rpc/node'
import { collectGarbage } from '@status-protocol/testkit/garbage'
import { afterEach, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { z } from 'zod'

/** Listens, and does nothing else from then on. */
const BUSY_LISTENER = `
  const [, path] = process.argv
  require('node:net').createServer().listen({ path, backlog: 1 }, () => {
    require('node:fs').writeSync(1, 'listens')
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  })`

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** `slow` answers when `release` is called; `flood` tells as much as it is asked to. */
function testServer() {
  const held: (() => void)[] = []
  const stopped: string[] = []
  const server = createRpcServer(
    {
      test_echo: route({
        summary: 'Echoes.',
        params: z.tuple([z.unknown()]),
        names: ['what'],
        result: z.unknown(),
      }),
      test_slow: route({ summary: 'Waits.', params: z.tuple([]), names: [], result: z.string() }),
      test_from: route({ summary: 'Where from.', params: z.tuple([]), names: [], result: z.string() }),
    },
    {
      test_echo: ([what]) => what,
      test_slow: () => new Promise<string>((resolve) => held.push(() => resolve('done'))),
      test_from: (_params, { transport }) => transport,
    },
    {
      subscriptions: {
        random: systemRandom,
        routes: {
          test: {
            flood: route({
              summary: 'Tells.',
              params: z.tuple([z.number()]),
              names: ['n'],
              result: z.string(),
            }),
          },
        },
        handlers: {
          test: {
            flood: ([n], emit) => {
              for (let i = 0; i < n; i++) setImmediate(() => emit('x'.repeat(100_000)))
              return () => stopped.push('flood')
            },
          },
        },
      },
    },
  )
  return { server, stopped, held, release: () => void held.splice(0).map((free) => free()) }
}

async function http(options: Partial<HttpListenOptions> = {}) {
  const world = testServer()
  const listener = await listenHttp({
    server: world.server,
    host: '127.0.0.1',
    port: 0,
    ws: true,
    ...options,
  })
  closing.push(() => listener.close())
  const port = Number(listener.address.split(':').at(-1))
  return { ...world, listener, port, url: `http://${listener.address}`, wsUrl: `ws://${listener.address}` }
}

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** As a browser or anybody else could send it: every header can be said. */
function ask(
  port: number,
  body: string,
  headers: Record<string, string> = {},
  method = 'POST',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = request(
      { host: '127.0.0.1', port, method, headers: { 'content-type': 'application/json', ...headers } },
      (response) => {
        const pieces: Buffer[] = []
        response.on('data', (piece: Buffer) => pieces.push(piece))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(pieces).toString(),
          }),
        )
      },
    )
    asking.on('error', reject)
    asking.end(body)
  })
}

const echo = (what: unknown, id: unknown = 1) =>
  JSON.stringify({ jsonrpc: '2.0', id, method: 'test_echo', params: [what] })
const call = (method: string, params: unknown[] = [], id: unknown = 1) =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params })

async function until(probe: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await probe())) await new Promise((resolve) => setTimeout(resolve, 2))
}

describe('HTTP', () => {
  it('answers requests, batches, and notifications with nothing', async () => {
    const { port } = await http()
    const one = await ask(port, echo('é'))
    expect(one).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } })
    expect(JSON.parse(one.text)).toEqual({ jsonrpc: '2.0', id: 1, result: 'é' })
    expect(JSON.parse((await ask(port, `[${echo(1)},${echo(2, 2)}]`)).text)).toHaveLength(2)
    expect(await ask(port, '{"jsonrpc":"2.0","method":"test_from"}')).toMatchObject({ status: 204, text: '' })
    expect(JSON.parse((await ask(port, call('test_from'))).text)).toMatchObject({ result: 'http' })
    expect(JSON.parse((await ask(port, 'nonsense')).text)).toMatchObject({ error: { code: -32700 } })
    expect(JSON.parse((await ask(port, call('test_subscribe', ['flood', 1]))).text)).toMatchObject({
      error: { message: 'notifications not supported' },
    })
  })

  it.each<[string, Record<string, string>, string, number]>([
    ['another content type', { 'content-type': 'text/plain' }, 'POST', 415],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'POST', 415],
    ['GET', {}, 'GET', 405],
    ['PUT', {}, 'PUT', 405],
    ['a page of another name that points here', { host: 'evil.example' }, 'POST', 403],
    ['a name that begins like an address', { host: '127.0.0.1.evil.example:80' }, 'POST', 403],
    ['no name at all', { host: ':80' }, 'POST', 403],
    ['a page', { origin: 'https://evil.example' }, 'POST', 403],
    ['a page of a file', { origin: 'null' }, 'POST', 403],
    ['a page that asks whether it may', { origin: 'https://evil.example' }, 'OPTIONS', 403],
  ])('refuses %s', async (_name, headers, method, status) => {
    const { port } = await http()
    const answer = await ask(port, method === 'POST' ? echo(1) : '', headers, method)
    expect(answer.status).toBe(status)
    expect(answer.headers.connection).toBe('close')
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
  })

  it('takes addresses, localhost and the names it was told', async () => {
    const { port } = await http({ hosts: ['node.example'] })
    for (const host of ['127.0.0.1:1', 'localhost:8545', '[::1]:8545', 'NODE.example', 'localhost'])
      expect((await ask(port, echo(1), { host })).status, host).toBe(200)
    const charset = { 'content-type': 'Application/JSON; charset=utf-8' }
    expect((await ask(port, echo(1), charset)).status).toBe(200)
  })

  it('lets pages in that it was told of', async () => {
    const { port } = await http({ origins: ['https://app.example'] })
    const origin = 'https://app.example'
    const before = await ask(port, '', { origin, 'access-control-request-method': 'POST' }, 'OPTIONS')
    expect(before).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'POST',
        vary: 'Origin',
      },
    })
    expect(await ask(port, echo(1), { origin })).toMatchObject({
      status: 200,
      headers: { 'access-control-allow-origin': origin },
    })
    expect((await ask(port, echo(1), { origin: `${origin}.evil` })).status).toBe(403)
  })

  it('wants the token where there is one', async () => {
    const token = 'a'.repeat(64)
    const { port, wsUrl } = await http({ token })
    for (const authorization of [undefined, '', 'Bearer', `Bearer ${token}a`, `Basic ${token}`, token])
      expect((await ask(port, echo(1), authorization === undefined ? {} : { authorization })).status).toBe(
        401,
      )
    expect((await ask(port, echo(1), { authorization: `Bearer ${token}` })).status).toBe(200)
    await expect(open(wsUrl)).rejects.toThrow('401')
    const socket = await open(wsUrl, { headers: { authorization: `Bearer ${token}` } })
    expect(await said(socket, echo(5))).toMatchObject({ result: 5 })
  })

  it('refuses a body of 100 MB at its head, and one that does not say its length when it is too long', async () => {
    const { port } = await http()
    expect((await askInPieces(port, 'Content-Length: 104857600', 0)).status).toBe(413)
    const before = await keptBytes()
    const chunked = await askInPieces(port, 'Transfer-Encoding: chunked', 100 * 1024 * 1024)
    expect(chunked.status).toBe(413)
    expect(chunked.mostKept - before).toBeLessThan(4 * MAX_TEXT_CHARS)
    expect((await ask(port, echo('x'.repeat(MAX_TEXT_CHARS - 100)))).status).toBe(200)
  })

  it('takes a body of a million single bytes', async () => {
    const { port } = await http()
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    closing.push(() => socket.destroy())
    socket.write(
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
    )
    const piece = Buffer.from('1\r\n \r\n'.repeat(10_000))
    for (let i = 0; i < 100; i++)
      if (!socket.write(piece)) await new Promise((resolve) => socket.once('drain', resolve))
    const text = echo('small')
    const answer = once(socket, 'data')
    socket.write(`${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`)
    expect(String((await answer)[0])).toContain('"small"')
  })

  it('works on a bounded number of requests', async () => {
    const { port, release, held } = await http()
    const waiting = Array.from({ length: MAX_HTTP_REQUESTS }, () => ask(port, call('test_slow')))
    await until(() => held.length === MAX_HTTP_REQUESTS)
    expect((await ask(port, echo(1))).status).toBe(503)
    release()
    expect((await Promise.all(waiting)).every(({ status }) => status === 200)).toBe(true)
    expect((await ask(port, echo(1))).status).toBe(200)
  })

  it('closes connections on which nobody asks anything', async () => {
    const { port } = await http({ idleMs: 200 })
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    const head = connect(port, '127.0.0.1')
    head.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Le')
    socket.resume()
    head.resume()
    head.on('error', () => undefined)
    await Promise.all([once(socket, 'close'), once(head, 'close')])
  })

  it('says where it cannot listen', async () => {
    const { port, server } = await http()
    const again = listenHttp({ server, host: '127.0.0.1', port })
    await expect(again).rejects.toThrow(ListenError)
    await expect(again).rejects.toThrow(`127.0.0.1:${port} cannot be listened on (EADDRINUSE)`)
  })
})

describe('WebSocket', () => {
  it('answers, tells, and lets requests overtake each other', async () => {
    const { wsUrl, release, held } = await http()
    const socket = await open(wsUrl)
    const texts = collect(socket)
    socket.send(call('test_slow', [], 1))
    await until(() => held.length === 1)
    socket.send(call('test_from', [], 2))
    await until(() => texts.length === 1)
    release()
    await until(() => texts.length === 2)
    expect(texts.map((text) => JSON.parse(text).id)).toEqual([2, 1])
    expect(JSON.parse(texts[0] as string).result).toBe('ws')
    socket.send(call('test_subscribe', ['flood', 2], 3))
    await until(() => texts.length === 5)
    expect(JSON.parse(texts[4] as string)).toMatchObject({ method: 'test_subscription' })
  })

  it('refuses pages, names and more than there is room for', async () => {
    const { wsUrl, url } = await http()
    await expect(open(wsUrl, { origin: 'https://evil.example' })).rejects.toThrow('403')
    await expect(open(wsUrl, { headers: { host: 'evil.example' } })).rejects.toThrow('403')
    const sockets = await Promise.all(Array.from({ length: MAX_WEB_SOCKETS }, () => open(wsUrl)))
    const last = new WebSocket(wsUrl)
    const [code] = await once(last, 'close')
    expect(code).toBe(1013)
    expect(sockets).toHaveLength(MAX_WEB_SOCKETS)
    expect(url).toContain('http')
  })

  it('is only there if it was asked for', async () => {
    const { wsUrl, port } = await http({ ws: false })
    await expect(open(wsUrl)).rejects.toThrow('405')
    expect((await ask(port, echo(1))).status).toBe(200)
    const other = await http({ http: false })
    expect((await ask(other.port, echo(1))).status).toBe(405)
    expect(await said(await open(other.wsUrl), echo(1))).toMatchObject({ result: 1 })
  })

  it('ends with who sends too much at once, and with who does not read', async () => {
    const { wsUrl, stopped } = await http()
    const loud = await open(wsUrl)
    loud.on('error', () => undefined)
    loud.send('x'.repeat(MAX_TEXT_CHARS + 1))
    expect((await once(loud, 'close'))[0]).toBe(1009)

    const deaf = await open(wsUrl)
    deaf.on('error', () => undefined)
    deaf.send(call('test_subscribe', ['flood', 400])) // 40 MB
    deaf.pause()
    await until(() => stopped.length === 1)
    deaf.resume()
    await once(deaf, 'close')
  })

  it('works on a bounded number of requests of one connection', async () => {
    const { wsUrl, held, release } = await http()
    const socket = await open(wsUrl)
    const texts = collect(socket)
    for (let i = 0; i < 1_000; i++) socket.send(call('test_slow', [], i))
    await until(() => held.length === 16)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(held).toHaveLength(16)
    await until(() => {
      release()
      return texts.length === 1_000
    })
  })
})

describe('a Unix socket', () => {
  function place(): string {
    const dir = mkdtempSync(join(tmpdir(), 'rpc-ipc-'))
    closing.push(() => rmSync(dir, { recursive: true, force: true }))
    return join(dir, 'node.ipc')
  }
  async function ipc(path = place()) {
    const world = testServer()
    const listener = await listenIpc({ server: world.server, path })
    closing.push(() => listener.close())
    return { ...world, path, listener }
  }
  async function dial(path: string): Promise<{ socket: Socket; text(): string }> {
    const socket = connect(path)
    const pieces: Buffer[] = []
    socket.on('data', (piece: Buffer) => pieces.push(piece))
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    closing.push(() => socket.destroy())
    return { socket, text: () => Buffer.concat(pieces).toString() }
  }
  const lines = (text: string) => text.trim().split('\n').filter(Boolean)

  it('says that its directory is missing', async () => {
    const path = join(tmpdir(), 'there-is-no-such-directory', 'node.ipc')
    const listening = listenIpc({ server: testServer().server, path })
    await expect(listening).rejects.toThrow(ListenError)
    await expect(listening).rejects.toThrow(/there is no directory .*there-is-no-such-directory$/)
  })

  it('answers texts one behind the other, in pieces too', async () => {
    const { path } = await ipc()
    const { socket, text } = await dial(path)
    socket.write(`${echo(1)}${echo(2)}\n [${echo('é')}]`)
    await until(() => lines(text()).length === 3)
    for (const byte of Buffer.from(call('test_from'))) {
      socket.write(Uint8Array.of(byte))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await until(() => lines(text()).length === 4)
    expect(JSON.parse(lines(text())[3] as string)).toMatchObject({ result: 'ipc' })
  })

  it('answers who has already hung up to listen', async () => {
    const { path, held, release } = await ipc()
    const { socket, text } = await dial(path)
    socket.end(echo('last') + call('test_slow'))
    await until(() => held.length === 1)
    release()
    await once(socket, 'close')
    expect(lines(text())).toHaveLength(2)
  })

  it('belongs to the user alone and leaves nothing behind', async () => {
    const { path, listener } = await ipc()
    expect(statSync(path).mode & 0o777).toBe(0o600)
    await listener.close()
    expect(existsSync(path)).toBe(false)
  })

  it('replaces the socket of a process that is gone, and no other', async () => {
    const { path } = await ipc()
    await expect(ipc(path)).rejects.toThrow(`${path}: another process listens there`)
    const [whole, stale] = [place(), place()]
    const dead = createServer().listen(whole)
    await once(dead, 'listening')
    linkSync(whole, stale) // another name stays, as it does when a process is killed
    await new Promise((resolve) => dead.close(resolve))
    await expect(ipc(stale)).resolves.toBeDefined()
    const file = place()
    writeFileSync(file, 'important')
    await expect(ipc(file)).rejects.toThrow('there is a file that is no socket')
    expect(readFileSync(file, 'utf8')).toBe('important')
    await expect(ipc(join(tmpdir(), 'x'.repeat(200)))).rejects.toThrow('at most 107 bytes')
    await expect(ipc('/nowhere/at/all.ipc')).rejects.toThrow('cannot be listened on')
  })

  // elsewhere a full queue refuses like a process that is gone
  it.runIf(process.platform === 'linux')(
    'does not replace the socket of a process that is too busy to answer',
    async () => {
      const path = place()
      const busy = spawn(process.execPath, ['--eval', BUSY_LISTENER, path])
      closing.push(() => busy.kill('SIGKILL'))
      await once(busy.stdout, 'data')
      const waiting = Array.from({ length: 4 }, () => connect(path).on('error', () => undefined))
      closing.push(() => waiting.map((socket) => socket.destroy()))
      const isOver = (socket: Socket) => new Promise((resolve) => socket.on('close', resolve))
      await Promise.race(waiting.map(isOver)) // no more fit in
      await expect(ipc(path)).rejects.toThrow(`${path}: another process listens there`)
      expect(existsSync(path)).toBe(true)
    },
  )

  it('has a path that is one', async () => {
    const path = place()
    await expect(ipc(`${path}\0.ipc`)).rejects.toBeInstanceOf(ListenError)
    expect(existsSync(path)).toBe(false)
  })

  it.each([
    ['no JSON', 'nonsense', -32700],
    ['deep nesting', '['.repeat(10_000), -32700],
    ['a text that never ends', `{"x":"${'y'.repeat(MAX_TEXT_CHARS)}`, -32700],
  ])('ends with %s', async (_name, sent, code) => {
    const { path } = await ipc()
    const { socket, text } = await dial(path)
    socket.write(sent)
    await once(socket, 'close')
    expect(lines(text()).map((line) => JSON.parse(line))).toMatchObject([{ id: null, error: { code } }])
  })

  it('ends with who does not read, and keeps only so many', async () => {
    const { path, stopped } = await ipc()
    const { socket } = await dial(path)
    socket.pause()
    socket.write(call('test_subscribe', ['flood', 400]))
    await until(() => stopped.length === 1)
    const all = await Promise.all(Array.from({ length: MAX_IPC_CONNECTIONS }, () => dial(path)))
    const last = connect(path)
    last.on('error', () => undefined)
    last.resume()
    await once(last, 'close')
    expect(all).toHaveLength(MAX_IPC_CONNECTIONS)
  })
})

describe('the token', () => {
  it('is made once, for the owner alone', () => {
    const dir = mkdtempSync(join(tmpdir(), 'rpc-token-'))
    closing.push(() => rmSync(dir, { recursive: true, force: true }))
    const path = join(dir, 'token')
    const token = loadToken(path, systemRandom)
    expect(token).toMatch(/^[0-9a-f]{64}$/)
    expect(loadToken(path, systemRandom)).toBe(token)
    expect(readFileSync(path, 'utf8')).toBe(`${token}\n`)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    writeFileSync(path, 'short')
    expect(() => loadToken(path, systemRandom)).toThrow('holds no token')
    expect(() => loadToken(join(dir, 'no', 'token'), systemRandom)).toThrow('cannot be written')
  })
})

function open(url: string, options: WebSocket.ClientOptions = {}): Promise<WebSocket> {
  const socket = new WebSocket(url, options)
  closing.push(() => socket.terminate())
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket))
    socket.once('error', reject)
  })
}

function collect(socket: WebSocket): string[] {
  const texts: string[] = []
  socket.on('message', (data) => texts.push(String(data)))
  return texts
}

async function said(socket: WebSocket, text: string): Promise<unknown> {
  const answer = once(socket, 'message')
  socket.send(text)
  return JSON.parse(String((await answer)[0]))
}

/** A request whose body is sent until somebody hangs up. */
async function askInPieces(port: number, length: string, bytes: number) {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  let [sent, answer, open, mostKept] = [0, '', true, 0]
  socket.on('data', (piece: Buffer) => {
    answer += piece.toString()
  })
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      open = false
      resolve()
    })
  })
  socket.write(`POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${length}\r\n\r\n`)
  const piece = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(65_536, 0x20), Buffer.from('\r\n')])
  while (open && sent < bytes) {
    sent += 65_536
    if (!socket.write(piece))
      await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed])
    if (sent % (20 * 65_536) === 0) mostKept = Math.max(mostKept, await keptBytes())
  }
  await closed
  return { status: Number(/^HTTP\/1.1 (\d+)/.exec(answer)?.[1]), mostKept }
}

/** What somebody holds of buffers, not what nobody has collected yet. */
async function keptBytes(): Promise<number> {
  await collectGarbage()
  return process.memoryUsage().arrayBuffers
}
