/** JSON-RPC over WebSocket: one text a message. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { Conversation } from '../conversation.ts'
import { MAX_TEXT_CHARS, type RpcServer } from '../server.ts'
import { MAX_WEB_SOCKETS } from './web-socket-limits.ts'

/** Somebody who does not answer a ping before the next one is gone. */
const PING_MS = 30_000
const [TRY_AGAIN_LATER, POLICY_VIOLATION, GOING_AWAY] = [1013, 1008, 1001]

interface Connected {
  readonly socket: WebSocket
  readonly conversation: Conversation
  /** Answered the last ping, or said anything since. */
  alive: boolean
}

export class WebSockets {
  readonly #server: RpcServer
  readonly #upgrader = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MAX_TEXT_CHARS,
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
  take(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#upgrader.handleUpgrade(request, socket, head, (webSocket) => this.#connect(webSocket))
  }

  close(): void {
    clearInterval(this.#pings)
    for (const { socket } of this.#connected) {
      socket.close(GOING_AWAY)
      socket.terminate()
    }
    this.#upgrader.close()
  }

  #connect(socket: WebSocket): void {
    socket.on('error', () => socket.terminate())
    if (this.#connected.size >= MAX_WEB_SOCKETS) {
      socket.close(TRY_AGAIN_LATER, 'too many connections')
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
    const connected: Connected = { socket, conversation, alive: true }
    this.#connected.add(connected)
    socket.on('pong', () => {
      connected.alive = true
    })
    socket.on('message', (data: Buffer) => {
      connected.alive = true
      conversation.heard(data.toString('utf8'))
    })
    socket.on('close', () => {
      this.#connected.delete(connected)
      conversation.closed()
    })
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
