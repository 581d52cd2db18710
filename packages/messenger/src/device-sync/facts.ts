/**
 * What our devices tell each other of a chat or a contact, as one text: two devices agree when their texts are the same. Of
 * two that differ the one with the higher clock counts; of the same clock the text that comes last.
 */
import { equal, type PublicKey, to0xHex, utf8 } from '@status-protocol/bytes'
import { CHAT_MESSAGE_TYPES, type SyncChat, type SyncContact } from '@status-protocol/payload'
import { type Chat, type ChatId, chatIdOnTheWire, chatWithId, parseChat } from '../chat.ts'
import type { Security } from '../message.ts'
import type { ChatRecord, ContactRecord } from '../tables.ts'
import type { Entry, Subject } from './tables.ts'

/** As the Go clients write them, and as only ours do. */
const TAGS = { added: ':contact/added', left: ':chat/left', security: ':security/' } as const
const SECURITIES: readonly Security[] = ['whisper', 'dh', 'ratchet']
/** UTF-8 bytes of what a person calls a contact; a longer name is not passed on, nor taken. */
export const MAX_LOCAL_NAME_BYTES = 1_000

/** What counts of a contact. */
export interface ContactFacts {
  readonly name?: string
  readonly security?: Security
}

/** `here`, `left`, or nothing: it never was ours. A chat that only a stranger wrote in is none of ours. */
export function chatValue(record: ChatRecord | undefined, before: string | undefined): string {
  if (record && !record.left && !record.unasked) return 'here'
  return before ? 'left' : ''
}

/** Nothing: no contact. */
export function contactValue(record: ContactRecord | undefined): string {
  if (!record) return ''
  const { name, security } = record
  const isFit = name !== undefined && utf8(name).length <= MAX_LOCAL_NAME_BYTES
  return JSON.stringify({ ...(isFit && name ? { name } : {}), ...(security ? { security } : {}) })
}

export function contactFacts(value: string): ContactFacts {
  return JSON.parse(value) as ContactFacts
}

export function supersedes(said: Entry, known: Entry | undefined): boolean {
  if (!known) return said.value !== ''
  return said.clock === known.clock ? said.value > known.value : said.clock > known.clock
}

// --- on the wire -----------------------------------------------------------------------------------------------------------

export function syncChat(id: string, { clock, value }: Entry): SyncChat {
  const chat = chatWithId(id as ChatId)
  const kind = chat.kind === 'public' ? CHAT_MESSAGE_TYPES.publicGroup : CHAT_MESSAGE_TYPES.oneToOne
  return { clock, id: chatIdOnTheWire(chat), kind, tags: value === 'left' ? [TAGS.left] : [] }
}

/** Undefined: a chat of a kind that we do not know, a name that nobody can join, or ourselves. */
export function entryOfChat(
  { clock, id, kind, tags }: SyncChat,
  self: PublicKey,
): (Subject & Entry) | undefined {
  const isPublic = kind === CHAT_MESSAGE_TYPES.publicGroup
  if (!isPublic && kind !== CHAT_MESSAGE_TYPES.oneToOne) return undefined
  const chat = chatNamed(isPublic ? `#${id}` : id)
  if (!chat || (chat.kind === 'one-to-one' && equal(chat.publicKey, self))) return undefined
  return { kind: 'chat', id: chat.id, clock, value: tags.includes(TAGS.left) ? 'left' : 'here' }
}

export function syncContact(id: string, { clock, value }: Entry): SyncContact {
  const { name, security }: ContactFacts = value === '' ? {} : contactFacts(value)
  const systemTags = value === '' ? [] : [TAGS.added, ...(security ? [`${TAGS.security}${security}`] : [])]
  return {
    type: 'sync-contact',
    clock,
    id,
    profileImage: '',
    ensName: '',
    lastUpdated: 0n,
    systemTags,
    ...(name ? { localName: name } : {}),
  }
}

/** Undefined: no person, or ourselves. */
export function entryOfContact(
  { clock, id, systemTags, localName = '' }: SyncContact,
  self: PublicKey,
): (Subject & Entry) | undefined {
  const chat = chatNamed(id)
  if (chat?.kind !== 'one-to-one' || equal(chat.publicKey, self)) return undefined
  const subject = { kind: 'contact', id: to0xHex(chat.publicKey), clock } as const
  if (!systemTags.includes(TAGS.added)) return { ...subject, value: '' }
  const security = SECURITIES.find((one) => systemTags.includes(`${TAGS.security}${one}`))
  const name = utf8(localName).length <= MAX_LOCAL_NAME_BYTES ? localName : ''
  return {
    ...subject,
    value: JSON.stringify({ ...(name ? { name } : {}), ...(security ? { security } : {}) }),
  }
}

function chatNamed(text: string): Chat | undefined {
  try {
    return parseChat(text)
  } catch {
    return undefined
  }
}
