/**
 * JSON-RPC over the platform's own WebSocket.
 *
 * It cannot send headers, so a token goes as one of the subprotocols that are offered, beside `jsonrpc`, which the node chooses:
 * see `remote/token-protocol.ts`. It does not tell why a connection failed either, nor does it ping: a node that has gone silent
 * is noticed by who asks it something.
 */
import { bearerProtocol, JSON_RPC_PROTOCOL } from '../remote/token-protocol.ts'
import { IncomingTexts, MAX_REMOTE_TEXT_BYTES, type RemoteTransport } from '../remote/transport.ts'

const CONNECT_TIMEOUT_MS = 10_000
const NORMAL_CLOSURE = 1000
const [OPEN, POLICY_VIOLATION, TRY_AGAIN_LATER] = [1, 1008, 1013]

/** What this needs of a `WebSocket`. */
export interface WebSocketLike {
  readonly readyState: number
  onopen: ((event: never) => void) | null
  onerror: ((event: never) => void) | null
  onclose: ((event: { readonly code: number }) => void) | null
  onmessage: ((event: { readonly data: unknown }) => void) | null
  send(text: string): void
  close(code?: number): void
}

export type WebSocketConstructor = new (url: string, protocols?: string[]) => WebSocketLike

export interface WebConnectOptions {
  /** Default: the global one. */
  readonly WebSocket?: WebSocketConstructor
  /** How long connecting may take. Default 10,000. */
  readonly timeoutMs?: number
}

export function webSocketTransport(
  url: string,
  token: string | undefined,
  options: WebConnectOptions,
): Promise<RemoteTransport> {
  const global = globalThis as { readonly WebSocket?: WebSocketConstructor }
  const { WebSocket: Socket = global.WebSocket, timeoutMs = CONNECT_TIMEOUT_MS } = options
  return new Promise((resolve, reject) => {
    if (!Socket) throw new Error('this platform has no WebSocket')
    const incoming = new IncomingTexts()
    // Nodes that are not ours choose none of what is offered, which browsers take for a refusal.
    const protocols = token === undefined ? [] : [[JSON_RPC_PROTOCOL, bearerProtocol(token)]]
    const socket = new Socket(url, ...protocols)
    let why: string | undefined
    const end = (reason: string): void => {
      why ??= reason
      clearTimeout(timer)
      socket.onopen = socket.onclose = socket.onmessage = null
      socket.close(NORMAL_CLOSURE)
      incoming.end() // the platform may take its time to say goodbye: for us it is over
      reject(new Error(why))
    }
    const timer = setTimeout(() => end('the node does not answer'), timeoutMs)
    socket.onerror = () => undefined // `close` follows, and tells as little
    socket.onclose = ({ code }) => end(isOpened ? reasonOf(code) : UNREACHABLE)
    let isOpened = false
    socket.onopen = () => {
      isOpened = true
      clearTimeout(timer)
      resolve({
        canNotify: true,
        incoming,
        why: () => why,
        send: (text) => {
          if (socket.readyState === OPEN) socket.send(text)
        },
        close: () => end('it was closed here'),
      })
    }
    socket.onmessage = ({ data }) => {
      if (typeof data !== 'string') end('the node said something that is no text')
      else if (data.length > MAX_REMOTE_TEXT_BYTES) end('the node said too much at once')
      else incoming.push(data)
    }
  })
}

/** Platforms keep to themselves which of these it was. */
const UNREACHABLE =
  'no connection: the node is not there, or does not let this page in (--rpc-origin, its token)'

function reasonOf(code: number): string {
  if (code === TRY_AGAIN_LATER) return 'the node has too many connections'
  if (code === POLICY_VIOLATION) return 'the node ended the connection: too much at once, or read too slowly'
  return `the connection has ended (${code})`
}
