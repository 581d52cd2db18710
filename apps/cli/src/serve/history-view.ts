import { to0xHex } from '@status-protocol/bytes'
import type { ChatState, HistoryChange, MailResult } from '@status-protocol/messenger'
import type { z } from 'zod'
import type { CHAT_STATE, HISTORY_RESULT } from './routes.ts'

type Missing = MailResult['missing']

/** How fetching history goes, as JSON has it; the same for `serve` and `history --json`. Times are Unix seconds. */
export function historyView(change: HistoryChange): object {
  const { type, ...rest } = change
  if (change.type === 'started') {
    const { topics, servers, fromUnixSeconds: from, toUnixSeconds: to } = change
    return { change: type, topics, servers, from, to }
  }
  if (change.type === 'server-failed')
    return { change: type, server: to0xHex(change.server), reason: change.reason }
  if (change.type === 'failed') return { change: type, ...rest, missing: missingView(change.missing) }
  return { change: type, ...rest }
}

export function historyResult({
  isComplete,
  messages,
  envelopes,
  bytes,
  missing,
}: MailResult): z.input<typeof HISTORY_RESULT> {
  return { complete: isComplete, messages, envelopes, bytes, missing: missingView(missing) }
}

function missingView(missing: Missing): { from: number; to: number }[] {
  return missing.map(({ fromUnixSeconds: from, toUnixSeconds: to }) => ({ from, to }))
}

/** How a chat stands, the same for `serve` and `chats --json`. */
export function chatStateView({ chat, lastClock, ...state }: ChatState): z.input<typeof CHAT_STATE> {
  return { chat: chat.id, kind: chat.kind, ...state, lastClock: lastClock.toString() }
}
