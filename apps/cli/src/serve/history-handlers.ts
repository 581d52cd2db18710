/** What is stored: finding it, and what was seen of it. */
import type { MessageIdText, Messenger } from '@status-protocol/messenger'
import type { Handlers } from '@status-protocol/rpc'
import { parsePerson } from '../names.ts'
import { chatStateView } from './history-view.ts'
import { messageView } from './message-view.ts'
import type { ROUTES } from './routes.ts'

type HistoryRoute = 'search' | `history.${'chats' | 'markSeen' | 'setArchived'}`

export function historyHandlers(messenger: Messenger): Pick<Handlers<typeof ROUTES>, HistoryRoute> {
  return {
    search: async ({ text, chat, author, fromMs, toMs, before, limit }) => {
      const messages = await messenger.search(text, {
        ...(chat === undefined ? {} : { chat }),
        ...(author === undefined ? {} : { author: parsePerson(author, 'author') }),
        ...(fromMs === undefined ? {} : { fromMs }),
        ...(toMs === undefined ? {} : { toMs }),
        ...(before === undefined ? {} : { before: before as MessageIdText }),
        ...(limit === undefined ? {} : { limit }),
      })
      return { messages: messages.map(messageView) }
    },
    'history.chats': async () => ({ chats: (await messenger.chatStates()).map(chatStateView) }),
    'history.markSeen': async ({ chat, messageId }) => ({
      unread: await messenger.markSeen(chat, messageId as MessageIdText | undefined),
    }),
    'history.setArchived': async ({ chat, archived }) => {
      await messenger.setArchived(chat, archived)
      return {}
    },
  }
}

/** The id of a message, or a clock. */
export function placeOf(text: string): MessageIdText | bigint {
  return text.startsWith('0x') ? (text as MessageIdText) : BigInt(text)
}
