/**
 * Holds each envelope back for a random time of its own before it is offered to peers, so that somebody who watches this
 * node's links cannot tell from the order and the moment which envelopes were made here. Own ones and those of others are
 * held alike, else the delay itself would tell. Pure.
 */
import type { Random } from '@status-protocol/ports'
import { BATCH_MS } from './limits.ts'

export class PrivacyDelay<T> {
  /** By turn of BATCH_MS. BOUNDED by maxMs / BATCH_MS turns and by what the pool holds: what goes from there is {@link drop}ped. */
  readonly #turns = new Map<number, Set<T>>()
  /** BOUNDED as the turns are. */
  readonly #turnOf = new Map<T, number>()
  readonly #maxMs: number
  readonly #random: Random

  constructor(maxMs: number, random: Random) {
    this.#maxMs = maxMs
    this.#random = random
  }

  /** Anything from no time to maxMs, each as likely as the other. */
  hold(item: T, nowMs: number): void {
    const share = new DataView(this.#random.bytes(4).slice().buffer).getUint32(0) / 2 ** 32
    const turn = Math.ceil((nowMs + share * this.#maxMs) / BATCH_MS)
    const items = this.#turns.get(turn)
    if (items) items.add(item)
    else this.#turns.set(turn, new Set([item]))
    this.#turnOf.set(item, turn)
  }

  /** It is not wanted any more. One that is not held: no effect. */
  drop(item: T): void {
    const turn = this.#turnOf.get(item)
    if (turn === undefined) return
    this.#turnOf.delete(item)
    const items = this.#turns.get(turn)
    items?.delete(item)
    if (items?.size === 0) this.#turns.delete(turn)
  }

  /** How many are held back. */
  get size(): number {
    return this.#turnOf.size
  }

  /** Takes out what has waited long enough. */
  due(nowMs: number): readonly T[] {
    const due = [...this.#turns.keys()].filter((turn) => turn * BATCH_MS <= nowMs).sort((a, b) => a - b)
    return due.flatMap((turn) => {
      const items = [...(this.#turns.get(turn) as Set<T>)]
      this.#turns.delete(turn)
      for (const item of items) this.#turnOf.delete(item)
      return items
    })
  }

  /** When {@link due} has something next; undefined: nothing waits. */
  get nextMs(): number | undefined {
    let next: number | undefined
    for (const turn of this.#turns.keys()) if (next === undefined || turn < next) next = turn
    return next === undefined ? undefined : next * BATCH_MS
  }
}
