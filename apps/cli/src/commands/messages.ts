/** `status messages CHAT`: what is stored of a chat, page by page. */
import type { History, MessageIdText } from '@status-protocol/messenger'
import { historyLine } from '../message-line.ts'
import { loadNames } from '../names.ts'
import { messageView } from '../serve/message-view.ts'

export interface MessagesInput {
  /** `#name`, a key, or the name of a contact. */
  readonly chat: string
  readonly json: boolean
  readonly limit: number
  readonly before?: string
}

export interface MessagesOutput {
  readonly lines: readonly string[]
  /** Give this as `before` for the page before; absent where the chat begins. */
  readonly before?: string
}

/** As many as one page can hold. */
const MAX_PAGE = 1_000

export async function messages(
  history: History,
  { chat, json, limit: asked, before }: MessagesInput,
): Promise<MessagesOutput> {
  const limit = Math.min(asked, MAX_PAGE)
  const names = await loadNames(history)
  const page = await history.messages(names.chatNamed(chat), {
    limit,
    ...(before === undefined ? {} : { before: before as MessageIdText }),
  })
  const [oldest] = page
  return {
    lines: page.map((message) => (json ? JSON.stringify(messageView(message)) : historyLine(message, names))),
    ...(oldest && page.length === limit ? { before: oldest.id } : {}),
  }
}
