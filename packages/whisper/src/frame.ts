/**
 * The plaintext inside an envelope (EIP-627, "Contents of Data Field of the Message").
 *
 * ```
 * flags(1) || payload size(0 - 3, little endian) || payload || padding || signature(65: r, s, v; if flag 0x04)
 * ```
 *
 * The two low bits of the flags are the length of the size field; 0 means that there is no payload. Other flag bits are
 * not looked at. The signature is over Keccak-256 of everything before it, flags included.
 */
import { concat, type PublicKey } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import { expectAnyBytes, WhisperError } from './error.ts'
import { MAX_FRAME_PAYLOAD_BYTES } from './limits.ts'

/** Frames are padded to a multiple of this, so that lengths tell little. */
export const PADDING_BLOCK_BYTES = 256
export const FRAME_SIGNATURE_BYTES = 65
const SIZE_FIELD_MASK = 0x03
const SIGNATURE_FLAG = 0x04

export interface Frame {
  readonly flags: number
  readonly payload: Uint8Array
  readonly padding: Uint8Array
  /** 65 bytes: r, s, v with v = 0 or 1. */
  readonly signature?: Uint8Array
  /**
   * 65 bytes, recovered from the signature. Content that was changed under a signature does not fail: it yields some
   * other key. Compare with the key that you expect.
   */
  readonly signer?: PublicKey
}

/**
 * Bytes of padding for this payload: up to the next multiple of 256, a whole block if it is one already (1 - 256, as
 * the reference writes it; readers take any number).
 */
export function paddingLength(payloadBytes: number, signed: boolean): number {
  const used = 1 + sizeFieldLength(payloadBytes) + payloadBytes + (signed ? FRAME_SIGNATURE_BYTES : 0)
  return PADDING_BLOCK_BYTES - (used % PADDING_BLOCK_BYTES)
}

/**
 * flags || size || payload || padding, with the signature still to come if `signed`.
 *
 * @throws WhisperError `invalid-argument` if the payload is longer than the size field can say, or a part is not bytes
 */
export function encodeFrame(parts: {
  readonly payload: Uint8Array
  readonly padding: Uint8Array
  readonly signed: boolean
}): Uint8Array {
  const { payload, padding, signed } = parts
  expectAnyBytes(payload, 'payload')
  expectAnyBytes(padding, 'padding')
  if (payload.length > MAX_FRAME_PAYLOAD_BYTES)
    throw new WhisperError(
      'invalid-argument',
      `payload: expected at most ${MAX_FRAME_PAYLOAD_BYTES} bytes, got ${payload.length}`,
    )
  const sizeLength = sizeFieldLength(payload.length)
  const frame = new Uint8Array(1 + sizeLength + payload.length + padding.length)
  frame[0] = sizeLength | (signed ? SIGNATURE_FLAG : 0)
  for (let i = 0; i < sizeLength; i++) frame[1 + i] = (payload.length >> (8 * i)) & 0xff
  frame.set(payload, 1 + sizeLength)
  frame.set(padding, 1 + sizeLength + payload.length)
  return frame
}

/** Appends the signature to what {@link encodeFrame} made with `signed`. */
export function signFrame(
  frame: Uint8Array,
  privateKey: Uint8Array,
  crypto: CryptoProvider = defaultProvider,
): Uint8Array {
  return concat(frame, crypto.sign(crypto.keccak256(frame), privateKey))
}

/**
 * Reads a frame; the parts are views into it. Undefined if it is malformed: empty, parts longer than the frame, or a
 * signature that recovers no key.
 */
export function parseFrame(frame: Uint8Array, crypto: CryptoProvider = defaultProvider): Frame | undefined {
  const flags = frame[0]
  if (flags === undefined) return undefined
  const signed = (flags & SIGNATURE_FLAG) !== 0
  const end = frame.length - (signed ? FRAME_SIGNATURE_BYTES : 0)
  if (signed && end <= 1) return undefined
  const payloadStart = 1 + (flags & SIZE_FIELD_MASK)
  if (payloadStart > end) return undefined
  const payloadEnd = payloadStart + littleEndian(frame, 1, payloadStart)
  if (payloadEnd > end) return undefined
  const content = {
    flags,
    payload: frame.subarray(payloadStart, payloadEnd),
    padding: frame.subarray(payloadEnd, end),
  }
  if (!signed) return content
  const signature = frame.subarray(end)
  const signer = crypto.recover(crypto.keccak256(frame.subarray(0, end)), signature)
  return signer && { ...content, signature, signer }
}

function sizeFieldLength(payloadBytes: number): number {
  return payloadBytes < 0x100 ? 1 : payloadBytes < 0x1_0000 ? 2 : 3
}

function littleEndian(bytes: Uint8Array, start: number, end: number): number {
  let value = 0
  for (let i = end - 1; i >= start; i--) value = value * 256 + (bytes[i] as number)
  return value
}
