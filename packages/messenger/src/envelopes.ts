/**
 * Private envelopes that were read. Peers hand over again what they have (after every start, and with history), and a
 * session cannot tell a message of a chain long past from a forged one.
 *
 * | table | key | value |
 * |---|---|---|
 * | envelope | envelope hash(32) | its number(8) |
 * | envelope-at | number(8) | envelope hash(32) |
 * | meta | `envelopes` | number(8) of the next one |
 */
import { fromBigInt, toBigInt, utf8 } from '@status-protocol/bytes'
import type { Change } from '@status-protocol/ports'
import type { Stage } from './stage.ts'

/** BOUNDED: the newest are remembered; some 2 MB. */
export const MAX_ENVELOPES = 20_000n

const NEXT_KEY = utf8('envelopes')

export async function wasRead(stage: Stage, hash: Uint8Array): Promise<boolean> {
  return (await stage.get('envelope', hash)) !== undefined
}

export async function noteRead(stage: Stage, hash: Uint8Array): Promise<void> {
  const next = await stage.get('meta', NEXT_KEY)
  const number = next ? toBigInt(next) : 0n
  const changes: Change[] = [
    { put: ['envelope', hash, fromBigInt(number, 8)] },
    { put: ['envelope-at', fromBigInt(number, 8), hash] },
    { put: ['meta', NEXT_KEY, fromBigInt(number + 1n, 8)] },
  ]
  if (number >= MAX_ENVELOPES) {
    const oldest = fromBigInt(number - MAX_ENVELOPES, 8)
    const forgotten = await stage.get('envelope-at', oldest)
    changes.push({ del: ['envelope-at', oldest] })
    if (forgotten) changes.push({ del: ['envelope', forgotten] })
  }
  stage.add({ changes })
}
