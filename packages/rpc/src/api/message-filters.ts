/**
 * Filters that collect messages until somebody asks for them. What nobody asks for goes: a filter after 5 minutes, messages
 * when there is no more room, the oldest of the filter that was not asked for the longest time.
 */
import { toHex } from '@status-protocol/bytes'
import type { Clock, Random } from '@status-protocol/ports'
import type { Filter, LocalWhisperService, ReceivedMessage, Scheduler } from '@status-protocol/whisper'
import { RpcError } from '../error.ts'
import type { TopicBudget } from './topic-budget.ts'

/** Filters of all clients together. */
export const MAX_FILTERS = 4_096
/** A filter that nobody asks for so long is forgotten, as in geth. */
export const FILTER_TIMEOUT_MS = 300_000
/** Messages that wait in one filter. */
export const MAX_FILTER_MESSAGES = 4_096
/** Payload and padding that wait in all filters. */
export const MAX_FILTERED_BYTES: number = 64 * 1024 * 1024
/** What one answer holds: the rest comes with the next one. Hex doubles it. */
export const MAX_ANSWER_BYTES: number = 1024 * 1024

/** How often forgotten filters are looked for. */
const SWEEP_MS = 10_000
const FILTER_ID_BYTES = 32

/** What a filter gives out. */
export interface Filtered {
  readonly messages: readonly ReceivedMessage[]
  /** As `add` was told. */
  readonly recipient: string | undefined
}

interface MessageFilter {
  readonly recipient: string | undefined
  /** BOUNDED by MAX_FILTER_MESSAGES, and by MAX_FILTERED_BYTES over all filters. */
  messages: ReceivedMessage[]
  lastAskedMs: number
  end(): void
}

export interface MessageFiltersOptions {
  readonly service: Pick<LocalWhisperService, 'subscribe'>
  readonly clock: Pick<Clock, 'monotonicMs'>
  readonly scheduler: Scheduler
  readonly random: Random
  /** Of all clients. */
  readonly wanted: TopicBudget
  /** Messages had to go before anybody asked for them. */
  dropped?(count: number): void
}

export class MessageFilters {
  readonly #options: MessageFiltersOptions
  /** In the order in which they were last asked. BOUNDED by MAX_FILTERS. */
  readonly #filters = new Map<string, MessageFilter>()
  #bytes = 0
  #cancelSweep: (() => void) | undefined

  constructor(options: MessageFiltersOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#filters.size
  }

  get bytes(): number {
    return this.#bytes
  }

  /**
   * The id of a new filter.
   *
   * @param recipient kept for those who ask
   * @throws RpcError `too-many`, and what subscribing throws
   */
  add(filter: Filter, recipient?: string): string {
    const { service, clock, random, wanted } = this.#options
    if (this.#filters.size >= MAX_FILTERS)
      throw new RpcError('too-many', `expected at most ${MAX_FILTERS} filters; delete some`)
    const giveBack = wanted.take(filter.topics.length)
    const subscription = orElse(() => service.subscribe(filter), giveBack)
    const id = toHex(random.bytes(FILTER_ID_BYTES))
    const own: MessageFilter = {
      recipient,
      messages: [],
      lastAskedMs: clock.monotonicMs(),
      end() {
        giveBack()
        void subscription.return?.()
      },
    }
    this.#filters.set(id, own)
    void this.#collect(id, own, subscription)
    this.#sweepLater()
    return id
  }

  /** What there is, oldest first. @throws RpcError `not-found` */
  take(id: string): Filtered {
    const filter = this.#filters.get(id)
    if (!filter) throw new RpcError('not-found', 'filter not found')
    filter.lastAskedMs = this.#options.clock.monotonicMs()
    this.#filters.delete(id)
    this.#filters.set(id, filter) // behind all others
    let [count, bytes] = [0, 0]
    while (count < filter.messages.length && (count === 0 || bytes < MAX_ANSWER_BYTES))
      bytes += sizeOf(filter.messages[count++] as ReceivedMessage)
    const taken = filter.messages.splice(0, count)
    for (const message of taken) this.#bytes -= sizeOf(message)
    return { messages: taken, recipient: filter.recipient }
  }

  /** Whether there was one. */
  delete(id: string): boolean {
    const filter = this.#filters.get(id)
    if (!filter) return false
    this.#filters.delete(id)
    for (const message of filter.messages.splice(0)) this.#bytes -= sizeOf(message)
    filter.end()
    return true
  }

  close(): void {
    this.#cancelSweep?.()
    for (const id of [...this.#filters.keys()]) this.delete(id)
  }

  async #collect(id: string, own: MessageFilter, messages: AsyncIterable<ReceivedMessage>): Promise<void> {
    try {
      for await (const message of messages) {
        if (this.#filters.get(id) !== own) return
        own.messages.push(message)
        this.#bytes += sizeOf(message)
        this.#makeRoom(own)
      }
    } catch {
      // slow-reader: it cannot be, we take each message in the turn it comes. The filter is of no more use.
    }
    if (this.#filters.get(id) === own) this.delete(id)
  }

  #makeRoom(last: MessageFilter): void {
    let dropped = 0
    while (last.messages.length > MAX_FILTER_MESSAGES) dropped += this.#drop(last)
    if (this.#bytes > MAX_FILTERED_BYTES)
      for (const filter of this.#filters.values())
        while (this.#bytes > MAX_FILTERED_BYTES && filter.messages.length > 0) dropped += this.#drop(filter)
    if (dropped > 0) this.#options.dropped?.(dropped)
  }

  #drop(filter: MessageFilter): number {
    const message = filter.messages.shift()
    if (message) this.#bytes -= sizeOf(message)
    return 1
  }

  #sweepLater(): void {
    if (this.#cancelSweep || this.#filters.size === 0) return
    this.#cancelSweep = this.#options.scheduler.schedule(SWEEP_MS, () => {
      this.#cancelSweep = undefined
      const before = this.#options.clock.monotonicMs() - FILTER_TIMEOUT_MS
      for (const [id, filter] of [...this.#filters]) {
        if (filter.lastAskedMs > before) break // those behind were asked later
        this.delete(id)
      }
      this.#sweepLater()
    })
  }
}

/** What `make` gives; if it throws, `undo` is called first. */
export function orElse<T>(make: () => T, undo: () => void): T {
  try {
    return make()
  } catch (error) {
    undo()
    throw error
  }
}

/** What a message counts as: also an empty one takes room. */
function sizeOf({ payload, padding }: ReceivedMessage): number {
  return 512 + payload.length + padding.length
}
