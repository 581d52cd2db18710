/**
 * Tries filters' keys off the receive path: envelopes wait in a bounded queue and are opened a few at a time, so that
 * neither a storm of envelopes nor an expensive key holds up links and timers.
 */
import type { CryptoProvider } from '@status-protocol/crypto'
import type { Clock } from '@status-protocol/ports'
import type { Delivery } from './core.ts'
import type { FilterTable } from './filters.ts'
import { MAX_OPENING_BYTES, MAX_OPENING_ENVELOPES, OPENING_TURN_MS, OPENINGS_PER_TURN } from './limits.ts'
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

export class Opener {
  /** BOUNDED by MAX_OPENING_ENVELOPES and _BYTES plus one packet per link: whoever fills it waits for {@link room}. */
  #queue: Delivery[] = []
  #head = 0
  #bytes = 0
  #cancel: (() => void) | undefined
  #closed = false
  /** BOUNDED by links. */
  readonly #waiting: (() => void)[] = []
  readonly #options: OpenerOptions

  constructor(options: OpenerOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#queue.length - this.#head
  }

  /** Of RLP. */
  get bytes(): number {
    return this.#bytes
  }

  /** Queues an envelope if a filter may want it. */
  add(delivery: Delivery): void {
    if (this.#closed || this.#options.filters.matching(delivery).length === 0) return
    this.#queue.push(delivery)
    this.#bytes += delivery.envelope.rlp.length
    this.#wake()
  }

  /** Resolves when the queue takes more. */
  room(): Promise<void> | undefined {
    if (this.#hasRoom() || this.#closed) return undefined
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  close(): void {
    this.#closed = true
    this.#cancel?.()
    this.#queue = []
    this.#head = 0
    this.#bytes = 0
    this.#release()
  }

  #wake(): void {
    this.#cancel ??= this.#options.scheduler.schedule(0, () => {
      this.#cancel = undefined
      this.#turn()
      if (this.size > 0) this.#wake()
    })
  }

  #turn(): void {
    const { clock } = this.#options
    const until = clock.monotonicMs() + OPENING_TURN_MS
    for (let count = 0; count < OPENINGS_PER_TURN && this.size > 0; count++) {
      this.#open(this.#shift())
      if (clock.monotonicMs() >= until) break
    }
    if (this.#hasRoom()) this.#release()
  }

  #open(delivery: Delivery): void {
    const { filters, crypto, counters, failed } = this.#options
    counters.envelopesTried++
    try {
      counters.messagesDelivered += filters.open(delivery, crypto)
    } catch (error) {
      failed(error)
    }
  }

  #shift(): Delivery {
    const delivery = this.#queue[this.#head] as Delivery
    this.#head++
    this.#bytes -= delivery.envelope.rlp.length
    if (this.#head === this.#queue.length || this.#head > 1024) {
      this.#queue = this.#queue.slice(this.#head)
      this.#head = 0
    }
    return delivery
  }

  #hasRoom(): boolean {
    return this.size < MAX_OPENING_ENVELOPES && this.#bytes < MAX_OPENING_BYTES
  }

  #release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}
