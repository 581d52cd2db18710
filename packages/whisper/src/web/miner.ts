/**
 * Mining on Web Workers.
 *
 * ```ts
 * import { createWebMiner } from '@status-protocol/whisper/miner-web'
 * const miner = createWebMiner()
 * ```
 *
 * Vite and webpack 5 find the worker's file by themselves. With other tools build
 * `@status-protocol/whisper/miner-web-thread` as a file of its own and hand in `startWorker`.
 */

import type { MinerReply } from '../worker-messages.ts'
import {
  createWorkerMiner,
  type MinerThread,
  type MinerThreadEvents,
  type WorkerMiner,
} from '../worker-miner.ts'

export type { WorkerMiner } from '../worker-miner.ts'

export interface WebMinerOptions {
  /** Default: one less than the browser says there are cores, at least one, at most eight. */
  readonly threads?: number
  /** Starts a worker that runs `miner-web-thread`. */
  readonly startWorker?: () => Worker
  /** A worker did not start or died. Mining goes on without it. */
  readonly onThreadFailed?: (error: Error) => void
}

export function createWebMiner(options: WebMinerOptions = {}): WorkerMiner {
  const { threads = defaultThreads(), startWorker = startOwnWorker, onThreadFailed } = options
  return createWorkerMiner({
    threads,
    startThread: (events) => startThread(events, startWorker()),
    ...(onThreadFailed && { onThreadFailed }),
  })
}

function defaultThreads(): number {
  return Math.min(8, Math.max(1, (globalThis.navigator?.hardwareConcurrency ?? 2) - 1))
}

/** In this very form, so that bundlers see it. */
function startOwnWorker(): Worker {
  return new Worker(new URL('./miner-thread.js', import.meta.url), { type: 'module' })
}

function startThread(events: MinerThreadEvents, worker: Worker): MinerThread {
  worker.onmessage = (event: MessageEvent<MinerReply>) => events.onReply(event.data)
  worker.onerror = (event) => events.onFailed(new Error(`the mining worker failed: ${event.message}`))
  return {
    post: (request) => worker.postMessage(request),
    setBusy: () => {},
    terminate: () => worker.terminate(),
  }
}
