/**
 * RLP (Ethereum's recursive length prefix), strict as go-ethereum reads it: one encoding for each value.
 *
 * ```
 * 00..7f             the byte itself
 * 80..b7 | payload   string of 0 - 55 bytes          c0..f7 | payload   list, payload of 0 - 55 bytes
 * b8..bf | length | payload   longer string          f8..ff | length | payload   longer list
 * ```
 */
import { BytesError } from './error.ts'

export type RlpItem = Uint8Array | readonly RlpItem[]

/** Deeper nesting than any message of these protocols has is refused, so that no input can exhaust the stack. */
export const MAX_RLP_DEPTH = 32

/** Where one item lies inside a buffer: header at `start`, payload from `payload` to `end`. */
export interface RlpSpan {
  readonly isList: boolean
  readonly start: number
  readonly payload: number
  readonly end: number
}

/**
 * Reads one item's header at `start` without touching its payload (constant time, no copies).
 *
 * @throws BytesError `rlp-truncated` or `rlp-not-canonical`
 */
export function rlpSpan(bytes: Uint8Array, start = 0, limit: number = bytes.length): RlpSpan {
  if (start >= limit) throw truncated(1, limit - start)
  const first = bytes[start] as number
  if (first < 0x80) return { isList: false, start, payload: start, end: start + 1 }
  const isList = first >= 0xc0
  const short = first - (isList ? 0xc0 : 0x80)
  if (short <= 55) return shortSpan(bytes, start, limit, isList, short)
  return longSpan(bytes, start, limit, isList, short - 55)
}

function shortSpan(
  bytes: Uint8Array,
  start: number,
  limit: number,
  isList: boolean,
  length: number,
): RlpSpan {
  const payload = start + 1
  if (limit - payload < length) throw truncated(length, limit - payload)
  if (!isList && length === 1 && (bytes[payload] as number) < 0x80)
    throw new BytesError('rlp-not-canonical', 'RLP: a single byte below 0x80 must stand alone')
  return { isList, start, payload, end: payload + length }
}

function longSpan(
  bytes: Uint8Array,
  start: number,
  limit: number,
  isList: boolean,
  sizeBytes: number,
): RlpSpan {
  const payload = start + 1 + sizeBytes
  if (payload > limit) throw truncated(1 + sizeBytes, limit - start)
  if (bytes[start + 1] === 0) throw new BytesError('rlp-not-canonical', 'RLP: length with a leading zero')
  let length = 0
  for (let i = start + 1; i < payload; i++) {
    length = length * 256 + (bytes[i] as number)
    if (length > limit) throw truncated(length, limit - payload)
  }
  if (length <= 55) throw new BytesError('rlp-not-canonical', 'RLP: long form for a length of 55 or less')
  if (limit - payload < length) throw truncated(length, limit - payload)
  return { isList, start, payload, end: payload + length }
}

/**
 * The spans of a list's elements; `bytes` from `list.payload` to `list.end`. Elements are not looked into.
 *
 * @param maxItems refuse longer lists (`rlp-too-many-items`)
 */
export function rlpElements(
  bytes: Uint8Array,
  list: RlpSpan,
  maxItems: number = Number.POSITIVE_INFINITY,
): RlpSpan[] {
  if (!list.isList) throw new BytesError('rlp-wrong-type', 'RLP: expected a list, got a string')
  const spans: RlpSpan[] = []
  for (let at = list.payload; at < list.end; ) {
    if (spans.length >= maxItems)
      throw new BytesError('rlp-too-many-items', `RLP: expected a list of at most ${maxItems} elements`)
    const span = rlpSpan(bytes, at, list.end)
    spans.push(span)
    at = span.end
  }
  return spans
}

/** The payload of a string item, not copied. @throws BytesError `rlp-wrong-type` on a list */
export function rlpBytes(bytes: Uint8Array, span: RlpSpan): Uint8Array {
  if (span.isList) throw new BytesError('rlp-wrong-type', 'RLP: expected a string, got a list')
  return bytes.subarray(span.payload, span.end)
}

/**
 * Exactly one item; strings are views into `bytes`.
 *
 * @throws BytesError `rlp-truncated`, `rlp-not-canonical`, `rlp-too-deep`, `rlp-trailing-bytes`
 */
export function decodeRlp(bytes: Uint8Array): RlpItem {
  const { item, length } = decodeRlpPrefix(bytes)
  if (length !== bytes.length)
    throw new BytesError('rlp-trailing-bytes', `RLP: ${bytes.length - length} bytes after the item`)
  return item
}

