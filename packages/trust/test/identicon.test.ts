import { toHex } from '@status-protocol/bytes'
import { seededRandom } from '@status-protocol/testkit'
import { describe, expect, it } from 'vitest'
import { IDENTICON_SIZE_PX, identicon } from '../src/index.ts'
import { decodePng } from './png.ts'

const random = seededRandom(6)
const keys = Array.from({ length: 40 }, () => random.bytes(65))

describe('identicon', () => {
  it('takes a key for the text of its hex', () => {
    const [key] = keys as [Uint8Array]
    expect(identicon(key).toSvg()).toBe(identicon(`0x${toHex(key)}`).toSvg())
  })

  it('is mirrored', () => {
    for (const key of keys) for (const row of identicon(key).rows) expect([...row].reverse()).toEqual(row)
  })

  it('PNG and pixels are one picture', async () => {
    for (const key of keys) {
      const picture = identicon(key)
      const { width, height, rgba } = await decodePng(picture.toPng())
      expect([width, height]).toEqual([IDENTICON_SIZE_PX, IDENTICON_SIZE_PX])
      expect(toHex(rgba)).toBe(toHex(Uint8Array.from(picture.toPixels())))
      expect(picture.toPng().length).toBeLessThan(600)
    }
  })

  it('SVG and pixels are one picture', () => {
    for (const key of keys) {
      const picture = identicon(key)
      const svg = picture.toSvg()
      const cells = [...svg.matchAll(/M(\d+) (\d+)h6v6h-6z/g)].map(([, x, y]) => [Number(x), Number(y)])
      expect(cells).toHaveLength(picture.rows.flat().filter(Boolean).length)
      expect(svg).toContain(`fill="${picture.color}"`)
      const pixels = picture.toPixels()
      for (const [x, y] of cells as [number, number][]) {
        const at = 4 * (y * IDENTICON_SIZE_PX + x)
        expect(`#${toHex(Uint8Array.from(pixels.subarray(at, at + 3)))}`).toBe(picture.color)
        expect(pixels[at + 3]).toBe(255)
      }
    }
  })
})
