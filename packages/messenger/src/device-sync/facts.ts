/**
 * What our devices tell each other of a chat, of another person or of their owner, as one text: two devices agree when their
 * texts are the same. Of two that differ the one with the higher clock counts. A clock is that of what our owner did: what the
 * other person did after it has no clock of its own, so that it never undoes what was done on another device meanwhile.
 */
import { equal, type PublicKey, to0xHex, utf8 } from '@status-protocol/bytes'
import {
  CHAT_MESSAGE_TYPES,
  type SyncAccount,
  type SyncChat,
  type SyncContact,
} from '@status-protocol/payload'
import { type Chat, type ChatId, chatIdOnTheWire, chatWithId, parseChat } from '../chat.ts'
import { type OwnProfile, profileTold } from '../contacts/profile.ts'
import type { Told } from '../contacts/relation.ts'
import type { ContactState } from '../contacts/states.ts'
import type { Security } from '../message.ts'
import type { ChatRecord, ContactRecord } from '../tables.ts'
import type { Entry, Subject } from './tables.ts'

/** As the Go clients write them, and as only ours do. */
export const TAGS = {
  added: ':contact/added',
  blocked: ':contact/blocked',
  asked: ':contact/request-received',
  sent: ':contact/request-sent',
  dismissed: ':contact/dismissed',
  security: ':security/',
  left: ':chat/left',
} as const
const SECURITIES: readonly Security[] = ['whisper', 'dh', 'ratchet']
/** UTF-8 bytes of what a person calls a contact; a longer name is not passed on, nor taken. */
export const MAX_LOCAL_NAME_BYTES = 1_000

/** Where we stand with a person by our own doing. What only they did, each device hears for itself. */
type OwnState = Exclude<ContactState, 'none' | 'received'>

/** What counts of another person. */
export interface PersonFacts {
  /** One of those who are remembered, maybe under a name and with a choice. */
  readonly contact?: true
  readonly name?: string
  readonly security?: Security
  readonly state?: OwnState
}

/** `here`, `left`, or nothing: it never was ours. A chat that only a stranger wrote in is none of ours. */
export function chatValue(record: ChatRecord | undefined, before: string | undefined): string {
  if (record && !record.left && !record.unasked) return 'here'
  return before ? 'left' : ''
}

/** Nothing: nobody to us. */
export function personValue(record: ContactRecord | undefined, state: ContactState): string {
  const { name, security } = record ?? {}
  const isFit = name !== undefined && utf8(name).length <= MAX_LOCAL_NAME_BYTES
  return textOf({
    ...(record ? { contact: true } : {}),
    ...(isFit && name ? { name } : {}),
    ...(security ? { security } : {}),
    ...(state !== 'none' && state !== 'received' ? { state } : {}),
  })
}

export function personFacts(value: string): PersonFacts {
  return value === '' ? {} : (JSON.parse(value) as PersonFacts)
}

export function profileValue({ name, picture }: Omit<OwnProfile, 'changedAtMs'>): string {
  return textOf({ ...(name ? { name } : {}), ...(picture ? { picture } : {}) })
}

export function profileFacts(value: string): Omit<OwnProfile, 'changedAtMs'> {
  return value === '' ? {} : (JSON.parse(value) as OwnProfile)
}

export function supersedes(said: Entry, known: Entry | undefined): boolean {
  if (!known) return true // also what is gone before it was heard of: an older word must not bring it back
  if (said.clock !== known.clock) return said.clock > known.clock
  const [mine, theirs] = [rankOf(known.value), rankOf(said.value)]
  return theirs === mine ? said.value > known.value : theirs > mine
}

/** Whether what changed was the other person's doing: they asked us, who had asked them or had dismissed them. */
export function isByThem(before: string, after: string): boolean {
  const [was, is] = [stateOf(before), stateOf(after)]
  const isAnswer = (was === 'sent' && is === 'mutual') || (was === 'dismissed' && is === undefined)
  return isAnswer && withoutState(before) === withoutState(after)
}

/** Of the same doing of ours: what the other person did after it comes later. */
const STATE_RANKS: readonly (OwnState | undefined)[] = ['dismissed', undefined, 'sent', 'mutual', 'blocked']

function rankOf(value: string): number {
  return STATE_RANKS.indexOf(stateOf(value))
}

/** Texts of people are JSON objects; the others have no state. */
function stateOf(value: string): OwnState | undefined {
  return value.startsWith('{') ? personFacts(value).state : undefined
}

