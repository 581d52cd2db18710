import { type Brand, concat, type PublicKey } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import { PayloadError } from './error.ts'

/** 32 bytes: keccak256(author's public key(65) | wrapper as it was sent). */
export type MessageId = Brand<Uint8Array, 'MessageId'>

/**
 * Id of a message, by which people answer it and devices know it again.
 *
 * It covers the wrapper byte for byte, so the same message written with its fields in another order has another id. An
 * unsigned wrapper has no author: its id is the hash of the wrapper alone. (Documents of 2019 speak of the compressed
 * key; all implementations use the 65 bytes.)
 */
export function messageId(
  author: PublicKey | undefined,
  wrapped: Uint8Array,
  { crypto = defaultProvider }: { readonly crypto?: CryptoProvider } = {},
): MessageId {
  return toMessageId(crypto.keccak256(author ? concat(author, wrapped) : wrapped))
}

/** @throws PayloadError `invalid-argument` unless it is 32 bytes */
export function toMessageId(bytes: Uint8Array): MessageId {
  if (!(bytes instanceof Uint8Array) || bytes.length !== 32)
    throw new PayloadError('invalid-argument', 'message id: expected 32 bytes')
  return bytes as MessageId
}
