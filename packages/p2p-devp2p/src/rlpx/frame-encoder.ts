import type { CryptoProvider } from '@status-protocol/crypto'
import { maxCompressedLength, snappyCompressInto } from '../snappy.ts'
import { BLOCK_BYTES, HEADER_BYTES, MAX_FRAME_BYTES, paddedLength } from './frame.ts'
import { createKeyStream } from './key-stream.ts'
import { createFrameMac, MAC_BYTES } from './mac.ts'
import { codeLength, writeCode } from './message-code.ts'
import type { FrameSecrets } from './secrets.ts'
import { createSlab } from './slab.ts'

/** The sending half of a connection. Frames must be written in the order in which they were made. */
export interface FrameEncoder {
  /**
   * One whole frame, its receiver's to keep; undefined if the body is above 2^24 - 1 bytes with its code (compressed, when
   * compression is on): nothing has happened then.
   */
  encode(code: number, payload: Uint8Array, snappy: boolean): Uint8Array | undefined
}

export function createFrameEncoder(crypto: CryptoProvider, secrets: FrameSecrets): FrameEncoder {
  const keys = createKeyStream(crypto.createAesCtr(secrets.aes, new Uint8Array(16)))
  const mac = createFrameMac(secrets.egressMac, crypto.createAesBlock(secrets.mac))
  const slab = createSlab()
  return {
    encode(code, payload, snappy) {
      const payloadStart = HEADER_BYTES + codeLength(code)
      const room = snappy ? maxCompressedLength(payload.length) : payload.length
      const taken = slab.take(payloadStart + room + BLOCK_BYTES + MAC_BYTES)
      let end = payloadStart + payload.length
      if (snappy) end = snappyCompressInto(payload, taken, payloadStart)
      else taken.set(payload, payloadStart)
      const size = end - HEADER_BYTES
      if (size > MAX_FRAME_BYTES) return undefined
      const bodyEnd = HEADER_BYTES + paddedLength(size)
      slab.giveBack(taken.length - bodyEnd - MAC_BYTES)
      const frame = taken.subarray(0, bodyEnd + MAC_BYTES)
      const [header, body] = [frame.subarray(0, BLOCK_BYTES), frame.subarray(HEADER_BYTES, bodyEnd)]
      frame.fill(0, end, bodyEnd)
      writeHeader(header, size)
      writeCode(frame, HEADER_BYTES, code)

      // Header and body follow each other in the key stream.
      keys.apply(header, header)
      keys.apply(body, body)
      frame.set(mac.header(header), BLOCK_BYTES)
      frame.set(mac.body(body), bodyEnd)
      return frame
    },
  }
}

function writeHeader(plain: Uint8Array, size: number): void {
  plain[0] = size >> 16
  plain[1] = size >> 8
  plain[2] = size
  plain[3] = 0xc2
  plain[4] = 0x80
  plain[5] = 0x80
  plain.fill(0, 6, BLOCK_BYTES)
}
