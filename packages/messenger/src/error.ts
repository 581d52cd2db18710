import { CodedError } from '@status-protocol/bytes'

export type MessengerErrorCode =
  /** Not a chat: neither `#name` nor a public key nor the id of a group. */
  | 'invalid-chat'
  /** Blank or longer than {@link MAX_TEXT_BYTES}. */
  | 'invalid-text'
  /** Sending to or reading from a public chat or a group that was not joined. */
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
  /** No group with that id is known. */
  | 'no-such-group'
  /** The rules of the group do not allow it: not an admin, not invited, or nothing to do. */
  | 'not-allowed'
  /** A name or a member that is none. */
  | 'invalid-group'
  /** Somebody's client could not be in the group with the others: a group speaks one generation. */
  | 'mixed-generations'
  /** More members or bytes than a group can have here; the message names size and limit. */
  | 'too-large'
  /** The person is not among the contacts. */
  | 'no-such-contact'
  /** Nobody has asked for that, or it was answered already. */
  | 'no-such-request'
  /** The person is blocked: nothing is written to them. */
  | 'blocked'
  /** A name or picture of ours that is too long, or none. */
  | 'invalid-profile'
  /** A sticker or image that is none, or too large; an amount, an address, a hash or a signature that is none. */
  | 'invalid-content'
  /** {@link MAX_OUTBOX} messages wait already. */
  | 'outbox-full'
  /** The store refused to read or write. Whether what was asked for is stored is not known. */
  | 'storage-failed'
  /** A value that is none of those that were asked for; the message names it. */
  | 'invalid-argument'
  /** The messenger was closed. */
  | 'closed'
  /** These bytes are no export of an account. */
  | 'not-an-export'
  /** An export of a newer version. */
  | 'too-new'
  /** Of an export. */
  | 'wrong-password'
  /** An export that is not what was written: nothing of it may be used. */
  | 'damaged-export'
  /** What is stored cannot be read: another program wrote there, or the store is damaged. */
  | 'damaged-store'

/** What this package throws; never holds keys or message texts. */
export class MessengerError extends CodedError<MessengerErrorCode> {}
