/** People with a group, each linked to each. */
import type { PublicKey } from '@status-protocol/bytes'
import type { Group, GroupNote, MessengerEvent } from '@status-protocol/messenger'
import type { Person, World } from './world.ts'

export const keyOf = ({ account }: Person): PublicKey => account.chatKey.publicKey

export async function people<const Names extends readonly string[]>(
  world: World,
  ...names: Names
): Promise<{ readonly [I in keyof Names]: Person }> {
  const all: Person[] = []
  for (const name of names) {
    const person = await world.person(name)
    for (const other of all) world.join(person, other)
    all.push(person)
  }
  await world.run(200)
  return all as unknown as { readonly [I in keyof Names]: Person }
}

/** Links somebody who was away to all who are there. */
export function rejoin(world: World, person: Person): void {
  for (const other of world.people.values()) if (other !== person && other.isUp) world.join(person, other)
}

export async function see(person: Person, id: string): Promise<Group | undefined> {
  const groups = await person.messenger.groups.list()
  return groups.find((group) => group.id === id)
}

/** Until all of them see one and the same group. */
export async function agree(
  world: World,
  id: string,
  persons: readonly Person[],
  limitMs = 60_000,
): Promise<void> {
  await world.until(
    async () =>
      new Set(await Promise.all(persons.map(async (person) => (await see(person, id))?.view))).size === 1,
    `${persons.map(({ name }) => name).join(', ')} see one group`,
    limitMs,
  )
}

export const isGroupEvent = (event: MessengerEvent): event is Extract<MessengerEvent, { type: 'group' }> =>
  event.type === 'group'

export const notes = (person: Person, id: string): GroupNote[] =>
  person.events.flatMap((event) => (isGroupEvent(event) && event.chat === id ? [event.change] : []))

export const kinds = (person: Person, id: string): string[] => notes(person, id).map(({ type }) => type)

/** A group of Alice's that all have joined. */
export async function joinedGroup(
  world: World,
  creator: Person,
  others: readonly Person[],
  name = 'friends',
): Promise<string> {
  const { id } = await world.whileRunning(creator.messenger.groups.create(name, others.map(keyOf)))
  for (const other of others) {
    await world.until(async () => (await see(other, id)) !== undefined, `${other.name} is invited`)
    await world.whileRunning(other.messenger.groups.accept(id))
  }
  await agree(world, id, [creator, ...others])
  return id
}
