/**
 * The composition of all layers: accounts, chats, messages, events.
 *
 * ```ts
 * import { createMessenger } from '@status-protocol/messenger'
 * const messenger = await createMessenger({ account, storage, whisper })
 * await messenger.join('#status')
 * for await (const event of messenger.events())
 *   if (event.type === 'message' && event.message.text === 'ping') await messenger.reply(event, 'pong')
 * ```
 */

export type { Dropped, Messenger, MessengerOptions, SendOptions } from './api.ts'
export { type Chat, type ChatId, oneToOneChat, parseChat } from './chat.ts'
export { isAmount } from './commands/amounts.ts'
export type { Command, CommandType } from './commands/command.ts'
export type { Amount, Commands, SentTransaction } from './commands/commands.ts'
export type { CommandEvent } from './commands/events.ts'
export type { CommandState, CommandStatus } from './commands/states.ts'
export { type Contact, type Contacts, openContacts, type Person } from './contacts/contacts.ts'
export type { ContactChange, ContactEvent } from './contacts/events.ts'
export type { NameWarning } from './contacts/names.ts'
export {
  ASK_AGAIN_AFTER_MS,
  CONTACT_UPDATE_EVERY_MS,
  MAX_ASKED_AGAIN,
} from './contacts/people.ts'
export { MAX_NAME_BYTES, type Profile, type ProfileChange } from './contacts/profile.ts'
export type { ContactRequests } from './contacts/requests.ts'
export { CONTACT_EDGES, type ContactInput, type ContactState } from './contacts/states.ts'
export type { MessageContent, Said } from './content.ts'
export type { DeviceSync, OwnDevice, SyncReport } from './device-sync/device-sync.ts'
export type { Device, Devices } from './devices.ts'
export { MessengerError, type MessengerErrorCode } from './error.ts'
export type {
  ChatEvent,
  DeliveryEvent,
  DeviceEvent,
  HistoryChange,
  HistoryProgressEvent,
  MessageEvent,
  MessengerEvent,
  UndecryptableEvent,
} from './events.ts'
export type { Generation } from './generations.ts'
export {
  type CreateGroupOptions,
  type Group,
  type GroupEvent,
  type GroupMember,
  type GroupNote,
  type Groups,
  MAX_GROUP_MEMBERS,
  MAX_GROUP_NAME_BYTES,
  MAX_GROUP_UPDATE_BYTES,
  type Membership,
  type Receipt,
  type RejectedEvent,
} from './groups/group.ts'
export { MAX_INVITATION_BYTES, MAX_INVITATIONS, MAX_STRANGE_GROUPS } from './groups/invitations.ts'
export { MAX_HELD, MAX_HELD_OF_ONE } from './groups/saying.ts'
export type { ChatState, ChatStates } from './history/chat-state.ts'
export { messageTexts, type SearchOptions } from './history/search.ts'
export { type History, openHistory, type PageOptions } from './history.ts'
export type { Rejection } from './inbound.ts'
export type { Mail, MailOptions, MailResult, MailWish } from './mail/api.ts'
export type { DeliveryState, Message, MessageIdText, Security } from './message.ts'
export { createMessenger } from './messenger.ts'
export { checkedText, MAX_ATTEMPTS, MAX_OUTBOX, MAX_TEXT_BYTES } from './outbound.ts'
export { type ImageType, MAX_IMAGE_BYTES, MAX_PICTURE_BYTES, type Picture, pictureOf } from './pictures.ts'
export { MAX_PUBLIC_PER_MINUTE } from './public-limits.ts'
export { MAX_BYTES_OF_ONE, MAX_STRANGER_BYTES, MAX_STRANGERS } from './strangers.ts'
export { MAX_EVENTS } from './tables.ts'
export type {
  ComposedTrace,
  EncryptedTrace,
  MessengerTrace,
  PostedTrace,
  ReceivedTrace,
  SessionStep,
  SyncedTrace,
  TraceStep,
} from './trace.ts'
export {
  type AccountImport,
  type ExportOptions,
  exportAccount,
  type ImportOptions,
  importAccount,
} from './transfer/account-export.ts'
