/**
 * JSON-RPC over HTTP and WebSocket, on one port or two.
 *
 * What a stranger can make us hold is BOUNDED: connections, bytes of bodies over all connections, requests at work, and
 * how long somebody may take to ask.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { GrowingBytes } from '../growing-bytes.ts'
import { MAX_TEXT_CHARS, type RpcServer } from '../server.ts'
import { isJson, type Refusal, refusalOf } from './guard.ts'
import type { GuardOptions } from './guard-options.ts'
import { ListenError } from './listen-error.ts'
import { WebSockets } from './web-sockets.ts'

export const MAX_HTTP_CONNECTIONS = 128
/** Requests over HTTP that are worked on at the same time; more are told to come back. */
export const MAX_HTTP_REQUESTS = 64
/** Bodies that are being read, over all connections. */
export const MAX_BODIES_BYTES: number = 64 * 1024 * 1024
const MAX_HEADER_BYTES = 8 * 1024
/** A connection on which nothing is asked, and nothing being answered, for so long is closed. */
const IDLE_MS = 15_000
/** For a whole request to come in. */
const REQUEST_TIMEOUT_MS = 30_000
/** Who is refused while still sending is listened to for so long, without keeping anything, so that the answer arrives. */
const LINGER_MS = 1_000

export interface HttpListenOptions extends GuardOptions {
  readonly server: RpcServer
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  /** POST with a JSON body. Default true. */
  readonly http?: boolean
  /** WebSocket upgrades. Default false. */
  readonly ws?: boolean
  /** How long a connection may say nothing, or take to say the head of a request. Default 15,000 ms. */
  readonly idleMs?: number
}

export interface RpcListener {
  /** `host:port` with the real port, or a path. */
  readonly address: string
  /** Ends all connections and stops listening. */
  close(): Promise<void>
}

/** @throws ListenError */
export async function listenHttp(options: HttpListenOptions): Promise<RpcListener> {
  const { http = true, ws = false, idleMs = IDLE_MS } = options
  const requests = new Requests(options)
  const sockets = ws ? new WebSockets(options.server) : undefined
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: Math.min(idleMs, REQUEST_TIMEOUT_MS),
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: Math.min(idleMs, 2_000),
    },
    (request, response) => {
      if (http) requests.take(request, response)
      else refuse(request, response, { status: 405, text: 'only WebSocket here' })
    },
  )
  server.maxConnections = MAX_HTTP_CONNECTIONS
  server.setTimeout(idleMs, (socket: Socket) => {
    if (!requests.isBusy(socket)) socket.destroy()
  })
  server.on('clientError', (_error, socket: Duplex) => socket.destroy())
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    const refusal = refusalOf(request, options)
    if (refusal || !sockets) refuseUpgrade(socket, refusal ?? { status: 405, text: 'no WebSocket here' })
    else sockets.take(request, socket, head)
  })
  const address = await listening(server, options)
  return {
    address,
    async close() {
      sockets?.close()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

async function listening(server: Server, { host, port }: HttpListenOptions): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new ListenError(`${host}:${port} cannot be listened on (${error.code ?? error.message})`)),
    )
    server.listen({ host, port }, resolve)
  })
  server.on('error', () => undefined)
  const { address, port: real, family } = server.address() as AddressInfo
  return family === 'IPv6' ? `[${address}]:${real}` : `${address}:${real}`
}

class Requests {
  readonly #options: HttpListenOptions
  /** BOUNDED by MAX_HTTP_CONNECTIONS. */
  readonly #busy = new Map<Socket, number>()
  #running = 0
  #bodyBytes = 0

  constructor(options: HttpListenOptions) {
    this.#options = options
  }

  isBusy(socket: Socket): boolean {
    return this.#busy.has(socket)
  }

