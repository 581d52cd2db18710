/** History: what the messenger is told of mailservers, and what it offers. */
import type { Topic, WhisperLink } from '@status-protocol/whisper'

/** Of mailservers; all of it has a default. */
export interface MailOptions {
  /** What requests are encrypted with. Default: that of the mailservers of Status, `status-offline-inbox`. */
  readonly password?: string
  /**
   * Whether what was missed is fetched by itself: when a mailserver is there, when a chat is joined, and every hour, since
   * the network may not have brought everything. Default true.
   */
  readonly automatic?: boolean
  /** How far back a chat goes that is new here, in seconds. Default one day. */
  readonly newChatSeconds?: number
  /** Nothing older is asked for, in seconds. Default 30 days, as long as mailservers keep it. */
  readonly maxAgeSeconds?: number
  /** How many mailservers have to answer for a stretch, against those that have gaps themselves. Default 1. */
  readonly copies?: number
  /**
   * Topics that nobody reads, asked for beside ours, so that a mailserver cannot tell which are ours. Their mail comes and
   * is thrown away; with 50 topics in a request 2 % of everybody's mail comes as well, with 100 9 %, with 200 30 %. Take the
   * same ones every time. Default: none.
   */
  readonly decoys?: readonly Topic[]
  /** Envelopes a page, 1 to 1,000. Default 1,000. */
  readonly pageSize?: number
  /** How long a mailserver may be silent while it is asked. Default 30 s. */
  readonly timeoutMs?: number
}

export interface MailWish {
  /** Only these. Default: everything that is listened to. */
  readonly chats?: readonly string[]
  /**
   * From then on it is to be complete, now and later; a time that is still to come is now. Default: as it was before, a day
   * for what is new.
   */
  readonly sinceUnixSeconds?: number
  /** Stops it; what came by then stays. */
  readonly signal?: AbortSignal
}

export interface MailResult {
  /** Nothing is missing. Otherwise it is asked for again by itself, or with the next call. */
  readonly isComplete: boolean
  /** Messages of others that were not here before. */
  readonly messages: number
  /** Envelopes of our topics, each once. */
  readonly envelopes: number
  /** All that came, repeats and what is not ours among it. */
  readonly bytes: number
  /** Stretches that are missing in some topic, in order; both ends are included. */
  readonly missing: readonly { readonly fromUnixSeconds: number; readonly toUnixSeconds: number }[]
}

export interface Mail {
  /**
   * The link to a mailserver as the Whisper node is to see it: `whisper.attach(messenger.mail.guard(link))`. From then on
   * the mailserver is asked for what was missed. What it sends unasked is dropped, and it is not trusted in anything else.
   */
  guard(link: WhisperLink): WhisperLink
  /** Node ids (64 bytes) of the mailservers that can be asked now. */
  servers(): readonly Uint8Array[]
  /**
   * Fetches what is missing and resolves when all that came is stored; `history` events tell how it goes. Calls wait for
   * each other. Without a mailserver it ends at once.
   *
   * @throws MessengerError `invalid-argument`, `invalid-chat`, `not-joined`, `closed`
   */
  fetch(wish?: MailWish): Promise<MailResult>
}
