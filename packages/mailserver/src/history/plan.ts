/** What is missing, as pieces of work that several mailservers can share. Pure but for its own state. */
import type { Topic } from '@status-protocol/whisper'
import type { Missing } from './coverage.ts'
import { cut, type Interval, lengthOf, subtract } from './intervals.ts'

/** A stretch of some topics that one server, whichever, has to answer for. */
export interface Job {
  readonly topics: readonly Topic[]
  readonly interval: Interval
  /** Who has answered, is at it or could not; in hex. Shared by the jobs for the copies of one stretch. */
  readonly servers: Set<string>
}

export interface PlanOptions {
  readonly copies: number
  readonly topicsPerRequest: number
  readonly secondsPerRequest: number
  readonly oldestFirst?: boolean
}

/** Topics with the same gaps share their requests. Newest first, unless it is to be the other way. */
export function jobsOf(
  missing: ReadonlyMap<Topic, readonly Missing[]>,
  { copies, topicsPerRequest, secondsPerRequest, oldestFirst = false }: PlanOptions,
): Job[] {
  const groups = new Map<string, { missing: Missing; topics: Topic[] }>()
  for (const [topic, gaps] of missing)
    for (const gap of gaps) {
      const name = `${gap.interval.join()} ${[...gap.by].sort().join()}`
      const group = groups.get(name) ?? { missing: gap, topics: [] }
      group.topics.push(topic)
      groups.set(name, group)
    }
  const jobs: Job[] = []
  for (const { missing: gap, topics } of groups.values())
    for (let at = 0; at < topics.length; at += topicsPerRequest)
      for (const interval of cut(gap.interval, secondsPerRequest)) {
        const servers = new Set(gap.by)
        for (let copy = gap.by.length; copy < copies; copy++)
          jobs.push({ topics: topics.slice(at, at + topicsPerRequest), interval, servers })
      }
  return jobs.sort((a, b) => (oldestFirst ? a.interval[0] - b.interval[0] : b.interval[1] - a.interval[1]))
}

/** The work that is left; servers take from it and put back what they could not do. */
export class Plan {
  /** BOUNDED by topics and time that are asked for. */
  readonly #jobs: Job[]
  readonly #total: number
  #done = 0

  constructor(jobs: readonly Job[]) {
    this.#jobs = [...jobs]
    this.#total = jobs.reduce((sum, job) => sum + weightOf(job, job.interval), 0)
  }

  /** 0 .. 1, by the seconds and topics that servers have answered for. */
  get fraction(): number {
    return this.#total === 0 ? 1 : Math.min(1, this.#done / this.#total)
  }

  /** What nobody is at. */
  get left(): readonly Job[] {
    return this.#jobs
  }

  /** The next job that this server has not had. */
  take(server: string): Job | undefined {
    const at = this.#jobs.findIndex(({ servers }) => !servers.has(server))
    if (at === -1) return undefined
    const [job] = this.#jobs.splice(at, 1)
    job?.servers.add(server)
    return job
  }

  /** Some of a job is done. */
  progress(job: Job, covered: readonly Interval[]): void {
    for (const interval of covered) this.#done += weightOf(job, interval)
  }

  /** The rest of a job, for another server. */
  giveBack(job: Job, covered: readonly Interval[]): void {
    const rest = subtract([job.interval], covered)
    this.#jobs.unshift(...rest.map((interval) => ({ ...job, interval })))
  }
}

function weightOf(job: Job, interval: Interval): number {
  return lengthOf(interval) * job.topics.length
}
