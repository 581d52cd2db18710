/**
 * Mining on `node:worker_threads`.
 *
 * ```ts
 * import { createNodeMiner } from '@status-protocol/whisper/miner-node'
 * const miner = createNodeMiner()
 * const envelope = await seal(payload, { to, signer, powTarget: 10, miner })
 * miner.close()
 * ```
 */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import {
  createWorkerMiner,
  type MinerThread,
  type MinerThreadEvents,
  type WorkerMiner,
} from '../worker-miner.ts'

export type { WorkerMiner } from '../worker-miner.ts'

export interface NodeMinerOptions {
  /** Default: one less than there are cores, at least one. */
  readonly threads?: number
  /** Node's own options for the threads; default: those of this process. */
  readonly execArgv?: readonly string[]
  /** A thread did not start or died. Mining goes on without it. */
  readonly onThreadFailed?: (error: Error) => void
}

/** Threads that idle do not keep the process alive; `close` ends them. */
export function createNodeMiner(options: NodeMinerOptions = {}): WorkerMiner {
  const { threads = Math.max(1, availableParallelism() - 1), execArgv, onThreadFailed } = options
  return createWorkerMiner({
    threads,
    startThread: (events) => startThread(events, execArgv),
    ...(onThreadFailed && { onThreadFailed }),
  })
}

/** Beside this file, in its form: sources or what they were built to. */
const THREAD_FILE = new URL(
  import.meta.url.endsWith('.ts') ? './miner-thread.ts' : './miner-thread.js',
  import.meta.url,
)

function startThread(events: MinerThreadEvents, execArgv: readonly string[] | undefined): MinerThread {
  const worker = new Worker(THREAD_FILE, execArgv ? { execArgv: [...execArgv] } : {})
  worker.on('message', events.onReply)
  worker.on('error', events.onFailed)
  worker.on('exit', (code) => events.onFailed(new Error(`the mining thread ended with code ${code}`)))
  return {
    post: (request) => worker.postMessage(request),
    setBusy: (busy) => (busy ? worker.ref() : worker.unref()),
    terminate: () => void worker.terminate(),
  }
}
