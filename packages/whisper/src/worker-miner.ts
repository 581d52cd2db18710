/**
 * A miner that leaves the work to threads. It hands out ranges of nonces that take a thread about 20 ms, one at a time
 * and in turn to every running search, so that nothing has to interrupt a thread: abort and time limit count between two
 * ranges. What kind of threads they are is the adapters' business (`node/miner.ts`, `web/miner.ts`).
 */
import { createNonceSearch } from '@status-protocol/crypto/keccak'
import type { Clock } from '@status-protocol/ports'
import { WhisperError } from './error.ts'
import { expectZeroBits, type Miner, nextSlice, portableMiner } from './miner.ts'
import { systemClock } from './system-clock.ts'
import type { MinerReply, MinerRequest } from './worker-messages.ts'

/** One thread, as the adapters wrap it. */
export interface MinerThread {
  post(request: MinerRequest): void
  /** Whether the process has to wait for this thread. */
  setBusy(busy: boolean): void
  terminate(): void
}

/** What a thread reports. `onFailed` once at most, nothing after it. */
export interface MinerThreadEvents {
  onReply(reply: MinerReply): void
  onFailed(error: Error): void
}

export interface WorkerMinerOptions {
  /** How many threads at most; they start with the first search that is worth it. */
  readonly threads: number
  readonly startThread: (events: MinerThreadEvents) => MinerThread
  /** A thread did not start or died. The others go on; without any the calling thread mines, in slices. */
  readonly onThreadFailed?: (error: Error) => void
  readonly clock?: Pick<Clock, 'monotonicMs'>
}

export interface WorkerMiner extends Miner {
  /** Ends the threads; searches that are running and those to come reject with `closed`. */
  close(): void
}

/** Nonces that the calling thread tries before it bothers another one: most searches of Status end here, within 1 ms. */
const INLINE_NONCES = 1_024
const FIRST_RANGE = 16_384
const RANGE_MS = 20

interface Search {
  readonly id: number
  readonly fourElementRlp: Uint8Array
  readonly leadingZeroBits: number
  readonly deadlineMs: number
  readonly signal: AbortSignal
  next: bigint
  readonly onAbort: () => void
  readonly settle: (outcome: bigint | undefined | Promise<bigint | undefined>) => void
}

interface Hand {
  readonly thread: MinerThread
  /** Searches that it was told of. BOUNDED by those running. */
  readonly knows: Set<number>
  range: number
  working: boolean
}

export function createWorkerMiner(options: WorkerMinerOptions): WorkerMiner {
  const { clock = systemClock } = options
  // BOUNDED by `threads`.
  const hands = new Set<Hand>()
  // One entry a running call of mine(). UNBOUNDED: the caller's job.
  const searches = new Map<number, Search>()
  let [ids, closed, failed] = [0, false, false]

  const end = (search: Search, outcome: bigint | undefined | Promise<bigint | undefined>): void => {
    if (!searches.delete(search.id)) return
    for (const hand of hands)
      if (hand.knows.delete(search.id)) hand.thread.post({ type: 'forget', job: search.id })
    search.signal.removeEventListener('abort', search.onAbort)
    search.settle(outcome)
  }

  /** The search whose turn it is; those whose time is up end here. */
  const nextSearch = (): Search | undefined => {
    for (const search of searches.values()) {
      if (clock.monotonicMs() >= search.deadlineMs) {
        end(search, undefined)
        continue
      }
      searches.delete(search.id)
      searches.set(search.id, search) // to the end of the line
      return search
    }
    return undefined
  }

  const assign = (hand: Hand): void => {
    const search = nextSearch()
    hand.working = search !== undefined
    hand.thread.setBusy(hand.working)
    if (!search) return
    const { id: job, fourElementRlp, leadingZeroBits, next: start } = search
    if (!hand.knows.has(job)) hand.thread.post({ type: 'job', job, fourElementRlp })
    hand.knows.add(job)
    hand.thread.post({ type: 'search', job, leadingZeroBits, start, count: hand.range })
    search.next += BigInt(hand.range)
  }

  const startHand = (): void => {
    const events: MinerThreadEvents = {
      onReply({ job, found, tookMs }) {
        // A range that ended early at a find says nothing about the thread's speed.
        if (found === undefined) hand.range = nextSlice(hand.range, tookMs, RANGE_MS)
        const search = searches.get(job)
        if (search && found !== undefined) end(search, found)
        if (hands.has(hand)) assign(hand)
      },
      onFailed(error) {
        if (!hands.delete(hand)) return
        failed = true
        options.onThreadFailed?.(error)
        if (hands.size === 0) for (const search of searches.values()) end(search, mineHere(search, clock))
      },
    }
    const thread = options.startThread(events)
    const hand: Hand = { thread, knows: new Set(), range: FIRST_RANGE, working: false }
    hands.add(hand)
  }

  /** A thread that failed would fail again: those that are left do the work. */
  const startHands = (): void => {
    try {
      while (!failed && hands.size < options.threads) startHand()
    } catch (error) {
      failed = true
      options.onThreadFailed?.(error instanceof Error ? error : new Error(String(error)))
    }
  }

  const begin = (search: Search): void => {
    searches.set(search.id, search)
    startHands()
    if (hands.size === 0) end(search, mineHere(search, clock))
    for (const hand of hands) if (!hand.working) assign(hand)
  }

  return {
    async mine(fourElementRlp, leadingZeroBits, limitMs, signal) {
      if (closed) throw closedError()
      expectZeroBits(leadingZeroBits)
      if (signal.aborted || limitMs <= 0) return undefined
      const here = { leadingZeroBits, start: 0n, count: INLINE_NONCES }
      const found = createNonceSearch(fourElementRlp).search(here)
      if (found !== undefined) return found
      return new Promise((settle) => {
        const search: Search = {
          id: ++ids,
          fourElementRlp: fourElementRlp.slice(), // a view would be posted with all that lies behind it
          leadingZeroBits,
          deadlineMs: clock.monotonicMs() + limitMs,
          signal,
          next: BigInt(INLINE_NONCES),
          onAbort: () => end(search, undefined),
          settle,
        }
        signal.addEventListener('abort', search.onAbort)
        begin(search)
      })
    },
    close() {
      closed = true
      for (const search of searches.values()) end(search, Promise.reject(closedError()))
      for (const hand of hands) hand.thread.terminate()
      hands.clear()
    },
  }
}

/** The rest of a search, on the calling thread. */
function mineHere(search: Search, clock: Pick<Clock, 'monotonicMs'>): Promise<bigint | undefined> {
  const { fourElementRlp, leadingZeroBits, deadlineMs, signal } = search
  return portableMiner.mine(fourElementRlp, leadingZeroBits, deadlineMs - clock.monotonicMs(), signal)
}

function closedError(): WhisperError {
  return new WhisperError('closed', 'the miner is closed')
}
