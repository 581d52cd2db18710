/**
 * What this node asks of its peers' envelopes, and the grace after it asks for more: until its peers have heard of it the
 * value before still counts. Pure.
 */
import type { AcceptancePolicy } from '../acceptance.ts'
import type { Bloom } from '../bloom.ts'
import { REQUIREMENT_GRACE_MS } from './limits.ts'

export class Requirements {
  #minPow: Graced<number>
  #bloom: Graced<Bloom | undefined>

  constructor(minPow: number, bloom: Bloom | undefined) {
    this.#minPow = { value: minPow }
    this.#bloom = { value: bloom }
  }

  get minPow(): number {
    return this.#minPow.value
  }

  /** Undefined: everything. */
  get bloom(): Bloom | undefined {
    return this.#bloom.value
  }

  setMinPow(minPow: number, nowMs: number): void {
    this.#minPow = replaced(this.#minPow, minPow, nowMs)
  }

  setBloom(bloom: Bloom | undefined, nowMs: number): void {
    this.#bloom = replaced(this.#bloom, bloom, nowMs)
  }

  policy(nowMs: number): Required<Pick<AcceptancePolicy, 'minPow' | 'blooms'>> {
    const pows = honoured(this.#minPow, nowMs)
    const blooms = honoured(this.#bloom, nowMs)
    return {
      minPow: Math.min(...pows),
      blooms: blooms.every((bloom) => bloom !== undefined) ? blooms : [],
    }
  }
}

interface Graced<T> {
  readonly value: T
  readonly before?: { readonly value: T; readonly untilMs: number }
}

function replaced<T>(graced: Graced<T>, value: T, nowMs: number): Graced<T> {
  return { value, before: { value: graced.value, untilMs: nowMs + REQUIREMENT_GRACE_MS } }
}

function honoured<T>({ value, before }: Graced<T>, nowMs: number): readonly T[] {
  return before && nowMs < before.untilMs ? [value, before.value] : [value]
}
