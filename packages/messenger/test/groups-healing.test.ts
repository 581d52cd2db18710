/** docs/groups.md, "Who sees another group": noticed by what members send, and healed. */
import { fromHex, to0xHex } from '@status-protocol/bytes'
import type { ChatId, Message } from '@status-protocol/messenger'
import {
  type ChatMessage,
  chatMessage,
  decodeMessage,
  type MembershipUpdate,
  openWrapper,
  wrap,
} from '@status-protocol/payload'
import { partitionedDiscovery } from '@status-protocol/whisper'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { noteGivenUp, noteReceipt } from '../src/groups/receipts.ts'
import { allGroupEvents, deleteGroupEvent, getGroup, putGroup } from '../src/groups/tables.ts'
import { createStage, type Stage } from '../src/stage.ts'
import { getMessage } from '../src/tables.ts'
import { agree, joinedGroup, keyOf, kinds, notes, people, rejoin, see } from './support/groups.ts'
import { type Person, quickCrypto, textsHeard, World } from './support/world.ts'

let world: World
beforeEach(() => {
  world = new World(19)
})
afterEach(async () => {
  await world.close()
  expect(world.keysUsedTwice).toEqual([])
})

/** As if the newest event of a group had never come to somebody. */
async function forgetNewest(person: Person, id: string): Promise<void> {
  await world.stop(person)
  const stage = createStage(person.storage)
  const events = await allGroupEvents(stage, id as ChatId, 1_000)
  const record = await getGroup(stage, id as ChatId)
  const newest = events.at(-1)
  if (!newest || !record) throw new Error('nothing to forget')
  await person.storage.commit([deleteGroupEvent(newest), putGroup({ ...record, stamp: 'older' })])
  await world.start(person)
  rejoin(world, person)
  await world.run(200)
}

const toldTo = (from: Person, to: Person) =>
  from.trace.filter((step) => step.type === 'encrypted' && to0xHex(step.to) === to.id && step.syncBytes > 700)
    .length

describe('a member who sees another group', () => {
  it('shows it by what they say, is told what they miss, and answers that all is well', async () => {
    const [alice, bob, carol] = await people(world, 'alice', 'bob', 'carol')
    const id = await joinedGroup(world, alice, [bob, carol])
    await world.whileRunning(alice.messenger.groups.rename(id, 'newer'))
    await agree(world, id, [alice, bob, carol])
    await forgetNewest(bob, id)
    expect((await see(bob, id))?.name).toBe('friends')
    await world.run(35_000)
    await world.whileRunning(bob.messenger.send(id, 'what is it called?'))
    await world.until(() => textsHeard(alice).includes('what is it called?'), 'alice hears bob')
    await agree(world, id, [alice, bob, carol])
    expect((await see(bob, id))?.name).toBe('newer')
    for (const person of [alice, carol]) {
      await world.until(() => kinds(person, id).includes('healed'), `${person.name} hears that all is well`)
      expect(notes(person, id).filter(({ type }) => type === 'diverged' || type === 'healed')).toEqual([
        { type: 'diverged', with: keyOf(bob) },
        { type: 'healed', with: keyOf(bob) },
      ])
      expect((await see(person, id))?.diverged).toEqual([])
    }
    const posts = () => [alice, bob, carol].reduce((sum, { posts }) => sum + posts.length, 0)
    await world.run(5_000)
    const before = posts()
    await world.run(60_000)
    expect(posts(), 'and then there is silence').toBe(before)
  })

  it('whom a Go client is, by the events that they send: told once, not again and again', async () => {
    const [alice, bob] = await people(world, 'alice', 'bob')
    const id = await joinedGroup(world, alice, [bob])
    const events = await allGroupEvents(createStage(bob.storage), id as ChatId, 1_000)
    await world.whileRunning(alice.messenger.groups.rename(id, 'newer'))
    await agree(world, id, [alice, bob])
    await world.run(35_000)
    await world.whileRunning(bob.messenger.close()) // who speaks for him from now on answers nothing
    const say = async (text: string) => {
      const nowMs = world.clock.wallMs()
      const update: MembershipUpdate = {
        type: 'membership-update',
        chatId: id,
        events: events.map(({ signed }) => signed),
        message: chatMessage({ chatId: id, text, clock: nowMs, timestamp: nowMs }),
      }
      const payload = wrap(update, bob.account.chatKey)
      const signer = await bob.whisper.service.addKeyPair(bob.account.chatKey.privateKey)
      const { topic } = partitionedDiscovery(keyOf(alice), { crypto: quickCrypto })
      await bob.whisper.service.post({ to: { publicKey: keyOf(alice) }, topic, payload, signer })
      await world.run(500)
    }
    const before = toldTo(alice, bob)
    for (const text of ['one', 'two', 'three']) await say(text)
    expect(textsHeard(alice)).toEqual(['one', 'two', 'three'])
    expect(kinds(alice, id).filter((kind) => kind === 'diverged')).toHaveLength(1)
    expect(toldTo(alice, bob) - before).toBe(1)
    expect((await see(alice, id))?.diverged).toEqual([keyOf(bob)])
  })

  it('does not while what they miss may be under way', async () => {
    const [alice, bob] = await people(world, 'alice', 'bob')
    const id = await joinedGroup(world, alice, [bob])
    await world.run(40_000)
    await world.whileRunning(
      Promise.all([alice.messenger.groups.rename(id, 'newer'), bob.messenger.send(id, 'at the same time')]),
    )
    await agree(world, id, [alice, bob])
    await world.run(2_000)
    expect([...kinds(alice, id), ...kinds(bob, id)]).not.toContain('diverged')
  })
})

