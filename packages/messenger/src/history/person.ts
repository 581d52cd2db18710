/** What a person does with their chats, as inputs of a messenger at work. */
import type { Input } from '../input.ts'
import type { Stage } from '../stage.ts'
import { archive, type ChatStates, seeSome } from './chat-state.ts'

export function createChatStates(input: <T>(run: Input<T>) => Promise<T>): ChatStates {
  const run = <T>(act: (stage: Stage) => Promise<T>): Promise<T> => input((stage) => act(stage))
  return {
    async markSeen(chat, upTo) {
      for (;;) {
        const { unread, isMore } = await run((stage) => seeSome(stage, chat, upTo))
        if (!isMore) return unread
      }
    },
    setArchived: (chat, isArchived) => run((stage) => archive(stage, chat, isArchived)),
  }
}
