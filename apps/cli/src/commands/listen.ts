/** `status listen`: prints what arrives until it is stopped. */

import { answeredBy, messageLine } from '../message-line.ts'
import { loadNames } from '../names.ts'
import { messageView } from '../serve/message-view.ts'
import type { Session } from '../session.ts'

export interface ListenInput {
  readonly chats: readonly string[]
  readonly json: boolean
  /** Ends after so many messages. */
  readonly count?: number
}

export async function listen(
  { messenger, events }: Session,
  { chats, json, count = Number.POSITIVE_INFINITY }: ListenInput,
  print: (line: string) => void,
): Promise<void> {
  for (const chat of chats) await messenger.join(chat)
  const names = await loadNames(messenger)
  let seen = 0
  for await (const event of events) {
    if (event.type !== 'message') continue
    const { message } = event
    print(
      json
        ? JSON.stringify(messageView(message))
        : messageLine(message, names, await answeredBy(messenger, message)),
    )
    if (++seen >= count) return
  }
}
