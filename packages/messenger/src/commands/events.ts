import type { ChatId } from '../chat.ts'
import type { MessageIdText } from '../message.ts'
import type { CommandState } from './states.ts'

/** A transaction command got further. That it began is the `message` itself. */
export interface CommandEvent {
  readonly type: 'command'
  readonly chat: ChatId
  /** The message that began it, whose `content` has the new state. */
  readonly messageId: MessageIdText
  /** The message that moved it. */
  readonly answer: MessageIdText
  /** Whether that is of this account. */
  readonly own: boolean
  readonly state: CommandState
}
