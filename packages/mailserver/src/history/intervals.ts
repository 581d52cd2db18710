/** Stretches of time in whole seconds, both ends included. Pure. */
export type Interval = readonly [from: number, to: number]

/** In order, without overlaps; what touches is joined. */
export function union(intervals: readonly Interval[]): Interval[] {
  const sorted = intervals.filter(([from, to]) => from <= to).sort(([a], [b]) => a - b)
  const joined: [number, number][] = []
  for (const [from, to] of sorted) {
    const last = joined.at(-1)
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to)
    else joined.push([from, to])
  }
  return joined
}

/** What of `wanted` is not in `covered`. */
export function subtract(wanted: readonly Interval[], covered: readonly Interval[]): Interval[] {
  let rest = union(wanted)
  for (const [from, to] of union(covered))
    rest = rest.flatMap(([a, b]) =>
      [[a, Math.min(b, from - 1)] as Interval, [Math.max(a, to + 1), b] as Interval].filter(
        ([x, y]) => x <= y,
      ),
    )
  return rest
}

/** Pieces of at most so many seconds, counted from the start. */
export function cut([from, to]: Interval, seconds: number): Interval[] {
  const pieces: Interval[] = []
  for (let at = from; at <= to; at += seconds) pieces.push([at, Math.min(to, at + seconds - 1)])
  return pieces
}

export const lengthOf = ([from, to]: Interval): number => to - from + 1
