/** What another device of ours says of chats, people and our profile: the newer word counts, whoever said it. */
import { fromHex, type PublicKey, to0xHex } from '@status-protocol/bytes'
import type { ContactUpdate, SyncContact, SyncInstallation, SyncPublicChat } from '@status-protocol/payload'
import { threeWordName } from '@status-protocol/trust'
import { type Chat, type ChatId, chatWithId } from '../chat.ts'
import { timely } from '../clock-bounds.ts'
import { getProfile, profileTold, putProfile } from '../contacts/profile.ts'
import { getRelation, putRelation, type Relation } from '../contacts/relation.ts'
import { type ContactState, isAdded } from '../contacts/states.ts'
import type { Rejection } from '../inbound.ts'
import type { Stage } from '../stage.ts'
import { type ChatRecord, deleteContact, getChat, getContact, putChat, putContact } from '../tables.ts'
import {
  chatNamed,
  entryOfChat,
  entryOfContact,
  entryOfProfile,
  type PersonFacts,
  personFacts,
  profileFacts,
  supersedes,
  TAGS,
} from './facts.ts'
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
  /** Who was added, changed, removed, blocked; 65 bytes each. */
  readonly people: readonly PublicKey[]
  readonly blocked: readonly PublicKey[]
}

/** What is said is taken with its clock, however wrong that is: see {@link clockFault}. */
export interface Taking {
  /** `atMs`: when it was said, or is heard. */
  all(stage: Stage, said: SyncInstallation, atMs: number): Promise<Taken | Rejection>
  /** As Go clients say it: what is known already stays. */
  publicChat(stage: Stage, said: SyncPublicChat): Promise<Taken | Rejection>
  contact(stage: Stage, said: SyncContact): Promise<Taken | Rejection>
  /** As clients of 2019 say it: what is known already stays, as above. */
  legacy(stage: Stage, said: SyncInstallation): Promise<Taken | Rejection>
  /** Go clients say of themselves what they say to others; without a name and a picture they have nothing to say. */
  profile(stage: Stage, said: ContactUpdate): Promise<Taken | Rejection>
}

