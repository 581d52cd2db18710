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
    return revived(JSON.parse(fromUtf8(bytes))) as T
  } catch {
    throw new MessengerError('damaged-store', `expected a record, got ${bytes.length} bytes that are none`)
  }
}

function replacer(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return { '0x': toHex(value) }
  if (typeof value === 'bigint') return { n: value.toString() }
  return value
}

/** In place. A reviver of `JSON.parse` does the same in twice the time, and records are read several times a message. */
function revived(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const fields = value as Record<string, unknown>
  const names = Object.keys(fields)
  for (const name of names) {
    const field = fields[name]
    if (typeof field === 'object' && field !== null) fields[name] = revived(field)
  }
  const [name = ''] = names
  const content = fields[name]
  if (names.length !== 1 || typeof content !== 'string') return value
  if (name === '0x') return fromHex(content)
  return name === 'n' ? BigInt(content) : value
}
