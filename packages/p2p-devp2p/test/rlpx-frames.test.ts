import { concat, equal } from '@status-protocol/bytes'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import { mutate, seededRandom } from '@status-protocol/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_FRAME_BYTES } from '../src/rlpx/frame.ts'
import { createFrameDecoder, type FrameDecoder } from '../src/rlpx/frame-decoder.ts'
import { createFrameEncoder } from '../src/rlpx/frame-encoder.ts'
import { codeLength, MAX_CODE_BYTES, readCode, writeCode } from '../src/rlpx/message-code.ts'
import { createPieces } from '../src/rlpx/pieces.ts'
import type { FrameSecrets } from '../src/rlpx/secrets.ts'
import { snappyDecompress } from '../src/snappy.ts'

const FUZZ_COUNT = Number(process.env.FUZZ_COUNT ?? 10_000)

function secrets(): FrameSecrets {
  const [aes, mac] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
  return { aes, mac, egressMac: crypto.createKeccak256(), ingressMac: crypto.createKeccak256() }
}

const newPair = () => ({
  encoder: createFrameEncoder(crypto, secrets()),
  decoder: createFrameDecoder(crypto, secrets()),
})

/** All messages in these chunks, and what ended it if anything did. */
function decodeAll(decoder: FrameDecoder, chunks: readonly Uint8Array[], limit = MAX_FRAME_BYTES) {
  const messages: { readonly code: number | undefined; readonly body: Uint8Array }[] = []
  for (const chunk of chunks) {
    const lent = chunk.slice()
    decoder.push(lent)
    for (;;) {
      const step = decoder.next(limit)
      if (step.type === 'refused') return { messages, refusal: step.refusal }
      if (step.type === 'more') break
      const code = readCode(step.body)
      messages.push({ code: code?.code, body: step.body.subarray(code?.length ?? 0) })
    }
    lent.fill(0xee) // the decoder may not have kept it
  }
  return { messages, refusal: undefined }
}

function cutAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = cuts.map((c) => c % (bytes.length + 1)).sort((x, y) => x - y)
  return [0, ...places].map((from, i) => bytes.subarray(from, places[i] ?? bytes.length))
}

const message = fc.record({
  code: fc.oneof(fc.nat(0xff), fc.nat(0xffff_ffff)),
  body: fc.uint8Array({ maxLength: 200 }),
})

