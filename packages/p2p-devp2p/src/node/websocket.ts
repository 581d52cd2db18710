/**
 * {@link Transport} over WebSockets, for places where nothing but the Web gets through, and for browsers on the other end. A
 * stream of bytes: where one message ends and the next begins means nothing.
 *
 * `wss` adds what RLPx lacks: its own keys are used for both directions, so whoever can guess a plaintext of one learns about
 * the other; inside TLS nobody sees either.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as tlsConnect } from 'node:tls'
import { WebSocket, WebSocketServer } from 'ws'
import { P2pError } from '../error.ts'
import { addressGroup } from '../host/address-group.ts'
import { canonicalIp, formatHostPort } from '../ip.ts'
import type { ByteStream, ByteStreamHandler, Transport, TransportListener } from '../transport.ts'
import { formatTransportUrl, type TransportAddress } from '../transport-address.ts'
import { type ClientAddresses, clientAddresses } from './client-address.ts'
import { connectDirectly, connectWith, localAddressOf } from './connect.ts'
import type { Connect } from './connect-port.ts'
import { WRITE_BUFFER_BYTES } from './tcp.ts'

export interface WebSocketTransportOptions {
  /** `socksConnect(..)` dials through a proxy. */
  readonly connect?: Connect
  /** For listening on `wss`: key and certificate chain, PEM. Behind a web server that ends TLS, listen on `ws`. */
  readonly tls?: { readonly key: string; readonly cert: string }
  /** For dialling `wss`: trusted authorities, PEM; default: those of the system. */
  readonly ca?: string
  /**
   * Web servers in front of what listens, addresses or networks (`10.0.0.0/8`): who they say connects is who connects, see
   * {@link clientAddresses}. What others say of that is not looked at.
   */
  readonly trustedProxies?: readonly string[]
}

export { type ClientAddress, type ClientAddresses, clientAddresses } from './client-address.ts'

/** Largest message that is read; ours are at most 64 KiB and one write. */
const MAX_MESSAGE_BYTES: number = 17 * 1024 * 1024
const MAX_BATCH_BYTES: number = 64 * 1024
/** What is handed on at once: in between, the reader may say that it has enough. */
const PIECE_BYTES: number = 64 * 1024
/** From the connection to the end of the HTTP request. */
const REQUEST_TIMEOUT_MS = 5_000
/** Sockets that the listener has at the same time, those that have not said anything yet among them. */
const MAX_SOCKETS = 2_000
/** Of one address (IPv6: /64); local ones are exempt, so is a web server in front: its clients count. */
const MAX_SOCKETS_PER_ADDRESS = 32

/** @throws P2pError `invalid-argument`: trustedProxies */
export function webSocketTransport(options: WebSocketTransportOptions = {}): Transport {
  const clients = clientAddresses(options.trustedProxies ?? [])
  return {
    protocols: ['ws', 'wss'],
    dial: (to, signal) => dial(to, signal, options),
    listen: (at, accept) => listen(at, accept, options, clients),
  }
}

async function dial(
  to: TransportAddress,
  signal: AbortSignal,
  { connect, ca }: WebSocketTransportOptions,
): Promise<ByteStream> {
  signal.throwIfAborted()
  const isSecure = to.protocol === 'wss'
  const raw = await connectWith(connect ?? connectDirectly, to, signal)
  const servername = canonicalIp(to.host) === undefined ? { servername: to.host } : {}
  const socket = isSecure ? tlsConnect({ socket: raw, host: to.host, ...servername, ...(ca && { ca }) }) : raw
  return new Promise((resolve, reject) => {
    const webSocket = new WebSocket(formatTransportUrl(to), {
      createConnection: () => socket,
      ...{ perMessageDeflate: false, maxPayload: MAX_MESSAGE_BYTES, followRedirects: false },
    })
    const fail = (error: Error) => {
      signal.removeEventListener('abort', abort)
      webSocket.on('error', () => {})
      webSocket.terminate()
      raw.destroy()
      reject(new Error(`${formatTransportUrl(to)}: ${error.message}`))
    }
    const abort = () => fail(new Error('the attempt was given up'))
    signal.addEventListener('abort', abort, { once: true })
    webSocket.once('error', fail)
    webSocket.once('open', () => {
      signal.removeEventListener('abort', abort)
      webSocket.off('error', fail)
      const name = isSecure ? 'wss' : 'ws'
      resolve(
        connect
          ? new WebSocketStream(webSocket, `${name}+socks5`, undefined)
          : new WebSocketStream(webSocket, name, to.host, raw),
      )
    })
  })
}

