/** Entries as messages for other devices: each well below what one envelope takes. */
import { utf8 } from '@status-protocol/bytes'
import {
  encodeMessage,
  type Message as Payload,
  type SyncInstallation,
  type SyncPublicChat,
} from '@status-protocol/payload'
import { type ChatId, chatWithId } from '../chat.ts'
import type { Told } from '../contacts/relation.ts'
import { personFacts, profileFacts, syncAccount, syncChat, syncContact } from './facts.ts'
import type { Entry, Subject } from './tables.ts'

/** What is told of a subject. */
export interface Item extends Subject, Entry {
  /** What a person said of themselves. */
  readonly told?: Told
}

/** Bytes of one message, about: with its signature it stays below what data sync puts into one payload. */
export const MAX_PORTION_BYTES = 40_000
/** Entries of one message; each has up to a dozen fields, and readers take 10,000. */
const MAX_PORTION_ENTRIES = 500

/** What only our own devices read: everything, what is gone as well. Pictures of others each device hears for itself. */
export function portions(items: readonly Item[]): SyncInstallation[] {
  const all: SyncInstallation[] = []
  let portion: Item[] = []
  let bytes = 0
  for (const item of items.map(withoutPicture)) {
    const size = sizeOf(item)
    if (portion.length > 0 && (bytes + size > MAX_PORTION_BYTES || portion.length === MAX_PORTION_ENTRIES)) {
      all.push(messageOf(portion))
      portion = []
      bytes = 0
    }
    portion.push(item)
    bytes += size
  }
  if (portion.length > 0) all.push(messageOf(portion))
  return all
}

/** What Go clients read: public chats that were joined, contacts that were added, our profile; one message each. */
export function forGo(items: readonly Item[]): Payload[] {
  return items.flatMap((item): Payload[] => {
    if (item.kind === 'contact') {
      const { contact, state } = personFacts(item.value)
      return contact && state !== 'blocked' ? [syncContact(item.id, item, item.told)] : []
    }
    if (item.kind === 'profile') {
      const { name = '', picture = '' } = profileFacts(item.value)
      if (name + picture === '') return []
      return [{ type: 'contact-update', clock: item.clock, ensName: name, profileImage: picture }]
    }
    const chat = chatWithId(item.id as ChatId)
    if (chat.kind !== 'public' || item.value !== 'here') return []
    const joined: SyncPublicChat = { type: 'sync-public-chat', clock: item.clock, id: chat.name }
    return [joined]
  })
}

function withoutPicture({ told, ...item }: Item): Item {
  const { picture: _picture, ...said } = told ?? {}
  return told ? { ...item, told: { ...said, clock: told.clock } } : item
}

function messageOf(items: readonly Item[]): SyncInstallation {
  const of = (wanted: Subject['kind']) => items.filter(({ kind }) => kind === wanted)
  const [profile] = of('profile')
  return {
    type: 'sync-installation',
    contacts: of('contact').map((item) => syncContact(item.id, item, item.told)),
    publicChats: [],
    ...(profile ? { account: syncAccount(profile) } : {}),
    chats: of('chat').map((item) => syncChat(item.id, item)),
  }
}

function sizeOf(item: Item): number {
  if (item.kind === 'contact') return encodeMessage(syncContact(item.id, item, item.told)).length + 8
  return utf8(item.kind === 'profile' ? item.value : item.id).length + 48
}
