/** From the first start of a part to the end of all: who is closed when, and for how long that may take. */
import { EXIT } from './error.ts'
import type { Logger } from './log.ts'

/** Packets that wait for slow peers when the node is asked to stop may still go out for this long. */
export const DRAIN_MS = 2_000
/** All parts have ended after this, or the process ends without them. */
export const CLOSE_MS = 5_000

export interface Lifecycle {
  /** To be done at the end; what was opened last is closed first. After the end: done at once. */
  onClose(name: string, close: () => Promise<unknown> | unknown): void
  /** Asked to stop. */
  readonly isClosing: boolean
  /** Within {@link CLOSE_MS}, whatever the parts do. Again: the same promise. Never rejects. */
  close(): Promise<void>
}

export function createLifecycle(log: Logger): Lifecycle {
  /** BOUNDED by the parts of a node. */
  const parts: { readonly name: string; readonly close: () => Promise<unknown> | unknown }[] = []
  let closing: Promise<void> | undefined

  const closeAll = async (): Promise<void> => {
    for (let part = parts.pop(); part; part = parts.pop())
      try {
        await part.close()
      } catch (error) {
        log.error({ err: error, part: part.name }, 'a part did not close well')
      }
  }

  return {
    get isClosing() {
      return closing !== undefined
    },
    onClose(name, close) {
      parts.push({ name, close })
      if (closing) closing = closing.then(closeAll)
    },
    close() {
      closing ??= within(CLOSE_MS, closeAll()).then((isDone) => {
        if (!isDone)
          log.warn({ waitedMs: CLOSE_MS, left: parts.map(({ name }) => name) }, 'stopped without waiting')
      })
      return closing
    },
  }
}

/** Whether it was done by then. */
export async function within(ms: number, task: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms)
  })
  const isDone = await Promise.race([task.then(() => true), late])
  clearTimeout(timer)
  return isDone
}

/** Resolves when `condition` holds, or when the time is over. */
export async function settled(ms: number, condition: () => boolean): Promise<void> {
  const end = performance.now() + ms
  while (!condition() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20))
}

/** What nobody expected ends the process, with a line in the log that says what it was. */
export function endOnDefects(log: Logger): void {
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'ended by a defect')
    if (!log.isLevelEnabled('fatal')) console.error(error)
    process.exit(EXIT.failed)
  })
}

/** What Node.js warns of is a line of the log too, instead of text between its lines. */
export function logWarnings(log: Logger): void {
  process.removeAllListeners('warning')
  process.on('warning', (warning) => log.warn({ err: warning }, 'Node.js warns'))
}

/** Who reads what this process prints may leave (`status-node --json | head -1`); the node goes on. */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
}

/** The first SIGINT or SIGTERM winds down, the second one quits. */
export async function untilStopped(node: { close(): Promise<void> }): Promise<void> {
  let asked = 0
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.on(signal, () => {
        if (++asked > 1) process.exit(EXIT.failed)
        resolve()
      })
  })
  await node.close()
}
