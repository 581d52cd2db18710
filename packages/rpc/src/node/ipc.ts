/**
 * JSON-RPC over a Unix socket as geth's: texts one behind the other. Only the user who runs the node can connect. A text
 * that is no JSON ends the connection, because what follows cannot be told apart.
 */
import { chmodSync, lstatSync, statSync, unlinkSync } from 'node:fs'
import { createConnection, createServer, type Server, type Socket } from 'node:net'
import { dirname } from 'node:path'
import { Conversation } from '../conversation.ts'
import { RPC_ERROR_NUMBERS } from '../error.ts'
import { JsonStream, type JsonStreamFlaw } from '../json-stream.ts'
import { MAX_TEXT_CHARS, type RpcServer } from '../server.ts'
import type { RpcListener } from './http.ts'
import { ListenError } from './listen-error.ts'

export const MAX_IPC_CONNECTIONS = 64
/** What the address of a Unix socket holds, on Linux; 103 elsewhere. */
const MAX_PATH_BYTES = 107
const LAST_WORDS_MS = 2_000

export interface IpcListenOptions {
  readonly server: RpcServer
  readonly path: string
}

/** A socket left by a process that is gone is replaced; one that somebody listens on is not. @throws ListenError */
export async function listenIpc({ server: rpc, path }: IpcListenOptions): Promise<RpcListener> {
  if (process.platform !== 'win32' && Buffer.byteLength(path) > MAX_PATH_BYTES)
    throw new ListenError(
      `${path}: a socket's path has at most ${MAX_PATH_BYTES} bytes; choose a shorter one`,
    )
  if (path.includes('\0')) throw new ListenError(`${JSON.stringify(path)} is no path`)
  // the system would say that this is not allowed
  if (process.platform !== 'win32' && !statSync(dirname(path), { throwIfNoEntry: false })?.isDirectory())
    throw new ListenError(`${path} cannot be listened on: there is no directory ${dirname(path)}`)
  /** BOUNDED by MAX_IPC_CONNECTIONS. */
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    converse(rpc, socket)
  })
  server.maxConnections = MAX_IPC_CONNECTIONS
  await listenOrReplace(server, path)
  return {
    address: path,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function converse(rpc: RpcServer, socket: Socket): void {
  const stream = new JsonStream({ maxBytes: MAX_TEXT_CHARS })
  const conversation = new Conversation(rpc, 'ipc', {
    send: (text) => void socket.write(`${text}\n`),
    unreadBytes: () => socket.writableLength,
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    end: () => socket.destroy(),
  })
  socket.on('error', () => socket.destroy())
  socket.on('close', () => conversation.closed())
  socket.on('data', (piece: Buffer) => {
    if (stream.flaw) return
    for (const text of stream.push(piece)) conversation.heard(text)
    if (stream.flaw) leave(socket, complaint(stream.flaw))
  })
  socket.on('end', () => conversation.ended(() => socket.end())) // `echo '...' | nc -U path` gets its answer
}

/** Says a last thing, and waits a moment for it to be read. */
function leave(socket: Socket, text: string): void {
  socket.setTimeout(LAST_WORDS_MS, () => socket.destroy())
  socket.end(`${text}\n`, () => socket.destroy())
}

const COMPLAINTS: Readonly<Record<JsonStreamFlaw, string>> = {
  'too-long': `expected at most ${MAX_TEXT_CHARS} bytes`,
  'too-deep': 'nested too deeply',
  'not-json': 'not JSON',
  'not-utf8': 'not UTF-8',
}

function complaint(flaw: JsonStreamFlaw): string {
  const code = 'parse-error'
  const error = { code: RPC_ERROR_NUMBERS[code], message: COMPLAINTS[flaw], data: { code } }
  return JSON.stringify({ jsonrpc: '2.0', id: null, error })
}

async function listenOrReplace(server: Server, path: string): Promise<void> {
  const first = await listening(server, path)
  if (first === undefined) return
  if (first !== 'EADDRINUSE') throw new ListenError(`${path} cannot be listened on (${first})`)
  if (await isHeld(path)) throw new ListenError(`${path}: another process listens there`)
  // Only what a process like this one can have left.
  if (!lstatSync(path).isSocket()) throw new ListenError(`${path}: there is a file that is no socket`)
  unlinkSync(path)
  const second = await listening(server, path)
  if (second !== undefined) throw new ListenError(`${path} cannot be listened on (${second})`)
}

/** The code of what went wrong. */
function listening(server: Server, path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException): void => resolve(error.code ?? error.message)
    server.once('error', failed)
    const mask = process.umask(0o177) // nobody else, from the first moment on
    try {
      server.listen(path, () => {
        server.off('error', failed)
        server.on('error', () => undefined)
        if (process.platform !== 'win32') chmodSync(path, 0o600)
        resolve(undefined)
      })
    } finally {
      process.umask(mask)
    }
  })
}

/** Whether somebody has it, also one who is too busy to answer: only a socket that refuses is of a process that is gone. */
function isHeld(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code === 'EAGAIN' || code === 'EACCES'))
  })
}
