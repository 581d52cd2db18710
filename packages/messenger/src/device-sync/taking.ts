/** What another device of ours says of chats and contacts: the newer word counts, whoever said it. */
import { fromHex, type PublicKey } from '@status-protocol/bytes'
import type { SyncContact, SyncInstallation, SyncPublicChat } from '@status-protocol/payload'
import { validateClock } from '@status-protocol/payload'
import { type Chat, type ChatId, chatWithId } from '../chat.ts'
import type { Rejection } from '../inbound.ts'
import type { Stage } from '../stage.ts'
import { type ChatRecord, deleteContact, getChat, getContact, putChat, putContact } from '../tables.ts'
import { contactFacts, entryOfChat, entryOfContact, supersedes } from './facts.ts'
import { current, observe } from './ledger.ts'
import { type Entry, putEntry, type Subject } from './tables.ts'

export interface TakingOptions {
  readonly publicKey: PublicKey
  newChat(chat: Chat): ChatRecord
  /** Somebody is no stranger any more. */
  meet(stage: Stage, person: PublicKey): Promise<void>
  nowMs(): number
}

/** What was taken. */
export interface Taken {
  readonly joined: readonly Chat[]
  readonly left: readonly Chat[]
  /** Contacts that were added, changed or removed; 65 bytes each. */
  readonly contacts: readonly PublicKey[]
}

export interface Taking {
  all(stage: Stage, said: SyncInstallation, sentMs: number): Promise<Taken | Rejection>
  /** As a Go client says it: what is known already stays. */
  publicChat(stage: Stage, said: SyncPublicChat, sentMs: number): Promise<Taken | Rejection>
  contact(stage: Stage, said: SyncContact, sentMs: number): Promise<Taken | Rejection>
}

export function createTaking({ publicKey: self, newChat, meet, nowMs }: TakingOptions): Taking {
  const take = async (stage: Stage, entries: readonly (Subject & Entry)[]): Promise<Taken> => {
    const joined: Chat[] = []
    const left: Chat[] = []
    const contacts: PublicKey[] = []
    for (const said of entries) {
      await observe(stage, said.clock)
      const known = await current(stage, said)
      if (!supersedes(said, known)) continue
      stage.add({ changes: [putEntry(said, { clock: said.clock, value: said.value })] })
      if (said.value === (known?.value ?? '')) continue
      if (said.kind === 'contact') contacts.push(await takeContact(stage, said))
      else (said.value === 'here' ? joined : left).push(await takeChat(stage, said))
    }
    return { joined, left, contacts }
  }

  const takeChat = async (stage: Stage, { id, value }: Subject & Entry): Promise<Chat> => {
    const chat = chatWithId(id as ChatId)
    const { left: _left, unasked: _unasked, ...record } = (await getChat(stage, chat.id)) ?? newChat(chat)
    if (value === 'here' && chat.kind === 'one-to-one') await meet(stage, chat.publicKey)
    stage.add({ changes: [putChat(value === 'here' ? record : { ...record, left: true, unasked: true })] })
    return chat
  }

  const takeContact = async (stage: Stage, { id, value }: Subject & Entry): Promise<PublicKey> => {
    const publicKey = fromHex(id) as PublicKey
    if (value === '') {
      stage.add({ changes: [deleteContact(publicKey)] })
      return publicKey
    }
    const {
      name: _name,
      security: _security,
      ...known
    } = (await getContact(stage, publicKey)) ?? {
      publicKey,
      addedAtMs: nowMs(),
    }
    await meet(stage, publicKey)
    stage.add({ changes: [putContact({ ...known, ...contactFacts(value) })] })
    return publicKey
  }

  return {
    async all(stage, { contacts, publicChats, chats = [] }, sentMs) {
      const entries = [
        ...chats.map((chat) => entryOfChat(chat, self)),
        ...publicChats.map((chat) => entryOfChat({ ...chat, kind: 2, tags: [] }, self)),
        ...contacts.map((contact) => entryOfContact(contact, self)),
      ].filter((entry) => entry !== undefined)
      const isFit = ({ clock }: Entry): boolean => validateClock(clock, sentMs).ok
      if (entries.length > 0 && !entries.some(isFit)) return 'clock-too-high'
      return take(stage, entries.filter(isFit))
    },

    async publicChat(stage, { clock, id }, sentMs) {
      const verdict = validateClock(clock, sentMs)
      if (!verdict.ok) return verdict.reason
      const entry = entryOfChat({ clock, id, kind: 2, tags: [] }, self)
      if (!entry) return 'wrong-chat'
      return take(stage, (await current(stage, entry)) ? [] : [entry])
    },

    async contact(stage, said, sentMs) {
      const verdict = validateClock(said.clock, sentMs)
      if (!verdict.ok) return verdict.reason
      const entry = entryOfContact({ ...said, systemTags: [':contact/added'], localName: said.ensName }, self)
      if (!entry) return 'wrong-chat'
      const known = await current(stage, entry)
      return take(stage, known && known.value !== '' ? [] : [entry])
    },
  }
}
