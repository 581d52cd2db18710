/** Makes a TCP connection; `signal` ends the attempt. */
export type Connect = (host: string, port: number, signal: AbortSignal) => Promise<ConnectedSocket>

/** A `Socket` of `node:net`, for declarations that do without Node's types. */
export interface ConnectedSocket {
  destroy(error?: Error): unknown
}
