/**
 * A group as we build it: whatever the order and the repetitions in which events arrive, those who have the same events
 * have the same group.
 *
 * Events are applied by clock, then by type and event id. One that is not valid where it stands changes nothing and is never
 * passed on, but it is kept: with an event that is still missing it may become valid.
 *
 * What this cannot do: an admin who was removed can still date an event back to before his removal. The signed clocks
 * are all that says what came first, in the reference too.
 */
import { compare } from '@status-protocol/bytes'
import { groupChange } from './change.ts'
import { GROUP_EVENT_TYPES, type OpenedGroupEvent } from './event.ts'
import {
  applyChange,
  emptyDraft,
  type GroupChange,
  type GroupDraft,
  type GroupState,
  isValidChange,
  namesCreator,
  stateOf,
} from './state.ts'

/** Events kept that were applied. Real groups have tens; this stops a member who writes without end. */
export const MAX_GROUP_EVENTS = 2_000

/** Events kept that are not valid, or not yet. */
export const MAX_REJECTED_EVENTS = 500

/**
 * Bytes of the events kept, for those that were applied and for those that were not. All events of a group travel in one
 * message and Whisper carries at most 1 MiB: a longer history could not be told to anybody.
 */
export const MAX_GROUP_BYTES: number = 1024 * 1024

/**
 * How far the clock of an event may be above that of the one before it. Signed clocks may say anything, since the clocks of
 * people are wrong and every receiver must come to the same group whatever its own clock says. But there is always room for
 * one more: as many events as count stay below 2^64 with this. In 2019 clocks had a sign: there it is half of it.
 */
export const MAX_GROUP_CLOCK_STEP: bigint = 2n ** 53n

/** What a set of events comes to. */
export interface GroupView {
  /** undefined as long as nobody created the group. */
  readonly state: GroupState | undefined
  /** Applied, in the order in which they were: what is sent to the members. */
  readonly accepted: readonly OpenedGroupEvent[]
  /** Not valid where they stand: to be kept, not to be sent. */
  readonly rejected: readonly OpenedGroupEvent[]
}

export interface MergedGroupEvents extends GroupView {
  /** All that is kept: BOUNDED by MAX_GROUP_EVENTS + MAX_REJECTED_EVENTS, and twice MAX_GROUP_BYTES. */
  readonly events: readonly OpenedGroupEvent[]
  /** How many new ones found no room. */
  readonly refused: number
}

/** The view of all events of a group, in any order, with any repetitions; events of other groups are left out. */
export function foldGroup(chatId: string, events: readonly OpenedGroupEvent[]): GroupView {
  const accepted: OpenedGroupEvent[] = []
  const rejected: OpenedGroupEvent[] = []
  const draft = emptyDraft()
  const confirmed = new Set<string>()
  for (const event of uniqueInOrder(events.filter((event) => event.chatId === chatId))) {
    const isInReach = event.clock - (accepted.at(-1)?.clock ?? 0n) <= stepOf(event)
    const isAccepted = isInReach && (tryApply(draft, event) || isConfirmation(draft, event, confirmed))
    ;(isAccepted ? accepted : rejected).push(event)
  }
  const last = accepted.at(-1)
  return { state: last && stateOf(chatId, draft, last.clock), accepted, rejected }
}

const stepOf = ({ generation }: OpenedGroupEvent): bigint =>
  generation === 'v0' ? MAX_GROUP_CLOCK_STEP / 2n : MAX_GROUP_CLOCK_STEP

/**
 * The reference's rules and two more. Nobody creates a group but the one whose key its id ends in. What changes nothing
 * does not count: a member could fill the group's log with it until nobody has room to remove him.
 */
function tryApply(draft: GroupDraft, event: OpenedGroupEvent): boolean {
  const change = groupChange(event)
  if (change.kind === 'chat-created' && !namesCreator(event.chatId, event.from)) return false
  if (!isValidChange(draft, change, 'v1') || !isEffective(draft, change)) return false
  applyChange(draft, change, 'v1')
  return true
}

/**
 * In 2019 whoever created a group joined it as well: it changes nothing here, where they have by that, but the Go clients of the time
 * need it. Once.
 */
function isConfirmation(
  { joined }: GroupDraft,
  { type, from, chatId, generation }: OpenedGroupEvent,
  confirmed: Set<string>,
): boolean {
  if (generation !== 'v0' || type !== GROUP_EVENT_TYPES.memberJoined) return false
  if (!namesCreator(chatId, from) || !joined.has(from) || confirmed.has(from)) return false
  confirmed.add(from)
  return true
}

/** Whether a valid change makes a difference. */
function isEffective({ name, members, admins, joined }: GroupDraft, change: GroupChange): boolean {
  const [target = ''] = change.members
  switch (change.kind) {
    case 'name-changed':
      return change.name !== name
    case 'members-added':
      return change.members.some((key) => !members.has(key))
    case 'member-joined':
      return !joined.has(change.from)
    case 'member-removed':
      return members.has(target) || admins.has(target) || joined.has(target)
    case 'admins-added':
      return change.members.some((key) => !admins.has(key))
    default:
      return true
  }
}

/**
 * Known and received events together, each once, and what they come to. The Go clients refuse events that are more than
 * two minutes ahead of their own time (`validateClock`), for good: who does that loses those whose clocks are wrong.
 *
 * When there is no room, what is known stays and what is new is refused.
 */
export function mergeGroupEvents(
  chatId: string,
  known: readonly OpenedGroupEvent[],
  received: readonly OpenedGroupEvent[],
): MergedGroupEvents {
  const knownIds = new Set(known.map(({ id }) => id))
  const view = foldGroup(chatId, [...known, ...received])
  const accepted = withRoomFor(MAX_GROUP_EVENTS, view.accepted, knownIds)
  const rejected = withRoomFor(MAX_REJECTED_EVENTS, view.rejected, knownIds)
  const events = [...accepted, ...rejected]
  const refused = view.accepted.length + view.rejected.length - events.length
  return { ...(refused === 0 ? view : foldGroup(chatId, events)), events, refused }
}

function withRoomFor(
  limit: number,
  events: readonly OpenedGroupEvent[],
  knownIds: ReadonlySet<string>,
): readonly OpenedGroupEvent[] {
  const before = events.filter(({ id }) => knownIds.has(id))
  const fresh = events.filter(({ id }) => !knownIds.has(id))
  let [count, bytes] = [0, 0]
  return [...before, ...fresh].filter(({ signed }) => {
    if (count >= limit || bytes + signed.length > MAX_GROUP_BYTES) return false
    count++
    bytes += signed.length
    return true
  })
}

/** By clock, then type and id; of several signatures under one event the smallest, so that all keep the same one. */
function uniqueInOrder(events: readonly OpenedGroupEvent[]): readonly OpenedGroupEvent[] {
  const byId = new Map<string, OpenedGroupEvent>()
  for (const event of events) {
    const other = byId.get(event.id)
    if (!other || compare(event.signed, other.signed) < 0) byId.set(event.id, event)
  }
  return [...byId.values()].sort(inOrder)
}

/**
 * Clients of 0.39 give the first two events of a group, its creation and its members, one clock: of events of one clock
 * what others need (created, added) stands before what needs it (joined, removed, made admin), as their numbers do.
 */
function inOrder(a: OpenedGroupEvent, b: OpenedGroupEvent): number {
  if (a.clock !== b.clock) return a.clock < b.clock ? -1 : 1
  if (a.type !== b.type) return a.type - b.type
  return a.id < b.id ? -1 : 1
}
