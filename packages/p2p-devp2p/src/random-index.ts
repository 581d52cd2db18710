import type { Random } from '@status-protocol/ports'

/** A place in a list of `length`, 0 .. length - 1, from two random bytes: lists here are far shorter than 65,536. 0 if it is empty. */
export function randomIndex(random: Random, length: number): number {
  const { buffer, byteOffset } = random.bytes(2)
  return new DataView(buffer, byteOffset, 2).getUint16(0) % Math.max(1, length)
}
