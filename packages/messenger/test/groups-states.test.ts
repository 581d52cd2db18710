/** docs/groups.md: its table of states is what the rules do, and its diagram is its table. */
import { readFileSync } from 'node:fs'
import { to0xHex } from '@status-protocol/bytes'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import {
  foldGroup,
  GROUP_EVENT_TYPES,
  type GroupState,
  groupChatId,
  type OpenedGroupEvent,
  openGroupEvent,
  signGroupEvent,
} from '@status-protocol/payload'
import { seededRandom } from '@status-protocol/testkit'
import { expect, it } from 'vitest'

const PAGE = readFileSync(new URL('../../../docs/groups.md', import.meta.url), 'utf8')

const [ADMIN, BOB, CAROL, EVE] = [1, 2, 3, 4].map((n) => {
  const privateKey = new Uint8Array(32).fill(n)
  return { privateKey, key: crypto.publicKey(privateKey), id: to0xHex(crypto.publicKey(privateKey)) }
}) as [Actor, Actor, Actor, Actor]
type Actor = { privateKey: Uint8Array; key: Uint8Array; id: string }

const id = groupChatId(ADMIN.key, seededRandom(5))
const TYPES = {
  'chat-created': GROUP_EVENT_TYPES.chatCreated,
  'name-changed': GROUP_EVENT_TYPES.nameChanged,
  'members-added': GROUP_EVENT_TYPES.membersAdded,
  'member-joined': GROUP_EVENT_TYPES.memberJoined,
  'member-removed': GROUP_EVENT_TYPES.memberRemoved,
  'admins-added': GROUP_EVENT_TYPES.adminsAdded,
  'admin-removed': GROUP_EVENT_TYPES.adminRemoved,
}
type Kind = keyof typeof TYPES

let clock = 1_000n
function event(by: Actor, kind: Kind, members: readonly string[] = []): OpenedGroupEvent {
  const signed = signGroupEvent(id, { type: TYPES[kind], clock: ++clock, members, name: 'x' }, by)
  const opened = openGroupEvent(id, signed)
  if (!opened.ok) throw new Error(opened.reason)
  return opened.event
}

/** Carol has joined and is no admin; Bob is in the state that is tried. */
const base = [
  event(ADMIN, 'chat-created'),
  event(ADMIN, 'members-added', [CAROL.id]),
  event(CAROL, 'member-joined'),
]
const added = event(ADMIN, 'members-added', [BOB.id])
const joined = event(BOB, 'member-joined')
const promoted = event(ADMIN, 'admins-added', [BOB.id])
const STATES: Readonly<Record<string, readonly OpenedGroupEvent[]>> = {
  outside: base,
  invited: [...base, added],
  joined: [...base, added, joined],
  'invited admin': [...base, added, promoted],
  'joined admin': [...base, added, joined, promoted],
}

function stateOf({ members, joined, admins }: GroupState, key: string): string {
  if (!members.includes(key) && !admins.includes(key) && !joined.includes(key)) return 'outside'
  const words = [joined.includes(key) ? 'joined' : 'invited', ...(admins.includes(key) ? ['admin'] : [])]
  return words.join(' ')
}

/** Every event about Bob, by everybody, in every state. */
function edges(): string[] {
  const found: string[] = []
  for (const [from, events] of Object.entries(STATES)) {
    const before = foldGroup(id, events)
    expect(before.rejected).toEqual([])
    expect(before.state && stateOf(before.state, BOB.id)).toBe(from)
    for (const kind of Object.keys(TYPES) as Kind[])
      for (const [who, by] of Object.entries({ self: BOB, admin: ADMIN, member: CAROL, nobody: EVE })) {
        const after = foldGroup(id, [...events, event(by, kind, [BOB.id])])
        const to = after.state && stateOf(after.state, BOB.id)
        if (to !== from) found.push(`${from} | ${kind} | ${who} | ${to}`)
      }
  }
  return found.sort()
}

it('the table of docs/groups.md has every edge that the rules have, and no other', () => {
  const rows = [...PAGE.matchAll(/^\| ([a-z ]+?) +\| ([a-z-]+) +\| (self|admin) +\| ([a-z ]+?) +\|$/gm)]
  const table = rows.map(([, from, kind, who, to]) => `${from} | ${kind} | ${who} | ${to}`)
  expect(table.sort()).toEqual(edges())
  expect(table).toHaveLength(13)
})

it('the diagram has the edges of the table, and the creation', () => {
  const drawn = [...PAGE.matchAll(/^ {2}(\w+) --> (\w+): ([a-z-]+)$/gm)].map(
    ([, from = '', to = '', kind]) => `${words(from)} | ${kind} | ${words(to)}`,
  )
  const wanted = edges().map((edge) => {
    const [from, kind, , to] = edge.split(' | ')
    return `${from} | ${kind} | ${to}`
  })
  expect(drawn.sort()).toEqual([...new Set([...wanted, 'outside | chat-created | joined admin'])].sort())
})

const words = (name: string): string =>
  name === 'joined_admin' || name === 'invited_admin' ? name.replace('_', ' ') : name
