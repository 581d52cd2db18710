import { toHex, utf8 } from '@status-protocol/bytes'
import { defaultProvider } from '@status-protocol/crypto'
import { groupChangeV0, strictGroup } from '@status-protocol/payload'
import {
  decodeMessageV0,
  encodeMessageV0,
  type GroupEventV0,
  groupUpdateSigningText,
  openGroupUpdateV0,
  signGroupUpdateV0,
} from '@status-protocol/payload/v0'
import {
  expectHex,
  expectSame,
  expectThat,
  hex,
  type VectorCase,
  type VectorSuite,
} from '@status-protocol/testkit'
import { expectOneDocument } from '../support/transit-shown.ts'

export const suite: VectorSuite = {
  file: 'group-chat-v0.json',
  kinds: {
    signing: {
      expected: [
        'events',
        'signer_public_key',
        'signed_text',
        'signed_text_keccak256',
        'signature',
        'recovered_from',
        'transit',
      ],
      check(c) {
        const events = (c.events as VectorCase[]).map(eventOf)
        expectSame(events.map(shownEvent), c.events, 'events')
        const text = groupUpdateSigningText(c.chat_id, events)
        expectSame(text, c.signed_text, 'signed_text')
        expectHex(defaultProvider.keccak256(utf8(text)), c.signed_text_keccak256, 'signed_text_keccak256')
        const identity = { privateKey: hex(c.signer_private_key) }
        expectSame(
          `0x${toHex(defaultProvider.publicKey(identity.privateKey))}`,
          c.signer_public_key,
          'signer_public_key',
        )
        const update = signGroupUpdateV0(c.chat_id, events, identity)
        expectSame(update.signature, c.signature, 'signature')
        const opened = openGroupUpdateV0({ chatId: c.chat_id, events, signature: c.signature })
        expectSame(opened.ok && opened.from, c.recovered_from, 'recovered_from')
        expectOneDocument(c.transit, 'transit')
        expectTransit(c.transit, { ...update, events: eventsInWireOrder(events) })
      },
    },
    group_state: {
      expected: ['verdict', 'error', 'group_name', 'members', 'admins', 'joined', 'last_clock'],
      check(c) {
        const changes = ((c.events ?? []) as VectorCase[]).map((e) =>
          groupChangeV0(c.chat_id, e.from, eventOf(e.event)),
        )
        const result = strictGroup(c.chat_id, changes, 'v0')
        expectSame(result.ok ? 'ok' : 'error', c.verdict, 'verdict')
        if (!result.ok) {
          const wording =
            result.reason === 'invalid-event' ? 'invalid event' : `invalid chat ID: ${c.chat_id}`
          return expectSame(wording, c.error, 'error')
        }
        const { name, members, admins, joined, lastClock } = result.state
        // Go shows a list that nobody wrote to as null.
        const shownJoined = joined.length === 0 ? null : joined
        const { group_name, last_clock } = c
        expectSame(
          { group_name: name, members, admins, joined: shownJoined, last_clock: Number(lastClock) },
          { group_name, members: c.members, admins: c.admins, joined: c.joined, last_clock },
          'state',
        )
      },
    },
  },
}

function eventOf(e: VectorCase): GroupEventV0 {
  return {
    type: e.type,
    clock: BigInt(e.clockValue),
    member: e.member ?? '',
    members: e.members ?? [],
    name: e.name ?? '',
  }
}

function shownEvent({ type, clock, member, members, name }: GroupEventV0): unknown {
  return {
    type,
    clockValue: Number(clock),
    ...(member !== '' && { member }),
    ...(members.length > 0 && { members }),
    ...(name !== '' && { name }),
  }
}

/** The Go client signs before it writes, and signing sorts what is signed. */
function eventsInWireOrder(events: readonly GroupEventV0[]): readonly GroupEventV0[] {
  return events
    .toSorted((a, b) => (a.clock < b.clock ? -1 : 1))
    .map((event) => ({ ...event, members: event.members.toSorted() }))
}

function expectTransit(
  transit: string,
  update: { chatId: string; events: readonly GroupEventV0[]; signature: string },
): void {
  for (const dialect of ['go', 'mobile'] as const) {
    const message = decodeMessageV0(utf8(transit), { dialect })
    expectThat(message.type === 'membership-update', 'transit: expected a membership update')
    expectSame(message.chatId, update.chatId, 'transit: chat id')
    expectSame(message.updates, [update], 'transit: updates')
    expectSame(decodeMessageV0(encodeMessageV0(message), { dialect }), message, 'transit: encoded again')
    const opened = openGroupUpdateV0(message.updates[0] ?? update)
    expectThat(opened.ok, 'transit: signature')
  }
}
