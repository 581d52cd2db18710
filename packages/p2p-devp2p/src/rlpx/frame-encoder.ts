import type { CryptoProvider } from '@status-protocol/crypto'
import { maxCompressedLength, snappyCompressInto } from '../snappy.ts'
import { BLOCK_BYTES, HEADER_BYTES, MAX_FRAME_BYTES, paddedLength } from './frame.ts'
import { createFrameMac, MAC_BYTES } from './mac.ts'
import { codeLength, writeCode } from './message-code.ts'
import type { FrameSecrets } from './secrets.ts'

/** The sending half of a connection. Frames must be written in the order in which they were made. */
export interface FrameEncoder {
  /**
   * One whole frame, a new array; undefined if the body is above 2^24 - 1 bytes with its code (compressed, when
   * compression is on): nothing has happened then.
   */
  encode(code: number, payload: Uint8Array, snappy: boolean): Uint8Array | undefined
}

export function createFrameEncoder(crypto: CryptoProvider, secrets: FrameSecrets): FrameEncoder {
  const stream = crypto.createAesCtr(secrets.aes, new Uint8Array(16))
  const mac = createFrameMac(secrets.egressMac, crypto.createAesBlock(secrets.mac))
  return {
    encode(code, payload, snappy) {
      // Header and body follow each other in the key stream: laid out together, encrypted by one call.
      const bodyStart = BLOCK_BYTES
      const payloadStart = bodyStart + codeLength(code)
      const room = snappy ? maxCompressedLength(payload.length) : payload.length
      const plain = new Uint8Array(payloadStart + room + BLOCK_BYTES)
      let end = payloadStart + payload.length
      if (snappy) end = snappyCompressInto(payload, plain, payloadStart)
      else plain.set(payload, payloadStart)
      const size = end - bodyStart
      if (size > MAX_FRAME_BYTES) return undefined
      const bodyEnd = bodyStart + paddedLength(size)
      plain.fill(0, end, bodyEnd)
      writeHeader(plain, size)
      writeCode(plain, bodyStart, code)

      const ciphertext = stream.process(plain.subarray(0, bodyEnd))
      const frame = new Uint8Array(HEADER_BYTES + bodyEnd - bodyStart + MAC_BYTES)
      const header = ciphertext.subarray(0, bodyStart)
      const body = ciphertext.subarray(bodyStart)
      frame.set(header)
      frame.set(mac.header(header), bodyStart)
      frame.set(body, HEADER_BYTES)
      frame.set(mac.body(body), HEADER_BYTES + body.length)
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
}
