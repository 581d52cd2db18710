/** The picture of a key: a mirrored 5 x 5 grid in one colour, drawn from the MD5 of the key's text. */
import { md5 } from '@noble/hashes/legacy.js'
import { type PublicKey, to0xHex, toHex, utf8 } from '@status-protocol/bytes'
import { encodeBilevelPng } from './png.ts'

/** Cells a side. */
export const IDENTICON_GRID = 5
/** Pixels a side, of which the grid takes 30 in the middle left and top. */
export const IDENTICON_SIZE_PX = 50
const CELL_PX = 6
const ORIGIN_PX = 10

const SATURATION = 0.5
const LIGHTNESS = 0.7

export interface Identicon {
  /** Five rows of five cells, top left first; true is filled. */
  readonly rows: readonly (readonly boolean[])[]
  /** `#rrggbb` of the filled cells; the rest is transparent. */
  readonly color: string
  /** 50 x 50 pixels as R, G, B, A (10,000 bytes), as a canvas takes them. */
  toPixels(): Uint8ClampedArray
  toSvg(): string
  /** A PNG file of some 500 bytes. Its pixels are those of the Go clients, its bytes are not (another encoder). */
  toPng(): Uint8Array
}

/** @param key the 65-byte key, or any text (the clients take the key's hex with `0x`, which the 65 bytes become) */
export function identicon(key: PublicKey | string): Identicon {
  const hash = md5(utf8(typeof key === 'string' ? key : to0xHex(key)))
  const rows = gridOf(hash)
  const rgb = colorOf(hash)
  const color = `#${toHex(rgb)}`
  return {
    rows,
    color,
    toPixels: () => pixelsOf(rows, rgb),
    toSvg: () => svgOf(rows, color),
    toPng: () => encodeBilevelPng(IDENTICON_SIZE_PX, IDENTICON_SIZE_PX, rgb, (x, y) => isFilled(rows, x, y)),
  }
}

/** Bytes 0 .. 14 are three columns of five rows, an even byte is a filled cell; columns 3 and 4 mirror 1 and 0. */
function gridOf(hash: Uint8Array): readonly (readonly boolean[])[] {
  return Array.from({ length: IDENTICON_GRID }, (_, row) =>
    [0, 1, 2, 1, 0].map((column) => (hash[3 * row + column] as number) % 2 === 0),
  )
}

/** Hue from the sum of bytes 13 .. 15; three bytes R, G, B. */
function colorOf(hash: Uint8Array): Uint8Array {
  const sum = (hash[13] as number) + (hash[14] as number) + (hash[15] as number)
  const hue = ((sum / 765) * 360) / 360
  const high = LIGHTNESS + SATURATION - LIGHTNESS * SATURATION
  const low = 2 * LIGHTNESS - high
  return Uint8Array.from([hue + 1 / 3, hue, hue - 1 / 3], (h) => toByte(channel(low, high, wrapped(h))))
}

function wrapped(hue: number): number {
  return hue < 0 ? hue + 1 : hue > 1 ? hue - 1 : hue
}

function channel(low: number, high: number, hue: number): number {
  if (6 * hue < 1) return low + (high - low) * 6 * hue
  if (2 * hue < 1) return high
  if (3 * hue < 2) return low + (high - low) * (2 / 3 - hue) * 6
  return low
}

/** Through 16 bits, rounded, of which the upper 8 stay: what Go's image package makes of a colour in 0 .. 1. */
function toByte(value: number): number {
  return Math.floor(value * 65_535 + 0.5) >> 8
}

function isFilled(rows: Identicon['rows'], x: number, y: number): boolean {
  const row = rows[Math.floor((y - ORIGIN_PX) / CELL_PX)]
  return row?.[Math.floor((x - ORIGIN_PX) / CELL_PX)] ?? false
}

function pixelsOf(rows: Identicon['rows'], rgb: Uint8Array): Uint8ClampedArray {
  const pixels = new Uint8ClampedArray(4 * IDENTICON_SIZE_PX * IDENTICON_SIZE_PX)
  for (let y = 0; y < IDENTICON_SIZE_PX; y++)
    for (let x = 0; x < IDENTICON_SIZE_PX; x++)
      if (isFilled(rows, x, y)) pixels.set([...rgb, 255], 4 * (y * IDENTICON_SIZE_PX + x))
  return pixels
}

function svgOf(rows: Identicon['rows'], color: string): string {
  const cells = rows.flatMap((row, y) =>
    row.flatMap((filled, x) =>
      filled
        ? [`M${ORIGIN_PX + CELL_PX * x} ${ORIGIN_PX + CELL_PX * y}h${CELL_PX}v${CELL_PX}h-${CELL_PX}z`]
        : [],
    ),
  )
  const size = IDENTICON_SIZE_PX
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" width="${size}" height="${size}" shape-rendering="crispEdges"><path fill="${color}" d="${cells.join('')}"/></svg>`
}
