/** `status demo`: a relay and three people as processes on this machine, and what every layer does with what they say. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemRandom } from '@status-protocol/crypto'
import { createSqliteStorage } from '@status-protocol/storage-sqlite'
import type { Program } from '../demo/programs.ts'
import { createJsonReporter, createTextReporter } from '../demo/report.ts'
import { createStage } from '../demo/stage.ts'
import { tell } from '../demo/story.ts'
import { CliError } from '../error.ts'

export interface DemoInput {
  readonly json: boolean
  readonly timeoutMs: number
}

/**
 * @throws CliError `demo-failed` if something did not arrive, or if it was stopped
 * @throws SqliteStorageError `driver-unavailable`: without a database nobody comes back as who they were
 */
export async function demo({ json, timeoutMs }: DemoInput, print: (line: string) => void): Promise<void> {
  const end = new AbortController()
  const reporter = json ? createJsonReporter(print) : createTextReporter(print)
  const directory = mkdtempSync(join(tmpdir(), 'status-demo-'))
  const programs: Program[] = []
  // Also where this process is ended in the middle of the cleaning up.
  const removeAll = (): void => {
    for (const program of programs) program.kill()
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 })
  }
  process.on('exit', removeAll)
  const timer = setTimeout(() => end.abort(`not done within ${timeoutMs / 1000} s`), timeoutMs)
  stopOnSignals(end)
  try {
    await expectDatabase(join(directory, 'database'))
    const stage = await untilAborted(
      createStage({
        directory,
        signal: end.signal,
        died: (why) => end.abort(why),
        started: (program) => void programs.push(program),
      }),
      end.signal,
    )
    await untilAborted(tell(stage, reporter), end.signal)
    const { travels } = stage
    reporter.summary({
      durationMs: Math.round(performance.now()),
      journeys: travels.all(),
      envelopes: travels.envelopes(),
    })
  } catch (error) {
    reporter.failed(error instanceof Error ? error.message : String(error))
    throw error
  } finally {
    clearTimeout(timer)
    await Promise.all(programs.map((program) => program.stop()))
    removeAll()
    process.off('exit', removeAll)
  }
}

/** Said now, not after a minute of waiting for somebody who has forgotten everything. */
async function expectDatabase(directory: string): Promise<void> {
  const storage = await createSqliteStorage({ directory, key: systemRandom.bytes(32) })
  await storage.close()
}

/** Whatever is awaited, the end comes at once; waits that know what they wait for say so themselves. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = new Promise<never>((_, reject) => {
    const give = (): void =>
      void setTimeout(() => reject(new CliError('demo-failed', String(signal.reason))), 50)
    if (signal.aborted) give()
    else signal.addEventListener('abort', give, { once: true })
  })
  work.catch(() => undefined)
  aborted.catch(() => undefined)
  return Promise.race([work, aborted])
}

/** The first one winds down, the second one quits. */
function stopOnSignals(end: AbortController): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (end.signal.aborted) process.exit(1)
      end.abort('stopped')
    })
}
