/**
 * Acknowledgements of what another device of ours wrote, and of which nothing is here yet: they and the copy of the message go on
 * different topics, and a mailserver has them in any order. Nobody acknowledges twice, so they are kept until the copy comes.
 *
 * | table | key | value |
 * |---|---|---|
 * | early-ack | who(65), id in data sync(32) | EarlyAck |
 * | early-ack-at | number(8) | key in `early-ack` |
 * | meta | `early-ack` | number(8) of the next one |
 */
import { concat, fromBigInt, type PublicKey, toBigInt, toHex, utf8 } from '@status-protocol/bytes'
import { decodeRecord, encodeRecord } from '../record.ts'
import type { Reads, Stage } from '../stage.ts'

/** BOUNDED: the newest are kept; some 250 kB. Those of what is no message of a private chat are never taken. */
export const MAX_EARLY_ACKS = 1_000n
/** BOUNDED: installations that acknowledged one message. */
const MAX_INSTALLATIONS = 3

const NEXT_KEY = utf8('early-ack')

interface EarlyAck {
  readonly number: bigint
  readonly installations: readonly string[]
}

export interface Acknowledged {
  readonly by: PublicKey
  /** In data sync, 32 bytes. */
  readonly id: Uint8Array
}

const keyOf = ({ by, id }: Acknowledged): Uint8Array => concat(by, id)

export async function noteEarlyAck(stage: Stage, acked: Acknowledged, installation: string): Promise<void> {
  const key = keyOf(acked)
  const known = await stage.get('early-ack', key)
  if (known) {
    const before = decodeRecord<EarlyAck>(known)
    const isNew = !before.installations.includes(installation)
    if (!isNew || before.installations.length >= MAX_INSTALLATIONS) return
    const after = { ...before, installations: [...before.installations, installation] }
    return stage.add({ changes: [{ put: ['early-ack', key, encodeRecord(after)] }] })
  }
  const next = await stage.get('meta', NEXT_KEY)
  const number = next ? toBigInt(next) : 0n
  const record: EarlyAck = { number, installations: [installation] }
  stage.add({
    changes: [
      { put: ['early-ack', key, encodeRecord(record)] },
      { put: ['early-ack-at', fromBigInt(number, 8), key] },
      { put: ['meta', NEXT_KEY, fromBigInt(number + 1n, 8)] },
    ],
  })
  if (number < MAX_EARLY_ACKS) return
  const oldest = fromBigInt(number - MAX_EARLY_ACKS, 8)
  const gone = await stage.get('early-ack-at', oldest)
  if (gone) stage.add({ changes: [{ del: ['early-ack-at', oldest] }, { del: ['early-ack', gone] }] })
}

/** Whether this one did, and it is kept. */
export async function isEarlyAck(reads: Pick<Reads, 'get'>, acked: Acknowledged): Promise<boolean> {
  return (await reads.get('early-ack', keyOf(acked))) !== undefined
}

/** Of whom some are kept. */
export async function earlyAcknowledgers(reads: Reads): Promise<readonly PublicKey[]> {
  const found = new Map<string, PublicKey>()
  const [from, to] = [new Uint8Array(0), new Uint8Array(98).fill(255)]
  for await (const [key] of reads.range('early-ack', from, to, Number(MAX_EARLY_ACKS))) {
    const by = key.slice(0, 65) as PublicKey
    found.set(toHex(by), by)
  }
  return [...found.values()]
}

/** Which installations have it by their own word. They are not kept any more. */
export async function takeEarlyAck(stage: Stage, acked: Acknowledged): Promise<readonly string[]> {
  const key = keyOf(acked)
  const value = await stage.get('early-ack', key)
  if (!value) return []
  const { number, installations } = decodeRecord<EarlyAck>(value)
  stage.add({ changes: [{ del: ['early-ack', key] }, { del: ['early-ack-at', fromBigInt(number, 8)] }] })
  return installations
}
