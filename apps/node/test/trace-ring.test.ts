import type { EnvelopeHash, EnvelopeTrace } from '@status-protocol/whisper'
import { describe, expect, it } from 'vitest'
import { createTraceRing } from '../src/trace/ring.ts'

const hash = (n: number) => new Uint8Array(32).fill(n) as EnvelopeHash
const peerId = new Uint8Array(64).fill(9)

describe('the trace of envelopes', () => {
  it('has the steps of one envelope in their order, with their times', () => {
    let now = 100
    const ring = createTraceRing(10, () => now++)
    const steps: EnvelopeTrace[] = [
      { hash: hash(1), what: 'received', peerId },
      { hash: hash(2), what: 'received', peerId },
      { hash: hash(1), what: 'refused', peerId, reason: 'low-pow' },
      { hash: hash(2), what: 'accepted' },
    ]
    for (const step of steps) ring.record(step)
    expect(ring.of(hash(1))).toEqual([
      { atUnixMs: 100, hash: hash(1), what: 'received', peerId },
      { atUnixMs: 102, hash: hash(1), what: 'refused', peerId, reason: 'low-pow' },
    ])
    expect(ring.of(hash(2)).map(({ what }) => what)).toEqual(['received', 'accepted'])
    expect(ring.of(hash(3))).toEqual([])
  })

  it('is bounded: the oldest step is forgotten', () => {
    const ring = createTraceRing(3, () => 0)
    for (let n = 1; n <= 7; n++) ring.record({ hash: hash(n), what: 'received' })
    expect(ring.size).toBe(3)
    expect(ring.recent(10).map(({ hash: [n] }) => n)).toEqual([5, 6, 7])
    expect(ring.recent(2).map(({ hash: [n] }) => n)).toEqual([6, 7])
    expect(ring.recent(0)).toEqual([])
    expect(ring.of(hash(4))).toEqual([])
    expect(ring.of(hash(5))).toHaveLength(1)
  })
})
