/** `status serve --stdio`: a program talks to us, one JSON text a line. */
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { createRpcServer, lines, MAX_LINE_CHARS, stringify } from '@status-protocol/rpc'
import { eventView } from '../serve/event-view.ts'
import { handlersFor } from '../serve/handlers.ts'
import type { NOTIFICATIONS } from '../serve/notifications.ts'
import { ROUTES } from '../serve/routes.ts'
import type { TraceFeed } from '../serve/trace-feed.ts'
import type { Session } from '../session.ts'

/** Requests of one client that are answered at the same time; further lines wait in the pipe. */
const MAX_CONCURRENT = 64

export interface Stdio {
  readonly input: Readable
  readonly output: Writable
}

export interface ServeOptions extends Stdio {
  /** Tells first what happened after this event. */
  readonly after?: bigint
  readonly trace?: TraceFeed | undefined
}

/** Serves until the input ends. */
export async function serve(session: Session, { input, output, after, trace }: ServeOptions): Promise<void> {
  const server = createRpcServer(ROUTES, handlersFor(session), {
    onInternalError: (method, error) => session.log.error({ method, error }, 'a request failed'),
  })
  const write = createWriter(output)
  const notifications = forward(session, { write, after, trace })
  const running = new Set<Promise<void>>() // BOUNDED by MAX_CONCURRENT

  for await (const line of lines(input)) {
    if ('tooLong' in line) {
      await write(tooLong())
      continue
    }
    const task = server
      .handle(line.text)
      .then((answer) => (answer === undefined ? undefined : write(answer)))
      .finally(() => running.delete(task))
    running.add(task)
    if (running.size >= MAX_CONCURRENT) await Promise.race(running)
  }
  await Promise.all(running)
  notifications.stop()
}

interface Forwarding {
  readonly write: (text: string) => Promise<void>
  readonly after: bigint | undefined
  readonly trace: TraceFeed | undefined
}

function forward(session: Session, { write, after, trace }: Forwarding): { stop(): void } {
  let stopped = false
  const notify = (method: keyof typeof NOTIFICATIONS, params: object): Promise<void> =>
    write(stringify({ jsonrpc: '2.0', method, params }) as string)
  const tell = <T>(all: AsyncIterable<T>, tellOne: (one: T) => Promise<void>): void => {
    const run = async (): Promise<void> => {
      for await (const one of all) {
        if (stopped) return
        await tellOne(one)
      }
    }
    void run().catch((error: unknown) => session.log.error({ error }, 'events can no longer be told'))
  }
  const events = after === undefined ? session.events : session.messenger.events({ after })
  tell(events, (event) => notify(event.type, eventView(event)))
  tell(session.peerEvents(), (peer) => notify('peer', peer))
  if (trace) tell(trace.read(), (step) => notify('trace', step))
  return {
    stop() {
      stopped = true
      trace?.close()
    },
  }
}

/** Writes whole lines; waits where the reader is slow, so that nothing piles up here. */
function createWriter(output: Writable): (text: string) => Promise<void> {
  let gone = false
  output.on('error', () => {
    gone = true
  })
  return async (text) => {
    if (gone || output.write(`${text}\n`)) return
    await Promise.race([once(output, 'drain'), once(output, 'close')]).catch(() => undefined)
  }
}

function tooLong(): string {
  const message = `expected lines of at most ${MAX_LINE_CHARS} characters`
  return JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32600, message } })
}
