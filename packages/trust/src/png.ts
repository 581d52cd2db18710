/** The least PNG that an identicon needs: one bit a pixel, transparent or one colour, not compressed. */
import { concat, utf8 } from '@status-protocol/bytes'

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

/** signature | IHDR | PLTE (transparent, colour) | tRNS | IDAT | IEND. `rgb`: 3 bytes. Pictures of up to 64 KiB of rows. */
export function encodeBilevelPng(
  width: number,
  height: number,
  rgb: Uint8Array,
  isSet: (x: number, y: number) => boolean,
): Uint8Array {
  const [bitDepth, indexedColor] = [1, 3]
  const header = concat(uint32(width), uint32(height), Uint8Array.of(bitDepth, indexedColor, 0, 0, 0))
  return concat(
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', concat(new Uint8Array(3), rgb)),
    chunk('tRNS', Uint8Array.of(0)),
    chunk('IDAT', zlibStored(rowsOf(width, height, isSet))),
    chunk('IEND', new Uint8Array(0)),
  )
}

/** Each row: filter type 0, then the pixels from the highest bit down. */
function rowsOf(width: number, height: number, isSet: (x: number, y: number) => boolean): Uint8Array {
  const stride = 1 + Math.ceil(width / 8)
  const rows = new Uint8Array(stride * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = y * stride + 1 + (x >> 3)
      if (isSet(x, y)) rows[at] = (rows[at] as number) | (0x80 >> (x & 7))
    }
  return rows
}

/** A zlib stream of one stored block: 78 01 | 01 | length LE | its complement | data | Adler-32. */
function zlibStored(data: Uint8Array): Uint8Array {
  const { length } = data
  const header = [0x78, 0x01, 0x01, length & 0xff, length >> 8, ~length & 0xff, (~length >> 8) & 0xff]
  return concat(Uint8Array.from(header), data, uint32(adler32(data)))
}

/** length(4) | type(4) | data | CRC-32 of type and data. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = concat(utf8(type), data)
  return concat(uint32(data.length), body, uint32(crc32(body)))
}

function adler32(data: Uint8Array): number {
  let [a, b] = [1, 0]
  for (const byte of data) {
    a = (a + byte) % 65_521
    b = (b + a) % 65_521
  }
  return b * 65_536 + a
}

function crc32(data: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of data) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return (crc ^ 0xffffffff) >>> 0
}

function uint32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff)
}