function listen(
  at: TransportAddress,
  accept: (stream: ByteStream) => void,
  { tls }: WebSocketTransportOptions,
  clients: ClientAddresses,
): Promise<TransportListener> {
  const isSecure = at.protocol === 'wss'
  if (isSecure && !tls)
    return Promise.reject(new P2pError('listen-failed', 'listen: wss needs a key and a certificate'))
  const limits = { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS }
  const pace = { ...limits, connectionsCheckingInterval: 1_000, keepAliveTimeout: 1_000 }
  const refuse = (_request: IncomingMessage, response: { writeHead(status: number): { end(): void } }) => {
    response.writeHead(426).end()
  }
  const server: Server = isSecure
    ? createTlsServer({ ...pace, ...tls, handshakeTimeout: REQUEST_TIMEOUT_MS }, refuse)
    : createServer(pace, refuse)
  server.maxConnections = MAX_SOCKETS
  const isTooMany = limitPerAddress()
  server.on('connection', (socket: Socket) => {
    // one that our proxies hold for somebody is counted once it is known for whom
    if (!clients.isProxy(socket.remoteAddress) && isTooMany(socket, socket.remoteAddress)) socket.destroy()
  })
  const upgrades = new WebSocketServer({
    ...{ noServer: true, perMessageDeflate: false, maxPayload: MAX_MESSAGE_BYTES, clientTracking: false },
  })
  const path = at.path ?? '/'
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => {})
    if (request.url?.split('?')[0] !== path) return refuseUpgrade(socket, '404 Not Found')
    const { remoteAddress } = socket as Socket
    const client = clients.of(remoteAddress, request.headers)
    if (client.fault !== undefined) return refuseUpgrade(socket, '400 Bad Request', client.fault)
    if (clients.isProxy(remoteAddress) && isTooMany(socket, client.ip))
      return refuseUpgrade(socket, '429 Too Many Requests')
    upgrades.handleUpgrade(request, socket, head, (webSocket) => {
      // behind a web server of ours the connection is the web server's
      const direct = clients.isProxy(remoteAddress) ? undefined : (socket as Socket)
      accept(new WebSocketStream(webSocket, at.protocol ?? 'ws', client.ip, direct))
    })
  })
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'the port is in use' : (error.code ?? 'unknown reason')
      const text = `listen: cannot listen on ${formatHostPort(at.host, at.port)}: ${why}`
      reject(new P2pError('listen-failed', text, { cause: error.code }))
    }
    server.once('error', fail)
    server.listen({ host: at.host, port: at.port }, () => {
      server.off('error', fail)
      server.on('error', () => {})
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : at.port
      const host = typeof address === 'object' && address !== null ? address.address : at.host
      resolve({ address: { ...at, host, port }, close: () => closeServer(server) })
    })
  })
}

/** No timeout of the server counts any more: who does not close its side would hold the socket for ever. */
function refuseUpgrade(socket: Duplex, status: string, why = ''): void {
  const body = why === '' ? '' : `${why}\n`
  const head = `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n`
  socket.end(head + body, () => socket.destroy())
}

/** Before the host hears of a connection it may hold a socket for some seconds: not for everybody at the same time. */
function limitPerAddress(): (socket: Duplex, ip: string | undefined) => boolean {
  /** BOUNDED by {@link MAX_SOCKETS}. */
  const counts = new Map<string, number>()
  return (socket, ip) => {
    const { key, isLocal } = addressGroup(ip)
    if (isLocal) return false
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    socket.once('close', () => {
      const left = (counts.get(key) ?? 1) - 1
      if (left > 0) counts.set(key, left)
      else counts.delete(key)
    })
    return count > MAX_SOCKETS_PER_ADDRESS
  }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
  })
}

