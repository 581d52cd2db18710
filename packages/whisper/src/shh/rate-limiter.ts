/**
 * What this node takes each second: packets (of any code, as status-go counts them) from one IP address (of IPv6 a /64) and
 * from one peer, envelopes of one topic from one peer. Pure.
 *
 * Who sends more is read from more slowly, so that a burst is only late; who keeps on is dropped once its tolerance is used
 * up. Envelopes above the limit of their topic are refused, which is no reason to drop who only carries them.
 */
import { noRateLimits, type RateLimits } from '../packets/rate-limits.ts'
import type { Topic } from '../topic.ts'
import { addressOf } from './network-of.ts'
import { TokenBucket, TopicBuckets } from './token-bucket.ts'

/** Limits of 0, or left out, are none. */
export interface RateLimitOptions extends Partial<RateLimits> {
  /**
   * How many packets above the limit a peer may send within a minute before its link ends. Default 0: it never ends, the
   * peer is only slowed down.
   */
  readonly tolerance?: number
}

interface Address {
  bucket: TokenBucket | undefined
  links: number
}

export class RateLimiter {
  #limits: RateLimits = noRateLimits
  #tolerance = 0
  /** Those with links and those that have not filled up yet. BOUNDED: {@link #sweep} keeps it near the number of links. */
  readonly #addresses = new Map<string, Address>()
  /** BOUNDED by the links that are up. */
  readonly #links = new Set<LinkRate>()

  /** How many are remembered. */
  get addresses(): number {
    return this.#addresses.size
  }

  /** What peers are told. */
  get limits(): RateLimits {
    return this.#limits
  }

  set({ tolerance = 0, ...limits }: RateLimitOptions): void {
    this.#limits = { ...noRateLimits, ...limits }
    this.#tolerance = tolerance
    for (const address of this.#addresses.values()) address.bucket = bucketOf(this.#limits.perIp)
    for (const link of this.#links) this.#renew(link)
  }

  connected(ip: string | undefined, nowMs: number): LinkRate {
    this.#sweep(nowMs)
    const link = new LinkRate(ip === undefined ? undefined : addressOf(ip))
    this.#links.add(link)
    if (link.ip !== undefined) {
      const address = this.#addresses.get(link.ip) ?? { bucket: bucketOf(this.#limits.perIp), links: 0 }
      address.links++
      this.#addresses.set(link.ip, address)
    }
    this.#renew(link)
    return link
  }

  disconnected(link: LinkRate): void {
    if (!this.#links.delete(link) || link.ip === undefined) return
    const address = this.#addresses.get(link.ip)
    if (address) address.links--
  }

  #renew(link: LinkRate): void {
    const address = link.ip === undefined ? undefined : this.#addresses.get(link.ip)
    link.set(this.#limits, this.#tolerance, address?.bucket)
  }

  /** A bucket outlives its links until it is full, so that coming back does not fill it. */
  #sweep(nowMs: number): void {
    for (const [ip, { bucket, links }] of this.#addresses)
      if (links === 0 && (bucket === undefined || bucket.isFull(nowMs))) this.#addresses.delete(ip)
  }
}

/** What one link may still send. */
export class LinkRate {
  /** As it is counted. */
  readonly ip: string | undefined
  #address: TokenBucket | undefined
  #peer: TokenBucket | undefined
  #topics: TopicBuckets | undefined
  #tolerance: TokenBucket | undefined

  constructor(ip: string | undefined) {
    this.ip = ip
  }

  set(limits: RateLimits, tolerance: number, address: TokenBucket | undefined): void {
    this.#address = address
    this.#peer = bucketOf(limits.perPeer)
    this.#topics = limits.perTopic > 0 ? new TopicBuckets(limits.perTopic) : undefined
    this.#tolerance = tolerance > 0 ? new TokenBucket(tolerance / 60, tolerance) : undefined
  }

  /** A packet has come. Returns for how long nothing more is to be read, in milliseconds; undefined: it is too much. */
  packet(nowMs: number): number | undefined {
    if (this.#peer === undefined && this.#address === undefined) return 0
    const waitMs = Math.max(this.#peer?.spend(nowMs) ?? 0, this.#address?.spend(nowMs) ?? 0)
    if (waitMs > 0 && this.#tolerance && !this.#tolerance.take(nowMs)) return undefined
    return waitMs
  }

  /** Whether another envelope of this topic is within its limit; counts it if so. */
  envelope(topic: Topic, nowMs: number): boolean {
    return this.#topics === undefined || this.#topics.of(topic).take(nowMs)
  }
}

function bucketOf(perSecond: number): TokenBucket | undefined {
  return perSecond > 0 ? new TokenBucket(perSecond) : undefined
}
