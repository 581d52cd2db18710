import { type Envelope, envelopeHash, sentUnixSeconds } from '@status-protocol/whisper'
import { CURSOR_BYTES } from './archive.ts'

/** The cursor that stands for this envelope. A time of sending before 1970 counts as 0. */
export function cursorOf(envelope: Envelope): Uint8Array {
  return cursorFrom(sentUnixSeconds(envelope), envelopeHash(envelope))
}

/** time of sending(4, big endian) || envelope hash(32). */
export function cursorFrom(sent: number, hash: Uint8Array): Uint8Array {
  const cursor = new Uint8Array(CURSOR_BYTES)
  new DataView(cursor.buffer).setUint32(0, Math.max(0, sent))
  cursor.set(hash, 4)
  return cursor
}
