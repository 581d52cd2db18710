/**
 * One input, one commit: what an input changes is committed as a whole, before anything of it leaves or is seen. Inputs
 * that wait while another one is worked on share the next commit: each sees what those before it changed, each is
 * committed as a whole or not at all, and none is answered before the commit is durable.
 */
import type { Storage } from '@status-protocol/ports'
import { MessengerError } from './error.ts'
import type { Input, Insist } from './input.ts'
import { createStage, type Stage } from './stage.ts'
import { isStorageFailure } from './store.ts'
import { lastSeq, putEvents } from './tables.ts'
import type { Timers } from './timers.ts'

export interface Committer {
  /**
   * Runs an input in its turn, commits what it staged, and only then does what it asks to be done afterwards. If the
   * commit fails, memory is as if the input had not been; ratchets and data sync are read from the store every time.
   *
   * @throws MessengerError `closed`, `storage-failed`, and what the input throws
   */
  readonly input: Insist
  /** For an input that nobody outside waits for: a store that fails for a moment costs time, no message. */
  readonly insist: Insist
  /** Calls {@link CommitterOptions.lookAgain} before the next input. */
  refresh(): Promise<void>
  /** Number of the newest event. */
  readonly seq: bigint
  /** Takes no more inputs; resolves when those that it has are done. */
  close(): Promise<void>
}

export interface CommitterOptions {
  readonly storage: Storage
  readonly timers: Timers
  /** At the end of each input, on its stage. */
  readonly finish?: Input<void>
  /** Events were stored: those after number `before`, up to `after`. */
  stored(before: bigint, after: bigint): void
  /** What is stored is only known after another look: after a commit that failed and may have been applied. */
  lookAgain(): Promise<void>
}

/** BOUNDED: inputs in one commit. Each one holds what it changes in memory until then. */
const MAX_INPUTS = 64
/** A store that failed is asked again after this long, and so often in all for what came from the network. */
const STORE_RETRY_MS = 1_000
const STORE_ATTEMPTS = 5

interface Task {
  /** On a stage of its own. Returns what is left to do for it after the commit. */
  run(stage: Stage): Promise<() => void>
  reject(error: unknown): void
}

export async function createCommitter(options: CommitterOptions): Promise<Committer> {
  const { storage, timers } = options
  /** BOUNDED by those who wait for an answer: callers, listeners and the courier. */
  const waiting: Task[] = []
  let seq = await lastSeq(storage)
  let isStale = false
  let isClosed = false
  let working: Promise<void> | undefined

  const enqueue = <T>(run: Input<T>): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      waiting.push({
        reject,
        async run(stage) {
          const acts: (() => void)[] = []
          const afterwards = (act: () => void): void => void acts.push(act)
          const result = await run(stage, afterwards)
          await options.finish?.(stage, afterwards)
          return () => {
            for (const act of acts) act()
            resolve(result)
          }
        },
      })
      working ??= work()
    })

  const work = async (): Promise<void> => {
    // Those who ask in the same turn share the first commit as well.
    await Promise.resolve()
    while (waiting.length > 0) await together()
    working = undefined
  }

  /** What waits is run and committed. Never rejects. */
  const together = async (): Promise<void> => {
    const done: { readonly task: Task; finish(): void }[] = []
    try {
      if (isStale) await lookAgain()
      const stage = createStage(storage)
      while (done.length < MAX_INPUTS && waiting.length > 0) {
        const task = waiting.shift() as Task
        const finish = await staged(stage, task)
        if (finish) done.push({ task, finish })
      }
      await commit(stage)
    } catch (error) {
      const failed = done.length > 0 ? done.map(({ task }) => task) : waiting.splice(0)
      for (const { reject } of failed) reject(error)
      return
    }
    for (const { task, finish } of done)
      try {
        finish()
      } catch (error) {
        task.reject(error)
      }
  }

  /** What the input changes is there for those after it, unless it throws. */
  const staged = async (stage: Stage, task: Task): Promise<(() => void) | undefined> => {
    const own = createStage(stage)
    try {
      const finish = await task.run(own)
      stage.absorb(own)
      return finish
    } catch (error) {
      // Wherever a read may fail, something may be in memory already.
      if (isStorageFailure(error)) isStale = true
      task.reject(error)
      return undefined
    }
  }

  const commit = async ({ changes, events }: Stage): Promise<void> => {
    const numbered = putEvents(seq, events)
    if (changes.length + numbered.changes.length === 0) return
    try {
      await storage.commit([...changes, ...numbered.changes])
    } catch (error) {
      isStale = true
      lookAgainSoon()
      throw error
    }
    const before = seq
    seq += BigInt(events.length)
    if (events.length > 0) options.stored(before, seq)
  }

  const lookAgain = async (): Promise<void> => {
    seq = await lastSeq(storage)
    await options.lookAgain()
    isStale = false
  }

  const lookAgainSoon = (): void =>
    timers.set('look again', STORE_RETRY_MS, () => {
      input(async () => undefined).catch(lookAgainSoon)
    })

  const input: Insist = async (run) => {
    if (isClosed) throw new MessengerError('closed', 'the messenger was closed')
    return enqueue(run)
  }

  const insist: Insist = async (run) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await input(run)
      } catch (error) {
        if (isClosed || attempt === STORE_ATTEMPTS || !isStorageFailure(error)) throw error
        await timers.pause(STORE_RETRY_MS)
      }
    }
  }

  return {
    input,
    insist,
    refresh() {
      isStale = true
      return input(async () => undefined)
    },
    get seq() {
      return seq
    },
    async close() {
      isClosed = true
      await working
    },
  }
}
