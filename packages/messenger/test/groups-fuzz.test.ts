/** Updates of a group that a member has broken on purpose: nothing fails, and nobody's rights change. */
import { to0xHex } from '@status-protocol/bytes'
import type { ChatId } from '@status-protocol/messenger'
import { chatMessage, encodeMessage, MESSAGE_TYPES, wrapPayload } from '@status-protocol/payload'
import { mutate, seededRandom } from '@status-protocol/testkit'
import { partitionedDiscovery } from '@status-protocol/whisper'
import { afterEach, expect, it } from 'vitest'
import { allGroupEvents } from '../src/groups/tables.ts'
import { createStage } from '../src/stage.ts'
import { feeding } from './support/feeding.ts'
import { joinedGroup, keyOf, see } from './support/groups.ts'
import { quickCrypto, World } from './support/world.ts'

const COUNT = Math.ceil(Number(process.env.FUZZ_COUNT ?? 10_000) / 50)

let world: World
afterEach(() => world.close())

it('fuzz: broken updates and messages of a member, rightly signed', async () => {
  world = new World(61)
  const fed = feeding()
  const alice = await world.person('alice')
  const bob = await world.person('bob', { service: fed.service })
  const carol = await world.person('carol')
  for (const [one, other] of [
    [alice, bob],
    [alice, carol],
    [bob, carol],
  ] as const)
    world.join(one, other)
  await world.run(200)
  const id = await joinedGroup(world, alice, [bob, carol])
  const before = await see(bob, id)
  const events = await allGroupEvents(createStage(bob.storage), id as ChatId, 100)
  const nowMs = world.clock.wallMs()
  const message = chatMessage({ chatId: id, text: 'hello', clock: nowMs, timestamp: nowMs })
  const whole = encodeMessage({
    type: 'membership-update',
    chatId: id,
    events: events.map(({ signed }) => signed),
    message,
    view: new Uint8Array(32).fill(1),
    asksView: true,
  })
  const plain = encodeMessage({ ...message, view: new Uint8Array(32).fill(2) })
  const { topic } = partitionedDiscovery(keyOf(bob), { crypto: quickCrypto })
  const random = seededRandom(62)
  for (let i = 0; i < COUNT; i++) {
    const [payload, type] =
      i % 3 === 0
        ? ([plain, MESSAGE_TYPES.chat] as const)
        : ([whole, MESSAGE_TYPES['membership-update']] as const)
    const wrapped = wrapPayload(mutate(payload, random), type, carol.account.chatKey)
    const sentUnixSeconds = Math.floor(world.clock.wallMs() / 1000)
    fed.give(topic, { payload: wrapped, sentUnixSeconds, signer: keyOf(carol) })
    if (i % 20 === 0) await world.run(60)
  }
  await world.run(2_000)
  expect(bob.messenger.rejected().get('failed')).toBeUndefined()
  expect(await see(bob, id)).toMatchObject({ view: before?.view, members: before?.members })
  const shown = await bob.messenger.messages(id, { limit: 1_000 })
  const refused = [...bob.messenger.rejected().values()].reduce((sum, times) => sum + times, 0)
  expect(refused + shown.length, 'most of it was looked at').toBeGreaterThan(COUNT / 4)
  expect(shown.every(({ author }) => to0xHex(author) === carol.id)).toBe(true)
  await world.whileRunning(alice.messenger.send(id, 'still here'))
  await world.until(
    async () =>
      (await bob.messenger.messages(id, { limit: 1_000 })).some(({ text }) => text === 'still here'),
    'bob hears alice',
  )
})
