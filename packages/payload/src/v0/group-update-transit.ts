import { int64Argument, textArgument } from '../arguments.ts'
import { PayloadError } from '../error.ts'
import { type ChatMessageV0, chatMessageOf, taggedChatMessage } from './chat-message.ts'
import { type Dialect, elementsOf, invalidElement, textElement } from './elements.ts'
import type { GroupEventV0, GroupUpdateV0 } from './group-update.ts'
import {
  entryOf,
  isTransitArray,
  isTransitMap,
  isTransitTagged,
  keyword,
  type TransitTagged,
  type TransitValue,
} from './transit.ts'

/** All updates of a group and, perhaps, something said in it: `["~#g5", [chat id, updates, message]]`. */
export interface MembershipUpdateV0 {
  readonly type: 'membership-update'
  readonly chatId: string
  readonly updates: readonly GroupUpdateV0[]
  readonly message?: ChatMessageV0
}

/** The Go client writes the updates as a list, the mobile client as an array, which the Go reader refuses. */
export function membershipUpdateOf(tagged: TransitTagged, dialect: Dialect): MembershipUpdateV0 {
  const elements = elementsOf(tagged)
  const message = messageOf(elements[2], dialect)
  return {
    type: 'membership-update',
    chatId: textElement(elements, 0, 'go'),
    updates: updatesOf(elements, dialect).map(updateOf),
    ...(message && { message }),
  }
}

function updatesOf(elements: readonly TransitValue[], dialect: Dialect): readonly TransitValue[] {
  if (elements.length < 2) return []
  const value = elements[1]
  if (isTransitTagged(value) && value.tag === 'list' && isTransitArray(value.value)) return value.value
  if (dialect === 'mobile' && isTransitArray(value)) return value
  throw invalidElement(1)
}

/** @throws PayloadError `malformed` */
export function updateOf(value: TransitValue): GroupUpdateV0 {
  if (!isTransitMap(value)) throw invalidElement(1)
  const [chatId, signature, events] = ['chat-id', 'signature', 'events'].map((name) => entryOf(value, name))
  if (typeof chatId !== 'string' || typeof signature !== 'string' || !isTransitArray(events))
    throw invalidElement(1)
  return { chatId, signature, events: events.map(eventOf) }
}

function eventOf(value: TransitValue): GroupEventV0 {
  if (!isTransitMap(value)) throw invalidElement(1)
  const clock = entryOf(value, 'clock-value')
  if (typeof clock !== 'bigint') throw invalidElement(1)
  const text = (name: string, absent?: string) => {
    const entry = entryOf(value, name) ?? absent
    if (typeof entry !== 'string') throw invalidElement(1)
    return entry
  }
  return {
    type: text('type'),
    clock,
    member: text('member', ''),
    members: membersOf(entryOf(value, 'members')),
    name: text('name', ''),
  }
}

function membersOf(value: TransitValue | undefined): readonly string[] {
  if (value === undefined) return []
  const members = isTransitTagged(value) && value.tag === 'set' ? value.value : undefined
  if (!isTransitArray(members) || !members.every((member) => typeof member === 'string'))
    throw invalidElement(1)
  return members
}

function messageOf(value: TransitValue | undefined, dialect: Dialect): ChatMessageV0 | undefined {
  if (value === undefined || value === null) return undefined
  if (!isTransitTagged(value) || value.tag !== 'c4') throw invalidElement(2)
  // The Go reader decodes an embedded message twice and fails at the second time.
  if (dialect === 'go')
    throw new PayloadError('malformed', 'Transit g5: the Go reader takes no embedded message')
  return chatMessageOf(value, dialect)
}

/** The updates as each client writes them. @throws PayloadError `out-of-range`, `invalid-argument` */
export function taggedMembershipUpdate(update: MembershipUpdateV0, dialect: Dialect): TransitTagged {
  const maps = update.updates.map(mapOfUpdate)
  const updates = dialect === 'go' ? { tag: 'list', value: maps } : maps
  const message = update.message ? [taggedChatMessage(update.message)] : dialect === 'go' ? [] : [null]
  return { tag: 'g5', value: [textArgument(update.chatId, 'chatId'), updates, ...message] }
}

/** @throws PayloadError `out-of-range`, `invalid-argument` */
export function mapOfUpdate({ chatId, events, signature }: GroupUpdateV0): TransitValue {
  return {
    entries: [
      [keyword('chat-id'), textArgument(chatId, 'update.chatId')],
      [keyword('events'), events.map(mapOfEvent)],
      [keyword('signature'), textArgument(signature, 'update.signature')],
    ],
  }
}

function mapOfEvent(event: GroupEventV0): TransitValue {
  const entries: [TransitValue, TransitValue][] = [
    [keyword('type'), textArgument(event.type, 'event.type')],
    [keyword('clock-value'), int64Argument(event.clock, 'event.clock')],
  ]
  if (event.name !== '') entries.push([keyword('name'), textArgument(event.name, 'event.name')])
  if (event.member !== '') entries.push([keyword('member'), textArgument(event.member, 'event.member')])
  if (event.members.length > 0) entries.push([keyword('members'), { tag: 'set', value: event.members }])
  return { entries }
}
