/**
 * Packet 0, the handshake (EIP-627, "Status"; confirmations and rate limits are Status').
 *
 * ```
 * RLP [ version, minimum PoW(float64 bits), bloom(64 or 0), light node, confirmations, [per IP, per peer, per topic] ]
 * ```
 *
 * Deviations of the wire from the written specification: only the version has to be there when reading; an empty bloom
 * filter is what full nodes send and means "everything"; what cannot be read after the version takes its default; more
 * elements are ignored, and so is what follows the list.
 */
import { encodeRlp, type RlpItem, rlpUint } from '@status-protocol/bytes/rlp'
import { BLOOM_BYTES, type Bloom, bloomFrom } from '../bloom.ts'
import { powBits, powFromBits } from './pow-requirement.ts'
import { type RateLimits, rateLimitsAt, rateLimitsItem } from './rate-limits.ts'
import { expectThat, firstItem, readPacket } from './read.ts'
import { TolerantReader } from './tolerant-reader.ts'

/** The version of Whisper that this package speaks. */
export const WHISPER_VERSION = 6

/** What a peer tells about itself. */
export interface Status {
  readonly version: number
  /** Envelopes below this are not welcome. Finite and not negative; 0 if the peer does not say. */
  readonly minPow: number
  /** Undefined: everything is welcome (the peer sent an empty filter or none). */
  readonly bloom: Bloom | undefined
  /** The peer forwards nothing. */
  readonly lightNode: boolean
  /** The peer answers messages packets with packets 12 and 11. */
  readonly confirmations: boolean
  /** Undefined: the peer did not say, or not in a form that can be read. */
  readonly rateLimits: RateLimits | undefined
}

/**
 * The packet's body: five elements, as status-go 0.36 sends them, or six, as from 0.39 on, if there are rate limits.
 *
 * @throws WhisperError `invalid-argument`
 */
export function encodeStatus(status: Omit<Status, 'version'> & { readonly version?: number }): Uint8Array {
  const items: RlpItem[] = [
    rlpUint(status.version ?? WHISPER_VERSION),
    powBits(status.minPow),
    status.bloom === undefined ? new Uint8Array(0) : bloomFrom(status.bloom),
    rlpUint(status.lightNode ? 1 : 0),
    rlpUint(status.confirmations ? 1 : 0),
  ]
  if (status.rateLimits) items.push(rateLimitsItem(status.rateLimits))
  return encodeRlp(items)
}

/**
 * Reads any version; whether it is ours is the caller's question. Elements that only version 6 defines are read alike.
 *
 * @throws WhisperError `malformed-packet`: not a list, no version, a PoW that is NaN, infinite or negative, a bloom
 * filter of neither 0 nor 64 bytes
 */
export function decodeStatus(body: Uint8Array): Status {
  return readPacket('status', () => {
    const list = firstItem(body)
    expectThat(list.isList, 'expected a list')
    const reader = new TolerantReader(body, list)
    const version = reader.uint(8)
    expectThat(version !== undefined, 'expected a version')
    const bits = reader.uint(8)
    const minPow = bits === undefined ? 0 : powFromBits(bits)
    expectThat(minPow !== undefined, 'PoW: expected a number that is finite and not negative')
    // Without a PoW the next element is taken for the light node flag, as the reference does.
    const bloom = bits === undefined ? undefined : readBloom(reader.bytes())
    return {
      version: Number(version),
      minPow,
      bloom,
      lightNode: reader.boolean() ?? false,
      confirmations: reader.boolean() ?? false,
      rateLimits: readRateLimits(body, reader),
    }
  })
}

function readBloom(bytes: Uint8Array | undefined): Bloom | undefined {
  if (bytes === undefined || bytes.length === 0) return undefined
  expectThat(
    bytes.length === BLOOM_BYTES,
    `bloom filter: expected 0 or ${BLOOM_BYTES} bytes, got ${bytes.length}`,
  )
  return bytes.slice() as Bloom
}

function readRateLimits(body: Uint8Array, reader: TolerantReader): RateLimits | undefined {
  const list = reader.list()
  if (list === undefined) return undefined
  try {
    return readPacket('rate limits', () => rateLimitsAt(body, list))
  } catch {
    return undefined // readPacket lets nothing else through: these bytes are the peer's
  }
}
