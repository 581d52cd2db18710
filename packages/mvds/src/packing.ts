/** From what is due to payloads: one a peer, split where it would get too large. */
import type { PublicKey } from '@status-protocol/bytes'
import { keyOf } from './key.ts'
import type { SyncMessage } from './message.ts'
import type { ResolvedOptions } from './options.ts'
import type { SyncRecord } from './record.ts'
import { encodePayload, type Payload } from './wire.ts'

export interface OutgoingItem {
  readonly record: SyncRecord
  /** Of a record of type `message`. */
  readonly message: SyncMessage | undefined
}

/** Tag, length and 32 bytes. */
const ID_BYTES = 36
/** Tags, lengths, group id and timestamp of a message, at most. */
const MESSAGE_OVERHEAD_BYTES = 72

/**
 * Acks come before all else, and those that the peer may not know any more after the others: of a Go client's list of acks,
 * an unknown one spoils the rest.
 */
export function packPayloads(
  items: readonly OutgoingItem[],
  { wire, splitAboveBytes }: Pick<ResolvedOptions, 'wire' | 'splitAboveBytes'>,
): readonly { readonly to: PublicKey; readonly payload: Uint8Array }[] {
  const byPeer = new Map<string, OutgoingItem[]>()
  for (const item of items) {
    const key = keyOf(item.record.peer)
    const ofPeer = byPeer.get(key)
    if (ofPeer) ofPeer.push(item)
    else byPeer.set(key, [item])
  }
  return [...byPeer.values()].flatMap((ofPeer) => {
    const to = (ofPeer[0] as OutgoingItem).record.peer
    return split(inOrder(ofPeer), splitAboveBytes).map((part) => ({
      to,
      payload: encodePayload(payloadOf(part), wire),
    }))
  })
}

/** Items come by due time; within one payload the type decides first. */
function inOrder(items: readonly OutgoingItem[]): readonly OutgoingItem[] {
  const rank = ({ record: { type } }: OutgoingItem) => (type === 'ack' ? 0 : type === 'staleAck' ? 1 : 2)
  return [...items].sort((a, b) => rank(a) - rank(b))
}

function split(items: readonly OutgoingItem[], limit: number): readonly (readonly OutgoingItem[])[] {
  const parts: OutgoingItem[][] = []
  let size = Number.POSITIVE_INFINITY
  for (const item of items) {
    const itemSize = sizeOf(item)
    if (size + itemSize > limit) {
      parts.push([])
      size = 0
    }
    parts.at(-1)?.push(item)
    size += itemSize
  }
  return parts
}

function sizeOf({ message }: OutgoingItem): number {
  if (!message) return ID_BYTES
  return MESSAGE_OVERHEAD_BYTES + message.body.length + ID_BYTES * (message.metadata?.parents.length ?? 0)
}

function payloadOf(items: readonly OutgoingItem[]): Payload {
  const ids = (...types: readonly string[]) =>
    items.filter(({ record }) => types.includes(record.type)).map(({ record }) => record.id)
  return {
    acks: ids('ack', 'staleAck'),
    offers: ids('offer'),
    requests: ids('request'),
    messages: items.flatMap(({ message }) => message ?? []),
  }
}
