/**
 * What a received payload is, judged without reading any state: who says what to whom, and whether they may
 * (ARCHITECTURE.md, "Who may say what"). Never throws on what a peer sent.
 */
import { equal, type PublicKey, to0xHex } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import type { RefusalReason } from '@status-protocol/mvds'
import {
  CHAT_MESSAGE_TYPES,
  type ChatMessage,
  messageId,
  oneToOneChatId,
  publicKeyOfChatId,
  type Refusal,
  type Unwrapped,
  validateMessage,
} from '@status-protocol/payload'
import { type Chat, type ChatId, oneToOneChat } from './chat.ts'
import { judgedAtMs, timely } from './clock-bounds.ts'
import { contentOf, putImage, unknownText } from './content.ts'
import { openPayload, type Understood } from './generations.ts'
import { noteUnread } from './history/chat-state.ts'
import type { Message, MessageIdText, Security } from './message.ts'
import { elsewhereEvent, type Outcome } from './outbound.ts'
import { type ChatRecord, putChat, putMessage } from './tables.ts'

/** The filter that an envelope was opened with: what we asked for, not what the sender claims. */
export type Source =
  /** The symmetric key of a public chat. */
  | { readonly kind: 'public'; readonly chat: Extract<Chat, { kind: 'public' }> }
  /** Our own key on one of our discovery topics. */
  | { readonly kind: 'private' }

export interface Received {
  readonly payload: Uint8Array
  /** Who signed the Whisper frame. */
  readonly signer?: PublicKey
  readonly sentUnixSeconds: number
  /** An archive handed it over: nobody else looked at when it says that it was sent. */
  readonly direct?: boolean
  /** Its chat is marked for clients of 2019: what has no signature of its own is of whoever signed the frame. */
  readonly isLegacy?: boolean
  /** How it was encrypted; default `whisper`. */
  readonly security?: Security
  /** The layer below says that its sender has used a stronger security before. */
  readonly downgraded?: boolean
  /** Nobody signed what carried it, but it is on a session: whose, this says. */
  readonly sessionOf?: PublicKey
}

/** Why a payload never gets into a message list. Counted by `Messenger.rejected()`. */
export type Rejection =
  /** No Whisper signature. */
  | 'unsigned-envelope'
  /** No wrapper that we understand: another generation, or a ProtocolMessage. */
  | 'not-understood'
  /** The wrapper has no signature. */
  | 'unsigned-message'
  /** Wrapper and Whisper signature are of different keys. */
  | 'author-mismatch'
  /** Of somebody who is blocked; nothing of it was decrypted by the sessions. */
  | 'blocked'
  /** Of somebody who is no contact, where only contacts are heard. */
  | 'not-a-contact'
  /** Its author says more in this public chat than one person may. */
  | 'rate-limited'
  /** A contact update that is older than one that was read. */
  | 'outdated'
  /** A contact update with a name that is too long. */
  | 'profile-unfit'
  /** Somebody whom we said no to asks too soon, or once too often. */
  | 'asked-too-often'
  | 'image-too-large'
  /** A transaction command with a value, an address, a contract, a hash or an id that is none, or too long. */
  | 'command-unfit'
  /** It answers a message that is no request, or not of this kind. */
  | 'no-such-request'
  /** It answers a request that is for the other one of the two to answer. */
  | 'not-theirs-to-answer'
  /** It answers a request that was answered: the first answer counts. */
  | 'answered-already'
  /** A message type that has no meaning here (yet). */
  | 'unsupported-type'
  /** It claims to be from another device of ours: from somebody else, or a device that is not enabled, or not on its session. */
  | 'not-own-device'
  /** A ProtocolMessage for other devices than this one. */
  | 'not-addressed'
  /** A ProtocolMessage that no key of ours opens; there is an event for each. */
  | 'undecryptable'
  /** A ProtocolMessage that was read before, in another envelope or before a restart. */
  | 'repeated'
  /** The store did not take it, or reading it met a defect here. Private ones come again: they were not acknowledged. */
  | 'failed'
  /** More came at once than could be read; how many were missed is not known. */
  | 'overflow'
  /** Envelopes that a mailserver sent though nobody had asked for them. */
  | 'unasked'
  /** It names another chat than the one whose key opened it, or in 1:1 another recipient. */
  | 'wrong-chat'
  /** In a group: somebody who has not joined it, or who has nothing to do with it. */
  | 'not-a-member'
  /** Of a group that we are not in. */
  | 'not-joined'
  /** Events that make no group. */
  | 'invalid-group'
  /** Data sync: of a group that its sender is no member of; ids that are none; more at once than is looked at. */
  | RefusalReason
  | Refusal

