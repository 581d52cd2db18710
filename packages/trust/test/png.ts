/** Reads the PNGs that the Go clients write (RGBA) and ours (one bit, palette), to compare pixels. */
export async function decodePng(png: Uint8Array): Promise<{
  readonly width: number
  readonly height: number
  readonly rgba: Uint8Array
}> {
  const chunks = chunksOf(png)
  const header = one(chunks, 'IHDR')
  const [width, height] = [uint32(header, 0), uint32(header, 4)]
  const [bitDepth, colorType] = [header[8], header[9]]
  const stride = colorType === 6 ? 4 * width : Math.ceil(width / 8)
  const rows = unfilter(await inflate(one(chunks, 'IDAT')), stride, height, colorType === 6 ? 4 : 1)
  if (colorType === 6 && bitDepth === 8) return { width, height, rgba: rows }
  if (colorType !== 3 || bitDepth !== 1) throw new Error(`unexpected PNG type ${colorType}/${bitDepth}`)
  const [palette, alpha] = [one(chunks, 'PLTE'), one(chunks, 'tRNS')]
  const rgba = new Uint8Array(4 * width * height)
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)]
    const index = ((rows[y * stride + (x >> 3)] as number) >> (7 - (x & 7))) & 1
    rgba.set([...palette.subarray(3 * index, 3 * index + 3), alpha[index] ?? 255], 4 * i)
  }
  return { width, height, rgba }
}

function chunksOf(png: Uint8Array): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>()
  for (let at = 8; at < png.length; ) {
    const length = uint32(png, at)
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8))
    const before = found.get(type) ?? new Uint8Array(0)
    const data = new Uint8Array(before.length + length)
    data.set(before)
    data.set(png.subarray(at + 8, at + 8 + length), before.length)
    found.set(type, data)
    at += 12 + length
  }
  return found
}

function one(chunks: Map<string, Uint8Array>, type: string): Uint8Array {
  const data = chunks.get(type)
  if (!data) throw new Error(`PNG without ${type}`)
  return data
}

async function inflate(zlib: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([zlib.slice()]).stream().pipeThrough(new DecompressionStream('deflate'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

function unfilter(data: Uint8Array, stride: number, height: number, step: number): Uint8Array {
  const out = new Uint8Array(stride * height)
  for (let y = 0; y < height; y++) {
    const filter = data[y * (stride + 1)] as number
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x
      const left = x >= step ? (out[at - step] as number) : 0
      const up = y > 0 ? (out[at - stride] as number) : 0
      const corner = x >= step && y > 0 ? (out[at - stride - step] as number) : 0
      out[at] = (data[y * (stride + 1) + 1 + x] as number) + predictor(filter, left, up, corner)
    }
  }
  return out
}

function predictor(filter: number, left: number, up: number, corner: number): number {
  if (filter === 0) return 0
  if (filter === 1) return left
  if (filter === 2) return up
  if (filter === 3) return (left + up) >> 1
  const estimate = left + up - corner
  const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)]
  return a <= b && a <= c ? left : b <= c ? up : corner
}

function uint32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at)
}
