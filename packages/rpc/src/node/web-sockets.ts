/** JSON-RPC over WebSocket: one text a message. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { Conversation } from '../conversation.ts'
import { chosenProtocol } from '../remote/token-protocol.ts'
import { MAX_TEXT_CHARS, type RpcServer } from '../server.ts'
import { ownerOf } from './connections.ts'
import { MAX_WEB_SOCKETS, MAX_WEB_SOCKETS_PER_ADDRESS } from './web-socket-limits.ts'

/** A connection on which nothing was asked for so long, and nothing is told, gives way to a newcomer when there are no more. */
const SILENT_MS = 60_000
/** Somebody who does not answer a ping before the next one is gone. */
const PING_MS = 30_000
const LAST_WORDS_MS = 2_000
/** This machine. */
const OWN: string = ownerOf('127.0.0.1')
const [TRY_AGAIN_LATER, POLICY_VIOLATION, GOING_AWAY] = [1013, 1008, 1001]

interface Connected {
  readonly socket: WebSocket
  readonly conversation: Conversation
  /** Whom it counts for. */
  readonly owner: string
  /** Answered the last ping, or said anything since. */
  alive: boolean
  heardMs: number
}

export class WebSockets {
  readonly #server: RpcServer
  readonly #upgrader = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MAX_TEXT_CHARS,
    handleProtocols: chosenProtocol,
    perMessageDeflate: false, // a small message can hold a large one
    // Each piece is an object, however small.
    maxBufferedChunks: 16_384,
    maxFragments: 1_024,
  })
  /** BOUNDED by MAX_WEB_SOCKETS. */
  readonly #connected = new Set<Connected>()
  readonly #pings: NodeJS.Timeout

  constructor(server: RpcServer) {
    this.#server = server
    this.#pings = setInterval(() => this.#ping(), PING_MS)
    this.#pings.unref()
  }

  /** A request that may be upgraded. */
  take(
    request: IncomingMessage,
    socket: Duplex,
    { head, owner }: { readonly head: Buffer; readonly owner: string },
  ): void {
    this.#upgrader.handleUpgrade(request, socket, head, (webSocket) => this.#connect(webSocket, owner))
  }

  close(): void {
    clearInterval(this.#pings)
    for (const { socket } of this.#connected) {
      socket.close(GOING_AWAY)
      socket.terminate()
    }
    this.#upgrader.close()
  }

  #connect(socket: WebSocket, owner: string): void {
    socket.on('error', () => socket.terminate())
    if (!this.#makeRoom(owner)) {
      leave(socket, 'too many connections')
      return
    }
    const conversation = new Conversation(this.#server, 'ws', {
      send: (text) => socket.send(text, () => undefined),
      unreadBytes: () => socket.bufferedAmount,
      pause: () => socket.pause(),
      resume: () => socket.resume(),
      end: (why) => {
        socket.close(POLICY_VIOLATION, why)
        socket.terminate()
      },
    })
    const connected: Connected = { socket, conversation, owner, alive: true, heardMs: performance.now() }
    this.#connected.add(connected)
    socket.on('pong', () => {
      connected.alive = true
    })
    socket.on('message', (data: Buffer) => {
      connected.alive = true
      connected.heardMs = performance.now()
      conversation.heard(data.toString('utf8'))
    })
    socket.on('close', () => {
      this.#connected.delete(connected)
      conversation.closed()
    })
  }

  #makeRoom(owner: string): boolean {
    const own = [...this.#connected].filter((one) => one.owner === owner)
    if (owner !== OWN && own.length >= MAX_WEB_SOCKETS_PER_ADDRESS) return this.#giveWay(own)
    return this.#connected.size < MAX_WEB_SOCKETS || this.#giveWay([...this.#connected])
  }

  /** The one that has been silent longest, if it has been silent for long. */
  #giveWay(some: readonly Connected[]): boolean {
    const before = performance.now() - SILENT_MS
    const [silent] = some
      .filter(({ heardMs, conversation }) => heardMs < before && conversation.isSilent)
      .sort((a, b) => a.heardMs - b.heardMs)
    if (!silent) return false
    this.#connected.delete(silent)
    leave(silent.socket, 'others need the place')
    return true
  }

  #ping(): void {
    for (const connected of this.#connected) {
      // One that is worked for may be paused: its pong would not be read.
      if (!connected.alive && connected.conversation.isIdle) connected.socket.terminate()
      connected.alive = false
      connected.socket.ping(() => undefined)
    }
  }
}

/** Says why, and does not wait for long until the other side has closed too: its connection is one of those that there are. */
function leave(socket: WebSocket, why: string): void {
  socket.close(TRY_AGAIN_LATER, why)
  setTimeout(() => socket.terminate(), LAST_WORDS_MS).unref()
}
