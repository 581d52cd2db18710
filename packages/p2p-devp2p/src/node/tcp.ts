/**
 * {@link Transport} over `node:net`.
 *
 * Nagle's algorithm is off; what is written in one turn of the event loop leaves as one write; `write` answers false
 * above {@link WRITE_BUFFER_BYTES} and `drained` comes when the kernel has taken everything.
 */
import { createServer, type Server, type Socket } from 'node:net'
import { P2pError } from '../error.ts'
import { canonicalIp, formatHostPort } from '../ip.ts'
import type { ByteStream, ByteStreamHandler, Transport, TransportListener } from '../transport.ts'
import type { TransportAddress } from '../transport-address.ts'
import { connectDirectly, connectWith, localAddressOf } from './connect.ts'
import type { Connect } from './connect-port.ts'

/** Bytes that wait for the kernel, for one connection, before writers are told to wait. */
export const WRITE_BUFFER_BYTES: number = 256 * 1024
/** Batches up to this size are copied into one piece; larger ones go out as a gathered write. */
const COPIED_BATCH_BYTES = 64 * 1024

/**
 * TCP. Dials literal addresses; names only through a proxy, which looks them up.
 *
 * @param options.connect `socksConnect('socks5://127.0.0.1:9050')` dials through that proxy
 */
export function tcpTransport(options: { readonly connect?: Connect } = {}): Transport {
  const { connect } = options
  return { protocols: ['tcp'], dial: (to, signal) => dial(to, signal, connect), listen }
}

async function dial(
  to: TransportAddress,
  signal: AbortSignal,
  connect: Connect | undefined,
): Promise<ByteStream> {
  const where = formatHostPort(to.host, to.port)
  if (connect) return new TcpStream(await connectWith(connect, to, signal), 'socks5')
  if (canonicalIp(to.host) === undefined) throw new Error(`${where}: names are not looked up`)
  return new TcpStream(await connectDirectly(to.host, to.port, signal))
}

function listen(at: TransportAddress, accept: (stream: ByteStream) => void): Promise<TransportListener> {
  const where = formatHostPort(at.host, at.port)
  return new Promise((resolve, reject) => {
    const server = createServer({ allowHalfOpen: false, pauseOnConnect: true }, (socket) => {
      accept(new TcpStream(socket))
    })
    const fail = (error: NodeJS.ErrnoException) => reject(listenError(where, error))
    server.once('error', fail)
    server.listen({ host: at.host, port: at.port }, () => {
      server.off('error', fail)
      // a connection that could not be taken (no file descriptor left) is its dialler's loss, not the process's
      server.on('error', () => {})
      resolve({ address: addressOf(server, at), close: () => closeServer(server) })
    })
  })
}

function listenError(where: string, error: NodeJS.ErrnoException): P2pError {
  const reasons: Record<string, string> = {
    EADDRINUSE: 'the port is in use',
    EADDRNOTAVAIL: 'this machine does not have that address',
    EACCES: 'not allowed; ports below 1024 need rights',
    ENOTFOUND: 'no such host',
  }
  const reason = reasons[error.code ?? ''] ?? error.code ?? 'unknown reason'
  return new P2pError('listen-failed', `listen: cannot listen on ${where}: ${reason}`, { cause: error.code })
}

function addressOf(server: Server, at: TransportAddress): TransportAddress {
  const address = server.address()
  return typeof address === 'object' && address !== null ? { host: address.address, port: address.port } : at
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}

class TcpStream implements ByteStream {
  readonly ip?: string
  readonly port?: number
  readonly localAddress?: string
  readonly transport: string
  readonly #socket: Socket
  #handler: ByteStreamHandler | undefined
  /** Written in this turn; leaves at its end. BOUNDED by {@link WRITE_BUFFER_BYTES} and one write. */
  #batch: Uint8Array[] = []
  #batchBytes = 0
  #owesDrained = false

  constructor(socket: Socket, transport = 'tcp') {
    this.#socket = socket
    this.transport = transport
    // the other end of a proxied connection is the proxy
    if (socket.remoteAddress !== undefined && transport === 'tcp') this.ip = socket.remoteAddress
    if (socket.remotePort !== undefined && transport === 'tcp') this.port = socket.remotePort
    const local = localAddressOf(socket)
    if (local !== undefined) this.localAddress = local
    socket.setNoDelay(true)
    // errors end in `close`, which is what counts
    socket.on('error', () => {})
    socket.on('drain', () => this.#drained())
  }

  start(handler: ByteStreamHandler): void {
    this.#handler = handler
    const socket = this.#socket
    socket.on('close', () => handler.closed())
    if (socket.closed) process.nextTick(() => handler.closed())
    socket.on('data', (bytes: Uint8Array) => handler.data(bytes))
    socket.resume()
  }

  write(bytes: Uint8Array): boolean {
    this.#batch.push(bytes)
    this.#batchBytes += bytes.length
    // runs when the microtasks that this turn set off have run: their writes join the batch
    if (this.#batch.length === 1) process.nextTick(() => this.#flush())
    const hasRoom = this.#batchBytes + this.#socket.writableLength < WRITE_BUFFER_BYTES
    if (!hasRoom) this.#owesDrained = true
    return hasRoom
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  end(): void {
    this.#flush()
    this.#socket.end()
  }

  destroy(): void {
    this.#batch = []
    this.#batchBytes = 0
    this.#socket.destroy()
  }

  #flush(): void {
    const [batch, length, socket] = [this.#batch, this.#batchBytes, this.#socket]
    if (batch.length === 0) return
    this.#batch = []
    this.#batchBytes = 0
    if (!socket.writable) return
    if (length <= COPIED_BATCH_BYTES) {
      socket.write(batch.length === 1 ? (batch[0] as Uint8Array) : Buffer.concat(batch, length))
    } else {
      socket.cork()
      for (const bytes of batch) socket.write(bytes)
      socket.uncork()
    }
    if (this.#owesDrained && !socket.writableNeedDrain) process.nextTick(() => this.#drained())
  }

  #drained(): void {
    if (!this.#owesDrained) return
    this.#owesDrained = false
    this.#handler?.drained()
  }
}
