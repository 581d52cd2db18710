/** What people and programs see of groups. */
import { fromHex, type PublicKey } from '@status-protocol/bytes'
import type { GroupChangeKind, PayloadGeneration } from '@status-protocol/payload'
import type { ChatId } from '../chat.ts'
import type { NameWarning } from '../contacts/names.ts'
import type { MessageIdText } from '../message.ts'

/** Members of a group that we write to, ourselves included. A message goes to each of them, for each of their devices. */
export const MAX_GROUP_MEMBERS = 250
/** UTF-8. */
export const MAX_GROUP_NAME_BYTES = 200
/**
 * Of an update, with all events of the group and what is said in it: for three devices of a member it is encrypted three
 * times, and all of that travels in one envelope of at most 1 MiB.
 */
export const MAX_GROUP_UPDATE_BYTES: number = 300 * 1024

/** A group as this account sees it. */
export interface Group {
  /** UUID, `-` and the public key of whoever created it. */
  readonly id: ChatId
  readonly name: string
  /** Whose clients can be in it: 2020 (`v1`), 0.36.2 (`v0.36`), 2019 (`v0`). It is for ever. */
  readonly generation: PayloadGeneration
  /** Of the name, which is as its admins chose it: see {@link NameWarning}. */
  readonly warnings?: readonly NameWarning[]
  /** Ourselves in it: see docs/groups.md. */
  readonly membership: Membership
  readonly createdBy: PublicKey
  /** Who told us of it first. */
  readonly toldBy: PublicKey
  /** They were neither a contact nor somebody we had written to. */
  readonly isStrange: boolean
  readonly members: readonly GroupMember[]
  /** Events that count for nothing: their author had no right to them, or something that they need is missing. */
  readonly rejected: readonly RejectedEvent[]
  /** Those who see another group than we do, as far as they have shown. */
  readonly diverged: readonly PublicKey[]
  /** 64 hex digits: the same for all who see the same group. */
  readonly view: string
}

export type Membership = 'invited' | 'joined' | 'left'

export interface GroupMember {
  readonly publicKey: PublicKey
  readonly role: 'admin' | 'member'
  readonly state: 'invited' | 'joined'
}

export interface RejectedEvent {
  readonly by: PublicKey
  readonly kind: GroupChangeKind
  readonly clock: bigint
  readonly members: readonly string[]
  readonly name: string
}

/** A member for whom an own message was. */
export interface Receipt {
  readonly member: PublicKey
  /** Their installations that have it; none yet, or none that said so. */
  readonly installations: readonly string[]
  /** Data sync gave up on them. */
  readonly isGivenUp: boolean
  /** `ratchet` was chosen for them, and their keys are not known: until they are, or data sync gives up, it waits. */
  readonly lacksKeys: boolean
}

/** What changed in a group. `by` has signed it. */
export type GroupNote =
  | {
      readonly type: 'created' | 'renamed'
      readonly by: PublicKey
      readonly name: string
      /** Of the name. */
      readonly warnings?: readonly NameWarning[]
    }
  | {
      readonly type: 'invited' | 'promoted'
      readonly by: PublicKey
      readonly members: readonly PublicKey[]
      /** Of the group, where it is us who were invited. */
      readonly name?: string
      readonly warnings?: readonly NameWarning[]
    }
  | { readonly type: 'joined' | 'left' | 'steppedDown'; readonly by: PublicKey }
  | { readonly type: 'kicked'; readonly by: PublicKey; readonly members: readonly PublicKey[] }
  /** An event that counted does not count any more: another one stands before it. */
  | { readonly type: 'undone'; readonly by: PublicKey; readonly what: GroupChangeKind }
  /** A member has shown that they see another group than we do; what they miss is sent to them. */
  | { readonly type: 'diverged' | 'healed'; readonly with: PublicKey }

/** Something happened in a group. */
export interface GroupEvent {
  readonly type: 'group'
  readonly chat: ChatId
  readonly change: GroupNote
}

export interface CreateGroupOptions {
  /**
   * `legacy`: for clients of 2019. Unless said: what all who are invited are known to speak; where they do not speak the same, it is to be
   * said, and where one of them could not be in it, it is refused.
   */
  readonly generation?: 'v1' | 'legacy'
}

/** Groups: spec 7/GROUP-CHAT; docs/groups.md has the states. `id` is the id of a group, as {@link Group} has it. */
export interface Groups {
  /**
   * Makes a group with ourselves as its admin, and invites people.
   *
   * @throws MessengerError `invalid-group`, `too-large`, `mixed-generations`
   */
  create(name: string, members?: readonly PublicKey[], options?: CreateGroupOptions): Promise<Group>
  /**
   * By admins. Who left or was removed can be invited again.
   *
   * @throws MessengerError `mixed-generations`; `no-such-group`, `not-allowed`, `invalid-group`, `too-large`, as do all of the following
   */
  invite(id: string, members: readonly PublicKey[]): Promise<Group>
  /** Joins a group that we were invited to: from now on we hear what is said, and may speak. */
  accept(id: string): Promise<Group>
  /** Says no to an invitation. The members are told. */
  decline(id: string): Promise<Group>
  /** Goes. The members are told; what was said stays here. */
  leave(id: string): Promise<Group>
  /** By admins: removes somebody who is no admin. They are told as well. */
  kick(id: string, member: PublicKey): Promise<Group>
  /** By admins: makes members admins. */
  promote(id: string, members: readonly PublicKey[]): Promise<Group>
  /** Gives up being an admin. */
  stepDown(id: string): Promise<Group>
  /** By admins. */
  rename(id: string, name: string): Promise<Group>
  /** @throws MessengerError `no-such-group` */
  view(id: string): Promise<Group>
  /** All groups that are known, those that were left too. */
  list(): Promise<readonly Group[]>
  /** Who of those for whom an own message was has it. Empty if it is no own message of a group. */
  receipts(id: MessageIdText): Promise<readonly Receipt[]>
}

/** A key as events have it. Undefined if it is none. */
export function keyOf(text: string): PublicKey | undefined {
  return /^0x04[0-9a-f]{128}$/.test(text) ? fromHex(text, 65) : undefined
}
