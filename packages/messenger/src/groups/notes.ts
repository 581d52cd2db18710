/** What a change of a group's events is told as. */
import type { PublicKey } from '@status-protocol/bytes'
import { groupChange, type OpenedGroupEvent } from '@status-protocol/payload'
import { keyOfCreator, keysOf, type Loaded } from './book.ts'
import { type GroupEvent, type GroupNote, keyOf } from './group.ts'

/** BOUNDED: told of one update; the newest are. One update can bring hundreds of events, and what is told is stored. */
const MAX_NOTES = 50

/** The same group before and after. Of one that is new to us only that we are in it is told. */
export function notesOf(
  before: Loaded | undefined,
  after: Loaded,
  self: { readonly text: string; readonly key: PublicKey },
): readonly GroupEvent[] {
  const { id } = after.record
  const tell = (change: GroupNote): GroupEvent => ({ type: 'group', chat: id, change })
  if (!before) return [tell(firstNote(after, self))]
  const were = new Set(before.view.accepted.map(({ id }) => id))
  const are = new Set(after.view.accepted.map(({ id }) => id))
  const fresh = after.view.accepted.filter(({ id }) => !were.has(id))
  const gone = before.view.accepted.filter(({ id }) => !are.has(id))
  const notes = [
    ...gone.flatMap((event) => undone(event)),
    ...fresh.flatMap((event) => noteOf(event, after, self.text)),
  ]
  return notes.slice(-MAX_NOTES).map(tell)
}

function firstNote(group: Loaded, self: { readonly text: string; readonly key: PublicKey }): GroupNote {
  const { state, record } = group
  if (record.id.endsWith(self.text)) return { type: 'created', by: keyOfCreator(record.id), name: state.name }
  const invitation = group.view.accepted.findLast(
    (event) => groupChange(event).kind === 'members-added' && event.members.includes(self.text),
  )
  const by = (invitation && keyOf(invitation.from)) ?? record.toldBy
  return { type: 'invited', by, members: [self.key], name: state.name }
}

function noteOf(event: OpenedGroupEvent, { state }: Loaded, self: string): readonly GroupNote[] {
  const by = keyOf(event.from)
  if (!by) return []
  const members = keysOf(event.members)
  switch (groupChange(event).kind) {
    case 'chat-created':
      return [{ type: 'created', by, name: event.name }]
    case 'name-changed':
      return [{ type: 'renamed', by, name: event.name }]
    case 'members-added':
      return [{ type: 'invited', by, members, ...(event.members.includes(self) ? { name: state.name } : {}) }]
    case 'member-joined':
      return [{ type: 'joined', by }]
    case 'member-removed':
      return [event.members[0] === event.from ? { type: 'left', by } : { type: 'kicked', by, members }]
    case 'admins-added':
      return [{ type: 'promoted', by, members }]
    case 'admin-removed':
      return [{ type: 'steppedDown', by }]
    default:
      return []
  }
}

function undone(event: OpenedGroupEvent): readonly GroupNote[] {
  const by = keyOf(event.from)
  return by ? [{ type: 'undone', by, what: groupChange(event).kind }] : []
}
