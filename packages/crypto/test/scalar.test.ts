import { fromBigInt, toBigInt } from '@status-protocol/bytes'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addScalars, isScalar } from '../src/scalar.ts'

const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const scalar = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
  fc.bigInt({ min: N - 3n, max: N + 3n }),
  fc.bigInt({ min: 0n, max: 3n }),
)

describe('scalars of secp256k1', () => {
  it('1 .. n - 1', () => {
    fc.assert(
      fc.property(scalar, (a) => {
        expect(isScalar(fromBigInt(a, 32))).toBe(a > 0n && a < N)
      }),
      { numRuns: 2000 },
    )
  })

  it('sums mod n', () => {
    fc.assert(
      fc.property(scalar, scalar, (a, b) => {
        const sum = addScalars(fromBigInt(a, 32), fromBigInt(b, 32))
        const expected = (a + b) % N
        if (a >= N || b >= N || expected === 0n) expect(sum).toBeUndefined()
        else expect(sum && toBigInt(sum)).toBe(expected)
      }),
      { numRuns: 2000 },
    )
  })
})
