import { concat, fromHex, toHex, utf8 } from '@status-protocol/bytes'
import { defaultProvider } from '@status-protocol/crypto'
import {
  decodeMessage,
  encodeMessage,
  foldGroup,
  type GroupEvent,
  groupChange,
  type OpenedGroupEvent,
  openGroupEvent,
  openMembershipUpdate,
  type StrictGroupResult,
  signGroupEvent,
  strictGroup,
  unwrap,
  validateClock,
} from '@status-protocol/payload'
import {
  expectHex,
  expectSame,
  expectThat,
  hex,
  type VectorCase,
  type VectorFile,
  type VectorSuite,
} from '@status-protocol/testkit'

const SIGNATURE_BYTES = 65

/** How the reference says what is wrong with an event that it made itself. */
const WORDING: Readonly<Record<string, string>> = { 'too-short': 'invalid payload length' }

export const suite: VectorSuite = {
  file: 'group-chat-v1.json',
  kinds: {
    event: {
      expected: [
        'event',
        'signer_public_key',
        'event_protobuf',
        'signed_material',
        'signed_material_keccak256',
        'signature',
        'signed_event',
        'verdict',
        'recovered_from',
      ],
      check(c, file) {
        const event = eventOf(c.event)
        const identity = { privateKey: hex(c.signer_private_key) }
        const signed = signGroupEvent(c.chat_id, event, identity)
        expectHex(signed, c.signed_event, 'signed_event')
        expectHex(signed.subarray(0, SIGNATURE_BYTES), c.signature, 'signature')
        expectHex(signed.subarray(SIGNATURE_BYTES), c.event_protobuf, 'event_protobuf')
        const material = concat(utf8(c.chat_id), signed.subarray(SIGNATURE_BYTES))
        expectHex(material, c.signed_material, 'signed_material')
        expectHex(
          defaultProvider.keccak256(material),
          c.signed_material_keccak256,
          'signed_material_keccak256',
        )
        expectSame(
          `0x${toHex(defaultProvider.publicKey(identity.privateKey))}`,
          c.signer_public_key,
          'signer_public_key',
        )
        const result = openGroupEvent(c.chat_id, hex(c.signed_event))
        expectSame(result.ok ? 'ok' : WORDING[result.reason], c.verdict, 'verdict')
        expectSame(result.ok ? result.event.from : '', c.recovered_from, 'recovered_from')
        expectSame(shownEvent(result.ok ? result.event : event, file), c.event, 'event')
      },
    },
    event_decode: {
      expected: ['verdict', 'recovered_from', 'event'],
      check(c, file) {
        const result = openGroupEvent(c.chat_id, hex(c.signed_event))
        expectSame(result.ok ? 'ok' : 'error', c.verdict, 'verdict')
        // The wording of protobuf's errors is not ours: which rule refuses is compared.
        if (!result.ok) return expectSame(result.reason, faultOf(c.error), 'error')
        expectSame(result.event.from, c.recovered_from, 'recovered_from')
        expectSame(shownEvent(result.event, file), c.event, 'event')
      },
    },
    membership_update_message: {
      expected: [
        'chat_id',
        'signed_events',
        'chat_message_protobuf',
        'message_protobuf',
        'decoded_events',
        'wrapped',
        'message_id',
      ],
      check(c, file) {
        const result = unwrap(hex(c.wrapped))
        expectThat(result.ok, 'unwrap: expected ok')
        expectHex(result.messageId, c.message_id, 'message_id')
        expectHex(result.payload, c.message_protobuf, 'message_protobuf')
        const update = decodeMessage(3, hex(c.message_protobuf))
        expectThat(update.type === 'membership-update', 'type')
        expectSame(update, result.message, 'message')
        expectSame(update.chatId, c.chat_id, 'chat_id')
        expectSame(update.events, c.signed_events, 'signed_events')
        const message = update.message && toHex(encodeMessage(update.message))
        expectSame(message ?? null, c.chat_message_protobuf, 'chat_message_protobuf')
        expectHex(encodeMessage(update), c.message_protobuf, 'message_protobuf')
        const { events, refused } = openMembershipUpdate(update)
        expectSame(refused, [], 'refused')
        const decoded = events.map((event) => ({ ...shownEvent(event, file), from: event.from }))
        expectSame(decoded, c.decoded_events, 'decoded_events')
      },
    },
    group_state: {
      expected: ['verdict', 'error', 'group_name', 'members', 'admins', 'joined', 'last_clock'],
      check(c, file) {
        const events = (c.events as VectorCase[]).map((e) => openedEvent(chatIdOfEvents(c), e, file))
        const result = strictGroup(c.chat_id, events.map(groupChange))
        expectSame(result.ok ? 'ok' : 'error', c.verdict, 'verdict')
        if (!result.ok) return expectStrictError(result, c, events)
        expectSame(shownState(result.state), pick(c), 'state')
        expectConvergentAgrees(c, events)
      },
    },
    validate_clock: {
      expected: ['verdict', 'error'],
      check(c) {
        const verdict = validateClock(BigInt(c.event_clock), c.now_ms)
        expectSame(verdict.ok ? 'accepted' : 'rejected', c.verdict, 'verdict')
        const wording = { 'clock-zero': "clock can't be 0", 'clock-too-high': 'clock value too high' }
        const error = verdict.ok ? null : wording[verdict.reason as keyof typeof wording]
        expectSame(error, c.error, 'error')
      },
    },
  },
}

