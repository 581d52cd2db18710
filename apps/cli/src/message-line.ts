import { equal } from '@status-protocol/bytes'
import {
  type DeliveryState,
  type History,
  type Message,
  type MessageContent,
  parseChat,
} from '@status-protocol/messenger'
import { commandStateText } from './command-line.ts'
import type { Names } from './names.ts'
import { shortened } from './screen.ts'
import { terminalText } from './terminal-text.ts'
import { WARNING_TEXTS } from './warnings.ts'

/** What the mark before a private line means; the same words in `/help`. */
export const LOCKS = {
  ratchet: '\u{1f512}',
  /** Encrypted for the recipient, without forward secrecy. */
  weaker: '\u{1f513}',
} as const

/** `12:01 #status Darkorange Blue Bubblefish: hello`, `12:01 🔒 (private) Bob: hello` */
export function messageLine(
  message: Message,
  names: Pick<Names, 'of' | 'ofGroup'>,
  answered?: Message,
): string {
  const { chat, author, text, own, timestampMs } = message
  const room = parseChat(chat).kind === 'group' ? names.ofGroup(chat) : '(private)'
  const where = chat.startsWith('#') ? chat : `${lockOf(message)} ${room}`
  const who = own ? 'You' : names.of(author)
  return `${clockTime(Number(timestampMs))} ${where} ${who}: ${terminalText(text)}${remarks(message)}${answerText(message, names, answered)}`
}

/**
 * What a message answers, if it is here, was said in the same chat (no answer shows elsewhere what was said in private), and
 * not by somebody who is blocked.
 */
export async function answeredBy(history: Answers, message: Message): Promise<Message | undefined> {
  // A session that is being closed has no messages any more.
  return answeredIn(history, message).catch(() => undefined)
}

type Answers = Pick<History, 'message' | 'blocked'>

async function answeredIn(history: Answers, { responseTo, chat }: Message): Promise<Message | undefined> {
  const found = responseTo && (await history.message(responseTo))
  if (found?.chat !== chat) return undefined
  const isBlocked = (await history.blocked()).some(({ publicKey }) => equal(publicKey, found.author))
  return isBlocked ? undefined : found
}

function answerText(
  { responseTo }: Message,
  names: Pick<Names, 'of'>,
  answered: Message | undefined,
): string {
  if (responseTo === undefined) return ''
  if (answered?.id !== responseTo) return ' (answers a message that is not here)'
  const text = terminalText(shortened(answered.text.replace(/\s+/g, ' '), MAX_QUOTED))
  return ` (answers ${answered.own ? 'you' : names.of(answered.author)}: "${text}")`
}

/** Characters of a message that is answered. */
const MAX_QUOTED = 40

/** The same with the day, and whom own private ones went to. */
export function historyLine(
  message: Message,
  names: Pick<Names, 'of' | 'ofGroup'>,
  answered?: Message,
): string {
  return `${day(Number(message.timestampMs))} ${messageLine(message, names, answered)}`
}

/** A line for each, with what it answers. */
export async function historyLines(
  history: Answers,
  messages: readonly Message[],
  names: Pick<Names, 'of' | 'ofGroup'>,
): Promise<readonly string[]> {
  const lines: string[] = []
  for (const message of messages) lines.push(historyLine(message, names, await answeredBy(history, message)))
  return lines
}

function lockOf({ security }: Message): string {
  return security === 'ratchet' ? LOCKS.ratchet : LOCKS.weaker
}

function remarks({
  downgraded,
  claimedClock,
  own,
  delivery,
  deliveryReason,
  content,
  claimedName,
  warnings = [],
}: Message): string {
  const words = [
    ...(content ? [contentText(content)] : []),
    ...(claimedName ? [`calls themselves "${terminalText(claimedName)}"`] : []),
    ...warnings.map((warning) => WARNING_TEXTS[warning]),
    ...(downgraded ? ['downgraded: less secure than what this person wrote before'] : []),
    ...(claimedClock === undefined ? [] : ['the clock of its sender is ahead']),
    ...(own && delivery && !['delivered', 'relayed', 'archived'].includes(delivery)
      ? [deliveryText(delivery, deliveryReason)]
      : []),
  ]
  return words.map((word) => ` (${word})`).join('')
}

/** `failed: you have blocked them`, `for nobody: nobody else has joined` */
function deliveryText(delivery: DeliveryState, reason: string | undefined): string {
  const word = delivery === 'unaddressed' ? 'for nobody' : delivery
  return reason === undefined ? word : `${word}: ${reasonText(reason)}`
}

/** Why a message was not delivered. */
export function reasonText(reason: string): string {
  return reason === 'blocked' ? 'you have blocked them' : terminalText(reason)
}

function contentText(content: MessageContent): string {
  if (content.kind === 'image') return `${content.imageType}, ${content.bytes} bytes`
  if (content.kind === 'sticker')
    return `sticker ${terminalText(content.hash.slice(0, 16))} of pack ${content.pack}`
  if (content.kind === 'command')
    return content.state ? commandStateText(content.state) : 'transaction command'
  return content.kind === 'unknown' ? `type ${content.type}` : content.kind
}

/** Local time of day; the author's clock may say anything. */
function clockTime(unixMs: number): string {
  const date = new Date(unixMs)
  return isTime(date) ? `${two(date.getHours())}:${two(date.getMinutes())}` : '--:--'
}

function day(unixMs: number): string {
  const date = new Date(unixMs)
  return isTime(date)
    ? `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
    : '----------'
}

const isTime = (date: Date): boolean => !Number.isNaN(date.getTime())
const two = (value: number): string => String(value).padStart(2, '0')
