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
}

/**
 * What happened, in order. Stored in the commit of the input that caused it, so that a reader who was away goes on with
 * `events({ after: seq })`.
 */
export type MessengerEvent = { readonly seq: bigint } & (MessageEvent | DeliveryEvent | UndecryptableEvent)
export type NewEvent = MessageEvent | DeliveryEvent | UndecryptableEvent
