/**
 * Memory for many small arrays that do not live long: an allocation of its own costs each of them more than what is done
 * with it. No byte is given out twice, so an array is its taker's to keep; kept for long it holds on to its whole slab.
 */
export interface Slab {
  take(length: number): Uint8Array
  /** That much of the end of what was taken last is not needed. */
  giveBack(length: number): void
}

const SLAB_BYTES = 16_384
/** Longer ones are made one by one. */
const MAX_TAKEN_BYTES = 4_096

export function createSlab(): Slab {
  let slab: Uint8Array = new Uint8Array(0)
  let used = 0
  let isLastFromSlab = false
  return {
    take(length) {
      isLastFromSlab = length <= MAX_TAKEN_BYTES
      if (!isLastFromSlab) return new Uint8Array(length)
      if (used + length > slab.length) {
        slab = new Uint8Array(SLAB_BYTES)
        used = 0
      }
      used += length
      return slab.subarray(used - length, used)
    },
    giveBack(length) {
      if (isLastFromSlab) used -= length
    },
  }
}
