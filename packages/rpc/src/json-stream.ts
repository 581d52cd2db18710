/**
 * JSON texts one behind the other, as clients of geth's IPC socket send them: with newlines, with spaces or with nothing in
 * between. Finds where each ends; whether it is JSON is for the parser.
 */
import { GrowingBytes } from './growing-bytes.ts'
import { MAX_NESTING } from './nesting.ts'

/** Why a stream cannot go on: behind this nothing can be told apart any more. */
export type JsonStreamFlaw = 'too-long' | 'too-deep' | 'not-json' | 'not-utf8'

export interface JsonStreamOptions {
  /** Bytes of one text. What is held is BOUNDED by it and by one piece of input. */
  readonly maxBytes: number
  readonly maxNesting?: number
}

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [34, 92, 91, 93, 123, 125]

export class JsonStream {
  readonly #maxBytes: number
  readonly #maxNesting: number
  readonly #decoder = new TextDecoder('utf-8', { fatal: true })
  /** The text that has begun, from its start. BOUNDED by maxBytes. */
  readonly #held = new GrowingBytes()
  #depth = 0
  #inString = false
  #escaped = false
  #flaw: JsonStreamFlaw | undefined

  constructor({ maxBytes, maxNesting = MAX_NESTING }: JsonStreamOptions) {
    this.#maxBytes = maxBytes
    this.#maxNesting = maxNesting
  }

  /** Bytes of a text that has begun and not ended. */
  get heldBytes(): number {
    return this.#held.length
  }

  /** Set once the stream cannot go on; what is pushed after that is passed over. */
  get flaw(): JsonStreamFlaw | undefined {
    return this.#flaw
  }

  /** The texts that end in this piece, objects or lists. Keeps no view of `piece`. */
  push(piece: Uint8Array): string[] {
    const texts: string[] = []
    let start = 0
    for (let i = 0; i < piece.length && !this.#flaw; i++) {
      const byte = piece[i] as number
      if (this.#inString) this.#stringByte(byte)
      else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
        if (this.#depth === 0) start = i
        if (++this.#depth > this.#maxNesting) this.#fail('too-deep')
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        if (this.#depth === 0) this.#fail('not-json')
        else if (--this.#depth === 0) this.#ended(piece.subarray(start, i + 1), texts)
      } else if (this.#depth === 0) {
        if (!isSpace(byte)) this.#fail('not-json')
      } else if (byte === QUOTE) this.#inString = true
      if (this.#depth > 0 && this.#held.length + i - start + 1 >= this.#maxBytes) this.#fail('too-long')
    }
    if (this.#depth > 0 && !this.#flaw) this.#held.push(piece.subarray(start))
    return texts
  }

  #stringByte(byte: number): void {
    if (this.#escaped) this.#escaped = false
    else if (byte === BACKSLASH) this.#escaped = true
    else if (byte === QUOTE) this.#inString = false
  }

  #ended(last: Uint8Array, texts: string[]): void {
    const first = this.#held.take()
    try {
      const text = this.#decoder.decode(first, { stream: true })
      texts.push(text + this.#decoder.decode(last))
    } catch {
      this.#fail('not-utf8')
    }
  }

  #fail(flaw: JsonStreamFlaw): void {
    this.#flaw = flaw
    this.#held.clear()
  }
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}
