/**
 * Packet 1 (EIP-627, "Messages"): envelopes.
 *
 * ```
 * RLP [ envelope, envelope, ... ]
 * ```
 *
 * Deviation of the wire from the written specification: a single envelope that is not in a list is refused.
 */
import { encodeRlpListOf, rlpElements, rlpSpan } from '@status-protocol/bytes/rlp'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import { decodeEnvelope, type Envelope } from '../envelope.ts'
import { expectThat, readPacket } from './read.ts'

/**
 * No packet of MAX_PACKET_BYTES with more can be of use: an envelope that anybody can open has at least 43 bytes. Bounds
 * what a packet full of tiny ones costs to read (some 300 bytes of memory each).
 */
export const MAX_ENVELOPES_PER_PACKET = 32_768

/** The packet's body. The empty list is legal. */
export function encodeMessages(envelopes: readonly Pick<Envelope, 'rlp'>[]): Uint8Array {
  return encodeRlpListOf(envelopes.map((envelope) => envelope.rlp))
}

/**
 * All envelopes, or none: one that is malformed spoils the packet. They are views into `body`.
 *
 * @throws WhisperError `malformed-packet`, also above {@link MAX_ENVELOPES_PER_PACKET}
 */
export function decodeMessages(body: Uint8Array): readonly Envelope[] {
  return readPacket('messages', () => {
    const list = rlpSpan(body)
    expectThat(list.end === body.length, `${body.length - list.end} bytes after the list`)
    return rlpElements(body, list, MAX_ENVELOPES_PER_PACKET).map(({ start, end }) =>
      decodeEnvelope(body.subarray(start, end)),
    )
  })
}

/** What packets 11 and 12 call a messages packet by: Keccak-256 of its body as received, 32 bytes. */
export function batchHash(messagesBody: Uint8Array, crypto: CryptoProvider = defaultProvider): Uint8Array {
  return crypto.keccak256(messagesBody)
}
