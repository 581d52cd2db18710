import { CodedError } from '@status-protocol/bytes'

export type DoubleRatchetErrorCode =
  /** An argument has the wrong form; a mistake of the caller. */
  | 'invalid-argument'
  /** What should be a key of the curve is none. */
  | 'invalid-key'
  /** Bytes from the network that are no message, bundle or header. Thrown by functions named `decode...` only. */
  | 'malformed'
  /** Bytes of our own store that this version did not write. */
  | 'corrupt-state'
  /** A sending chain has no numbers left (2^32 - 1 messages without an answer). */
  | 'chain-exhausted'

/**
 * What this package throws. Whether a peer's message opens is not among it: that is returned, see the `reason` of
 * each result.
 */
export class DoubleRatchetError extends CodedError<DoubleRatchetErrorCode> {}
