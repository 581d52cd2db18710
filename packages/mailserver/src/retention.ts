/** What an archive does not keep: looked after every hour, and sooner when it grows fast or fails. */
import type { Clock } from '@status-protocol/ports'
import { fullBloom, type Scheduler } from '@status-protocol/whisper'
import type { EnvelopeArchive } from './archive.ts'

const PRUNE_EVERY_MS = 3_600_000
/** By age something is deleted only if an envelope came that lately: else the clock may be wrong, and all would go at once. */
const LATELY_SECONDS = 86_400
/** `maxBytes` is looked after whenever this part of it has come, or the archive has failed; not more often than this. */
const [GROWTH, PAUSE_MS] = [1 / 50, 10_000]

export interface RetentionOptions {
  readonly archive: Pick<EnvelopeArchive, 'prune' | 'query'>
  readonly rule: { readonly maxAgeSeconds?: number; readonly maxBytes?: number } | undefined
  readonly clock: Clock
  readonly scheduler: Scheduler
  pruned(envelopes: number): void
  failed(error: unknown): void
}

export class Retention {
  readonly #options: RetentionOptions
  /** Bytes that came since it was last looked after in between. */
  #grown = 0
  #prunedMs = Number.NEGATIVE_INFINITY
  #pruning: Promise<void> | undefined
  #cancel: (() => void) | undefined
  #isClosed = false

  constructor(options: RetentionOptions) {
    this.#options = options
    if (options.rule) this.#later()
  }

  /** How many envelopes were deleted. */
  async prune(): Promise<number> {
    const { archive, rule = {}, clock, pruned } = this.#options
    let envelopes = 0
    const now = Math.floor(clock.wallMs() / 1000)
    if (rule.maxAgeSeconds !== undefined && (await this.#hasSince(now - LATELY_SECONDS)))
      envelopes += await archive.prune({ beforeUnixSeconds: Math.max(0, now - rule.maxAgeSeconds) })
    if (rule.maxBytes !== undefined) envelopes += await archive.prune({ maxBytes: rule.maxBytes })
    if (envelopes > 0) pruned(envelopes)
    return envelopes
  }

  async #hasSince(unixSeconds: number): Promise<boolean> {
    const query = { fromUnixSeconds: Math.max(0, unixSeconds), toUnixSeconds: 0xffff_ffff, limit: 1 }
    const found = this.#options.archive.query(
      { ...query, match: { bloom: fullBloom() } },
      new AbortController().signal,
    )
    for await (const _newer of found) return true
    return false
  }

  /** So many bytes came. */
  grew(bytes: number): void {
    this.#grown += bytes
    const { maxBytes } = this.#options.rule ?? {}
    if (maxBytes !== undefined && this.#grown >= maxBytes * GROWTH) this.soon()
  }

  /** Returns at once. */
  soon(): void {
    const nowMs = this.#options.clock.monotonicMs()
    if (!this.#options.rule || this.#isClosed || this.#pruning || nowMs - this.#prunedMs < PAUSE_MS) return
    this.#prunedMs = nowMs
    this.#grown = 0
    this.#pruning = this.#pruned().finally(() => {
      this.#pruning = undefined
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancel?.()
    await this.#pruning
  }

  #later(): void {
    this.#cancel = this.#options.scheduler.schedule(PRUNE_EVERY_MS, () => {
      void this.#pruned().finally(() => {
        if (!this.#isClosed) this.#later()
      })
    })
  }

  #pruned(): Promise<void> {
    return this.prune().then(
      () => undefined,
      (error) => this.#options.failed(error),
    )
  }
}
