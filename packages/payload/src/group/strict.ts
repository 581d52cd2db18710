import {
  applyChange,
  emptyDraft,
  type GroupChange,
  type GroupGeneration,
  type GroupState,
  isValidChange,
  namesCreator,
  stateOf,
} from './state.ts'

export type StrictGroupResult =
  | { readonly ok: true; readonly state: GroupState }
  | {
      readonly ok: false
      /** `different-chat-ids`: events of several groups; `unexpected-chat-id`: all of one other group. */
      readonly reason: 'invalid-event' | 'invalid-chat-id' | 'different-chat-ids' | 'unexpected-chat-id'
    }

/**
 * A group as the Go clients build it: all events by clock, one bad event spoils all. To tell what they will make of what
 * we send; for our own state see `foldGroup`.
 *
 * Events of equal clock stay in the order given (the reference's sort leaves it open).
 */
export function strictGroup(
  chatId: string,
  changes: readonly GroupChange[],
  generation: GroupGeneration = 'v1',
): StrictGroupResult {
  const byClock = changes.toSorted((a, b) => (a.clock < b.clock ? -1 : a.clock > b.clock ? 1 : 0))
  const [first] = byClock
  const draft = emptyDraft()
  for (const change of byClock) {
    if (change.chatId !== first?.chatId) return { ok: false, reason: 'different-chat-ids' }
    if (!isValidChange(draft, change, generation)) return { ok: false, reason: 'invalid-event' }
    applyChange(draft, change, generation)
  }
  if (first?.kind !== 'chat-created' || !namesCreator(chatId, first.from))
    return { ok: false, reason: 'invalid-chat-id' }
  if (first.chatId !== chatId) return { ok: false, reason: 'unexpected-chat-id' }
  const state = stateOf(chatId, draft, byClock.at(-1)?.clock ?? 0n)
  return { ok: true, state: generation === 'v1' ? state : { ...state, joined: joinedV0(byClock) } }
}

/** v0 keeps no set of those who joined: it lists every join there ever was. */
function joinedV0(changes: readonly GroupChange[]): readonly string[] {
  return changes.filter(({ kind }) => kind === 'member-joined').flatMap(({ members }) => members)
}
