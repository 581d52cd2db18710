/** What a person has seen of a chat, and where they put it. */
import type { Storage } from '@status-protocol/ports'
import { type Chat, type ChatId, parseChat } from '../chat.ts'
import { isChatMuted } from '../contacts/admission.ts'
import { MessengerError } from '../error.ts'
import type { Message, MessageIdText } from '../message.ts'
import type { Stage } from '../stage.ts'
import {
  allChats,
  type ChatRecord,
  deleteUnreadAt,
  getChat,
  getMessage,
  messageKey,
  messageKeys,
  putChat,
  putUnread,
} from '../tables.ts'

export interface ChatState {
  readonly chat: Chat
  /** Messages of others that were not seen: see {@link ChatStates.markSeen}. */
  readonly unread: number
  readonly muted: boolean
  readonly archived: boolean
  /** What we write there is signed by nobody. */
  readonly deniable?: true
  /** Of the newest message. 0n: none. */
  readonly lastClock: bigint
}

export interface ChatStates {
  /**
   * The person has seen a message and all before it, or everything in the chat. What comes late, with a lower clock, is
   * unread all the same, until this is told again. Own messages are never unread. Returns how many are left.
   *
   * @throws MessengerError `invalid-chat`, `not-joined`, `no-such-message`
   */
  markSeen(chat: string, upTo?: MessageIdText): Promise<number>
  /** Puts a chat away. A message of somebody else's brings it back, unless it is muted; an own one does. */
  setArchived(chat: string, isArchived: boolean): Promise<void>
}

/** BOUNDED: marks that one commit takes away. */
const MAX_MARKS = 1_000

/** What a new message of somebody else's changes. Part of the commit that stores it. */
export function noteUnread(
  record: ChatRecord,
  message: Message,
  isMuted = false,
): { readonly record: ChatRecord; readonly changes: readonly [] | readonly [ReturnType<typeof putUnread>] } {
  if (message.own) return { record, changes: [] }
  const { archived, ...others } = record
  const isStillAway = archived && isMuted
  return {
    record: { ...others, ...(isStillAway ? { archived } : {}), unread: (record.unread ?? 0) + 1 },
    changes: [putUnread(message)],
  }
}

/** An own message was written there. */
export function noteWritten({ archived: _archived, ...record }: ChatRecord): ChatRecord {
  return record
}

/** Takes some marks away. Returns how many are left, and whether some are that should not be. */
export async function seeSome(
  stage: Stage,
  text: string,
  upTo: MessageIdText | undefined,
): Promise<{ readonly unread: number; readonly isMore: boolean }> {
  const record = await recordOf(stage, text)
  const { id } = record.chat
  const [newest, end] = messageKeys(id)
  const from = upTo === undefined ? newest : await keyOf(stage, id, upTo)
  const keys: Uint8Array[] = []
  for await (const [key] of stage.range('unread', from, end, MAX_MARKS)) keys.push(key)
  const unread = Math.max(0, (record.unread ?? 0) - keys.length)
  if (keys.length === 0) return { unread, isMore: false }
  await change(stage, { ...record, unread }, keys.map(deleteUnreadAt))
  return { unread, isMore: keys.length === MAX_MARKS }
}

export async function archive(stage: Stage, text: string, isArchived: boolean): Promise<void> {
  const { archived, ...record } = await recordOf(stage, text)
  if ((archived ?? false) !== isArchived)
    await change(stage, isArchived ? { ...record, archived: true } : record)
}

/** After messages of a chat were dropped. */
export async function recountUnread(stage: Stage, chat: ChatId): Promise<void> {
  const record = await getChat(stage, chat)
  if (!record) return
  let unread = 0
  for await (const _ of stage.range('unread', ...messageKeys(chat), Number.MAX_SAFE_INTEGER)) unread++
  if (unread !== (record.unread ?? 0)) stage.add({ changes: [putChat({ ...record, unread })] })
}

/** The chats there are, those with the newest messages first. */
export async function listChatStates(storage: Storage): Promise<readonly ChatState[]> {
  const records = (await allChats(storage)).filter(({ left }) => !left)
  records.sort((a, b) => (a.lastClock > b.lastClock ? -1 : a.lastClock < b.lastClock ? 1 : 0))
  return Promise.all(records.map((record) => stateOf(storage, record)))
}

async function stateOf(
  storage: Pick<Storage, 'get'>,
  { chat, unread = 0, archived = false, deniable, lastClock }: ChatRecord,
): Promise<ChatState> {
  const muted = await isChatMuted(storage, chat.id)
  return { chat, unread, muted, archived, ...(deniable && { deniable }), lastClock }
}

async function change(
  stage: Stage,
  record: ChatRecord,
  marks: readonly ReturnType<typeof deleteUnreadAt>[] = [],
): Promise<void> {
  const { chat, unread, muted, archived } = await stateOf(stage, record)
  const events = [{ type: 'chat', chat: chat.id, unread, muted, archived } as const]
  stage.add({ changes: [putChat(record), ...marks], events })
}

async function recordOf(stage: Stage, text: string): Promise<ChatRecord> {
  const { id, kind } = parseChat(text)
  const record = await getChat(stage, id)
  if (record && !(record.left && kind === 'public')) return record
  throw new MessengerError('not-joined', `there is no chat ${id}: join it, or write to it`)
}

async function keyOf(stage: Stage, chat: ChatId, id: MessageIdText): Promise<Uint8Array> {
  const message = /^0x[0-9a-f]{64}$/.test(id) ? await getMessage(stage, id) : undefined
  if (message?.chat !== chat)
    throw new MessengerError('no-such-message', `there is no message ${id.slice(0, 70)} in ${chat}`)
  return messageKey(chat, message.clock, message.id)
}
