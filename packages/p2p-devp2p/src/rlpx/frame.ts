/**
 * Frames (RLPx "Framing"), unchunked as all implementations send them:
 *
 * ```
 * header ciphertext(16) || header MAC(16) || body ciphertext(padded to 16) || body MAC(16)
 * header = body size(3, big endian) || c2 80 80 || zeros            body = message code (RLP integer) || payload
 * ```
 *
 * One AES-256-CTR stream (zero IV; the key is fresh) and one MAC state a direction, for the life of the connection.
 */
export const HEADER_BYTES = 32
/** Size field of 3 bytes. */
export const MAX_FRAME_BYTES = 0xff_ffff
export const BLOCK_BYTES = 16

/** Length on the wire of a body of `size` bytes without its MAC. */
export function paddedLength(size: number): number {
  return (size + BLOCK_BYTES - 1) & ~(BLOCK_BYTES - 1)
}
