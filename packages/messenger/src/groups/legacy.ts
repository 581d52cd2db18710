/**
 * Groups of 2019: the same rules, other bytes. Events are Transit and signed as a list, what is said goes alone, one to one, without
 * views; clocks may count hundredths of milliseconds. A group has one generation, since no client of one reads the other.
 */
import type { PublicKey } from '@status-protocol/bytes'
import { to0xHex } from '@status-protocol/bytes'
import {
  type ChatMessage,
  GROUP_EVENT_TYPES,
  type MembershipUpdate,
  type MembershipUpdateOptions,
  nextClock,
  nextClockMobileV0,
  type OpenedGroupEvent,
  type OpenedMembershipUpdate,
  openMembershipUpdate,
  wrapPayload,
} from '@status-protocol/payload'
import {
  chatMessageToV0,
  clockInMsV0,
  encodeMessageV0,
  groupUpdatesOfV0,
  isMobileClockV0,
  type MessageV0,
  openGroupEventsV0,
  signGroupEventV0,
  wrapV0,
} from '@status-protocol/payload/v0'
import { oneToOneChat } from '../chat.ts'
import { MessengerError } from '../error.ts'
import { countsHundredths, type Generation, generationFor, nextClockIn, wrapIn } from '../generations.ts'
import type { Stage } from '../stage.ts'
import type { Statement } from '../statement.ts'
import type { Intent, SignContext } from './actions.ts'
import type { Loaded } from './book.ts'
import type { CreateGroupOptions } from './group.ts'
import type { GroupRecord } from './tables.ts'

export type LegacyGeneration = NonNullable<GroupRecord['generation']>

/**
 * The mobile client signs the members of a list in an order that nobody else knows, and takes a signature over more than one for
 * somebody else's: each is added by an event of their own. So many at once; with more it is one event, for Go clients alone.
 */
const MAX_ONE_BY_ONE = 20
/** The mobile client's clocks count hundredths of milliseconds. */
const HUNDREDTHS = 100n

/** Whether what was said in the words of one generation can be of the group: 0.36.2 and 0.36.0 are the same here. */
export function isOfGeneration({ record }: Pick<Loaded, 'record'>, generation: Generation): boolean {
  return (record.generation === undefined) === (generation === 'v1')
}

// --- which generation ------------------------------------------------------------------------------------------------

/** Of a new group; undefined: v1. @throws MessengerError `mixed-generations` */
export async function chooseGeneration(
  stage: Stage,
  asked: CreateGroupOptions['generation'],
  people: readonly PublicKey[],
): Promise<LegacyGeneration | undefined> {
  if (asked !== undefined && asked !== 'v1' && asked !== 'legacy')
    throw new MessengerError('invalid-argument', 'generation: expected "v1" or "legacy"')
  const known = await generationsOf(stage, people)
  const isOld = known.has('v0') || known.has('v0.36')
  if (asked === 'v1' && isOld) throw mixed('somebody of them reads groups of 2019 only')
  if (asked === undefined && isOld && known.has('v1'))
    throw mixed(
      'some of them read groups of 2019 only, of the others that is not known: say "legacy" if all of them do, or leave the former out',
    )
  if (known.has('v0') && known.has('v0.36'))
    throw mixed('clients of 0.36.2 and older ones do not read each other')
  if (asked !== 'legacy' && !isOld) return undefined
  return known.has('v0.36') ? 'v0.36' : 'v0'
}

/** Whether people can be invited. @throws MessengerError `mixed-generations` */
export async function expectGeneration(
  stage: Stage,
  { generation }: GroupRecord,
  people: readonly PublicKey[],
): Promise<void> {
  const known = await generationsOf(stage, people)
  known.delete(generation ?? 'v1')
  if (generation) known.delete('v1') // or not known: whoever invites them says that they can read it
  const [other] = known
  if (other)
    throw mixed(
      `the group is one of ${shown(generation ?? 'v1')}, and somebody of them reads those of ${shown(other)}`,
    )
}

async function generationsOf(stage: Stage, people: readonly PublicKey[]): Promise<Set<Generation>> {
  const found = new Set<Generation>()
  for (const person of people) found.add(await generationFor(stage, oneToOneChat(person)))
  return found
}

const shown = (generation: Generation): string => ({ v1: '2020', 'v0.36': '0.36.2', v0: '2019' })[generation]

function mixed(why: string): MessengerError {
  return new MessengerError('mixed-generations', `a group speaks one generation: ${why}`)
}

// --- events ------------------------------------------------------------------------------------------------------------

