/** Chats in which nobody can prove who said what; see the README. */
import { MessengerError } from './error.ts'
import type { ChatRecord } from './tables.ts'

/** @throws MessengerError `invalid-security` for a public chat or a group */
export function chooseDeniable({ deniable: _before, ...chat }: ChatRecord, isDeniable: boolean): ChatRecord {
  if (chat.chat.kind === 'public')
    throw new MessengerError(
      'invalid-security',
      'a public chat is read by everybody: what is said there is signed',
    )
  if (chat.chat.kind === 'group')
    throw new MessengerError('invalid-security', 'what is said in a group is signed: expected a person')
  return isDeniable ? { ...chat, deniable: true } : chat
}
