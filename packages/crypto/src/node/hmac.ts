/**
 * HMAC-SHA256 as two one-shot hashes: `createHmac` makes an object with a native part each time, which takes longer and
 * must be collected. The ratchet makes 36 of them for one message there and one back.
 */
import { createHmac, hash } from 'node:crypto'
import { plain } from './view.ts'

const [BLOCK_BYTES, HASH_BYTES] = [64, 32]
/** Above this the copy costs more than the object. */
const MAX_COPIED_BYTES = 1_024

const [INNER_PAD, OUTER_PAD] = [0x36363636, 0x5c5c5c5c]
/** Kept from call to call, without the keys of the last one: pad || data, pad || inner hash. */
const inner = new Uint8Array(BLOCK_BYTES + MAX_COPIED_BYTES)
const outer = new Uint8Array(BLOCK_BYTES + HASH_BYTES)
const block = new Uint8Array(BLOCK_BYTES)
const words = (bytes: Uint8Array) => new Uint32Array(bytes.buffer, 0, BLOCK_BYTES / 4)
const [innerWords, outerWords, blockWords] = [words(inner), words(outer), words(block)]

export function hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array {
  if (key.length > BLOCK_BYTES || data.length > MAX_COPIED_BYTES)
    return plain(createHmac('sha256', key).update(data).digest())
  block.fill(0)
  block.set(key)
  for (let i = 0; i < blockWords.length; i++) {
    const word = blockWords[i] as number
    innerWords[i] = word ^ INNER_PAD
    outerWords[i] = word ^ OUTER_PAD
  }
  inner.set(data, BLOCK_BYTES)
  outer.set(hash('sha256', inner.subarray(0, BLOCK_BYTES + data.length), 'buffer'), BLOCK_BYTES)
  const mac = plain(hash('sha256', outer, 'buffer'))
  inner.fill(0, 0, BLOCK_BYTES + data.length)
  outer.fill(0)
  block.fill(0)
  return mac
}
