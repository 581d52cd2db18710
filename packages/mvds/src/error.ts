import { CodedError } from '@status-protocol/bytes'

export type MvdsErrorCode =
  | 'invalid-argument'
  | 'unknown-group'
  | 'group-full'
  | 'queue-full'
  | 'body-too-large'
  | 'damaged-state'
  | 'closed'

/** What this package throws; `code` is one of {@link MvdsErrorCode}. Never holds a body. */
export class MvdsError extends CodedError<MvdsErrorCode> {}