export type Judgement =
  | {
      readonly ok: true
      readonly message: Message
      readonly chat: Chat
      /** The bytes of its image. */
      readonly image?: Uint8Array
    }
  | { readonly ok: false; readonly reason: Rejection }

export interface JudgeContext {
  readonly self: PublicKey
  /** By our clock. */
  readonly nowMs: number
  readonly crypto: CryptoProvider
}

/** A payload whose author is proven. */
export interface Authored extends Understood {
  readonly ok: true
  readonly author: PublicKey
  /** By a session alone, whose keys we have too. */
  readonly deniable?: boolean
}

/** Who says what, or why nobody does. */
export function authored(
  received: Received,
  { crypto }: Pick<JudgeContext, 'crypto'>,
): Authored | { readonly ok: false; readonly reason: Rejection } {
  const { payload, sentUnixSeconds, signer, isLegacy } = received
  const unwrapped = openPayload(payload, { crypto, sentUnixSeconds, signer, isLegacy })
  if (!unwrapped) return reject('not-understood')
  if (received.sessionOf && !unwrapped.author && unwrapped.generation === 'v1')
    return deniablyAuthored(unwrapped, received, received.sessionOf, crypto)
  const author = authorOf(unwrapped, { signer: received.sessionOf ?? received.signer })
  return typeof author === 'string' ? reject(author) : { ...unwrapped, author }
}

function deniablyAuthored(
  unwrapped: Understood,
  { payload }: Received,
  author: PublicKey,
  crypto: CryptoProvider,
): Authored {
  return { ...unwrapped, author, messageId: messageId(author, payload, { crypto }), deniable: true }
}

/** Author, chat and content of a received payload, or why it is none of our business. */
export function judge(received: Received, source: Source, context: JudgeContext): Judgement {
  const said = authored(received, context)
  return said.ok ? judgeAuthored(said, received, source, context) : said
}

/** {@link judge} for a payload that was opened already. */
export function judgeAuthored(
  said: Authored,
  received: Received,
  source: Source,
  { self, nowMs }: Pick<JudgeContext, 'self' | 'nowMs'>,
): Judgement {
  const { author, message: opened } = said
  if (opened.type === 'unknown' && source.kind === 'public' && opened.wireType !== 0)
    return { ok: true, chat: source.chat, message: unknownMessage(said, received, source.chat) }
  if (opened.type !== 'chat') return reject('unsupported-type')
  const atMs = judgedAtMs(received, nowMs)
  const { message: content, claimedClock } = timely(opened, atMs)
  const verdict = validateMessage(content, atMs)
  if (!verdict.ok) return reject(verdict.reason)
  const chat = chatOf(content, source, author, self)
  if (!chat) return reject('wrong-chat')
  const read = contentOf(content)
  if (!read.ok) return reject(read.reason)
  const message = messageFrom(said, content, {
    author,
    chat,
    self,
    security: received.security ?? 'whisper',
    ...(received.downgraded ? { downgraded: true } : {}),
    ...(said.deniable ? { deniable: true } : {}),
    claimedClock,
  })
  return {
    ok: true,
    chat,
    message: read.content ? { ...message, content: read.content } : message,
    ...(read.image && { image: read.image }),
  }
}

/** Stores a judged message that was not there before. */
export function accept(
  judged: Message,
  { chat, image, muted, highestClock, isArchived }: ChatRecordIn,
): Outcome {
  const late = judged.clock < chat.lastClock
  const isDowngraded = chat.hasRatchet === true && judged.security !== 'ratchet'
  const message: Message = {
    ...judged,
    ...(isDowngraded ? { downgraded: true } : {}),
    ...(judged.own && !judged.delivery ? { delivery: isArchived ? 'archived' : 'relayed' } : {}),
  }
  const { left: _left, ...heard } = chat
  const { record: told, changes: unread } = noteUnread(heard, message, muted)
  const record: ChatRecord = {
    ...told,
    lastClock: late ? chat.lastClock : boundedClock(message.clock, chat.lastClock, highestClock),
    ...(judged.security === 'ratchet' && !judged.own ? { hasRatchet: true } : {}),
    ...(chat.chat.kind === 'one-to-one' && !judged.own ? { answered: true } : {}),
  }
  return {
    changes: [
      ...putMessage(message),
      ...(image ? [putImage(message.id, image)] : []),
      ...unread,
      putChat(record),
    ],
    events: message.own
      ? [elsewhereEvent(message, chat.chat, late)]
      : [
          {
            ...{ type: 'message', chat: message.chat, message, security: message.security, late },
            ...(muted ? { muted } : {}),
          },
        ],
  }
}

