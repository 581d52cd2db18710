/** The Whisper filters of a messenger: opened once each, taken up again after a flood, closed together. */
import { WhisperError, type WhisperMessage, type WhisperService } from '@status-protocol/whisper'

type Filter = Parameters<WhisperService['subscribe']>[0]

export interface Listeners {
  /** Reads what the filter lets through until {@link stop}. Again for the same name is fine. */
  listen(name: string, filter: Filter, receive: (message: WhisperMessage) => Promise<void>): void
  has(name: string): boolean
  stop(name: string): void
  close(): void
}

/** BOUNDED: filters at one time. Whoever has more chats is read in the ones used first. */
export const MAX_LISTENERS = 5_000

/** @param missed told when more came at once than could be read; how much is not known */
export function createListeners(whisper: WhisperService, missed: () => void): Listeners {
  const open = new Map<string, () => void>()
  let closed = false

  const listen: Listeners['listen'] = (name, filter, receive) => {
    if (closed || open.has(name) || open.size >= MAX_LISTENERS) return
    const iterator = whisper.subscribe(filter)[Symbol.asyncIterator]()
    open.set(name, () => void iterator.return?.())
    const read = async (): Promise<void> => {
      for (;;) {
        const next = await iterator.next()
        if (next.done || closed) return
        await receive(next.value)
      }
    }
    void read().catch((error: unknown) => {
      if (!open.delete(name) || !(error instanceof WhisperError) || error.code !== 'slow-reader') return
      missed()
      listen(name, filter, receive)
    })
  }

  return {
    listen,
    has: (name) => open.has(name),
    stop(name) {
      open.get(name)?.()
      open.delete(name)
    },
    close() {
      closed = true
      for (const stop of open.values()) stop()
      open.clear()
    },
  }
}
