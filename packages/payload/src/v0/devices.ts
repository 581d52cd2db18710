/** What the devices of one person told each other in 2019, in the words of v1, and back. */
import { fromHex, to0xHex } from '@status-protocol/bytes'
import { defaultProvider } from '@status-protocol/crypto'
import { chatKind } from '../chat-id.ts'
import type { PairInstallation, SyncAccount, SyncContact, SyncInstallation } from '../devices.ts'
import type { WrapOptions } from '../wrapper.ts'
import type { PairInstallationV0, SyncInstallationV0 } from './message.ts'
import {
  entryOf,
  isTransitArray,
  isTransitKeyword,
  isTransitMap,
  isTransitTagged,
  keyword,
  type TransitMap,
  type TransitValue,
} from './transit.ts'

const ADDED = 'contact/added'
/** What a client of 2019 knows of a contact; others of our tags it would keep without a meaning. */
const TAGS_OF_V0: readonly string[] = [ADDED, 'contact/request-received']

/** Its clock is the time of the transport. The token for notifications has no counterpart. */
export function pairInstallationFromV0(message: PairInstallationV0, sentMs: number): PairInstallation {
  const { installationId, deviceType, name } = message
  return { type: 'pair-installation', clock: BigInt(sentMs), installationId, deviceType, name }
}

/** Without a token: nobody sends notifications for us. */
export function pairInstallationToV0({
  installationId,
  deviceType,
  name,
}: PairInstallation): PairInstallationV0 {
  return { type: 'pair-installation', installationId, deviceType, name, fcmToken: '' }
}

/** Contacts and profile have the times of their last change as clocks, the chat that of the transport. What is malformed is left out. */
export function syncInstallationFromV0(message: SyncInstallationV0, sentMs: number): SyncInstallation {
  const { contacts, account, chat } = message
  const profile = accountIn(account)
  const name = isTransitMap(chat) && entryOf(chat, 'public?') === true ? textIn(chat, 'chat-id') : ''
  return {
    type: 'sync-installation',
    contacts: isTransitMap(contacts) ? contacts.entries.flatMap(contactIn) : [],
    publicChats: name ? [{ type: 'sync-public-chat', clock: BigInt(sentMs), id: name }] : [],
    ...(profile ? { account: profile } : {}),
    chats: [],
  }
}

function contactIn([id, value]: readonly [TransitValue, TransitValue]): SyncContact[] {
  if (typeof id !== 'string' || !isTransitMap(value)) return []
  const lastUpdated = timeIn(value)
  return [
    {
      type: 'sync-contact',
      // A contact that was never changed loses against any other word.
      clock: lastUpdated || 1n,
      id,
      profileImage: textIn(value, 'photo-path'),
      ensName: textIn(value, 'name'),
      lastUpdated,
      systemTags: tagsIn(value),
    },
  ]
}

/** Before there were tags, whoever was not pending had been added. */
function tagsIn(contact: TransitMap): string[] {
  const tags = entryOf(contact, 'system-tags')
  if (isTransitTagged(tags) && isTransitArray(tags.value))
    return tags.value.flatMap((tag) => (isTransitKeyword(tag) ? [`:${tag.keyword}`] : []))
  return entryOf(contact, 'pending?') === false ? [`:${ADDED}`] : []
}

function accountIn(account: TransitValue): SyncAccount | undefined {
  const clock = isTransitMap(account) ? timeIn(account) : 0n
  if (clock === 0n || !isTransitMap(account)) return undefined
  const [name, profileImage] = [textIn(account, 'name'), textIn(account, 'photo-path')]
  return { type: 'sync-account', clock, profileImage, lastUpdated: clock, ...(name ? { name } : {}) }
}

function textIn(map: TransitMap, key: string): string {
  const value = entryOf(map, key)
  return typeof value === 'string' ? value : ''
}

/** Unix milliseconds; 0 if there are none. */
function timeIn(map: TransitMap): bigint {
  const value = entryOf(map, 'last-updated')
  return typeof value === 'bigint' && value > 0n ? value : 0n
}

/** What a client of 2019 sends in several messages, each of which it reads: what there is none of is an empty map. */
export function syncInstallationToV0(
  { contacts, publicChats, account }: SyncInstallation,
  { crypto = defaultProvider }: WrapOptions = {},
): SyncInstallationV0[] {
  const all: SyncInstallationV0[] = []
  for (let i = 0; i < contacts.length; i += CONTACTS_OF_ONE) {
    const entries = contacts.slice(i, i + CONTACTS_OF_ONE).flatMap((contact) => {
      if (chatKind(contact.id) !== 'one-to-one') return []
      const address = to0xHex(crypto.keccak256(fromHex(contact.id).slice(1)).slice(12))
      return [[contact.id, contactMap(contact, address)] as const]
    })
    if (entries.length > 0) all.push(syncOf({ contacts: { entries } }))
  }
  if (account) {
    const { name = '', profileImage, lastUpdated } = account
    all.push(syncOf({ account: mapOf({ name, 'photo-path': profileImage, 'last-updated': lastUpdated }) }))
  }
  for (const { id } of publicChats) all.push(syncOf({ chat: mapOf({ 'public?': true, 'chat-id': id }) }))
  return all
}

/** As many as that client puts into one message. */
const CONTACTS_OF_ONE = 4
const NOTHING: TransitMap = { entries: [] }

function contactMap(
  { id, ensName, lastUpdated, clock, systemTags }: SyncContact,
  address: string,
): TransitMap {
  const isAdded = systemTags.includes(`:${ADDED}`)
  const tags = TAGS_OF_V0.filter((tag) => systemTags.includes(`:${tag}`)).map(keyword)
  return mapOf({
    'public-key': id,
    name: ensName,
    address,
    // The newer word counts there: that of our person, not that of the contact.
    'last-updated': clock > lastUpdated ? clock : lastUpdated,
    'system-tags': { tag: 'set', value: tags },
    'pending?': !isAdded,
  })
}

function syncOf({ contacts = NOTHING, account = NOTHING, chat = NOTHING }): SyncInstallationV0 {
  return { type: 'sync-installation', contacts, account, chat }
}

function mapOf(fields: Record<string, TransitValue>): TransitMap {
  return { entries: Object.entries(fields).map(([name, value]) => [keyword(name), value]) }
}
