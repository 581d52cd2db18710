import type { SeededRandom } from './random.ts'

const INTERESTING = [0x00, 0x01, 0x7f, 0x80, 0xb7, 0xb8, 0xbf, 0xc0, 0xf7, 0xf8, 0xff]

/**
 * A changed copy of a valid input: bit flips, bytes set to edges, cuts, insertions, repeated and swapped pieces, or
 * nothing but noise. Never longer than twice the input + 64 bytes.
 */
export function mutate(input: Uint8Array, random: SeededRandom): Uint8Array {
  let bytes = Uint8Array.from(input) // not slice: that of a Buffer shares its memory
  const rounds = 1 + random.int(4)
  for (let round = 0; round < rounds; round++) bytes = mutateOnce(bytes, random)
  return bytes.subarray(0, 2 * input.length + 64)
}

function mutateOnce(bytes: Uint8Array<ArrayBuffer>, random: SeededRandom): Uint8Array<ArrayBuffer> {
  const at = random.int(bytes.length + 1)
  switch (random.int(8)) {
    case 0:
      if (at < bytes.length) bytes[at] = (bytes[at] as number) ^ (1 << random.int(8))
      return bytes
    case 1:
      if (at < bytes.length) bytes[at] = random.pick(INTERESTING)
      return bytes
    case 2:
      if (at < bytes.length) bytes[at] = random.int(256)
      return bytes
    case 3:
      return bytes.slice(0, at)
    case 4:
      return bytes.slice(at)
    case 5:
      return joined(bytes.subarray(0, at), random.bytes(1 + random.int(16)), bytes.subarray(at))
    case 6: {
      const piece = bytes.subarray(at, at + 1 + random.int(32))
      return joined(bytes.subarray(0, at), piece, bytes.subarray(at))
    }
    default:
      return random.int(10) === 0
        ? joined(random.bytes(random.int(bytes.length + 32)))
        : joined(bytes.subarray(0, at), bytes.subarray(at + 1 + random.int(8)))
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/**
 * Feeds `count` mutated inputs to a decoder. Whatever it throws must be of `expectedError`.
 *
 * @throws Error with the offending input in hex, so that it can be kept as a case
 */
export function fuzz(options: {
  readonly seeds: readonly Uint8Array[]
  readonly count: number
  readonly random: SeededRandom
  readonly decode: (input: Uint8Array) => unknown
  readonly expectedError: abstract new (...args: never) => Error
}): void {
  const { seeds, count, random, decode, expectedError } = options
  for (let i = 0; i < count; i++) {
    const input = mutate(random.pick(seeds), random)
    try {
      decode(input)
    } catch (error) {
      if (error instanceof expectedError) continue
      const shown = Array.from(input, (b) => b.toString(16).padStart(2, '0')).join('')
      throw new Error(
        `an error that is not ${expectedError.name} escaped: ${String(error)}; input ${shown}`,
        {
          cause: error,
        },
      )
    }
  }
}
