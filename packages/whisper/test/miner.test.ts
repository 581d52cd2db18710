import { concat } from '@status-protocol/bytes'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import { seededRandom } from '@status-protocol/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPortableMiner, leadingZeroBits, type Miner, portableMiner } from '../src/index.ts'
import { nextSlice } from '../src/miner.ts'
import { createNodeMiner } from '../src/node/miner.ts'
import { minerConformance } from '../src/testing/miner-conformance.ts'
import { createWebMiner } from '../src/web/miner.ts'
import { type MinerRequest, minerThread } from '../src/worker-messages.ts'
import { createWorkerMiner, type MinerThreadEvents, type WorkerMiner } from '../src/worker-miner.ts'

const never = new AbortController().signal
const prefix = seededRandom(1).bytes(300)
/** More zero bits than anybody finds. */
const OUT_OF_REACH = 200

function zeroBitsOf(rlp: Uint8Array, nonce: bigint | undefined): number {
  const tail = new Uint8Array(8)
  new DataView(tail.buffer).setBigUint64(0, nonce as bigint)
  return leadingZeroBits(crypto.keccak256(concat(rlp, tail)))
}

/** Moves on by a step each time it is read. */
function steppingClock(stepMs: number): { monotonicMs(): number; now: number } {
  return {
    now: 0,
    monotonicMs() {
      this.now += stepMs
      return this.now
    },
  }
}

/** A thread that is none: it answers in a task of its own. */
function localThreads(): {
  startThread: Parameters<typeof createWorkerMiner>[0]['startThread']
  log: string[]
} {
  const log: string[] = []
  return {
    log,
    startThread(events) {
      log.push('start')
      const handle = minerThread(
        (reply) => setImmediate(() => events.onReply(reply)),
        () => performance.now(),
      )
      return {
        post(request) {
          log.push(request.type)
          setImmediate(() => handle(request))
        },
        setBusy: (busy) => log.push(busy ? 'busy' : 'idle'),
        terminate: () => log.push('terminate'),
      }
    },
  }
}

describe('the portable miner', () => {
  it('finds the smallest nonce', async () => {
    for (const bits of [0, 1, 8, 12]) {
      const nonce = await portableMiner.mine(prefix, bits, 60_000, never)
      expect(zeroBitsOf(prefix, nonce)).toBeGreaterThanOrEqual(bits)
      for (let n = 0n; n < (nonce as bigint) && n < 500n; n++)
        expect(zeroBitsOf(prefix, n)).toBeLessThan(bits)
    }
  })

  it('ends when the time is over', async () => {
    const clock = steppingClock(10)
    const miner = createPortableMiner({ clock })
    expect(await miner.mine(prefix, OUT_OF_REACH, 1_000, never)).toBeUndefined()
    expect(clock.now).toBeGreaterThanOrEqual(1_000)
    expect(clock.now).toBeLessThan(1_100)
    expect(await miner.mine(prefix, 0, 0, never)).toBeUndefined()
  })

  it('makes slices as long as it was told, growing and shrinking with what they took', () => {
    expect(nextSlice(1_000, 10, 5)).toBe(500)
    expect(nextSlice(1_000, 2.5, 5)).toBe(2_000)
    expect(nextSlice(1_000, 0.001, 5)).toBe(4_000)
    expect(nextSlice(1_000, 0, 5)).toBe(4_000)
    expect(nextSlice(1_000, 1e6, 5)).toBeGreaterThanOrEqual(1)
    expect(nextSlice(2 ** 20, 1, 5)).toBe(2 ** 20)
  })

  it('lets others run between slices', async () => {
    const controller = new AbortController()
    const slices: number[] = []
    const clock = steppingClock(20)
    const miner = createPortableMiner({
      clock,
      sliceMs: 5,
      async yieldToOthers() {
        slices.push(clock.now)
        if (slices.length === 20) controller.abort()
      },
    })
    expect(
      await miner.mine(prefix, OUT_OF_REACH, Number.POSITIVE_INFINITY, controller.signal),
    ).toBeUndefined()
    expect(slices.length).toBe(20)
  })

  for (const { name, run } of minerConformance({ open: () => portableMiner })) it(name, run)
})

