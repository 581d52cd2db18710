import { CodedError } from '@status-protocol/bytes'

export type PayloadErrorCode = 'invalid-argument' | 'out-of-range' | 'malformed'

/**
 * What this package throws; `code` is one of {@link PayloadErrorCode}. `malformed` comes only from the functions whose
 * names begin with `decode`; everything that reads from the network (`unwrap`, `openEvent`) returns a verdict instead.
 */
export class PayloadError extends CodedError<PayloadErrorCode> {}

/** The verdict form of a decoder: undefined instead of `malformed`; any other error goes on. */
export function orUndefinedIfMalformed<T>(decode: () => T): T | undefined {
  try {
    return decode()
  } catch (error) {
    if (error instanceof PayloadError && error.code === 'malformed') return undefined
    throw error
  }
}
