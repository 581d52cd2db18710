/**
 * Tries filters' keys off the receive path: envelopes wait in one bounded queue a topic and are opened a few at a time, each
 * topic in its turn, so that neither a storm on one topic nor an expensive key holds up links, timers or other topics. A turn
 * ends between two keys, too: with thousands of filters on every topic one envelope takes many.
 */
import type { CryptoProvider } from '@status-protocol/crypto'
import type { Clock } from '@status-protocol/ports'
import { topicNumber } from '../topic.ts'
import type { FilterTable, OpenedMessage } from './filters.ts'
import {
  DELIVERED_BYTES_PER_TURN,
  MAX_OPENING_BYTES,
  MAX_OPENING_ENVELOPES,
  MAX_TOPIC_OPENING_BYTES,
  MAX_TOPIC_OPENING_ENVELOPES,
  OPENING_TURN_MS,
  OPENINGS_PER_TURN,
} from './limits.ts'
import type { Delivery } from './outputs.ts'
import type { Scheduler } from './scheduler.ts'
import type { WhisperCounters } from './stats.ts'

export interface OpenerOptions {
  readonly filters: FilterTable
  readonly clock: Pick<Clock, 'monotonicMs'>
  readonly scheduler: Scheduler
  readonly crypto: CryptoProvider
  readonly counters: WhisperCounters
  /** Something threw that must not. The envelope is passed over. */
  failed(error: unknown): void
}

/** What waits of one topic. BOUNDED by MAX_TOPIC_OPENING_* plus one packet per link: whoever fills it waits. */
class TopicQueue {
  #deliveries: (Delivery | undefined)[] = []
  #head = 0
  bytes = 0
  /** BOUNDED by links and own messages. */
  readonly waiting: (() => void)[] = []

  get size(): number {
    return this.#deliveries.length - this.#head
  }

  get hasRoom(): boolean {
    return this.size < MAX_TOPIC_OPENING_ENVELOPES && this.bytes < MAX_TOPIC_OPENING_BYTES
  }

  push(delivery: Delivery): void {
    this.#deliveries.push(delivery)
    this.bytes += delivery.envelope.rlp.length
  }

  shift(): Delivery {
    const delivery = this.#deliveries[this.#head] as Delivery
    this.#deliveries[this.#head++] = undefined // else up to 1,024 of 1 MB each would be held on to
    this.bytes -= delivery.envelope.rlp.length
    if (this.#head > 1024) {
      this.#deliveries = this.#deliveries.slice(this.#head)
      this.#head = 0
    }
    return delivery
  }
}

export class Opener {
  /** By topic, in the order of their turns; never an empty one. BOUNDED by MAX_OPENING_ENVELOPES plus one packet per link. */
  readonly #queues = new Map<number, TopicQueue>()
  #size = 0
  #bytes = 0
  /** The envelope whose keys are being tried. */
  #opening: Iterator<OpenedMessage | undefined, void> | undefined
  /** In this turn. */
  #deliveredBytes = 0
  #cancel: (() => void) | undefined
  #closed = false
  /** For room in all. BOUNDED by links and own messages. */
  readonly #waiting: (() => void)[] = []
  readonly #options: OpenerOptions

  constructor(options: OpenerOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#size
  }

  /** Of RLP. */
  get bytes(): number {
    return this.#bytes
  }

  /** Queues an envelope if a filter may want it. If that filled its queue: what resolves when there is room again. */
  add(delivery: Delivery): Promise<void> | undefined {
    if (this.#closed || this.#options.filters.matching(delivery).length === 0) return undefined
    const topic = topicNumber(delivery.envelope.topic)
    const queue = this.#queues.get(topic) ?? new TopicQueue()
    this.#queues.set(topic, queue)
    queue.push(delivery)
    this.#size++
    this.#bytes += delivery.envelope.rlp.length
    this.#wake()
    if (!queue.hasRoom) return new Promise((resolve) => queue.waiting.push(resolve))
    if (!this.#hasRoom()) return new Promise((resolve) => this.#waiting.push(resolve))
    return undefined
  }

  close(): void {
    this.#closed = true
    this.#cancel?.()
    for (const queue of this.#queues.values()) release(queue.waiting)
    this.#queues.clear()
    this.#opening = undefined
    this.#size = 0
    this.#bytes = 0
    release(this.#waiting)
  }

  #wake(): void {
    this.#cancel ??= this.#options.scheduler.schedule(0, () => {
      this.#cancel = undefined
      this.#turn()
      if (this.#opening || this.size > 0) this.#wake()
    })
  }

  #turn(): void {
    const { clock, filters, crypto, counters } = this.#options
    const until = clock.monotonicMs() + OPENING_TURN_MS
    const isOver = (): boolean =>
      this.#deliveredBytes >= DELIVERED_BYTES_PER_TURN || clock.monotonicMs() >= until
    this.#deliveredBytes = 0
    for (let count = 0; count < OPENINGS_PER_TURN && (this.#opening || this.size > 0); count++) {
      if (!this.#opening) {
        this.#opening = filters.open(this.#shift(), crypto)
        counters.envelopesTried++
      }
      while (this.#tryNext()) if (isOver()) break
      if (isOver()) break
    }
    if (this.#hasRoom()) release(this.#waiting)
  }

  /** Tries one filter. False: the envelope is done with. */
  #tryNext(): boolean {
    try {
      const { done, value } = this.#opening?.next() ?? { done: true }
      if (!done) {
        if (value) this.#delivered(value)
        return true
      }
    } catch (error) {
      this.#options.failed(error)
    }
    this.#opening = undefined
    return false
  }

  #delivered({ payload, padding }: OpenedMessage): void {
    this.#options.counters.messagesDelivered++
    this.#deliveredBytes += payload.length + padding.length
  }

  /** The next one of the topic whose turn it is; that topic goes to the end. */
  #shift(): Delivery {
    const [first] = this.#queues
    if (first === undefined) throw new Error('unreachable: only called while something waits')
    const [topic, queue] = first
    const delivery = queue.shift()
    this.#size--
    this.#bytes -= delivery.envelope.rlp.length
    this.#queues.delete(topic)
    if (queue.size > 0) this.#queues.set(topic, queue)
    if (queue.hasRoom) release(queue.waiting)
    return delivery
  }

  #hasRoom(): boolean {
    return this.size < MAX_OPENING_ENVELOPES && this.#bytes < MAX_OPENING_BYTES
  }
}

function release(waiting: (() => void)[]): void {
  for (const resolve of waiting.splice(0)) resolve()
}
