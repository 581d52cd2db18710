import type { DisconnectReason } from '../base/disconnect.ts'
import type { ConnectionEndCause } from './connection.ts'

/** A peer whose link is up, or was. */
export interface Peer {
  /** 64 bytes, authenticated. */
  readonly peerId: Uint8Array
  /** Literal address it is seen at. */
  readonly ip?: string
  /** Of the connection at its side: whoever dialled us has it for that connection alone. Absent: not known. */
  readonly port?: number
  /** `host:port` of the connection at our side. Absent: not known. */
  readonly localAddress?: string
  /** Where it was dialled, or is dialled as a static peer. */
  readonly enode?: string
  readonly direction: 'inbound' | 'outbound'
  /** What carries the link: `tcp`, `ws`, `wss`, `socks5`. */
  readonly transport: string
  /** What the peer says of itself. Hostile text of at most 2,048 bytes. */
  readonly clientName: string
  /** Shared with it: `shh/6`. */
  readonly capabilities: readonly string[]
  readonly isStatic: boolean
  readonly isTrusted: boolean
  readonly upSinceUnixMs: number
}

export type HostEvent =
  | { readonly type: 'link-up'; readonly peer: Peer }
  | {
      readonly type: 'link-down'
      readonly peer: Peer
      /** As the peer gave it, or ours. */
      readonly reason: DisconnectReason
      readonly by: 'us' | 'peer'
      /** What happened, stable, for counting. */
      readonly cause: ConnectionEndCause
      /** The same for people. */
      readonly detail: string
      /** When it is dialled again, if it is. */
      readonly redialInMs?: number
    }
  /** A connection that we opened did not come up. */
  | {
      readonly type: 'dial-failed'
      readonly enode: string
      /** Absent if no connection was made at all. */
      readonly reason?: DisconnectReason
      readonly cause: ConnectionEndCause
      readonly detail: string
      readonly redialInMs?: number
    }
  /** The reader was too slow: this many events before this one were dropped, the oldest first. */
  | { readonly type: 'gap'; readonly dropped: number }

/** Events for any number of readers. Each has a queue of its own, BOUNDED by `maxQueued`. */
export class EventFeed {
  readonly #maxQueued: number
  readonly #readers = new Set<Reader>()
  #ended = false

  constructor(maxQueued: number) {
    this.#maxQueued = maxQueued
  }

  emit(event: HostEvent): void {
    for (const reader of this.#readers) reader.push(event)
  }

  end(): void {
    this.#ended = true
    for (const reader of this.#readers) reader.end()
  }

  /** Begins with `first`, goes on with what is emitted from now on, ends when the feed does. */
  subscribe(first: readonly HostEvent[]): AsyncIterableIterator<HostEvent, undefined> {
    const reader = new Reader(this.#maxQueued, () => this.#readers.delete(reader))
    for (const event of first) reader.push(event)
    if (this.#ended) reader.end()
    else this.#readers.add(reader)
    return reader
  }
}

class Reader implements AsyncIterableIterator<HostEvent, undefined> {
  readonly #maxQueued: number
  readonly #left: () => void
  readonly #queue: HostEvent[] = []
  #dropped = 0
  #waiting: ((result: IteratorResult<HostEvent, undefined>) => void)[] = []
  #ended = false

  constructor(maxQueued: number, left: () => void) {
    this.#maxQueued = maxQueued
    this.#left = left
  }

  push(event: HostEvent): void {
    const waiting = this.#waiting.shift()
    if (waiting) {
      waiting({ done: false, value: event })
      return
    }
    this.#queue.push(event)
    while (this.#queue.length > this.#maxQueued) {
      this.#queue.shift()
      this.#dropped++
    }
  }

  end(): void {
    this.#ended = true
    for (const waiting of this.#waiting.splice(0)) waiting({ done: true, value: undefined })
  }

  async next(): Promise<IteratorResult<HostEvent, undefined>> {
    if (this.#dropped > 0) {
      const dropped = this.#dropped
      this.#dropped = 0
      return { done: false, value: { type: 'gap', dropped } }
    }
    const event = this.#queue.shift()
    if (event) return { done: false, value: event }
    if (this.#ended) return { done: true, value: undefined }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  async return(): Promise<IteratorResult<HostEvent, undefined>> {
    this.#left()
    this.end()
    this.#queue.length = 0
    this.#dropped = 0
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}
