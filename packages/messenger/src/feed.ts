import type { Storage } from '@status-protocol/ports'
import type { MessengerEvent } from './events.ts'
import { eventsAfter } from './tables.ts'

const PAGE = 256

/** Readers of the stored events: each at its own pace, none holding up the messenger, none growing its memory. */
export interface Feed {
  /** Called after a commit that stored events. */
  wake(): void
  /** Events after `seq`, for ever, until the feed is closed. */
  after(seq: bigint): AsyncIterable<MessengerEvent>
  close(): void
}

export function createFeed(storage: Storage): Feed {
  /** BOUNDED by the number of readers. */
  const sleepers = new Set<() => void>()
  let closed = false
  const wake = (): void => {
    for (const resume of sleepers) resume()
    sleepers.clear()
  }

  return {
    wake,
    close() {
      closed = true
      wake()
    },
    async *after(seq) {
      let last = seq
      while (!closed) {
        // Registered before reading, so that a commit between the read and the sleep is not slept through.
        const woken = new Promise<void>((resolve) => sleepers.add(resolve))
        const page = await eventsAfter(storage, last, PAGE)
        for (const event of page) {
          last = event.seq
          yield event
        }
        if (page.length === 0) await woken
      }
    },
  }
}