  take(request: IncomingMessage, response: ServerResponse): void {
    response.on('error', () => undefined)
    const refusal = this.#refusalOf(request)
    if (refusal) {
      refuse(request, response, refusal)
      return
    }
    this.#allowOrigin(request, response)
    if (request.method === 'OPTIONS') {
      response.writeHead(204, { 'content-length': 0 }).end()
      return
    }
    this.#running++
    const { socket } = request
    this.#busy.set(socket, (this.#busy.get(socket) ?? 0) + 1)
    void this.#answer(request, response)
      .catch(() => request.destroy())
      .finally(() => {
        this.#running--
        const others = (this.#busy.get(socket) ?? 1) - 1
        if (others > 0) this.#busy.set(socket, others)
        else this.#busy.delete(socket)
      })
  }

  #refusalOf(request: IncomingMessage): HttpRefusal | undefined {
    const refusal = refusalOf(request, this.#options) ?? methodRefusal(request)
    if (refusal || this.#running < MAX_HTTP_REQUESTS) return refusal
    return BUSY
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await this.#body(request)
    if (typeof body !== 'string') {
      refuse(request, response, body)
      return
    }
    const answer = await this.#options.server.handle(body, { transport: 'http' })
    if (answer === undefined) {
      response.writeHead(204).end()
      return
    }
    const bytes = Buffer.from(answer)
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length })
    response.end(bytes)
  }

  /** The whole body as text, or why not. */
  #body(request: IncomingMessage): Promise<string | HttpRefusal> {
    if (Number(request.headers['content-length'] ?? 0) > MAX_TEXT_CHARS) return Promise.resolve(TOO_LONG)
    const body = new GrowingBytes()
    let bytes = 0
    return new Promise<string | HttpRefusal>((resolve, reject) => {
      const take = (piece: Buffer): void => {
        bytes += piece.length
        this.#bodyBytes += piece.length
        if (bytes <= MAX_TEXT_CHARS && this.#bodyBytes <= MAX_BODIES_BYTES) body.push(piece)
        else {
          request.off('data', take)
          body.clear()
          resolve(bytes > MAX_TEXT_CHARS ? TOO_LONG : BUSY)
        }
      }
      request.on('data', take)
      request.once('end', () => resolve(new TextDecoder().decode(body.take())))
      request.once('error', reject)
      request.once('close', () => reject(new Error('the connection has ended')))
    }).finally(() => {
      this.#bodyBytes -= bytes
    })
  }

  /** Only for those that the guard has let through. */
  #allowOrigin({ headers }: IncomingMessage, response: ServerResponse): void {
    if (headers.origin === undefined) return
    response.setHeader('access-control-allow-origin', headers.origin)
    response.setHeader('vary', 'Origin')
    response.setHeader('access-control-allow-methods', 'POST')
    response.setHeader('access-control-allow-headers', 'Content-Type, Authorization')
    response.setHeader('access-control-max-age', '600')
  }
}

type HttpRefusal = { readonly status: Refusal['status'] | 413 | 503; readonly text: string }

const TOO_LONG: HttpRefusal = { status: 413, text: `expected a body of at most ${MAX_TEXT_CHARS} bytes` }
const BUSY: HttpRefusal = { status: 503, text: 'too many requests at the same time' }

function methodRefusal(request: IncomingMessage): Refusal | undefined {
  if (request.method === 'OPTIONS') return undefined
  if (request.method !== 'POST') return { status: 405, text: 'method not allowed; POST a JSON-RPC request' }
  if (!isJson(request))
    return { status: 415, text: 'invalid content type, only application/json is supported' }
  return undefined
}

/**
 * Says why and ends the connection: what is left of the body is thrown away. The answer is ended after that, because Node
 * closes the connection with it, and a caller who still sends would lose what they have not read yet.
 */
function refuse(request: IncomingMessage, response: ServerResponse, { status, text }: HttpRefusal): void {
  const bytes = Buffer.from(`${text}\n`)
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': bytes.length,
    connection: 'close',
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    ...(status === 405 ? { allow: 'POST' } : {}),
  })
  response.write(bytes)
  const { socket } = request
  const linger = setTimeout(() => socket.destroy(), LINGER_MS)
  socket.once('close', () => clearTimeout(linger))
  if (request.complete) response.end()
  else request.once('end', () => response.end())
  request.resume()
}

function refuseUpgrade(socket: Duplex, { status, text }: Refusal): void {
  const head = `HTTP/1.1 ${status} ${text.slice(0, 40)}\r\nConnection: close\r\nContent-Length: ${text.length + 1}\r\n\r\n`
  socket.end(`${head}${text}\n`, () => socket.destroy())
}
