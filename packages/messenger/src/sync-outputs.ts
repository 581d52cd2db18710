/** What the outputs of data sync mean to the messenger. */
import type { SyncMessageId, SyncOutput } from '@status-protocol/mvds'
import type { GivenUp } from './arrival.ts'
import type { MessageIdText } from './message.ts'
import type { Stage } from './stage.ts'
import { getSyncMessage } from './tables.ts'

/** What it gave up on, and for whom. */
export function givenUp(stage: Stage, outputs: readonly SyncOutput[]): Promise<GivenUp[]> {
  const all = outputs.flatMap((output) => (output.type === 'gaveUp' ? [output] : []))
  return Promise.all(all.map(async ({ to, id }) => ({ to, id: (await getSyncMessage(stage, id))?.id })))
}

/** The own messages that were acknowledged. */
export async function ackedMessages(stage: Stage, outputs: readonly SyncOutput[]): Promise<MessageIdText[]> {
  const ids = outputs.flatMap((output): SyncMessageId[] => (output.type === 'acked' ? [output.id] : []))
  return known((await Promise.all(ids.map((id) => getSyncMessage(stage, id)))).map((sent) => sent?.id))
}

/** Unix milliseconds of its next epoch; undefined: nothing waits. */
export function wakeAt(outputs: readonly SyncOutput[]): number | undefined {
  const times = outputs.flatMap((output) => (output.type === 'wake' ? [output.atMs] : []))
  return times.length > 0 ? Math.min(...times) : undefined
}

export function earliest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b)
}

function known<T>(values: readonly (T | undefined)[]): T[] {
  return values.filter((value) => value !== undefined)
}
