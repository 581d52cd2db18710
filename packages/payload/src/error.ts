import { CodedError } from '@status-protocol/bytes'

export type PayloadErrorCode = 'invalid-argument' | 'out-of-range' | 'malformed'

/**
 * What this package throws; `code` is one of {@link PayloadErrorCode}. `malformed` comes only from the functions whose
 * names begin with `decode`; everything that reads from the network (`unwrap`, `openEvent`) returns a verdict instead.
 */
export class PayloadError extends CodedError<PayloadErrorCode> {}
