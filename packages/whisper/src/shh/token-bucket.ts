/** So many a second, and no more than that at once. Pure. */
import { type Topic, topicNumber } from '../topic.ts'

/** Starts full. Time is monotonic and in milliseconds. */
export class TokenBucket {
  readonly #perSecond: number
  readonly #capacity: number
  #tokens: number
  #atMs = Number.NEGATIVE_INFINITY

  /** @param capacity how many at once; default: those of one second, at least one */
  constructor(perSecond: number, capacity: number = Math.max(1, perSecond)) {
    this.#perSecond = perSecond
    this.#capacity = capacity
    this.#tokens = capacity
  }

  /** How many there are; negative when some were spent on credit. */
  tokens(nowMs: number): number {
    const elapsedMs = Math.max(0, nowMs - this.#atMs)
    this.#tokens = Math.min(this.#capacity, this.#tokens + (elapsedMs * this.#perSecond) / 1000)
    this.#atMs = Math.max(this.#atMs, nowMs)
    return this.#tokens
  }

  isFull(nowMs: number): boolean {
    return this.tokens(nowMs) >= this.#capacity
  }

  /** Takes one if it is there. */
  take(nowMs: number): boolean {
    if (this.tokens(nowMs) < 1) return false
    this.#tokens--
    return true
  }

  /** Takes one in any case. Returns how long to wait until it is paid for, in milliseconds. */
  spend(nowMs: number): number {
    const tokens = this.tokens(nowMs) - 1
    this.#tokens = tokens
    return tokens >= 0 ? 0 : (-tokens * 1000) / this.#perSecond
  }

  /** How long until there is one, in milliseconds. */
  waitMs(nowMs: number): number {
    const missing = 1 - this.tokens(nowMs)
    return missing <= 0 ? 0 : (missing * 1000) / this.#perSecond
  }
}

/** Buckets kept by one {@link TopicBuckets}; the one that has not been used for longest is forgotten first. */
const MAX_TOPICS = 4_096

/** One bucket a topic. */
export class TopicBuckets {
  /** In order of use. BOUNDED by MAX_TOPICS: whoever spreads over more topics than that sends little on each. */
  readonly #buckets = new Map<number, TokenBucket>()
  readonly #perSecond: number

  constructor(perSecond: number) {
    this.#perSecond = perSecond
  }

  of(topic: Topic): TokenBucket {
    const number = topicNumber(topic)
    const bucket = this.#buckets.get(number) ?? new TokenBucket(this.#perSecond)
    this.#buckets.delete(number)
    this.#buckets.set(number, bucket)
    if (this.#buckets.size > MAX_TOPICS) {
      const [oldest] = this.#buckets.keys()
      this.#buckets.delete(oldest as number)
    }
    return bucket
  }

  get size(): number {
    return this.#buckets.size
  }
}