describe('the miner over threads', () => {
  const run = async (test: (miner: WorkerMiner, log: string[]) => Promise<void>, threads = 2) => {
    const { startThread, log } = localThreads()
    const miner = createWorkerMiner({ threads, startThread })
    try {
      await test(miner, log)
    } finally {
      miner.close()
    }
  }

  const suite = minerConformance({
    open: () => createWorkerMiner({ threads: 2, startThread: localThreads().startThread }),
    close: (miner) => miner.close(),
  })
  for (const { name, run } of suite) it(name, run)

  it('finds easy nonces without a thread', () =>
    run(async (miner, log) => {
      expect(zeroBitsOf(prefix, await miner.mine(prefix, 4, 60_000, never))).toBeGreaterThanOrEqual(4)
      expect(log).toEqual([])
      expect(zeroBitsOf(prefix, await miner.mine(prefix, 14, 60_000, never))).toBeGreaterThanOrEqual(14)
      expect(log.filter((l) => l === 'start').length).toBe(2)
    }))

  it('serves several searches at once, each with its own prefix', () =>
    run(async (miner) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.uint8Array({ maxLength: 400 }), fc.integer({ min: 8, max: 13 })), {
            maxLength: 6,
          }),
          async (jobs) => {
            const nonces = await Promise.all(jobs.map(([rlp, bits]) => miner.mine(rlp, bits, 60_000, never)))
            for (const [i, [rlp, bits]] of jobs.entries())
              expect(zeroBitsOf(rlp, nonces[i])).toBeGreaterThanOrEqual(bits)
          },
        ),
        { numRuns: 10 },
      )
    }))

  it('does not take a lucky find for speed', async () => {
    const counts: number[] = []
    const miner = createWorkerMiner({
      threads: 1,
      startThread: (events) => ({
        post(request) {
          if (request.type !== 'search') return
          counts.push(request.count)
          setImmediate(() => events.onReply({ job: request.job, found: 5n, tookMs: 0.001 }))
        },
        setBusy: () => {},
        terminate: () => {},
      }),
    })
    for (let i = 0; i < 5; i++) expect(await miner.mine(prefix, OUT_OF_REACH, 60_000, never)).toBe(5n)
    expect(new Set(counts).size).toBe(1)
  })

  it('forgets a search that ended and lets the process go', () =>
    run(async (miner, log) => {
      const controller = new AbortController()
      const endless = miner.mine(prefix, OUT_OF_REACH, 60_000, controller.signal)
      setTimeout(() => controller.abort(), 5)
      expect(await endless).toBeUndefined()
      expect(log).toContain('forget')
      await new Promise((resolve) => setTimeout(resolve, 100))
      expect(log.at(-1)).toBe('idle')
    }, 1))

  it('leaves no listener on a signal that outlives it', () =>
    run(async (miner) => {
      const controller = new AbortController()
      const { signal } = controller
      let listeners = 0
      const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)]
      signal.addEventListener = (...args: Parameters<typeof add>) => {
        listeners++
        add(...args)
      }
      signal.removeEventListener = (...args: Parameters<typeof remove>) => {
        listeners--
        remove(...args)
      }
      await miner.mine(prefix, 14, 60_000, signal)
      expect(listeners).toBe(0)
    }))

  it('ends when the time is over', async () => {
    const { startThread } = localThreads()
    const miner = createWorkerMiner({ threads: 2, startThread, clock: steppingClock(100) })
    expect(await miner.mine(prefix, OUT_OF_REACH, 1_000, never)).toBeUndefined()
    expect(await miner.mine(prefix, 0, 0, never)).toBeUndefined()
    expect(await miner.mine(prefix, 0, 1_000, AbortSignal.abort())).toBeUndefined()
    miner.close()
  })

  it('mines on the calling thread when no thread starts', async () => {
    const errors: string[] = []
    const miner = createWorkerMiner({
      threads: 2,
      startThread: () => {
        throw new Error('no threads here')
      },
      onThreadFailed: (error) => errors.push(error.message),
    })
    expect(zeroBitsOf(prefix, await miner.mine(prefix, 14, 60_000, never))).toBeGreaterThanOrEqual(14)
    expect(errors).toEqual(['no threads here'])
    miner.close()
  })

  it('mines on the calling thread when all threads die on the way', async () => {
    const dying: MinerThreadEvents[] = []
    const posted: MinerRequest[] = []
    const miner = createWorkerMiner({
      threads: 2,
      startThread(events) {
        dying.push(events)
        return { post: (request) => posted.push(request), setBusy: () => {}, terminate: () => {} }
      },
    })
    const found = miner.mine(prefix, 14, 60_000, never)
    for (const events of dying) events.onFailed(new Error('out of memory'))
    expect(zeroBitsOf(prefix, await found)).toBeGreaterThanOrEqual(14)
    expect(posted.filter((p) => p.type === 'search').length).toBe(2)
    expect(await miner.mine(prefix, 14, 60_000, never)).toBe(await found)
    miner.close()
  })

  it('rejects what runs and what comes after it was closed', async () => {
    const { startThread, log } = localThreads()
    const miner = createWorkerMiner({ threads: 1, startThread })
    const endless = miner.mine(prefix, OUT_OF_REACH, 60_000, never)
    miner.close()
    await expect(endless).rejects.toMatchObject({ code: 'closed' })
    await expect(miner.mine(prefix, 1, 60_000, never)).rejects.toMatchObject({ code: 'closed' })
    expect(log.at(-1)).toBe('terminate')
    miner.close()
  })
})

