/** The last steps of envelopes through this node, for whoever looks for one that did not arrive. */
import { equal } from '@status-protocol/bytes'
import type { EnvelopeTrace } from '@status-protocol/whisper'

export interface Step extends EnvelopeTrace {
  readonly atUnixMs: number
}

export interface TraceRing {
  /** As cheap as it can be: the relay waits for it. */
  record(event: EnvelopeTrace): void
  /** All that is remembered of one envelope (32 bytes), oldest first. */
  of(hash: Uint8Array): readonly Step[]
  /** The last ones of all envelopes, oldest first. */
  recent(limit: number): readonly Step[]
  readonly size: number
  readonly capacity: number
}

/** `--trace-envelopes` without a number. About 300 bytes each. */
export const DEFAULT_TRACED_STEPS = 10_000
export const MAX_TRACED_STEPS = 1_000_000

/** BOUNDED by `capacity` steps: the oldest is forgotten first. */
export function createTraceRing(capacity: number, nowUnixMs: () => number): TraceRing {
  const steps: Step[] = []
  let next = 0

  const inOrder = (): readonly Step[] =>
    steps.length < capacity ? steps : [...steps.slice(next), ...steps.slice(0, next)]

  return {
    record({ hash, what, peerId, reason }) {
      const step: Step = {
        atUnixMs: nowUnixMs(),
        hash,
        what,
        ...(peerId && { peerId }),
        ...(reason !== undefined && { reason }),
      }
      steps[next] = step
      next = (next + 1) % capacity
    },
    of: (hash) => inOrder().filter((step) => equal(step.hash, hash)),
    recent: (limit) => (limit <= 0 ? [] : inOrder().slice(-limit)),
    get size() {
      return steps.length
    },
    capacity,
  }
}
