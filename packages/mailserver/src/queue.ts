/**
 * Which answer is given next: one at a time for a peer, some at a time altogether, the rest in the order of their coming.
 * So one slow or greedy peer delays itself and nobody else: an answer that waits for its peer stands aside meanwhile.
 */
import type { MailserverLimits } from './limits.ts'

type QueueLimits = Pick<MailserverLimits, 'waitingPerPeer' | 'answering' | 'aside' | 'waiting'>

interface PeerQueue {
  /** BOUNDED by `waitingPerPeer`. */
  readonly waiting: (() => Promise<void>)[]
  running: boolean
}

export class AnswerQueue {
  readonly #limits: QueueLimits
  /** Peers with work; BOUNDED by `answering` + `aside` + `waiting`. In the order in which they get their turn. */
  readonly #peers = new Map<string, PeerQueue>()
  #waiting = 0
  #running = 0
  #aside = 0
  #idle: (() => void) | undefined

  constructor(limits: QueueLimits) {
    this.#limits = limits
  }

  /** False: too much waits already. `work` must not reject. */
  add(peer: string, work: () => Promise<void>): boolean {
    const queue = this.#peers.get(peer) ?? { waiting: [], running: false }
    if (queue.waiting.length >= this.#limits.waitingPerPeer || this.#waiting >= this.#limits.waiting)
      return false
    queue.waiting.push(work)
    this.#waiting++
    this.#peers.set(peer, queue)
    this.#startSome()
    return true
  }

  get running(): number {
    return this.#running
  }

  /**
   * What runs waits for its peer: as long as that lasts others run in its place, unless too many stand aside already.
   * Returns what ends it; so at times more run than `answering`.
   */
  standAside(): () => void {
    if (this.#aside >= this.#limits.aside) return () => {}
    this.#aside++
    this.#running--
    this.#startSome()
    return () => {
      this.#aside--
      this.#running++
    }
  }

  /** Drops what waits; resolves when what runs is done. */
  async close(): Promise<void> {
    for (const queue of this.#peers.values()) queue.waiting.length = 0
    this.#waiting = 0
    if (this.#running + this.#aside > 0)
      await new Promise<void>((resolve) => {
        this.#idle = resolve
      })
  }

  #startSome(): void {
    for (const [peer, queue] of this.#peers) {
      if (this.#running >= this.#limits.answering) return
      if (!queue.running && queue.waiting.length > 0) void this.#run(peer, queue)
    }
  }

  async #run(peer: string, queue: PeerQueue): Promise<void> {
    const work = queue.waiting.shift()
    if (!work) return
    queue.running = true
    this.#running++
    this.#waiting--
    await work()
    queue.running = false
    this.#running--
    // To the end of the line.
    this.#peers.delete(peer)
    if (queue.waiting.length > 0) this.#peers.set(peer, queue)
    if (this.#running + this.#aside === 0) this.#idle?.()
    this.#startSome()
  }
}
