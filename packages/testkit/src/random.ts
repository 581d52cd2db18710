import type { Random } from '@status-protocol/ports'

/** A repeatable source: SplitMix-like, for tests and simulations only, never for keys that matter. */
export interface SeededRandom extends Random {
  /** An integer in 0 .. below - 1. */
  int(below: number): number
  /** In [0, 1). */
  float(): number
  pick<T>(items: readonly T[]): T
  /** A new array in another order. */
  shuffle<T>(items: readonly T[]): T[]
}

export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0
    let z = state
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
    return (z ^ (z >>> 16)) >>> 0
  }
  const float = () => next() / 2 ** 32
  const int = (below: number) => Math.floor(float() * below)
  return {
    int,
    float,
    bytes: (length) => Uint8Array.from({ length }, () => next() & 0xff),
    pick(items) {
      if (items.length === 0) throw new RangeError('pick: expected at least one item')
      return items[int(items.length)] as (typeof items)[number]
    },
    shuffle(items) {
      const copy = [...items]
      for (let i = copy.length - 1; i > 0; i--) {
        const j = int(i + 1)
        const [a, b] = [copy[i], copy[j]] as [(typeof copy)[number], (typeof copy)[number]]
        copy[i] = b
        copy[j] = a
      }
      return copy
    },
  }
}
