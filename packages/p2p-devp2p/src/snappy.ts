/**
 * Snappy, block format (format_description.txt of google/snappy), as devp2p 5 compresses message bodies.
 *
 * ```
 * uncompressed length (varint, 1 - 5 bytes) || elements
 * literal       LLLLLL00 [length - 1, 1 - 4 bytes little endian] bytes      length 1 - 60 inside the tag
 * copy, short   OOOLLL01 offset(1)         length 4 - 11, offset 11 bits
 * copy, medium  LLLLLL10 offset(2, LE)     length 1 - 64
 * copy, long    LLLLLL11 offset(4, LE)     length 1 - 64
 * ```
 *
 * Written here because the reader meets hostile bytes: nothing is allocated before the declared length has been checked
 * against the caller's limit and against what the input can possibly expand to.
 */

/** A copy of 64 bytes takes 3: no input expands more than this. */
const MAX_EXPANSION = 64 / 3
const MAX_LENGTH = 0xffff_ffff
/** Matches are looked for within pieces of this size, so that every offset fits 2 bytes. */
const FRAGMENT_BYTES = 65_536
const MAX_TABLE_BITS = 14
/** The last bytes of a fragment are always literal: the search reads 4 bytes at a time. */
const TAIL_BYTES = 15
/**
 * A fragment that has not shrunk by a sixteenth after so many bytes is not searched further. What Whisper carries is
 * encrypted: only the envelopes' first bytes match, and to find them takes longer than to hash and encrypt them all.
 */
const PROBE_BYTES = 4_096
const WORTHWHILE = 15 / 16

/** Scratch of the (synchronous) search; positions inside a fragment by hash of their next 4 bytes. */
const table = new Uint16Array(1 << MAX_TABLE_BITS)

/** What {@link snappyDecompress} says of input that it cannot or may not read. */
export type SnappyRefusal = 'malformed' | 'too-big'

/**
 * The uncompressed bytes, a new array, or why not: `too-big` if more than `maxLength` bytes are declared, `malformed` if
 * the elements are cut, copy from before the start, or make more or fewer bytes than declared. Never throws; time and
 * memory are linear in the input's length.
 */
export function snappyDecompress(input: Uint8Array, maxLength: number): Uint8Array | SnappyRefusal {
  const header = readLength(input)
  if (!header) return 'malformed'
  if (header.length > maxLength) return 'too-big'
  if (header.length > (input.length - header.end) * MAX_EXPANSION) return 'malformed'
  const output = new Uint8Array(header.length)
  return expand(input, header.end, output) ? output : 'malformed'
}

function readLength(input: Uint8Array): { readonly length: number; readonly end: number } | undefined {
  let length = 0
  for (let i = 0; i < 5 && i < input.length; i++) {
    const byte = input[i] as number
    length += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) return length <= MAX_LENGTH ? { length, end: i + 1 } : undefined
  }
  return undefined
}

/** Fills `output` exactly, or returns false. Every element moves `at` forward, every copy stays within what is written. */
function expand(input: Uint8Array, start: number, output: Uint8Array): boolean {
  let [at, written] = [start, 0]
  while (at < input.length) {
    const tag = input[at++] as number
    if ((tag & 3) === 0) {
      let length = (tag >> 2) + 1
      if (length > 60) {
        const size = length - 60
        if (at + size > input.length) return false
        length = 1 + littleEndian(input, at, size)
        at += size
      }
      if (length > input.length - at || length > output.length - written) return false
      copyLiteral(input, at, output, written, length)
      at += length
      written += length
    } else {
      const size = OFFSET_BYTES[tag & 3] as number
      if (at + size > input.length) return false
      const short = size === 1
      const length = short ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1
      const offset = short ? ((tag >> 5) << 8) | (input[at] as number) : littleEndian(input, at, size)
      at += size
      if (offset === 0 || offset > written || length > output.length - written) return false
      for (const end = written + length; written < end; written++)
        output[written] = output[written - offset] as number
    }
  }
  return written === output.length
}

const OFFSET_BYTES: readonly number[] = [0, 1, 2, 4]

function littleEndian(input: Uint8Array, at: number, size: number): number {
  let value = 0
  for (let i = size - 1; i >= 0; i--) value = value * 256 + (input[at + i] as number)
  return value
}

/** Room that {@link snappyCompressInto} may need for `length` bytes. */
export function maxCompressedLength(length: number): number {
  return 32 + length + Math.floor(length / 6)
}

