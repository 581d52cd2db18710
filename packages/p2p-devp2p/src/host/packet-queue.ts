/** A packet of one capability: `code` counts from 0 within it, `body` is uncompressed. */
export interface Packet {
  readonly code: number
  readonly body: Uint8Array
}

/**
 * Packets between a connection and the subprotocol that pulls them, one reader. What is in it is counted by the
 * connection, which stops reading when that is too much: BOUNDED by `receiveBufferBytes` and one batch of the link core.
 */
export class PacketQueue implements AsyncIterator<Packet, undefined> {
  readonly #pulled: (packet: Packet) => void
  #packets: (Packet | undefined)[] = []
  #head = 0
  /** Readers that came first; for-await has one at most. */
  #waiting: ((result: IteratorResult<Packet, undefined>) => void)[] = []
  #ended = false
  #abandoned = false

  /** @param pulled told of every packet that leaves the queue after it was kept */
  constructor(pulled: (packet: Packet) => void) {
    this.#pulled = pulled
  }

  /** Whether the packet was kept (and so counts); otherwise a reader has it already, or nobody wants it. */
  push(packet: Packet): boolean {
    if (this.#ended || this.#abandoned) return false
    const waiting = this.#waiting.shift()
    if (waiting) {
      waiting({ done: false, value: packet })
      return false
    }
    this.#packets.push(packet)
    return true
  }

  /** No more will come. What is in the queue is still read, unless `discard`. */
  end(discard: boolean): void {
    this.#ended = true
    if (discard) this.#clear()
    for (const waiting of this.#waiting.splice(0)) waiting({ done: true, value: undefined })
  }

  next(): Promise<IteratorResult<Packet, undefined>> {
    const packet = this.#packets[this.#head]
    if (packet) {
      this.#advance()
      this.#pulled(packet)
      return Promise.resolve({ done: false, value: packet })
    }
    if (this.#ended || this.#abandoned) return Promise.resolve({ done: true, value: undefined })
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** The reader has left its loop: what comes from now on is dropped, so that the connection lives on. */
  return(): Promise<IteratorResult<Packet, undefined>> {
    this.#abandoned = true
    this.#clear()
    for (const waiting of this.#waiting.splice(0)) waiting({ done: true, value: undefined })
    return Promise.resolve({ done: true, value: undefined })
  }

  #advance(): void {
    this.#packets[this.#head++] = undefined // what has been read is not counted any more, so it must not stay
    if (this.#head === this.#packets.length) {
      this.#packets = []
      this.#head = 0
    } else if (this.#head >= 256) {
      this.#packets = this.#packets.slice(this.#head)
      this.#head = 0
    }
  }

  #clear(): void {
    const rest = this.#packets.slice(this.#head) as Packet[]
    this.#packets = []
    this.#head = 0
    for (const packet of rest) this.#pulled(packet)
  }
}
