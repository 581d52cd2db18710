/**
 * Since when a topic's history is to be complete.
 *
 * table `mail`: name of the topic, as the listeners have it, UTF-8 -> Unix seconds(4), topic(4)
 */
import { concat, fromBigInt, fromUtf8, toBigInt, utf8 } from '@status-protocol/bytes'
import { HISTORY_TABLE } from '@status-protocol/mailserver'
import type { Change, Storage } from '@status-protocol/ports'
import type { Topic } from '@status-protocol/whisper'
import type { Reads } from '../stage.ts'

const TABLE = 'mail'
/** BOUNDED: what is remembered of topics that nobody listens to any more, such as those of strangers who had to go. */
const MAX_GONE = 1_000

export async function getSince(storage: Pick<Storage, 'get'>, name: string): Promise<number | undefined> {
  const value = await storage.get(TABLE, utf8(name))
  return value && Number(toBigInt(value.slice(0, 4)))
}

export const putSince = (name: string, unixSeconds: number, topic: Topic): Change => ({
  put: [TABLE, utf8(name), concat(fromBigInt(BigInt(unixSeconds), 4), topic)],
})

/** Who listens to it again is new there. */
export const deleteSince = (name: string): Change => ({ del: [TABLE, utf8(name)] })

/** Takes away what is remembered of topics that are not listened to, once it is more than {@link MAX_GONE}. */
export async function deleteGone(
  storage: Reads,
  isHeard: (name: string) => boolean,
): Promise<readonly Change[]> {
  const gone: Change[] = []
  const [from, to] = [new Uint8Array(0), new Uint8Array(200).fill(255)]
  for await (const [key, value] of storage.range(TABLE, from, to, Number.MAX_SAFE_INTEGER))
    if (!isHeard(fromUtf8(key))) gone.push({ del: [TABLE, key] }, { del: [HISTORY_TABLE, value.slice(4)] })
  return gone.length > 2 * MAX_GONE ? gone : []
}
