import type { TransportAddress, TransportProtocol } from './transport-address.ts'

/**
 * What the host needs of the thing that carries bytes: TCP (`node/tcp.ts`), memory (`memory-transport.ts`), or another
 * (WebSocket, a SOCKS proxy). A transport knows nothing of RLPx.
 */
export interface Transport {
  /** What it can dial; absent: `tcp` alone. */
  readonly protocols?: readonly TransportProtocol[]
  /**
   * One connection. `signal` ends the attempt; a stream that comes up afterwards is destroyed by the transport.
   * Rejects with whatever says why; the text of it is shown to the operator.
   */
  dial(to: TransportAddress, signal: AbortSignal): Promise<ByteStream>
  /** Takes connections until closed. @throws P2pError `listen-failed` */
  listen(at: TransportAddress, accept: (stream: ByteStream) => void): Promise<TransportListener>
}

export interface TransportListener {
  /** With the real port. */
  readonly address: TransportAddress
  /** Takes no more connections; resolves when those that it took have ended. */
  close(): Promise<void>
}

/** A connected stream of bytes in both directions, reliable and in order. No method throws. */
export interface ByteStream {
  /** Literal address of the other end, if it has one. */
  readonly ip?: string
  /** Of the other end, if that is known. */
  readonly port?: number
  /** `host:port` of this end, if that is known. */
  readonly localAddress?: string
  /** What carries it, for people: `tcp` (absent), `ws`, `socks5`. */
  readonly transport?: string
  /** Delivery begins, never before this call has returned. Called once. */
  start(handler: ByteStreamHandler): void
  /**
   * Takes the bytes in any case and keeps the array. False: the stream has enough for now, {@link ByteStreamHandler.drained}
   * tells when there is room again. Several writes of one turn ought to leave as one.
   */
  write(bytes: Uint8Array): boolean
  /** No `data` until {@link resume}, and the other end's writes pile up on its side. */
  pause(): void
  resume(): void
  /** Sends what was written, then ends both directions. `closed` follows. */
  end(): void
  /** Ends both directions at once; what was written may be lost. `closed` follows. */
  destroy(): void
}

export interface ByteStreamHandler {
  /** The array may be used again by the stream after the call. */
  data(bytes: Uint8Array): void
  /** After a write that answered false: there is room again. */
  drained(): void
  /** Once, for whatever reason; nothing follows. */
  closed(): void
}
