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
import { Connections, ownerOf } from './connections.ts'
import { isJson, type Refusal, refusalOf } from './guard.ts'
import type { GuardOptions } from './guard-options.ts'
import { ListenError } from './listen-error.ts'
import { WebSockets } from './web-sockets.ts'

export const MAX_HTTP_CONNECTIONS = 128
/** Of one address, of IPv6 its /64; this machine's own have no limit of theirs. */
export const MAX_HTTP_CONNECTIONS_PER_ADDRESS = 32
/** Requests over HTTP that are worked on at the same time; more are told to come back. */
export const MAX_HTTP_REQUESTS = 64
/** Of one address other than this machine's. */
export const MAX_HTTP_REQUESTS_PER_ADDRESS = 16
/** Bodies that are being read, over all connections. */
export const MAX_BODIES_BYTES: number = 64 * 1024 * 1024
const MAX_HEADER_BYTES = 8 * 1024
/** A connection on which nothing is asked, and nothing being answered, for so long is closed. */
const IDLE_MS = 15_000
/** For a whole request to come in. */
const REQUEST_TIMEOUT_MS = 30_000
/** Who is refused while still sending is listened to for so long, without keeping anything, so that the answer arrives. */
const LINGER_MS = 1_000
const ANSWER_MS = 30_000

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
  /** How long an answer may take to be read. Default 30,000 ms. */
  readonly answerMs?: number
  /**
   * Who asks, where a proxy stands in front: `clientAddresses(..)` of `@status-protocol/p2p-devp2p/websocket`. Default: who connects.
   */
  readonly clients?: HttpClients
}

/** Tells who is behind a proxy. */
export interface HttpClients {
  isProxy(address: string | undefined): boolean
  of(
    address: string | undefined,
    headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  ): { readonly ip: string | undefined; readonly fault?: undefined } | { readonly fault: string }
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
  const connections = new Connections(server, {
    max: MAX_HTTP_CONNECTIONS,
    maxPerAddress: MAX_HTTP_CONNECTIONS_PER_ADDRESS,
    isExempt: options.clients?.isProxy,
  })
  const requests = new Requests(options, connections)
  server.setTimeout(idleMs, (socket: Socket) => {
    if (!connections.isWorking(socket)) socket.destroy()
  })
  server.on('clientError', (_error, socket: Duplex) => socket.destroy())
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    const client = clientOf(request, options)
    const refusal = refusalOf(request, options) ?? client.refusal
    if (refusal || !sockets) {
      refuseUpgrade(socket, refusal ?? { status: 405, text: 'no WebSocket here' })
      return
    }
    connections.keep(request.socket)
    sockets.take(request, socket, { head, owner: client.owner })
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

/** Whom a request counts for. */
function clientOf(
  { socket, headers }: IncomingMessage,
  { clients }: HttpListenOptions,
): { readonly owner: string; readonly refusal?: Refusal } {
  const client = clients?.of(socket.remoteAddress, headers) ?? { ip: socket.remoteAddress }
  if (client.fault === undefined) return { owner: ownerOf(client.ip) }
  return { owner: '', refusal: { status: 400, text: client.fault } }
}

interface Reading {
  readonly owner: string
  bytes: number
  giveUp(why: HttpRefusal): void
}

class Requests {
  readonly #options: HttpListenOptions
  readonly #connections: Connections
  /** Requests that are worked on, by whom they are for. BOUNDED by MAX_HTTP_REQUESTS. */
  readonly #running = new Map<string, number>()
  #runningCount = 0
  /** Bodies that come in. BOUNDED by the connections. */
  readonly #reading = new Set<Reading>()
  #bodyBytes = 0

  constructor(options: HttpListenOptions, connections: Connections) {
    this.#options = options
    this.#connections = connections
  }

