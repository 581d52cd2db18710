/**
 * Group updates of 2019 as events of the same kind as those of v1, so that one set of rules reads both. What is signed there is
 * a list of events: it is kept and passed on whole, as the Transit map that travels.
 */
import { concat, fromHex, to0xHex, toHex, utf8 } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import { orUndefinedIfMalformed } from '../error.ts'
import {
  GROUP_EVENT_TYPES,
  type GroupEvent,
  type GroupEventFault,
  MAX_NEW_EVENTS_PER_UPDATE,
  type MembershipUpdateOptions,
  type OpenedGroupEvent,
  type OpenedMembershipUpdate,
} from '../group/event.ts'
import type { MembershipUpdate } from '../membership-update.ts'
import { type Identity, recoverAuthor, signAs } from '../signature.ts'
import { chatFromV0 } from './as-v1.ts'
import {
  type GroupEventV0,
  type GroupUpdateV0,
  groupUpdateSigningText,
  groupUpdateSigningTextMobile,
  signatureOf,
} from './group-update.ts'
import { mapOfUpdate, updateOf } from './group-update-transit.ts'
import type { MessageV0 } from './message.ts'
import { readTransit } from './transit-reader.ts'
import { writeTransit } from './transit-writer.ts'

/** BOUNDED: events under one signature. The mobile client signs two when it makes a group, the Go client always one. */
export const MAX_EVENTS_TOGETHER_V0 = 16
/** Bytes of a signed list beside its members, for each event, and of each member. */
const MAX_EVENT_BYTES = 1_024
const MAX_MEMBER_BYTES = 140

const { chatCreated, nameChanged, membersAdded, memberJoined, memberRemoved, adminsAdded, adminRemoved } =
  GROUP_EVENT_TYPES
const NUMBERS: ReadonlyMap<string, number> = new Map([
  ['chat-created', chatCreated],
  ['name-changed', nameChanged],
  ['members-added', membersAdded],
  ['member-joined', memberJoined],
  ['member-removed', memberRemoved],
  ['admins-added', adminsAdded],
  ['admin-removed', adminRemoved],
])
const NAMES: ReadonlyMap<number, string> = new Map([...NUMBERS].map(([name, number]) => [number, name]))

/**
 * A `g5` as the update that v1 has: each of its events is the bytes of a signed list, for {@link openGroupEventsV0}. Undefined: it is
 * something else.
 *
 * @param sentMs Unix milliseconds of the transport
 */
export function groupUpdateFromV0(message: MessageV0, sentMs: number): MembershipUpdate | undefined {
  if (message.type !== 'membership-update') return undefined
  const said = message.message && chatFromV0(message.message, sentMs)
  return {
    type: 'membership-update',
    chatId: message.chatId,
    events: message.updates.map(bytesOf),
    ...(said && { message: said }),
  }
}

/** {@link MembershipUpdateOptions}, and who is likely to have signed. */
export interface GroupEventsV0Options extends MembershipUpdateOptions {
  /**
   * Keys as hex with `0x`: the creator, members, who passed it on. The mobile client signs other texts than the Go client where there
   * are several members or `<`, `>`, `&`; of what a signature may be under, that by somebody likely is taken, or else by
   * somebody whom the events of the update name: whoever is new to a group hears of its members and of what they did at once.
   */
  readonly likely?: ReadonlySet<string>
}

/**
 * The events of an update of 2019. A list that cannot be read does not spoil the others.
 *
 * @param known events of the group that were opened before: their signatures are not looked at again
 */
export function openGroupEventsV0(
  { chatId, events: lists }: Pick<MembershipUpdate, 'chatId' | 'events'>,
  known: readonly OpenedGroupEvent[] = [],
  { maxNewEvents = MAX_NEW_EVENTS_PER_UPDATE, crypto = defaultProvider, likely }: GroupEventsV0Options = {},
): OpenedMembershipUpdate {
  const authors = authorsOf(chatId, known, likely)
  const read = lists.map((list) => ({
    list,
    id: toHex(list),
    update: orUndefinedIfMalformed(() => updateOf(readTransit(list))),
  }))
  const named = likely && new Set(read.flatMap(({ update }) => update?.events.flatMap(namedIn) ?? []))
  const events: OpenedGroupEvent[] = []
  const refused: { index: number; reason: GroupEventFault }[] = []
  const seen = new Set<string>()
  let news = 0
  for (const [index, { list, id, update }] of read.entries()) {
    if (seen.has(id)) continue
    seen.add(id)
    const fault = update ? faultOf(chatId, update, list) : 'malformed'
    if (!update || fault) {
      refused.push({ index, reason: fault ?? 'malformed' })
      continue
    }
    const before = authors.get(id)
    const texts = before && (!likely || likely.has(before)) ? [] : textsOf(update, likely !== undefined)
    // Of whom it seemed to be may have been a guess, where there are two texts: those who were likely then were others.
    const isSure = before !== undefined && texts.length < 2
    if (!isSure) news += update.events.length + texts.length - 1
    const looked = () => authorOf(update, texts, [likely, named], crypto)
    const author = isSure ? before : news > maxNewEvents ? (before ?? 'too-many') : looked()
    if (!author.startsWith('0x')) {
      refused.push({ index, reason: author as GroupEventFault })
      continue
    }
    for (const event of update.events) events.push(openedEvent(chatId, author, event, list.slice(), crypto))
  }
  return { events, refused }
}

/** Of each known list; of several that it was taken to be of, somebody likely. */
function authorsOf(
  chatId: string,
  known: readonly OpenedGroupEvent[],
  likely: ReadonlySet<string> | undefined,
): ReadonlyMap<string, string> {
  const authors = new Map<string, string>()
  for (const { chatId: of, signed, from } of known) {
    const id = toHex(signed)
    if (of === chatId && (!authors.has(id) || likely?.has(from))) authors.set(id, from)
  }
  return authors
}