describe('the miner for Node', () => {
  const tsx = new URL('../../../scripts/lib/tsx.mjs', import.meta.url).href
  const execArgv = ['--conditions=@status-protocol/source', '--import', tsx]

  const suite = minerConformance({
    open: () => createNodeMiner({ threads: 1, execArgv }),
    close: (miner) => miner.close(),
  })
  for (const { name, run } of suite) it(name, run)

  it('mines on worker threads, can be aborted and closed', async () => {
    const errors: Error[] = []
    const miner: Miner & { close(): void } = createNodeMiner({
      threads: 2,
      execArgv,
      onThreadFailed: (error) => errors.push(error),
    })
    const found = await miner.mine(prefix, 16, 60_000, never)
    expect(zeroBitsOf(prefix, found)).toBeGreaterThanOrEqual(16)
    const controller = new AbortController()
    const endless = miner.mine(prefix, OUT_OF_REACH, 60_000, controller.signal)
    setTimeout(() => controller.abort(), 20)
    expect(await endless).toBeUndefined()
    expect(errors).toEqual([])
    const running = miner.mine(prefix, OUT_OF_REACH, 60_000, never)
    miner.close()
    await expect(running).rejects.toMatchObject({ code: 'closed' })
  })

  it('mines without threads where they do not start', async () => {
    const errors: Error[] = []
    const execArgv = ['--import', 'data:text/javascript,throw new Error("no")']
    const miner = createNodeMiner({ threads: 1, execArgv, onThreadFailed: (error) => errors.push(error) })
    expect(zeroBitsOf(prefix, await miner.mine(prefix, 14, 60_000, never))).toBeGreaterThanOrEqual(14)
    expect(errors.length).toBe(1)
    miner.close()
  })
})

describe('the miner for browsers', () => {
  /** A Worker as far as the miner uses one. */
  function fakeWorker(): Worker {
    const worker: Partial<Worker> = {
      terminate: () => {},
      postMessage: (request: MinerRequest) => void setImmediate(() => handle(request)),
    }
    const handle = minerThread(
      (data) => setImmediate(() => worker.onmessage?.call(worker as Worker, { data } as MessageEvent)),
      () => performance.now(),
    )
    return worker as Worker
  }

  const suite = minerConformance({
    open: () => createWebMiner({ threads: 2, startWorker: fakeWorker }),
    close: (miner) => miner.close(),
  })
  for (const { name, run } of suite) it(name, run)

  it('mines on the page where there are no workers', async () => {
    const errors: Error[] = []
    const miner = createWebMiner({ onThreadFailed: (error) => errors.push(error) })
    expect(zeroBitsOf(prefix, await miner.mine(prefix, 14, 60_000, never))).toBeGreaterThanOrEqual(14)
    expect(errors.length).toBe(1)
  })
})