/** What the chat's clock becomes by a message: never more than it was, or than may be believed. */
export function boundedClock(clock: bigint, last: bigint, highest: bigint | undefined): bigint {
  if (highest === undefined || clock <= highest) return clock
  return last > highest ? last : highest
}

interface ChatRecordIn {
  readonly chat: ChatRecord
  readonly image?: Uint8Array | undefined
  /** The chat or the person is. */
  readonly muted?: boolean
  /** The chat's clock is not moved beyond this. */
  readonly highestClock?: bigint | undefined
  /** A mailserver of ours has it. Of an own message of a public chat that is not known here, a peer has it at least. */
  readonly isArchived?: boolean | undefined
}

function authorOf(
  unwrapped: Unwrapped,
  received: { readonly signer: PublicKey | undefined },
): PublicKey | 'unsigned-envelope' | 'unsigned-message' | 'author-mismatch' {
  if (!received.signer) return 'unsigned-envelope'
  if (!unwrapped.author) return 'unsigned-message'
  return equal(unwrapped.author, received.signer) ? unwrapped.author : 'author-mismatch'
}

/** The chat that the message belongs to, if its source, its author and its own words agree. */
function chatOf(content: ChatMessage, source: Source, author: PublicKey, self: PublicKey): Chat | undefined {
  if (source.kind === 'public') {
    const names =
      content.messageType === CHAT_MESSAGE_TYPES.publicGroup && content.chatId === source.chat.name
    return names ? source.chat : undefined
  }
  if (equal(author, self)) return chatOfOwn(content, self)
  const toUs = content.messageType === CHAT_MESSAGE_TYPES.oneToOne && content.chatId === oneToOneChatId(self)
  return toUs ? oneToOneChat(author) : undefined
}

/** Written on another device of ours: the private chat that it names. */
function chatOfOwn({ messageType, chatId }: ChatMessage, self: PublicKey): Chat | undefined {
  const to = messageType === CHAT_MESSAGE_TYPES.oneToOne ? publicKeyOfChatId(chatId) : undefined
  return to && !equal(to, self) ? oneToOneChat(to) : undefined
}

/** Characters of the name that an author claims; what is longer is cut. */
const MAX_CLAIMED_NAME = 256

interface Facts {
  readonly author: PublicKey
  readonly chat: Chat
  readonly self: PublicKey
  readonly security: Security
  readonly downgraded?: boolean
  readonly deniable?: boolean
  readonly claimedClock?: bigint | undefined
}

/** Its type is named, of its content nothing is kept. */
function unknownMessage({ author, messageId, message }: Authored, received: Received, chat: Chat): Message {
  const type = message.type === 'unknown' ? message.wireType : 0
  const timestampMs = BigInt(received.sentUnixSeconds) * 1000n
  return {
    id: to0xHex(messageId) as MessageIdText,
    chat: chat.id,
    author,
    text: unknownText(type),
    clock: timestampMs,
    timestampMs,
    contentType: 0,
    content: { kind: 'unknown', type },
    own: false,
    security: 'whisper',
  }
}

/** A message as it is stored. */
export function messageFrom(
  { messageId: id }: Pick<Unwrapped, 'messageId'>,
  content: ChatMessage,
  { author, chat, self, security, downgraded, deniable, claimedClock }: Facts,
): Message {
  const responseTo = /^0x[0-9a-f]{64}$/.test(content.responseTo) ? content.responseTo : undefined
  return {
    id: to0xHex(id) as MessageIdText,
    chat: chat.id as ChatId,
    author,
    text: content.text,
    clock: content.clock,
    ...(claimedClock === undefined ? {} : { claimedClock }),
    timestampMs: content.timestamp,
    contentType: content.contentType,
    ...(responseTo ? { responseTo: responseTo as MessageIdText } : {}),
    ...(content.ensName ? { claimedName: content.ensName.slice(0, MAX_CLAIMED_NAME) } : {}),
    own: equal(author, self),
    security,
    ...(downgraded ? { downgraded } : {}),
    ...(deniable ? { deniable } : {}),
  }
}

function reject(reason: Rejection): { readonly ok: false; readonly reason: Rejection } {
  return { ok: false, reason }
}
