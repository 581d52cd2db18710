/**
 * Reads the optional elements of a status packet as go-ethereum's stream decoder does, which decides what an unreadable
 * element does to those after it: one that is too long or a list stays where it is, so all later ones fail on it too;
 * one that has been consumed before it was found wanting (an integer with a leading zero, a boolean of 2) is passed over.
 *
 * Knows RLP headers, nothing of status packets.
 */
import { BytesError } from '@status-protocol/bytes'
import { type RlpSpan, rlpSpan } from '@status-protocol/bytes/rlp'

export class TolerantReader {
  readonly #bytes: Uint8Array
  readonly #end: number
  #at: number

  /** Reads the elements of `list`. */
  constructor(bytes: Uint8Array, list: RlpSpan) {
    this.#bytes = bytes
    this.#at = list.payload
    this.#end = list.end
  }

  /** The next element as an integer of at most `maxBytes`, or undefined. */
  uint(maxBytes: number): bigint | undefined {
    const isLoneZero = this.#at < this.#end && this.#bytes[this.#at] === 0
    const bytes = isLoneZero ? undefined : this.bytes(maxBytes)
    if (bytes === undefined || bytes[0] === 0) return undefined
    let value = 0n
    for (const byte of bytes) value = (value << 8n) | BigInt(byte)
    return value
  }

  /** The next element as 0 or 1, or undefined. */
  boolean(): boolean | undefined {
    const value = this.uint(1)
    return value === 0n || value === 1n ? value === 1n : undefined
  }

  /** The next element as a string of at most `maxBytes`, or undefined. */
  bytes(maxBytes: number = Number.POSITIVE_INFINITY): Uint8Array | undefined {
    if (this.#isNonCanonicalByte()) {
      this.#at += 2
      return undefined
    }
    const span = this.#peek()
    if (span === undefined || span.isList || span.end - span.payload > maxBytes) return undefined
    this.#at = span.end
    return this.#bytes.subarray(span.payload, span.end)
  }

  /** The next element if it is a list; it is not consumed. */
  list(): RlpSpan | undefined {
    const span = this.#peek()
    return span?.isList ? span : undefined
  }

  /** 81 00 .. 81 7f: a byte that should stand alone. */
  #isNonCanonicalByte(): boolean {
    const [header, byte] = [this.#bytes[this.#at], this.#bytes[this.#at + 1]]
    return this.#at + 2 <= this.#end && header === 0x81 && (byte as number) < 0x80
  }

  #peek(): RlpSpan | undefined {
    try {
      return this.#at < this.#end ? rlpSpan(this.#bytes, this.#at, this.#end) : undefined
    } catch (error) {
      if (error instanceof BytesError) return undefined
      throw error
    }
  }
}
