/**
 * Packet 20, and the sixth element of packet 0 (Status, from 0.39 on): how many messages the sender takes each second
 * before it slows the peer down or drops it.
 *
 * ```
 * RLP [ per IP(uint64), per peer(uint64), per topic(uint64) ]
 * ```
 */
import { encodeRlp, type RlpItem, type RlpSpan, rlpUint } from '@status-protocol/bytes/rlp'
import { WhisperError } from '../error.ts'
import { elementsOf, firstItem, readPacket, uint64At } from './read.ts'

/** Messages per second; 0 is no limit. 64 bits on the wire, values above 2^53 - 1 read as 2^53 - 1. */
export interface RateLimits {
  readonly perIp: number
  readonly perPeer: number
  readonly perTopic: number
}

export const noRateLimits: RateLimits = { perIp: 0, perPeer: 0, perTopic: 0 }

/** The packet's body. @throws WhisperError `invalid-argument` unless the limits are safe integers and not negative */
export function encodeRateLimits(limits: RateLimits): Uint8Array {
  return encodeRlp(rateLimitsItem(limits))
}

/** @throws WhisperError `malformed-packet` */
export function decodeRateLimits(body: Uint8Array): RateLimits {
  return readPacket('rate limits', () => rateLimitsAt(body, firstItem(body)))
}

export function rateLimitsItem({ perIp, perPeer, perTopic }: RateLimits): RlpItem {
  return [limit(perIp, 'perIp'), limit(perPeer, 'perPeer'), limit(perTopic, 'perTopic')]
}

function limit(value: number, name: string): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new WhisperError(
      'invalid-argument',
      `${name}: expected an integer from 0 to 2^53 - 1, got ${value}`,
    )
  return rlpUint(value)
}

/** @throws WhisperError or BytesError unless the item is a list of exactly three integers */
export function rateLimitsAt(body: Uint8Array, list: RlpSpan): RateLimits {
  const [perIp, perPeer, perTopic] = elementsOf(body, list, 3).map((span) => saturated(uint64At(body, span)))
  return { perIp, perPeer, perTopic } as RateLimits
}

function saturated(value: bigint): number {
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(value)
}
