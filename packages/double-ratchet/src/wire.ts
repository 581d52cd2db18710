/** The ground under the protobuf codecs: hostile input is bounded, nothing of protobufjs is visible above this file. */
import protobuf from 'protobufjs/minimal.js'
import { DoubleRatchetError } from './error.ts'

/**
 * Fields of one message, those of nested messages included. A field of two bytes becomes an object of a hundred: without
 * this limit a small message could take fifty times its size in memory. A message for 3 devices has about 40.
 */
export const MAX_FIELDS = 2_000

/** A generated message class, as far as it is used. */
interface Generated<Decoded, Properties> {
  decode(reader: protobuf.Reader): Decoded
  encode(message: Properties, writer: protobuf.Writer): protobuf.Writer
}

interface Int64 {
  readonly low: number
  readonly high: number
}

class BoundedReader extends protobuf.Reader {
  #fieldsLeft = MAX_FIELDS

  override tag(): number {
    if (this.#fieldsLeft-- === 0) throw new RangeError(`more than ${MAX_FIELDS} fields`)
    return super.tag()
  }
}

/** @throws DoubleRatchetError `malformed`, whatever is wrong with the bytes */
export function decodeWire<Decoded>(
  type: Generated<Decoded, never>,
  bytes: Uint8Array,
  name: string,
): Decoded {
  bytesArgument(bytes, name)
  try {
    // A copy of its own: fields are views, and nobody else may change them. Not a Buffer, or fields would be Buffers.
    return type.decode(new BoundedReader(new Uint8Array(bytes)))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new DoubleRatchetError('malformed', `${name}: not readable as protobuf (${why})`)
  }
}

/** Fields in order of their numbers, zero values left out, map entries in the order given. */
export function encodeWire<Properties>(
  type: Generated<unknown, Properties>,
  message: Properties,
): Uint8Array {
  // A copy of its own: protobufjs cuts small messages out of one shared buffer.
  return type.encode(message, new protobuf.Writer()).finish().slice()
}

/** A signed 64-bit integer as protobufjs decodes it (Long, or number without the `long` package). */
export function int64Of(value: Int64 | number | null | undefined): bigint {
  if (typeof value === 'number') return BigInt(value)
  return value ? (BigInt(value.high | 0) << 32n) | BigInt(value.low >>> 0) : 0n
}

/**
 * A signed 64-bit integer as protobufjs encodes it: a bigint given to a generated `encode` would silently become 0.
 *
 * @throws DoubleRatchetError `invalid-argument` unless -2^63 <= value < 2^63
 */
export function toInt64(value: bigint, name: string): Int64 {
  if (typeof value !== 'bigint' || BigInt.asIntN(64, value) !== value)
    throw new DoubleRatchetError('invalid-argument', `${name}: expected a bigint of 64 bits with sign`)
  return { low: Number(value & 0xffff_ffffn) | 0, high: Number(value >> 32n) | 0 }
}

/** @throws DoubleRatchetError `invalid-argument` unless it is an integer of 0 .. 2^32 - 1 */
export function uint32Argument(value: number, name: string): number {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff)
    throw new DoubleRatchetError('invalid-argument', `${name}: expected an integer of 32 bits, got ${value}`)
  return value
}

/** @throws DoubleRatchetError `invalid-argument` */
export function bytesArgument(value: Uint8Array, name: string): void {
  if (!(value instanceof Uint8Array))
    throw new DoubleRatchetError('invalid-argument', `${name}: expected bytes, got a ${typeof value}`)
}
