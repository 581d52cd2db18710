import { CodedError } from '@status-protocol/bytes'

export type MailserverErrorCode =
  /** An argument of the caller's has the wrong length, range or type. */
  | 'invalid-argument'
  /** Bytes that are no request for history. */
  | 'malformed-request'
  /** Bytes that are no export of an archive, or a damaged one. */
  | 'malformed-export'
  /** Nobody that was asked answered in time, or all links closed. */
  | 'no-answer'
  /** The other side said why it does not answer; `details.text` has its words. */
  | 'refused'
  /** It was closed before. */
  | 'closed'

/** What this package throws; `code` is one of {@link MailserverErrorCode}. Never holds keys or envelopes. */
export class MailserverError extends CodedError<MailserverErrorCode> {}

export function invalid(message: string): MailserverError {
  return new MailserverError('invalid-argument', message)
}
