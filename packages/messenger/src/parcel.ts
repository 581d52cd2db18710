/**
 * A ProtocolMessage that is encrypted and waits for Whisper. Stored in the commit that advanced the ratchet, so that after
 * a crash the same ciphertext goes out and no message key is ever used for two texts.
 */
import { fromBigInt, type PublicKey } from '@status-protocol/bytes'
import type { Change, Storage } from '@status-protocol/ports'
import type { MessageIdText, Security } from './message.ts'
import { decodeRecord, encodeRecord } from './record.ts'

/** A parcel that an earlier process left is still posted when it is younger; data sync sends again what was in older ones. */
export const PARCEL_LIFETIME_MS = 60_000

export interface Parcel {
  readonly number: bigint
  /** How it travels: to the recipient's partitioned topic, to the negotiated one, or to our own contact code. */
  readonly way: ParcelWay
  readonly payload: Uint8Array
  readonly security: Security
  /** Nobody signs its envelope. */
  readonly isUnsigned?: boolean
  /** Own messages in it, whose delivery state follows the envelope. */
  readonly messageIds: readonly MessageIdText[]
  readonly madeAtMs: number
}

export type ParcelWay =
  | { readonly kind: 'partitioned' | 'negotiated'; readonly to: PublicKey }
  | { readonly kind: 'contact-code' }

export const putParcel = (parcel: Parcel): Change => ({
  put: ['parcel', fromBigInt(parcel.number, 8), encodeRecord(parcel)],
})
export const deleteParcel = ({ number }: Pick<Parcel, 'number'>): Change => ({
  del: ['parcel', fromBigInt(number, 8)],
})

/** Oldest first. */
export async function allParcels(storage: Storage): Promise<Parcel[]> {
  const found: Parcel[] = []
  const [from, to] = [new Uint8Array(0), new Uint8Array(9).fill(255)]
  for await (const [, value] of storage.range('parcel', from, to, Number.MAX_SAFE_INTEGER))
    found.push(decodeRecord(value))
  return found
}

export function nextParcelNumber(parcels: readonly Parcel[]): bigint {
  return (parcels.at(-1)?.number ?? 0n) + 1n
}
