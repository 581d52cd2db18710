/**
 * What is stored, as JSON: bytes as `{"0x": hex}`, 64-bit integers as `{"n": decimal}`. A reader of another version skips
 * fields that it does not know.
 */
import { fromHex, fromUtf8, toHex, utf8 } from '@status-protocol/bytes'
import { MessengerError } from './error.ts'

export function encodeRecord(value: object): Uint8Array {
  return utf8(JSON.stringify(value, replacer))
}

/** @throws MessengerError `damaged-store` */
export function decodeRecord<T>(bytes: Uint8Array): T {
  try {
    return JSON.parse(fromUtf8(bytes), reviver) as T
  } catch {
    throw new MessengerError('damaged-store', `expected a record, got ${bytes.length} bytes that are none`)
  }
}

function replacer(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return { '0x': toHex(value) }
  if (typeof value === 'bigint') return { n: value.toString() }
  return value
}

function reviver(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  const [name, content] = entries[0] ?? []
  if (entries.length !== 1 || typeof content !== 'string') return value
  if (name === '0x') return fromHex(content)
  return name === 'n' ? BigInt(content) : value
}
