/**
 * Cuts a stream of chunks into pieces of wanted sizes. A piece that lies inside one chunk is a view of it; one that does
 * not is gathered in a buffer that at most doubles what has arrived. Every byte is copied O(1) times.
 *
 * BOUNDED by the largest piece asked for: of a chunk, only what the unfinished piece needs is kept.
 */
export interface Pieces {
  /** The next chunk. What is left of the last one must have been asked for (until `take` said undefined). */
  push(chunk: Uint8Array): void
  /** The next `size` bytes, valid until the chunk's owner changes it or the next `take`; undefined: not here yet. */
  take(size: number): Uint8Array | undefined
}

const EMPTY = new Uint8Array(0)
const SMALLEST_BUFFER = 1024

export function createPieces(): Pieces {
  let chunk: Uint8Array = EMPTY
  let gathered: Uint8Array = EMPTY
  let have = 0 // bytes of `gathered` that are filled

  const gather = (size: number): void => {
    const part = chunk.subarray(0, size - have)
    if (have + part.length > gathered.length) {
      const larger = new Uint8Array(
        Math.min(size, Math.max(2 * gathered.length, have + part.length, SMALLEST_BUFFER)),
      )
      larger.set(gathered.subarray(0, have))
      gathered = larger
    }
    gathered.set(part, have)
    have += part.length
    chunk = chunk.subarray(part.length)
  }

  return {
    push(next) {
      chunk = next
    },
    take(size) {
      if (have === 0 && chunk.length >= size) {
        const piece = chunk.subarray(0, size)
        chunk = chunk.subarray(size)
        return piece
      }
      gather(size)
      if (have < size) {
        chunk = EMPTY
        return undefined
      }
      const piece = gathered.subarray(0, size)
      gathered = EMPTY
      have = 0
      return piece
    },
  }
}
