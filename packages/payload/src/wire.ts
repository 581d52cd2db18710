/**
 * The ground under every protobuf codec of this package: hostile input is bounded, 64-bit integers are bigint, and
 * fields that no schema of ours knows survive a round trip. Nothing of protobufjs is visible above this file.
 */
import { concat } from '@status-protocol/bytes'
import protobuf from 'protobufjs/minimal.js'
import { bytesArgument, describe, MAX_UINT64 } from './arguments.ts'
import { PayloadError } from './error.ts'

/** Whisper carries at most 1 MiB, so no honest message is longer. */
export const MAX_MESSAGE_BYTES: number = 1024 * 1024

/**
 * Fields of one message, those of nested messages included. A field of two bytes becomes an object of a hundred: without
 * this limit a message of 1 MiB could take 50 MiB of memory.
 */
export const MAX_FIELDS = 10_000

interface Int64 {
  readonly low: number
  readonly high: number
}

/** A generated message class, as far as it is used. */
export interface Generated<Decoded, Properties> {
  decode(reader: protobuf.Reader): Decoded
  encode(message: Properties, writer: protobuf.Writer): protobuf.Writer
}

/** What a generated message keeps of fields it does not know. */
interface Unknowns {
  readonly $unknowns?: readonly Uint8Array[]
}

class BoundedReader extends protobuf.Reader {
  #fieldsLeft = MAX_FIELDS

  constructor(bytes: Uint8Array) {
    super(bytes)
    this.discardUnknown = false
  }

  override tag(): number {
    if (this.#fieldsLeft-- === 0) throw new RangeError(`more than ${MAX_FIELDS} fields`)
    return super.tag()
  }
}

/** @throws PayloadError `malformed`, whatever is wrong with the bytes; `invalid-argument` if they are none */
export function decodeWire<Decoded>(
  type: Generated<Decoded, never>,
  bytes: Uint8Array,
  name: string,
): Decoded {
  if (bytesArgument(bytes, name).length > MAX_MESSAGE_BYTES)
    throw new PayloadError(
      'malformed',
      `${name}: ${bytes.length} bytes, at most ${MAX_MESSAGE_BYTES} are read`,
    )
  try {
    // A plain view: protobufjs would hand out Buffers for a Buffer.
    return type.decode(new BoundedReader(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)))
  } catch (error) {
    throw new PayloadError('malformed', `${name}: not readable as protobuf (${messageOf(error)})`)
  }
}

/** Fields in order of their numbers, zero values left out, unknown fields last: what the Go clients write. */
export function encodeWire<Properties>(
  type: Generated<unknown, Properties>,
  message: Properties,
): Uint8Array {
  // A copy of its own: protobufjs cuts small messages out of one shared buffer.
  return type.encode(message, new protobuf.Writer()).finish().slice()
}

/** Raw unknown fields of a decoded message, one after the other; undefined if there are none. */
export function unknownFieldsOf(message: Unknowns): { unknownFields?: Uint8Array } {
  const fields = message.$unknowns
  return fields?.length ? { unknownFields: concat(...fields) } : {}
}

/** The way back of {@link unknownFieldsOf}. */
export function withUnknownFields(message: { readonly unknownFields?: Uint8Array }): {
  $unknowns?: Uint8Array[]
} {
  return message.unknownFields?.length ? { $unknowns: [message.unknownFields] } : {}
}

/** A 64-bit integer as protobufjs decodes it (Long, or number without the `long` package). */
export function uint64Of(value: Int64 | number): bigint {
  if (typeof value === 'number') return BigInt(value)
  return (BigInt(value.high >>> 0) << 32n) | BigInt(value.low >>> 0)
}

/**
 * A 64-bit integer as protobufjs encodes it: a bigint given to a generated `encode` would silently become 0.
 *
 * @throws PayloadError `out-of-range` unless 0 <= value < 2^64
 */
export function toUint64(value: bigint, name: string): number {
  if (typeof value !== 'bigint' || value < 0n || value > MAX_UINT64)
    throw new PayloadError(
      'out-of-range',
      `${name}: expected a bigint of 0 .. 2^64 - 1, got ${describe(value)}`,
    )
  const bits: Int64 = { low: Number(value & 0xffff_ffffn) | 0, high: Number(value >> 32n) | 0 }
  // The generated types say number | Long; the writer reads nothing but low and high.
  return bits as unknown as number
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown'
}
