/** For commands that end at once: others are told of what they did before they do. */
import { CliError } from '../error.ts'
import type { Session } from '../session.ts'

const WAIT_MS = 10_000
const LOOK_EVERY_MS = 100
/** Data sync sends what is new within this. */
const SOON_MS = 300

/**
 * Waits until a peer has what was to be sent.
 *
 * @param who is told the next time, if nobody is now
 * @throws CliError `undelivered`
 */
export async function untilTold(
  { messenger, network }: Pick<Session, 'messenger' | 'network'>,
  who: string,
  timeoutMs: number = WAIT_MS,
): Promise<void> {
  const untold = (why: string): CliError =>
    new CliError('undelivered', `done, but ${why}: ${who} the next time that one is there`)
  let left = timeoutMs
  const pause = (ms: number): Promise<void> => {
    left -= ms
    return new Promise((resolve) => setTimeout(resolve, ms))
  }
  if (!network.hasAddresses()) throw untold('no peer was given (--peer enode://...)')
  while (network.peers().length === 0) {
    if (left <= 0) throw untold('no peer answers')
    await pause(LOOK_EVERY_MS)
  }
  await pause(SOON_MS)
  while ((await messenger.underway()) > 0) {
    if (left <= 0) throw untold('no peer took it yet')
    await pause(LOOK_EVERY_MS)
  }
}
