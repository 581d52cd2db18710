/** Exports that earlier versions wrote, and what a person says of themselves in all of them. */
import { readdirSync, readFileSync } from 'node:fs'
import { exportAccount, importAccount, openHistory } from '@status-protocol/messenger'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { seededRandom } from '@status-protocol/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import { keyOf, people } from './support/groups.ts'
import { quickCrypto as crypto, type Person, World } from './support/world.ts'

const sealing = { password: 'correct horse', crypto, cost: 10 }
const fixtures = new URL('fixtures/', import.meta.url)
const DAY = 24 * 3_600_000

let world: World | undefined
afterEach(() => world?.close())

async function* of(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes
}

async function imported(bytes: AsyncIterable<Uint8Array>) {
  const storage = createMemoryStorage()
  const { secret, changes } = await importAccount(bytes, sealing)
  for await (const some of changes()) await storage.commit(some)
  return { storage, secret }
}

describe('an export of an earlier version', () => {
  it.each(readdirSync(fixtures))(
    '%s is opened: contacts, chats, messages and profile are there',
    async (name) => {
      const { storage, secret } = await imported(of(readFileSync(new URL(name, fixtures))))
      expect(secret).toBe('twelve words')
      const history = openHistory(storage)
      const [bob] = await history.contacts()
      expect(bob?.name).toBe('Bob')
      expect((await history.chatStates()).map(({ chat }) => chat.kind).sort()).toEqual([
        'one-to-one',
        'public',
      ])
      expect((await history.search('sec')).map(({ text }) => text)).toEqual(['second'])
      world = new World(78)
      const account = (await new World(77).person('alice')).account
      const person = await world.person('alice', { account, storage })
      expect((await person.messenger.profile()).name).toBe('Alice')
    },
  )
})

describe('the own profile', () => {
  it('is there after an import, on the devices it is paired with and at the contacts', async () => {
    world = new World(905)
    const [alice, bob] = (await people(world, 'alice', 'bob')) as [Person, Person]
    await world.whileRunning(alice.messenger.setProfile({ name: 'Alice' }))
    await world.whileRunning(alice.messenger.requestContact(keyOf(bob)))
    await world.run(5_000, 100)
    await world.whileRunning(bob.messenger.acceptContact(keyOf(alice)))
    await world.run(5_000, 100)
    const nameAtBob = async () => (await bob.messenger.contacts())[0]?.profile?.name
    expect(await nameAtBob()).toBe('Alice')

    await world.stop(alice)
    const from = { storage: alice.storage, publicKey: keyOf(alice), secret: 's', nowMs: 5 }
    const { storage } = await imported(exportAccount({ ...from, ...sealing, random: seededRandom(1) }))
    const again = await world.person('again', { account: alice.account, storage })
    world.join(again, bob)
    await world.run(2 * DAY + 3_600_000, 60_000)
    expect((await again.messenger.profile()).name).toBe('Alice')
    expect(await nameAtBob()).toBe('Alice')
    expect(bob.events.filter((e) => e.type === 'contact' && e.change.kind === 'profile')).toEqual([])

    await world.start(alice)
    world.join(alice, again)
    for (const { messenger } of [alice, again]) await messenger.devices.pair()
    await world.run(5_000, 100)
    for (const { messenger } of [alice, again])
      for (const { installationId, isThis } of await messenger.devices.list())
        if (!isThis) await messenger.devices.setEnabled(installationId, true)
    await world.whileRunning(again.messenger.devices.sync())
    await world.run(10_000, 100)
    for (const { messenger } of [alice, again]) expect((await messenger.profile()).name).toBe('Alice')
  })
})