describe('a member whom data sync gave up telling', () => {
  it('is told as soon as they are heard again', async () => {
    const [alice, bob] = await people(world, 'alice', 'bob')
    const id = await joinedGroup(world, alice, [bob])
    await world.stop(bob)
    await world.whileRunning(alice.messenger.groups.rename(id, 'a day later'))
    const said = await world.whileRunning(alice.messenger.send(id, 'and nobody there'))
    await world.run(30 * 3_600_000, 60_000)
    expect(await alice.messenger.message(said.id)).toMatchObject({
      delivery: 'failed',
      receipts: { of: 1, have: 0, failed: 1 },
    })
    expect(await alice.messenger.groups.receipts(said.id)).toMatchObject([{ isGivenUp: true }])
    await world.start(bob)
    rejoin(world, bob)
    await world.whileRunning(bob.messenger.send(alice.id, 'I am back'))
    await world.until(() => textsHeard(alice).includes('I am back'), 'alice hears bob')
    await agree(world, id, [alice, bob])
    expect((await see(bob, id))?.name).toBe('a day later')
  })

  it('and a message that had failed for all is told to be there when one of them has it after all', async () => {
    const [alice, bob, carol] = await people(world, 'alice', 'bob', 'carol')
    const id = await joinedGroup(world, alice, [bob, carol])
    await world.stop(bob)
    await world.stop(carol)
    const said = await world.whileRunning(alice.messenger.send(id, 'and nobody there'))
    const receipt = async (note: (stage: Stage, message: Message) => Promise<void>) => {
      const stage = createStage(alice.storage)
      await note(stage, (await getMessage(stage, said.id)) as Message)
      await alice.storage.commit(stage.changes)
      const { delivery, deliveryReason, receipts } = (await getMessage(alice.storage, said.id)) as Message
      return {
        delivery,
        deliveryReason,
        receipts,
        told: stage.events.map((event) => 'state' in event && event.state),
      }
    }
    const missed = (who: Person) =>
      receipt((stage, message) => noteGivenUp(stage, message, keyOf(who), 'gone'))
    const has = (who: Person) =>
      receipt((stage, message) => noteReceipt(stage, message, keyOf(who), 'a phone'))
    await missed(bob)
    expect(await missed(carol)).toMatchObject({
      ...{ delivery: 'failed', deliveryReason: 'gone', receipts: { of: 2, have: 0, failed: 2 } },
      told: ['failed', 'failed'],
    })
    expect(await has(carol)).toEqual({
      ...{ delivery: 'relayed', deliveryReason: undefined, receipts: { of: 2, have: 1, failed: 1 } },
      told: ['delivered', 'relayed'],
    })
    expect(await has(bob)).toMatchObject({ delivery: 'delivered', receipts: { of: 2, have: 2, failed: 0 } })
  })
})

describe('on the wire', () => {
  it('a message goes alone to those who see what we see, else with all events and the question what they see', async () => {
    const [alice, bob, carol] = await people(world, 'alice', 'bob', 'carol')
    const id = await joinedGroup(world, alice, [bob, carol])
    const say = async (text: string) => {
      await world.whileRunning(alice.messenger.send(id, text))
      const waiting = await waitingAt(alice)
      await world.until(() => [bob, carol].every((person) => textsHeard(person).includes(text)), 'heard')
      await world.run(1_000)
      return waiting.find((said) => (said.type === 'chat' ? said : said.message)?.text === text)
    }
    expect(await say('nobody has said yet that they saw carol join')).toMatchObject({
      type: 'membership-update',
      events: { length: 4 },
      asksView: true,
    })
    const view = fromHex((await see(alice, id))?.view ?? '', 32)
    expect(await say('all have')).toMatchObject({ type: 'chat', chatId: id, messageType: 3, view })
    await world.whileRunning(alice.messenger.groups.rename(id, 'newer'))
    await world.run(1_000)
    expect(await say('something new')).toMatchObject({ type: 'membership-update', asksView: true })
    expect(await say('known to all again')).toMatchObject({ type: 'chat' })
    expect(kinds(alice, id)).not.toContain('diverged')
  })

  it('a message that went alone shows as well that somebody sees another group', async () => {
    const [alice, bob] = await people(world, 'alice', 'bob')
    const id = await joinedGroup(world, alice, [bob])
    await world.whileRunning(alice.messenger.groups.rename(id, 'newer'))
    await agree(world, id, [alice, bob])
    await world.whileRunning(bob.messenger.send(id, 'I see it'))
    await world.run(35_000)
    await forgetNewest(bob, id)
    await world.whileRunning(alice.messenger.send(id, 'what do you see?'))
    await world.until(() => textsHeard(bob).includes('what do you see?'), 'bob hears alice')
    await agree(world, id, [alice, bob])
    expect((await see(bob, id))?.name).toBe('newer')
  })
})

/** What waits in data sync for others. */
async function waitingAt(person: Person): Promise<(MembershipUpdate | ChatMessage)[]> {
  const found: (MembershipUpdate | ChatMessage)[] = []
  const [from, to] = [new Uint8Array(0), new Uint8Array(40).fill(255)]
  for await (const [, bytes] of person.storage.range('mvds-message', from, to, 100))
    for (let start = 0; start < Math.min(bytes.length, 80); start++) {
      const opened = openWrapper(bytes.subarray(start))
      if (!opened.ok || !opened.author || (opened.wireType !== 3 && opened.wireType !== 1)) continue
      const message = decodeMessage(opened.wireType, opened.payload)
      if (message.type === 'chat' || message.type === 'membership-update') found.push(message)
      break
    }
  return found
}
