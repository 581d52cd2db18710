/**
 * A device of ours with a Go client begins a transaction command: its copy for us does not say whom it is for. Who acknowledges the
 * message shows that, whichever comes first.
 */
import { to0xHex } from '@status-protocol/bytes'
import type { MessageIdText } from '@status-protocol/messenger'
import { messageId, type Message as Payload, wrap } from '@status-protocol/payload'
import { afterEach, describe, expect, it } from 'vitest'
import { keepUnplaced, MAX_UNPLACED, takeUnplaced } from '../../src/commands/unplaced.ts'
import { createStage } from '../../src/stage.ts'
import { bundleOf, channelOf, idOf, post, synced } from '../support/own-devices.ts'
import { type Person, quickCrypto, statesOf, textsHeard, World } from '../support/world.ts'
import { ADDRESS, statusAt, textsOf } from './support.ts'

let world: World
afterEach(async () => {
  await world.close()
  expect(world.keysUsedTwice).toEqual([])
})

const GO = 'a phone with Go'

/** Alice has our client, which Bob knows, and a Go client at Eve's node, which she has enabled. */
async function scene(seed: number) {
  world = new World(seed)
  const [alice, bob, eve] = [
    await world.person('alice'),
    await world.person('bob'),
    await world.person('eve'),
  ]
  for (const one of [alice, bob]) world.join(one, eve)
  world.join(alice, bob)
  await world.run(200)
  await alice.messenger.send(bob.id, 'hi')
  await world.until(() => textsHeard(bob).length === 1, 'bob hears')
  await bob.messenger.send(alice.id, 'hi yourself')
  await world.until(() => textsHeard(alice).length === 1, 'alice hears')
  await world.run(1_000)
  const go = channelOf(world, alice, GO)
  const { publicKey } = alice.messenger
  await go.decrypt(publicKey, await bundleOf(world, alice))
  await go.decrypt(bob.messenger.publicKey, (bob.posts.at(-1) as { payload: Uint8Array }).payload)
  await post(world, eve, alice, alice, await go.encrypt(publicKey, synced(world, alice, alice)))
  await alice.messenger.devices.setEnabled(GO, true)
  await go.setInstallationEnabled(await idOf(alice), true)
  const signed = (said: Payload) => {
    const wrapped = wrap(said, alice.account.chatKey, { crypto: quickCrypto })
    const id = to0xHex(messageId(publicKey, wrapped, { crypto: quickCrypto })) as MessageIdText
    return { wrapped, id }
  }
  const request = () =>
    signed({
      ...{ type: 'request-transaction', clock: BigInt(world.clock.wallMs()) },
      ...{ value: '12', contract: '', address: ADDRESS },
    })
  const say = async (to: Person, inSync: Uint8Array) =>
    post(world, eve, to, alice, await go.encrypt(to.messenger.publicKey, inSync))
  return { alice, bob, eve, say, signed, request }
}

describe('what a Go device of ours begins', () => {
  for (const first of ['the copy', 'the acknowledgement'])
    it(`is in the chat with whoever acknowledges it: ${first} first`, async () => {
      const { alice, bob, say, request } = await scene(541)
      const { wrapped, id } = request()
      const [original, copy] = [synced(world, alice, bob, wrapped), synced(world, alice, alice, wrapped)]
      const both = [() => say(alice, copy), () => say(bob, original)]
      for (const one of first === 'the copy' ? both : both.reverse()) {
        expect(await textsOf(alice, bob.id)).toHaveLength(2)
        await one()
        await world.run(1_000)
      }
      expect(await alice.messenger.message(id)).toMatchObject({
        ...{ chat: bob.id, own: true, delivery: 'delivered' },
        content: { kind: 'command', command: 'request-transaction', value: '12' },
      })
      expect(await statusAt(alice, id)).toBe('transaction-requested')
      expect(statesOf(alice, id)).toEqual(['sent', 'delivered'])
      expect(alice.messenger.rejected().get('wrong-chat')).toBeUndefined()
      await bob.messenger.commands.decline(id)
      await world.run(1_000)
      expect(await statusAt(alice, id)).toBe('transaction-declined')
    })

  it('is moved by an answer that came before it', async () => {
    const { alice, bob, say, request } = await scene(542)
    const { wrapped, id } = request()
    await say(bob, synced(world, alice, bob, wrapped))
    await bob.messenger.commands.decline(id)
    await world.run(1_000)
    expect(await statusAt(alice, id)).toBeUndefined()
    await say(alice, synced(world, alice, alice, wrapped))
    expect(await statusAt(alice, id)).toBe('transaction-declined')
  })

  it('is nowhere while nobody has acknowledged it, also after a restart', async () => {
    const { alice, bob, eve, say, request } = await scene(543)
    const { wrapped, id } = request()
    await say(alice, synced(world, alice, alice, wrapped))
    const original = synced(world, alice, bob, wrapped)
    await world.stop(alice)
    await world.start(alice)
    for (const one of [bob, eve]) world.join(alice, one)
    await eve.messenger.send(alice.id, 'I have nothing to do with it')
    await world.until(() => textsHeard(alice).length === 1, 'alice hears eve')
    expect(await alice.messenger.message(id)).toBeUndefined()
    await say(bob, original)
    await world.run(1_000)
    expect(await alice.messenger.message(id)).toMatchObject({ chat: bob.id, delivery: 'delivered' })
  })

  it('is kept within bounds, the newest, and for a week', async () => {
    const { alice, bob, signed } = await scene(544)
    const stage = createStage(alice.storage)
    let nowMs = 1
    const options = {
      publicKey: alice.messenger.publicKey,
      crypto: quickCrypto,
      clock: { wallMs: () => nowMs },
    }
    const kept = async () => {
      const ids: string[] = []
      const [from, to] = [new Uint8Array(0), new Uint8Array(33).fill(255)]
      for await (const [key] of stage.range('command-unplaced', from, to, 1_000)) ids.push(to0xHex(key))
      return ids
    }
    const keep = async (n: number) => {
      const message = {
        type: 'request-transaction',
        clock: BigInt(n),
        value: '1',
        contract: '',
        address: '',
      } as const
      const { wrapped, id } = signed(message)
      await keepUnplaced(
        stage,
        {
          ...{ author: alice.messenger.publicKey, message, messageId: id, wrapped, security: 'ratchet' },
          ...{ generation: 'v1', downgraded: false, installationId: GO, sentUnixSeconds: 1 },
          ...{ appendedSeconds: 1n, judgedAtMs: 1, highestClock: undefined },
        },
        options,
      )
      return id
    }
    const ids: string[] = []
    for (let n = 1; n <= MAX_UNPLACED + 5; n++) {
      ids.push(await keep(n))
      nowMs++
    }
    expect((await kept()).sort()).toEqual(ids.slice(5).sort())
    expect(await takeUnplaced(stage, bob.messenger.publicKey, options)).toEqual([])
    nowMs += 8 * 24 * 3_600_000
    const last = await keep(100)
    expect(await kept()).toEqual([last])
  })
})