function withoutState(value: string): string {
  const { state: _state, ...others } = personFacts(value)
  return textOf(others)
}

function textOf(facts: object): string {
  return Object.keys(facts).length > 0 ? JSON.stringify(facts) : ''
}

// --- on the wire -----------------------------------------------------------------------------------------------------------

export function syncChat(id: string, { clock, value }: Entry): SyncChat {
  const chat = chatWithId(id as ChatId)
  const kind = chat.kind === 'public' ? CHAT_MESSAGE_TYPES.publicGroup : CHAT_MESSAGE_TYPES.oneToOne
  return { clock, id: chatIdOnTheWire(chat), kind, tags: value === 'left' ? [TAGS.left] : [] }
}

/** Undefined: a chat of a kind that is not synced so, a name that nobody can join, or ourselves. */
export function entryOfChat(
  { clock, id, kind, tags }: SyncChat,
  self: PublicKey,
): (Subject & Entry) | undefined {
  const isPublic = kind === CHAT_MESSAGE_TYPES.publicGroup
  if (!isPublic && kind !== CHAT_MESSAGE_TYPES.oneToOne) return undefined
  const chat = chatNamed(isPublic ? `#${id}` : id)
  if (!chat || chat.kind === 'group' || (chat.kind === 'one-to-one' && equal(chat.publicKey, self)))
    return undefined
  return { kind: 'chat', id: chat.id, clock, value: tags.includes(TAGS.left) ? 'left' : 'here' }
}

/** @param told what they said of themselves, with the clock of that */
export function syncContact(id: string, { clock, value }: Entry, told?: Told): SyncContact {
  const { contact, name, security, state } = personFacts(value)
  return {
    type: 'sync-contact',
    clock,
    id,
    profileImage: told?.picture ?? '',
    ensName: told?.name ?? '',
    lastUpdated: told?.clock ?? 0n,
    systemTags: [
      ...(contact ? [TAGS.added] : []),
      ...(state === 'blocked' ? [TAGS.blocked] : []),
      ...(state === 'dismissed' ? [TAGS.dismissed] : []),
      ...(state === 'sent' || state === 'mutual' ? [TAGS.sent] : []),
      ...(state === 'mutual' ? [TAGS.asked] : []),
      ...(security ? [`${TAGS.security}${security}`] : []),
    ],
    ...(name ? { localName: name } : {}),
  }
}

/** Undefined: no person, or ourselves. */
export function entryOfContact(
  { clock, id, systemTags, localName: name = '' }: SyncContact,
  self: PublicKey,
): (Subject & Entry) | undefined {
  const chat = chatNamed(id)
  if (chat?.kind !== 'one-to-one' || equal(chat.publicKey, self)) return undefined
  const security = SECURITIES.find((one) => systemTags.includes(`${TAGS.security}${one}`))
  const isAdded = systemTags.includes(TAGS.added)
  const state = stateIn(systemTags)
  const value = textOf({
    ...(isAdded ? { contact: true } : {}),
    ...(isAdded && name !== '' && utf8(name).length <= MAX_LOCAL_NAME_BYTES ? { name } : {}),
    ...(isAdded && security ? { security } : {}),
    ...(state ? { state } : {}),
  })
  return { kind: 'contact', id: to0xHex(chat.publicKey), clock, value }
}

function stateIn(tags: readonly string[]): OwnState | undefined {
  if (tags.includes(TAGS.blocked)) return 'blocked'
  if (tags.includes(TAGS.dismissed)) return 'dismissed'
  if (!tags.includes(TAGS.sent)) return undefined
  return tags.includes(TAGS.asked) ? 'mutual' : 'sent'
}

export function syncAccount({ clock, value }: Entry): SyncAccount {
  const { name, picture = '' } = profileFacts(value)
  return {
    type: 'sync-account',
    clock,
    profileImage: picture,
    lastUpdated: clock,
    ...(name ? { name } : {}),
  }
}

/** Undefined: a name too long. */
export function entryOfProfile(clock: bigint, name: string, picture: string): (Subject & Entry) | undefined {
  const profile = profileTold(name, picture)
  return profile && { ...OWN_PROFILE, clock, value: profileValue(profile) }
}

export const OWN_PROFILE: Subject = { kind: 'profile', id: 'own' }

export function chatNamed(text: string): Chat | undefined {
  try {
    return parseChat(text)
  } catch {
    return undefined
  }
}
