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
import { WhisperError } from '../error.ts'
import { encodeMessages, MAX_ENVELOPES_PER_PACKET } from './messages.ts'
import { firstItem, readPacket } from './read.ts'

/** The packet's body: a single envelope goes bare, as the oldest readers want it; none or several go as a list. */
export function encodeDirect(envelopes: readonly Pick<Envelope, 'rlp'>[]): Uint8Array {
  const [only] = envelopes
  return only !== undefined && envelopes.length === 1 ? only.rlp : encodeMessages(envelopes)
}

/**
 * The bodies of as few packets as hold these envelopes in this order, each of at most `maxBytes`.
 *
 * @throws WhisperError `invalid-argument`: one envelope alone is larger
 */
export function packDirect(
  envelopes: readonly Pick<Envelope, 'rlp'>[],
  maxBytes: number,
): readonly Uint8Array[] {
  const packets: Pick<Envelope, 'rlp'>[][] = []
  let room = 0
  for (const envelope of envelopes) {
    const bytes = envelope.rlp.length
    if (bytes + LIST_HEADER_BYTES > maxBytes)
      throw new WhisperError('invalid-argument', `envelope: ${bytes} bytes are more than one packet holds`)
    if (bytes > room) {
      packets.push([])
      room = maxBytes - LIST_HEADER_BYTES
    }
    packets.at(-1)?.push(envelope)
    room -= bytes
  }
  return packets.map(encodeDirect)
}

/** Of a packet of up to 2^24 - 1 bytes. */
const LIST_HEADER_BYTES = 4

/** Either form; views into `body`. @throws WhisperError `malformed-packet`, also above 32,768 envelopes */
export function decodeDirect(body: Uint8Array): readonly Envelope[] {
  return readPacket('direct messages', () => {
    const item = firstItem(body)
    const elements = rlpElements(body, item, MAX_ENVELOPES_PER_PACKET)
    const isBare = elements[0] !== undefined && !elements[0].isList
    return (isBare ? [item] : elements).map(({ start, end }) => decodeEnvelope(body.subarray(start, end)))
  })
}
