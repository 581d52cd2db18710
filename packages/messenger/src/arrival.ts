/** What became of a ProtocolMessage that was received, and of what we had sent. */
import type { PublicKey } from '@status-protocol/bytes'
import type { InstallationNews, Refused } from '@status-protocol/double-ratchet'
import type { RefusalReason } from '@status-protocol/mvds'
import type { MessageIdText, Security } from './message.ts'
import type { Parcel } from './parcel.ts'

/** What a received ProtocolMessage turned out to be. */
export type Arrival = (Heard | Unread) & {
  /** Of the sender's installations. */
  readonly news: readonly InstallationNews[]
  readonly wakeAtMs: number | undefined
}

/** Bodies of messages, each a wrapper, and what became of own ones. */
export interface Heard {
  readonly ok: true
  readonly bodies: readonly Uint8Array[]
  /** When data sync began to carry each of them; none for what came without it. */
  readonly appendedSeconds: readonly bigint[]
  readonly security: Security
  /** They have written with forward secrecy before, and this has none. */
  readonly downgraded: boolean
  /** Own messages that the sender's installation has. */
  readonly acked: readonly MessageIdText[]
  /** Which of the sender's installations wrote; its own word. */
  readonly installationId: string
  readonly gaveUp: readonly GivenUp[]
  /** What data sync did not take. */
  readonly refused: readonly { readonly reason: RefusalReason | 'not-own-device'; readonly count: number }[]
}

interface Unread {
  readonly ok: false
  readonly reason: Refused['reason']
  /** Our bundle for whoever wrote it, to be sent. */
  readonly answers: readonly Unnumbered[]
  /** It was answered so, now or before. */
  readonly isHealing: boolean
}

/** A parcel before it has its place among the others. */
export type Unnumbered = Omit<Parcel, 'number'>

/** Something that a person was sent as often as allowed, and never acknowledged. */
export interface GivenUp {
  readonly to: PublicKey
  /** The own message in it, if it was one. */
  readonly id: MessageIdText | undefined
}
