/** The record: one thing that is to be sent to one peer, once (acks) or until it is answered. */
import { concat, type PublicKey } from '@status-protocol/bytes'
import { MvdsError } from './error.ts'
import type { SyncGroupId } from './group.ts'
import type { SyncMessageId } from './message.ts'

/**
 * `message` and `offer` wait for an ack, `request` for a message. The others are sent once: `ack`; `staleAck`, an ack
 * of something that the peer may have forgotten already; `answer`, a payload whatever is in it.
 */
export type RecordType = 'ack' | 'staleAck' | 'answer' | 'offer' | 'request' | 'message'

export interface SyncRecord {
  readonly type: RecordType
  /** 65 bytes: who it is for. */
  readonly peer: PublicKey
  readonly id: SyncMessageId
  /** Unknown for what answers a peer. */
  readonly groupId: SyncGroupId | undefined
  /** How often it has been sent since it was new or its peer came back. */
  readonly sends: number
  /** How often its peer has come back. */
  readonly returns: number
  /** When it is to be sent (again), milliseconds since 1970. */
  readonly dueMs: number
  /** Its place among the records of a peer that are due together. */
  readonly order: number
}

/** Stored as these numbers: lists of a payload are filled in this order. */
const TYPE_CODES: Readonly<Record<RecordType, number>> = {
  ack: 1,
  staleAck: 2,
  answer: 3,
  offer: 4,
  request: 5,
  message: 6,
}
const TYPES = new Map(Object.entries(TYPE_CODES).map(([type, code]) => [code, type as RecordType]))

/** Whether it stays until the peer answers, and so can be looked up by peer and message. */
export function isLasting(type: RecordType): type is 'offer' | 'request' | 'message' {
  return type === 'offer' || type === 'request' || type === 'message'
}

/** due(8) | peer(65) | type(1) | order(8): read in the order in which payloads are filled. */
export function dueKey({ dueMs, peer, type, order }: SyncRecord): Uint8Array {
  const key = new Uint8Array(82)
  const view = new DataView(key.buffer)
  setUint64(view, 0, dueMs)
  key.set(peer, 8)
  key[73] = TYPE_CODES[type]
  setUint64(view, 74, order)
  return key
}

/** sends(4) | returns(1) | id(32) | group(0 or 32). With {@link dueKey} the whole record. */
export function encodeRecord({ sends, returns, id, groupId }: SyncRecord): Uint8Array {
  const bytes = new Uint8Array(groupId ? 69 : 37)
  new DataView(bytes.buffer).setUint32(0, sends)
  bytes[4] = returns
  bytes.set(id, 5)
  if (groupId) bytes.set(groupId, 37)
  return bytes
}

/** @throws MvdsError `damaged-state` */
export function decodeRecord(key: Uint8Array, value: Uint8Array): SyncRecord {
  const type = TYPES.get(key[73] as number)
  if (key.length !== 82 || !type || (value.length !== 37 && value.length !== 69))
    throw new MvdsError('damaged-state', 'a stored record is damaged')
  return {
    type,
    dueMs: readUint64(key, 0),
    peer: key.slice(8, 73),
    order: readUint64(key, 74),
    sends: new DataView(value.buffer, value.byteOffset).getUint32(0),
    returns: value[4] as number,
    id: value.slice(5, 37) as SyncMessageId,
    groupId: value.length === 69 ? (value.slice(37) as SyncGroupId) : undefined,
  }
}

/** peer(65) | id(32) | type(1) leads to {@link dueKey}, which is the value. */
export function recordKey({ peer, id, type }: Pick<SyncRecord, 'peer' | 'id' | 'type'>): Uint8Array {
  return concat(peer, id, Uint8Array.of(TYPE_CODES[type]))
}

/** 8 bytes, big endian: byte order is number order. `value`: 0 .. 2^53 - 1. */
export function uint64(value: number): Uint8Array {
  const bytes = new Uint8Array(8)
  setUint64(new DataView(bytes.buffer), 0, value)
  return bytes
}

function setUint64(view: DataView, at: number, value: number): void {
  view.setUint32(at, Math.floor(value / 2 ** 32))
  view.setUint32(at + 4, value >>> 0)
}

export function readUint64(bytes: Uint8Array, at: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at)
  return view.getUint32(0) * 2 ** 32 + view.getUint32(4)
}
