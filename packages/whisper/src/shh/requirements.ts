/**
 * What this node asks of its peers' envelopes, and the grace after it asks for more: until its peers have heard of it the
 * value before still counts. Pure.
 */
import type { AcceptancePolicy } from '../acceptance.ts'
import { type Bloom, bloomMatches } from '../bloom.ts'
import { MAX_MESSAGE_BYTES } from '../limits.ts'
import { MAX_GRACED_VALUES, REQUIREMENT_GRACE_MS } from './limits.ts'

export class Requirements {
  #minPow: Graced<number>
  #bloom: Graced<Bloom | undefined>
  /** 20 + data bytes. Peers are not told, so there is no grace. */
  maxMessageBytes: number

  constructor(minPow: number, bloom: Bloom | undefined, maxMessageBytes: number = MAX_MESSAGE_BYTES) {
    this.#minPow = { value: minPow, before: [] }
    this.#bloom = { value: bloom, before: [] }
    this.maxMessageBytes = maxMessageBytes
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
    const { value, before } = replaced(this.#bloom, bloom, nowMs)
    // What the new one lets through anyway need not be honoured: filters that grow leave nothing behind.
    this.#bloom = { value, before: before.filter((one) => !covers(value, one.value)) }
  }

  policy(nowMs: number): Required<Pick<AcceptancePolicy, 'minPow' | 'blooms' | 'maxMessageBytes'>> {
    const pows = honoured(this.#minPow, nowMs)
    const blooms = honoured(this.#bloom, nowMs)
    return {
      minPow: pows.length === 1 ? this.#minPow.value : Math.min(...pows),
      blooms: blooms.every((bloom) => bloom !== undefined) ? blooms : [],
      maxMessageBytes: this.maxMessageBytes,
    }
  }
}

interface Graced<T> {
  readonly value: T
  /** The latest first. BOUNDED by MAX_GRACED_VALUES: who changes its mind more often than that forgets the oldest. */
  readonly before: readonly { readonly value: T; readonly untilMs: number }[]
}

function replaced<T>({ value: last, before }: Graced<T>, value: T, nowMs: number): Graced<T> {
  if (last === value) return { value, before }
  const living = before.filter(({ untilMs }) => nowMs < untilMs)
  return {
    value,
    before: [{ value: last, untilMs: nowMs + REQUIREMENT_GRACE_MS }, ...living].slice(0, MAX_GRACED_VALUES),
  }
}

function covers(bloom: Bloom | undefined, other: Bloom | undefined): boolean {
  return bloom === undefined || (other !== undefined && bloomMatches(bloom, other))
}

function honoured<T>({ value, before }: Graced<T>, nowMs: number): readonly T[] {
  if (before.length === 0) return [value]
  return [value, ...before.filter(({ untilMs }) => nowMs < untilMs).map((one) => one.value)]
}
