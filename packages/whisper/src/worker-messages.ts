/** What a miner and its threads say to each other, and the thread's side of it. Knows neither Node nor the browser. */
import { createNonceSearch, type NonceSearch } from '@status-protocol/crypto/keccak'

export type MinerRequest =
  | { readonly type: 'job'; readonly job: number; readonly fourElementRlp: Uint8Array }
  | {
      readonly type: 'search'
      readonly job: number
      readonly leadingZeroBits: number
      readonly start: bigint
      readonly count: number
    }
  | { readonly type: 'forget'; readonly job: number }

/** The answer to a `search`. */
export interface MinerReply {
  readonly job: number
  readonly found?: bigint
  readonly tookMs: number
}

/** The thread's side: call the result with each request. Blocks while it searches. */
export function minerThread(
  reply: (reply: MinerReply) => void,
  monotonicMs: () => number,
): (request: MinerRequest) => void {
  // BOUNDED by the searches that the miner has running: it forgets each when it ends.
  const searches = new Map<number, NonceSearch>()
  return (request) => {
    if (request.type === 'job') searches.set(request.job, createNonceSearch(request.fourElementRlp))
    else if (request.type === 'forget') searches.delete(request.job)
    else {
      const { job, leadingZeroBits, start, count } = request
      const before = monotonicMs()
      const found = searches.get(job)?.search({ leadingZeroBits, start, count })
      const tookMs = monotonicMs() - before
      reply(found === undefined ? { job, tookMs } : { job, found, tookMs })
    }
  }
}