/** The item at the start of `bytes` and its whole length; what follows is not looked at (EIP-8 padding). */
export function decodeRlpPrefix(bytes: Uint8Array): { readonly item: RlpItem; readonly length: number } {
  const span = rlpSpan(bytes)
  return { item: itemAt(bytes, span, 0), length: span.end }
}

function itemAt(bytes: Uint8Array, span: RlpSpan, depth: number): RlpItem {
  if (!span.isList) return bytes.subarray(span.payload, span.end)
  if (depth >= MAX_RLP_DEPTH)
    throw new BytesError('rlp-too-deep', `RLP: lists nested deeper than ${MAX_RLP_DEPTH}`)
  return rlpElements(bytes, span).map((element) => itemAt(bytes, element, depth + 1))
}

/** The one canonical encoding of an item. */
export function encodeRlp(item: RlpItem): Uint8Array {
  const out = new Uint8Array(encodedLength(item))
  write(out, 0, item)
  return out
}

/** A list of parts that are encoded already. */
export function encodeRlpListOf(encodedParts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of encodedParts) length += part.length
  const out = new Uint8Array(headerLength(length) + length)
  let at = writeHeader(out, 0, 0xc0, length)
  for (const part of encodedParts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/**
 * Writes the header of a list whose elements take `payloadBytes`, 1 to 9 bytes, to `output` from `at` on; returns where the
 * elements begin.
 */
export function writeRlpListHeader(output: Uint8Array, at: number, payloadBytes: number): number {
  return writeHeader(output, at, 0xc0, payloadBytes)
}

function encodedLength(item: RlpItem): number {
  if (item instanceof Uint8Array) return isSingleByte(item) ? 1 : headerLength(item.length) + item.length
  const payload = payloadLength(item)
  return headerLength(payload) + payload
}

function payloadLength(list: readonly RlpItem[]): number {
  let length = 0
  for (const element of list) length += encodedLength(element)
  return length
}

function write(out: Uint8Array, at: number, item: RlpItem): number {
  if (item instanceof Uint8Array) {
    if (isSingleByte(item)) {
      out[at] = item[0] as number
      return at + 1
    }
    const payload = writeHeader(out, at, 0x80, item.length)
    out.set(item, payload)
    return payload + item.length
  }
  let next = writeHeader(out, at, 0xc0, payloadLength(item))
  for (const element of item) next = write(out, next, element)
  return next
}

function isSingleByte(bytes: Uint8Array): boolean {
  return bytes.length === 1 && (bytes[0] as number) < 0x80
}

function headerLength(length: number): number {
  return length <= 55 ? 1 : 1 + byteLength(length)
}

function writeHeader(out: Uint8Array, at: number, base: 0x80 | 0xc0, length: number): number {
  if (length <= 55) {
    out[at] = base + length
    return at + 1
  }
  const size = byteLength(length)
  out[at] = base + 55 + size
  let rest = length
  for (let i = size; i >= 1; i--) {
    out[at + i] = rest % 256
    rest = Math.floor(rest / 256)
  }
  return at + 1 + size
}

function byteLength(value: number): number {
  let size = 0
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) size++
  return size
}

/** An unsigned integer as RLP has it: big endian, no leading zeros, 0 is the empty string. */
export function rlpUint(value: number | bigint): Uint8Array {
  if (value < 0 || (typeof value === 'number' && !Number.isSafeInteger(value)))
    throw new BytesError('out-of-range', 'RLP: expected an integer that is not negative and exact')
  let rest = BigInt(value)
  const digits: number[] = []
  for (; rest > 0n; rest >>= 8n) digits.push(Number(rest & 0xffn))
  return Uint8Array.from(digits.reverse())
}

/** Reads {@link rlpUint}'s bytes. @throws BytesError `rlp-not-canonical` on a leading zero, `out-of-range` above `maxBytes` */
export function readRlpUint(bytes: Uint8Array, maxBytes = 8): bigint {
  if (bytes.length > maxBytes)
    throw new BytesError(
      'out-of-range',
      `RLP: expected an integer of at most ${maxBytes} bytes, got ${bytes.length}`,
    )
  if (bytes[0] === 0) throw new BytesError('rlp-not-canonical', 'RLP: integer with a leading zero')
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  return value
}

function truncated(wanted: number, left: number): BytesError {
  return new BytesError('rlp-truncated', `RLP: expected ${wanted} more bytes, ${Math.max(left, 0)} are left`)
}
