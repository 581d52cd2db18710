import type { Random } from '@status-protocol/ports'

/**
 * How long to wait after `failures` failures in a row: doubled each time up to a bound, and spread over the upper half,
 * so that the peers of a node that came back do not all arrive at once.
 */
export function redialDelayMs(
  failures: number,
  bounds: { readonly redialMinMs: number; readonly redialMaxMs: number },
  jitter: Random,
): number {
  const doublings = Math.min(Math.max(failures - 1, 0), 30)
  const whole = Math.min(bounds.redialMaxMs, bounds.redialMinMs * 2 ** doublings)
  return whole / 2 + (whole / 2) * fraction(jitter)
}

/** In [0, 1). */
function fraction(random: Random): number {
  const [a, b, c, d] = random.bytes(4) as unknown as [number, number, number, number]
  return (((a << 24) | (b << 16) | (c << 8) | d) >>> 0) / 2 ** 32
}
