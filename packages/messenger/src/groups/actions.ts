/** What a person does to a group, as events: spec 7/GROUP-CHAT, "Group membership event". Pure. */

import { utf8 } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import {
  GROUP_EVENT_TYPES,
  type GroupState,
  nextClock,
  type OpenedGroupEvent,
  openGroupEvent,
  signGroupEvent,
} from '@status-protocol/payload'
import { MessengerError } from '../error.ts'
import { MAX_GROUP_MEMBERS, MAX_GROUP_NAME_BYTES } from './group.ts'
import { type LegacyGeneration, legacyIntents, signLegacyIntents } from './legacy.ts'

export type Action =
  | { readonly type: 'invite' | 'promote'; readonly members: readonly string[] }
  | { readonly type: 'accept' | 'decline' | 'leave' | 'stepDown' }
  | { readonly type: 'kick'; readonly member: string }
  | { readonly type: 'rename'; readonly name: string }

/** An event that is not signed yet. */
export interface Intent {
  readonly type: number
  readonly members?: readonly string[]
  readonly name?: string
}

/**
 * The event by which somebody does it.
 *
 * @throws MessengerError `not-allowed`, saying who may; `invalid-group`
 */
export function intentOf(
  action: Action,
  { name, members, admins, joined }: GroupState,
  self: string,
): Intent {
  const isJoined = joined.includes(self)
  const byAdmins = (): void => {
    if (!admins.includes(self) || !isJoined) throw notAllowed('only an admin of the group can do this')
  }
  switch (action.type) {
    case 'invite': {
      byAdmins()
      const fresh = unique(action.members).filter((key) => !members.includes(key))
      if (fresh.length === 0) throw notAllowed('all of them are in the group already')
      expectRoom(members.length + fresh.length)
      return { type: GROUP_EVENT_TYPES.membersAdded, members: fresh }
    }
    case 'accept':
      if (isJoined) throw notAllowed('you have joined the group already')
      if (!members.includes(self)) throw notAllowed('you are not invited to this group')
      return { type: GROUP_EVENT_TYPES.memberJoined }
    case 'decline':
      if (isJoined) throw notAllowed('you have joined this group: you can leave it')
      if (!members.includes(self)) throw notAllowed('you are not invited to this group')
      return { type: GROUP_EVENT_TYPES.memberRemoved, members: [self] }
    case 'leave':
      if (!isJoined) throw notAllowed('you are not in this group')
      return { type: GROUP_EVENT_TYPES.memberRemoved, members: [self] }
    case 'kick':
      byAdmins()
      if (action.member === self) throw notAllowed('you cannot remove yourself: you can leave')
      if (!members.includes(action.member)) throw notAllowed('this person is not in the group')
      if (admins.includes(action.member)) throw notAllowed('an admin can only go by themselves')
      return { type: GROUP_EVENT_TYPES.memberRemoved, members: [action.member] }
    case 'promote': {
      byAdmins()
      const fresh = unique(action.members).filter((key) => !admins.includes(key))
      if (fresh.length === 0) throw notAllowed('all of them are admins already')
      if (fresh.some((key) => !members.includes(key)))
        throw notAllowed('only members can be made admins: invite them first')
      return { type: GROUP_EVENT_TYPES.adminsAdded, members: fresh }
    }
    case 'stepDown':
      byAdmins()
      return { type: GROUP_EVENT_TYPES.adminRemoved, members: [self] }
    case 'rename':
      byAdmins()
      if (action.name === name) throw notAllowed('the group is called so already')
      return { type: GROUP_EVENT_TYPES.nameChanged, name: checkedName(action.name) }
  }
}

/** Whether a group is as somebody wanted it, in the end. */
export function isDone(action: Action, { name, members, admins, joined }: GroupState, self: string): boolean {
  switch (action.type) {
    case 'invite':
      return action.members.every((key) => members.includes(key))
    case 'accept':
      return joined.includes(self)
    case 'decline':
    case 'leave':
      return !members.includes(self)
    case 'kick':
      return !members.includes(action.member)
    case 'promote':
      return action.members.every((key) => admins.includes(key))
    case 'stepDown':
      return !admins.includes(self)
    case 'rename':
      return name === action.name
  }
}

/** The events of a new group. @throws MessengerError `invalid-group`, `too-large` */
export function intentsOfCreation(name: string, members: readonly string[], self: string): readonly Intent[] {
  const others = unique(members).filter((key) => key !== self)
  expectRoom(others.length + 1)
  return [
    { type: GROUP_EVENT_TYPES.chatCreated, name: checkedName(name) },
    ...(others.length > 0 ? [{ type: GROUP_EVENT_TYPES.membersAdded, members: others }] : []),
  ]
}

export interface SignContext {
  readonly identity: { readonly privateKey: Uint8Array }
  /** Highest clock of the group and its messages. */
  readonly lastClock: bigint
  readonly nowMs: number
  readonly crypto: CryptoProvider
  /** Of the group; none: v1. */
  readonly generation?: LegacyGeneration | undefined
  /** Clocks are to count hundredths of milliseconds. */
  readonly inHundredths?: boolean
}

/** Each event after all that is known. */
export function signIntents(
  chatId: string,
  intents: readonly Intent[],
  context: SignContext,
): readonly OpenedGroupEvent[] {
  if (context.generation) return signLegacyIntents(chatId, legacyIntents(intents), context)
  const { identity, lastClock, nowMs, crypto } = context
  let last = lastClock
  return intents.map(({ type, members = [], name = '' }) => {
    last = nextClock(last, nowMs)
    const signed = signGroupEvent(chatId, { type, clock: last, members, name }, identity, { crypto })
    const opened = openGroupEvent(chatId, signed, { crypto })
    if (!opened.ok) throw new MessengerError('invalid-group', `the event cannot be read: ${opened.reason}`)
    return opened.event
  })
}

function checkedName(name: string): string {
  const bytes = utf8(name).length
  if (name.trim() === '') throw new MessengerError('invalid-group', 'a group needs a name, got none')
  if (bytes > MAX_GROUP_NAME_BYTES)
    throw new MessengerError(
      'invalid-group',
      `the name of a group has at most ${MAX_GROUP_NAME_BYTES} bytes, got ${bytes}`,
    )
  return name
}

function expectRoom(count: number): void {
  if (count > MAX_GROUP_MEMBERS)
    throw new MessengerError(
      'too-large',
      `a group has at most ${MAX_GROUP_MEMBERS} members, this one would have ${count}`,
    )
}

function unique(keys: readonly string[]): readonly string[] {
  return [...new Set(keys)]
}

function notAllowed(why: string): MessengerError {
  return new MessengerError('not-allowed', why)
}
