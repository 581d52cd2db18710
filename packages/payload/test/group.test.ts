import { equal, toHex } from '@status-protocol/bytes'
import { defaultProvider } from '@status-protocol/crypto'
import {
  decodeMessage,
  encodeMessage,
  foldGroup,
  groupChange,
  MAX_GROUP_BYTES,
  MAX_GROUP_CLOCK_STEP,
  MAX_GROUP_EVENTS,
  MAX_NEW_EVENTS_PER_UPDATE,
  MAX_REJECTED_EVENTS,
  type MembershipUpdate,
  mergeGroupEvents,
  type OpenedGroupEvent,
  openGroupEvent,
  openMembershipUpdate,
  PayloadError,
  signGroupEvent,
  strictGroup,
} from '@status-protocol/payload'
import { seededRandom } from '@status-protocol/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { groupEvent } from './support/arbitraries.ts'
import {
  alice,
  bob,
  bobAdded,
  bobJoined,
  CHAT,
  carol,
  created,
  dave,
  event,
  open,
  POOL,
  T,
} from './support/group.ts'

describe('Group chats: events', () => {
  it('come back as they were, unknown fields included', () => {
    fc.assert(
      fc.property(groupEvent, (body) => {
        const signed = signGroupEvent(CHAT, body, alice)
        fc.pre(signed.length > 65)
        expect(open(signed)).toMatchObject({ ...body, from: alice.id, chatId: CHAT, signed })
      }),
      { numRuns: 50 },
    )
  })

  it('a signature for another group names another author', () => {
    const result = openGroupEvent(`x${CHAT}`, created.signed)
    expect(result.ok && result.event.from).not.toBe(alice.id)
  })

  it('an event needs a chat id and a body', () => {
    expect(() => signGroupEvent('', created, alice)).toThrow(PayloadError)
    expect(openGroupEvent(CHAT, created.signed.subarray(0, 65))).toEqual({ ok: false, reason: 'too-short' })
  })

  it('a second signature of the same author does not make a second event', () => {
    const twin = open(otherSignature(created.signed))
    expect(twin.from).toBe(created.from)
    expect(equal(twin.signed, created.signed)).toBe(false)
    expect(twin.id).toBe(created.id)
    const [one, two] = [foldGroup(CHAT, [created, twin]), foldGroup(CHAT, [twin, created])]
    expect(one).toEqual(two)
    expect(one.accepted).toHaveLength(1)
  })
})

/** n - s and the other parity recover to the same key. */
function otherSignature(signed: Uint8Array): Uint8Array {
  const n = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
  const twin = signed.slice()
  let s = n - BigInt(`0x${toHex(signed.subarray(32, 64))}`)
  for (let i = 63; i >= 32; i--, s >>= 8n) twin[i] = Number(s & 0xffn)
  twin[64] = 1 - (twin[64] as number)
  return twin
}

describe('Group chats: membership updates', () => {
  const update = (events: readonly Uint8Array[]): MembershipUpdate => ({
    type: 'membership-update',
    chatId: CHAT,
    events,
  })

  it('an event that cannot be read does not spoil the others', () => {
    const bad = created.signed.slice()
    bad[64] = 27
    const opened = openMembershipUpdate(update([created.signed, bad, new Uint8Array(3), bobAdded.signed]))
    expect(opened.events.map(({ id }) => id)).toEqual([created.id, bobAdded.id])
    expect(opened.refused).toEqual([
      { index: 1, reason: 'signature-recovery-id' },
      { index: 2, reason: 'too-short' },
    ])
  })

  it('does not look at signatures of known events again, and at few new ones', () => {
    let recoveries = 0
    const crypto = {
      ...defaultProvider,
      keccak256: (data: Uint8Array) => defaultProvider.keccak256(data),
      recover(hash: Uint8Array, signature: Uint8Array) {
        recoveries++
        return defaultProvider.recover(hash, signature)
      },
    }
    expect(
      openMembershipUpdate(update([created.signed, bobAdded.signed]), [created], { crypto }).events,
    ).toHaveLength(2)
    expect(recoveries).toBe(1)
    openMembershipUpdate(update(new Array(1_000).fill(bobAdded.signed)), [], { crypto })
    expect(recoveries).toBe(2)
    const many = Array.from({ length: 1_000 }, (_, i) =>
      Uint8Array.of(...created.signed, 0x78, (i & 0x7f) | 0x80, i >> 7),
    )
    const opened = openMembershipUpdate(update([...many, created.signed]), [created], { crypto })
    expect(recoveries).toBe(2 + MAX_NEW_EVENTS_PER_UPDATE)
    expect(opened.events.at(-1)).toBe(created)
    expect(opened.refused.at(-1)).toEqual({ index: 999, reason: 'too-many' })
  })

  it('a known event of another group is looked at again', () => {
    const moved = { ...update([created.signed]), chatId: `x${CHAT}` }
    const [reopened] = openMembershipUpdate(moved, [created]).events
    expect(reopened?.chatId).toBe(`x${CHAT}`)
    expect(reopened?.from).not.toBe(alice.id)
  })

  it('are passed on byte for byte', () => {
    const message = update([created.signed, bobAdded.signed])
    expect(decodeMessage(3, encodeMessage(message))).toEqual(message)
  })
})

