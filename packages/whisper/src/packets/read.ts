/** What the packet readers share: views into the body, sizes checked before anything is made of them. */
import { BytesError, type CodedError } from '@status-protocol/bytes'
import { type RlpSpan, readRlpUint, rlpBytes, rlpElements, rlpSpan } from '@status-protocol/bytes/rlp'
import { WhisperError } from '../error.ts'

/** Runs a reader of the packet `name`. What RLP or an envelope complains about becomes `malformed-packet`. */
export function readPacket<T>(name: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof BytesError || error instanceof WhisperError) throw malformed(name, error)
    throw error
  }
}

function malformed(name: string, error: CodedError): WhisperError {
  const why = error.message.replace(/^RLP: /, '')
  return new WhisperError('malformed-packet', `${name}: ${why}`)
}

/** @throws WhisperError `malformed-packet` */
export function expectThat(condition: boolean, message: string): asserts condition {
  if (!condition) throw new WhisperError('malformed-packet', message)
}

/**
 * The item at the start of a body. Bytes after it are not looked at: the reference reads these packets from a stream and
 * stops at the item's end.
 */
export function firstItem(body: Uint8Array): RlpSpan {
  return rlpSpan(body)
}

/** The elements of a list that has exactly `count`. */
export function elementsOf(body: Uint8Array, list: RlpSpan, count: number): RlpSpan[] {
  const elements = rlpElements(body, list, count)
  expectThat(elements.length === count, `expected ${count} elements, got ${elements.length}`)
  return elements
}

/** The bytes of a string item: a view, of exactly `length` bytes if said. */
export function bytesAt(body: Uint8Array, span: RlpSpan | undefined, length?: number): Uint8Array {
  expectThat(span !== undefined, 'an element is missing')
  const bytes = rlpBytes(body, span)
  expectThat(length === undefined || bytes.length === length, `expected ${length} bytes, got ${bytes.length}`)
  return bytes
}

/** An unsigned integer of at most 32 bits. */
export function uint32At(body: Uint8Array, span: RlpSpan | undefined): number {
  return Number(readRlpUint(bytesAt(body, span), 4))
}

/** An unsigned integer of at most 64 bits. */
export function uint64At(body: Uint8Array, span: RlpSpan | undefined): bigint {
  return readRlpUint(bytesAt(body, span), 8)
}

/** 0 or 1. */
export function booleanAt(body: Uint8Array, span: RlpSpan | undefined): boolean {
  const value = readRlpUint(bytesAt(body, span), 1)
  expectThat(value <= 1n, `expected 0 or 1, got ${value}`)
  return value === 1n
}
