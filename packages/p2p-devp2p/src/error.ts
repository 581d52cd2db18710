import { CodedError } from '@status-protocol/bytes'

export type P2pErrorCode =
  /** A key, id, port, capability or limit that cannot be used; the message names the argument. */
  | 'invalid-argument'
  /** A message of the base protocol or of the handshake that cannot be read. */
  | 'malformed'
  /** A size above the limit that holds there. */
  | 'too-big'
  /** A discovery packet whose hash is not that of its content. */
  | 'bad-hash'
  /** A signature that no key made, or not the key that it should be. */
  | 'bad-signature'
  /** A discovery packet of a type that is not known; `details.type` has it. */
  | 'unknown-type'
  /** The address to listen on is taken or not ours; `details.cause` has the platform's code. */
  | 'listen-failed'

/** What this package throws, on misuse or from its codecs; a link itself never throws. Holds no key material. */
export class P2pError extends CodedError<P2pErrorCode> {}
