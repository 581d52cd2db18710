import { type Message, type MessageContent, parseChat } from '@status-protocol/messenger'
import type { Names } from './names.ts'
import { terminalText } from './terminal-text.ts'
import { WARNING_TEXTS } from './warnings.ts'

/** What the mark before a private line means; the same words in `/help`. */
export const LOCKS = {
  ratchet: '\u{1f512}',
  /** Encrypted for the recipient, without forward secrecy. */
  weaker: '\u{1f513}',
} as const

/** `12:01 #status Darkorange Blue Bubblefish: hello`, `12:01 🔒 (private) Bob: hello` */
export function messageLine(message: Message, names: Pick<Names, 'of' | 'ofGroup'>): string {
  const { chat, author, text, own, timestampMs } = message
  const room = parseChat(chat).kind === 'group' ? names.ofGroup(chat) : '(private)'
  const where = chat.startsWith('#') ? chat : `${lockOf(message)} ${room}`
  const who = own ? 'You' : names.of(author)
  return `${clockTime(Number(timestampMs))} ${where} ${who}: ${terminalText(text)}${remarks(message)}`
}

/** The same with the day, and whom own private ones went to. */
export function historyLine(message: Message, names: Pick<Names, 'of' | 'ofGroup'>): string {
  return `${day(Number(message.timestampMs))} ${messageLine(message, names)}`
}

function lockOf({ security }: Message): string {
  return security === 'ratchet' ? LOCKS.ratchet : LOCKS.weaker
}

function remarks({
  downgraded,
  claimedClock,
  own,
  delivery,
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
    ...(own && delivery && !['delivered', 'relayed', 'archived'].includes(delivery) ? [delivery] : []),
  ]
  return words.map((word) => ` (${word})`).join('')
}

function contentText(content: MessageContent): string {
  if (content.kind === 'image') return `${content.imageType}, ${content.bytes} bytes`
  if (content.kind === 'sticker')
    return `sticker ${terminalText(content.hash.slice(0, 16))} of pack ${content.pack}`
  if (content.kind === 'command') return 'transaction command'
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
