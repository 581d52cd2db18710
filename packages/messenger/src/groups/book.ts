/** Groups between the store and the rules: loaded, merged, saved. Knows nothing of who says what to whom. */
import { fromHex, type PublicKey, to0xHex, toHex } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import {
  type GroupState,
  type GroupView,
  groupViewHash,
  MAX_GROUP_EVENTS,
  MAX_REJECTED_EVENTS,
  type MergedGroupEvents,
  mergeGroupEvents,
  type OpenedGroupEvent,
} from '@status-protocol/payload'
import type { Change, Random } from '@status-protocol/ports'
import type { ChatId } from '../chat.ts'
import type { Stage } from '../stage.ts'
import { keyOf, type Membership } from './group.ts'
import {
  allGroupEvents,
  deleteGroupEvent,
  deletePerson,
  type GroupRecord,
  getGroup,
  putGroup,
  putGroupEvent,
  putPerson,
} from './tables.ts'

/** A group whose creator is known. */
export interface Loaded {
  readonly record: GroupRecord
  readonly state: GroupState
  readonly view: GroupView
  /** All that are kept. */
  readonly events: readonly OpenedGroupEvent[]
  /** {@link groupViewHash} in hex. */
  readonly hash: string
  readonly membership: Membership
}

export interface Book {
  load(stage: Stage, id: ChatId): Promise<Loaded | undefined>
  /** What is known and what is new together; undefined if nobody has created the group. Stages nothing. */
  merge(id: ChatId, before: Loaded | undefined, events: readonly OpenedGroupEvent[]): Merged | undefined
  /** Stages a group with what changed. Returns it as it is now. */
  save(
    stage: Stage,
    before: Loaded | undefined,
    merged: Merged,
    record: Omit<GroupRecord, 'stamp' | 'bytes' | 'name' | 'membership'>,
  ): Loaded
}

export interface Merged {
  readonly all: MergedGroupEvents
  readonly state: GroupState
  readonly hash: string
  readonly membership: Membership
}

export interface BookOptions {
  readonly publicKey: PublicKey
  readonly random: Random
  readonly crypto: CryptoProvider
}

/** BOUNDED: groups whose events are in memory; the one used longest ago is read again. */
const MAX_REMEMBERED = 16

export function createBook({ publicKey, random, crypto }: BookOptions): Book {
  const self = to0xHex(publicKey)
  const remembered = new Map<ChatId, Loaded>()
  const remember = (group: Loaded): Loaded => {
    const { id } = group.record
    remembered.delete(id)
    remembered.set(id, group)
    if (remembered.size > MAX_REMEMBERED) remembered.delete(remembered.keys().next().value as ChatId)
    return group
  }

  const merge: Book['merge'] = (id, before, events) => {
    const all = mergeGroupEvents(id, before?.events ?? [], events)
    if (!all.state) return undefined
    const hash = toHex(groupViewHash(all.accepted, { crypto }))
    return { all, state: all.state, hash, membership: membershipOf(all.state, self) }
  }

  return {
    merge,

    async load(stage, id) {
      const record = await getGroup(stage, id)
      if (!record) return undefined
      const known = remembered.get(id)
      if (known?.record.stamp === record.stamp) return remember({ ...known, record })
      const events = await allGroupEvents(stage, id, MAX_GROUP_EVENTS + MAX_REJECTED_EVENTS, record)
      const merged = merge(id, undefined, events)
      return merged && remember(loadedOf(record, merged))
    },

    save(stage, before, merged, others) {
      const { all } = merged
      const stamp = toHex(random.bytes(8))
      const bytes = all.events.reduce((sum, { signed }) => sum + signed.length, 0)
      const record: GroupRecord = {
        ...others,
        ...(merged.membership === 'joined' ? { wasJoined: true as const } : {}),
        name: merged.state.name,
        membership: merged.membership,
        stamp,
        bytes,
      }
      const changes: Change[] = [putGroup(record)]
      const kept = new Map(before?.events.map((event) => [event.id, event]))
      for (const event of all.events) {
        if (kept.get(event.id)?.signed !== event.signed) changes.push(putGroupEvent(event))
        kept.delete(event.id)
      }
      for (const gone of kept.values()) changes.push(deleteGroupEvent(gone))
      stage.add({ changes: [...changes, ...companyChanges(self, before, merged, record.id)] })
      return remember(loadedOf(record, merged))
    },
  }
}

function loadedOf(record: GroupRecord, { all, state, hash, membership }: Merged): Loaded {
  return { record, state, hash, membership, view: all, events: all.events }
}

export function membershipOf({ members, joined }: GroupState, self: string): Membership {
  if (joined.includes(self)) return 'joined'
  return members.includes(self) ? 'invited' : 'left'
}

/** With whom we are in a group that we joined: they are no strangers to us. */
function companyChanges(
  self: string,
  before: Loaded | undefined,
  { state, membership }: Merged,
  id: ChatId,
): readonly Change[] {
  const were = new Set(before?.membership === 'joined' ? before.state.members : [])
  const are = new Set(membership === 'joined' ? state.members : [])
  const change = (make: typeof putPerson) => (key: string) => {
    const person = keyOf(key)
    return person && key !== self ? [make('group-person', person, id)] : []
  }
  return [
    ...[...are].filter((key) => !were.has(key)).flatMap(change(putPerson)),
    ...[...were].filter((key) => !are.has(key)).flatMap(change(deletePerson)),
  ]
}

/** Those who are or were in the group by what counts: nobody else is told anything of it. */
export function wasEverMember({ state, view }: Pick<Loaded, 'state' | 'view'>, key: string): boolean {
  return state.members.includes(key) || view.accepted.some(({ members }) => members.includes(key))
}

export const keysOf = (texts: readonly string[]): readonly PublicKey[] =>
  texts.flatMap((text) => keyOf(text) ?? [])

export const keyOfCreator = (id: ChatId): PublicKey => fromHex(id.slice(-130), 65)
