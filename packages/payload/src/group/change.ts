import type { GroupEventV0 } from '../v0/group-update.ts'
import { GROUP_EVENT_TYPES, type OpenedGroupEvent } from './event.ts'
import type { GroupChange, GroupChangeKind } from './state.ts'

const KIND_OF_NUMBER: ReadonlyMap<number, GroupChangeKind> = new Map([
  [GROUP_EVENT_TYPES.chatCreated, 'chat-created'],
  [GROUP_EVENT_TYPES.nameChanged, 'name-changed'],
  [GROUP_EVENT_TYPES.membersAdded, 'members-added'],
  [GROUP_EVENT_TYPES.memberJoined, 'member-joined'],
  [GROUP_EVENT_TYPES.memberRemoved, 'member-removed'],
  [GROUP_EVENT_TYPES.adminsAdded, 'admins-added'],
  [GROUP_EVENT_TYPES.adminRemoved, 'admin-removed'],
])

const LISTS_OF_V0: readonly string[] = ['members-added', 'admins-added']
const KINDS: readonly string[] = [...KIND_OF_NUMBER.values()]

/** An event of v1 as the rules see it. */
export function groupChange(event: Omit<OpenedGroupEvent, 'signed' | 'id'>): GroupChange {
  const { chatId, from, clock, members, name } = event
  return { chatId, from, clock, members, name, kind: KIND_OF_NUMBER.get(event.type) ?? 'unknown' }
}

/** An event of v0 as the rules see it; `from` is what `openGroupUpdateV0` found. */
export function groupChangeV0(chatId: string, from: string, event: GroupEventV0): GroupChange {
  const kind = KINDS.includes(event.type) ? (event.type as GroupChangeKind) : 'unknown'
  const members = LISTS_OF_V0.includes(kind) ? event.members : [event.member]
  return { chatId, from, clock: event.clock, members, name: event.name, kind }
}
