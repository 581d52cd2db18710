/** `status messages CHAT`: what is stored of a chat, page by page. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { History, MessageIdText } from '@status-protocol/messenger'
import { CliError } from '../error.ts'
import { historyLines } from '../message-line.ts'
import { loadNames } from '../names.ts'
import { reasonOf } from '../reason.ts'
import { messageView } from '../serve/message-view.ts'

export interface MessagesInput {
  /** `#name`, a key, or the name of a contact. */
  readonly chat: string
  readonly json: boolean
  readonly limit: number
  readonly before?: string
  /** A directory: images among the messages are written there. */
  readonly saveImages?: string
}

export interface MessagesOutput {
  readonly lines: readonly string[]
  /** Give this as `before` for the page before; absent where the chat begins. */
  readonly before?: string
}

export async function messages(
  history: History,
  { chat, json, limit, before, saveImages }: MessagesInput,
): Promise<MessagesOutput> {
  const names = await loadNames(history)
  const page = await history.messages(names.chatNamed(chat), {
    limit,
    ...(before === undefined ? {} : { before: before as MessageIdText }),
  })
  const [oldest] = page
  if (saveImages !== undefined) for (const { id } of page) await saveImage(history, id, saveImages)
  return {
    lines: json
      ? page.map((message) => JSON.stringify(messageView(message)))
      : await historyLines(history, page, names),
    ...(oldest && page.length === limit ? { before: oldest.id } : {}),
  }
}

/** The name says which message it is of: nothing that its author wrote is in it. What is there already stays. */
async function saveImage(history: History, id: MessageIdText, directory: string): Promise<void> {
  const image = await history.image(id)
  if (!image) return
  const ending = image.type.slice('image/'.length).replace('jpeg', 'jpg')
  const refuse = (error: unknown): CliError =>
    new CliError('invalid-argument', `--save-images: cannot write to ${directory} (${reasonOf(error)})`)
  try {
    mkdirSync(directory, { recursive: true })
  } catch (error) {
    throw refuse(error) // also EEXIST: it is no directory
  }
  try {
    writeFileSync(join(directory, `${id}.${ending}`), image.bytes, { flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw refuse(error)
  }
}
