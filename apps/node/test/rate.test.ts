import { describe, expect, it } from 'vitest'
import { createRateLimiter, MAX_RATED_NAMES } from '../src/rate.ts'

describe('a rate limiter', () => {
  it('lets a burst through, then so many a second, and counts what it held back', () => {
    const limiter = createRateLimiter({ burst: 3, perSecond: 2 })
    const taken = Array.from({ length: 10 }, () => limiter.take('a', 1000))
    expect(taken).toEqual([0, 0, 0, ...Array(7).fill(undefined)])
    expect(limiter.take('b', 1000)).toBe(0)
    expect(limiter.take('a', 1400)).toBeUndefined()
    expect(limiter.take('a', 1500)).toBe(8)
    expect(limiter.take('a', 2000)).toBe(0)
  })

  it('does not save up more than a burst, nor is it moved by a clock that steps back', () => {
    const limiter = createRateLimiter({ burst: 2, perSecond: 1 })
    limiter.take('a', 0)
    const later = Array.from({ length: 4 }, () => limiter.take('a', 1_000_000))
    expect(later).toEqual([0, 0, undefined, undefined])
    expect(limiter.take('a', 0)).toBeUndefined()
  })

  it('gives names beyond the bound one bucket together', () => {
    const limiter = createRateLimiter({ burst: 1, perSecond: 0 })
    for (let i = 0; i < MAX_RATED_NAMES; i++) expect(limiter.take(`name ${i}`, 0)).toBe(0)
    expect(limiter.take('one more', 0)).toBe(0)
    expect(limiter.take('and another', 0)).toBeUndefined()
    expect(limiter.take('name 5', 0)).toBeUndefined()
  })
})