describe('RLPx framing', () => {
  it('gives back every message in its order, however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 12 }),
        fc.array(fc.nat(), { maxLength: 40 }),
        fc.boolean(),
        (messages, cuts, snappy) => {
          const { encoder, decoder } = newPair()
          const stream = concat(
            ...messages.map(({ code, body }) => encoder.encode(code, body, snappy) as Uint8Array),
          )
          const result = decodeAll(decoder, cutAt(stream, cuts))
          const bodies = result.messages.map(({ code, body }) => ({
            code,
            body: snappy ? snappyDecompress(body, 1000) : body.slice(),
          }))
          expect(bodies).toEqual(messages)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('takes one byte at a time', () => {
    const { encoder, decoder } = newPair()
    const stream = concat(
      ...[1, 2, 3].map((code) => encoder.encode(code, new Uint8Array(700), false) as Uint8Array),
    )
    const result = decodeAll(
      decoder,
      Array.from(stream, (byte) => Uint8Array.of(byte)),
    )
    expect(result.messages.map(({ code }) => code)).toEqual([1, 2, 3])
  })

  it('carries the largest frame and refuses to make a larger one, without harm to the next', () => {
    const { encoder, decoder } = newPair()
    const largest = new Uint8Array(MAX_FRAME_BYTES - 1)
    largest[77] = 1
    const frame = encoder.encode(16, largest, false) as Uint8Array
    expect(encoder.encode(16, new Uint8Array(MAX_FRAME_BYTES), false)).toBeUndefined()
    expect(encoder.encode(0x80, largest, false)).toBeUndefined() // its code takes two bytes
    const next = encoder.encode(17, Uint8Array.of(1), false) as Uint8Array
    const { messages, refusal } = decodeAll(decoder, [frame, next])
    expect(refusal).toBeUndefined()
    expect(messages.map(({ code }) => code)).toEqual([16, 17])
    expect(equal(messages[0]?.body as Uint8Array, largest)).toBe(true)
  })

  it('refuses a frame above the limit as soon as its header is there', () => {
    for (const [bytes, verdict] of [
      [99, undefined],
      [100, 'too-big'],
    ] as const) {
      const { encoder, decoder } = newPair()
      const frame = encoder.encode(16, new Uint8Array(bytes), false) as Uint8Array
      expect(decodeAll(decoder, [frame.subarray(0, 32)], 100).refusal).toBe(verdict)
    }
  })

  it('believes no size before its MAC, and no body', () => {
    const frameOf = () => newPair().encoder.encode(16, new Uint8Array(100), false) as Uint8Array
    for (let i = 0; i < frameOf().length; i++) {
      const frame = frameOf()
      frame[i] = (frame[i] as number) ^ 0x40
      const { messages, refusal } = decodeAll(newPair().decoder, [frame])
      expect(messages).toEqual([])
      expect(refusal).toBe(i < 32 ? 'header-mac' : 'body-mac')
    }
  })

  it('refuses a frame that is repeated, left out or moved', () => {
    const frames = (() => {
      const { encoder } = newPair()
      return [1, 2, 3].map((code) => encoder.encode(code, Uint8Array.of(code), false) as Uint8Array)
    })()
    const [one, two, three] = frames as [Uint8Array, Uint8Array, Uint8Array]
    for (const [stream, whole] of [
      [[one, one], 1],
      [[one, three], 1],
      [[two, one], 0],
      [[one, two, one], 2],
    ] as const) {
      const { messages, refusal } = decodeAll(newPair().decoder, stream)
      expect(messages.length).toBe(whole)
      expect(refusal).toBe('header-mac')
    }
  })

  it('says no more once it has refused', () => {
    const { encoder, decoder } = newPair()
    const [bad, good] = [1, 2].map(
      (code) => encoder.encode(code, new Uint8Array(9), false) as Uint8Array,
    ) as [Uint8Array, Uint8Array]
    bad[0] = (bad[0] as number) ^ 1
    expect(decodeAll(decoder, [bad]).refusal).toBe('header-mac')
    expect(decodeAll(decoder, [good]).refusal).toBe('header-mac')
  })

  it('fuzz: never gives out a message that was not sent, under mutated streams', () => {
    const random = seededRandom(31)
    const bodies = [0, 1, 15, 16, 200].map((length) => random.bytes(length))
    const stream = (() => {
      const { encoder } = newPair()
      return concat(...bodies.map((body, i) => encoder.encode(16 + i, body, false) as Uint8Array))
    })()
    for (let i = 0; i < FUZZ_COUNT; i++) {
      const { messages } = decodeAll(newPair().decoder, [mutate(stream, random)])
      for (const [k, { code, body }] of messages.entries()) {
        expect(code).toBe(16 + k)
        expect(equal(body, bodies[k] as Uint8Array)).toBe(true)
      }
    }
  })
})

describe('message codes', () => {
  it('are RLP integers', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.nat(300), fc.nat(0xffff_ffff)),
        fc.uint8Array({ maxLength: 3 }),
        (code, body) => {
          const bytes = new Uint8Array(codeLength(code) + body.length)
          writeCode(bytes, 0, code)
          bytes.set(body, codeLength(code))
          expect(readCode(bytes)).toEqual({ code, length: codeLength(code) })
          expect(codeLength(code)).toBeLessThanOrEqual(MAX_CODE_BYTES)
        },
      ),
    )
  })

  it.each([
    [''],
    ['00'],
    ['8100'],
    ['817f'],
    ['820080'],
    ['8200ff'],
    ['81'],
    ['8201'],
    ['85ffffffffff'],
    ['b8'],
    ['c0'],
    ['c101'],
  ])('of the form %s are refused', (hex) => {
    expect(
      readCode(Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))),
    ).toBeUndefined()
  })
})

describe('pieces of a stream', () => {
  it('keep no more than twice what has arrived, however much is asked for', () => {
    const pieces = createPieces()
    const before = process.memoryUsage().arrayBuffers
    pieces.push(new Uint8Array(10))
    expect(pieces.take(0xff_ffff)).toBeUndefined()
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000)
  })

  it('are the bytes in their order, whatever sizes are asked for', () => {
    const sizes = fc.array(fc.nat(70), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(sizes, fc.array(fc.nat(), { maxLength: 20 }), (wanted, cuts) => {
        const total = wanted.reduce((sum, size) => sum + size, 0)
        const stream = Uint8Array.from({ length: total }, (_, i) => i)
        const pieces = createPieces()
        const got: Uint8Array[] = []
        for (const chunk of cutAt(stream, cuts)) {
          pieces.push(chunk)
          for (;;) {
            const size = wanted[got.length]
            const piece = size === undefined ? undefined : pieces.take(size)
            if (!piece) break
            got.push(piece.slice())
          }
        }
        expect(got.map((piece) => piece.length)).toEqual(wanted)
        expect(concat(...got)).toEqual(stream)
      }),
    )
  })
})