/** The events of an update, in whichever words it came. */
export function openEvents(
  { message: update, generation, author }: Statement<MembershipUpdate>,
  before: Loaded | undefined,
  options: MembershipUpdateOptions,
): OpenedMembershipUpdate {
  if (generation === 'v1') return openMembershipUpdate(update, before?.events, options)
  const creator = `0x${update.chatId.slice(-130)}`
  const members = before?.view.accepted.flatMap(({ members }) => members) ?? [] // those who left, too
  const likely = new Set([to0xHex(author), creator, ...(before?.state.members ?? []), ...members])
  return openGroupEventsV0(update, before?.events, { ...options, likely })
}

/** What a person does, as clients of 2019 can read it: whoever creates a group says that they join it, too. */
export function legacyIntents(intents: readonly Intent[]): readonly Intent[] {
  return intents.flatMap((intent) => {
    const { type, members = [] } = intent
    if (type === GROUP_EVENT_TYPES.chatCreated) return [intent, { type: GROUP_EVENT_TYPES.memberJoined }]
    const isList = type === GROUP_EVENT_TYPES.membersAdded || type === GROUP_EVENT_TYPES.adminsAdded
    if (!isList || members.length > MAX_ONE_BY_ONE) return [intent]
    return members.map((member) => ({ type, members: [member] }))
  })
}

/** Each event signed alone, after all that is known. */
export function signLegacyIntents(
  chatId: string,
  intents: readonly Intent[],
  { identity, lastClock, nowMs, crypto, inHundredths = false }: SignContext,
): readonly OpenedGroupEvent[] {
  let last = lastClock
  return intents.map(({ type, members = [], name = '' }) => {
    const counts = inHundredths || isMobileClockV0(last, nowMs)
    last = counts ? nextClockMobileV0(last, nowMs) : nextClock(last, nowMs)
    return signGroupEventV0(chatId, { type, clock: last, members, name }, identity, { crypto })
  })
}

// --- clocks --------------------------------------------------------------------------------------------------------------

/** The clock of an event in milliseconds. */
export function timeOf({ clock, generation }: OpenedGroupEvent, nowMs: number): bigint {
  return generation === 'v0' ? clockInMsV0(clock, nowMs) : clock
}

/** The clock of something said as events of this group count. */
export function asEventClock({ record, state }: Loaded, said: bigint, nowMs: number): bigint {
  return record.generation && isMobileClockV0(state.lastClock, nowMs) ? said * HUNDREDTHS : said
}

/** Of what we say, in milliseconds. */
export function nextTextClock(group: Loaded, last: bigint, nowMs: number): bigint {
  const inHundredths = isOfMobile(group, nowMs)
  return nextClockIn(group.record.generation ?? 'v1', last, nowMs, { inHundredths })
}

/**
 * Whoever made the group has a mobile client: so have the others, since Go clients read nothing of such a group. By the creation alone,
 * or any member could take the words of all others from the rest.
 */
function isOfMobile({ record, view }: Loaded, nowMs: number): boolean {
  const created = view.accepted.find(({ type }) => type === GROUP_EVENT_TYPES.chatCreated)
  return record.generation === 'v0' && created !== undefined && isMobileClockV0(created.clock, nowMs)
}

/** Whether a group for these people is to be as the mobile client makes it. */
export async function areMobile(stage: Stage, people: readonly PublicKey[]): Promise<boolean> {
  for (const person of people)
    if (await countsHundredths(stage, oneToOneChat(person), await generationFor(stage, oneToOneChat(person))))
      return true
  return false
}

// --- out -------------------------------------------------------------------------------------------------------------------

interface Said {
  readonly generation: LegacyGeneration
  readonly events: readonly OpenedGroupEvent[]
  readonly message: ChatMessage | undefined
}

/** What is told, signed and wrapped: something said, or else events. */
export function wrapLegacy(
  group: Loaded,
  { generation, events, message }: Said,
  { identity, crypto, nowMs }: Pick<SignContext, 'identity' | 'crypto' | 'nowMs'>,
): Uint8Array {
  const isMobile = isOfMobile(group, nowMs)
  if (message && !isMobile) return wrapIn(generation, message, { identity, crypto })
  const { id: chatId } = group.record
  const update: MessageV0 = { type: 'membership-update', chatId, updates: groupUpdatesOfV0(events) }
  if (message) {
    // The mobile client hears what is said in a group only beside its events, the Go client only alone.
    const said = { ...chatMessageToV0(message), clock: message.clock * HUNDREDTHS }
    return wrapV0({ ...update, message: said }, identity, { crypto, dialect: 'mobile' })
  }
  if (generation === 'v0') return wrapV0(update, identity, { crypto, dialect: isMobile ? 'mobile' : 'go' })
  return wrapPayload(encodeMessageV0(update), 0, identity, { crypto })
}
