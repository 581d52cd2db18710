/** What messages of 2019 are in the words of v1, and chat messages the other way: for those who talk to both. */
import { CHAT_MESSAGE_TYPES, type ChatMessage, CONTENT_TYPES, chatMessage } from '../chat-message.ts'
import type { Message } from '../message.ts'
import { CHAT_MESSAGE_TYPES_V0, type ChatMessageV0 } from './chat-message.ts'
import { pairInstallationFromV0, syncInstallationFromV0 } from './devices.ts'
import type { ContactMessageV0, MessageV0 } from './message.ts'
import { entryOf } from './transit.ts'

/** A content type of v1 that no client of 2020 knows: v0 commands, and whatever else there was. */
export const OTHER_CONTENT_OF_V0 = 1_000

const MOBILE_CLOCK_SCALE = 100n
const CONTENT_OF_V0: ReadonlyMap<string, number> = new Map([
  ['text/plain', CONTENT_TYPES.text],
  ['emoji', CONTENT_TYPES.emoji],
  ['status', CONTENT_TYPES.status],
  ['sticker', CONTENT_TYPES.sticker],
])
const TYPE_OF_V0: ReadonlyMap<string, number> = new Map([
  [CHAT_MESSAGE_TYPES_V0.oneToOne, CHAT_MESSAGE_TYPES.oneToOne],
  [CHAT_MESSAGE_TYPES_V0.publicGroup, CHAT_MESSAGE_TYPES.publicGroup],
  [CHAT_MESSAGE_TYPES_V0.privateGroup, CHAT_MESSAGE_TYPES.privateGroup],
])

/** Whether a clock counts hundredths of milliseconds, as the mobile client's did: it is far beyond any time in milliseconds. */
export function isMobileClockV0(clock: bigint, nowMs: number): boolean {
  return clock > BigInt(Math.floor(nowMs)) * 10n
}

/**
 * A clock of 2019 in milliseconds. Up, not down: the mobile client answers a clock with one that is a hundredth higher.
 *
 * @param nowMs Unix milliseconds, about when it was made
 */
export function clockInMsV0(clock: bigint, nowMs: number): bigint {
  if (!isMobileClockV0(clock, nowMs)) return clock
  return (clock + MOBILE_CLOCK_SCALE - 1n) / MOBILE_CLOCK_SCALE
}

/**
 * A message of 2019 as one of v1: chat messages, and those of contacts and devices, whose clock is the time of the transport.
 * Clocks of the mobile client become milliseconds. Undefined: what has no counterpart, groups among it.
 *
 * @param sentMs Unix milliseconds of the transport
 */
export function messageFromV0(message: MessageV0, sentMs: number): Message | undefined {
  if (message.type === 'chat') return chatFromV0(message, sentMs)
  if (message.type === 'pair-installation') return pairInstallationFromV0(message, sentMs)
  if (message.type === 'sync-installation') return syncInstallationFromV0(message, sentMs)
  const isContact = message.type === 'contact-update' || message.type.startsWith('contact-request')
  if (!isContact) return undefined
  const { name, profileImage } = message as ContactMessageV0
  return { type: 'contact-update', clock: BigInt(sentMs), ensName: name, profileImage }
}

/** Undefined: a clock or a time below 0. */
export function chatFromV0(message: ChatMessageV0, sentMs: number): ChatMessage | undefined {
  const { content } = message
  const clock = clockInMsV0(message.clock, sentMs)
  const timestamp = message.timestamp ?? BigInt(sentMs)
  if (clock < 0n || timestamp < 0n) return undefined
  const extra = (key: string): string => {
    const value = entryOf({ entries: content.extra }, key)
    return typeof value === 'string' ? value : ''
  }
  const contentType = CONTENT_OF_V0.get(message.contentType) ?? OTHER_CONTENT_OF_V0
  const isSticker = contentType === CONTENT_TYPES.sticker
  const pack = Number.parseInt(extra('pack'), 16)
  const isKnown = contentType !== OTHER_CONTENT_OF_V0
  const text = message.text || content.text || (isSticker ? 'Sticker' : isKnown ? '' : message.contentType)
  return {
    ...chatMessage({ chatId: content.chatId, text, clock, timestamp }),
    // Ids of messages were others at first; the later kind has a name of its own.
    responseTo: extra('response-to-v2') || content.responseTo,
    ensName: content.name,
    messageType: TYPE_OF_V0.get(message.messageType) ?? CHAT_MESSAGE_TYPES.unknown,
    contentType,
    ...(isSticker && { sticker: { hash: extra('hash'), pack: Number.isInteger(pack) ? pack | 0 : 0 } }),
  }
}

/**
 * A chat message for readers of 2019. Stickers and images go as the text beside them: the Go client of the time cannot
 * read the former, nobody the latter.
 */
export function chatMessageToV0(message: ChatMessage): ChatMessageV0 {
  const { text, clock, timestamp, chatId, responseTo, ensName } = message
  const isEmoji = message.contentType === CONTENT_TYPES.emoji
  const [type] = [...TYPE_OF_V0].find(([, number]) => number === message.messageType) ?? []
  return {
    type: 'chat',
    text,
    contentType: isEmoji ? 'emoji' : 'text/plain',
    messageType: type ?? CHAT_MESSAGE_TYPES_V0.oneToOne,
    clock,
    timestamp,
    content: { chatId, text, responseTo, name: ensName, extra: [] },
  }
}
