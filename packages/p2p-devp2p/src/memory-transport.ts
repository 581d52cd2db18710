/**
 * A network inside one process: every transport made of it has an address of its own and can dial the others.
 *
 * Bytes arrive in a later microtask, never inside `write`. Each direction holds at most `bufferBytes` and one write.
 */
import { P2pError } from './error.ts'
import { formatHostPort } from './ip.ts'
import type { ByteStream, ByteStreamHandler, Transport, TransportListener } from './transport.ts'
import type { TransportAddress } from './transport-address.ts'

export interface MemoryNetwork {
  /** The transport of the machine at this literal address. */
  transport(ip: string): Transport
}

const DEFAULT_BUFFER_BYTES = 64 * 1024

export function createMemoryNetwork(options: { readonly bufferBytes?: number } = {}): MemoryNetwork {
  const bufferBytes = options.bufferBytes ?? DEFAULT_BUFFER_BYTES
  const listeners = new Map<string, Listener>()
  let nextPort = 40_000
  return {
    transport: (ip) => ({
      async dial(to, signal) {
        signal.throwIfAborted()
        const listener = listeners.get(formatHostPort(to.host, to.port))
        if (!listener) throw new Error(`nobody listens on ${formatHostPort(to.host, to.port)}`)
        const [ours, theirs] = streamPair(ip, to.host, bufferBytes)
        listener.take(theirs)
        return ours
      },
      async listen(at, accept) {
        const address = { host: at.host, port: at.port === 0 ? nextPort++ : at.port }
        const key = formatHostPort(address.host, address.port)
        if (listeners.has(key)) throw new P2pError('listen-failed', `listen: ${key} is in use`)
        const listener = new Listener(address, accept, () => listeners.delete(key))
        listeners.set(key, listener)
        return listener
      },
    }),
  }
}

class Listener implements TransportListener {
  readonly address: TransportAddress
  readonly #accept: (stream: ByteStream) => void
  readonly #forget: () => void
  /** BOUNDED by the owner, who takes or destroys each. */
  readonly #open = new Set<MemoryStream>()
  #whenIdle: (() => void) | undefined

  constructor(address: TransportAddress, accept: (stream: ByteStream) => void, forget: () => void) {
    this.address = address
    this.#accept = accept
    this.#forget = forget
  }

  take(stream: MemoryStream): void {
    this.#open.add(stream)
    stream.onClosed = () => {
      this.#open.delete(stream)
      if (this.#open.size === 0) this.#whenIdle?.()
    }
    queueMicrotask(() => this.#accept(stream))
  }

  async close(): Promise<void> {
    this.#forget()
    if (this.#open.size > 0)
      await new Promise<void>((resolve) => {
        this.#whenIdle = resolve
      })
  }
}

function streamPair(dialler: string, listener: string, bufferBytes: number): [MemoryStream, MemoryStream] {
  const [ours, theirs] = [new MemoryStream(listener, bufferBytes), new MemoryStream(dialler, bufferBytes)]
  ours.peer = theirs
  theirs.peer = ours
  return [ours, theirs]
}

/** One end. Its inbox holds what the other end wrote and this one has not taken yet. */
class MemoryStream implements ByteStream {
  readonly ip: string
  peer: MemoryStream | undefined
  onClosed: (() => void) | undefined
  readonly #bufferBytes: number
  #handler: ByteStreamHandler | undefined
  #inbox: Uint8Array[] = []
  #inboxBytes = 0
  /** The other end waits for room in our inbox. */
  #owesDrained = false
  #paused = false
  /** Nothing more will come into the inbox. */
  #peerEnded = false
  #ended = false
  #closed = false
  #deliveryQueued = false

  constructor(ip: string, bufferBytes: number) {
    this.ip = ip
    this.#bufferBytes = bufferBytes
  }

  start(handler: ByteStreamHandler): void {
    this.#handler = handler
    this.#queueDelivery()
  }

  write(bytes: Uint8Array): boolean {
    if (this.#ended || this.#closed || !this.peer) return true
    // as a socket's other end that is gone answers with a reset, even to who does not read
    if (this.peer.#closed) {
      this.#close()
      return true
    }
    return this.peer.#receive(bytes)
  }

  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    this.#queueDelivery()
  }

  end(): void {
    if (this.#ended || this.#closed) return
    this.#ended = true
    if (this.peer) this.peer.#endOfInput()
  }

  destroy(): void {
    if (this.#closed) return
    if (this.peer) this.peer.#endOfInput()
    this.#close()
  }

  #receive(bytes: Uint8Array): boolean {
    this.#inbox.push(bytes)
    this.#inboxBytes += bytes.length
    this.#queueDelivery()
    const hasRoom = this.#inboxBytes < this.#bufferBytes
    if (!hasRoom) this.#owesDrained = true
    return hasRoom
  }

  #endOfInput(): void {
    this.#peerEnded = true
    this.#queueDelivery()
  }

  #queueDelivery(): void {
    if (this.#deliveryQueued || this.#closed) return
    this.#deliveryQueued = true
    queueMicrotask(() => {
      this.#deliveryQueued = false
      this.#deliver()
    })
  }

  #deliver(): void {
    while (this.#handler && !this.#paused && !this.#closed) {
      const bytes = this.#inbox.shift()
      if (!bytes) break
      this.#inboxBytes -= bytes.length
      this.#handler.data(bytes)
    }
    if (this.peer && this.#owesDrained && this.#inboxBytes < this.#bufferBytes) {
      this.#owesDrained = false
      this.peer.#handler?.drained()
    }
    if (this.#handler && this.#peerEnded && this.#inbox.length === 0 && !this.#closed) {
      // as a socket without half-open connections does: the end of one direction ends the other
      this.end()
      this.#close()
    }
  }

  #close(): void {
    this.#closed = true
    this.#inbox = []
    this.onClosed?.()
    queueMicrotask(() => this.#handler?.closed())
  }
}
