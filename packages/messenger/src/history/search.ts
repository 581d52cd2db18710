/** Messages by their words. */
import { type PublicKey, to0xHex } from '@status-protocol/bytes'
import {
  MAX_TEXT_ORDER,
  type Storage,
  scanTexts,
  type TextPlace,
  type TextSource,
} from '@status-protocol/ports'
import type { ChatId } from '../chat.ts'
import type { Message, MessageIdText } from '../message.ts'
import { decodeRecord } from '../record.ts'
import { messageKey } from '../tables.ts'

export interface SearchOptions {
  /** Only in this chat. */
  readonly chat?: string
  /** Only of this person. */
  readonly author?: PublicKey
  /** Unix milliseconds: the lowest clock. */
  readonly fromMs?: number
  /** Unix milliseconds: the highest clock. */
  readonly toMs?: number
  /** The last message of the page before. */
  readonly before?: MessageIdText
  /** 1 to 1,000; default 50. */
  readonly limit?: number
}

/**
 * The texts of stored messages: hand it to a store that can index them (`createSqliteStorage({ texts: messageTexts })`), and
 * {@link History.search} does not have to read every message.
 */
export const messageTexts: TextSource = {
  table: 'message',
  version: 1,
  document(_key, value) {
    const message = messageIn(value)
    if (typeof message?.text !== 'string' || typeof message.clock !== 'bigint') return undefined
    return {
      text: message.text,
      labels: [chatLabel(message.chat), authorLabel(message.author)],
      order: orderOf(message),
    }
  },
}

export interface Search {
  readonly text: string
  readonly chat: ChatId | undefined
  readonly author: PublicKey | undefined
  readonly fromMs: number | undefined
  readonly toMs: number | undefined
  readonly before: Message | undefined
  readonly limit: number
  readonly isShown?: ((message: Message) => boolean) | undefined
}

/** BOUNDED: places that are looked at together where many are not shown. */
const MAX_PLACES = 5_000

/** The newest first, by their clocks. */
export async function findMessages(storage: Storage, search: Search): Promise<Message[]> {
  const { text, chat, author, fromMs, toMs, before, limit, isShown } = search
  const labels = [...(chat ? [chatLabel(chat)] : []), ...(author ? [authorLabel(author)] : [])]
  const texts = storage.texts ?? scanTexts(storage, messageTexts)
  const found: Message[] = []
  // Twice as many each time: a store without an index is read from its beginning for each page.
  for (
    let [after, wanted] = [before && placeOf(before), limit];
    ;
    wanted = Math.min(2 * wanted, MAX_PLACES)
  ) {
    const places = await texts.find({
      text,
      limit: wanted,
      labels,
      ...(fromMs === undefined ? {} : { from: bounded(fromMs) }),
      ...(toMs === undefined ? {} : { to: bounded(toMs) }),
      ...(after && { after }),
    })
    for (const value of await Promise.all(places.map(({ key }) => storage.get('message', key)))) {
      const message = value && decodeRecord<Message>(value)
      if (message && (isShown?.(message) ?? true)) found.push(message)
    }
    after = places.at(-1)
    if (!after || places.length < wanted || found.length >= limit) return found.slice(0, limit)
  }
}

function placeOf(message: Message): TextPlace {
  return { key: messageKey(message.chat, message.clock, message.id), order: orderOf(message) }
}

function orderOf({ clock }: Message): number {
  return clock > BigInt(MAX_TEXT_ORDER) ? MAX_TEXT_ORDER : Number(clock)
}

const bounded = (ms: number): number => Math.min(Math.max(0, Math.floor(ms) || 0), MAX_TEXT_ORDER)
const chatLabel = (chat: string): string => `chat:${chat}`
const authorLabel = (author: Uint8Array): string => `author:${to0xHex(author)}`

function messageIn(value: Uint8Array): Message | undefined {
  try {
    return decodeRecord<Message>(value)
  } catch {
    return undefined
  }
}
