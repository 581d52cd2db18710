/** Choices that are meant for others do not hit ourselves, and what strangers do does not hit who is expected. */

import type { ChatId, MessageIdText } from '@status-protocol/messenger'
import { chatMessage, groupChatId, wrap } from '@status-protocol/payload'
import type { Storage } from '@status-protocol/ports'
import { partitionedDiscovery } from '@status-protocol/whisper'
import { afterEach, describe, expect, it } from 'vitest'
import { MAX_HELD } from '../src/groups/saying.ts'
import { allHeld, deleteHeld, groupsOf, heldWrapper, putHeld } from '../src/groups/tables.ts'
import { encodeRecord } from '../src/record.ts'
import { createStage } from '../src/stage.ts'
import { createUpkeep } from '../src/upkeep.ts'
import { agree, joinedGroup, keyOf, people, see } from './support/groups.ts'
import { pairUp } from './support/own-devices.ts'
import { say } from './support/saying.ts'
import { type Person, quickCrypto, textsHeard, World } from './support/world.ts'

let world: World
afterEach(async () => {
  await world.close()
})

describe('where only contacts are heard', () => {
  it('our other devices are heard as well', async () => {
    world = new World(97)
    const [alice, bob] = await people(world, 'alice', 'bob')
    const tablet = await world.person('tablet', { account: alice.account })
    for (const other of [alice, bob]) world.join(tablet, other)
    await world.run(200)
    await pairUp(world, alice, tablet)
    await tablet.messenger.setContactsOnly(true)
    const { id } = await world.whileRunning(alice.messenger.groups.create('friends', [keyOf(bob)]))
    await world.run(5_000)
    expect((await see(tablet, id))?.name).toBe('friends')
    expect(tablet.events.filter(({ type }) => type === 'contact')).toEqual([])
  })
})

describe('a group', () => {
  it('cannot be made deniable: what is said in it is signed', async () => {
    world = new World(98)
    const [alice, bob] = await people(world, 'alice', 'bob')
    const id = await joinedGroup(world, alice, [bob])
    await expect(world.whileRunning(alice.messenger.setDeniable(id, true))).rejects.toMatchObject({
      code: 'invalid-security',
    })
  })
})

describe('a member who has written with forward secrecy', () => {
  it('is marked when they write without, though there is no private chat with them', async () => {
    world = new World(105)
    const [alice, bob] = await people(world, 'alice', 'bob')
    const id = await joinedGroup(world, alice, [bob])
    await world.whileRunning(alice.messenger.send(id, 'who are you?'))
    await world.until(() => textsHeard(bob).includes('who are you?'), 'bob hears alice')
    await world.whileRunning(bob.messenger.send(id, 'bob'))
    await world.until(() => textsHeard(alice).includes('bob'), 'alice hears bob')
    const clock = world.clock.wallMs() + 1_000
    const said = chatMessage({ chatId: id, text: 'bob, really', clock, timestamp: clock, messageType: 3 })
    await say(world, bob, alice, said)
    const messages = await alice.messenger.messages(id)
    const of = (text: string) => messages.find((message) => message.text === text)
    expect(of('bob')).toMatchObject({ security: 'ratchet' })
    expect(of('bob')?.downgraded).toBeUndefined()
    expect(of('bob, really')).toMatchObject({ security: 'whisper', downgraded: true })
  })
})

describe('the keys of members of our groups', () => {
  it('are not among those of strangers, of whom there may be too many', async () => {
    world = new World(107)
    const [alice, bob] = await people(world, 'alice', 'bob')
    await joinedGroup(world, alice, [bob])
    const storage = createStage(alice.storage)
    const kept: boolean[] = []
    const run: (() => void)[] = []
    const upkeep = createUpkeep({
      line: { sweep: async (_stage, isKept) => void kept.push(await isKept(keyOf(bob))) },
      timers: { set: (_name: string, _ms: number, act: () => void) => void run.push(act) } as never,
      clock: world.clock,
      insist: (input) => input(storage, () => undefined),
      isCompany: async (stage, person) => (await groupsOf(stage, 'group-person', person, 1)).length > 0,
      failed: () => kept.push(false),
    })
    upkeep.start()
    run[0]?.()
    await world.run(100)
    expect(kept).toEqual([true])
  })
})

