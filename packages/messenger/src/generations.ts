/**
 * Which payloads a peer speaks: v1 (2020), the protobuf of 0.36.2, or Transit (2019). All are read; what somebody wrote last
 * is what is written to them, unless their chat was marked as `legacy`. The rest of the messenger knows v1 alone.
 */
import type { PublicKey } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import {
  CHAT_MESSAGE_TYPES,
  type ChatMessage,
  type ContactUpdate,
  generationOf,
  nextClock,
  nextClockGo2019,
  oneToOneChatId,
  openWrapper,
  type PayloadGeneration,
  type Unwrapped,
  unwrap,
  unwrapV036,
  wrap,
  wrapPayload,
  wrapV036,
} from '@status-protocol/payload'
import {
  chatMessageToV0,
  decodeMessageV0,
  encodeMessageV0,
  groupUpdateFromV0,
  isMobileClockV0,
  type MessageV0,
  messageFromV0,
  unwrapV0,
  wrapV0,
} from '@status-protocol/payload/v0'
import type { Storage } from '@status-protocol/ports'
import type { Chat } from './chat.ts'
import { getRelation } from './contacts/relation.ts'
import { MessengerError } from './error.ts'
import { type ChatRecord, getChat } from './tables.ts'

/** Generations as people and programs name them. */
export type Generation = PayloadGeneration

/** A payload in the words of v1, and those that it was said in. */
export interface Understood extends Unwrapped {
  readonly generation: Generation
  /** Its clock was one of the mobile client of 2019. Absent: it has none, or is of another generation. */
  readonly countsHundredths?: boolean
}

export interface OpenContext {
  readonly crypto: CryptoProvider
  readonly sentUnixSeconds: number
  /** Who signed the envelope: the author of what has no wrapper, where the chat is `legacy`. */
  readonly signer?: PublicKey | undefined
  readonly isLegacy?: boolean | undefined
}

/** Undefined: of no generation that we know. */
export function openPayload(payload: Uint8Array, context: OpenContext): Understood | undefined {
  const { crypto } = context
  const generation = generationOf(payload)
  if (generation === 'v0') return openV0(payload, context)
  const opened = unwrap(payload, { crypto })
  // Without a type: of 0.36, unless it says nothing at all.
  if (generation === 'v1' || !opened.ok || opened.payload.length === 0)
    return opened.ok ? { ...opened, generation: 'v1' } : undefined
  const chat = unwrapV036(payload, { crypto })
  if (chat.ok && isChat(chat.message)) return { ...chat, generation }
  return openTransit(payload, context) ?? { ...opened, generation: 'v1' }
}

/** Every field of a chat message has a default: what has no chat and no text is none. */
function isChat({ chatId, text, clock }: ChatMessage): boolean {
  return chatId !== '' && text !== '' && clock !== 0n
}

/** Bytes without a wrapper are taken from whoever signed the envelope, where such people are expected. */
function openV0(
  payload: Uint8Array,
  { crypto, sentUnixSeconds, signer, isLegacy }: OpenContext,
): Understood | undefined {
  const opened = unwrapV0(payload, { crypto, ...(signer && { transportSigner: signer }) })
  if (!opened.ok) return undefined
  const message = inV1(opened.message, sentUnixSeconds)
  if (!message) return undefined
  const author = opened.author ?? (isLegacy ? signer : undefined)
  const { messageId, payload: inner } = opened
  const scale =
    opened.message.type === 'chat'
      ? { countsHundredths: isMobileClockV0(opened.message.clock, sentUnixSeconds * 1000) }
      : {}
  return { ok: true, author, messageId, wireType: 0, payload: inner, message, generation: 'v0', ...scale }
}

/** Groups and devices of 0.36.2 are Transit in its wrapper. */
function openTransit(payload: Uint8Array, { crypto, sentUnixSeconds }: OpenContext): Understood | undefined {
  const opened = openWrapper(payload, { crypto })
  if (!opened.ok) return undefined
  try {
    const message = inV1(decodeMessageV0(opened.payload), sentUnixSeconds)
    return message && { ...opened, message, generation: 'v0.36' }
  } catch {
    return undefined
  }
}

/**
 * Whether this tells what its author reads. Groups of 2019 are spoken in by clients of 2020 too. And what was said to others, or in
 * public, whoever read it can pass on under the signature of its author: it is no word about us.
 */
