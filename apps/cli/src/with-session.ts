/** From flags to a session or a store, and back to nothing when the command is done or stopped. */
import { type History, openHistory } from '@status-protocol/messenger'
import type { Storage } from '@status-protocol/ports'
import type { IndexingProgress } from '@status-protocol/storage-sqlite'
import type { Stored } from './account-commands.ts'
import { loadAccount } from './account-store.ts'
import { CliError, EXIT } from './error.ts'
import { createLog } from './log.ts'
import { openStorage } from './open-storage.ts'
import { openSession, type Session, type SessionOptions } from './session.ts'
import { type Flags, type Settings, settingsFrom } from './settings.ts'

export interface RunOptions extends Pick<SessionOptions, 'trace' | 'fetchesHistory' | 'createsAccount'> {
  /** The command connects by itself, once it knows whom and what it was told about. Default false. */
  readonly connectsLater?: boolean
  /** To be stopped is how it ends. Default false: it was not done then. */
  readonly isEndless?: boolean
}

export type RunInSession = (session: Session, settings: Settings) => Promise<void>
export type WithSession = (flags: Flags, run: RunInSession, options?: RunOptions) => Promise<void>

/** Opens the network for one command and closes it again, also on Ctrl-C; a second Ctrl-C quits at once. @throws CliError `stopped` */
export const withSession: WithSession = async (
  flags,
  run,
  { connectsLater = false, isEndless = false, ...options } = {},
) => {
  const settings = settingsFrom(flags)
  const { logLevel = 'warn' } = flags
  const session = await openSession(settings, { logLevel, ...options })
  const stopped = new Promise<void>((resolve, reject) => {
    process.stdout.once('error', () => resolve()) // nobody reads any more: | head -1
    let asked = 0
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        if (++asked > 1) process.exit(EXIT.failed)
        if (isEndless) resolve()
        else reject(new CliError('stopped', 'stopped before it was done'))
      })
  })
  try {
    if (!connectsLater) await session.connect()
    await Promise.race([run(session, settings), stopped])
  } finally {
    await session.close()
  }
}

/** What is stored, without connecting to anybody. */
export function withHistory(
  flags: Flags,
  run: (history: History, settings: Settings, storage: Storage) => Promise<void>,
): Promise<void> {
  return withStorage(flags, ({ storage, settings }) => run(openHistory(storage), settings, storage))
}

export async function withStorage(flags: Flags, run: (stored: Stored) => Promise<void>): Promise<void> {
  const settings = settingsFrom(flags)
  const opened = await loadAccount(settings)
  const { storage, close } = await openStorage(settings.dataDir, opened, createLog('warn', settings), {
    ...(!settings.json && { onIndexing: indexingTeller() }),
  })
  try {
    await run({ opened, storage, settings })
  } finally {
    await close()
  }
}

/** The first time after an upgrade, where that takes seconds. */
function indexingTeller(): (progress: IndexingProgress) => void {
  let told = 0
  return ({ done, total }) => {
    if (total < 10_000 || (done < told + total / 10 && done < total)) return
    told = done
    process.stderr.write(`Indexing messages: ${done} of ${total}\n`)
  }
}
