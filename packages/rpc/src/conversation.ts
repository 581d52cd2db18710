/**
 * One connection between a server and somebody who may be slow, greedy or hostile: how much of what comes in is worked on
 * at a time, and how much of what goes out may wait to be read.
 */
import type { RpcConnection, RpcServer } from './server.ts'

/** Texts of one connection that are worked on at the same time. */
export const MAX_CONCURRENT_TEXTS = 16
/** Texts that were read before reading could be stopped. More ends the connection. */
export const MAX_WAITING_TEXTS = 16_384
/**
 * Bytes that wait to be read by the other side when there is more to say: it is too slow, and the connection ends. One that
 * reads may have asked for several answers of 4 MB at once.
 */
export const MAX_UNREAD_BYTES: number = 16 * 1024 * 1024

/** What carries texts. */
export interface Wire {
  send(text: string): void
  /** Bytes sent that the other side has not taken. */
  unreadBytes(): number
  /** Reads no more, or again. */
  pause(): void
  resume(): void
  /** Ends it at once. {@link Conversation.closed} follows. */
  end(why: 'too-slow' | 'too-many'): void
}

export class Conversation {
  readonly #connection: RpcConnection
  readonly #wire: Wire
  /** BOUNDED by MAX_WAITING_TEXTS. */
  readonly #waiting: string[] = []
  #running = 0
  #open = true
  #whenIdle: (() => void) | undefined

  constructor(server: RpcServer, transport: string, wire: Wire) {
    this.#wire = wire
    this.#connection = server.connect({ transport, send: (text) => this.#send(text) })
  }

  /** Nothing that was asked for is still being worked on. */
  get isIdle(): boolean {
    return this.#running === 0
  }

  /** Nothing is worked on, and nothing is there to be told. */
  get isSilent(): boolean {
    return this.isIdle && this.#connection.subscriptions === 0
  }

  /** Nothing more will come in; `then` is called once all that did is answered. */
  ended(then: () => void): void {
    if (this.isIdle) then()
    else this.#whenIdle = then
  }

  /** A text came in. */
  heard(text: string): void {
    if (!this.#open) return
    if (this.#running < MAX_CONCURRENT_TEXTS) {
      this.#work(text)
      return
    }
    this.#wire.pause()
    if (this.#waiting.length >= MAX_WAITING_TEXTS) this.#wire.end('too-many')
    else this.#waiting.push(text)
  }

  /** The connection is down. Again is fine. */
  closed(): void {
    this.#open = false
    this.#waiting.length = 0
    this.#connection.close()
  }

  #work(text: string): void {
    this.#running++
    void this.#connection.receive(text).finally(() => {
      this.#running--
      const next = this.#waiting.shift()
      if (next !== undefined) this.#work(next)
      else if (this.#open && this.#running === MAX_CONCURRENT_TEXTS - 1) this.#wire.resume()
      if (this.isIdle) this.#whenIdle?.()
    })
  }

  #send(text: string): void {
    if (!this.#open) return
    if (this.#wire.unreadBytes() > MAX_UNREAD_BYTES) this.#wire.end('too-slow')
    else this.#wire.send(text)
  }
}
