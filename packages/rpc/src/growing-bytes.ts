/** Bytes that come in pieces, in one buffer that doubles: a piece of one byte costs one byte, not an object. */
export class GrowingBytes {
  #buffer: Uint8Array<ArrayBuffer> = NOTHING
  #length = 0

  get length(): number {
    return this.#length
  }

  /** Copies the piece. */
  push(piece: Uint8Array): void {
    const needed = this.#length + piece.length
    if (needed > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(needed, 2 * this.#buffer.length))
      larger.set(this.#buffer.subarray(0, this.#length))
      this.#buffer = larger
    }
    this.#buffer.set(piece, this.#length)
    this.#length = needed
  }

  /** All of them; a view that is no longer written to. */
  take(): Uint8Array<ArrayBuffer> {
    const bytes = this.#buffer.subarray(0, this.#length)
    this.clear()
    return bytes
  }

  clear(): void {
    this.#buffer = NOTHING
    this.#length = 0
  }
}

const NOTHING = new Uint8Array(0)
