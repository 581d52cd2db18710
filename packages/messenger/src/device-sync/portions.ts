/** Entries as messages for other devices: each well below what one envelope takes. */

import { utf8 } from '@status-protocol/bytes'
import {
  encodeMessage,
  type Message as Payload,
  type SyncInstallation,
  type SyncPublicChat,
} from '@status-protocol/payload'
import { type ChatId, chatWithId } from '../chat.ts'
import { syncChat, syncContact } from './facts.ts'
import type { Entry, Subject } from './tables.ts'

/** Bytes of one message, about: with its signature it stays below what data sync puts into one payload. */
export const MAX_PORTION_BYTES = 40_000
/** Entries of one message; each has up to a dozen fields, and readers take 10,000. */
const MAX_PORTION_ENTRIES = 500

/** What only our own devices read: everything, what is gone as well. */
export function portions(entries: readonly (Subject & Entry)[]): SyncInstallation[] {
  const all: SyncInstallation[] = []
  let portion: (Subject & Entry)[] = []
  let bytes = 0
  for (const entry of entries) {
    const size = sizeOf(entry)
    if (portion.length > 0 && (bytes + size > MAX_PORTION_BYTES || portion.length === MAX_PORTION_ENTRIES)) {
      all.push(messageOf(portion))
      portion = []
      bytes = 0
    }
    portion.push(entry)
    bytes += size
  }
  if (portion.length > 0) all.push(messageOf(portion))
  return all
}

/** What Go clients read: public chats that were joined, and contacts that were added, one message each. */
export function forGo(entries: readonly (Subject & Entry)[]): Payload[] {
  return entries.flatMap((entry): Payload[] => {
    if (entry.kind === 'contact') return entry.value === '' ? [] : [syncContact(entry.id, entry)]
    const chat = chatWithId(entry.id as ChatId)
    if (chat.kind !== 'public' || entry.value !== 'here') return []
    const joined: SyncPublicChat = { type: 'sync-public-chat', clock: entry.clock, id: chat.name }
    return [joined]
  })
}

function messageOf(entries: readonly (Subject & Entry)[]): SyncInstallation {
  const of = (wanted: Subject['kind']) => entries.filter(({ kind }) => kind === wanted)
  return {
    type: 'sync-installation',
    contacts: of('contact').map((entry) => syncContact(entry.id, entry)),
    publicChats: [],
    chats: of('chat').map((entry) => syncChat(entry.id, entry)),
  }
}

function sizeOf(entry: Subject & Entry): number {
  return entry.kind === 'contact'
    ? encodeMessage(syncContact(entry.id, entry)).length + 8
    : utf8(entry.id).length + 48
}
