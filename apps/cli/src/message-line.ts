import type { Message } from '@status-protocol/messenger'
import { threeWordName } from '@status-protocol/trust'
import { terminalText } from './terminal-text.ts'

/** `12:01 #status Darkorange Blue Bubblefish: hello` */
export function messageLine(message: Message): string {
  const time = clockTime(Number(message.timestampMs))
  const where = message.chat.startsWith('#') ? message.chat : '(private)'
  return `${time} ${where} ${threeWordName(message.author)}: ${terminalText(message.text)}`
}

/** Local time of day; the author's clock may say anything. */
function clockTime(unixMs: number): string {
  const date = new Date(unixMs)
  if (Number.isNaN(date.getTime())) return '--:--'
  return `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`
}
