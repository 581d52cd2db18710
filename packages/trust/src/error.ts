import { CodedError } from '@status-protocol/bytes'

export type TrustErrorCode =
  | 'invalid-mnemonic'
  | 'invalid-path'
  | 'invalid-key'
  | 'invalid-address'
  | 'invalid-key-text'
  | 'invalid-keystore'
  | 'invalid-argument'

/** What this package throws; `code` is one of {@link TrustErrorCode}. Never holds a word, a key or a password. */
export class TrustError extends CodedError<TrustErrorCode> {}
