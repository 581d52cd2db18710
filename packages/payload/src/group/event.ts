/**
 * Events of a group, v1: `signature(65) | MembershipUpdateEvent`, the signature over keccak256(chat id | event). The
 * author is whoever the signature names.
 */
import { concat, type PublicKey, to0xHex, toHex, utf8 } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import { textArgument } from '../arguments.ts'
import { int32, listOf, type TableCodec, tableCodec, text, uint64 } from '../codec.ts'
import { orUndefinedIfMalformed, PayloadError } from '../error.ts'
import { status } from '../generated/payload.js'
import type { MembershipUpdate } from '../membership-update.ts'
import { type Identity, recoverAuthor, SIGNATURE_BYTES, type SignatureFault, signAs } from '../signature.ts'

/** Values of `GroupEvent.type`; others are invalid in every group. */
export const GROUP_EVENT_TYPES = {
  unknown: 0,
  chatCreated: 1,
  nameChanged: 2,
  membersAdded: 3,
  memberJoined: 4,
  memberRemoved: 5,
  adminsAdded: 6,
  adminRemoved: 7,
} as const

/** One change of a group, without its author. */
export interface GroupEvent {
  /** One of {@link GROUP_EVENT_TYPES}. */
  readonly type: number
  /** Lamport clock of the group. */
  readonly clock: bigint
  /** 65-byte public keys as hex with `0x`: those added or removed. */
  readonly members: readonly string[]
  readonly name: string
  readonly unknownFields?: Uint8Array
}

/** An event whose signature was read. */
export interface OpenedGroupEvent extends GroupEvent {
  readonly chatId: string
  /** Public key of the author as hex with `0x`. */
  readonly from: string
  /** signature | event as it came: what is passed on. */
  readonly signed: Uint8Array
  /**
   * keccak256(author(65) | chat id | event) as hex. It leaves the signature out: whoever sees an event can write a second
   * valid signature of the same author under it, which must not make a second event.
   */
  readonly id: string
  /** Of 2019: `signed` is the list of events that one signature is for. Absent: v1. */
  readonly generation?: 'v0'
}

export type GroupEventFault = 'too-short' | 'malformed' | 'too-many' | 'too-large' | SignatureFault

export type GroupEventResult =
  | { readonly ok: true; readonly event: OpenedGroupEvent }
  | { readonly ok: false; readonly reason: GroupEventFault }

/**
 * Events of one update that are not known yet and so cost a key recovery each (up to 1.6 ms). Members send all events of
 * their group every time: what is cut off here comes again.
 */
export const MAX_NEW_EVENTS_PER_UPDATE = 256

export interface GroupEventOptions {
  readonly crypto?: CryptoProvider
}

export interface MembershipUpdateOptions extends GroupEventOptions {
  /** Default {@link MAX_NEW_EVENTS_PER_UPDATE}; more for authors who have some standing. */
  readonly maxNewEvents?: number
}

const eventCodec: TableCodec<GroupEvent> = tableCodec(
  'MembershipUpdateEvent',
  status.payload.MembershipUpdateEvent,
  {},
  { clock: uint64, members: listOf(text), name: text, type: int32 },
)

/** signature(65) | event. @throws PayloadError `invalid-argument` on an empty chat id, `out-of-range` on the clock */
export function signGroupEvent(
  chatId: string,
  event: GroupEvent,
  identity: Identity,
  { crypto = defaultProvider }: GroupEventOptions = {},
): Uint8Array {
  if (textArgument(chatId, 'chatId') === '')
    throw new PayloadError('invalid-argument', 'chatId: expected the id of a group, got an empty text')
  const encoded = eventCodec.encode(event)
  return concat(signAs(identity, concat(utf8(chatId), encoded), crypto), encoded)
}

/**
 * Who says what. Any 65 bytes name some author: an event changed on its way has another author, who has no right to it.
 * Never throws on what a peer sent.
 */
export function openGroupEvent(
  chatId: string,
  signed: Uint8Array,
  { crypto = defaultProvider }: GroupEventOptions = {},
): GroupEventResult {
  if (signed.length <= SIGNATURE_BYTES) return { ok: false, reason: 'too-short' }
  const encoded = signed.subarray(SIGNATURE_BYTES)
  const material = concat(utf8(chatId), encoded)
  const author = recoverAuthor(crypto.keccak256(material), signed.subarray(0, SIGNATURE_BYTES), crypto)
  if (typeof author === 'string') return { ok: false, reason: author }
  const event = orUndefinedIfMalformed(() => eventCodec.decode(encoded))
  if (!event) return { ok: false, reason: 'malformed' }
  const id = idOf(author, material, crypto)
  return { ok: true, event: { ...event, chatId, from: to0xHex(author), signed: signed.slice(), id } }
}

/**
 * An event that was opened before and kept: nothing is checked again. Undefined if it is none.
 *
 * @param kept `from` and `id` as {@link OpenedGroupEvent} has them
 */
export function keptGroupEvent(
  chatId: string,
  { from, id, signed }: Pick<OpenedGroupEvent, 'from' | 'id' | 'signed'>,
): OpenedGroupEvent | undefined {
  const event = orUndefinedIfMalformed(() => eventCodec.decode(signed.subarray(SIGNATURE_BYTES)))
  return event && { ...event, chatId, from, signed, id }
}

function idOf(author: PublicKey, material: Uint8Array, crypto: CryptoProvider): string {
  return toHex(crypto.keccak256(concat(author, material)))
}

/** What {@link openMembershipUpdate} found: events to merge, and which of the update's events are none. */
export interface OpenedMembershipUpdate {
  readonly events: readonly OpenedGroupEvent[]
  readonly refused: readonly { readonly index: number; readonly reason: GroupEventFault }[]
}

/**
 * The events of a membership update. One that cannot be read does not spoil the others (in the reference it does).
 *
 * @param known events of the group that were opened before: their signatures are not looked at again
 */
export function openMembershipUpdate(
  update: MembershipUpdate,
  known: readonly OpenedGroupEvent[] = [],
  { maxNewEvents = MAX_NEW_EVENTS_PER_UPDATE, ...options }: MembershipUpdateOptions = {},
): OpenedMembershipUpdate {
  const ofThisGroup = known.filter((event) => event.chatId === update.chatId)
  const seen = new Map(ofThisGroup.map((event) => [toHex(event.signed), event]))
  const events: OpenedGroupEvent[] = []
  const refused: { index: number; reason: GroupEventFault }[] = []
  let recoveries = 0
  for (const [index, signed] of update.events.entries()) {
    const before = seen.get(toHex(signed))
    if (before) {
      events.push(before)
      continue
    }
    const isTooMany = recoveries++ >= maxNewEvents
    const result = isTooMany ? TOO_MANY : openGroupEvent(update.chatId, signed, options)
    if (!result.ok) {
      refused.push({ index, reason: result.reason })
      continue
    }
    events.push(result.event)
    seen.set(toHex(signed), result.event)
  }
  return { events, refused }
}

const TOO_MANY: GroupEventResult = { ok: false, reason: 'too-many' }
