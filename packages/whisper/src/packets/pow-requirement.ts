/**
 * Packet 2, and the proof of work inside packet 0 (EIP-627, "PoW Requirement"): the 64 bits of an IEEE 754 double as an
 * RLP integer, so 0.0 is the empty string.
 */
import { encodeRlp } from '@status-protocol/bytes/rlp'
import { WhisperError } from '../error.ts'
import { expectThat, firstItem, readPacket, uint64At } from './read.ts'

/** The packet's body. @throws WhisperError `invalid-argument` unless the value is finite and not negative */
export function encodePowRequirement(minPow: number): Uint8Array {
  return encodeRlp(powBits(minPow))
}

/** @throws WhisperError `malformed-packet`, also on NaN, infinity and negative values */
export function decodePowRequirement(body: Uint8Array): number {
  return readPacket('PoW requirement', () => {
    const pow = powFromBits(uint64At(body, firstItem(body)))
    expectThat(pow !== undefined, 'expected a number that is finite and not negative')
    return pow
  })
}

/** The value as RLP integer bytes: 0 to 8 of them. @throws WhisperError `invalid-argument` */
export function powBits(minPow: number): Uint8Array {
  if (!Number.isFinite(minPow) || minPow < 0)
    throw new WhisperError(
      'invalid-argument',
      `minPow: expected a number that is finite and not negative, got ${minPow}`,
    )
  const bits = new Uint8Array(8)
  new DataView(bits.buffer).setFloat64(0, minPow === 0 ? 0 : minPow)
  const start = bits.findIndex((byte) => byte !== 0)
  return start < 0 ? new Uint8Array(0) : bits.subarray(start)
}

/** The value of 64 bits, or undefined if it is NaN, infinite or negative. -0 is 0. */
export function powFromBits(bits: bigint): number | undefined {
  const view = new DataView(new ArrayBuffer(8))
  view.setBigUint64(0, bits)
  const pow = view.getFloat64(0)
  if (!Number.isFinite(pow) || pow < 0) return undefined
  return pow === 0 ? 0 : pow
}
