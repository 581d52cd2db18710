import { CryptoError, defaultProvider, generatePrivateKey, systemRandom } from '@status-protocol/crypto'
import { describe, expect, it } from 'vitest'
import { defineProvider } from '../src/define.ts'
import { noblePrimitives } from '../src/noble-provider.ts'

describe('systemRandom', () => {
  it('fills any length, above 64 KiB too', () => {
    for (const length of [0, 1, 32, 65_536, 65_537, 200_000]) {
      const bytes = systemRandom.bytes(length)
      expect(bytes).toHaveLength(length)
      if (length > 1000)
        for (const part of [bytes.subarray(0, 500), bytes.subarray(-500)])
          expect(new Set(part).size).toBeGreaterThan(100)
    }
  })

  it.each([-1, 1.5, Number.NaN, '32' as never])('refuses a length of %s', (length) => {
    expect(() => systemRandom.bytes(length)).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
  })
})

describe('generatePrivateKey', () => {
  it('draws again when the bytes are none', () => {
    const draws = [new Uint8Array(32), new Uint8Array(32).fill(0xff), new Uint8Array(32).fill(7)]
    const key = generatePrivateKey(defaultProvider, { bytes: () => draws.shift() as Uint8Array })
    expect(key).toEqual(new Uint8Array(32).fill(7))
    expect(draws).toHaveLength(0)
  })

  it.each([
    ['zeros', () => new Uint8Array(32)],
    ['too few bytes', () => new Uint8Array(31).fill(1)],
  ])('ends when a source gives %s for ever', (_what, bytes) => {
    expect(() => generatePrivateKey(defaultProvider, { bytes })).toThrow(CryptoError)
    expect(() => generatePrivateKey(defaultProvider, { bytes })).toThrow(
      expect.objectContaining({ code: 'unavailable' }),
    )
  })
})

it('scrypt that the platform refuses is unavailable', async () => {
  const hashes = {
    ...noblePrimitives.hashes,
    scrypt: () => Promise.reject(new RangeError('Array buffer allocation failed')),
  }
  const options = { password: new Uint8Array(1), salt: new Uint8Array(1), N: 2, r: 1, p: 1, length: 1 }
  await expect(defineProvider({ ...noblePrimitives, hashes }).scrypt(options)).rejects.toMatchObject({
    name: 'CryptoError',
    code: 'unavailable',
    details: { N: 2, r: 1, p: 1 },
  })
})