export function createTaking({ publicKey: self, newChat, meet, nowMs }: TakingOptions): Taking {
  const take = async (stage: Stage, entries: readonly (Subject & Entry)[]): Promise<Taken> => {
    const joined: Chat[] = []
    const left: Chat[] = []
    const people: PublicKey[] = []
    const blocked: PublicKey[] = []
    let highest = 0n
    for (const { clock } of entries) if (clock > highest) highest = clock
    await observe(stage, highest, nowMs())
    for (const said of entries) {
      const known = await current(stage, said)
      if (!supersedes(said, known)) continue
      stage.add({ changes: [putEntry(said, { clock: said.clock, value: said.value })] })
      if (said.value === (known?.value ?? '')) continue
      if (said.kind === 'profile') await takeProfile(stage, said)
      else if (said.kind === 'chat') (said.value === 'here' ? joined : left).push(await takeChat(stage, said))
      else {
        const facts = personFacts(said.value)
        people.push(await takePerson(stage, said, facts))
        if (facts.state === 'blocked') blocked.push(fromHex(said.id) as PublicKey)
      }
    }
    return { joined, left, people, blocked }
  }

  const takeChat = async (stage: Stage, { id, value }: Subject & Entry): Promise<Chat> => {
    const chat = chatWithId(id as ChatId)
    const { left: _left, unasked: _unasked, ...record } = (await getChat(stage, chat.id)) ?? newChat(chat)
    if (value === 'here' && chat.kind === 'one-to-one') await meet(stage, chat.publicKey)
    stage.add({ changes: [putChat(value === 'here' ? record : { ...record, left: true, unasked: true })] })
    return chat
  }

  const takePerson = async (stage: Stage, { id }: Subject, facts: PersonFacts): Promise<PublicKey> => {
    const publicKey = fromHex(id) as PublicKey
    const { contact, state = 'none', ...chosen } = facts
    const {
      name: _name,
      security: _security,
      ...known
    } = (await getContact(stage, publicKey)) ?? {
      publicKey,
      addedAtMs: nowMs(),
    }
    if (contact || isAdded(state)) await meet(stage, publicKey)
    stage.add({ changes: [contact ? putContact({ ...known, ...chosen }) : deleteContact(publicKey)] })
    takeState(stage, await getRelation(stage, publicKey), state)
    return publicKey
  }

  const takeState = (stage: Stage, before: Relation, said: ContactState): void => {
    const state = stateWith(before.state, said)
    if (state === before.state) return
    // Whoever asked or accepted there has told them of us as well.
    const told = isAdded(state) ? { toldAtMs: before.toldAtMs ?? nowMs() } : {}
    const change = { kind: 'state', before: before.state, state, by: 'us' } as const
    stage.add({
      changes: putRelation({ ...before, ...told, state, sinceMs: nowMs() }),
      events: [{ type: 'contact', publicKey: before.publicKey, change }],
    })
  }

  /** Contacts are told of it by the device where it was said. */
  const takeProfile = async (stage: Stage, { value }: Entry): Promise<void> => {
    const { changedAtMs } = await getProfile(stage)
    stage.add({ changes: [putProfile({ ...profileFacts(value), changedAtMs })] })
  }

  /** What contacts say of themselves, until we hear it from them. */
  const noteTold = async (
    stage: Stage,
    { id, ensName, profileImage }: SyncContact,
    clock: bigint,
  ): Promise<void> => {
    const entry = entryOfContact({ ...NOBODY, id }, self)
    if (!entry || ensName + profileImage === '') return
    const before = await getRelation(stage, fromHex(entry.id) as PublicKey)
    const profile = profileTold(ensName, profileImage)
    if (!profile || (before.told && before.told.clock >= clock)) return
    const picture = profile.picture ?? before.told?.picture
    const told = { ...profile, ...(picture ? { picture } : {}), clock }
    stage.add({ changes: putRelation({ ...before, told }) })
  }

  const taking: Taking = {
    async all(stage, { contacts, publicChats, account, chats }, atMs) {
      const entries = [
        ...chats.map((chat) => entryOfChat(chat, self)),
        ...publicChats.map((chat) => entryOfChat({ ...chat, kind: 2, tags: [] }, self)),
        ...contacts.map((contact) => entryOfContact(contact, self)),
        account && entryOfProfile(account.clock, account.name ?? '', account.profileImage),
      ].filter((entry) => entry !== undefined)
      const [unfit] = entries.map(({ clock }) => clockFault(clock))
      const fit = entries.filter(({ clock }) => !clockFault(clock))
      if (unfit && fit.length === 0) return unfit
      const taken = await take(stage, fit)
      // One less: what they say themselves, with the picture, is newer.
      for (const contact of contacts)
        if (contact.lastUpdated > 0n)
          await noteTold(stage, contact, timely({ clock: contact.lastUpdated }, atMs).message.clock - 1n)
      return taken
    },

    async publicChat(stage, { clock, id }) {
      const fault = clockFault(clock)
      if (fault) return fault
      const entry = entryOfChat({ clock, id, kind: 2, tags: [] }, self)
      if (!entry) return 'wrong-chat'
      return take(stage, (await current(stage, entry)) ? [] : [entry])
    },

    async contact(stage, said) {
      const fault = clockFault(said.clock)
      if (fault) return fault
      const entry = entryOfContact({ ...said, systemTags: [TAGS.added] }, self)
      if (!entry) return 'wrong-chat'
      const { contact, state } = personFacts((await current(stage, entry))?.value ?? '')
      const taken = await take(stage, contact || state === 'blocked' ? [] : [entry])
      await noteTold(stage, said, 1n)
      return taken
    },

    async legacy(stage, { contacts, publicChats, account }) {
      const taken: (Taken | Rejection)[] = []
      for (const said of contacts.filter(({ systemTags }) => systemTags.includes(TAGS.added)))
        taken.push(await taking.contact(stage, { ...said, ensName: realName(said) }))
      for (const said of publicChats) taken.push(await taking.publicChat(stage, said))
      if (account) {
        const { name = '', profileImage, clock } = account
        const ensName = realName({ id: to0xHex(self), ensName: name })
        taken.push(await taking.profile(stage, { type: 'contact-update', clock, ensName, profileImage }))
      }
      return together(taken)
    },

    async profile(stage, { clock, ensName, profileImage }) {
      const fault = clockFault(clock)
      if (fault) return fault
      const entry = entryOfProfile(clock, ensName, profileImage)
      if (!entry) return 'profile-unfit'
      return take(stage, entry.value === '' ? [] : [entry])
    },
  }
  return taking
}

/** Beyond this no device of ours can be honest, and there would be no room for what comes after it. */
const MAX_CLOCK = 2n ** 62n

/**
 * Which clocks are none. All others count as they are, by minutes or a year ahead: they come from a device that our owner
 * enabled, and both must find the same word newer. Only the time of our next ones does not follow them.
 */
function clockFault(clock: bigint): 'clock-zero' | 'clock-too-high' | undefined {
  if (clock === 0n) return 'clock-zero'
  return clock > MAX_CLOCK ? 'clock-too-high' : undefined
}

/** There everybody without a name was called by their three words: that says nothing of them. */
function realName({ id, ensName }: Pick<SyncContact, 'id' | 'ensName'>): string {
  const chat = chatNamed(id)
  return chat?.kind === 'one-to-one' && ensName === threeWordName(chat.publicKey) ? '' : ensName
}

/** What was taken of several; why nothing was, if nothing could be. */
function together(parts: readonly (Taken | Rejection)[]): Taken | Rejection {
  const taken = parts.filter((part) => typeof part !== 'string')
  const [rejection] = parts.filter((part) => typeof part === 'string')
  if (taken.length === 0 && rejection) return rejection
  return {
    joined: taken.flatMap(({ joined }) => joined),
    left: taken.flatMap(({ left }) => left),
    people: taken.flatMap(({ people }) => people),
    blocked: taken.flatMap(({ blocked }) => blocked),
  }
}

const NOBODY: SyncContact = {
  type: 'sync-contact',
  clock: 0n,
  id: '',
  profileImage: '',
  ensName: '',
  lastUpdated: 0n,
  systemTags: [],
}

/** Where we stand with a person who may have asked us here, by what we said there. */
function stateWith(here: ContactState, said: ContactState): ContactState {
  const hasAsked = here === 'received' || here === 'mutual'
  if (said === 'sent') return hasAsked ? 'mutual' : 'sent'
  return said === 'none' && here === 'received' ? 'received' : said
}
