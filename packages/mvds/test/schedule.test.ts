import { describe, expect, it } from 'vitest'
import { boundedSchedule, MvdsError, referenceSchedule, resolveOptions } from '../src/index.ts'

describe('boundedSchedule', () => {
  it('doubles from 5 s to an hour, whatever the time', () => {
    const { next, longestDelayMs } = boundedSchedule()
    const delays = Array.from({ length: 40 }, (_, i) => next(i + 1, 123, 1_000_000) - 1_000_000)
    expect(delays.slice(0, 12)).toEqual(
      [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600].map((seconds) => seconds * 1000),
    )
    expect(Math.max(...delays)).toBe(longestDelayMs)
    expect(next(10_000, 0, 0)).toBe(longestDelayMs)
  })

  it('takes about a day for the default number of sends', () => {
    const { next } = boundedSchedule()
    let atMs = 0
    for (let sends = 1; sends <= resolveOptions().maxSends; sends++) atMs = next(sends, 0, atMs)
    expect(atMs / 3_600_000).toBeGreaterThan(22)
    expect(atMs / 3_600_000).toBeLessThan(26)
  })
})

describe('referenceSchedule', () => {
  it('counts epochs from where the node began', () => {
    const zero = 1_600_000_000_000
    const { next } = referenceSchedule({ epochZeroMs: zero })
    // appended at 19: sent at 20, 42, 88
    expect((next(1, zero + 20 * 300, zero + 20 * 300) - zero) / 300).toBe(42)
    expect((next(2, zero + 42 * 300, zero + 42 * 300) - zero) / 300).toBe(88)
  })
})

describe('resolveOptions', () => {
  it('fills in defaults that are safe towards Go clients', () => {
    expect(resolveOptions({})).toMatchObject({
      mode: 'batch',
      wire: 'status',
      relay: false,
      answerAlways: false,
    })
    expect(resolveOptions({ maxSends: 3 })).toMatchObject({ maxSends: 3, epochMs: 300 })
  })

  it.each(['maxSends', 'epochMs', 'splitAboveBytes', 'maxRecordsPerPeer', 'maxElementsPerList'] as const)(
    '%s is at least 1',
    (name) => {
      for (const value of [0, -1, Number.NaN]) {
        expect(() => resolveOptions({ [name]: value })).toThrow(MvdsError)
        expect(() => resolveOptions({ [name]: value })).toThrow(name)
      }
    },
  )
})
