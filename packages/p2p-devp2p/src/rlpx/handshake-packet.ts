/**
 * The encryption of auth and ack, and how to find their end in a stream.
 *
 * ```
 * EIP-8: size(2, big endian) || ECIES(message || padding), the size bytes are authenticated with it
 * plain: ECIES(message), of a fixed length
 * ```
 */
import { concat, type PublicKey } from '@status-protocol/bytes'
import {
  type CryptoProvider,
  ECIES_OVERHEAD_BYTES,
  eciesOpen,
  eciesSeal,
  generatePrivateKey,
} from '@status-protocol/crypto'
import type { Random } from '@status-protocol/ports'

/**
 * Largest EIP-8 packet that is read, without its size bytes. go-ethereum reads up to 65,535, but writes at most 607
 * (auth, padding of 299 included); this leaves room for later versions and none for filling memory.
 */
export const MAX_HANDSHAKE_BYTES = 2048
const SIZE_BYTES = 2
/** EIP-8: at least 100 bytes of padding tell the packet from a plain one; go-ethereum writes up to 299. */
const [MIN_PADDING, PADDING_CHOICES] = [100, 200]
/** First byte of an ECIES message: an uncompressed key. */
const UNCOMPRESSED = 4

/** What both sides need for a handshake. */
export interface HandshakeContext {
  readonly crypto: CryptoProvider
  readonly random: Random
  /** 32 bytes, valid. */
  readonly nodeKey: Uint8Array
}

/** A packet that could be opened with our key: it was written for us. */
export interface OpenedPacket {
  /** As it was on the wire: the MACs cover it. */
  readonly packet: Uint8Array
  readonly plaintext: Uint8Array
  /** From before EIP-8. */
  readonly plain: boolean
}

export function sealEip8(context: HandshakeContext, recipient: PublicKey, message: Uint8Array): Uint8Array {
  const padding = MIN_PADDING + (fromTwoBytes(context.random.bytes(2)) % PADDING_CHOICES)
  const size = message.length + padding + ECIES_OVERHEAD_BYTES
  const prefix = Uint8Array.of(size >> 8, size)
  return concat(prefix, seal(context, recipient, concat(message, new Uint8Array(padding)), prefix))
}

export function sealPlain(context: HandshakeContext, recipient: PublicKey, message: Uint8Array): Uint8Array {
  return seal(context, recipient, message)
}

function seal(
  { crypto, random }: HandshakeContext,
  recipient: PublicKey,
  plaintext: Uint8Array,
  sharedInfo2: Uint8Array = new Uint8Array(0),
): Uint8Array {
  const ephemeralPrivateKey = generatePrivateKey(crypto, random)
  return eciesSeal(crypto, recipient, plaintext, { ephemeralPrivateKey, iv: random.bytes(16), sharedInfo2 })
}

export type HandshakeStep =
  /** The packet has not come whole. */
  | { readonly type: 'more' }
  /** `rest`: what the last chunk held beyond the packet; belongs to the frames. A view of the chunk. */
  | { readonly type: 'packet'; readonly opened: OpenedPacket; readonly rest: Uint8Array }
  /** Not a handshake for this key. The end. */
  | { readonly type: 'refused'; readonly detail: string }

/**
 * Reads one packet of either form from a stream. BOUNDED: 2,050 bytes.
 *
 * @param plainBytes length of the plain form, {@link PLAIN_AUTH_BYTES} or {@link PLAIN_ACK_BYTES}; no EIP-8 packet is shorter
 */
export interface HandshakeReader {
  /** Not to be called again after `packet` or `refused`. */
  read(chunk: Uint8Array): HandshakeStep
}

export function createHandshakeReader(
  { crypto, nodeKey }: Pick<HandshakeContext, 'crypto' | 'nodeKey'>,
  plainBytes: number,
): HandshakeReader {
  const buffer = new Uint8Array(SIZE_BYTES + MAX_HANDSHAKE_BYTES)
  let have = 0
  let chunk: Uint8Array = buffer
  let maybePlain = true

  const fill = (length: number): boolean => {
    const part = chunk.subarray(0, Math.max(0, length - have))
    buffer.set(part, have)
    have += part.length
    chunk = chunk.subarray(part.length)
    return have >= length
  }

  const opened = (start: number, end: number): HandshakeStep | undefined => {
    const sealed = buffer.subarray(start, end)
    const plaintext = eciesOpen(crypto, nodeKey, sealed, { sharedInfo2: buffer.subarray(0, start) })
    if (!plaintext) return undefined
    const packet = buffer.slice(0, end)
    return { type: 'packet', opened: { packet, plaintext, plain: start === 0 }, rest: chunk }
  }

  return {
    read(next) {
      chunk = next
      if (!fill(SIZE_BYTES)) return { type: 'more' }
      if (buffer[0] === UNCOMPRESSED && maybePlain) {
        if (!fill(plainBytes)) return { type: 'more' }
        maybePlain = false
        const step = opened(0, plainBytes)
        if (step) return step
      }
      const size = fromTwoBytes(buffer)
      if (size < plainBytes || size > MAX_HANDSHAKE_BYTES)
        return { type: 'refused', detail: `a handshake packet of ${size} bytes` }
      if (!fill(SIZE_BYTES + size)) return { type: 'more' }
      return (
        opened(SIZE_BYTES, SIZE_BYTES + size) ?? {
          type: 'refused',
          detail: 'a handshake packet that was not written for this key, or was changed',
        }
      )
    },
  }
}

function fromTwoBytes(bytes: Uint8Array): number {
  return ((bytes[0] as number) << 8) | (bytes[1] as number)
}
