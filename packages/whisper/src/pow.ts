/**
 * Proof of work (EIP-627, "PoW Requirements"): what an envelope cost its sender, per byte and second of life.
 *
 * ```
 * current rule:  2^(leading zero bits of keccak256(rlp4 || nonce(8, big endian))) / (bytes of rlp4 * ttl)
 * older rule:    2^(trailing zero bits of keccak256(keccak256(rlp4) || 0(24) || nonce(8))) / ((20 + bytes of data) * ttl)
 * rlp4 = RLP [ expiry, ttl, topic, data ]
 * ```
 *
 * geth from 1.9.0 on and status-go have the current rule, geth up to 1.8.27 the older one: they disagree about every
 * envelope. The division is that of 64-bit floats, in this order.
 */
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import { type EnvelopeFields, envelopeSize, lentPowPreimage } from './envelope.ts'
import { expectUint32, WhisperError } from './error.ts'

export interface PowOptions {
  /**
   * Added to the TTL before weighing, in 32 bits that wrap: (sent - now) + 1 for an envelope whose sender's clock is
   * ahead of ours. Default 0.
   */
  readonly extraTtlSeconds?: number
  readonly crypto?: CryptoProvider
}

/** By the current rule. A TTL of 0 gives Infinity. */
export function powOf(envelope: EnvelopeFields, options: PowOptions = {}): number {
  const { crypto = defaultProvider, extraTtlSeconds = 0 } = options
  const preimage = lentPowPreimage(envelope)
  const zeroBits = leadingZeroBits(crypto.keccak256(preimage))
  return weighed(zeroBits, preimage.length - 8, envelope.ttlSeconds + extraTtlSeconds)
}

/** By the older rule, that of geth up to 1.8.27. */
export function olderPowOf(envelope: EnvelopeFields, options: PowOptions = {}): number {
  const { crypto = defaultProvider, extraTtlSeconds = 0 } = options
  const preimage = lentPowPreimage(envelope)
  const block = new Uint8Array(64)
  block.set(crypto.keccak256(preimage.subarray(0, -8)))
  block.set(preimage.subarray(-8), 56)
  const zeroBits = trailingZeroBits(crypto.keccak256(block))
  return weighed(zeroBits, envelopeSize(envelope), envelope.ttlSeconds + extraTtlSeconds)
}

/**
 * How many leading zero bits a sender looks for to reach a target: the smallest b with 2^b >= target * size * ttl, at
 * least 1. Senders count the size as 20 + data bytes (`envelopeSize`), which is not what the receiver divides by.
 *
 * @throws WhisperError `invalid-argument` if the target is negative, not finite, or so high that no hash reaches it
 */
export function leadingZeroBitsFor(want: {
  readonly powTarget: number
  readonly sizeBytes: number
  readonly ttlSeconds: number
}): number {
  const { powTarget, sizeBytes, ttlSeconds } = want
  expectUint32(ttlSeconds, 'ttlSeconds')
  if (!(powTarget >= 0 && Number.isFinite(powTarget)))
    throw new WhisperError('invalid-argument', `powTarget: expected a number from 0 up, got ${powTarget}`)
  const bits = Math.max(1, Math.ceil(Math.log2(powTarget * sizeBytes * ttlSeconds)))
  if (bits > 256)
    throw new WhisperError('invalid-argument', `powTarget: ${powTarget} is more than any hash can reach`)
  return bits
}

/** Zero bits at the start of a hash: 0 .. 8 * its length. */
export function leadingZeroBits(hash: Uint8Array): number {
  for (let i = 0; i < hash.length; i++) {
    const byte = hash[i] as number
    if (byte !== 0) return 8 * i + Math.clz32(byte) - 24
  }
  return 8 * hash.length
}

/** Zero bits at the end; 0 for a hash of zeros, as the older nodes had it. */
function trailingZeroBits(hash: Uint8Array): number {
  for (let i = hash.length - 1; i >= 0; i--) {
    const byte = hash[i] as number
    if (byte !== 0) return 8 * (hash.length - 1 - i) + 31 - Math.clz32(byte & -byte)
  }
  return 0
}

function weighed(zeroBits: number, sizeBytes: number, ttlSeconds: number): number {
  return 2 ** zeroBits / sizeBytes / (ttlSeconds >>> 0)
}
