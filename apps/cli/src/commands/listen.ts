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

export interface ListenOutput {
  print(line: string): void
  /** Tells who sits at a terminal what is waited for. */
  readonly tell: ((line: string) => void) | undefined
}

export async function listen(
  { messenger, events }: Session,
  { chats, json, count = Number.POSITIVE_INFINITY }: ListenInput,
  { print, tell }: ListenOutput,
): Promise<void> {
  for (const chat of chats) await messenger.join(chat)
  const joined = (await messenger.chats()).filter(({ kind }) => kind === 'public').map(({ id }) => id)
  tell?.(`Waiting for ${['private messages', ...joined].join(', ')}; Ctrl-C stops.`)
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
