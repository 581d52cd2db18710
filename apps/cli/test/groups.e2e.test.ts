/** Three people in processes of their own: the life of a group, one of them away for a while. */
import { afterEach, describe, expect, it } from 'vitest'
import { lasts } from './lasting.ts'
import {
  type Person,
  runCli,
  startPerson,
  startRelay,
  stopAll,
  temporaryDirectory,
  until,
} from './programs.ts'

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

describe.skipIf(!lasts)('status group', () => {
  it('makes a group that others join, changes it, writes there', async () => {
    const { enode } = await startRelay()
    const bob = await startPerson({ peers: [enode] })
    await until(() => bob.peers.at(-1)?.state === 'up', 'a link to the relay')
    const place = ['--data-dir', temporaryDirectory(), '--peer', enode]
    const made = await runCli(['group', 'create', 'hiking', bob.publicKey, ...place, '--json'])
    expect(made.stderr).not.toContain('status:')
    const { group } = JSON.parse(made.stdout) as { group: string }
    await until(async () => (await seen(bob, group))?.membership === 'invited', 'bob is invited')
    const early = await runCli(['send', '--to', group, 'too early', ...place])
    expect(early.code).not.toBe(0)
    expect(early.stderr).toContain('sent to nobody: nobody else has joined')
    await bob.rpc.call['group.accept']({ group })
    const renamed = await runCli(['group', 'rename', 'hiking', 'walking', ...place])
    expect(renamed).toMatchObject({ code: 0, stdout: expect.stringContaining(`walking ${group}`) })
    await until(async () => (await seen(bob, group))?.name === 'walking', 'bob sees the new name')
    const sent = await runCli(['send', '--to', group, 'hello walkers', ...place])
    expect(sent.code).toBe(0)
    await until(() => hears(bob, 'hello walkers'), 'bob hears it')
    const stored = await runCli(['messages', 'walking', ...place.slice(0, 2)])
    expect(stored.stdout).toContain('walking You: hello walkers')
    expect(stored.stdout).toContain('walking You: too early (for nobody: nobody else has joined)')
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