  take(request: IncomingMessage, response: ServerResponse): void {
    response.on('error', () => undefined)
    const { owner, refusal: fault } = clientOf(request, this.#options)
    const refusal = refusalOf(request, this.#options) ?? fault ?? methodRefusal(request)
    if (refusal) {
      refuse(request, response, refusal)
      return
    }
    this.#allowOrigin(request, response)
    if (request.method === 'OPTIONS') {
      response.writeHead(204, { 'content-length': 0 }).end()
      return
    }
    void this.#answer(request, response, owner).catch(() => request.destroy())
  }

  async #answer(request: IncomingMessage, response: ServerResponse, owner: string): Promise<void> {
    const body = await this.#body(request, owner)
    if (typeof body !== 'string' || this.#isBusy(owner)) {
      refuse(request, response, typeof body === 'string' ? BUSY : body)
      return
    }
    const answer = await this.#work(request, owner, body)
    const late = setTimeout(() => request.socket.destroy(), this.#options.answerMs ?? ANSWER_MS)
    response.once('close', () => clearTimeout(late))
    if (answer === undefined) {
      response.writeHead(204).end()
      return
    }
    const bytes = Buffer.from(answer)
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length })
    response.end(bytes)
  }

  #isBusy(owner: string): boolean {
    if (this.#runningCount >= MAX_HTTP_REQUESTS) return true
    return owner !== OWN && (this.#running.get(owner) ?? 0) >= MAX_HTTP_REQUESTS_PER_ADDRESS
  }

  async #work({ socket }: IncomingMessage, owner: string, text: string): Promise<string | undefined> {
    const left = new AbortController()
    const leave = (): void => left.abort()
    const done = this.#connections.work(socket)
    socket.once('close', leave)
    this.#runningCount++
    this.#running.set(owner, (this.#running.get(owner) ?? 0) + 1)
    try {
      return await this.#options.server.handle(text, { transport: 'http', signal: left.signal })
    } finally {
      done()
      socket.off('close', leave)
      this.#runningCount--
      const others = (this.#running.get(owner) ?? 1) - 1
      if (others > 0) this.#running.set(owner, others)
      else this.#running.delete(owner)
    }
  }

  /** The whole body as text, or why not. */
  #body(request: IncomingMessage, owner: string): Promise<string | HttpRefusal> {
    if (Number(request.headers['content-length'] ?? 0) > MAX_TEXT_CHARS) return Promise.resolve(TOO_LONG)
    const body = new GrowingBytes()
    return new Promise<string | HttpRefusal>((resolve, reject) => {
      const end = (): void => {
        request.off('data', take)
        if (this.#reading.delete(reading)) this.#bodyBytes -= reading.bytes
      }
      const reading: Reading = {
        ...{ owner, bytes: 0 },
        giveUp(why) {
          end()
          body.clear()
          resolve(why)
        },
      }
      const take = (piece: Buffer): void => {
        reading.bytes += piece.length
        this.#bodyBytes += piece.length
        if (reading.bytes > MAX_TEXT_CHARS) reading.giveUp(TOO_LONG)
        else {
          body.push(piece)
          if (this.#bodyBytes > MAX_BODIES_BYTES) this.#largest()?.giveUp(BUSY)
        }
      }
      this.#reading.add(reading)
      request.on('data', take)
      request.once('end', () => {
        end()
        resolve(new TextDecoder().decode(body.take()))
      })
      request.once('error', reject)
      request.once('close', () => {
        end()
        reject(new Error('the connection has ended'))
      })
    })
  }

  /** Of whoever has the most bytes waiting, the one with the most: when there is no room it is theirs that goes. */
  #largest(): Reading | undefined {
    const sums = new Map<string, number>()
    for (const { owner, bytes } of this.#reading) sums.set(owner, (sums.get(owner) ?? 0) + bytes)
    let chosen: Reading | undefined
    for (const one of this.#reading) {
      const [sum, most] = [sums.get(one.owner) ?? 0, chosen ? (sums.get(chosen.owner) ?? 0) : -1]
      if (sum > most || (sum === most && one.bytes > (chosen?.bytes ?? 0))) chosen = one
    }
    return chosen
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

/** As {@link ownerOf} calls this machine. */
const OWN: string = ownerOf('127.0.0.1')

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
