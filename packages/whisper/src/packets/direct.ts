/**
 * Packet 127 (Status): envelopes for the receiver alone, never forwarded; expiry and proof of work do not count. Mail
 * servers answer with it.
 *
 * ```
 * envelope      or      RLP [ envelope, envelope, ... ]
 * ```
 */
import { rlpElements } from '@status-protocol/bytes/rlp'
import { decodeEnvelope, type Envelope } from '../envelope.ts'
import { encodeMessages, MAX_ENVELOPES_PER_PACKET } from './messages.ts'
import { firstItem, readPacket } from './read.ts'

/** The packet's body: a single envelope goes bare, as the oldest readers want it; none or several go as a list. */
export function encodeDirect(envelopes: readonly Pick<Envelope, 'rlp'>[]): Uint8Array {
  const [only] = envelopes
  return only !== undefined && envelopes.length === 1 ? only.rlp : encodeMessages(envelopes)
}

/** Either form; views into `body`. @throws WhisperError `malformed-packet`, also above 32,768 envelopes */
export function decodeDirect(body: Uint8Array): readonly Envelope[] {
  return readPacket('direct messages', () => {
    const item = firstItem(body)
    const elements = rlpElements(body, item, MAX_ENVELOPES_PER_PACKET)
    const isBare = elements[0] !== undefined && !elements[0].isList
    return (isBare ? [item] : elements).map(({ start, end }) => decodeEnvelope(body.subarray(start, end)))
  })
}