function eventOf(e: VectorCase): GroupEvent {
  return { type: e.type, clock: BigInt(e.clock), members: e.members, name: e.name }
}

function shownEvent({ type, clock, members, name }: GroupEvent, file: VectorFile): VectorCase {
  const typeName = Object.keys(file.event_types).find((key) => file.event_types[key] === type)
  return { type, type_name: typeName, clock: Number(clock), members, name }
}

/** Events of this kind are given without signatures. */
function openedEvent(chatId: string, e: VectorCase, file: VectorFile): OpenedGroupEvent {
  expectSame(e.type_name, shownEvent(eventOf(e), file).type_name, 'type_name')
  const id = toHex(defaultProvider.keccak256(utf8(JSON.stringify(e))))
  return { ...eventOf(e), chatId, from: e.from, signed: fromHex(id), id }
}

/** The chat id that the events carry is given in one place only: where it differs, in the error text. */
function chatIdOfEvents(c: VectorCase): string {
  return /^expected chat ID equal .*, got (.*)$/.exec(c.error ?? '')?.[1] ?? c.chat_id
}

function expectStrictError(
  result: StrictGroupResult & { ok: false },
  c: VectorCase,
  events: OpenedGroupEvent[],
): void {
  const other = chatIdOfEvents(c)
  const wording = {
    'invalid-event': 'invalid event',
    'invalid-chat-id': 'invalid chat ID',
    'different-chat-ids': 'updates contain different chat IDs',
    'unexpected-chat-id': `expected chat ID equal ${c.chat_id}, got ${other}`,
  }
  expectSame(wording[result.reason], c.error, 'error')
  if (result.reason === 'unexpected-chat-id')
    expectThat(
      strictGroup(other, events.map(groupChange)).ok,
      'error: expected the events to be a group of their own',
    )
}

/** Where all events are valid, our own way comes to the same members, whatever the order. */
function expectConvergentAgrees(c: VectorCase, events: OpenedGroupEvent[]): void {
  const strict = strictGroup(c.chat_id, events.map(groupChange))
  const byOneCreator = events.every(({ type, from }) => type !== 1 || c.chat_id.endsWith(from))
  if (!strict.ok || !byOneCreator) return
  const { state } = foldGroup(c.chat_id, events.toReversed())
  // Strangers who remove themselves change nothing, but they have the last clock of the strict way.
  expectSame({ ...state, lastClock: 0 }, { ...strict.state, lastClock: 0 }, 'convergent')
}

function shownState(state: {
  name: string
  members: readonly string[]
  admins: readonly string[]
  joined: readonly string[]
  lastClock: bigint
}): unknown {
  const { name, members, admins, joined, lastClock } = state
  return { group_name: name, members, admins, joined, last_clock: Number(lastClock) }
}

function pick(c: VectorCase): unknown {
  const { group_name, members, admins, joined, last_clock } = c
  return { group_name, members, admins, joined, last_clock }
}

/** The class of an error of the reference. */
function faultOf(error: string): string {
  if (/payload length/.test(error)) return 'too-short'
  if (/signature length/.test(error)) return 'signature-length'
  if (/recovery id/.test(error)) return 'signature-recovery-id'
  return /recovery failed/.test(error) ? 'signature-invalid' : 'malformed'
}
