import { concat } from '@status-protocol/bytes'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import { fuzz, seededRandom } from '@status-protocol/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeFrame, MAX_FRAME_PAYLOAD_BYTES, paddingLength, parseFrame, signFrame } from '../src/index.ts'

const privateKey = new Uint8Array(32).fill(7)
const payloads = fc.uint8Array({ maxLength: 600 })

class Never extends Error {}

describe('EIP-627 contents of the data field', () => {
  it('reads what it writes, unsigned and signed', () => {
    fc.assert(
      fc.property(payloads, fc.uint8Array({ maxLength: 300 }), fc.boolean(), (payload, padding, signed) => {
        const bare = encodeFrame({ payload, padding, signed })
        const frame = parseFrame(signed ? signFrame(bare, privateKey) : bare)
        expect(frame?.payload).toEqual(payload)
        expect(frame?.padding).toEqual(padding)
        expect(frame?.signer).toEqual(signed ? crypto.publicKey(privateKey) : undefined)
        expect(frame?.signature?.length).toBe(signed ? 65 : undefined)
      }),
    )
  })

  it('pads to whole blocks of 256, never by nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200_000 }), fc.boolean(), (length, signed) => {
        const padding = paddingLength(length, signed)
        expect(padding).toBeGreaterThanOrEqual(1)
        expect(padding).toBeLessThanOrEqual(256)
        const frame = encodeFrame({
          payload: new Uint8Array(length),
          padding: new Uint8Array(padding),
          signed,
        })
        expect((frame.length + (signed ? 65 : 0)) % 256).toBe(0)
      }),
    )
    expect(paddingLength(254, false)).toBe(256)
  })

  it('takes a size field of 1, 2 or 3 bytes, little endian', () => {
    const head = (length: number) =>
      [...encodeFrame({ payload: new Uint8Array(length), padding: new Uint8Array(0), signed: false })].slice(
        0,
        4,
      )
    expect(head(0)).toEqual([1, 0])
    expect(head(255).slice(0, 2)).toEqual([1, 255])
    expect(head(256).slice(0, 3)).toEqual([2, 0, 1])
    expect(head(65_536)).toEqual([3, 0, 0, 1])
    const payload = new Uint8Array(MAX_FRAME_PAYLOAD_BYTES + 1)
    expect(() => encodeFrame({ payload, padding: payload.subarray(0, 0), signed: false })).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    )
  })

  it('yields another signer for content that was changed', () => {
    const frame = signFrame(
      encodeFrame({ payload: Uint8Array.of(1, 2), padding: Uint8Array.of(9), signed: true }),
      privateKey,
    )
    const changed = frame.slice()
    changed[2] = 5
    const parsed = parseFrame(changed)
    expect(parsed === undefined || parsed.signer?.length === 65).toBe(true)
    expect(parsed?.signer).not.toEqual(crypto.publicKey(privateKey))
  })

  it('does not recover a key before the sizes are right', () => {
    const counting = { ...crypto, recover: () => expect.unreachable('recovered') }
    const tooLong = concat(Uint8Array.of(0x05, 200, 1, 2, 3), new Uint8Array(65))
    expect(parseFrame(tooLong, counting)).toBeUndefined()
    expect(parseFrame(new Uint8Array(0), counting)).toBeUndefined()
  })

  it('fuzz: survives mutated input', () => {
    const random = seededRandom(2)
    const seeds = [0, 3, 300, 70_000].flatMap((length) => {
      const bare = (signed: boolean) =>
        encodeFrame({ payload: random.bytes(length), padding: random.bytes(5), signed })
      return [bare(false), signFrame(bare(true), privateKey)]
    })
    let parsed = 0
    fuzz({
      seeds: seeds.filter((seed) => seed.length < 1000),
      random,
      count: Number(process.env.FUZZ_COUNT ?? 10_000),
      expectedError: Never,
      decode(input) {
        const frame = parseFrame(input)
        if (!frame) return
        parsed++
        const { payload, padding, signature } = frame
        expect(1 + (frame.flags & 3) + payload.length + padding.length + (signature?.length ?? 0)).toBe(
          input.length,
        )
      },
    })
    expect(parsed).toBeGreaterThan(0)
  })
})
