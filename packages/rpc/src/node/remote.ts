/** A remote node's Whisper over HTTP, WebSocket or a Unix socket. */
import { createConnection } from 'node:net'
import { WebSocket } from 'ws'
import { JsonStream } from '../json-stream.ts'
import { httpTransport } from '../remote/http-transport.ts'
import {
  createRemoteWhisper,
  type RemoteWhisper,
  type RemoteWhisperOptions,
} from '../remote/remote-whisper.ts'
import {
  IncomingTexts,
  MAX_REMOTE_TEXT_BYTES,
  type RemoteNode,
  type RemoteTransport,
} from '../remote/transport.ts'

const CONNECT_TIMEOUT_MS = 10_000
/** A WebSocket on which nothing is heard for two of these, not even the answer to a ping, is dead. */
const PING_MS = 20_000

/**
 * {@link createRemoteWhisper} for the sockets of Node.
 *
 * @throws WhisperError `unavailable`
 */
export function connectRemoteWhisper(
  { at, token }: RemoteNode,
  options: Omit<RemoteWhisperOptions, 'connect'> = {},
): Promise<RemoteWhisper> {
  return createRemoteWhisper({ ...options, connect: () => connectTransport({ at, token }) })
}

/**
 * What a client of a node's JSON-RPC speaks over: `createRpcClient(NODE_ROUTES, await connectTransport({ at }))`.
 *
 * @throws Error that says why there is no connection (over HTTP that shows with the first request)
 */
export async function connectTransport({ at, token }: RemoteNode): Promise<RemoteTransport> {
  if (/^https?:\/\//i.test(at)) return httpTransport(at, token)
  if (/^wss?:\/\//i.test(at)) return webSocketTransport(at, token)
  return ipcTransport(at)
}

function webSocketTransport(url: string, token: string | undefined): Promise<RemoteTransport> {
  const incoming = new IncomingTexts()
  const socket = new WebSocket(url, {
    handshakeTimeout: CONNECT_TIMEOUT_MS,
    maxPayload: MAX_REMOTE_TEXT_BYTES,
    perMessageDeflate: false,
    ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
  })
  let [why, alive]: [string | undefined, boolean] = [undefined, true]
  const pings = setInterval(() => {
    if (!alive) {
      why ??= 'the node does not answer'
      socket.terminate()
    }
    alive = false
    if (socket.readyState === WebSocket.OPEN) socket.ping(() => undefined)
  }, PING_MS)
  pings.unref()
  socket.on('message', (data: Buffer) => {
    alive = true
    incoming.push(data.toString('utf8'))
  })
  socket.on('pong', () => {
    alive = true
  })
  socket.on('close', (code) => {
    clearInterval(pings)
    why ??= `the connection has ended (${code})`
    incoming.end()
  })
  return new Promise((resolve, reject) => {
    socket.on('error', (error) => {
      why ??= error.message
      reject(error)
    })
    socket.on('open', () =>
      resolve({
        canNotify: true,
        incoming,
        why: () => why,
        send: (text) => socket.send(text, () => undefined),
        close: () => socket.terminate(),
      }),
    )
  })
}

function ipcTransport(path: string): Promise<RemoteTransport> {
  const incoming = new IncomingTexts()
  const stream = new JsonStream({ maxBytes: MAX_REMOTE_TEXT_BYTES })
  const socket = createConnection(path)
  let why: string | undefined
  socket.on('data', (piece: Buffer) => {
    for (const text of stream.push(piece)) incoming.push(text)
    if (!stream.flaw) return
    why ??= `the node said something that is ${stream.flaw}`
    socket.destroy()
  })
  socket.on('close', () => {
    why ??= 'the connection has ended'
    incoming.end()
  })
  return new Promise((resolve, reject) => {
    socket.on('error', (error) => {
      why ??= error.message
      reject(error)
    })
    socket.on('connect', () =>
      resolve({
        canNotify: true,
        incoming,
        why: () => why,
        send: (text) => void socket.write(`${text}\n`),
        close: () => socket.destroy(),
      }),
    )
  })
}