/** The compressed bytes, a new array. An empty input becomes the single byte 00. */
export function snappyCompress(input: Uint8Array): Uint8Array {
  const output = new Uint8Array(maxCompressedLength(input.length))
  return output.slice(0, snappyCompressInto(input, output, 0))
}

/** Compresses to `output` from `start` on, where {@link maxCompressedLength} bytes are free; returns the end. */
export function snappyCompressInto(input: Uint8Array, output: Uint8Array, start: number): number {
  let at = writeLength(output, start, input.length)
  for (let from = 0; from < input.length; from += FRAGMENT_BYTES)
    at = compressFragment(input, from, Math.min(from + FRAGMENT_BYTES, input.length), output, at)
  return at
}

function writeLength(output: Uint8Array, start: number, length: number): number {
  let [at, rest] = [start, length]
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) output[at++] = (rest & 0x7f) | 0x80
  output[at++] = rest
  return at
}

function compressFragment(
  input: Uint8Array,
  from: number,
  end: number,
  output: Uint8Array,
  start: number,
): number {
  let [at, emitted] = [start, from]
  const searchEnd = end - TAIL_BYTES
  if (searchEnd > from) {
    const shift = clearTable(end - from)
    const probeEnd = from + PROBE_BYTES
    let misses = 32
    let probed = false
    for (let i = from + 1; i < searchEnd; ) {
      if (!probed && i >= probeEnd) {
        if (at - start + (i - emitted) > (i - from) * WORTHWHILE) break
        probed = true
      }
      const word = load32(input, i)
      const slot = Math.imul(word, 0x1e35a7bd) >>> shift
      const candidate = from + (table[slot] as number)
      table[slot] = i - from
      if (load32(input, candidate) !== word) {
        i += misses++ >>> 5 // the longer nothing matches, the larger the steps
        continue
      }
      at = writeLiteral(input, emitted, i, output, at)
      let matched = 4
      while (i + matched < end && input[i + matched] === input[candidate + matched]) matched++
      at = writeCopy(output, at, i - candidate, matched)
      i += matched
      emitted = i
      misses = 32
    }
  }
  return emitted < end ? writeLiteral(input, emitted, end, output, at) : at
}

/** Makes the part of the table that this size uses empty; returns the shift that maps a 32-bit product to a slot. */
function clearTable(size: number): number {
  let bits = 8
  while (bits < MAX_TABLE_BITS && 1 << bits < size) bits++
  table.fill(0, 0, 1 << bits)
  return 32 - bits
}

function load32(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  )
}

function writeLiteral(
  input: Uint8Array,
  from: number,
  end: number,
  output: Uint8Array,
  start: number,
): number {
  const length = end - from
  if (length === 0) return start
  const last = length - 1
  let at = start
  if (last < 60) {
    output[at++] = last << 2
  } else if (last < 256) {
    output[at++] = 60 << 2
    output[at++] = last
  } else {
    output[at++] = 61 << 2 // a fragment has at most 65,536 bytes: two are enough
    output[at++] = last & 0xff
    output[at++] = last >> 8
  }
  copyLiteral(input, from, output, at, length)
  return at + length
}

function writeCopy(output: Uint8Array, start: number, offset: number, length: number): number {
  let [at, rest] = [start, length]
  // 68 and more: whole 64s; 65 - 67: 60 first, so that what is left is never below 4, the least a short copy can say.
  for (; rest >= 68; rest -= 64) at = writeMediumCopy(output, at, offset, 64)
  if (rest > 64) {
    at = writeMediumCopy(output, at, offset, 60)
    rest -= 60
  }
  if (rest >= 12 || offset >= 2048) return writeMediumCopy(output, at, offset, rest)
  output[at++] = ((offset >> 8) << 5) | ((rest - 4) << 2) | 1
  output[at++] = offset & 0xff
  return at
}

function writeMediumCopy(output: Uint8Array, start: number, offset: number, length: number): number {
  output[start] = ((length - 1) << 2) | 2
  output[start + 1] = offset & 0xff
  output[start + 2] = offset >> 8
  return start + 3
}

/** `set` costs more than it saves on short pieces. */
function copyLiteral(input: Uint8Array, from: number, output: Uint8Array, to: number, length: number): void {
  if (length > 48) output.set(input.subarray(from, from + length), to)
  else for (let i = 0; i < length; i++) output[to + i] = input[from + i] as number
}
