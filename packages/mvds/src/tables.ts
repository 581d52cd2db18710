/** What is stored, table by table, beside records. */
import { concat, type PublicKey } from '@status-protocol/bytes'
import type { Change } from '@status-protocol/ports'
import { MvdsError } from './error.ts'
import { type SyncGroupId, syncGroupId } from './group.ts'
import type { SyncMessage, SyncMessageId } from './message.ts'
import { dueKey, encodeRecord, isLasting, readUint64, recordKey, type SyncRecord, uint64 } from './record.ts'
import { decodeMessage, encodeMessage } from './wire.ts'

/** All tables that this package writes. */
export const SYNC_TABLES = {
  /** id -> message, while somebody may still have to get it. BOUNDED by the records. */
  message: 'mvds-message',
  /** id -> for how many peers it waits; absent for one. BOUNDED by the messages. */
  waiting: 'mvds-waiting',
  /** due | peer | type | order -> record. BOUNDED by `maxRecordsPerPeer`; acks by what came in since the last epoch. */
  due: 'mvds-due',
  /** peer | id | type -> key in `due`. */
  record: 'mvds-record',
  /** peer -> what is kept about it, while it has records. */
  peer: 'mvds-peer',
  /** group | peer. UNBOUNDED in groups: the host's job; BOUNDED by `maxPeersPerGroup` in each. */
  group: 'mvds-group',
  /** id of a received message -> its number. BOUNDED by `rememberIds` and `rememberMs`. */
  seen: 'mvds-seen',
  /** number -> time | id, oldest first. */
  seenAt: 'mvds-seen-at',
  /** one row: the oldest number of `seen` and the next. */
  meta: 'mvds-meta',
  /** number -> event that nobody has taken yet. BOUNDED by the driver's `maxEvents`. Written by the driver alone. */
  event: 'mvds-event',
} as const

/** What is kept about a peer while it has records. */
export interface PeerRow {
  /** Messages and offers that wait for it. */
  readonly outgoing: number
  /** Requests to it. */
  readonly requests: number
  readonly nextOrder: number
  readonly lastHeardMs: number
}

/** outgoing(4) | requests(4) | next order(8) | last heard(8). */
export function encodePeerRow({ outgoing, requests, nextOrder, lastHeardMs }: PeerRow): Uint8Array {
  return concat(
    uint64(outgoing).subarray(4),
    uint64(requests).subarray(4),
    uint64(nextOrder),
    uint64(lastHeardMs),
  )
}

export function decodePeerRow(bytes: Uint8Array): PeerRow {
  expectSize(bytes, 24)
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return {
    outgoing: view.getUint32(0),
    requests: view.getUint32(4),
    nextOrder: readUint64(bytes, 8),
    lastHeardMs: readUint64(bytes, 16),
  }
}

/** Numbers of remembered ids: the oldest that is kept, and the one that comes next. */
export interface SeenRange {
  readonly oldest: number
  readonly next: number
}

export const SEEN_KEY: Uint8Array = Uint8Array.of(1)

export function encodeSeenRange({ oldest, next }: SeenRange): Uint8Array {
  return concat(uint64(oldest), uint64(next))
}

export function decodeSeenRange(bytes: Uint8Array | undefined): SeenRange {
  if (!bytes) return { oldest: 0, next: 0 }
  expectSize(bytes, 16)
  return { oldest: readUint64(bytes, 0), next: readUint64(bytes, 8) }
}

export interface SeenEntry {
  readonly number: number
  readonly atMs: number
  readonly id: SyncMessageId
}

export function putSeen({ number, atMs, id }: SeenEntry): readonly Change[] {
  return [
    { put: [SYNC_TABLES.seen, id, uint64(number)] },
    { put: [SYNC_TABLES.seenAt, uint64(number), concat(uint64(atMs), id)] },
  ]
}

export function deleteSeen({ number, id }: SeenEntry): readonly Change[] {
  return [{ del: [SYNC_TABLES.seen, id] }, { del: [SYNC_TABLES.seenAt, uint64(number)] }]
}

export function decodeSeenEntry(key: Uint8Array, value: Uint8Array): SeenEntry {
  expectSize(key, 8)
  expectSize(value, 40)
  return { number: readUint64(key, 0), atMs: readUint64(value, 0), id: value.slice(8) as SyncMessageId }
}

export function putRecord(record: SyncRecord): readonly Change[] {
  const due = dueKey(record)
  const put = { put: [SYNC_TABLES.due, due, encodeRecord(record)] } as const
  return isLasting(record.type) ? [put, { put: [SYNC_TABLES.record, recordKey(record), due] }] : [put]
}

export function deleteRecord(record: SyncRecord): readonly Change[] {
  const del = { del: [SYNC_TABLES.due, dueKey(record)] } as const
  return isLasting(record.type) ? [del, { del: [SYNC_TABLES.record, recordKey(record)] }] : [del]
}

/** Messages are kept in the wire form that has everything. */
export function putMessage(message: SyncMessage): Change {
  return { put: [SYNC_TABLES.message, message.id, encodeMessage(message, 'metadata')] }
}

export function decodeStoredMessage(id: Uint8Array, bytes: Uint8Array): SyncMessage {
  const content = decodeMessage(bytes, 'metadata')
  if (!content) throw damaged()
  return { ...content, id: id as SyncMessageId, groupId: syncGroupId(content.groupId) }
}

export function encodeCount(count: number): Uint8Array {
  return uint64(count).subarray(4)
}

export function decodeCount(bytes: Uint8Array): number {
  expectSize(bytes, 4)
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
}

export function groupKey(groupId: SyncGroupId, peer: PublicKey): Uint8Array {
  return concat(groupId, peer)
}

/** The first key after all that start with `prefix` (which is not all 0xff: ids and points are not). */
export function afterPrefix(prefix: Uint8Array): Uint8Array {
  return concat(prefix, new Uint8Array(128).fill(0xff))
}

function expectSize(bytes: Uint8Array, size: number): void {
  if (bytes.length !== size) throw damaged()
}

function damaged(): MvdsError {
  return new MvdsError('damaged-state', 'a stored row is damaged')
}
