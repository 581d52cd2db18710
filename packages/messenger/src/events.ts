import type { PublicKey } from '@status-protocol/bytes'
import type { ChatId } from './chat.ts'
import type { DeliveryState, Message, MessageIdText, Security } from './message.ts'

/** A message of somebody else's arrived. */
export interface MessageEvent {
  readonly type: 'message'
  readonly chat: ChatId
  readonly message: Message
  readonly security: Security
  /** A message with a higher clock was there before: lists must insert, not append. */
  readonly late: boolean
}

/** An own message got further, or did not. */
export interface DeliveryEvent {
  readonly type: 'delivery'
  readonly chat: ChatId
  readonly messageId: MessageIdText
  /** The recipient of a private message. */
  readonly to?: PublicKey
  readonly state: DeliveryState
  /** With `delivered`: which of the recipient's installations has it. There is one event for each. */
  readonly installation?: string
  readonly reason?: string
}

/** A private message came that no key of ours opens. */
export interface UndecryptableEvent {
  readonly type: 'undecryptable'
  /** Who signed the envelope. */
  readonly from: PublicKey
  /** A stable word of the security layer. */
  readonly reason: string
  /** They were sent our keys: what they write once they have them can be read, and what was not acknowledged comes again. */
  readonly healing: boolean
}

/** Something became known of a device, of ours or of a contact's. */
export interface DeviceEvent {
  readonly type: 'device'
  /** Whose it is; our own key for our own other ones. */
  readonly of: PublicKey
  readonly installationId: string
  /**
   * `new`: heard of for the first time. `pre-key`: it renewed its keys, as each does once a day. `returned`: it was not
   * written to any more, since its owner had left it out for a week, and is again.
   */
  readonly change: 'new' | 'pre-key' | 'returned'
  /** Whether it is written to. Our own ones are not before a person enables them. */
  readonly enabled: boolean
}

/**
 * What happened, in order. Stored in the commit of the input that caused it, so that a reader who was away goes on with
 * `events({ after: seq })`.
 */
export type MessengerEvent = { readonly seq: bigint } & NewEvent
export type NewEvent = MessageEvent | DeliveryEvent | UndecryptableEvent | DeviceEvent
