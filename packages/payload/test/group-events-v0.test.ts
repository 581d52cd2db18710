/** Group updates of 2019 as events that the rules of v1 read. */
import { to0xHex, toHex, utf8 } from '@status-protocol/bytes'
import { defaultProvider } from '@status-protocol/crypto'
import {
  foldGroup,
  GROUP_EVENT_TYPES,
  groupChangeV0,
  MAX_GROUP_CLOCK_STEP,
  MAX_GROUP_EVENTS,
  mergeGroupEvents,
  nextClock,
  type OpenedGroupEvent,
  strictGroup,
} from '@status-protocol/payload'
import {
  decodeMessageV0,
  encodeMessageV0,
  groupUpdateFromV0,
  groupUpdatesOfV0,
  keptGroupEventV0,
  openGroupEventsV0,
  signGroupEventV0,
  signGroupUpdateV0,
} from '@status-protocol/payload/v0'
import type { VectorCase } from '@status-protocol/testkit'
import { readVectorFile } from '@status-protocol/testkit/vitest'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { signAs } from '../src/signature.ts'
import { groupUpdateSigningTextMobile } from '../src/v0/group-update.ts'

const cases = ((await readVectorFile('group-chat-v0.json'))?.cases ?? []) as VectorCase[]
const NOW_MS = 1574000000000
const ALICE = { privateKey: new Uint8Array(32).fill(5) }
const BOB = { privateKey: new Uint8Array(32).fill(6) }
const keyOf = ({ privateKey }: typeof ALICE) => to0xHex(defaultProvider.publicKey(privateKey))
const ID = `7a06c8a0-4e33-428b-837e-97f104864d09-${keyOf(ALICE)}`
const { chatCreated, membersAdded, memberJoined, memberRemoved, nameChanged } = GROUP_EVENT_TYPES

const sign = (type: number, clock: number, members: readonly string[] = [], name = '', by = ALICE) =>
  signGroupEventV0(ID, { type, clock: BigInt(clock), members, name }, by)

/** Over the wire and back. */
function read(events: readonly OpenedGroupEvent[], known: readonly OpenedGroupEvent[] = []) {
  const update = { type: 'membership-update' as const, chatId: ID, updates: groupUpdatesOfV0(events) }
  const inV1 = groupUpdateFromV0(decodeMessageV0(encodeMessageV0(update), { dialect: 'go' }), NOW_MS)
  if (!inV1) throw new Error('no update')
  return openGroupEventsV0(inV1, known)
}

