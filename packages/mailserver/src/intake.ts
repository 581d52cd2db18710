/**
 * What goes into the archive: what peers sent and what this node posts, of the topics that are kept. What cannot go in waits
 * in the backlog, what is too old or too much goes out by the retention.
 */
import { defaultProvider } from '@status-protocol/crypto'
import type { Clock } from '@status-protocol/ports'
import { type Envelope, type Scheduler, topicNumber } from '@status-protocol/whisper'
import { Backlog, type BacklogSize } from './backlog.ts'
import { Retention } from './retention.ts'
import type { MailserverOptions } from './server.ts'

export interface IntakeOptions
  extends Pick<MailserverOptions, 'archive' | 'topics' | 'retention' | 'crypto' | 'log'> {
  readonly clock: Clock
  readonly scheduler: Scheduler
}

export class Intake {
  readonly #options: IntakeOptions
  readonly #topics: ReadonlySet<number> | undefined
  readonly #retention: Retention
  readonly #backlog: Backlog

  constructor(options: IntakeOptions) {
    this.#options = options
    const { archive, clock, scheduler, crypto = defaultProvider } = options
    this.#topics = options.topics && new Set(options.topics.map(topicNumber))
    this.#retention = new Retention({
      ...{ archive, rule: options.retention, clock, scheduler },
      pruned: (envelopes) => options.log?.({ type: 'pruned', envelopes }),
      failed: (error) => options.log?.({ type: 'archive-failed', error }),
    })
    this.#backlog = new Backlog({
      put: (envelopes) => this.archive(envelopes),
      ...{ clock, scheduler, crypto },
      lost: (envelopes) => options.log?.({ type: 'lost', envelopes }),
    })
  }

  async archive(
    envelopes: readonly Envelope[],
  ): Promise<{ readonly stored: number; readonly known: number }> {
    const { archive, log } = this.#options
    const kept = this.#kept(envelopes)
    if (kept.length === 0) return { stored: 0, known: 0 }
    try {
      const { stored, known } = await archive.putBatch(kept)
      log?.({ type: 'archived', stored, known })
      if (stored > 0) this.#retention.grew(kept.reduce((sum, { rlp }) => sum + rlp.length, 0))
      return { stored, known }
    } catch (error) {
      log?.({ type: 'archive-failed', error })
      this.#retention.soon() // the disk may be full
      throw error
    }
  }

  /** Rejects, so that nothing is confirmed, when the archive does; but the envelopes wait for it. */
  async beforeConfirm(batch: readonly Envelope[]): Promise<void> {
    try {
      await this.archive(batch)
    } catch (error) {
      this.#backlog.add(this.#kept(batch), { failed: true })
      throw error
    }
  }

  posted(envelope: Envelope): void {
    this.#backlog.add(this.#kept([envelope]))
  }

  get waiting(): BacklogSize {
    return this.#backlog.size
  }

  flush(): Promise<void> {
    return this.#backlog.flush()
  }

  prune(): Promise<number> {
    return this.#retention.prune()
  }

  async close(): Promise<void> {
    this.#backlog.close()
    await this.#retention.close()
  }

  #kept(envelopes: readonly Envelope[]): readonly Envelope[] {
    const topics = this.#topics
    return topics ? envelopes.filter(({ topic }) => topics.has(topicNumber(topic))) : envelopes
  }
}
