/** `status export --chat X`: a chat as JSON lines, however long it is. */
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { History } from '@status-protocol/messenger'
import { loadNames } from '../names.ts'
import { messageView } from '../serve/message-view.ts'

/** Ends early, without an error, where the reader has enough (`| head`). */
export async function exportChat(history: History, chat: string, output: Writable): Promise<void> {
  const names = await loadNames(history)
  try {
    await pipeline(Readable.from(linesOf(history, names.chatNamed(chat))), output, { end: false })
  } catch (error) {
    if (output.errored) return
    throw error
  }
  // The process ends after this: what is still on its way has to be out.
  await new Promise<void>((resolve) => output.write('', () => resolve()))
}

async function* linesOf(history: History, chat: string): AsyncIterable<string> {
  for await (const message of history.allMessages(chat)) yield `${JSON.stringify(messageView(message))}\n`
}
