/** All that an {@link unwrap}ped payload can be: one tagged union, one table. */
import { type ChatMessage, chatMessageCodec } from './chat-message.ts'
import type { Codec } from './codec.ts'
import { type ContactUpdate, contactUpdateCodec } from './contact-update.ts'
import {
  type PairInstallation,
  pairInstallationCodec,
  type SyncAccount,
  type SyncContact,
  type SyncInstallation,
  type SyncPublicChat,
  syncAccountCodec,
  syncContactCodec,
  syncInstallationCodec,
  syncPublicChatCodec,
} from './devices.ts'
import { PayloadError } from './error.ts'
import { type MembershipUpdate, membershipUpdateCodec } from './membership-update.ts'
import {
  type AcceptRequestAddressForTransaction,
  acceptAddressCodec,
  type DeclineRequestAddressForTransaction,
  type DeclineRequestTransaction,
  declineAddressCodec,
  declineTransactionCodec,
  type RequestAddressForTransaction,
  type RequestTransaction,
  requestAddressCodec,
  requestTransactionCodec,
  type SendTransaction,
  sendTransactionCodec,
} from './transactions.ts'

/** A message of a type that this version does not know: kept and passed on byte for byte. */
export interface UnknownMessage {
  readonly type: 'unknown'
  /** The wrapper's type number; 0 when the sender set none. */
  readonly wireType: number
  readonly payload: Uint8Array
}

export type Message =
  | ChatMessage
  | ContactUpdate
  | MembershipUpdate
  | PairInstallation
  | SyncInstallation
  | RequestAddressForTransaction
  | AcceptRequestAddressForTransaction
  | DeclineRequestAddressForTransaction
  | RequestTransaction
  | SendTransaction
  | DeclineRequestTransaction
  | SyncContact
  | SyncAccount
  | SyncPublicChat
  | UnknownMessage

export type KnownMessage = Exclude<Message, UnknownMessage>
export type MessageType = KnownMessage['type']

/** The wrapper's type number of every kind of message. */
export const MESSAGE_TYPES: Readonly<Record<MessageType, number>> = {
  chat: 1,
  'contact-update': 2,
  'membership-update': 3,
  'pair-installation': 4,
  'sync-installation': 5,
  'request-address-for-transaction': 6,
  'accept-request-address-for-transaction': 7,
  'decline-request-address-for-transaction': 8,
  'request-transaction': 9,
  'send-transaction': 10,
  'decline-request-transaction': 11,
  'sync-contact': 12,
  'sync-account': 13,
  'sync-public-chat': 14,
}

const CODECS: { readonly [T in MessageType]: Codec<Extract<KnownMessage, { type: T }>> } = {
  chat: chatMessageCodec,
  'contact-update': contactUpdateCodec,
  'membership-update': membershipUpdateCodec,
  'pair-installation': pairInstallationCodec,
  'sync-installation': syncInstallationCodec,
  'request-address-for-transaction': requestAddressCodec,
  'accept-request-address-for-transaction': acceptAddressCodec,
  'decline-request-address-for-transaction': declineAddressCodec,
  'request-transaction': requestTransactionCodec,
  'send-transaction': sendTransactionCodec,
  'decline-request-transaction': declineTransactionCodec,
  'sync-contact': syncContactCodec,
  'sync-account': syncAccountCodec,
  'sync-public-chat': syncPublicChatCodec,
}

const TYPE_OF_NUMBER: ReadonlyMap<number, MessageType> = new Map(
  (Object.entries(MESSAGE_TYPES) as [MessageType, number][]).map(([type, number]) => [number, type]),
)

/** The wrapper's type number for a message. */
export function wireTypeOf(message: Message): number {
  return message.type === 'unknown' ? message.wireType : MESSAGE_TYPES[message.type]
}

/**
 * A payload by the wrapper's type number; a number that is not known gives an {@link UnknownMessage}.
 *
 * @throws PayloadError `malformed`
 */
export function decodeMessage(wireType: number, payload: Uint8Array): Message {
  const type = TYPE_OF_NUMBER.get(wireType)
  return type ? CODECS[type].decode(payload) : { type: 'unknown', wireType, payload: payload.slice() }
}

/**
 * Fields in order of their numbers, fields not known to us last as they came; an unknown message byte for byte.
 *
 * @throws PayloadError `invalid-argument` or `out-of-range`, naming the field
 */
export function encodeMessage(message: Message): Uint8Array {
  if (message.type === 'unknown') return message.payload.slice()
  const codec = CODECS[message.type] as Codec<KnownMessage> | undefined
  if (!codec)
    throw new PayloadError(
      'invalid-argument',
      `message.type: expected one of ${Object.keys(MESSAGE_TYPES).join(', ')}`,
    )
  return codec.encode(message)
}
