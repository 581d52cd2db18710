/** Pages of a chat in the order of (clock, id), from any place in both directions. */
import { concat } from '@status-protocol/bytes'
import type { Storage } from '@status-protocol/ports'
import type { ChatId } from '../chat.ts'
import type { Message, MessageIdText } from '../message.ts'
import { decodeRecord } from '../record.ts'
import { messageKey, messageKeys } from '../tables.ts'

/** A message, or a moment: what has this clock is neither before nor after it. */
export type Place = Pick<Message, 'clock' | 'id'> | bigint

type Entry = readonly [key: Uint8Array, value: Uint8Array]

export interface PageOf {
  readonly limit: number
  /** What is not shown does not count. */
  readonly isShown?: ((message: Message) => boolean) | undefined
}

/** The `limit` messages before a place, or the newest ones. The newest last. */
export async function messagesBefore(
  storage: Storage,
  chat: ChatId,
  place: Place | undefined,
  page: PageOf,
): Promise<Message[]> {
  const [newest, end] = messageKeys(chat)
  if (typeof place === 'bigint' && place <= 0n) return []
  const from = place === undefined || isBeyond(place) ? newest : keyBelow(chat, place)
  return (await shownOf(storage.range('message', from, end, readLimit(page)), page)).reverse()
}

/** The `limit` messages after a place, or the oldest ones. The newest last. */
export async function messagesAfter(
  storage: Storage,
  chat: ChatId,
  place: Place | undefined,
  page: PageOf,
): Promise<Message[]> {
  const [newest, end] = messageKeys(chat)
  if (place !== undefined && isBeyond(place)) return []
  const to = place === undefined || isNegative(place) ? end : keyOf(chat, place)
  return shownOf(lastOf(storage, newest, to, readLimit(page)), page)
}

/** Clocks have 64 bits. */
const isBeyond = (place: Place): boolean => typeof place === 'bigint' && place >> 64n > 0n
const isNegative = (place: Place): boolean => typeof place === 'bigint' && place < 0n

const readLimit = ({ limit, isShown }: PageOf): number => (isShown ? Number.MAX_SAFE_INTEGER : limit)

async function shownOf(entries: AsyncIterable<Entry>, { limit, isShown }: PageOf): Promise<Message[]> {
  const found: Message[] = []
  if (limit < 1) return found
  for await (const [, value] of entries) {
    const message = decodeRecord<Message>(value)
    if (isShown?.(message) ?? true) found.push(message)
    if (found.length >= limit) break
  }
  return found
}

/** Keys are newest first: what comes after a message is before it, so that is where the range ends. */
function keyOf(chat: ChatId, place: Place): Uint8Array {
  return typeof place === 'bigint'
    ? messageKey(chat, place, HIGHEST_ID)
    : messageKey(chat, place.clock, place.id)
}

function keyBelow(chat: ChatId, place: Place): Uint8Array {
  const last = typeof place === 'bigint' ? messageKey(chat, place, LOWEST_ID) : keyOf(chat, place)
  return concat(last, Uint8Array.of(0))
}

const LOWEST_ID = `0x${'0'.repeat(64)}` as MessageIdText
const HIGHEST_ID = `0x${'f'.repeat(64)}` as MessageIdText

/** The last entries of a range, the last first. A store that is only read forwards is read up to there. */
async function* lastOf(
  storage: Storage,
  from: Uint8Array,
  to: Uint8Array,
  limit: number,
): AsyncIterable<Entry> {
  if (storage.rangeBack) return yield* storage.rangeBack('message', from, to, limit)
  /** BOUNDED by twice the limit; where somebody is hidden, by the chat. */
  let last: Entry[] = []
  for await (const entry of storage.range('message', from, to, Number.MAX_SAFE_INTEGER)) {
    last.push(entry)
    if (last.length >= 2 * limit) last = last.slice(-limit)
  }
  yield* last.slice(-limit).reverse()
}
