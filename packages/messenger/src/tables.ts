/**
 * Tables and keys of what the messenger stores.
 *
 * | table | key | value |
 * |---|---|---|
 * | chat | chat id | ChatRecord |
 * | contact | public key(65) | ContactRecord |
 * | stranger | public key(65) | StrangerRecord: who wrote unasked, and has neither an answer nor a place among contacts |
 * | message | chat id, 00, ~clock(8), ~id(32) | Message: ascending keys are newest first |
 * | message-key | id(32) | key in `message` |
 * | image | id(32) | bytes of the image in a message |
 * | relation, blocked | | see `contacts/relation.ts` |
 * | muted | | see `contacts/admission.ts` |
 * | unread | key in `message` | empty: somebody else's message that the person has not seen |
 * | outbox | id(32) | OutboxRecord: not relayed yet (public messages, and private ones in mode `whisper`) |
 * | sync | data sync id(32) | id(32) of the own message in it (if it is one), then 1 if it goes as `dh` only, 2 if as `ratchet` only, 3 if it is deniable |
 * | read, read-at | | see `read-messages.ts` |
 * | parcel | number(8) | Parcel: encrypted, not confirmed yet |
 * | event | seq(8) | MessengerEvent; the newest {@link MAX_EVENTS} |
 * | route | name of a topic, UTF-8 | topic(4), symmetric key(32): what a slow key derivation gave |
 * | meta | `swept` | when old keys and sessions were erased last, Unix milliseconds(8) |
 * | meta | `seq` | seq(8) of the newest event |
 * | meta | `installation` | id of this installation, UTF-8 |
 * | device, device-sync | | see `device-sync/tables.ts` |
 * | early-ack, early-ack-at | | see `device-sync/early-acks.ts` |
 * | command-held, command-unplaced | | see `commands/held.ts`, `commands/unplaced.ts` |
 */

import { concat, fromBigInt, fromHex, fromUtf8, to0xHex, toBigInt, utf8 } from '@status-protocol/bytes'
import type { Change, Storage } from '@status-protocol/ports'
import { type SymmetricChat, symmetricChat, topicFrom } from '@status-protocol/whisper'
import type { Chat, ChatId } from './chat.ts'
import type { MessengerEvent, NewEvent } from './events.ts'
import type { Message, MessageIdText, Security } from './message.ts'
import { decodeRecord, encodeRecord } from './record.ts'
import type { Reads } from './stage.ts'

/** Events kept for readers who were away; older ones are deleted as new ones come. */
export const MAX_EVENTS = 10_000n

export interface ChatRecord {
  readonly chat: Chat
  readonly joinedAtMs: number
  /** Highest clock seen. */
  readonly lastClock: bigint
  /** The other person has written with forward secrecy: anything weaker from them is a downgrade. */
  readonly hasRatchet?: boolean
  /** A private chat in which only the other person has spoken, and whom we did not add. */
  readonly unasked?: boolean
  /** Chosen by the person: what is written there is signed by nobody. */
  readonly deniable?: boolean
  /**
   * The other person has said something to us in private, or told us of themselves, since they have no other devices: we are no
   * stranger to them. Absent: not noted yet, what is stored tells.
   */
  readonly answered?: boolean
  /** How many entries of `unread` it has. */
  readonly unread?: number
  /** Put away by the person; a message of somebody else's brings it back, unless it is muted. */
  readonly archived?: boolean
  /** Chosen: what is written here is for clients of 2019, Transit; in a private chat also on the topic of that time. */
  readonly legacy?: boolean
  /** The person left it: it is not listed nor listened to, but what was said and its clock stay. */
  readonly left?: boolean
}

export interface ContactRecord {
  readonly publicKey: Uint8Array
  readonly addedAtMs: number
  /** Given by the person whose contact it is. */
  readonly name?: string
  /** Chosen for all that is written to them; absent: what `createMessenger` was told. */
  readonly security?: Security
}

export interface StrangerRecord {
  readonly publicKey: Uint8Array
  /** By our clock. */
  readonly heardAtMs: number
  /** Of their messages, as they are stored. */
  readonly bytes: number
}

/** An own message on its way. */
export interface OutboxRecord {
  readonly messageId: MessageIdText
  readonly chat: Chat
  /** The signed wrapper: what every attempt seals again, so that the message keeps its id. */
  readonly wrapped: Uint8Array
  /** What is posted, where that is not the wrapper: clients of 2019 put what is public into a ProtocolMessage. */
  readonly sealed?: Uint8Array
  readonly attempts: number
}

