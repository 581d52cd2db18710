/** Steps of the layers on their way to a reader who may be slow. */
import { to0xHex } from '@status-protocol/bytes'
import type { MessengerTrace } from '@status-protocol/messenger'
import type { PooledEnvelope } from '@status-protocol/whisper'
import type { z } from 'zod'
import type { TRACE } from './notifications.ts'

export type TraceView = z.input<typeof TRACE>

export interface TraceFeed {
  /** @param pooled what our node knows of a posted envelope */
  tell(step: MessengerTrace, pooled: PooledEnvelope | undefined): void
  /** Steps from the start, for one reader; ends with {@link close}. */
  read(): AsyncIterable<TraceView>
  close(): void
}

/** Unread steps that are kept; what comes then is lost. */
export const MAX_UNREAD_STEPS = 10_000

export function createTraceFeed(): TraceFeed {
  const unread: TraceView[] = [] // BOUNDED by MAX_UNREAD_STEPS
  let closed = false
  let wake: () => void = () => undefined
  return {
    tell(step, pooled) {
      if (unread.length < MAX_UNREAD_STEPS) unread.push(traceView(step, pooled))
      wake()
    },
    close() {
      closed = true
      wake()
    },
    async *read() {
      for (;;) {
        const step = unread.shift()
        if (step) yield step
        else if (closed) return
        else
          await new Promise<void>((resolve) => {
            wake = resolve
          })
      }
    },
  }
}

export function traceView(step: MessengerTrace, pooled?: PooledEnvelope): TraceView {
  switch (step.type) {
    case 'composed':
      return { ...step }
    case 'synced':
      return { ...step, syncId: to0xHex(step.syncId) }
    case 'encrypted':
      return { ...step, to: to0xHex(step.to), messageIds: [...step.messageIds] }
    case 'posted':
      return {
        ...step,
        envelope: to0xHex(step.envelope),
        topic: to0xHex(step.topic),
        messageIds: [...step.messageIds],
        ...(pooled && { envelopeBytes: pooled.bytes, pow: pooled.pow }),
      }
    case 'received':
      return {
        ...step,
        envelope: to0xHex(step.envelope),
        topic: to0xHex(step.topic),
        messageIds: [...step.messageIds],
      }
  }
}
