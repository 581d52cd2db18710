/**
 * A queue of events with one reader. Never holds more than its bounds: when the reader is so slow that they are reached,
 * it still gets what has been queued, and then an error, so that a loss is never silent.
 */
import { WhisperError } from '../error.ts'

export interface StreamLimits<T> {
  readonly maxItems: number
  readonly maxBytes?: number
  /** What an item counts as against `maxBytes`. */
  readonly sizeOf?: (item: T) => number
}

type State = 'open' | 'ended' | 'overflowed'

export class BoundedStream<T> implements AsyncIterableIterator<T, undefined, undefined> {
  /** BOUNDED by limits. */
  #items: T[] = []
  #head = 0
  #bytes = 0
  #state: State = 'open'
  /** BOUNDED by the reader's own calls of next(). */
  readonly #waiting: ((result: IteratorResult<T, undefined>) => void)[] = []
  readonly #limits: StreamLimits<T>
  readonly #onEnd: (why: 'ended' | 'overflowed') => void

  /** @param onEnd called once, when nothing more will be taken */
  constructor(limits: StreamLimits<T>, onEnd: (why: 'ended' | 'overflowed') => void = () => {}) {
    this.#limits = limits
    this.#onEnd = onEnd
  }

  /** Queues an item. False: it was not taken, nothing will be any more. */
  push(item: T): boolean {
    if (this.#state !== 'open') return false
    const waiting = this.#waiting.shift()
    if (waiting) {
      waiting({ value: item, done: false })
      return true
    }
    const size = this.#sizeOf(item)
    const { maxItems, maxBytes = Number.POSITIVE_INFINITY } = this.#limits
    if (this.#items.length - this.#head >= maxItems || this.#bytes + size > maxBytes) {
      this.#stop('overflowed')
      return false
    }
    this.#items.push(item)
    this.#bytes += size
    return true
  }

  /** Ends it; what is queued can still be read. */
  end(): void {
    this.#stop('ended')
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#head < this.#items.length) return Promise.resolve({ value: this.#shift(), done: false })
    if (this.#state === 'open') return new Promise((resolve) => this.#waiting.push(resolve))
    if (this.#state === 'ended') return Promise.resolve({ value: undefined, done: true })
    this.#state = 'ended'
    return Promise.reject(
      new WhisperError('slow-reader', `the reader fell more than ${this.#limits.maxItems} items behind`),
    )
  }

  /** The reader does not want more: `break` in `for await`. What is queued is dropped. */
  return(): Promise<IteratorResult<T, undefined>> {
    this.#items = []
    this.#head = 0
    this.#bytes = 0
    this.#stop('ended')
    this.#state = 'ended'
    return Promise.resolve({ value: undefined, done: true })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #shift(): T {
    const item = this.#items[this.#head] as T
    this.#head++
    this.#bytes -= this.#sizeOf(item)
    if (this.#head === this.#items.length || this.#head > 1024) {
      this.#items = this.#items.slice(this.#head)
      this.#head = 0
    }
    return item
  }

  #stop(state: 'ended' | 'overflowed'): void {
    if (this.#state !== 'open') return
    this.#state = state
    for (const waiting of this.#waiting.splice(0)) waiting({ value: undefined, done: true })
    this.#onEnd(state)
  }

  #sizeOf(item: T): number {
    return this.#limits.sizeOf?.(item) ?? 0
  }
}
