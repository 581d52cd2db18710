/**
 * How much one person may say in a public chat, where everybody can write. A message counts for the minute in which its
 * envelope was sent, not for that in which it came: history arrives all at once, in any order, and is judged as it would
 * have been then; and who sends now cannot choose another minute, since relays take no envelope from elsewhen.
 */
import { type PublicKey, toHex } from '@status-protocol/bytes'
import type { ChatId } from './chat.ts'

/** Envelopes of one author in one public chat and minute, unless it was chosen; what is more is not read. */
export const MAX_PUBLIC_PER_MINUTE = 120
/** BOUNDED: authors, chats and minutes that are counted; the one touched longest ago is forgotten. */
const MAX_COUNTED = 10_000

export interface PublicLimits {
  /** Whether this one may be shown; it is counted. */
  takes(chat: ChatId, author: PublicKey, sentUnixSeconds: number): boolean
  /** One that was taken was there before: it does not count once more. */
  repeated(chat: ChatId, author: PublicKey, sentUnixSeconds: number): void
}

export function createPublicLimits(perMinute: number = MAX_PUBLIC_PER_MINUTE): PublicLimits {
  const counts = new Map<string, number>()
  const nameOf = (chat: ChatId, author: PublicKey, sentUnixSeconds: number): string =>
    `${toHex(author)} ${Math.floor(sentUnixSeconds / 60)} ${chat}`
  return {
    takes(chat, author, sentUnixSeconds) {
      const name = nameOf(chat, author, sentUnixSeconds)
      const count = counts.get(name) ?? 0
      counts.delete(name)
      counts.set(name, Math.min(count + 1, perMinute + 1))
      if (counts.size > MAX_COUNTED) counts.delete(counts.keys().next().value as string)
      return count < perMinute
    },
    repeated(chat, author, sentUnixSeconds) {
      const name = nameOf(chat, author, sentUnixSeconds)
      const count = counts.get(name)
      if (count) counts.set(name, count - 1)
    },
  }
}
