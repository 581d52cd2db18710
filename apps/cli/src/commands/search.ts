/** `status search TEXT`: stored messages by their words. */
import type { History, MessageIdText } from '@status-protocol/messenger'
import { wordsOf } from '@status-protocol/ports'
import { messageIdIn } from '../content-flags.ts'
import { CliError } from '../error.ts'
import { historyLines } from '../message-line.ts'
import { checkedName, loadNames, parsePerson } from '../names.ts'
import { shortened } from '../screen.ts'
import { messageView } from '../serve/message-view.ts'

export interface SearchFlags {
  readonly chat?: string
  readonly author?: string
  readonly since?: string
  readonly until?: string
  readonly limit: number
  readonly before?: string
}

export interface SearchInput extends SearchFlags {
  readonly text: string
  readonly json: boolean
}

export interface SearchOutput {
  /** The newest last. */
  readonly lines: readonly string[]
  /** Give this as `before` for older ones; absent where there are none. */
  readonly before?: string
}

/** What can be told before anything is opened. @throws CliError `invalid-argument` */
export function checkSearch({ text, chat, since, until, before }: Omit<SearchInput, 'limit' | 'json'>): void {
  if (wordsOf(text).length === 0)
    throw new CliError(
      'invalid-argument',
      `search: expected words to look for, got ${JSON.stringify(shortened(text, 40))}; status messages <chat> shows what is stored`,
    )
  if (chat !== undefined) checkedName(chat)
  const from = since === undefined ? 0 : timeOf(since, '--since')
  if (until !== undefined && timeOf(until, '--until') <= from)
    throw new CliError('invalid-argument', '--until: expected a time after that of --since')
  if (before !== undefined) messageIdIn(before, '--before')
}

export async function search(history: History, input: SearchInput): Promise<SearchOutput> {
  const { text, chat, author, since, until, before, json, limit } = input
  const names = await loadNames(history)
  const found = await history.search(text, {
    limit,
    ...(chat === undefined ? {} : { chat: names.chatNamed(chat) }),
    ...(author === undefined ? {} : { author: parsePerson(names.chatNamed(author)) }),
    ...(since === undefined ? {} : { fromMs: timeOf(since, '--since') }),
    ...(until === undefined ? {} : { toMs: timeOf(until, '--until') - 1 }),
    ...(before === undefined ? {} : { before: before as MessageIdText }),
  })
  const oldest = found.at(-1)
  return {
    lines: json
      ? [...found].reverse().map((message) => JSON.stringify(messageView(message)))
      : await historyLines(history, [...found].reverse(), names),
    ...(oldest && found.length === limit ? { before: oldest.id } : {}),
  }
}

/** A day begins here, not in Greenwich. */
function timeOf(text: string, flag: string): number {
  const ms = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00` : text)
  if (Number.isFinite(ms) && ms >= 0) return ms
  throw new CliError(
    'invalid-argument',
    `${flag}: expected a date as 2026-11-22 or 2026-11-22T18:00, got ${JSON.stringify(text.slice(0, 40))}`,
  )
}
