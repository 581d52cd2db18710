/** The Whisper filters of a messenger: opened once each, taken up again after a flood, closed together. */
import { type Filter, WhisperError, type WhisperMessage, type WhisperService } from '@status-protocol/whisper'
import type { Input, Insist } from './input.ts'

/** What is done for a message that came: an input of its own, or part of one. */
export type Reading = (message: WhisperMessage) => Input<void>

export interface Listener {
  readonly name: string
  readonly filter: Filter
  readonly read: Reading
}

export interface Listeners {
  /** Reads what the filter lets through until {@link stop}. Again for the same name is fine. */
  listen(name: string, filter: Filter, read: Reading): void
  has(name: string): boolean
  /** All that is listened to. */
  all(): readonly Listener[]
  stop(name: string): void
  /** Nothing is listened to any more, nor will be. */
  isClosed(): boolean
  close(): void
}

/** BOUNDED: filters at one time. Whoever has more chats is read in the ones used first. */
export const MAX_LISTENERS = 5_000

/** BOUNDED: messages of one filter that are read at the same time, so that they can share a commit. They are taken in their order. */
const MAX_READING = 32

export interface ListenersOptions {
  /** Commits what is read; a store that fails for a moment loses nothing. */
  readonly insist: Insist
  /** There is one more. */
  added(): void
  /** More came at once than could be read; how much is not known. */
  overflowed(): void
  /** Reading one message failed. The next one is read all the same. */
  failed(error: unknown): void
}

export function createListeners(
  whisper: WhisperService,
  { insist, added, overflowed, failed }: ListenersOptions,
): Listeners {
  const open = new Map<string, Listener & { readonly stop: () => void }>()
  let closed = false

  const listen: Listeners['listen'] = (name, filter, read) => {
    if (closed || open.has(name) || open.size >= MAX_LISTENERS) return
    const iterator = whisper.subscribe(filter)[Symbol.asyncIterator]()
    const stop = (): void => void iterator.return?.()
    const listener = { name, filter, read, stop }
    open.set(name, listener)
    added()
    const isOpen = (): boolean => !closed && open.get(name) === listener
    const readAll = async (): Promise<void> => {
      const reading = new Set<Promise<void>>()
      for (;;) {
        if (reading.size >= MAX_READING) await Promise.race(reading)
        const next = await iterator.next()
        if (next.done || !isOpen()) return
        const one = insist(read(next.value))
          .catch(failed)
          .finally(() => reading.delete(one))
        reading.add(one)
      }
    }
    const again = (error: unknown): void => {
      if (!isOpen() || !(error instanceof WhisperError) || error.code !== 'slow-reader') return
      open.delete(name)
      overflowed()
      listen(name, filter, read)
    }
    void readAll().catch(again).catch(failed)
  }

  return {
    listen,
    has: (name) => open.has(name),
    stop(name) {
      const listener = open.get(name)
      open.delete(name)
      listener?.stop()
    },
    all: () => [...open.values()],
    isClosed: () => closed,
    close() {
      closed = true
      for (const { stop } of open.values()) stop()
      open.clear()
    },
  }
}
