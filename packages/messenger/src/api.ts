/** What a messenger is told and what it offers. */
import type { PublicKey } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import type { Clock, Random, Storage } from '@status-protocol/ports'
import type { Scheduler, WhisperService } from '@status-protocol/whisper'
import type { Chat } from './chat.ts'
import type { Commands } from './commands/commands.ts'
import type { Contacts } from './contacts/contacts.ts'
import type { ContactRequests } from './contacts/requests.ts'
import type { Said } from './content.ts'
import type { DeviceSync } from './device-sync/device-sync.ts'
import type { Devices } from './devices.ts'
import type { MessageEvent, MessengerEvent } from './events.ts'
import type { Groups } from './groups/group.ts'
import type { ChatStates } from './history/chat-state.ts'
import type { History } from './history.ts'
import type { Rejection } from './inbound.ts'
import type { Mail, MailOptions } from './mail/api.ts'
import type { Message, MessageIdText, Security } from './message.ts'
import type { MessengerTrace } from './trace.ts'

export interface MessengerOptions {
  /** Who we are; an `Account` of `@status-protocol/trust` fits. */
  readonly account: { readonly chatKey: { readonly privateKey: Uint8Array; readonly publicKey: PublicKey } }
  /** This process alone writes to it: two on one store would use message keys twice. */
  readonly storage: Storage
  readonly whisper: WhisperService
  /**
   * How private messages are sent where neither the message nor the contact says otherwise: `ratchet` (default; X3DH and
   * Double Ratchet, acknowledged by data sync; the first ones to a person whose bundle is not known yet go as `dh`), `dh`
   * (the same without forward secrecy), or `whisper` (encrypted by the Whisper layer alone; for stores that do not outlive
   * the process).
   */
  readonly security?: Security
  /** What one person may say in one public chat and minute, in envelopes; more are not read. Default 120. */
  readonly publicPerMinute?: number
  /**
   * Also read private messages of clients of 2018 to October 2019, whose ratchet keys were cut to 32 bytes: they are told as
   * `dh`, since their ratchet has no forward secrecy, and nothing is ever written so. Default false.
   */
  readonly truncatedKeys?: boolean
  /** Whether a peer is there. False: nothing is sent until {@link Messenger.setOnline} tells that one is. Default true. */
  readonly online?: boolean
  /** How history is fetched from mailservers, once {@link Messenger.mail} is given one. */
  readonly mail?: MailOptions
  readonly clock?: Clock
  readonly scheduler?: Scheduler
  readonly random?: Random
  readonly crypto?: CryptoProvider
  /** Told what every layer does with each message: sizes, topics, ids and times. Must not throw. Default: nobody is. */
  readonly trace?: (step: MessengerTrace) => void
}

export interface SendOptions {
  readonly responseTo?: MessageIdText
  /**
   * For this message alone, whatever is chosen for the contact: see {@link Contacts.setSecurity}. Less than what the other
   * person can read is sent only where this, or the choice for the contact, says so.
   */
  readonly security?: Security
  /** Emoji, a status line, a sticker, an image; beside the last two the text may be empty. */
  readonly content?: Said
}

/** Something that was kept and is not any more, because there was too much of it. */
export type Dropped =
  /** People who wrote unasked, with their chats and sessions; whoever was silent longest goes first. */
  | 'strangers'
  | 'stranger-messages'
  /** Groups that others put us into and that we never joined; what was heard of longest ago goes first. */
  | 'invitations'
  /** The oldest events. */
  | 'events'
  /** Copies and news for our other devices, of which 1,000 wait already. */
  | 'device-messages'

/** An account at work. Chats are `#name`, a public key in any of its text forms, or the id of a group. */
export interface Messenger extends History, ChatStates, Contacts, ContactRequests {
  readonly publicKey: PublicKey
  /** Devices of people, our own among them. */
  readonly devices: Devices & DeviceSync
  /** What was missed, from mailservers. */
  readonly mail: Mail
  readonly groups: Groups
  /** What two people say about payments. */
  readonly commands: Commands
  /** Listens to a public chat, from now on and after every restart. */
  join(chat: string): Promise<Chat>
  leave(chat: string): Promise<void>
  /** Remembers a person. Again for the same one changes their name. */
  addContact(publicKey: PublicKey, name?: string): Promise<void>
  /**
   * Says something. When it resolves the message is stored and will be sent, also after a crash; what becomes of it
   * comes as `delivery` events.
   *
   * @throws MessengerError `invalid-chat`, `invalid-text`, `not-joined`, `outbox-full`, `invalid-security`,
   *   `no-forward-secrecy`, `not-deniable`, `invalid-content`, `blocked`; in a group `no-such-group`, `too-large`
   */
  send(chat: string, text: string, options?: SendOptions): Promise<Message>
  /**
   * For readers of 2019: what is written here from now on, and after restarts, is Transit; in a private chat also on the
   * discovery topic of that time, where we listen too, and what has no signature but that of its envelope is taken as well;
   * in a public chat with our bundle around it, as 0.36.0 does. What people speak who wrote to us is found out without it.
   *
   * @throws MessengerError `invalid-chat` for a group, `invalid-security` for a deniable chat
   */
  setLegacy(chat: string, isLegacy: boolean): Promise<void>
  /**
   * From now on, and after restarts, nobody can prove to others what we say in this private chat: neither message nor
   * envelope is signed, a session says to the reader alone who wrote. The other side chooses for itself. No Go client reads
   * it. `send` throws `not-deniable` until the other person has said something to us, or told us of themselves as a contact, and
   * again when they have a new device; and until all their devices were heard to know the topic of the two of us.
   *
   * @throws MessengerError `invalid-chat`, `invalid-security` for a public chat or a group
   */
  setDeniable(chat: string, isDeniable: boolean): Promise<void>
  /** Answers a message in its chat. */
  reply(event: MessageEvent, text: string): Promise<Message>
  /** What happens from now on, or all that happened after `after`, as far back as events are kept. */
  events(options?: { readonly after?: bigint }): AsyncIterable<MessengerEvent>
  /** How many payloads were kept out of all chats since the start, by reason. */
  rejected(): ReadonlyMap<Rejection, number>
  /** How much was dropped since the start to stay within bounds. */
  dropped(): ReadonlyMap<Dropped, number>
  /** How many envelopes no peer has confirmed yet. What waits in data sync for people who are away is none of them. */
  underway(): Promise<number>
  /**
   * A hint from whoever has the links. While no peer is there messages wait as they are (`queued`, `expired`) and none is
   * given up; when one comes, public ones are sent at once and private ones that wait for an acknowledgement soon.
   */
  setOnline(isOnline: boolean): void
  close(): Promise<void>
}