describe('events of 2019', () => {
  it.skipIf(cases.length === 0)('are of whom the Go client says, for each recorded signature', () => {
    const signing = cases.filter(({ kind }) => kind === 'signing')
    expect(signing.length).toBeGreaterThan(3)
    let read = 0
    for (const c of signing) {
      const message = decodeMessageV0(new TextEncoder().encode(c.transit))
      const update = groupUpdateFromV0(message, NOW_MS)
      if (!update) continue
      const opened = openGroupEventsV0({ ...update, chatId: c.chat_id })
      if (opened.refused.length > 0) continue // a list of none, or a clock below 0
      expect(
        opened.events.map(({ from }) => from),
        c.name,
      ).toEqual((c.events as unknown[]).map(() => c.recovered_from))
      read++
    }
    expect(read).toBeGreaterThan(3)
  })

  it('say the same there and back, and from a store; both readers come to one group', () => {
    const members = fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 5 })
    const name = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' })
    fc.assert(
      fc.property(name, members, fc.boolean(), (named, added, isRenamed) => {
        const texts = [...new Set(added)].map((n) => `0x04${toHex(new Uint8Array(64).fill(n))}`)
        const events = [
          sign(chatCreated, 1, [], named),
          sign(memberJoined, 2),
          sign(membersAdded, 3, [...texts, keyOf(BOB)]),
          sign(memberJoined, 4, [], '', BOB),
          ...(isRenamed ? [sign(nameChanged, 5, [], `${named}!`)] : []),
          sign(memberRemoved, 6, texts.slice(0, 1)),
        ]
        const { events: opened, refused } = read(events)
        expect(refused).toEqual([])
        expect(opened).toEqual(events)
        expect(opened.map((event) => keptGroupEventV0(ID, event))).toEqual(events)
        const ours = foldGroup(ID, opened)
        expect(ours.rejected).toEqual([])
        const changes = groupUpdatesOfV0(events).flatMap(({ events: list }, i) =>
          list.map((event) => groupChangeV0(ID, events[i]?.from ?? '', event)),
        )
        const theirs = strictGroup(ID, changes, 'v0')
        const { name: called, members: all, joined } = ours.state ?? {}
        expect(theirs).toMatchObject({ ok: true, state: { name: called, members: all, joined } })
      }),
      { numRuns: 10 },
    )
  })

  it('are known again by their list, whose signature is not looked at a second time', () => {
    const events = [sign(chatCreated, 1, [], 'x'), sign(membersAdded, 2, [keyOf(BOB)])]
    const looked: Uint8Array[] = []
    const crypto = {
      ...defaultProvider,
      recover: (hash: Uint8Array, signature: Uint8Array) => {
        looked.push(hash)
        return defaultProvider.recover(hash, signature)
      },
    }
    const lists = { chatId: ID, events: events.map(({ signed }) => signed) }
    expect(openGroupEventsV0(lists, events.slice(0, 1), { crypto }).events).toEqual(events)
    expect(looked).toHaveLength(1)
    expect(openGroupEventsV0(lists, [], { crypto, maxNewEvents: 1 })).toMatchObject({
      events: [events[0]],
      refused: [{ index: 1, reason: 'too-many' }],
    })
    expect(openGroupEventsV0({ ...lists, chatId: 'other' }, [], { crypto }).events).toEqual([])
  })

  it('of one list count each, whatever else is signed with them; the join of a creator counts once', () => {
    const update = signGroupUpdateV0(
      ID,
      [
        { type: 'chat-created', clock: 1n, member: '', members: [], name: 'x' },
        { type: 'members-added', clock: 2n, member: '', members: [keyOf(BOB)], name: '' },
      ],
      ALICE,
    )
    const inV1 = groupUpdateFromV0({ type: 'membership-update', chatId: ID, updates: [update] }, NOW_MS)
    const { events } = openGroupEventsV0(inV1 ?? { chatId: ID, events: [] })
    const joins = [3, 4, 5].map((clock) => sign(memberJoined, clock))
    const view = foldGroup(ID, [...joins, ...events, sign(memberJoined, 6, [], '', BOB)])
    expect(view.state).toMatchObject({ joined: [keyOf(ALICE), keyOf(BOB)], name: 'x' })
    expect(view.rejected.map(({ clock }) => clock)).toEqual([4n, 5n])
    expect(groupUpdatesOfV0(events), 'sent once').toEqual([update])
  })

  it('are of whom they are, whoever passes them on and whenever their author gets known', () => {
    const [carl, dora] = [7, 8].map((n) => keyOf({ privateKey: new Uint8Array(32).fill(n) })) as [
      string,
      string,
    ]
    const made = sign(chatCreated, 1, [], 'x')
    const added = sign(membersAdded, 2, [keyOf(BOB)])
    const admin = sign(GROUP_EVENT_TYPES.adminsAdded, 4, [keyOf(BOB)])
    const joined = sign(memberJoined, 3, [], '', BOB)
    // Bob has a mobile client, whose text has the members as they came.
    const several = [carl, dora].sort().reverse()
    const event = { type: 'members-added', clock: 5n, member: '', members: several, name: '' }
    const signature = toHex(signAs(BOB, utf8(groupUpdateSigningTextMobile(ID, [event])), defaultProvider))
    const list = groupUpdateFromV0(
      { type: 'membership-update', chatId: ID, updates: [{ chatId: ID, events: [event], signature }] },
      NOW_MS,
    )?.events[0]
    if (!list) throw new Error('no list')
    const before = [made, added, joined, admin].map(({ signed }) => signed)
    const likely = new Set([keyOf(ALICE)])
    const members = (events: readonly OpenedGroupEvent[]) => foldGroup(ID, events).state?.members.toSorted()
    const all = [keyOf(ALICE), keyOf(BOB), carl, dora].toSorted()

    const atOnce = openGroupEventsV0({ chatId: ID, events: [list, ...before] }, [], { likely })
    expect(members(atOnce.events), 'to somebody new, from Alice').toEqual(all)

    const early = openGroupEventsV0({ chatId: ID, events: [before[0] ?? list, list] }, [], { likely }).events
    expect(early.at(-1)?.from, 'nobody knows Bob').not.toBe(keyOf(BOB))
    const later = openGroupEventsV0({ chatId: ID, events: [...before, list] }, early, { likely }).events
    expect(members([...early, ...later]), 'when Bob is known').toEqual(all)
    const again = openGroupEventsV0({ chatId: ID, events: [list] }, [...later, ...early], {
      likely: new Set(all),
      maxNewEvents: 0,
    })
    expect(
      again.events.map(({ from }) => from),
      'and ever after',
    ).toEqual([keyOf(BOB)])
  })

  it('are read once, however often their list is in an update', () => {
    const { signed } = sign(chatCreated, 1, [], 'x')
    const { events } = openGroupEventsV0({ chatId: ID, events: Array.from({ length: 1_000 }, () => signed) })
    expect(events).toHaveLength(1)
  })

  it('leave room for one more, however far ahead an admin dates what they do', () => {
    const highest = 2n ** 63n - 1n
    const template = sign(nameChanged, 1)
    const events: OpenedGroupEvent[] = [sign(chatCreated, 1, [], 'x')]
    for (let at = 1n + MAX_GROUP_CLOCK_STEP; at < highest; at += MAX_GROUP_CLOCK_STEP)
      events.push({ ...template, id: `${at}`, clock: at, name: `${at}` })
    events.push({ ...template, id: 'last', clock: highest, name: 'last' })
    expect(events.length).toBeLessThan(MAX_GROUP_EVENTS)
    const last = mergeGroupEvents(ID, [], events).state?.lastClock ?? 0n
    const removed = { type: memberRemoved, clock: nextClock(last, NOW_MS), members: [keyOf(BOB)], name: '' }
    expect(() => signGroupEventV0(ID, removed, ALICE)).not.toThrow()
    expect(BigInt(MAX_GROUP_EVENTS + 1) * (MAX_GROUP_CLOCK_STEP / 2n)).toBeLessThan(highest)
  })

  it('are read from a store with their list once, however many are of one list', () => {
    const events = Array.from({ length: 16 }, (_, n) => ({
      ...{ type: 'name-changed', clock: BigInt(n + 1), member: '', members: [], name: `${n}` },
    }))
    const updates = [signGroupUpdateV0(ID, events, ALICE)]
    const inV1 = groupUpdateFromV0({ type: 'membership-update', chatId: ID, updates }, NOW_MS)
    const opened = openGroupEventsV0(inV1 ?? { chatId: ID, events: [] }).events
    let hashed = 0
    const keccak256 = (bytes: Uint8Array) => {
      hashed++
      return defaultProvider.keccak256(bytes)
    }
    const options = { crypto: { ...defaultProvider, keccak256 }, lists: new Map() }
    expect(opened.map((event) => keptGroupEventV0(ID, event, options))).toEqual(opened)
    expect(hashed).toBe(16)
  })
})
