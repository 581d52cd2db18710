/**
 * A light node asks its peers for no more than its filters want (EIP-627, "Light clients"), and forwards nothing. What it
 * asks for grows at once when a filter comes, and shrinks a while after one has gone. The driver of that.
 *
 * Peers learn from its bloom filter which topics it may be interested in: that is the price.
 */
import { type Bloom, bloomMatches, unionOfBlooms } from '../bloom.ts'
import { bloomOfFilters, type FilterTable, type InstalledFilter } from './filters.ts'
import { LIGHT_SHRINK_MS } from './limits.ts'
import type { Scheduler } from './scheduler.ts'

export interface LightClientOptions {
  readonly filters: Pick<FilterTable, 'bloom'>
  readonly scheduler: Scheduler
  /** Whether the node starts as one. */
  readonly on: boolean
  /** What to ask for while the node is not one; undefined: everything. */
  readonly fullBloom: Bloom | undefined
  /** Holds from now on; peers are to be told. */
  ask(bloom: Bloom | undefined): void
}

export class LightClient {
  readonly #options: LightClientOptions
  #on: boolean
  #fullBloom: Bloom | undefined
  #asked: Bloom | undefined
  #cancelShrink: (() => void) | undefined

  constructor(options: LightClientOptions) {
    this.#options = options
    this.#on = options.on
    this.#fullBloom = options.fullBloom
    this.#asked = this.bloom
  }

  get on(): boolean {
    return this.#on
  }

  /** What to ask of peers. */
  get bloom(): Bloom | undefined {
    return this.#on ? this.#options.filters.bloom() : this.#fullBloom
  }

  set(on: boolean): void {
    this.#on = on
    this.#ask(this.bloom)
  }

  /** A light node asks for it once it is none any more. */
  setFullBloom(bloom: Bloom | undefined): void {
    this.#fullBloom = bloom
    if (!this.#on) this.#ask(bloom)
  }

  filtersChanged(added: InstalledFilter | undefined): void {
    if (!this.#on) return
    if (added) this.#grow(bloomOfFilters([added]))
    else this.#cancelShrink ??= this.#options.scheduler.schedule(LIGHT_SHRINK_MS, () => this.#shrink())
  }

  close(): void {
    this.#cancelShrink?.()
  }

  #grow(bloom: Bloom | undefined): void {
    if (this.#asked === undefined) return
    if (bloom === undefined) this.#ask(undefined)
    else if (!bloomMatches(this.#asked, bloom)) this.#ask(unionOfBlooms([this.#asked, bloom]))
  }

  #shrink(): void {
    this.#cancelShrink = undefined
    const bloom = this.bloom
    const isSmaller = bloom !== undefined && (this.#asked === undefined || !bloomMatches(bloom, this.#asked))
    if (this.#on && isSmaller) this.#ask(bloom)
  }

  #ask(bloom: Bloom | undefined): void {
    this.#asked = bloom
    this.#options.ask(bloom)
  }
}
