/**
 * JSON-RPC over HTTP and WebSocket, on one port or two.
 *
 * What a stranger can make us hold is BOUNDED: connections, bytes of bodies over all connections, requests at work, and
 * how long somebody may take to ask.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { MAX_TEXT_CHARS, type RpcServer } from '../server.ts'
import { type GuardOptions, isJson, type Refusal, refusalOf } from './guard.ts'
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
const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000

export interface HttpListenOptions extends GuardOptions {
  readonly server: RpcServer
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  /** POST with a JSON body. Default true. */
  readonly http?: boolean
  /** WebSocket upgrades. Default false. */
  readonly ws?: boolean
}

export interface RpcListener {
  /** `host:port` with the real port, or a path. */
  readonly address: string
  /** Ends all connections and stops listening. */
  close(): Promise<void>
}

/** @throws ListenError */
export async function listenHttp(options: HttpListenOptions): Promise<RpcListener> {
  const { http = true, ws = false } = options
  const requests = new Requests(options)
  const sockets = ws ? new WebSockets(options.server) : undefined
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: 2_000,
    },
    (request, response) => {
      if (http) requests.take(request, response)
      else refuse(request, response, { status: 405, text: 'only WebSocket here' })
    },
  )
  server.maxConnections = MAX_HTTP_CONNECTIONS
  server.setTimeout(IDLE_MS, (socket: Socket) => {
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
    return { status: 503, text: 'too many requests at the same time' }
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
  async #body(request: IncomingMessage): Promise<string | HttpRefusal> {
    const tooLong = { status: 413, text: `expected a body of at most ${MAX_TEXT_CHARS} bytes` } as const
    if (Number(request.headers['content-length'] ?? 0) > MAX_TEXT_CHARS) return tooLong
    const pieces: Buffer[] = []
    let bytes = 0
    try {
      for await (const piece of request as AsyncIterable<Buffer>) {
        bytes += piece.length
        this.#bodyBytes += piece.length
        if (bytes > MAX_TEXT_CHARS) return tooLong
        if (this.#bodyBytes > MAX_BODIES_BYTES)
          return { status: 503, text: 'too many bytes of requests at the same time' }
        pieces.push(piece)
      }
      return Buffer.concat(pieces, bytes).toString('utf8')
    } finally {
      this.#bodyBytes -= bytes
    }
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

function methodRefusal(request: IncomingMessage): Refusal | undefined {
  if (request.method === 'OPTIONS') return undefined
  if (request.method !== 'POST') return { status: 405, text: 'method not allowed; POST a JSON-RPC request' }
  if (!isJson(request))
    return { status: 415, text: 'invalid content type, only application/json is supported' }
  return undefined
}

/** Says why and closes the connection: what is left of the body is not read. */
function refuse(request: IncomingMessage, response: ServerResponse, { status, text }: HttpRefusal): void {
  const bytes = Buffer.from(`${text}\n`)
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': bytes.length,
    connection: 'close',
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    ...(status === 405 ? { allow: 'POST' } : {}),
  })
  response.end(bytes, () => request.socket.destroySoon())
}

function refuseUpgrade(socket: Duplex, { status, text }: Refusal): void {
  const head = `HTTP/1.1 ${status} ${text.slice(0, 40)}\r\nConnection: close\r\nContent-Length: ${text.length + 1}\r\n\r\n`
  socket.end(`${head}${text}\n`, () => socket.destroy())
}