describe('what a member says before it is known that they joined', () => {
  it('is kept however much strangers say', async () => {
    world = new World(99)
    let read = 0
    const [alice, carol] = await people(world, 'alice', 'carol')
    const bob = await world.person('bob', {
      seenStorage: (storage) => counted(storage, (bytes) => (read += bytes)),
    })
    for (const other of [alice, carol]) world.join(bob, other)
    const id = await joinedGroup(world, alice, [bob])
    await world.whileRunning(alice.messenger.groups.invite(id, [keyOf(carol)]))
    await agree(world, id, [alice, bob, carol])
    const post = async (from: Pick<Person, 'account'>, text: string, chatId: string) => {
      const clock = world.clock.wallMs() + 60_000
      const message = chatMessage({ chatId, text, clock, timestamp: clock, messageType: 3 })
      const { privateKey } = from.account.chatKey
      const signer = await carol.whisper.service.addKeyPair(privateKey)
      const { topic } = partitionedDiscovery(keyOf(bob), { crypto: quickCrypto })
      const payload = wrap(message, { privateKey })
      await carol.whisper.service.post({ to: { publicKey: keyOf(bob) }, topic, payload, signer })
    }
    for (const text of ['early', 'earlier']) await post(carol, text, id)
    await world.run(500)
    await asBefore(bob.storage)
    const noise = Array.from({ length: MAX_HELD }, (_, i) =>
      putHeld(
        {
          chat: groupChatId(keyOf(alice), world.random) as ChatId,
          author: world.publicKey(world.random.bytes(32)),
          messageId: `0x${i.toString(16).padStart(64, '0')}` as MessageIdText,
          record: {
            security: 'whisper',
            sentUnixSeconds: Math.floor(world.clock.wallMs() / 1000),
            heardAtMs: world.clock.wallMs(),
          },
        },
        new Uint8Array(60_000),
      ),
    )
    await bob.storage.commit(noise.flat())
    const privateKey = world.random.bytes(32)
    const stranger = { chatKey: { privateKey, publicKey: world.publicKey(privateKey) } }
    const before = read
    await post({ account: stranger }, 'noise', groupChatId(keyOf(alice), world.random))
    await world.run(500)
    expect(read - before, 'bytes that were read for one more').toBeLessThan(500 * MAX_HELD)
    expect(await allHeld(createStage(bob.storage))).toHaveLength(MAX_HELD)
    expect(await rowsIn(bob.storage, 'group-held-said')).toBe(MAX_HELD - 1)
    await world.whileRunning(carol.messenger.groups.accept(id))
    await agree(world, id, [alice, bob, carol])
    expect(textsHeard(bob).sort()).toEqual(['earlier', 'early'])
    expect(await rowsIn(bob.storage, 'group-held-said'), 'of the others').toBe(MAX_HELD - 2)
  })
})

/** Tells the bytes of everything that is read. */
function counted(storage: Storage, read: (bytes: number) => void): Storage {
  return {
    async get(table, key) {
      const value = await storage.get(table, key)
      read(value?.length ?? 0)
      return value
    },
    async *range(...where) {
      for await (const row of storage.range(...where)) {
        read(row[1].length)
        yield row
      }
    },
    commit: (changes) => storage.commit(changes),
  }
}

async function rowsIn(storage: Storage, table: string): Promise<number> {
  let rows = 0
  for await (const _row of storage.range(table, new Uint8Array(), Uint8Array.of(255), 10_000)) rows++
  return rows
}

/** One that is kept, as it was stored at first: in one record. */
async function asBefore(storage: Storage): Promise<void> {
  const [held] = await allHeld(createStage(storage))
  if (!held) throw new Error('nothing is kept')
  const [{ put }] = putHeld(held, new Uint8Array()) as [{ put: readonly [string, Uint8Array, Uint8Array] }]
  const wrapped = await heldWrapper(storage, held)
  const record = encodeRecord({ ...held.record, wrapped })
  await storage.commit([...deleteHeld(held), { put: [put[0], put[1], record] }])
}
