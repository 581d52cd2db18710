/**
 * What is stored of groups.
 *
 * | table | key | value |
 * |---|---|---|
 * | group | chat id | GroupRecord |
 * | group-event | chat id, 00, clock(8), id(32) | author(65), signature(65), event |
 * | group-peer | chat id, 00, public key(65) | PeerRecord: who sees another group than we do |
 * | group-person | public key(65), chat id | empty: a member of a group that we joined |
 * | group-missed | public key(65), chat id | empty: data sync gave up telling them of it |
 * | group-held | chat id, 00, public key(65), message id(32) | HeldRecord |
 * | group-held-said | the same | the wrapper: not read to see what there is |
 * | group-receipt | message id(32), public key(65) | ReceiptRecord: a member that an own message is for |
 */
import { concat, fromBigInt, fromHex, type PublicKey, to0xHex, toHex, utf8 } from '@status-protocol/bytes'
import { keptGroupEvent, type OpenedGroupEvent } from '@status-protocol/payload'
import { keptGroupEventV0 } from '@status-protocol/payload/v0'
import type { Change } from '@status-protocol/ports'
import type { ChatId } from '../chat.ts'
import type { MessageIdText, Security } from '../message.ts'
import { decodeRecord, encodeRecord } from '../record.ts'
import type { Reads } from '../stage.ts'
import { idBytes } from '../tables.ts'
import type { Membership } from './group.ts'

export interface GroupRecord {
  readonly id: ChatId
  /** Of 2019, or of 0.36.2, which wraps the same in another way; absent: v1. A group has one for ever. */
  readonly generation?: 'v0' | 'v0.36'
  /** Another one after every change of the events: what was loaded under an older one is stale. */
  readonly stamp: string
  /** Who told us of it first. */
  readonly toldBy: PublicKey
  /** They were no contact of ours then, nor had we written to them. */
  readonly isStrange?: true
  /** We have joined it once, by our own choice. */
  readonly wasJoined?: true
  readonly name: string
  readonly membership: Membership
  /** By our clock. */
  readonly heardAtMs: number
  /** Of the events that are kept. */
  readonly bytes: number
  /** The view for which the members were asked for theirs, in hex. */
  readonly asked?: string
  /** The clock that we signed last for something said, where that is ahead of our time: see `clockToSign`. */
  readonly saidAt?: bigint
}

export interface PeerRecord {
  /** How often they showed that they see another group, without having been told ours for that. */
  readonly noticed: number
  /** Our view and theirs when they were told ours last. */
  readonly told?: string
  /** The person was told that they see another group. */
  readonly isDiverged?: true
  /** What they see, by their own word, in hex. */
  readonly view?: string
}

/** A message of somebody who is no joined member as far as we know, or who wrote before we joined. */
export interface HeldRecord {
  /** Only where an earlier version stored it. */
  readonly wrapped?: Uint8Array
  readonly security: Security
  readonly downgraded?: boolean
  readonly sentUnixSeconds: number
  /** By our clock. */
  readonly heardAtMs: number
  /** Its author was invited: it may well be shown. */
  readonly isExpected?: true
}

export interface ReceiptRecord {
  /** Those of the member's installations that have acknowledged it. */
  readonly installations: readonly string[]
  readonly isGivenUp?: true
  /** It was to go with forward secrecy or not at all, and their keys were not known when it was written. */
  readonly needsKeys?: true
}

const ZERO = Uint8Array.of(0)
const EMPTY = new Uint8Array(0)
const KEY_BYTES = 65

const under = (id: ChatId): Uint8Array => concat(utf8(id), ZERO)
const behind = (id: ChatId): Uint8Array => concat(utf8(id), Uint8Array.of(1))

export const putGroup = (record: GroupRecord): Change => ({
  put: ['group', utf8(record.id), encodeRecord(record)],
})
export const deleteGroup = (id: ChatId): Change => ({ del: ['group', utf8(id)] })
export async function getGroup(reads: Pick<Reads, 'get'>, id: ChatId): Promise<GroupRecord | undefined> {
  const value = await reads.get('group', utf8(id))
  return value && decodeRecord(value)
}
export async function allGroups(reads: Reads): Promise<GroupRecord[]> {
  const found: GroupRecord[] = []
  for await (const [, value] of reads.range('group', EMPTY, Uint8Array.of(255), Number.MAX_SAFE_INTEGER))
    found.push(decodeRecord(value))
  return found
}

const eventKey = ({ chatId, clock, id }: OpenedGroupEvent): Uint8Array =>
  concat(under(chatId as ChatId), fromBigInt(clock, 8), fromHex(id, 32))
export const putGroupEvent = (event: OpenedGroupEvent): Change => ({
  put: ['group-event', eventKey(event), concat(fromHex(event.from, KEY_BYTES), event.signed)],
})
export const deleteGroupEvent = (event: OpenedGroupEvent): Change => ({
  del: ['group-event', eventKey(event)],
})
/** @param limit of those that are read */
export async function allGroupEvents(
  reads: Reads,
  id: ChatId,
  limit: number,
  { generation }: Pick<GroupRecord, 'generation'> = {},
): Promise<OpenedGroupEvent[]> {
  const found: OpenedGroupEvent[] = []
  const lists = new Map<string, readonly OpenedGroupEvent[]>()
  for await (const [key, value] of reads.range('group-event', under(id), behind(id), limit)) {
    const from = to0xHex(value.subarray(0, KEY_BYTES))
    const signed = value.slice(KEY_BYTES)
    const kept = { from, signed, id: toHex(key.subarray(-32)) }
    const event = generation ? keptGroupEventV0(id, kept, { lists }) : keptGroupEvent(id, kept)
    if (event) found.push(event)
  }
  return found
}

