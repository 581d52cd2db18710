/** Message codecs as tables: the fields of our type beside those of the generated protobuf class. */
import { bytesArgument, int32Argument, listArgument, textArgument } from './arguments.ts'
import {
  decodeWire,
  encodeWire,
  type Generated,
  toUint64,
  uint64Of,
  unknownFieldsOf,
  withUnknownFields,
} from './wire.ts'

/** Both ways between bytes and one kind of message. */
export interface Codec<M> {
  /** @throws PayloadError `malformed` */
  decode(bytes: Uint8Array): M
  /** @throws PayloadError `out-of-range`, `invalid-argument` */
  encode(message: M): Uint8Array
}

/** A codec that can also stand inside another message. */
export interface TableCodec<M> extends Codec<M> {
  fromWire(raw: object): M
  toWire(message: M): object
}

/** How one field looks in our types and in protobufjs. */
export interface Field<T> {
  /** Value of a field that is not on the wire. */
  readonly absent: T
  read(raw: never): T
  /** undefined: not on the wire. */
  write(value: T, name: string): unknown
}

type Fields<M, Constants> = {
  readonly [K in Exclude<keyof M, keyof Constants | 'unknownFields'>]-?: Field<M[K]>
}

/**
 * @param name what error messages call it
 * @param generated the class of `src/generated`
 * @param constants fields that are not on the wire: the `type` of the tagged union
 */
export function tableCodec<M extends { readonly unknownFields?: Uint8Array }, Constants extends Partial<M>>(
  name: string,
  generated: Generated<object, never>,
  constants: Constants,
  fields: Fields<M, Constants>,
): TableCodec<M> {
  const entries = Object.entries(fields) as [string, Field<unknown>][]

  function fromWire(raw: object): M {
    const message: Record<string, unknown> = { ...constants }
    for (const [key, field] of entries) {
      // Own properties only: defaults stand on the prototype and are Buffers in Node.
      const value = Object.hasOwn(raw, key)
        ? field.read((raw as Record<string, never>)[key] as never)
        : field.absent
      if (value !== undefined) message[key] = value
    }
    return Object.assign(message, unknownFieldsOf(raw)) as unknown as M
  }

  function toWire(message: M): object {
    const values = message as Record<string, unknown>
    const raw: Record<string, unknown> = withUnknownFields(message)
    for (const [key, field] of entries) {
      const value = field.write(values[key], `${name}.${key}`)
      if (value !== undefined) raw[key] = value
    }
    return raw
  }

  return {
    fromWire,
    toWire,
    decode: (bytes) => fromWire(decodeWire(generated, bytes, name)),
    encode: (message) => encodeWire(generated, toWire(message) as never),
  }
}

export const uint64: Field<bigint> = { absent: 0n, read: uint64Of, write: toUint64 }
export const int32: Field<number> = { absent: 0, read: (raw: number) => raw, write: int32Argument }
export const text: Field<string> = { absent: '', read: (raw: string) => raw, write: textArgument }
export const bytes: Field<Uint8Array> = { absent: new Uint8Array(), read: copy, write: bytesArgument }

export const optionalBytes: Field<Uint8Array | undefined> = {
  absent: undefined,
  read: copy,
  write: (value, name) => value && bytesArgument(value, name),
}

/** A field of which absent is not the same as empty. */
export function optional<T>(field: Field<T>): Field<T | undefined> {
  return {
    absent: undefined,
    read: field.read,
    write: (value, name) => (value === undefined ? undefined : field.write(value, name)),
  }
}

/** Something that is so, or is not said. */
export const optionalTrue: Field<true | undefined> = {
  absent: undefined,
  read: (raw: boolean) => raw || undefined,
  write: (value) => value,
}

/** Shared by all messages without elements. */
const NO_ELEMENTS: readonly never[] = Object.freeze([])

export function listOf<T>(item: Field<T>): Field<readonly T[]> {
  return {
    absent: NO_ELEMENTS,
    read: (raw: readonly never[]) => raw.map((element) => item.read(element)),
    write: (value, name) =>
      listArgument(value, name).map((element, i) => item.write(element, `${name}[${i}]`)),
  }
}

/** A message inside a message; absent and empty are different things. */
export function nested<M>(codec: TableCodec<M>): Field<M | undefined> {
  return {
    absent: undefined,
    read: (raw: object) => codec.fromWire(raw),
    write: (value) => value && codec.toWire(value),
  }
}

/** A list of messages inside a message. */
export function nestedList<M>(codec: TableCodec<M>): Field<readonly M[]> {
  return {
    absent: NO_ELEMENTS,
    read: (raw: readonly object[]) => raw.map((element) => codec.fromWire(element)),
    write: (value, name) => listArgument(value, name).map((element) => codec.toWire(element)),
  }
}

/** Copied out of the packet, so that a message kept for long does not keep the packet. */
function copy(raw: Uint8Array): Uint8Array {
  return raw.slice()
}
