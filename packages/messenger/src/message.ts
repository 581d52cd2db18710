import type { Brand, PublicKey } from '@status-protocol/bytes'
import type { ChatId } from './chat.ts'
import type { NameWarning } from './contacts/names.ts'
import type { MessageContent } from './content.ts'

/** `0x` and 64 hex digits: keccak256(author | wrapper), the same for all who have the message. */
export type MessageIdText = Brand<string, 'MessageIdText'>

/** What keeps a private message private: see ARCHITECTURE.md, "Security modes". */
export type Security = 'whisper' | 'dh' | 'ratchet'

/** Where an own message is on its way. */
export type DeliveryState =
  /** Stored, not yet handed to the network. */
  | 'queued'
  /** Sealed and in our node's pool. */
  | 'sent'
  /** A peer has confirmed that it took the envelope. */
  | 'relayed'
  /** A mailserver of ours has taken it: who is away gets it from there. Only where there is one. */
  | 'archived'
  /** The recipient has acknowledged it (private messages, by data sync). */
  | 'delivered'
  /** Its envelope died before any peer confirmed it; it will be sealed again. */
  | 'expired'
  /** Given up: {@link MAX_ATTEMPTS} envelopes died, nobody acknowledged it, or we have blocked whom it is for. */
  | 'failed'
  /** In a group: nobody else had joined, or we have blocked all who had. It is here, and nobody will ever get it. */
  | 'unaddressed'

/** One message of a chat, own or received. */
export interface Message {
  readonly id: MessageIdText
  readonly chat: ChatId
  /** 65 bytes, proven by the signature. */
  readonly author: PublicKey
  readonly text: string
  /** Lamport clock: messages of a chat are in the order of (clock, id) for everybody. */
  readonly clock: bigint
  /**
   * What its author's device said instead, where that was more than two minutes ahead of the time: `clock` is that time then,
   * as it was here or in the envelope, so that the message stands where it came.
   */
  readonly claimedClock?: bigint
  /** Unix milliseconds by the author's clock; for display, never for order. */
  readonly timestampMs: bigint
  /** As the wire has it: 1 text, 2 sticker, 3 status, 4 emoji, 7 image. */
  readonly contentType: number
  /** What is not plain text. */
  readonly content?: MessageContent
  /** What the author calls themselves in it; not verified. */
  readonly claimedName?: string
  /** Of the text and of that name, which are as they came. */
  readonly warnings?: readonly NameWarning[]
  readonly responseTo?: MessageIdText
  /** Whether this account wrote it. */
  readonly own: boolean
  readonly security: Security
  /** Its author has used a stronger security before: it may not be from them. */
  readonly downgraded?: boolean
  /** Nobody signed it: whoever is shown it has no proof that its author wrote it. */
  readonly deniable?: boolean
  /** Own messages only. */
  readonly delivery?: DeliveryState
  /** With `failed` and `unaddressed`: why. `blocked`: we have blocked whom it was for; it may be there, unacknowledged. */
  readonly deliveryReason?: string
  /**
   * Own messages of a group: how many members they were for (those who had joined), how many of them have it, on how many
   * data sync gave up. It is `delivered` when all have it; with `of` 0 it is `unaddressed`.
   */
  readonly receipts?: { readonly of: number; readonly have: number; readonly failed: number }
  /** Own private messages: the recipient's installations that have acknowledged it. */
  readonly deliveredTo?: readonly string[]
}
