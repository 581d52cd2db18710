/** How fast one peer wants to be sent to, as it said in its status or in packet 20. Pure. */
import type { RateLimits } from '../packets/rate-limits.ts'
import type { Topic } from '../topic.ts'
import { TokenBucket, TopicBuckets } from './token-bucket.ts'

/**
 * We stay below what the peer announced: packets that leave evenly arrive in clumps, and status-go ends the link of who
 * goes beyond too often.
 */
const SHARE = 0.8

export class Pace {
  #packets: TokenBucket | undefined
  #topics: TopicBuckets | undefined

  constructor(limits: RateLimits | undefined) {
    this.set(limits)
  }

  set(limits: RateLimits | undefined): void {
    const { perIp = 0, perPeer = 0, perTopic = 0 } = limits ?? {}
    const packets = Math.min(perIp || Number.POSITIVE_INFINITY, perPeer || Number.POSITIVE_INFINITY)
    this.#packets = Number.isFinite(packets)
      ? new TokenBucket(SHARE * packets, Math.max(1, packets / 2))
      : undefined
    this.#topics = perTopic > 0 ? new TopicBuckets(SHARE * perTopic) : undefined
  }

  /** Packets are counted, so none should be spent on what another one says as well. */
  get isPaced(): boolean {
    return this.#packets !== undefined
  }

  /** How long until the next packet may go, in milliseconds. */
  waitMs(nowMs: number): number {
    return this.#packets?.waitMs(nowMs) ?? 0
  }

  sent(nowMs: number): void {
    this.#packets?.take(nowMs)
  }

  /** How many envelopes of this topic may go now. */
  room(topic: Topic, nowMs: number): number {
    return this.#topics ? Math.floor(this.#topics.of(topic).tokens(nowMs)) : Number.POSITIVE_INFINITY
  }

  get hasTopicLimit(): boolean {
    return this.#topics !== undefined
  }

  sentTopic(topic: Topic, nowMs: number): void {
    this.#topics?.of(topic).take(nowMs)
  }
}
