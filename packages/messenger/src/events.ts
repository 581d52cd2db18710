import type { PublicKey } from '@status-protocol/bytes'
import type { ChatId } from './chat.ts'
import type { CommandEvent } from './commands/events.ts'
import type { ContactEvent } from './contacts/events.ts'
import type { GroupEvent } from './groups/group.ts'
import type { DeliveryState, Message, MessageIdText, Security } from './message.ts'

/** A message of somebody else's arrived. */
export interface MessageEvent {
  readonly type: 'message'
  readonly chat: ChatId
  readonly message: Message
  readonly security: Security
  /** A message with a higher clock was there before: lists must insert, not append. */
  readonly late: boolean
  /** The chat or the person is muted: nothing that anybody needs to be disturbed for. */
  readonly muted?: boolean
}

/** An own message got further, or did not; or another device of ours wrote it, and it is here now. */
export interface DeliveryEvent {
  readonly type: 'delivery'
  readonly chat: ChatId
  readonly messageId: MessageIdText
  /** The recipient of a private message, or one member of a group; without it in a group: the message as a whole. */
  readonly to?: PublicKey
  readonly state: DeliveryState
  /** With `delivered`: which of the recipient's installations has it. There is one event for each. */
  readonly installation?: string
  /** It was written on another device of ours and is here from now on: the only event of a message that `send` did not give. */
  readonly elsewhere?: true
  /** With `elsewhere`: a message with a higher clock was there before. */
  readonly late?: boolean
  /** With `failed` and `unaddressed`, and with a `queued` that waits for something. `blocked`: by us. */
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
   * written to any more, since its owner had left it out for a week, and is again. Of our own ones only: `paired`: it says
   * what it is called. `synced`: it told us of chats and contacts that were changed on it.
   */
  readonly change: 'new' | 'pre-key' | 'returned' | 'paired' | 'synced'
  /** Whether it is written to. Our own ones are not before a person enables them. */
  readonly enabled: boolean
  /** With `paired`. */
  readonly name?: string
  readonly deviceType?: string
  /** With `synced`: chats that were joined or left. */
  readonly chats?: readonly ChatId[]
  /** With `synced`: contacts that were added, named or removed. */
  readonly contacts?: readonly PublicKey[]
}

/** What is known of history that is fetched from mailservers, so far. */
interface HistoryCounts {
  /** Messages of others that were not here before. */
  readonly messages: number
  /** Envelopes of our topics, each once. */
  readonly envelopes: number
  /** All that came. */
  readonly bytes: number
}

/** Times in Unix seconds, both ends included. */
export type HistoryChange =
  /** Mailservers are asked for what is missing of so many topics. */
  | {
      readonly type: 'started'
      readonly topics: number
      readonly servers: number
      readonly fromUnixSeconds: number
      readonly toUnixSeconds: number
    }
  /** At most one a second. */
  | ({
      readonly type: 'progress'
      /** 0 .. 1. */
      readonly fraction: number
      /** At the pace so far; absent until there is one. */
      readonly remainingMs?: number
    } & HistoryCounts)
  /** Another one takes over, if there is one. */
  | { readonly type: 'server-failed'; readonly server: Uint8Array; readonly reason: string }
  /** Nothing is missing. */
  | ({ readonly type: 'done' } & HistoryCounts)
  /** Something is missing still, and will be asked for again. */
  | ({
      readonly type: 'failed'
      readonly reason: string
      readonly missing: readonly { readonly fromUnixSeconds: number; readonly toUnixSeconds: number }[]
    } & HistoryCounts)

/** Messages that were missed are fetched; each comes as an event of its own. */
export interface HistoryProgressEvent {
  readonly type: 'history'
  readonly change: HistoryChange
}

/** How a chat stands now: messages in it were seen, or it was put away, or taken back. */
export interface ChatEvent {
  readonly type: 'chat'
  readonly chat: ChatId
  readonly unread: number
  readonly muted: boolean
  readonly archived: boolean
}

/**
 * What happened, in order. Stored in the commit of the input that caused it, so that a reader who was away goes on with
 * `events({ after: seq })`.
 */
export type MessengerEvent = { readonly seq: bigint } & NewEvent
export type NewEvent =
  | MessageEvent
  | DeliveryEvent
  | UndecryptableEvent
  | DeviceEvent
  | ContactEvent
  | HistoryProgressEvent
  | GroupEvent
  | ChatEvent
  | CommandEvent
