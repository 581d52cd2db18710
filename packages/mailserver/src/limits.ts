/** Bounds of a mailserver. */
export interface MailserverLimits {
  /** Requests a second that a peer may make in the long run, and how many at once. */
  readonly requestsPerSecond: number
  readonly requestBurst: number
  /** Requests of one peer that wait while another of its is answered. */
  readonly waitingPerPeer: number
  /** Requests that are answered at the same time, and that wait for it, of all peers together. */
  readonly answering: number
  readonly waiting: number
  /** Answers beside those that wait until their peer takes the next packet: others are answered in their place. */
  readonly aside: number
  /** How long a peer may take for one packet before its answer is given up, and the packet with it. */
  readonly packetTimeoutMs: number
  /** How long the archive may be searched for one answer. */
  readonly answerTimeoutMs: number
}

export const DEFAULT_LIMITS: MailserverLimits = {
  requestsPerSecond: 20,
  requestBurst: 200,
  waitingPerPeer: 8,
  answering: 16,
  waiting: 1_000,
  aside: 64,
  packetTimeoutMs: 60_000,
  answerTimeoutMs: 300_000,
}

/** How many peers' rates are remembered; of more the one that was quiet longest is forgotten. */
const MAX_REMEMBERED_PEERS = 4_096

/** Tokens by peer: a request takes one, they grow back with time. Pure but for its own state. */
export class RateLimiter {
  readonly #perMs: number
  readonly #burst: number
  /** BOUNDED by MAX_REMEMBERED_PEERS; in the order of last use. */
  readonly #tokens = new Map<string, { readonly tokens: number; readonly atMs: number }>()

  constructor(perSecond: number, burst: number) {
    this.#perMs = perSecond / 1000
    this.#burst = burst
  }

  /** Whether this peer may ask now. */
  allows(peer: string, nowMs: number): boolean {
    const last = this.#tokens.get(peer)
    const grown = last ? last.tokens + (nowMs - last.atMs) * this.#perMs : this.#burst
    const tokens = Math.min(this.#burst, grown)
    this.#tokens.delete(peer)
    this.#tokens.set(peer, { tokens: tokens >= 1 ? tokens - 1 : tokens, atMs: nowMs })
    if (this.#tokens.size > MAX_REMEMBERED_PEERS) {
      const [quietest] = this.#tokens.keys()
      if (quietest !== undefined) this.#tokens.delete(quietest)
    }
    return tokens >= 1
  }
}
