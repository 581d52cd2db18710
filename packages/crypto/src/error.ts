import { CodedError } from '@status-protocol/bytes'

export type CryptoErrorCode = 'invalid-argument' | 'invalid-key' | 'unavailable'

/** What this package throws; never holds key material. */
export class CryptoError extends CodedError<CryptoErrorCode> {}
