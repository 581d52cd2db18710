/**
 * One run of the client: workers, one a server, and the queue of events between them and the reader.
 */
import { toHex } from '@status-protocol/bytes'
import type { Change, Clock } from '@status-protocol/ports'
import { type Envelope, envelopeHash, type Topic, topicNumber } from '@status-protocol/whisper'
import { type Coverage, changeOf, LIVE, withCovered } from './coverage.ts'
import type { HistoryEvent, HistoryProgress, HistoryWish } from './events.ts'
import { type Interval, subtract } from './intervals.ts'
import type { Page } from './page.ts'
import type { Job, Plan } from './plan.ts'

/** A server as the plan knows it. */
export interface FetchServer {
  /** Its node id in hex. */
  readonly id: string
  readonly peer: { readonly peerId: Uint8Array }
}

/** Why a server's work ended that may come back. */
export const LINK_CLOSED = 'the link closed'
/** Hashes of one fetch that are remembered to tell repeats; of more the oldest are forgotten. */
const MAX_SEEN = 100_000

/** What the pages of a job are told to. */
export interface JobRun {
  readonly signal: AbortSignal
  /** @param settledAt what was sent after this second may be missing still */
  page(page: Page, covered: readonly Interval[], settledAt: number): Promise<void>
}

/** All pages of a job. Undefined: done; otherwise why not. */
export type RunJob<S> = (server: S, job: Job, run: JobRun) => Promise<string | undefined>

/** One call of `fetch`: workers, one a server, and the queue of events between them and the reader. */
export class Fetch<S extends FetchServer> {
  readonly #clock: Clock
  readonly #runJob: RunJob<S>
  readonly #stop = new AbortController()
  /** BOUNDED by two events a worker: each waits until its page was taken. */
  readonly #events: { readonly event: HistoryEvent; readonly taken: () => void }[] = []
  #wake: () => void = () => {}
  #plan: Plan | undefined
  #coverages = new Map<number, Coverage>()
  readonly #seen = new Set<string>()
  /** By id: who may work, who does, who has failed since it was connected. */
  readonly #servers = new Map<string, S>()
  readonly #working = new Set<S>()
  readonly #failed = new Set<S>()
  #startedMs = 0
  #counts = { envelopes: 0, bytes: 0, repeated: 0, others: 0 }

  constructor(clock: Clock, runJob: RunJob<S>) {
    this.#clock = clock
    this.#runJob = runJob
  }

  stop(): void {
    this.#stop.abort()
    for (const { taken } of this.#events) taken()
    this.#wake()
  }

  async *run(
    plan: Plan,
    coverages: Map<number, Coverage>,
    servers: readonly S[],
  ): AsyncGenerator<HistoryEvent, void, undefined> {
    this.#plan = plan
    this.#coverages = coverages
    this.#startedMs = this.#clock.monotonicMs()
    for (const server of servers) this.start(server)
    for (;;) {
      const next = this.#events.shift()
      if (next) {
        yield next.event
        next.taken()
      } else if (this.#working.size === 0 || this.#stop.signal.aborted) break
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
    }
    yield { type: 'done', missing: wishesOf(plan), progress: this.#progress() }
  }

  /** Takes in what the node heard itself; undefined: this run is not about that topic. */
  heard(topic: Topic, interval: Interval): Change | undefined {
    const name = topicNumber(topic)
    const known = this.#coverages.get(name)
    if (!known) return undefined
    const coverage = withCovered(known, LIVE, interval)
    this.#coverages.set(name, coverage)
    return changeOf(topic, coverage)
  }

  /** Puts a server to work, also one that came later or had nothing left to do. */
  start(server: S): void {
    this.#servers.set(server.id, server)
    if (!this.#plan || this.#stop.signal.aborted) return
    if (this.#working.has(server) || this.#failed.has(server)) return
    this.#working.add(server)
    void this.#work(server, this.#plan).finally(() => {
      this.#working.delete(server)
      this.#wake()
    })
  }

  async #work(server: S, plan: Plan): Promise<void> {
    for (let job = plan.take(server.id); job; job = plan.take(server.id)) {
      const taken = job
      const covered: Interval[] = []
      const reason = await this.#runJob(server, job, {
        signal: this.#stop.signal,
        page: (page, proven, settledAt) => this.#page(server, taken, page, { proven, settledAt, covered }),
      })
      if (this.#stop.signal.aborted) return plan.giveBack(job, covered)
      if (reason === undefined) continue
      if (reason === LINK_CLOSED) job.servers.delete(server.id) // it may come back
      plan.giveBack(job, covered)
      this.#failed.add(server)
      if (this.#servers.get(server.id) === server) this.#servers.delete(server.id)
      await this.#emit({ type: 'server-failed', server: server.peer.peerId, reason })
      for (const other of this.#servers.values()) this.start(other)
      return
    }
  }

  async #page(
    server: S,
    job: Job,
    page: Page,
    {
      proven,
      settledAt,
      covered,
    }: {
      readonly proven: readonly Interval[]
      readonly settledAt: number
      /** Of the job, so far. */
      readonly covered: Interval[]
    },
  ): Promise<void> {
    const envelopes = page.accepted.filter((envelope) => this.#isNew(envelope))
    this.#counts.envelopes += envelopes.length
    this.#counts.repeated += page.accepted.length - envelopes.length
    this.#counts.bytes += page.bytes
    this.#counts.others += page.others
    this.#plan?.progress(job, subtract(proven, covered))
    covered.push(...proven)
    const changes: Change[] = []
    for (const topic of proven.length > 0 ? job.topics : []) {
      let coverage = this.#coverages.get(topicNumber(topic)) ?? new Map()
      for (const [from, to] of proven)
        if (from <= settledAt) coverage = withCovered(coverage, server.id, [from, Math.min(to, settledAt)])
      this.#coverages.set(topicNumber(topic), coverage)
      changes.push(changeOf(topic, coverage))
    }
    await this.#emit({
      type: 'page',
      server: server.peer.peerId,
      envelopes,
      changes,
      progress: this.#progress(),
    })
  }

  #isNew(envelope: Envelope): boolean {
    const hash = toHex(envelopeHash(envelope))
    if (this.#seen.has(hash)) return false
    this.#seen.add(hash)
    if (this.#seen.size > MAX_SEEN) {
      const [oldest] = this.#seen
      if (oldest !== undefined) this.#seen.delete(oldest)
    }
    return true
  }

  #progress(): HistoryProgress {
    const fraction = this.#plan?.fraction ?? 0
    const elapsed = this.#clock.monotonicMs() - this.#startedMs
    return {
      ...this.#counts,
      fraction,
      remainingMs: fraction > 0 ? Math.round((elapsed * (1 - fraction)) / fraction) : undefined,
    }
  }

  #emit(event: HistoryEvent): Promise<void> {
    if (this.#stop.signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      this.#events.push({ event, taken: resolve })
      this.#wake()
    })
  }
}

/** What is left, the same stretch once. */
function wishesOf(plan: Plan): HistoryWish[] {
  const wishes = new Map<string, HistoryWish>()
  for (const { topics, interval } of plan.left) {
    const name = `${topics.map(topicNumber).join()} ${interval.join()}`
    wishes.set(name, { topics, fromUnixSeconds: interval[0], toUnixSeconds: interval[1] })
  }
  return [...wishes.values()]
}
