/** A group of five, and events of it. */
import { defaultProvider } from '@status-protocol/crypto'
import {
  GROUP_EVENT_TYPES,
  type GroupEvent,
  type OpenedGroupEvent,
  oneToOneChatId,
  openGroupEvent,
  signGroupEvent,
} from '@status-protocol/payload'
import { seededRandom } from '@status-protocol/testkit'

export const T = GROUP_EVENT_TYPES
export const PEOPLE = Array.from({ length: 5 }, (_, i) => {
  const privateKey = new Uint8Array(32).fill(i + 1)
  return { privateKey, id: oneToOneChatId(defaultProvider.publicKey(privateKey)) }
})
export const [alice, bob, carol, dave] = PEOPLE as [Person, Person, Person, Person]
type Person = (typeof PEOPLE)[number]
export const CHAT = `072ab460-84d3-43c5-9979-73ca36fb1020-${alice.id}`

export function event(
  by: Person,
  type: number,
  clock: number | bigint,
  what: { members?: Person[]; name?: string } = {},
): OpenedGroupEvent {
  const body: GroupEvent = {
    type,
    clock: BigInt(clock),
    members: (what.members ?? []).map(({ id }) => id),
    name: what.name ?? '',
  }
  return open(signGroupEvent(CHAT, body, by))
}

export function open(signed: Uint8Array): OpenedGroupEvent {
  const result = openGroupEvent(CHAT, signed)
  if (!result.ok) throw new Error(result.reason)
  return result.event
}

export const created = event(alice, T.chatCreated, 1, { name: 'g' })
export const bobAdded = event(alice, T.membersAdded, 2, { members: [bob, carol] })
export const bobJoined = event(bob, T.memberJoined, 3)

/** A pool of events, valid and not, with ties, signed once: signatures are slow. */
export const POOL: readonly OpenedGroupEvent[] = makePool()

function makePool(): OpenedGroupEvent[] {
  const random = seededRandom(2020)
  const pool = [created, bobAdded, bobJoined]
  for (let i = 0; i < 60; i++) {
    const type = 1 + random.int(7)
    const members = Array.from({ length: random.int(3) }, () => random.pick(PEOPLE))
    pool.push(
      event(random.pick(PEOPLE), type, 1 + random.int(30), { members, name: random.pick(['', 'x', 'y']) }),
    )
  }
  return pool
}
