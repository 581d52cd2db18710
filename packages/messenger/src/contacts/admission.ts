/** Whom we hear: nobody who is blocked, only contacts where that was chosen; and what is told without a sound. */
import { type PublicKey, utf8 } from '@status-protocol/bytes'
import type { Change, Storage } from '@status-protocol/ports'
import { type ChatId, oneToOneChat } from '../chat.ts'
import { getChat, getContact } from '../tables.ts'

const CONTACTS_ONLY_KEY = utf8('contacts-only')
const YES = Uint8Array.of(1)

type Gets = Pick<Storage, 'get'>

export async function isContactsOnly(storage: Gets): Promise<boolean> {
  return (await storage.get('meta', CONTACTS_ONLY_KEY)) !== undefined
}

export const putContactsOnly = (on: boolean): Change =>
  on ? { put: ['meta', CONTACTS_ONLY_KEY, YES] } : { del: ['meta', CONTACTS_ONLY_KEY] }

/** Whether we have to do with a person by our own choice: a contact, or somebody we wrote to. */
export async function isAcquainted(storage: Gets, person: PublicKey): Promise<boolean> {
  if (await getContact(storage, person)) return true
  const chat = await getChat(storage, oneToOneChat(person).id)
  return chat !== undefined && !chat.unasked && !chat.left
}

/** Chats, and people by the chat with them: `muted`, chat id -> 01. */
export const putMuted = (chat: ChatId, isMuted: boolean): Change =>
  isMuted ? { put: ['muted', utf8(chat), YES] } : { del: ['muted', utf8(chat)] }

export async function isChatMuted(storage: Gets, chat: ChatId): Promise<boolean> {
  return (await storage.get('muted', utf8(chat))) !== undefined
}

/** The chat is, or the person who wrote there. */
export async function isMuted(storage: Gets, chat: ChatId, author: PublicKey): Promise<boolean> {
  return (await isChatMuted(storage, chat)) || (await isChatMuted(storage, oneToOneChat(author).id))
}
