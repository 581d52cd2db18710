/** Reading and writing of our own records: big endian, lengths checked before anything is taken. */
import { concat } from '@status-protocol/bytes'
import { DoubleRatchetError } from './error.ts'

export class BinaryWriter {
  readonly #parts: Uint8Array[] = []

  bytes(value: Uint8Array): this {
    this.#parts.push(value)
    return this
  }

  /** `size` bytes, 1 to 6. */
  uint(value: number, size: number): this {
    if (!Number.isSafeInteger(value) || value < 0 || value >= 256 ** size)
      throw new DoubleRatchetError('invalid-argument', `expected an integer of at most ${size} bytes`)
    const out = new Uint8Array(size)
    let rest = value
    for (let i = size - 1; i >= 0; i--) {
      out[i] = rest % 256
      rest = Math.floor(rest / 256)
    }
    return this.bytes(out)
  }

  /** 8 bytes, two's complement. */
  int64(value: bigint): this {
    const out = new Uint8Array(8)
    new DataView(out.buffer).setBigInt64(0, value)
    return this.bytes(out)
  }

  finish(): Uint8Array {
    return concat(...this.#parts)
  }
}

/** Everything it returns is a copy. @throws DoubleRatchetError `corrupt-state` */
export class BinaryReader {
  readonly #bytes: Uint8Array
  readonly #what: string
  #at = 0

  constructor(bytes: Uint8Array, what: string) {
    this.#bytes = bytes
    this.#what = what
  }

  bytes(length: number): Uint8Array {
    const end = this.#at + length
    if (end > this.#bytes.length) this.fail(`${end - this.#bytes.length} bytes are missing`)
    const value = this.#bytes.slice(this.#at, end)
    this.#at = end
    return value
  }

  uint(size: number): number {
    if (this.#at + size > this.#bytes.length) this.fail('it ends within a number')
    let value = 0
    for (let i = 0; i < size; i++) value = value * 256 + (this.#bytes[this.#at++] as number)
    return value
  }

  int64(): bigint {
    const copy = this.bytes(8)
    return new DataView(copy.buffer).getBigInt64(0)
  }

  /** One byte below `limit`, such as a version or flags. */
  below(limit: number, name: string): number {
    const value = this.uint(1)
    if (value >= limit) this.fail(`${name} ${value} is unknown`)
    return value
  }

  /** How much has been read. */
  get at(): number {
    return this.#at
  }

  /** What was read from there on. */
  since(at: number): Uint8Array {
    return this.#bytes.slice(at, this.#at)
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  end(): void {
    if (this.left > 0) this.fail(`${this.left} bytes follow its end`)
  }

  fail(why: string): never {
    throw new DoubleRatchetError('corrupt-state', `${this.#what}: ${why}`)
  }
}
