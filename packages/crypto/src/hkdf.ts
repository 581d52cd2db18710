import type { HkdfOptions } from './provider.ts'

const HASH_BYTES = 32
const EMPTY = new Uint8Array(0)

/** HKDF (RFC 5869) over any HMAC-SHA256; `length` 1 .. 8160. */
export function hkdfSha256(
  hmacSha256: (key: Uint8Array, data: Uint8Array) => Uint8Array,
  { secret, salt = EMPTY, info = EMPTY, length }: HkdfOptions,
): Uint8Array {
  const pseudoRandomKey = hmacSha256(salt.length === 0 ? new Uint8Array(HASH_BYTES) : salt, secret)
  const out = new Uint8Array(length)
  // T(i - 1) | info | i; T(0) is empty
  const block = new Uint8Array(HASH_BYTES + info.length + 1)
  block.set(info, HASH_BYTES)
  for (let i = 1, at = 0; at < length; i++, at += HASH_BYTES) {
    block[block.length - 1] = i
    const okm = hmacSha256(pseudoRandomKey, i === 1 ? block.subarray(HASH_BYTES) : block)
    block.set(okm)
    out.set(okm.subarray(0, length - at), at)
  }
  return out
}
