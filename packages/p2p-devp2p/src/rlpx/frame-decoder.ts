import { equalConstantTime } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import { BLOCK_BYTES, HEADER_BYTES, paddedLength } from './frame.ts'
import { createKeyStream } from './key-stream.ts'
import { createFrameMac, MAC_BYTES } from './mac.ts'
import { createPieces } from './pieces.ts'
import type { FrameSecrets } from './secrets.ts'
import { createSlab } from './slab.ts'

/** What {@link FrameDecoder.next} found. */
export type FrameStep =
  /** The body, decrypted and without padding; memory that is nobody else's. */
  | { readonly type: 'frame'; readonly body: Uint8Array }
  /** The rest of a frame has not come yet. */
  | { readonly type: 'more' }
  /** The stream is not what the peer sent (a MAC does not fit), or a frame is larger than allowed. The end, for good. */
  | { readonly type: 'refused'; readonly refusal: FrameRefusal }

export type FrameRefusal = 'header-mac' | 'body-mac' | 'too-big'

/**
 * The receiving half of a connection.
 *
 * Linear in the bytes received, however they are cut. Keeps at most one unfinished frame, in a buffer that grows with
 * what has arrived: a peer that announces 16 MB and sends nothing costs nothing.
 */
export interface FrameDecoder {
  /** The next bytes; call {@link next} until it wants more before the next push. The array is not kept beyond that. */
  push(bytes: Uint8Array): void
  /** One step; bodies above `maxBodyBytes` are refused before anything is allocated for them. */
  next(maxBodyBytes: number): FrameStep
}

const MORE: FrameStep = { type: 'more' }

export function createFrameDecoder(crypto: CryptoProvider, secrets: FrameSecrets): FrameDecoder {
  const keys = createKeyStream(crypto.createAesCtr(secrets.aes, new Uint8Array(16)))
  const mac = createFrameMac(secrets.ingressMac, crypto.createAesBlock(secrets.mac))
  const pieces = createPieces()
  const slab = createSlab()
  const plainHeader = new Uint8Array(BLOCK_BYTES)
  let bodySize: number | undefined // known between a header and its body
  let ended: FrameStep | undefined

  const refuse = (refusal: FrameRefusal): FrameStep => {
    ended = { type: 'refused', refusal }
    return ended
  }

  const readHeader = (maxBodyBytes: number): FrameStep | undefined => {
    const header = pieces.take(HEADER_BYTES)
    if (!header) return MORE
    const ciphertext = header.subarray(0, BLOCK_BYTES)
    // The size is believed only once the MAC has shown that it is the peer's.
    if (!equalConstantTime(mac.header(ciphertext), header.subarray(BLOCK_BYTES))) return refuse('header-mac')
    keys.apply(ciphertext, plainHeader)
    const size = readSize(plainHeader)
    if (size > maxBodyBytes) return refuse('too-big')
    bodySize = size
    return undefined
  }

  const readBody = (size: number): FrameStep => {
    const padded = paddedLength(size)
    const whole = pieces.take(padded + MAC_BYTES)
    if (!whole) return MORE
    const ciphertext = whole.subarray(0, padded)
    if (!equalConstantTime(mac.body(ciphertext), whole.subarray(padded))) return refuse('body-mac')
    bodySize = undefined
    const body = slab.take(padded)
    keys.apply(ciphertext, body)
    return { type: 'frame', body: body.subarray(0, size) }
  }

  return {
    push: pieces.push,
    next(maxBodyBytes) {
      if (ended) return ended
      if (bodySize === undefined) {
        const step = readHeader(maxBodyBytes)
        if (step) return step
      }
      return readBody(bodySize as number)
    },
  }
}

function readSize(header: Uint8Array): number {
  return ((header[0] as number) << 16) | ((header[1] as number) << 8) | (header[2] as number)
}
