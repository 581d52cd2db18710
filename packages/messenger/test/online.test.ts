/** What the hint about peers changes: without one nothing is sent or given up; with one it goes out. */
import { afterEach, describe, expect, it } from 'vitest'
import { type Person, statesOf, textsHeard, World } from './support/world.ts'

let world: World
afterEach(async () => {
  await world.close()
  expect(world.keysUsedTwice).toEqual([])
})

async function pair(online: boolean): Promise<[Person, Person]> {
  world = new World(41)
  const [alice, bob] = [await world.person('alice', { online }), await world.person('bob')]
  for (const person of [alice, bob]) await person.messenger.join('#status')
  return [alice, bob]
}

describe('while no peer is there, as told', () => {
  it('everything waits as queued, for hours, and goes out when one comes', async () => {
    const [alice, bob] = await pair(false)
    const open = await alice.messenger.send('#status', 'to all')
    const secret = await alice.messenger.send(bob.id, 'to bob')
    const whispered = await alice.messenger.send(bob.id, 'whispered', { security: 'whisper' })
    await world.run(4 * 3_600_000, 30_000)
    expect(alice.posts).toEqual([])
    for (const { id } of [open, secret, whispered]) expect(statesOf(alice, id)).toEqual(['queued'])
    world.join(alice, bob)
    alice.messenger.setOnline(true)
    await world.until(() => textsHeard(bob).length === 3, 'everything', 5_000)
    await world.until(() => statesOf(alice, secret.id).includes('delivered'), 'delivered', 5_000)
    expect(statesOf(alice, open.id)).toEqual(['queued', 'sent', 'relayed'])
    expect(statesOf(alice, whispered.id)).toEqual(['queued', 'sent', 'relayed'])
  })

  it('what was under way expires, is not given up, and goes out again when one comes; after a restart as well', async () => {
    const [alice, bob] = await pair(true)
    const said = await alice.messenger.send('#status', 'is anybody there?')
    await world.until(() => statesOf(alice, said.id).includes('sent'), 'sent')
    alice.messenger.setOnline(false)
    await world.until(() => statesOf(alice, said.id).includes('expired'), 'expired')
    await world.run(3_600_000, 30_000)
    expect(statesOf(alice, said.id)).toEqual(['queued', 'sent', 'expired'])
    await world.stop(alice)
    await world.start(alice, { online: false })
    await world.run(3_600_000, 30_000)
    expect((await alice.messenger.message(said.id))?.delivery).toBe('expired')
    world.join(alice, bob)
    alice.messenger.setOnline(true)
    await world.until(() => statesOf(alice, said.id).includes('relayed'), 'relayed', 5_000)
    expect(statesOf(alice, said.id)).toEqual(['sent', 'relayed'])
    expect(textsHeard(bob)).toEqual(['is anybody there?'])
  })

  it('a fifth envelope that died does not fail the message', async () => {
    const [alice, bob] = await pair(true)
    const said = await alice.messenger.send('#status', 'hello?')
    await world.until(
      () => statesOf(alice, said.id).filter((s) => s === 'sent').length === 5,
      'five',
      200_000,
    )
    alice.messenger.setOnline(false)
    await world.run(60_000)
    expect(statesOf(alice, said.id).at(-1)).toBe('expired')
    world.join(alice, bob)
    alice.messenger.setOnline(true)
    await world.until(() => statesOf(alice, said.id).includes('relayed'), 'relayed', 5_000)
  })

  it('what was received meanwhile is acknowledged when one comes', async () => {
    const [alice, bob] = await pair(true)
    world.join(alice, bob)
    await world.run(200)
    alice.messenger.setOnline(false)
    const said = await bob.messenger.send(alice.id, 'for you')
    await world.until(() => textsHeard(alice).length === 1, 'heard')
    await world.run(3_000)
    expect(statesOf(bob, said.id)).not.toContain('delivered')
    alice.messenger.setOnline(true)
    await world.until(() => statesOf(bob, said.id).includes('delivered'), 'delivered', 2_000)
  })
})

describe('when a peer comes', () => {
  it('a private message that would wait for an hour is sent again at once', async () => {
    const [alice, bob] = await pair(true)
    const said = await alice.messenger.send(bob.id, 'after a long time')
    await world.run(4 * 3_600_000, 10_000) // by now it is sent once an hour
    const before = alice.posts.length
    alice.messenger.setOnline(false)
    world.join(alice, bob)
    await world.run(10_000)
    expect(alice.posts.length).toBe(before)
    alice.messenger.setOnline(true)
    await world.until(() => statesOf(alice, said.id).includes('delivered'), 'delivered', 3_000)
  })

  it('told again and again, nothing is sent twice for it', async () => {
    const [alice, bob] = await pair(true)
    world.join(alice, bob)
    for (let i = 0; i < 100; i++) alice.messenger.setOnline(true)
    const said = await alice.messenger.send(bob.id, 'once')
    await world.until(() => statesOf(alice, said.id).includes('delivered'), 'delivered')
    expect(alice.posts).toHaveLength(1)
  })
})