describe('Group chats: strict', () => {
  it('one bad event spoils all', () => {
    const byStranger = event(dave, T.nameChanged, 4, { name: 'mine' })
    expect(strictGroup(CHAT, [created, byStranger].map(groupChange))).toEqual({
      ok: false,
      reason: 'invalid-event',
    })
  })

  it('does not mix groups', () => {
    const other = { ...groupChange(bobAdded), chatId: `x${CHAT}` }
    expect(strictGroup(CHAT, [groupChange(created), other])).toEqual({
      ok: false,
      reason: 'different-chat-ids',
    })
  })
})

describe('Group chats: convergent', () => {
  it('an invalid event changes nothing and is not passed on', () => {
    const byStranger = event(dave, T.nameChanged, 4, { name: 'mine' })
    const view = foldGroup(CHAT, [created, bobAdded, byStranger, bobJoined])
    const members = [alice, bob, carol].map(({ id }) => id)
    expect(view.state).toEqual({
      chatId: CHAT,
      name: 'g',
      members,
      admins: [alice.id],
      joined: [alice.id, bob.id],
      lastClock: 3n,
    })
    expect(view.accepted.map(({ id }) => id)).toEqual([created, bobAdded, bobJoined].map(({ id }) => id))
    expect(view.rejected.map(({ id }) => id)).toEqual([byStranger.id])
  })

  it('an event that came too early counts as soon as what it needs is there', () => {
    const early = mergeGroupEvents(CHAT, [], [bobJoined])
    expect(early.state).toBeUndefined()
    expect(early.rejected).toHaveLength(1)
    const late = mergeGroupEvents(CHAT, early.events, [bobAdded, created])
    expect(late.state?.joined).toEqual([alice.id, bob.id])
    expect(late.rejected).toEqual([])
  })

  it('only the one whose key the id ends in creates the group', () => {
    const usurper = event(bob, T.chatCreated, 0n, { name: 'mine' })
    expect(foldGroup(CHAT, [usurper, created]).state?.name).toBe('g')
    expect(foldGroup(CHAT, [usurper]).state).toBeUndefined()
    expect(foldGroup(alice.id, [{ ...created, chatId: alice.id }]).state).toBeUndefined()
  })

  it('a stranger who removes himself leaves no trace', () => {
    const left = event(dave, T.memberRemoved, 4, { members: [dave] })
    expect(foldGroup(CHAT, [created, left]).accepted).toHaveLength(1)
  })

  it('events of other groups do not count', () => {
    const other = { ...bobAdded, chatId: `x${CHAT}` }
    expect(foldGroup(CHAT, [created, other])).toEqual(foldGroup(CHAT, [created]))
  })

  it('equal clocks are ordered by event id', () => {
    const names = ['a', 'b', 'c', 'd'].map((name) => event(alice, T.nameChanged, 5, { name }))
    const last = names.toSorted((a, b) => (a.id < b.id ? -1 : 1)).at(-1)
    const random = seededRandom(5)
    for (let i = 0; i < 24; i++)
      expect(foldGroup(CHAT, random.shuffle([created, ...names])).state?.name).toBe(last?.name)
  })

  it('clocks above 2^53 are ordered exactly', () => {
    const [first, low, high] = [2n ** 53n, 2n ** 54n, 2n ** 54n + 1n].map((clock) =>
      event(alice, T.nameChanged, clock, { name: `${clock}` }),
    ) as [OpenedGroupEvent, OpenedGroupEvent, OpenedGroupEvent]
    const next = event(alice, T.nameChanged, 2n ** 53n + 5n, { name: 'between' })
    expect(foldGroup(CHAT, [created, high, low, first, next]).state?.name).toBe(`${2n ** 54n + 1n}`)
  })

  it('a clock counts that is at most 2^53 above the one before: nobody uses up all that there are', () => {
    const far = event(alice, T.nameChanged, created.clock + MAX_GROUP_CLOCK_STEP + 1n, { name: 'far' })
    const end = event(alice, T.nameChanged, 2n ** 64n - 1n, { name: 'end' })
    const between = event(alice, T.nameChanged, created.clock + MAX_GROUP_CLOCK_STEP, { name: 'between' })
    const alone = foldGroup(CHAT, [created, far, end])
    expect(alone.rejected).toEqual([far, end])
    expect(alone.state?.lastClock).toBe(created.clock)
    const together = foldGroup(CHAT, [created, far, end, between])
    expect(together.state?.name).toBe('far')
    expect(together.rejected).toEqual([end])
    expect(MAX_GROUP_CLOCK_STEP * BigInt(MAX_GROUP_EVENTS + 1)).toBeLessThan(2n ** 64n)
  })
})