const EMPTY = new Uint8Array(0)
const SEQ_KEY = utf8('seq')
const HIGHEST = new Uint8Array(160).fill(255)

export const idBytes = (id: MessageIdText): Uint8Array => fromHex(id, 32)

export const putChat = (record: ChatRecord): Change => ({
  put: ['chat', utf8(record.chat.id), encodeRecord(record)],
})
export const deleteChat = (id: ChatId): Change => ({ del: ['chat', utf8(id)] })
export const deleteRoute = (name: string): Change => ({ del: ['route', utf8(name)] })
export const putRoute = (name: string, { topic, symmetricKey }: SymmetricChat): Change => ({
  put: ['route', utf8(name), concat(topic, symmetricKey)],
})
export async function getRoute(
  storage: Pick<Storage, 'get'>,
  name: string,
): Promise<SymmetricChat | undefined> {
  const value = await storage.get('route', utf8(name))
  return value?.length === 36 ? symmetricChat(topicFrom(value.slice(0, 4)), value.slice(4)) : undefined
}
export const putContact = (record: ContactRecord): Change => ({
  put: ['contact', record.publicKey, encodeRecord(record)],
})
export const deleteContact = (publicKey: Uint8Array): Change => ({ del: ['contact', publicKey] })
export const getContact = (
  storage: Pick<Storage, 'get'>,
  publicKey: Uint8Array,
): Promise<ContactRecord | undefined> => getRecord(storage, 'contact', publicKey)

export const putStranger = (record: StrangerRecord): Change => ({
  put: ['stranger', record.publicKey, encodeRecord(record)],
})
export const deleteStranger = (publicKey: Uint8Array): Change => ({ del: ['stranger', publicKey] })
export const getStranger = (
  storage: Pick<Storage, 'get'>,
  publicKey: Uint8Array,
): Promise<StrangerRecord | undefined> => getRecord(storage, 'stranger', publicKey)
export const allStrangers = (storage: Reads): Promise<StrangerRecord[]> => allRecords(storage, 'stranger')

export const getOutbox = (
  storage: Pick<Storage, 'get'>,
  id: MessageIdText,
): Promise<OutboxRecord | undefined> => getRecord(storage, 'outbox', idBytes(id))
export const putOutbox = (record: OutboxRecord): Change => ({
  put: ['outbox', idBytes(record.messageId), encodeRecord(record)],
})
export const deleteOutbox = (id: MessageIdText): Change => ({ del: ['outbox', idBytes(id)] })

/** Of a message that is there already. */
export const changeMessage = (message: Message): Change => ({
  put: ['message', messageKey(message.chat, message.clock, message.id), encodeRecord(message)],
})

export function putMessage(message: Message): readonly Change[] {
  const key = messageKey(message.chat, message.clock, message.id)
  return [
    { put: ['message', key, encodeRecord(message)] },
    { put: ['message-key', idBytes(message.id), key] },
  ]
}

/** The events with their numbers, and the changes that store them. */
export function putEvents(
  lastSeq: bigint,
  events: readonly NewEvent[],
): { readonly changes: readonly Change[]; readonly numbered: readonly MessengerEvent[] } {
  if (events.length === 0) return { changes: [], numbered: [] }
  const numbered = events.map((event, i): MessengerEvent => ({ ...event, seq: lastSeq + BigInt(i) + 1n }))
  const changes = numbered.flatMap((event): Change[] => [
    { put: ['event', seqKey(event.seq), encodeRecord(event)] },
    ...(event.seq > MAX_EVENTS ? [{ del: ['event', seqKey(event.seq - MAX_EVENTS)] as const }] : []),
  ])
  const newest = seqKey(lastSeq + BigInt(events.length))
  return { changes: [...changes, { put: ['meta', SEQ_KEY, newest] }], numbered }
}

/** What a message in data sync may be encrypted as; undefined: as `ratchet` where that is possible, else as `dh`. */
export type OnlyAs = 'dh' | 'ratchet' | 'deniable' | undefined
const ONLY_AS: readonly OnlyAs[] = [undefined, 'dh', 'ratchet', 'deniable']

