/**
 * What became of what was posted through a remote node. Every message has an end: confirmed as often as the node says so,
 * or expired if nothing was heard while it lived, also because the connection was down.
 */
import { toHex } from '@status-protocol/bytes'
import type { Clock } from '@status-protocol/ports'
import type { EnvelopeHash, EnvelopeStatus, Scheduler } from '@status-protocol/whisper'

/** Posts that are kept track of; beyond, `post` refuses. */
export const MAX_OWN_POSTS = 16_384
/** News that came before the hash of what it is about. */
const MAX_EARLY = 4_096
/** For clocks, and for news that is on its way. */
const GRACE_MS = 10_000
const SWEEP_MS = 1_000

interface Own {
  readonly hash: EnvelopeHash
  readonly expiresMs: number
  confirmed: boolean
}

export interface OwnPostsOptions {
  readonly clock: Pick<Clock, 'monotonicMs'>
  readonly scheduler: Scheduler
  tell(status: EnvelopeStatus): void
}

export class OwnPosts {
  readonly #options: OwnPostsOptions
  /** By hash. BOUNDED by MAX_OWN_POSTS: whoever posts asks for {@link isFull}. */
  readonly #own = new Map<string, Own>()
  /** BOUNDED by MAX_EARLY; empty while nothing is being posted. */
  #early: EnvelopeStatus[] = []
  #posting = 0
  #cancelSweep: (() => void) | undefined

  constructor(options: OwnPostsOptions) {
    this.#options = options
  }

  get isFull(): boolean {
    return this.#own.size + this.#posting >= MAX_OWN_POSTS
  }

  /** A message is on its way to the node. */
  begin(): void {
    this.#posting++
  }

  /** The node has it, or refused. */
  end(posted?: { readonly hash: EnvelopeHash; readonly ttlSeconds: number }): void {
    this.#posting--
    if (posted) this.#add(posted.hash, posted.ttlSeconds)
    if (this.#posting === 0) this.#early = []
  }

  /** The node has news, perhaps of somebody else's message. */
  heard(status: EnvelopeStatus): void {
    const name = toHex(status.hash)
    const own = this.#own.get(name)
    if (!own) {
      if (this.#posting > 0 && this.#early.length < MAX_EARLY) this.#early.push(status)
      return
    }
    if (status.state === 'confirmed') own.confirmed = true
    else this.#own.delete(name)
    if (status.state === 'confirmed' || !own.confirmed) this.#options.tell(status)
  }

  close(): void {
    this.#cancelSweep?.()
    this.#own.clear()
  }

  #add(hash: EnvelopeHash, ttlSeconds: number): void {
    const { clock } = this.#options
    const name = toHex(hash)
    if (!this.#own.has(name))
      this.#own.set(name, {
        hash,
        expiresMs: clock.monotonicMs() + ttlSeconds * 1000 + GRACE_MS,
        confirmed: false,
      })
    const early = this.#early.filter((status) => toHex(status.hash) === name)
    this.#early = this.#early.filter((status) => toHex(status.hash) !== name)
    for (const status of early) this.heard(status)
    this.#sweepLater()
  }

  #sweepLater(): void {
    if (this.#own.size === 0) return
    this.#cancelSweep ??= this.#options.scheduler.schedule(SWEEP_MS, () => {
      this.#cancelSweep = undefined
      const nowMs = this.#options.clock.monotonicMs()
      for (const [name, { hash, expiresMs, confirmed }] of [...this.#own]) {
        if (expiresMs > nowMs) continue
        this.#own.delete(name)
        if (!confirmed) this.#options.tell({ hash, state: 'expired' })
      }
      this.#sweepLater()
    })
  }
}
