/** Proof of work as a port, and the miner that runs everywhere. */
import { createNonceSearch } from '@status-protocol/crypto/keccak'
import type { Clock } from '@status-protocol/ports'
import { WhisperError } from './error.ts'
import { systemClock } from './system-clock.ts'

/**
 * Looks for a nonce. Miners on worker threads: `@status-protocol/whisper/miner-node` and `.../miner-web`.
 */
export interface Miner {
  /**
   * A nonce for which keccak256(fourElementRlp | nonce as 8 bytes, big endian) begins with that many zero bits, or
   * undefined if none was found within `limitMs` or before the signal fired (asked for at least every 100 ms).
   *
   * @param fourElementRlp `encodeEnvelopeWithoutNonce`; not changed while the miner runs
   * @param leadingZeroBits 0 .. 256
   * @throws WhisperError `invalid-argument`
   */
  mine(
    fourElementRlp: Uint8Array,
    leadingZeroBits: number,
    limitMs: number,
    signal: AbortSignal,
  ): Promise<bigint | undefined>
}

export interface PortableMinerOptions {
  /** Default: the platform's. */
  readonly clock?: Pick<Clock, 'monotonicMs'>
  /** Lets other tasks of this thread run, timers and sockets included; called between two pieces of work. */
  readonly yieldToOthers?: () => Promise<void>
  /** How long a piece of work should block the thread. Default 5. */
  readonly sliceMs?: number
}

/**
 * Mines on the calling thread in slices and lets others run in between. Nonces are tried in order from 0, so the result
 * is the smallest that there is. Fine for Status' own targets (a millisecond); for more use one on worker threads.
 */
export function createPortableMiner(options: PortableMinerOptions = {}): Miner {
  const { clock = systemClock, yieldToOthers = nextTask, sliceMs = 5 } = options
  return {
    async mine(fourElementRlp, leadingZeroBits, limitMs, signal) {
      expectZeroBits(leadingZeroBits)
      const deadline = clock.monotonicMs() + limitMs
      const search = createNonceSearch(fourElementRlp)
      let [start, count] = [0n, FIRST_SLICE]
      for (;;) {
        const before = clock.monotonicMs()
        if (signal.aborted || before >= deadline) return undefined
        const found = search.search({ leadingZeroBits, start, count })
        if (found !== undefined) return found
        start += BigInt(count)
        count = nextSlice(count, clock.monotonicMs() - before, sliceMs)
        await yieldToOthers()
      }
    },
  }
}

/** The one that `seal` uses unless told otherwise. */
export const portableMiner: Miner = createPortableMiner()

const FIRST_SLICE = 512
const LARGEST_SLICE = 1 << 20

/** @throws WhisperError `invalid-argument` unless it is an integer of 0 .. 256 */
export function expectZeroBits(leadingZeroBits: number): void {
  if (!Number.isInteger(leadingZeroBits) || leadingZeroBits < 0 || leadingZeroBits > 256)
    throw new WhisperError(
      'invalid-argument',
      `leadingZeroBits: expected an integer of 0 .. 256, got ${leadingZeroBits}`,
    )
}

/** As many nonces as should take `sliceMs`, at most four times as many as before. */
export function nextSlice(count: number, tookMs: number, sliceMs: number): number {
  const fitting = tookMs > 0 ? (count * sliceMs) / tookMs : 4 * count
  return Math.round(Math.min(4 * count, LARGEST_SLICE, Math.max(FIRST_SLICE / 8, fitting)))
}

/** A turn of the event loop. Where there is no `setImmediate`, a message beats the 4 ms that browsers give to timers. */
function nextTask(): Promise<void> {
  if (typeof setImmediate === 'function') return new Promise((resolve) => setImmediate(resolve))
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })
}
