/**
 * Which envelopes somebody on this node wants opened, and with which key. Matching costs as much as there are filters on
 * the envelope's own topic (and on no topic at all), whatever else is installed. Pure.
 */
import { equal, type PublicKey } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import { type Bloom, bloomOfTopics } from '../bloom.ts'
import { type OpeningKey, open } from '../open.ts'
import { type Topic, topicNumber } from '../topic.ts'
import type { Delivery } from './outputs.ts'

/** One filter as it is installed. */
export interface InstalledFilter {
  /** Empty: every topic. */
  readonly topics: readonly Topic[]
  readonly key: OpeningKey
  /** Equal for equal keys, so that a key is tried once however many filters have it. Tells nothing about the key. */
  readonly keyName: string
  /** Only what this key has signed. */
  readonly src: PublicKey | undefined
  /** Direct envelopes count as 0. */
  readonly minPow: number
  readonly allowDirect: boolean
  /** Takes a message. */
  deliver(message: OpenedMessage): void
}

/** What an envelope says. */
export interface OpenedMessage {
  readonly delivery: Delivery
  readonly payload: Uint8Array
  readonly padding: Uint8Array
  readonly signer?: PublicKey
}

export class FilterTable {
  /** By topic. BOUNDED by the filters installed, which is the subscribers' business. */
  readonly #byTopic = new Map<number, Set<InstalledFilter>>()
  readonly #everyTopic = new Set<InstalledFilter>()
  readonly #all = new Set<InstalledFilter>()
  /** Told of every filter that comes (with it) or goes. */
  readonly #changed: (added: InstalledFilter | undefined) => void

  constructor(changed: (added: InstalledFilter | undefined) => void = () => {}) {
    this.#changed = changed
  }

  get size(): number {
    return this.#all.size
  }

  add(filter: InstalledFilter): void {
    this.#all.add(filter)
    if (filter.topics.length === 0) this.#everyTopic.add(filter)
    for (const topic of filter.topics) {
      const filters = this.#byTopic.get(topicNumber(topic))
      if (filters) filters.add(filter)
      else this.#byTopic.set(topicNumber(topic), new Set([filter]))
    }
    this.#changed(filter)
  }

  delete(filter: InstalledFilter): void {
    this.#all.delete(filter)
    this.#everyTopic.delete(filter)
    for (const topic of filter.topics) {
      const filters = this.#byTopic.get(topicNumber(topic))
      filters?.delete(filter)
      if (filters?.size === 0) this.#byTopic.delete(topicNumber(topic))
    }
    this.#changed(undefined)
  }

  /** What a peer has to let through for all filters to get what they want; undefined: everything. */
  bloom(): Bloom | undefined {
    return bloomOfFilters([...this.#all])
  }

  /** Those whose conditions an unopened envelope meets. */
  matching(delivery: Delivery): readonly InstalledFilter[] {
    const found: InstalledFilter[] = []
    for (const filters of [this.#byTopic.get(topicNumber(delivery.envelope.topic)), this.#everyTopic])
      for (const filter of filters ?? [])
        if ((filter.allowDirect || !delivery.direct) && delivery.pow >= filter.minPow) found.push(filter)
    return found
  }

  /**
   * Tries the keys of all matching filters and delivers; gives control back after each filter, for there may be thousands.
   * Yields what it has delivered, or undefined if the filter did not want it.
   */
  *open(delivery: Delivery, crypto: CryptoProvider): Generator<OpenedMessage | undefined, void, undefined> {
    const opened = new Map<string, OpenedMessage | undefined>()
    for (const filter of this.matching(delivery)) {
      if (!this.#all.has(filter)) continue // gone meanwhile, its key with it
      if (!opened.has(filter.keyName)) opened.set(filter.keyName, openWith(filter.key, delivery, crypto))
      const message = opened.get(filter.keyName)
      const isWanted = message !== undefined && isFrom(filter.src, message.signer)
      if (isWanted) filter.deliver(message)
      yield isWanted ? message : undefined
    }
  }
}

export function bloomOfFilters(filters: readonly InstalledFilter[]): Bloom | undefined {
  if (filters.some(({ topics }) => topics.length === 0)) return undefined
  return bloomOfTopics(filters.flatMap(({ topics }) => topics))
}

function openWith(key: OpeningKey, delivery: Delivery, crypto: CryptoProvider): OpenedMessage | undefined {
  const result = open(delivery.envelope, key, { crypto })
  if (!result.ok) return undefined
  const { payload, padding, signer } = result
  return { delivery, payload, padding, ...(signer && { signer }) }
}

function isFrom(wanted: PublicKey | undefined, signer: PublicKey | undefined): boolean {
  return wanted === undefined || (signer !== undefined && equal(wanted, signer))
}
