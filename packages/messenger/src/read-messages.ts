/**
 * Private messages (ProtocolMessages) that were read. The same one comes again in the same envelope, since peers hand over
 * what they have after every start, and in another one, since its sender posts it again after a crash; and a session
 * cannot tell a message of a chain long past from a forged one.
 *
 * | table | key | value |
 * |---|---|---|
 * | read | id(32) | its number(8) |
 * | read-at | number(8) | id(32) |
 * | meta | `read` | number(8) of the next one |
 */
import { concat, fromBigInt, type PublicKey, toBigInt, utf8 } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import type { Change } from '@status-protocol/ports'
import type { Stage } from './stage.ts'

/** BOUNDED: the newest are remembered; some 2 MB. */
export const MAX_READ = 20_000n

const NEXT_KEY = utf8('read')

/** 32 bytes. The sender is in it: nobody else can use up somebody's message by sending it first. */
export function privateMessageId(from: PublicKey, payload: Uint8Array, crypto: CryptoProvider): Uint8Array {
  return crypto.keccak256(concat(from, payload))
}

export async function wasRead(stage: Stage, id: Uint8Array): Promise<boolean> {
  return (await stage.get('read', id)) !== undefined
}

export async function noteRead(stage: Stage, id: Uint8Array): Promise<void> {
  const next = await stage.get('meta', NEXT_KEY)
  const number = next ? toBigInt(next) : 0n
  const changes: Change[] = [
    { put: ['read', id, fromBigInt(number, 8)] },
    { put: ['read-at', fromBigInt(number, 8), id] },
    { put: ['meta', NEXT_KEY, fromBigInt(number + 1n, 8)] },
  ]
  if (number >= MAX_READ) {
    const oldest = fromBigInt(number - MAX_READ, 8)
    const forgotten = await stage.get('read-at', oldest)
    changes.push({ del: ['read-at', oldest] })
    if (forgotten) changes.push({ del: ['read', forgotten] })
  }
  stage.add({ changes })
}
