import { CodedError } from '@status-protocol/bytes'

export type MessengerErrorCode =
  /** Not a chat: neither `#name` nor a public key. */
  | 'invalid-chat'
  /** Blank or longer than {@link MAX_TEXT_BYTES}. */
  | 'invalid-text'
  /** Sending to or reading from a public chat that was not joined. */
  | 'not-joined'
  /** No message with that id is stored. */
  | 'no-such-message'
  /** A security that does not fit: a public chat is what everybody who knows its name can read. */
  | 'invalid-security'
  /** Only `ratchet` was chosen, and the other person's keys are not known yet. */
  | 'no-forward-secrecy'
  /** A deniable chat, and not all devices of the other person are known to read there. */
  | 'not-deniable'
  /** No device of this person has that id, as far as is known. */
  | 'no-such-device'
  /** The person is not among the contacts. */
  | 'no-such-contact'
  /** {@link MAX_OUTBOX} messages wait already. */
  | 'outbox-full'
  /** The store refused to read or write. Whether what was asked for is stored is not known. */
  | 'storage-failed'
  /** The messenger was closed. */
  | 'closed'
  /** What is stored cannot be read: another program wrote there, or the store is damaged. */
  | 'damaged-store'

/** What this package throws; never holds keys or message texts. */
export class MessengerError extends CodedError<MessengerErrorCode> {}
