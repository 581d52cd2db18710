/** What a person does about people: the part of the messenger's surface that needs it at work. */
import { type PublicKey, to0xHex } from '@status-protocol/bytes'
import type { Clock, Storage } from '@status-protocol/ports'
import type { Chat } from '../chat.ts'
import { MessengerError } from '../error.ts'
import type { Insist } from '../input.ts'
import type { Stage } from '../stage.ts'
import { type ChatRecord, getChat, getContact, putChat, putContact } from '../tables.ts'
import { isContactsOnly, putContactsOnly, putMuted } from './admission.ts'
import type { Names } from './names.ts'
import type { People } from './people.ts'
import { getProfile, type Profile, type ProfileChange, profileOf } from './profile.ts'
import { isBlocked } from './relation.ts'
import type { ContactInput } from './states.ts'

/**
 * Contacts of each other, by agreement. Adding a contact (`addContact`) is between you and your device; a request tells
 * the person. docs/contacts.md has the states and what leads from one to the other.
 */
export interface ContactRequests {
  /**
   * Asks a person to be contacts of each other, and remembers them; again greets them again. They hear of your profile
   * from now on. If they had asked you, this is the answer.
   *
   * @throws MessengerError `blocked`, `invalid-chat`, `outbox-full`
   */
  requestContact(publicKey: PublicKey, name?: string): Promise<void>
  /** Says yes to somebody who asked, and remembers them. @throws MessengerError `no-such-request`, `blocked` */
  acceptContact(publicKey: PublicKey, name?: string): Promise<void>
  /**
   * Says no to somebody who asked, which they are not told. They can ask again after a week, three times in all.
   *
   * @throws MessengerError `no-such-request`
   */
  dismissContact(publicKey: PublicKey): Promise<void>
  /**
   * Nothing of theirs is read any more: envelopes that they signed are put aside before the sessions decrypt anything, and
   * their topics are not listened to. Nothing goes to them any more, also of what waits (`failed`, reason `blocked`). What they
   * wrote, in any chat, is not shown until they are unblocked; it stays stored.
   */
  block(publicKey: PublicKey): Promise<void>
  /** As if they had never been met. @throws MessengerError `no-such-contact` if they are not blocked */
  unblock(publicKey: PublicKey): Promise<void>
  /** Whether only contacts and people that you wrote to are heard in private. Of others only that they asked is kept. */
  setContactsOnly(on: boolean): Promise<void>
  isContactsOnly(): Promise<boolean>
  /**
   * Messages of a chat, or of a person wherever they write (a public key names both), are stored and told as before, but
   * as `muted`.
   */
  mute(chat: string): Promise<void>
  unmute(chat: string): Promise<void>
  /**
   * What you say of yourself, to everybody you asked or accepted: now, to each new one, and every 48 h. It replaces all that
   * you said before.
   *
   * @throws MessengerError `invalid-profile`
   */
  setProfile(profile: ProfileChange): Promise<void>
  profile(): Promise<Profile>
}

export interface RequestsOptions {
  readonly storage: Storage
  readonly input: Insist
  readonly people: People
  readonly names: Pick<Names, 'changed'>
  readonly clock: Clock
  newChat(chat: Chat): ChatRecord
  /** The chat that somebody names. @throws MessengerError `invalid-chat`, `closed` */
  chatNamed(text: string): Chat
  /** We take part in it by our own choice. */
  enter(stage: Stage, record: ChatRecord): Promise<ChatRecord>
  hear(chat: Chat): Promise<void>
  /** Whether they are with us in a group that we joined. */
  isCompany(person: PublicKey): Promise<boolean>
}

export interface Requests {
  readonly surface: ContactRequests
  /** Remembers a person. @param name undefined: as they were called before; '': no name */
  remember(
    stage: Stage,
    person: { readonly key: PublicKey; readonly name: string | undefined },
    afterwards: (act: () => void) => void,
  ): Promise<void>
}

export function createRequests(options: RequestsOptions): Requests {
  const { storage, input, people, names, clock, chatNamed } = options

  const personNamed = (key: PublicKey): PublicKey => {
    const chat = chatNamed(to0xHex(key))
    return chat.kind === 'one-to-one' ? chat.publicKey : key
  }
  const remember: Requests['remember'] = async (stage, { key, name }, afterwards) => {
    const chat = chatNamed(to0xHex(key))
    const record = (await getChat(stage, chat.id)) ?? options.newChat(chat)
    const { name: before, ...known } = (await getContact(stage, key)) ?? {
      publicKey: key.slice(),
      addedAtMs: clock.wallMs(),
      name: undefined,
    }
    const called = name ?? before
    const contact = putContact({ ...known, ...(called ? { name: called } : {}) })
    stage.add({ changes: [contact, putChat(await options.enter(stage, record))] })
    afterwards(names.changed)
  }
  const befriend = async (key: PublicKey, name: string | undefined, how: 'request' | 'accept') => {
    const person = personNamed(key)
    await input(async (stage, afterwards) => {
      await people.turn(stage, person, how, afterwards)
      await remember(stage, { key: person, name }, afterwards)
    })
    await options.hear(chatNamed(to0xHex(person)))
  }
  const turn = (key: PublicKey, how: ContactInput): Promise<void> => {
    const person = personNamed(key)
    return input((stage, afterwards) => people.turn(stage, person, how, afterwards))
  }
  const setMuted = (text: string, muted: boolean): Promise<void> => {
    const { id } = chatNamed(text)
    return input(async (stage) => stage.add({ changes: [putMuted(id, muted)] }))
  }

  return {
    remember,
    surface: {
      requestContact: (key, name) => befriend(key, name, 'request'),
      acceptContact: (key, name) => befriend(key, name, 'accept'),
      dismissContact: (key) => turn(key, 'dismiss'),
      block: (key) => turn(key, 'block'),
      async unblock(key) {
        const chat = chatNamed(to0xHex(key))
        await turn(key, 'unblock')
        const record = await getChat(storage, chat.id)
        const isOurs = record && !record.unasked && !record.left
        if (isOurs || (await options.isCompany(personNamed(key)))) await options.hear(chat)
      },
      setContactsOnly: (on) => input(async (stage) => stage.add({ changes: [putContactsOnly(on)] })),
      isContactsOnly: () => isContactsOnly(storage),
      mute: (text) => setMuted(text, true),
      unmute: (text) => setMuted(text, false),
      setProfile: (profile) => input((stage, afterwards) => people.setProfile(stage, profile, afterwards)),
      profile: async () => profileOf(await getProfile(storage)),
    },
  }
}

/** @throws MessengerError `blocked` */
export async function expectUnblocked(storage: Pick<Storage, 'get'>, chat: Chat): Promise<void> {
  if (chat.kind === 'one-to-one' && (await isBlocked(storage, chat.publicKey)))
    throw new MessengerError('blocked', 'this person is blocked: unblock them first')
}
