/**
 * The clock by which envelope times are judged and made: the system's, corrected where a majority of peers in different
 * networks agrees that it is off. Used for nothing else. Pure but for its own state.
 *
 * docs/decisions/0009 says why it is as it is, and what an attacker can and cannot do to it.
 */
import type { Clock } from '@status-protocol/ports'
import { agrees, type ClockVote, correctionFor, type Majority, majorityOf } from './clock-vote.ts'
import {
  CLOCK_CHECK_MS,
  CLOCK_JUMP_SECONDS,
  MAX_CLOCK_CORRECTION_SECONDS,
  MAX_CLOCK_STEP_SECONDS,
} from './limits.ts'
import { networkOf } from './network-of.ts'
import { TimeEvidence } from './time-evidence.ts'

/** What is known about the system clock, with the evidence. */
export interface ClockReport {
  /**
   * How far the system clock is off, in seconds, as a majority of peers says: positive, it is behind; 0, it is right as far
   * as they can tell (10 s or so). Undefined: too few peers to tell, or no majority.
   */
  readonly offsetSeconds: number | undefined
  /** What is added to the system clock for envelope times, in seconds. */
  readonly correctionSeconds: number
  /** One for each network. */
  readonly votes: readonly (ClockVote & { readonly agrees: boolean })[]
}

/** A peer that is asked. */
interface Voter {
  readonly id: number
  readonly peerId: Uint8Array
  readonly network: string
  evidence: TimeEvidence
}

export interface PeerClockOptions {
  readonly clock: Clock
  /** False: it only tells. */
  readonly corrects: boolean
  /** The system clock is off, by more than 5 s more or less than told before; or it is not any more. */
  told(report: ClockReport): void
}

export class PeerClock {
  readonly #options: PeerClockOptions
  /** In the order in which they connected. BOUNDED by links. */
  readonly #voters = new Map<number, Voter>()
  #correction = 0
  #offset: number | undefined
  #toldOffset = 0
  /** Unix time less monotonic time by the system's clocks, as of the last look. */
  #base: number
  #checkedMs = Number.NEGATIVE_INFINITY

  constructor(options: PeerClockOptions) {
    this.#options = options
    this.#base = this.#systemBase()
  }

  /** Corrected, whole. */
  unixSeconds(): number {
    this.#noticeJump()
    return Math.floor(this.#options.clock.wallMs() / 1000 + this.#correction)
  }

  /** Of a peer that we dialled, at an address that is known, the packets are evidence; of others nothing is asked. */
  connected(link: {
    readonly id: number
    readonly peerId: Uint8Array
    readonly ip?: string
    readonly outbound?: boolean
  }): void {
    const network = link.ip === undefined ? undefined : networkOf(link.ip)
    if (link.outbound !== true || network === undefined) return
    const { id, peerId } = link
    this.#voters.set(id, { id, peerId: peerId.slice(), network, evidence: new TimeEvidence() })
  }

  disconnected(id: number): void {
    this.#voters.delete(id)
  }

  /** Where to note what this peer's packets say; undefined: it is not asked. */
  evidenceOf(id: number): TimeEvidence | undefined {
    return this.#voters.get(id)?.evidence
  }

  /** To be called when there is new evidence; looks at it now and then. */
  check(): void {
    const nowMs = this.#options.clock.monotonicMs()
    if (nowMs - this.#checkedMs < CLOCK_CHECK_MS) return
    this.#checkedMs = nowMs
    this.#noticeJump()
    const votes = this.#votes()
    const majority = majorityOf(votes)
    this.#offset = majority && rounded(correctionFor(votes, majority, this.#correction))
    if (majority === undefined || this.#offset === undefined) return
    if (this.#options.corrects) this.#correction = stepTowards(this.#correction, this.#offset)
    if (
      Math.abs(this.#offset - this.#toldOffset) > TOLD_SECONDS ||
      (this.#offset === 0 && this.#toldOffset !== 0)
    )
      this.#tell(votes, majority)
  }

  report(): ClockReport {
    const votes = this.#votes()
    return this.#report(votes, majorityOf(votes))
  }

  #tell(votes: readonly ClockVote[], majority: Majority): void {
    this.#toldOffset = this.#offset ?? 0
    this.#options.told(this.#report(votes, majority))
  }

  #report(votes: readonly ClockVote[], majority: Majority | undefined): ClockReport {
    return {
      offsetSeconds: this.#offset,
      correctionSeconds: this.#correction,
      votes: votes.map((vote) => ({ ...vote, agrees: majority !== undefined && agrees(vote, majority) })),
    }
  }

  /** Of each network the peer that has been here longest and has something to say. */
  #votes(): readonly ClockVote[] {
    const nowMs = this.#options.clock.monotonicMs()
    const base = this.#systemBase()
    const votes = new Map<string, ClockVote>()
    for (const { peerId, network, evidence } of this.#voters.values()) {
      const bounds = votes.has(network) ? undefined : evidence.bounds(nowMs)
      if (bounds === undefined) continue
      const { low, high, fresh, count } = bounds
      votes.set(network, {
        peerId,
        network,
        lowSeconds: low - base,
        highSeconds: high - base,
        freshSeconds: fresh === undefined ? undefined : fresh - base,
        evidence: count,
      })
    }
    return [...votes.values()]
  }

  /**
   * Somebody has set the system clock, or the machine was asleep: what was found out about it is void. What peers said
   * before is too, as in sleep the monotonic clock stands still.
   */
  #noticeJump(): void {
    const base = this.#systemBase()
    if (Math.abs(base - this.#base) > CLOCK_JUMP_SECONDS) {
      this.#correction = 0
      this.#offset = undefined
      for (const voter of this.#voters.values()) voter.evidence = new TimeEvidence()
    }
    this.#base = base
  }

  #systemBase(): number {
    const { clock } = this.#options
    return (clock.wallMs() - clock.monotonicMs()) / 1000
  }
}

/** What the user is told of a change: more than this. */
const TOLD_SECONDS = 5

/** Whole seconds: more would be pretence, and would mark our envelopes with a fraction of a second of our own. */
function rounded(seconds: number): number {
  return Math.round(seconds) + 0 // no -0
}

function stepTowards(from: number, to: number): number {
  const bounded = Math.min(Math.max(to, -MAX_CLOCK_CORRECTION_SECONDS), MAX_CLOCK_CORRECTION_SECONDS)
  const step = Math.min(Math.max(bounded - from, -MAX_CLOCK_STEP_SECONDS), MAX_CLOCK_STEP_SECONDS)
  return from + step
}

/** One line for people: what is wrong with the clock, and who says so. Undefined: nothing is, as far as is known. */
export function clockWarning({ offsetSeconds, votes }: ClockReport): string | undefined {
  if (offsetSeconds === undefined || offsetSeconds === 0) return undefined
  const agreeing = votes.filter((vote) => vote.agrees).length
  const way = offsetSeconds > 0 ? 'behind' : 'ahead'
  return (
    `your clock is off by ${Math.abs(offsetSeconds)} s: it is ${way}, ` +
    `say ${agreeing} of ${votes.length} peers in different networks`
  )
}
