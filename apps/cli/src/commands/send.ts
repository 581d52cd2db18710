/** `status send --to CHAT [text]`: says one thing and waits until the network has it. */
import type { Security } from '@status-protocol/messenger'
import { CliError } from '../error.ts'
import { loadNames } from '../names.ts'
import { messageView } from '../serve/message-view.ts'
import type { Session } from '../session.ts'

export interface SendInput {
  readonly to: string
  readonly text: string
  readonly timeoutMs: number
  readonly json: boolean
  readonly security?: Security
}

/** What to print when a peer has confirmed the message. @throws CliError `undelivered` */
export async function send(session: Session, input: SendInput): Promise<string> {
  const { text, timeoutMs, json, security } = input
  const { messenger, events } = session
  const to = (await loadNames(messenger)).chatNamed(input.to)
  if (to.startsWith('#')) await messenger.join(to)
  const message = await messenger.send(to, text, security ? { security } : {})
  const timer = setTimeout(() => void session.close(), timeoutMs)
  try {
    for await (const event of events) {
      if (event.type !== 'delivery' || event.messageId !== message.id) continue
      if (event.state === 'relayed' || event.state === 'delivered')
        return json ? JSON.stringify(messageView({ ...message, delivery: event.state })) : message.id
      if (event.state === 'failed') throw undelivered(event.reason ?? 'given up')
    }
  } finally {
    clearTimeout(timer)
  }
  throw undelivered(`no peer took it within ${timeoutMs / 1000} s`)
}

function undelivered(why: string): CliError {
  return new CliError(
    'undelivered',
    `not sent: ${why}; is the peer given with --peer up? (status-node prints its enode)`,
  )
}
