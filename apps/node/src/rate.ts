/** How often something may happen: token buckets by name. Time comes in as an argument. */

export interface RateLimit {
  /** How many at once. */
  readonly burst: number
  readonly perSecond: number
}

export interface RateLimiter {
  /** Undefined: not now. Else it may happen, and so many under this name were held back since the last time it did. */
  take(name: string, nowMs: number): number | undefined
}

interface Bucket {
  tokens: number
  atMs: number
  heldBack: number
}

/** Names that have a bucket of their own; those after them share one, so that names made up by others cost nothing. */
export const MAX_RATED_NAMES = 256

export function createRateLimiter({ burst, perSecond }: RateLimit): RateLimiter {
  /** BOUNDED by MAX_RATED_NAMES and one. */
  const buckets = new Map<string, Bucket>()

  const bucketOf = (name: string, nowMs: number): Bucket => {
    const own = buckets.get(name)
    if (own) return own
    const isShared = buckets.size >= MAX_RATED_NAMES
    const shared = isShared ? buckets.get('') : undefined
    if (shared) return shared
    const bucket = { tokens: burst, atMs: nowMs, heldBack: 0 }
    buckets.set(isShared ? '' : name, bucket)
    return bucket
  }

  return {
    take(name, nowMs) {
      const bucket = bucketOf(name, nowMs)
      const elapsedMs = Math.max(0, nowMs - bucket.atMs)
      bucket.tokens = Math.min(burst, bucket.tokens + (elapsedMs / 1000) * perSecond)
      bucket.atMs = nowMs
      if (bucket.tokens < 1) {
        bucket.heldBack++
        return undefined
      }
      bucket.tokens--
      const { heldBack } = bucket
      bucket.heldBack = 0
      return heldBack
    },
  }
}
