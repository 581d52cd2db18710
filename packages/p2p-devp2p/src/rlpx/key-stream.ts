import type { AesCtrStream } from '@status-protocol/crypto'

/** Fetched at once: most frames are shorter, and a call of the cipher takes as long as this much of it. */
const AHEAD_BYTES = 4_096
const ZEROS = new Uint8Array(AHEAD_BYTES)

/** The AES-256-CTR stream of one direction. */
export interface KeyStream {
  /** Encrypts or decrypts all of `input` into the first bytes of `output`, which may be the same memory. */
  apply(input: Uint8Array, output: Uint8Array): void
}

/** Counter mode adds a stream to the text that does not depend on it: it can be had before the text. */
export function createKeyStream(stream: AesCtrStream): KeyStream {
  let ahead: Uint8Array = new Uint8Array(0)
  let used = 0
  return {
    apply(input, output) {
      const at = addTo(input, 0, output, ahead, used)
      used += at
      if (at === input.length) return
      if (input.length - at >= AHEAD_BYTES) {
        output.set(stream.process(input.subarray(at)), at)
        return
      }
      ahead = stream.process(ZEROS)
      used = addTo(input, at, output, ahead, 0)
    },
  }
}

/** Adds as much of the key stream as there is and is needed; returns how much. */
function addTo(input: Uint8Array, at: number, output: Uint8Array, keys: Uint8Array, from: number): number {
  const length = Math.min(input.length - at, keys.length - from)
  for (let i = 0; i < length; i++) output[at + i] = (input[at + i] as number) ^ (keys[from + i] as number)
  return length
}
