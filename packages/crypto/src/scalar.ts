/** Scalars of secp256k1 as 32 bytes, big endian. No branch depends on their value but the answer's. */
import { fromHex } from '@status-protocol/bytes'

/** The order of the group. */
const ORDER: Uint8Array = fromHex('fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141')

/** 1 .. n - 1; 32 bytes are expected. */
export function isScalar(bytes: Uint8Array): boolean {
  let [borrow, any] = [0, 0]
  for (let i = 31; i >= 0; i--) {
    const difference = (bytes[i] as number) - (ORDER[i] as number) - borrow
    borrow = (difference >> 8) & 1
    any |= bytes[i] as number
  }
  return borrow === 1 && any !== 0
}

/** a + b mod n, or undefined if a or b is not below n or the sum is 0. */
export function addScalars(a: Uint8Array, b: Uint8Array): Uint8Array | undefined {
  if (!isBelowOrder(a) || !isBelowOrder(b)) return undefined
  const sum = new Uint8Array(32)
  const reduced = new Uint8Array(32)
  let [carry, borrow] = [0, 0]
  for (let i = 31; i >= 0; i--) {
    const digit = (a[i] as number) + (b[i] as number) + carry
    carry = digit >> 8
    sum[i] = digit
    const difference = (digit & 0xff) - (ORDER[i] as number) - borrow
    borrow = (difference >> 8) & 1
    reduced[i] = difference
  }
  const result = carry === 1 || borrow === 0 ? reduced : sum
  return isScalar(result) ? result : undefined
}

function isBelowOrder(bytes: Uint8Array): boolean {
  let borrow = 0
  for (let i = 31; i >= 0; i--) borrow = (((bytes[i] as number) - (ORDER[i] as number) - borrow) >> 8) & 1
  return borrow === 1
}
