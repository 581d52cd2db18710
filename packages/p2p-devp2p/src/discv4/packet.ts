/**
 * One packet of node discovery v4, as a UDP datagram carries it:
 *
 * ```
 * hash(32) || signature(65: r | s | v) || type(1) || RLP of the message [|| anything]      at most 1,280 bytes
 * signature over keccak256(type || RLP || ..), hash = keccak256(signature || type || RLP || ..)
 * ```
 *
 * The hash only guards against accidents and names the packet in its answer; the signature is the sender's identity.
 * Whether a packet is expired, proven or asked for is not decided here.
 */
import { concat, equal } from '@status-protocol/bytes'
import { encodeRlp } from '@status-protocol/bytes/rlp'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import { P2pError } from '../error.ts'
import { malformedOnRlpError } from '../rlp-error.ts'
import { type DiscoveryMessage, messageFromRlp, messageToRlp, messageTypeByte } from './message.ts'

/** Larger datagrams are neither sent nor read. */
export const MAX_DISCOVERY_PACKET_BYTES = 1280
const HASH_BYTES = 32
const HEAD_BYTES = HASH_BYTES + 65

export interface DiscoveryPacket {
  /** 32 bytes; Pong and the ENR response answer to it. */
  readonly hash: Uint8Array
  /** 64 bytes: who signed, by its public key without 0x04. */
  readonly peerId: Uint8Array
  readonly message: DiscoveryMessage
}

/**
 * Signs and packs a message.
 *
 * @throws P2pError `invalid-argument`, `too-big`
 */
export function encodeDiscoveryPacket(
  message: DiscoveryMessage,
  options: {
    /** 32 bytes. */
    readonly nodeKey: Uint8Array
    /** Zeros are put behind the message until the packet has this many bytes: readers skip them. */
    readonly padTo?: number
    readonly crypto?: CryptoProvider
  },
): { readonly bytes: Uint8Array; readonly hash: Uint8Array } {
  const crypto = options.crypto ?? defaultProvider
  if (!crypto.isPrivateKey(options.nodeKey))
    throw new P2pError('invalid-argument', 'nodeKey: expected a private key of 32 bytes')
  const unpadded = concat(Uint8Array.of(messageTypeByte(message)), encodeRlp(messageToRlp(message)))
  const missing = Math.min(options.padTo ?? 0, MAX_DISCOVERY_PACKET_BYTES) - HEAD_BYTES - unpadded.length
  const content = missing > 0 ? concat(unpadded, new Uint8Array(missing)) : unpadded
  const length = HEAD_BYTES + content.length
  if (length > MAX_DISCOVERY_PACKET_BYTES)
    throw new P2pError(
      'too-big',
      `discovery packet: expected at most ${MAX_DISCOVERY_PACKET_BYTES} bytes, got ${length}`,
    )
  const signed = concat(crypto.sign(crypto.keccak256(content), options.nodeKey), content)
  const hash = crypto.keccak256(signed)
  return { bytes: concat(hash, signed), hash }
}

/**
 * Reads a datagram. Bytes after the RLP are accepted (forward compatibility), they are covered by hash and signature.
 *
 * @throws P2pError `too-big`, `malformed`, `bad-hash`, `bad-signature`, `unknown-type`
 */
export function decodeDiscoveryPacket(
  bytes: Uint8Array,
  options: { readonly crypto?: CryptoProvider } = {},
): DiscoveryPacket {
  const crypto = options.crypto ?? defaultProvider
  if (bytes.length > MAX_DISCOVERY_PACKET_BYTES)
    throw new P2pError(
      'too-big',
      `discovery packet: expected at most ${MAX_DISCOVERY_PACKET_BYTES} bytes, got ${bytes.length}`,
    )
  if (bytes.length <= HEAD_BYTES)
    throw new P2pError(
      'malformed',
      `discovery packet: expected more than ${HEAD_BYTES} bytes, got ${bytes.length}`,
    )
  const hash = crypto.keccak256(bytes.subarray(HASH_BYTES))
  if (!equal(hash, bytes.subarray(0, HASH_BYTES)))
    throw new P2pError('bad-hash', 'discovery packet: the hash is not that of the content')
  const content = bytes.subarray(HEAD_BYTES)
  const publicKey = crypto.recover(crypto.keccak256(content), bytes.subarray(HASH_BYTES, HEAD_BYTES))
  if (!publicKey) throw new P2pError('bad-signature', 'discovery packet: no key made this signature')
  const message = malformedOnRlpError('discovery packet', () =>
    messageFromRlp(content[0] as number, content.subarray(1)),
  )
  return { hash, peerId: publicKey.slice(1), message }
}