const peerKey = (id: ChatId, person: PublicKey): Uint8Array => concat(under(id), person)
export const putPeer = (id: ChatId, person: PublicKey, record: PeerRecord): Change => ({
  put: ['group-peer', peerKey(id, person), encodeRecord(record)],
})
export const deletePeer = (id: ChatId, person: PublicKey): Change => ({
  del: ['group-peer', peerKey(id, person)],
})
export async function getPeer(
  reads: Pick<Reads, 'get'>,
  id: ChatId,
  person: PublicKey,
): Promise<PeerRecord | undefined> {
  const value = await reads.get('group-peer', peerKey(id, person))
  return value && decodeRecord(value)
}
export async function allPeers(
  reads: Reads,
  id: ChatId,
): Promise<readonly (readonly [PublicKey, PeerRecord])[]> {
  const found: (readonly [PublicKey, PeerRecord])[] = []
  for await (const [key, value] of reads.range('group-peer', under(id), behind(id), Number.MAX_SAFE_INTEGER))
    found.push([key.slice(-KEY_BYTES), decodeRecord<PeerRecord>(value)])
  return found
}

/** Tables whose keys are a person and a group, without a value. */
export type PersonTable = 'group-person' | 'group-missed'
export const putPerson = (table: PersonTable, person: PublicKey, id: ChatId): Change => ({
  put: [table, concat(person, utf8(id)), EMPTY],
})
export const deletePerson = (table: PersonTable, person: PublicKey, id: ChatId): Change => ({
  del: [table, concat(person, utf8(id))],
})
export async function groupsOf(
  reads: Reads,
  table: PersonTable,
  person: PublicKey,
  limit: number,
): Promise<readonly ChatId[]> {
  const found: ChatId[] = []
  const to = concat(person, Uint8Array.of(255))
  for await (const [key] of reads.range(table, person, to, limit))
    found.push(new TextDecoder().decode(key.subarray(KEY_BYTES)) as ChatId)
  return found
}

export interface Held {
  readonly chat: ChatId
  readonly author: PublicKey
  readonly messageId: MessageIdText
  readonly record: HeldRecord
}
const heldKey = ({ chat, author, messageId }: Omit<Held, 'record'>): Uint8Array =>
  concat(under(chat), author, idBytes(messageId))
export const putHeld = (held: Held, wrapped: Uint8Array): readonly Change[] => [
  { put: ['group-held', heldKey(held), encodeRecord(held.record)] },
  { put: ['group-held-said', heldKey(held), wrapped] },
]
export const deleteHeld = (held: Held): readonly Change[] => [
  { del: ['group-held', heldKey(held)] },
  { del: ['group-held-said', heldKey(held)] },
]
/** The wrapper of one that is kept. */
export async function heldWrapper(reads: Pick<Reads, 'get'>, held: Held): Promise<Uint8Array | undefined> {
  return held.record.wrapped ?? reads.get('group-held-said', heldKey(held))
}
/** All that is kept, without what they say. @param id of one group only */
export async function allHeld(reads: Reads, id?: ChatId): Promise<Held[]> {
  const found: Held[] = []
  const [from, to] = id ? [under(id), behind(id)] : [EMPTY, Uint8Array.of(255)]
  for await (const [key, value] of reads.range('group-held', from, to, Number.MAX_SAFE_INTEGER))
    found.push({
      chat: new TextDecoder().decode(key.subarray(0, -(KEY_BYTES + 33))) as ChatId,
      author: key.slice(-(KEY_BYTES + 32), -32),
      messageId: to0xHex(key.subarray(-32)) as MessageIdText,
      record: decodeRecord(value),
    })
  return found
}

const receiptKey = (messageId: MessageIdText, person: PublicKey): Uint8Array =>
  concat(idBytes(messageId), person)
export const putReceipt = (messageId: MessageIdText, person: PublicKey, record: ReceiptRecord): Change => ({
  put: ['group-receipt', receiptKey(messageId, person), encodeRecord(record)],
})
export async function getReceipt(
  reads: Pick<Reads, 'get'>,
  messageId: MessageIdText,
  person: PublicKey,
): Promise<ReceiptRecord | undefined> {
  const value = await reads.get('group-receipt', receiptKey(messageId, person))
  return value && decodeRecord(value)
}
export async function allReceipts(
  reads: Reads,
  messageId: MessageIdText,
): Promise<readonly (readonly [PublicKey, ReceiptRecord])[]> {
  const found: (readonly [PublicKey, ReceiptRecord])[] = []
  const from = idBytes(messageId)
  const to = concat(from, Uint8Array.of(255))
  for await (const [key, value] of reads.range('group-receipt', from, to, Number.MAX_SAFE_INTEGER))
    found.push([key.slice(32), decodeRecord<ReceiptRecord>(value)])
  return found
}
