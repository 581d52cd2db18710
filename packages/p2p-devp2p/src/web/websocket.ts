/**
 * {@link Transport} over the browser's own WebSocket: dials `ws` and `wss`, cannot be dialled.
 *
 * A browser offers no back-pressure for what comes in: while a stream is paused, messages are kept here, and a peer that
 * sends more than {@link MAX_PAUSED_BYTES} meanwhile is dropped.
 */
import { concat } from '@status-protocol/bytes'
import { P2pError } from '../error.ts'
import { canonicalIp } from '../ip.ts'
import type { ByteStream, ByteStreamHandler, Transport } from '../transport.ts'
import { formatTransportUrl } from '../transport-address.ts'

/** What this needs of a `WebSocket`. */
export interface WebSocketLike {
  binaryType: string
  readonly readyState: number
  readonly bufferedAmount: number
  onopen: ((event: never) => void) | null
  onerror: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
  onmessage: ((event: { readonly data: unknown }) => void) | null
  send(data: Uint8Array): void
  close(code?: number): void
}

/** Beyond, a peer that sends while we do not read is dropped. */
export const MAX_PAUSED_BYTES: number = 20 * 1024 * 1024
const WRITE_BUFFER_BYTES: number = 256 * 1024
const MAX_BATCH_BYTES: number = 64 * 1024
/** What is handed on at once: in between, the reader may say that it has enough. */
const PIECE_BYTES: number = 64 * 1024
/** There is no event for it: a full socket is looked at again this often. */
const DRAIN_POLL_MS = 10
const CLOSED = 3

/** @param options.WebSocket the constructor; default: the global one */
export function webSocketTransport(
  options: { readonly WebSocket?: new (url: string) => WebSocketLike } = {},
): Transport {
  const global = globalThis as { readonly WebSocket?: unknown }
  const Socket = options.WebSocket ?? (global.WebSocket as (new (url: string) => WebSocketLike) | undefined)
  return {
    protocols: ['ws', 'wss'],
    dial(to, signal) {
      if (!Socket) return Promise.reject(new Error('this platform has no WebSocket'))
      const socket = new Socket(formatTransportUrl(to))
      socket.binaryType = 'arraybuffer'
      return new Promise((resolve, reject) => {
        const fail = (why: string) => {
          signal.removeEventListener('abort', abort)
          socket.onopen = socket.onerror = socket.onclose = null
          socket.close()
          reject(new Error(`${formatTransportUrl(to)}: ${why}`))
        }
        const abort = () => fail('the attempt was given up')
        // the browser does not tell pages why
        socket.onerror = () => fail('no connection')
        socket.onclose = () => fail('closed')
        socket.onopen = () => {
          signal.removeEventListener('abort', abort)
          resolve(new WebStream(socket, to.protocol ?? 'ws', canonicalIp(to.host)))
        }
        if (signal.aborted) abort()
        else signal.addEventListener('abort', abort, { once: true })
      })
    },
    listen: () => Promise.reject(new P2pError('listen-failed', 'listen: a browser cannot take connections')),
  }
}

class WebStream implements ByteStream {
  readonly ip?: string
  readonly transport: string
  readonly #socket: WebSocketLike
  #handler: ByteStreamHandler | undefined
  #isPaused = true
  /** While paused. BOUNDED by {@link MAX_PAUSED_BYTES}. */
  #inbox: Uint8Array[] = []
  #inboxBytes = 0
  /** Written in this turn; leaves at its end. BOUNDED by {@link WRITE_BUFFER_BYTES} and one write. */
  #batch: Uint8Array[] = []
  #batchBytes = 0
  #isPolling = false
  #isClosed = false

  constructor(socket: WebSocketLike, transport: string, ip: string | undefined) {
    this.#socket = socket
    this.transport = transport
    if (ip !== undefined) this.ip = ip
    socket.onerror = null
    socket.onclose = () => this.#closed()
    socket.onmessage = ({ data }) => {
      if (data instanceof ArrayBuffer) this.#take(new Uint8Array(data))
      else this.destroy()
    }
  }

  start(handler: ByteStreamHandler): void {
    queueMicrotask(() => {
      this.#handler = handler
      if (this.#isClosed || this.#socket.readyState === CLOSED) handler.closed()
      else this.resume()
    })
  }

  write(bytes: Uint8Array): boolean {
    this.#batch.push(bytes)
    this.#batchBytes += bytes.length
    if (this.#batch.length === 1) setTimeout(() => this.#flush(), 0)
    const hasRoom = this.#batchBytes + this.#socket.bufferedAmount < WRITE_BUFFER_BYTES
    if (!hasRoom) this.#poll()
    return hasRoom
  }

  pause(): void {
    this.#isPaused = true
  }

  resume(): void {
    this.#isPaused = false
    while (!this.#isPaused && !this.#isClosed) {
      const bytes = this.#inbox.shift()
      if (!bytes) break
      this.#inboxBytes -= bytes.length
      this.#handler?.data(bytes)
    }
  }

  end(): void {
    this.#flush()
    this.#socket.close(1000)
  }

  destroy(): void {
    this.#batch = []
    this.#batchBytes = 0
    this.#socket.close()
    // the browser may take its time to say goodbye: for us it is over
    this.#closed()
  }

  #take(bytes: Uint8Array): void {
    if (this.#isClosed) return
    for (let at = 0; at < bytes.length; at += PIECE_BYTES)
      this.#inbox.push(bytes.subarray(at, at + PIECE_BYTES))
    this.#inboxBytes += bytes.length
    if (!this.#isPaused) this.resume()
    if (this.#inboxBytes > MAX_PAUSED_BYTES) this.destroy()
  }

  #flush(): void {
    const batch = this.#batch
    this.#batch = []
    this.#batchBytes = 0
    if (this.#isClosed) return
    for (let i = 0; i < batch.length; ) {
      let [bytes, end] = [(batch[i] as Uint8Array).length, i + 1]
      while (end < batch.length && bytes + (batch[end] as Uint8Array).length <= MAX_BATCH_BYTES)
        bytes += (batch[end++] as Uint8Array).length
      this.#socket.send(end === i + 1 ? (batch[i] as Uint8Array) : concat(...batch.slice(i, end)))
      i = end
    }
  }

  #poll(): void {
    if (this.#isPolling) return
    this.#isPolling = true
    setTimeout(() => {
      this.#isPolling = false
      if (this.#isClosed) return
      if (this.#socket.bufferedAmount > 0 || this.#batchBytes > 0) this.#poll()
      else this.#handler?.drained()
    }, DRAIN_POLL_MS)
  }

  #closed(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#inbox = []
    this.#socket.onmessage = this.#socket.onclose = null
    const handler = this.#handler
    if (handler) queueMicrotask(() => handler.closed())
  }
}
