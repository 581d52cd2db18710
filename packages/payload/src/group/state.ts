/** A group's state and the rules by which a change is valid; v1 and v0 differ in four of them. */

/** Who is in a group; keys as hex with `0x`, in the order in which they came in. */
export interface GroupState {
  readonly chatId: string
  readonly name: string
  /** Those who were added and not removed, joined or not. */
  readonly members: readonly string[]
  readonly admins: readonly string[]
  /** Those who agreed: only they may speak and only to them is spoken. */
  readonly joined: readonly string[]
  /** Highest clock of the group's events, 0n if there is none. */
  readonly lastClock: bigint
}

export type GroupChangeKind =
  | 'chat-created'
  | 'name-changed'
  | 'members-added'
  | 'member-joined'
  | 'member-removed'
  | 'admins-added'
  | 'admin-removed'
  | 'unknown'

/** One event of either generation, as the rules see it. */
export interface GroupChange {
  readonly chatId: string
  readonly from: string
  readonly kind: GroupChangeKind
  readonly clock: bigint
  /** v0: exactly the `member` of events that have one. */
  readonly members: readonly string[]
  readonly name: string
}

export type GroupGeneration = 'v0' | 'v1'

/** The state while events are applied; sets keep the order of insertion. */
export interface GroupDraft {
  name: string
  readonly members: Set<string>
  readonly admins: Set<string>
  readonly joined: Set<string>
}

export function emptyDraft(): GroupDraft {
  return { name: '', members: new Set(), admins: new Set(), joined: new Set() }
}

/**
 * Whether the reference would apply a change. Some of it is odd and kept, because clients that disagree about a group's
 * members cannot talk: one member among the keys is enough to make all of them admins, strangers may remove themselves.
 */
export function isValidChange(draft: GroupDraft, change: GroupChange, generation: GroupGeneration): boolean {
  const { from, members } = change
  const isAdmin = draft.admins.has(from)
  if (generation === 'v1' && from === '') return false
  switch (change.kind) {
    case 'chat-created':
      return draft.admins.size === 0 && draft.members.size === 0
    case 'name-changed':
      return isAdmin && change.name !== ''
    case 'members-added':
      return isAdmin
    case 'member-joined':
      return draft.members.has(from) && (generation === 'v1' || members[0] === from)
    case 'member-removed':
      return (
        members.length === 1 && (members[0] === from || (isAdmin && !draft.admins.has(members[0] as string)))
      )
    case 'admins-added':
      return isAdmin && members.some((member) => draft.members.has(member))
    case 'admin-removed':
      return members.length === 1 && isAdmin && members[0] === from
    default:
      return false
  }
}

/** Changes the draft; call it for valid changes only. */
export function applyChange(draft: GroupDraft, change: GroupChange, generation: GroupGeneration): void {
  const { from, kind, members } = change
  if (kind === 'chat-created') create(draft, generation === 'v1' ? from : (members[0] ?? ''), generation)
  if (kind === 'chat-created' || kind === 'name-changed') draft.name = change.name
  if (kind === 'members-added') addAll(draft.members, members)
  if (kind === 'admins-added') addAll(draft.admins, members)
  if (kind === 'admin-removed') removeAll(draft.admins, members)
  if (kind === 'member-joined') draft.joined.add(from)
  if (kind === 'member-removed') remove(draft, members, generation)
}

function create(draft: GroupDraft, creator: string, generation: GroupGeneration): void {
  draft.members.add(creator)
  draft.admins.add(creator)
  if (generation === 'v1') draft.joined.add(creator)
}

/** v0 leaves somebody who was removed among the admins. */
function remove(draft: GroupDraft, members: readonly string[], generation: GroupGeneration): void {
  removeAll(draft.members, members)
  if (generation === 'v0') return
  removeAll(draft.admins, members)
  removeAll(draft.joined, members)
}

function addAll(set: Set<string>, items: readonly string[]): void {
  for (const item of items) set.add(item)
}

function removeAll(set: Set<string>, items: readonly string[]): void {
  for (const item of items) set.delete(item)
}

/** Whether a group's id names its creator: it ends in his key and something stands before it. */
export function namesCreator(chatId: string, creator: string): boolean {
  return creator !== '' && chatId.endsWith(creator) && chatId !== creator
}

/** The finished state. */
export function stateOf(chatId: string, draft: GroupDraft, lastClock: bigint): GroupState {
  const { name, members, admins, joined } = draft
  return { chatId, name, members: [...members], admins: [...admins], joined: [...joined], lastClock }
}
