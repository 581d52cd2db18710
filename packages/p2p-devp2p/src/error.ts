import { CodedError } from '@status-protocol/bytes'

export type P2pErrorCode =
  /** A key, id, port, capability or limit that cannot be used; the message names the argument. */
  | 'invalid-argument'
  /** A message of the base protocol or of the handshake that cannot be read. */
  | 'malformed'
  /** A size above the limit that holds there. */
  | 'too-big'

/** What this package throws, on misuse or from its codecs; a link itself never throws. Holds no key material. */
export class P2pError extends CodedError<P2pErrorCode> {}