const someEvents = fc.subarray([...POOL], { minLength: 1 }).map((events) => [created, ...events])

describe('Group chats: any order and any repetition give one state', () => {
  it('folded at once', () => {
    fc.assert(
      fc.property(someEvents, fc.nat(), (events, seed) => {
        const random = seededRandom(seed)
        const again = random.shuffle([...events, ...events.filter(() => random.int(3) === 0)])
        expect(foldGroup(CHAT, again)).toEqual(foldGroup(CHAT, events))
      }),
    )
  })

  it('merged piece by piece', () => {
    fc.assert(
      fc.property(someEvents, fc.nat(), (events, seed) => {
        const random = seededRandom(seed)
        let known: readonly OpenedGroupEvent[] = []
        const shuffled = random.shuffle(events)
        while (shuffled.length > 0) {
          const piece = shuffled.splice(0, 1 + random.int(4))
          const merged = mergeGroupEvents(CHAT, known, [...piece, ...known.slice(0, 2)])
          expect(merged.refused).toBe(0)
          known = random.shuffle(merged.events)
        }
        const { refused: _, events: all, ...view } = mergeGroupEvents(CHAT, known, [])
        expect(view).toEqual(foldGroup(CHAT, events))
        expect(all).toHaveLength(new Set(events).size)
      }),
    )
  })

  it('what is passed on is a group for the Go clients too, with the same members', () => {
    fc.assert(
      fc.property(someEvents, (events) => {
        const { accepted, state } = foldGroup(CHAT, events)
        expect(strictGroup(CHAT, accepted.map(groupChange))).toEqual({ ok: true, state })
      }),
    )
  })

  it('where the strict way has a group, the convergent one has the same', () => {
    let compared = 0
    const distinct = POOL.filter(({ clock }, i) => POOL.findIndex((other) => other.clock === clock) === i)
    fc.assert(
      fc.property(fc.subarray(distinct), (events) => {
        const strict = strictGroup(CHAT, [created, ...events].map(groupChange))
        const { state } = foldGroup(CHAT, [created, ...events])
        if (!strict.ok) return
        compared++
        expect({ ...state, lastClock: 0n }).toEqual({ ...strict.state, lastClock: 0n })
      }),
      { numRuns: 500 },
    )
    expect(compared).toBeGreaterThan(10)
  })
})

describe('Group chats: bounds', () => {
  /** Not signed: folding does not look at signatures. */
  const unsigned = (i: number, from: string, type: number): OpenedGroupEvent => ({
    ...created,
    type,
    from,
    clock: BigInt(i + 2),
    name: `n${i}`,
    id: `id-${i}-${from}-${type}`,
  })

  it('what is known stays when there is no room', () => {
    const names = Array.from({ length: MAX_GROUP_EVENTS + 10 }, (_, i) =>
      unsigned(i, alice.id, T.nameChanged),
    )
    const merged = mergeGroupEvents(CHAT, [created], names)
    expect(merged.accepted).toHaveLength(MAX_GROUP_EVENTS)
    expect(merged.refused).toBe(11)
    const junk = Array.from({ length: MAX_REJECTED_EVENTS + 10 }, (_, i) =>
      unsigned(i, dave.id, T.nameChanged),
    )
    const full = mergeGroupEvents(CHAT, merged.events, junk)
    expect(full.refused).toBe(10)
    expect(full.rejected).toHaveLength(MAX_REJECTED_EVENTS)
    expect(full.state).toEqual(merged.state)
    const pushed = mergeGroupEvents(CHAT, full.events, [
      { ...unsigned(0, alice.id, T.nameChanged), clock: 1n, id: 'first', name: 'pushed' },
    ])
    expect(pushed.refused).toBe(1)
    expect(pushed.accepted).toEqual(full.accepted)
  })

  it('what changes nothing does not count: a member cannot fill the group', () => {
    const joins = Array.from({ length: 20 }, (_, i) => unsigned(i, alice.id, T.memberJoined))
    const { accepted, rejected } = foldGroup(CHAT, [created, ...joins])
    expect(accepted).toHaveLength(1)
    expect(rejected).toHaveLength(20)
  })

  it('a history that could not be sent in one message is not kept', () => {
    const large = Array.from({ length: 20 }, (_, i) => ({
      ...unsigned(i, alice.id, T.nameChanged),
      signed: new Uint8Array(MAX_GROUP_BYTES / 16),
    }))
    const merged = mergeGroupEvents(CHAT, [created], large)
    expect(merged.accepted).toHaveLength(16)
    expect(merged.refused).toBe(5)
    expect(merged.accepted[0]).toBe(created)
  })
})