class WebSocketStream implements ByteStream {
  readonly ip?: string
  readonly port?: number
  readonly localAddress?: string
  readonly transport: string
  readonly #socket: WebSocket
  #handler: ByteStreamHandler | undefined
  /** Came while paused, in pieces. BOUNDED by {@link MAX_MESSAGE_BYTES} and what was read when the socket was paused. */
  #inbox: Uint8Array[] = []
  #isPaused = true
  #isDelivering = false
  #isClosed = false
  /** Written in this turn; leaves at its end. BOUNDED by {@link WRITE_BUFFER_BYTES} and one write. */
  #batch: Uint8Array[] = []
  #batchBytes = 0
  #owesDrained = false

  /** @param direct what carries it, if its other end is the peer */
  constructor(socket: WebSocket, transport: string, ip: string | undefined, direct?: Socket) {
    this.#socket = socket
    this.transport = transport
    const literal = ip === undefined ? undefined : canonicalIp(ip)
    if (literal !== undefined) this.ip = literal
    if (direct?.remotePort !== undefined) this.port = direct.remotePort
    const local = direct && localAddressOf(direct)
    if (local !== undefined) this.localAddress = local
    socket.binaryType = 'nodebuffer'
    socket.pause()
    // errors end in `close`, which is what counts
    socket.on('error', () => {})
    socket.on('message', (data, isBinary) => {
      if (!isBinary || !(data instanceof Uint8Array)) socket.terminate()
      else this.#take(data)
    })
  }

  start(handler: ByteStreamHandler): void {
    const socket = this.#socket
    const closed = () => {
      this.#isClosed = true
      this.#deliver()
    }
    socket.on('close', closed)
    process.nextTick(() => {
      this.#handler = handler
      this.resume()
      if (socket.readyState === WebSocket.CLOSED) closed()
    })
  }

  write(bytes: Uint8Array): boolean {
    this.#batch.push(bytes)
    this.#batchBytes += bytes.length
    if (this.#batch.length === 1) process.nextTick(() => this.#flush())
    const hasRoom = this.#batchBytes + this.#socket.bufferedAmount < WRITE_BUFFER_BYTES
    if (!hasRoom) this.#owesDrained = true
    return hasRoom
  }

  pause(): void {
    this.#isPaused = true
    this.#socket.pause()
  }

  resume(): void {
    this.#isPaused = false
    this.#deliver()
    if (!this.#isPaused) this.#socket.resume()
  }

  end(): void {
    this.#flush()
    this.#socket.close(1000)
  }

  destroy(): void {
    this.#batch = []
    this.#batchBytes = 0
    this.#inbox = []
    this.#socket.terminate()
  }

  /** A message may hold more than the reader wants to have at once. */
  #take(message: Uint8Array): void {
    for (let at = 0; at < message.length; at += PIECE_BYTES)
      this.#inbox.push(message.subarray(at, at + PIECE_BYTES))
    this.#deliver()
  }

  /** What has come, and after it the end. */
  #deliver(): void {
    const handler = this.#handler
    if (!handler || this.#isDelivering) return
    this.#isDelivering = true
    while (!this.#isPaused) {
      const bytes = this.#inbox.shift()
      if (!bytes) break
      handler.data(bytes)
    }
    this.#isDelivering = false
    if (!this.#isClosed || this.#inbox.length > 0) return
    this.#handler = undefined
    handler.closed()
  }

  #flush(): void {
    const batch = this.#batch
    this.#batch = []
    this.#batchBytes = 0
    for (let i = 0; i < batch.length; ) {
      let [bytes, end] = [(batch[i] as Uint8Array).length, i + 1]
      while (end < batch.length && bytes + (batch[end] as Uint8Array).length <= MAX_BATCH_BYTES)
        bytes += (batch[end++] as Uint8Array).length
      const message = end === i + 1 ? (batch[i] as Uint8Array) : Buffer.concat(batch.slice(i, end), bytes)
      this.#socket.send(message, { binary: true, compress: false }, () => this.#sent())
      i = end
    }
  }

  #sent(): void {
    if (!this.#owesDrained || this.#socket.bufferedAmount > 0 || this.#batchBytes > 0) return
    this.#owesDrained = false
    this.#handler?.drained()
  }
}
