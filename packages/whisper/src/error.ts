import { CodedError } from '@status-protocol/bytes'

export type WhisperErrorCode =
  /** An argument of the caller's has the wrong length, range or type. */
  | 'invalid-argument'
  /** Bytes that are no envelope: not RLP, not five elements, a field of the wrong type or length. */
  | 'malformed-envelope'
  /** Bytes that are no packet of their code. */
  | 'malformed-packet'
  /** The proof of work was not found within the time that the caller gave. */
  | 'pow-not-reached'
  /** The caller's AbortSignal fired. */
  | 'aborted'
  /** No key has this id. */
  | 'unknown-key'
  /** More own envelopes than a node keeps track of have not expired yet. */
  | 'too-many-pending'
  /** Who reads a stream fell behind its bound. */
  | 'slow-reader'
  /** A remote node does not answer, or refuses; the message says which. */
  | 'unavailable'
  /** It was closed before. */
  | 'closed'

/** What this package throws; `code` is one of {@link WhisperErrorCode}. Never holds keys or payloads. */
export class WhisperError extends CodedError<WhisperErrorCode> {}

/** The argument itself if it has `length` bytes. @throws WhisperError `invalid-argument`, naming the argument */
export function expectBytes(value: Uint8Array, length: number, name: string): Uint8Array {
  if (!(value instanceof Uint8Array) || value.length !== length)
    throw new WhisperError('invalid-argument', `${name}: expected ${length} bytes, got ${described(value)}`)
  return value
}

/** The argument itself if it is bytes of any number. @throws WhisperError `invalid-argument`, naming the argument */
export function expectAnyBytes(value: Uint8Array, name: string): Uint8Array {
  if (!(value instanceof Uint8Array))
    throw new WhisperError('invalid-argument', `${name}: expected bytes, got ${described(value)}`)
  return value
}

/** The argument itself if it is an integer from 0 to 2^32 - 1. @throws WhisperError `invalid-argument`, naming the argument */
export function expectUint32(value: number, name: string): number {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff)
    throw new WhisperError(
      'invalid-argument',
      `${name}: expected an integer of 32 bits, got ${String(value)}`,
    )
  return value
}

function described(value: unknown): string {
  return value instanceof Uint8Array ? `${value.length} bytes` : `a ${typeof value}`
}
