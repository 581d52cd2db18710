/** Three people in processes of their own: the life of a group, one of them away for a while. */
import { afterEach, describe, expect, it } from 'vitest'
import { lasts } from './lasting.ts'
import { type Person, startPerson, startRelay, stopAll, until } from './programs.ts'

afterEach(stopAll)

describe.skipIf(!lasts)('a group of three processes', () => {
  it('is made, joined, spoken in; who was away and restarted hears of everything', async () => {
    const { enode } = await startRelay()
    const people = () => startPerson({ peers: [enode] })
    const [alice, bob, carol] = await Promise.all([people(), people(), people()])
    for (const person of [alice, bob, carol])
      await until(() => person.peers.at(-1)?.state === 'up', 'a link to the relay')
    const { group } = await alice.rpc.call['group.create']({
      name: 'friends',
      members: [bob.publicKey, carol.publicKey],
    })
    for (const person of [bob, carol]) {
      await until(async () => (await seen(person, group))?.membership === 'invited', 'invited')
      await person.rpc.call['group.accept']({ group })
    }
    await agree(group, [alice, bob, carol])

    await carol.stop()
    await alice.rpc.call['group.rename']({ group, name: 'without carol' })
    const { messageId } = await bob.rpc.call['chat.send']({ to: group, text: 'she is away' })
    await until(() => hears(alice, 'she is away'), 'alice hears bob')
    const receipts = async (person: Person) =>
      (await person.rpc.call['message.get']({ messageId })).message.receipts
    await until(async () => (await receipts(bob))?.have === 1, 'bob hears that alice has it')
    expect(await receipts(bob)).toEqual({ of: 2, have: 1, failed: 0 })
    await bob.stop()
    const again = await startPerson({ peers: [enode], dataDir: bob.dataDir })
    const back = await startPerson({ peers: [enode], dataDir: carol.dataDir })
    await agree(group, [alice, again, back])
    await until(() => hears(back, 'she is away'), 'carol hears what was said')
    await until(
      async () => (await again.rpc.call['message.get']({ messageId })).message.delivery === 'delivered',
      'all have it',
    )
    expect((await seen(back, group))?.name).toBe('without carol')
    await back.rpc.call['chat.send']({ to: group, text: 'here I am' })
    for (const person of [alice, again]) await until(() => hears(person, 'here I am'), 'they hear carol')

    await alice.rpc.call['group.kick']({ group, member: carol.publicKey })
    await until(async () => (await seen(back, group))?.membership === 'left', 'carol is removed')
    await expect(back.rpc.call['chat.send']({ to: group, text: 'why?' })).rejects.toThrow(/not in this group/)
    await agree(group, [alice, again])
  })
})

async function seen(person: Person, id: string) {
  const { groups } = await person.rpc.call['group.list']({})
  return groups.find(({ group }) => group === id)
}

async function agree(id: string, persons: readonly Person[]): Promise<void> {
  const views = () => Promise.all(persons.map(async (person) => (await seen(person, id))?.view))
  await until(async () => new Set(await views()).size === 1, 'all see the same group')
}

const hears = (person: Person, text: string): boolean => person.messages.some((said) => said.text === text)
