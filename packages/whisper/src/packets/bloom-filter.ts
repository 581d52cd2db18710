/** Packet 3 (EIP-627, "Bloom Filter"): which envelopes the sender wants from now on. Bare string of 64 bytes. */
import { encodeRlp } from '@status-protocol/bytes/rlp'
import { BLOOM_BYTES, type Bloom, bloomFrom } from '../bloom.ts'
import { bytesAt, firstItem, readPacket } from './read.ts'

/** The packet's body, 66 bytes. @throws WhisperError `invalid-argument` */
export function encodeBloomFilter(bloom: Bloom): Uint8Array {
  return encodeRlp(bloomFrom(bloom))
}

/** Unlike the handshake this refuses an empty filter. @throws WhisperError `malformed-packet` */
export function decodeBloomFilter(body: Uint8Array): Bloom {
  return readPacket('bloom filter', () => bytesAt(body, firstItem(body), BLOOM_BYTES).slice() as Bloom)
}
