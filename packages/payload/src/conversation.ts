import type { PublicKey } from '@status-protocol/bytes'
import { oneToOneChatId } from './chat-id.ts'
import { CHAT_MESSAGE_TYPES } from './chat-message.ts'

/**
 * The chat under which `self` files a message: one-to-one messages name their recipient on the wire, so a received one
 * belongs to the chat with its author and an own one (from another device) to the chat it names.
 */
export function conversationOf(
  message: { readonly chatId: string; readonly messageType: number },
  author: PublicKey,
  self: PublicKey,
): string {
  if (message.messageType !== CHAT_MESSAGE_TYPES.oneToOne) return message.chatId
  const authorId = oneToOneChatId(author)
  return authorId === oneToOneChatId(self) ? message.chatId : authorId
}
