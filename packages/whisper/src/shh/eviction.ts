/**
 * Which envelopes a full pool gives up: those that bring the least proof of work for each byte and second that they would
 * still stay. Pure.
 *
 * An envelope's proof of work is spread over its whole life; as it nears its end the same work pays for less and less, so
 * what is about to go anyway is kept, and what wants to stay for a day has to be worth it.
 */
import type { PoolEntry } from './pool.ts'

/** Proof of work for each byte and second that is left, in its last second included. */
export function worthOf(
  { pow, envelope }: Pick<PoolEntry, 'pow' | 'envelope'>,
  nowUnixSeconds: number,
): number {
  const secondsLeft = Math.max(1, envelope.expiryUnixSeconds - nowUnixSeconds + 1)
  return (pow * envelope.ttlSeconds) / secondsLeft
}

/** The `count` entries of least worth, of equal ones those that came first. All of them if there are no more. */
export function leastWorth<T extends Pick<PoolEntry, 'pow' | 'envelope'>>(
  entries: ReadonlySet<T>,
  count: number,
  nowUnixSeconds: number,
): readonly T[] {
  if (count >= entries.size) return [...entries]
  const worths = new Float64Array(entries.size)
  let i = 0
  for (const entry of entries) worths[i++] = worthOf(entry, nowUnixSeconds)
  const sorted = worths.slice().sort()
  const limit = sorted[count - 1] as number
  let atLimit = count - sorted.indexOf(limit)
  i = 0
  const least: T[] = []
  for (const entry of entries) {
    const worth = worths[i++] as number
    if (worth < limit || (worth === limit && atLimit-- > 0)) least.push(entry)
  }
  return least
}