export function tellsGeneration(
  { message, generation }: Pick<Understood, 'message' | 'generation'>,
  self: PublicKey,
): boolean {
  if (message.type !== 'chat') return generation === 'v1' || message.type !== 'membership-update'
  if (message.messageType === CHAT_MESSAGE_TYPES.privateGroup) return generation === 'v1'
  return message.messageType === CHAT_MESSAGE_TYPES.oneToOne && message.chatId === oneToOneChatId(self)
}

function inV1(message: MessageV0, sentUnixSeconds: number): Unwrapped['message'] | undefined {
  const sentMs = sentUnixSeconds * 1000
  return groupUpdateFromV0(message, sentMs) ?? messageFromV0(message, sentMs)
}

/** What is written into a chat: as it was marked, or as its person wrote last. */
export async function generationFor(
  storage: Pick<Storage, 'get'>,
  chat: Chat,
  record?: Pick<ChatRecord, 'legacy'>,
): Promise<Generation> {
  if ((record ?? (await getChat(storage, chat.id)))?.legacy) return 'v0'
  if (chat.kind !== 'one-to-one') return 'v1'
  return (await getRelation(storage, chat.publicKey)).generation ?? 'v1'
}

/** Whether what we write to somebody has to count as they do: it would stand before all that they wrote. */
export async function countsHundredths(
  storage: Pick<Storage, 'get'>,
  chat: Chat,
  generation: Generation,
): Promise<boolean> {
  if (generation !== 'v0' || chat.kind !== 'one-to-one') return false
  return (await getRelation(storage, chat.publicKey)).countsHundredths === true
}

/** @throws MessengerError `invalid-chat` for a group, `invalid-security` for a deniable chat */
export function chooseLegacy({ legacy: _before, ...record }: ChatRecord, isLegacy: boolean): ChatRecord {
  if (record.chat.kind === 'group')
    throw new MessengerError(
      'invalid-chat',
      'a group speaks one generation: expected a person or a public chat',
    )
  if (isLegacy && record.deniable)
    throw new MessengerError('invalid-security', 'this chat is deniable, which no client of 2019 reads')
  return isLegacy ? { ...record, legacy: true } : record
}

/** Clocks of one generation, in milliseconds: 0.36.0 was a minute ahead, the mobile client was not. */
export function nextClockIn(
  generation: Generation,
  last: bigint,
  nowMs: number,
  { inHundredths = false }: Scale = {},
): bigint {
  return generation === 'v0' && !inHundredths ? nextClockGo2019(last, nowMs) : nextClock(last, nowMs)
}

export interface Scale {
  /** Clocks of v0 leave in hundredths of milliseconds. */
  readonly inHundredths?: boolean
}

const HUNDREDTHS = 100n

export interface WrapContext extends Scale {
  readonly identity: { readonly privateKey: Uint8Array } | 'unsigned'
  readonly crypto: CryptoProvider
}

/** Signed and wrapped as a generation does it. */
export function wrapIn(
  generation: Generation,
  message: ChatMessage,
  { identity, crypto, inHundredths }: WrapContext,
): Uint8Array {
  if (generation === 'v0') {
    const clock = inHundredths ? message.clock * HUNDREDTHS : message.clock
    return wrapV0({ ...chatMessageToV0(message), clock }, identity, { crypto })
  }
  return generation === 'v0.36'
    ? wrapV036(message, identity, { crypto })
    : wrap(message, identity, { crypto })
}

/** What is no message of a chat; 0.36.2 has Transit in its own wrapper. */
export function wrapForDevice(
  generation: 'v0' | 'v0.36',
  message: MessageV0,
  { identity, crypto }: WrapContext,
): Uint8Array {
  if (generation === 'v0') return wrapV0(message, identity, { crypto })
  return wrapPayload(encodeMessageV0(message), 0, identity, { crypto })
}

/** Whether a payload, whoever signed it, is a device that makes itself known. */
export function isIntroduction(payload: Uint8Array, context: OpenContext): boolean {
  return openPayload(payload, context)?.message.type === 'pair-installation'
}

/** 0.36.2 had no contact update of its own: Transit as before, in its wrapper. */
export function wrapUpdateIn(
  generation: Generation,
  update: ContactUpdate,
  isRequest: boolean,
  context: WrapContext,
): Uint8Array {
  if (generation === 'v1') return wrap(update, context.identity, { crypto: context.crypto })
  return wrapForDevice(
    generation,
    {
      type: isRequest ? 'contact-request' : 'contact-update',
      name: update.ensName,
      profileImage: update.profileImage,
      address: '',
      fcmToken: '',
      deviceInfo: null,
    },
    context,
  )
}