const namedIn = ({ member, members }: GroupEventV0): readonly string[] => [member, ...members]

function faultOf(chatId: string, update: GroupUpdateV0, list: Uint8Array): GroupEventFault | undefined {
  const { events } = update
  if (update.chatId !== chatId || events.length === 0 || events.some(({ clock }) => clock < 0n))
    return 'malformed'
  if (events.length > MAX_EVENTS_TOGETHER_V0) return 'too-many'
  const members = events.reduce((sum, event) => sum + Math.max(1, event.members.length), 0)
  return list.length > events.length * MAX_EVENT_BYTES + members * MAX_MEMBER_BYTES ? 'too-large' : undefined
}

/** What the signature may be over. */
function textsOf({ chatId, events }: GroupUpdateV0, isMobileLikely: boolean): readonly string[] {
  const text = groupUpdateSigningText(chatId, events)
  const ofMobile = isMobileLikely ? groupUpdateSigningTextMobile(chatId, events) : text
  return ofMobile === text ? [text] : [text, ofMobile]
}

/** A key as hex with `0x`, or why there is none. @param likely the likeliest first */
function authorOf(
  { signature }: GroupUpdateV0,
  texts: readonly string[],
  likely: readonly (ReadonlySet<string> | undefined)[],
  crypto: CryptoProvider,
): string {
  const bytes = signatureOf(signature)
  if (!bytes) return 'malformed'
  const recovered = (text: string): string => {
    const author = recoverAuthor(crypto.keccak256(utf8(text)), bytes, crypto)
    return typeof author === 'string' ? author : to0xHex(author)
  }
  const [text = '', ofMobile] = texts
  const author = recovered(text)
  if (ofMobile === undefined || likely[0]?.has(author)) return author
  const both = [author, recovered(ofMobile)]
  for (const people of likely) for (const one of both) if (people?.has(one)) return one
  return author
}

function openedEvent(
  chatId: string,
  from: string,
  event: GroupEventV0,
  signed: Uint8Array,
  crypto: CryptoProvider,
): OpenedGroupEvent {
  const { clock, name } = event
  const id = toHex(crypto.keccak256(concat(fromHex(from, 65), utf8(groupUpdateSigningText(chatId, [event])))))
  return { chatId, from, signed, id, clock, name, ...typeAndMembers(event, from), generation: 'v0' }
}

/** Who creates or joins may be named, and nobody else: an event that names another is of no type. */
function typeAndMembers(
  { type, member, members }: GroupEventV0,
  from: string,
): Pick<GroupEvent, 'type' | 'members'> {
  const number = NUMBERS.get(type) ?? GROUP_EVENT_TYPES.unknown
  const one = member === '' ? [] : [member]
  if (number === membersAdded || number === adminsAdded) return { type: number, members }
  const isOwn = member === from || (member === '' && number === chatCreated)
  if (number === chatCreated || number === memberJoined)
    return isOwn ? { type: number, members: [] } : { type: GROUP_EVENT_TYPES.unknown, members: one }
  return { type: number, members: one }
}

export interface KeptGroupEventV0Options {
  readonly crypto?: CryptoProvider
  /** Lists that were read, for the other events of each: give the same map for all that are read at once. */
  readonly lists?: Map<string, readonly OpenedGroupEvent[]>
}

/** An event that was opened before and kept: nothing is checked again. Undefined if it is none. */
export function keptGroupEventV0(
  chatId: string,
  { from, id, signed }: Pick<OpenedGroupEvent, 'from' | 'id' | 'signed'>,
  { crypto = defaultProvider, lists = new Map() }: KeptGroupEventV0Options = {},
): OpenedGroupEvent | undefined {
  const key = `${from} ${toHex(signed)}`
  const read = (): readonly OpenedGroupEvent[] => {
    const update = orUndefinedIfMalformed(() => updateOf(readTransit(signed)))
    return update?.events.map((event) => openedEvent(chatId, from, event, signed, crypto)) ?? []
  }
  const events = lists.get(key) ?? read()
  lists.set(key, events)
  return events.find((event) => event.id === id)
}

/** An event of ours, signed alone. @throws PayloadError `invalid-argument`, `out-of-range` */
export function signGroupEventV0(
  chatId: string,
  { type, clock, members, name }: GroupEvent,
  identity: Identity,
  { crypto = defaultProvider }: { readonly crypto?: CryptoProvider } = {},
): OpenedGroupEvent {
  const from = to0xHex(crypto.publicKey(identity.privateKey))
  const isList = type === membersAdded || type === adminsAdded
  const one = type === nameChanged ? '' : (members[0] ?? from)
  const event: GroupEventV0 = {
    type: NAMES.get(type) ?? '',
    clock,
    name,
    member: isList ? '' : one,
    members: isList ? members : [],
  }
  const signature = toHex(signAs(identity, utf8(groupUpdateSigningText(chatId, [event])), crypto))
  return openedEvent(chatId, from, event, bytesOf({ chatId, events: [event], signature }), crypto)
}

/** The signed lists of these events, each once: what is sent. */
export function groupUpdatesOfV0(events: readonly OpenedGroupEvent[]): readonly GroupUpdateV0[] {
  const lists = new Map(events.map(({ signed }) => [toHex(signed), signed]))
  return [...lists.values()].flatMap(
    (signed) => orUndefinedIfMalformed(() => updateOf(readTransit(signed))) ?? [],
  )
}

function bytesOf(update: GroupUpdateV0): Uint8Array {
  return writeTransit(mapOfUpdate({ ...update, signature: update.signature.toLowerCase() }))
}
