/** What somebody learns who copies everything that a device knows: nothing of before, and nothing after one round trip. */
import { utf8 } from '@status-protocol/bytes'
import {
  createSecureChannel,
  decodeProtocolMessage,
  decryptMessage,
  INSTALLATIONS_TABLE,
  OWN_TABLE,
  PEERS_TABLE,
} from '@status-protocol/double-ratchet'
import type { Change } from '@status-protocol/ports'
import { describe, expect, it } from 'vitest'
import { type Party, party } from './support/party.ts'
import { DAY_MS, World } from './support/talk.ts'

interface Written {
  readonly bytes: Uint8Array
  readonly from: Party
  readonly to: Party
}

/** All keys of a device as they are now: its store and its identity. */
async function stolen(from: Party): Promise<Party> {
  const copy = party(from.self.identity.privateKey, from.self.installationId)
  const changes: Change[] = []
  for (const table of [INSTALLATIONS_TABLE, OWN_TABLE, PEERS_TABLE])
    for await (const [key, value] of from.storage.range(table, new Uint8Array(0), Uint8Array.of(255), 1_000))
      changes.push({ put: [table, key, value] })
  await copy.storage.commit(changes)
  return copy
}

/** How many of the messages the thief of both devices opens, going through them as the owners did. */
async function openedBy(
  thieves: ReadonlyMap<Party, Party>,
  world: World,
  messages: readonly Written[],
): Promise<readonly boolean[]> {
  const opened: boolean[] = []
  for (const { bytes, from, to } of messages) {
    const thief = thieves.get(to) as Party
    const [output] = await thief.run(from.self.publicKey, world.context, (c, context) =>
      decryptMessage(c, { message: bytes, confirm: false }, context),
    )
    opened.push(output.type === 'opened')
  }
  return opened
}

async function write(world: World, from: Party, to: Party): Promise<Written> {
  return { bytes: (await world.send(from, to, 'secret')).bytes, from, to }
}

async function read(world: World, { bytes, from, to }: Written): Promise<void> {
  const [output] = await to.run(from.self.publicKey, world.context, (c, context) =>
    decryptMessage(c, { message: bytes, confirm: true }, context),
  )
  if (output.type !== 'opened') throw new Error(output.reason)
}

async function said(world: World, from: Party, to: Party): Promise<Written> {
  const message = await write(world, from, to)
  await read(world, message)
  return message
}

describe.each([1, 2, 3, 4])('a thief of all current keys of both devices (%d)', (seed) => {
  it('never opens what was read before, and after one full round trip nothing that follows', async () => {
    const world = new World(seed)
    const [alice, bob] = [world.party('a1'), world.party('b1')]
    await world.introduce(alice, bob)
    const before: Written[] = []
    for (let turn = 0; turn < 4; turn++)
      before.push(await said(world, alice, bob), await said(world, bob, alice))
    const thieves = new Map([
      [alice, await stolen(alice)],
      [bob, await stolen(bob)],
    ])
    expect(await openedBy(thieves, world, before)).toEqual(before.map(() => false))

    // A full round trip: after it both have a ratchet key that neither had when the keys were stolen.
    const healing = [await said(world, alice, bob), await said(world, bob, alice)]
    const after: Written[] = []
    for (let turn = 0; turn < 3; turn++)
      after.push(await said(world, alice, bob), await said(world, bob, alice))
    const opened = await openedBy(thieves, world, [...healing, ...after])
    expect(opened[0]).toBe(true) // written with the stolen keys: the test can see a thief
    expect(opened.slice(2)).toEqual(after.map(() => false))
  })

  it('does not open what was skipped either, once it was read', async () => {
    const world = new World(seed)
    const [alice, bob] = [world.party('a1'), world.party('b1')]
    await world.introduce(alice, bob)
    const late = await write(world, alice, bob)
    await said(world, alice, bob)
    const early = new Map([[bob, await stolen(bob)]])
    expect(await openedBy(early, world, [late])).toEqual([true]) // its key was kept: so it is in the loot
    await read(world, late)
    expect(await openedBy(new Map([[bob, await stolen(bob)]]), world, [late])).toEqual([false])
  })

  it('with the identity keys alone opens no message, but those in mode dh', async () => {
    const world = new World(seed)
    const [alice, bob] = [world.party('a1'), world.party('b1')]
    const dh = await write(world, alice, bob)
    await world.introduce(alice, bob)
    const messages = [dh, await said(world, alice, bob), await said(world, bob, alice)]
    const empty = (of: Party) => party(of.self.identity.privateKey, of.self.installationId)
    const thieves = new Map([
      [alice, empty(alice)],
      [bob, empty(bob)],
    ])
    expect(await openedBy(thieves, world, messages)).toEqual([true, false, false])
  })

  it('has no use of pre keys for what was begun on newer ones', async () => {
    const world = new World(seed)
    const [alice, bob] = [world.party('a1'), world.party('b1')]
    await world.introduce(alice, bob)
    const thieves = new Map([
      [alice, await stolen(alice)],
      [bob, await stolen(bob)],
    ])
    world.nowMs += DAY_MS
    await world.introduce(alice, bob)
    const messages = [await said(world, alice, bob), await said(world, bob, alice)]
    expect(await openedBy(thieves, world, messages)).toEqual([false, false])
  })
})

describe('a device that went back to a backup', () => {
  it('writes something else with the keys of then, and no two plaintexts under one key stream', async () => {
    const world = new World()
    const [alice, bob] = [world.party('a'), world.party('b')]
    await world.introduce(alice, bob)
    await world.read(bob, alice, (await world.send(alice, bob, 'before the backup')).bytes)
    const restored = await stolen(alice)
    const write = (by: Party, text: string): Promise<Uint8Array> => {
      const { identity, installationId } = by.self
      const channel = createSecureChannel({
        identity: identity.privateKey,
        installationId,
        storage: by.storage,
      })
      return channel.encrypt(bob.self.publicKey, utf8(text))
    }
    const [first, second] = [await write(alice, 'abcdef'), await write(restored, 'ghijkl')]
    const [a, b] = [first, second].map((bytes) => {
      const direct = decodeProtocolMessage(bytes).directMessages[0]
      expect(direct?.ratchetHeader?.n).toBe(1)
      return direct?.payload.slice(16, -32) as Uint8Array
    }) as [Uint8Array, Uint8Array]
    const difference = (one: Uint8Array, other: Uint8Array) => one.map((byte, i) => byte ^ (other[i] ?? 0))
    expect(difference(a, b)).not.toEqual(difference(utf8('abcdef'), utf8('ghijkl')))
    expect(await world.readText(bob, alice, first)).toBe('abcdef')
  })
})
