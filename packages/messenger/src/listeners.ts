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

/** BOUNDED: messages of one filter that are read at the same time, so that they can share a commit. They are taken in their order. */
const MAX_READING = 32

export interface ListenersOptions {
  /** More came at once than could be read; how much is not known. */
  overflowed(): void
  /** Reading one message failed. The next one is read all the same. */
  failed(error: unknown): void
}

export function createListeners(
  whisper: WhisperService,
  { overflowed, failed }: ListenersOptions,
): Listeners {
  const open = new Map<string, () => void>()
  let closed = false

  const listen: Listeners['listen'] = (name, filter, receive) => {
    if (closed || open.has(name) || open.size >= MAX_LISTENERS) return
    const iterator = whisper.subscribe(filter)[Symbol.asyncIterator]()
    const stop = (): void => void iterator.return?.()
    open.set(name, stop)
    const isOpen = (): boolean => !closed && open.get(name) === stop
    const read = async (): Promise<void> => {
      const reading = new Set<Promise<void>>()
      for (;;) {
        if (reading.size >= MAX_READING) await Promise.race(reading)
        const next = await iterator.next()
        if (next.done || !isOpen()) return
        const one = receive(next.value)
          .catch(failed)
          .finally(() => reading.delete(one))
        reading.add(one)
      }
    }
    const again = (error: unknown): void => {
      if (!isOpen() || !(error instanceof WhisperError) || error.code !== 'slow-reader') return
      open.delete(name)
      overflowed()
      listen(name, filter, receive)
    }
    void read().catch(again).catch(failed)
  }

  return {
    listen,
    has: (name) => open.has(name),
    stop(name) {
      const stop = open.get(name)
      open.delete(name)
      stop?.()
    },
    close() {
      closed = true
      for (const stop of open.values()) stop()
      open.clear()
    },
  }
}
