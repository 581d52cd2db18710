/** `status history`: fetches from mailservers what was missed, and says how it goes. */
import type { HistoryChange, MailResult } from '@status-protocol/messenger'
import { CliError } from '../error.ts'
import { loadNames } from '../names.ts'
import { historyResult, historyView } from '../serve/history-view.ts'
import type { Session } from '../session.ts'

export interface HistoryInput {
  /** Only these: `#name`, a key, or the name of a contact. */
  readonly chats: readonly string[]
  readonly sinceUnixSeconds?: number
  /** How long to wait for a mailserver. */
  readonly timeoutMs: number
  readonly json: boolean
}

export interface HistoryOutput {
  print(line: string): void
  /** A line that takes the place of the one before, if there is somebody who sees it. */
  readonly show: ((line: string) => void) | undefined
}

/** Acknowledgements of what came leave before we do. */
const LINGER_MS = 500

/** @throws CliError `no-mailserver`, `incomplete` */
export async function history(session: Session, input: HistoryInput, output: HistoryOutput): Promise<void> {
  const { messenger } = session
  const { chats: wanted, sinceUnixSeconds, timeoutMs, json } = input
  const names = await loadNames(messenger)
  const chats = wanted.map((chat) => names.chatNamed(chat))
  for (const chat of chats) if (chat.startsWith('#')) await messenger.join(chat)
  await session.connect()
  await mailserverOf(session, timeoutMs)
  void follow(session, input, output)
  const result = await messenger.mail.fetch({
    ...(chats.length > 0 && { chats }),
    ...(sinceUnixSeconds !== undefined && { sinceUnixSeconds }),
  })
  await new Promise((resolve) => setTimeout(resolve, LINGER_MS))
  output.show?.('')
  output.print(json ? JSON.stringify(historyResult(result)) : resultLine(result))
  if (!result.isComplete)
    throw new CliError(
      'incomplete',
      `history is not complete: ${missingText(result)}; try again, or another --mailserver`,
    )
}

async function mailserverOf({ messenger }: Session, timeoutMs: number): Promise<void> {
  for (let left = timeoutMs; messenger.mail.servers().length === 0; left -= 50) {
    if (left <= 0)
      throw new CliError(
        'no-mailserver',
        `no mailserver was there within ${timeoutMs / 1000} s; name one with --mailserver enode://... (status-node --mailserver prints it)`,
      )
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function follow(
  { events }: Session,
  { json }: HistoryInput,
  { print, show }: HistoryOutput,
): Promise<void> {
  for await (const event of events) {
    if (event.type !== 'history') continue
    if (json) print(JSON.stringify(historyView(event.change)))
    else if (event.change.type === 'server-failed') print(`A mailserver failed: ${event.change.reason}.`)
    else show?.(progressLine(event.change))
  }
}

const BAR_CHARS = 24

/** `[########                ] 33 %  120 envelopes, 0.2 MB, 40 s to go` */
export function progressLine(change: HistoryChange): string {
  if (change.type === 'started') return `asking ${change.servers} mailservers ...`
  if (change.type !== 'progress') return ''
  const { fraction, envelopes, bytes, remainingMs } = change
  const done = Math.round(fraction * BAR_CHARS)
  const bar = '#'.repeat(done).padEnd(BAR_CHARS)
  const left = remainingMs === undefined ? '' : `, ${Math.ceil(remainingMs / 1000)} s to go`
  return `[${bar}] ${Math.floor(fraction * 100)} %  ${envelopes} envelopes, ${megabytes(bytes)}${left}`
}

export function resultLine({ isComplete, messages, envelopes, bytes }: MailResult): string {
  const came = `${messages} new messages in ${envelopes} envelopes, ${megabytes(bytes)}.`
  return isComplete ? `${came} Nothing is missing.` : came
}

function missingText({ missing }: MailResult): string {
  const [first] = missing
  const last = missing.at(-1)
  if (!first || !last) return 'no mailserver answered'
  return `something between ${timeText(first.fromUnixSeconds)} and ${timeText(last.toUnixSeconds)} did not come`
}

const timeText = (unixSeconds: number): string =>
  new Date(unixSeconds * 1000).toISOString().replace(/:\d\d\.000Z$/, 'Z')

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

const SECONDS = { m: 60, h: 3_600, d: 86_400, w: 604_800 } as const

/** `7d`, `12h`, `90m`, `2w`: so many seconds. Undefined: it is none. */
export function secondsOf(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,5})([mhdw])$/.exec(text) ?? []
  const seconds = Number(count) * SECONDS[(unit ?? 'm') as keyof typeof SECONDS]
  return seconds >= 1 ? seconds : undefined
}