/** @param id the own message in it, if it is one: its delivery follows */
export const putSyncMessage = (
  syncId: Uint8Array,
  { id, onlyAs }: { readonly id?: MessageIdText | undefined; readonly onlyAs?: OnlyAs },
): Change => ({
  put: [
    'sync',
    syncId,
    concat(id ? idBytes(id) : EMPTY, onlyAs ? Uint8Array.of(ONLY_AS.indexOf(onlyAs)) : EMPTY),
  ],
})

export async function getSyncMessage(
  storage: Pick<Storage, 'get'>,
  syncId: Uint8Array,
): Promise<{ readonly id: MessageIdText | undefined; readonly onlyAs: OnlyAs } | undefined> {
  const value = await storage.get('sync', syncId)
  if (!value) return undefined
  const hasId = value.length >= 32
  return {
    id: hasId ? (to0xHex(value.slice(0, 32)) as MessageIdText) : undefined,
    onlyAs: ONLY_AS[value[hasId ? 32 : 0] ?? 0],
  }
}

const INSTALLATION_KEY = utf8('installation')

export async function getInstallationId(storage: Storage): Promise<string | undefined> {
  const id = await storage.get('meta', INSTALLATION_KEY)
  return id && fromUtf8(id)
}

export const putInstallationId = (id: string): Change => ({ put: ['meta', INSTALLATION_KEY, utf8(id)] })

export const getChat = (storage: Pick<Storage, 'get'>, id: ChatId): Promise<ChatRecord | undefined> =>
  getRecord(storage, 'chat', utf8(id))

export const allChats = (storage: Reads): Promise<ChatRecord[]> => allRecords(storage, 'chat')
export const allContacts = (storage: Reads): Promise<ContactRecord[]> => allRecords(storage, 'contact')
export const allOutbox = (storage: Storage): Promise<OutboxRecord[]> => allRecords(storage, 'outbox')

export async function getMessage(
  storage: Pick<Storage, 'get'>,
  id: MessageIdText,
): Promise<Message | undefined> {
  const key = await storage.get('message-key', idBytes(id))
  return key && getRecord(storage, 'message', key)
}

/** All messages of a chat are between these two keys; the first is the newest. */
export function messageKeys(chat: ChatId): readonly [from: Uint8Array, to: Uint8Array] {
  return [concat(utf8(chat), Uint8Array.of(0)), concat(utf8(chat), Uint8Array.of(1))]
}

/** Takes the message at a key of `message` away. */
export const deleteMessageAt = (key: Uint8Array): readonly Change[] => [
  { del: ['message', key] },
  { del: ['message-key', inverted(key.slice(-32))] },
  { del: ['image', inverted(key.slice(-32))] },
  { del: ['unread', key] },
]

/** A stored message as it is, at its key. */
export const putMessageAt = (key: Uint8Array, value: Uint8Array): readonly Change[] => [
  { put: ['message', key, value] },
  { put: ['message-key', inverted(key.slice(-32)), key] },
]

export const putUnread = (message: Message): Change => ({
  put: ['unread', messageKey(message.chat, message.clock, message.id), EMPTY],
})
export const deleteUnreadAt = (key: Uint8Array): Change => ({ del: ['unread', key] })

export async function lastSeq(storage: Storage): Promise<bigint> {
  return toBigInt((await storage.get('meta', SEQ_KEY)) ?? EMPTY)
}

/** Events after `seq`, at most `limit`. */
export async function eventsAfter(storage: Storage, seq: bigint, limit: number): Promise<MessengerEvent[]> {
  const found: MessengerEvent[] = []
  for await (const [, value] of storage.range('event', seqKey(seq + 1n), HIGHEST, limit))
    found.push(decodeRecord(value))
  return found
}

/** Ascending keys are newest first. */
export function messageKey(chat: ChatId, clock: bigint, id: MessageIdText): Uint8Array {
  return concat(utf8(chat), Uint8Array.of(0), inverted(fromBigInt(clock, 8)), inverted(idBytes(id)))
}

function inverted(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => byte ^ 0xff)
}

const seqKey = (seq: bigint): Uint8Array => fromBigInt(seq, 8)

async function getRecord<T>(
  storage: Pick<Storage, 'get'>,
  table: string,
  key: Uint8Array,
): Promise<T | undefined> {
  const value = await storage.get(table, key)
  return value && decodeRecord<T>(value)
}

async function allRecords<T>(storage: Reads, table: string): Promise<T[]> {
  const found: T[] = []
  for await (const [, value] of storage.range(table, EMPTY, HIGHEST, Number.MAX_SAFE_INTEGER))
    found.push(decodeRecord(value))
  return found
}
