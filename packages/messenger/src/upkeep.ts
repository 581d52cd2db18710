/** What is due although nobody writes: old keys and sessions are erased once a day, whenever the process is there. */
import { fromBigInt, type PublicKey, toBigInt, utf8 } from '@status-protocol/bytes'
import type { Clock } from '@status-protocol/ports'
import { oneToOneChat } from './chat.ts'
import type { Insist } from './input.ts'
import type { PrivateLine } from './private-line.ts'
import type { Reads, Stage } from './stage.ts'
import { getChat, getContact } from './tables.ts'
import type { Timers } from './timers.ts'

const DAY_MS = 24 * 3_600_000
/** How often it is looked whether a day is over. First after the start, when what matters more is done. */
const LOOK_EVERY_MS = 3_600_000
const FIRST_LOOK_AFTER_MS = 60_000

const SWEPT_KEY = utf8('swept')

export interface UpkeepOptions {
  readonly line: Pick<PrivateLine, 'sweep'>
  readonly timers: Timers
  readonly clock: Pick<Clock, 'wallMs'>
  readonly insist: Insist
  /** Whether they are with us in a group that we joined. */
  isCompany(reads: Stage, person: PublicKey): Promise<boolean>
  /** It could not be done; it is tried again in an hour. */
  failed(error: unknown): void
}

export function createUpkeep({ line, timers, clock, insist, isCompany, failed }: UpkeepOptions): {
  start(): void
} {
  const sweepIfDue = (): Promise<void> =>
    insist(async (stage) => {
      const swept = await stage.get('meta', SWEPT_KEY)
      const nowMs = clock.wallMs()
      // Not "later than": a clock that was ahead once must not stop it until then.
      if (swept && Math.abs(nowMs - Number(toBigInt(swept))) < DAY_MS) return
      await line.sweep(stage, async (person) => (await isKept(stage, person)) || isCompany(stage, person))
      stage.add({ changes: [{ put: ['meta', SWEPT_KEY, fromBigInt(BigInt(nowMs), 8)] }] })
    })

  const lookAfter = (delayMs: number): void =>
    timers.set('upkeep', delayMs, () => {
      lookAfter(LOOK_EVERY_MS)
      sweepIfDue().catch(failed)
    })

  return { start: () => lookAfter(FIRST_LOOK_AFTER_MS) }
}

/** Contacts and whoever was written to are no strangers, whatever became of the chat. */
async function isKept(reads: Reads, person: PublicKey): Promise<boolean> {
  if (await getContact(reads, person)) return true
  const chat = await getChat(reads, oneToOneChat(person).id)
  return chat !== undefined && (!chat.unasked || chat.left === true)
}
