/**
 * Base of every package's error class: a message for people, a stable `code` for programs, `details` for both.
 * Neither message nor details ever hold key material or message text.
 */
export class CodedError<Code extends string = string> extends Error {
  readonly code: Code
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: Code, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.name = new.target.name
    this.code = code
    this.details = details
  }
}

export type BytesErrorCode =
  | 'not-hex'
  | 'wrong-length'
  | 'not-utf8'
  | 'rlp-truncated'
  | 'rlp-not-canonical'
  | 'rlp-trailing-bytes'
  | 'rlp-too-deep'
  | 'rlp-too-many-items'
  | 'rlp-wrong-type'
  | 'out-of-range'

/** What this package throws; `code` is one of {@link BytesErrorCode}. */
export class BytesError extends CodedError<BytesErrorCode> {}
