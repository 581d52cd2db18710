/** Ways in which a fetch could count as fetched what nobody has read. */
import type { MessengerError } from '@status-protocol/messenger'
import { packetCodes } from '@status-protocol/whisper'
import { afterEach, describe, expect, it } from 'vitest'
import { ends, mailserver } from './support/mail.ts'
import { type Person, textsHeard, World } from './support/world.ts'

const HOUR = 3_600_000

let world: World
afterEach(() => world.close())

async function textsIn({ messenger }: Person, chat: string): Promise<string[]> {
  return (await messenger.messages(chat, { limit: 1_000 })).filter(({ own }) => !own).map(({ text }) => text)
}

describe('nothing is lost', () => {
  it('when a chat is left while its history comes, and joined again', async () => {
    world = new World(81)
    const server = await mailserver(world)
    const [ann, bob] = [await world.person('ann'), await world.person('bob')]
    server.join(ann)
    for (const { messenger } of [ann, bob]) await messenger.join('#status')
    const texts: string[] = []
    for (let i = 0; i < 30; i++) {
      texts.push(`message ${i}`)
      await ann.messenger.send('#status', `message ${i}`)
      await world.run(10_000, 500)
    }
    await world.run(2 * HOUR, 10_000)
    await world.stop(bob)
    await world.start(bob, { mail: { pageSize: 5 } })
    let packets = 0
    server.serve(bob, (packet) => {
      packet.arrive()
      if (packet.from !== 'a' || packet.code !== packetCodes.requestComplete) return
      packets++
      if (packets === 2) void bob.messenger.leave('#status')
      if (packets === 4) void bob.messenger.join('#status')
    })
    await world.until(() => ends(bob) > 0, 'the end of the fetch')
    await world.run(2 * HOUR, 10_000)
    expect(await textsIn(bob, '#status')).toEqual(texts)
  })

  it('of what somebody says quickly, of which one half was heard and the other was not', async () => {
    world = new World(82)
    const server = await mailserver(world)
    const [ann, bob] = [await world.person('ann'), await world.person('bob')]
    server.join(ann)
    for (const { messenger } of [ann, bob]) await messenger.join('#status')
    // from the mailserver only answers come through
    let isHeard = true
    server.serve(bob, (packet) => {
      if (isHeard || packet.from === 'b' || packet.code !== packetCodes.messages) packet.arrive()
      else packet.lose()
    })
    await world.until(() => ends(bob) === 1, 'the first fetch')
    await world.run(60_000 - (world.clock.wallMs() % 60_000))
    const say = async (from: number, to: number): Promise<void> => {
      for (let i = from; i < to; i++) await ann.messenger.send('#status', `message ${i}`)
      await world.run(2_000, 100)
    }
    await say(0, 70)
    expect(textsHeard(bob)).toHaveLength(70)
    isHeard = false
    await say(70, 110)
    await world.run(2 * HOUR, 10_000)
    expect(await textsIn(bob, '#status')).toHaveLength(110)
  })
})

describe('a time to fetch from', () => {
  it('that is none is refused, one that is still to come hides nothing', async () => {
    world = new World(83)
    const server = await mailserver(world)
    const [ann, bob] = [await world.person('ann'), await world.person('bob', { mail: { automatic: false } })]
    server.join(ann)
    for (const { messenger } of [ann, bob]) await messenger.join('#status')
    server.serve(bob, (packet) => {
      if (packet.from === 'b' || packet.code !== packetCodes.messages) packet.arrive()
      else packet.lose()
    })
    await world.run(1_000)
    for (const sinceUnixSeconds of [
      Number.NaN,
      -1,
      2 ** 32,
      Number.POSITIVE_INFINITY,
      world.clock.wallMs(),
    ]) {
      const failure = await world
        .whileRunning(bob.messenger.mail.fetch({ sinceUnixSeconds }))
        .catch((error: MessengerError) => error)
      expect(failure, `${sinceUnixSeconds}`).toMatchObject({ code: 'invalid-argument' })
    }
    const sinceUnixSeconds = Math.floor(world.clock.wallMs() / 1_000) + 86_400
    await world.whileRunning(bob.messenger.mail.fetch({ sinceUnixSeconds }))
    await world.run(2 * HOUR, 10_000)
    await ann.messenger.send('#status', 'meanwhile')
    await world.run(HOUR, 10_000)
    await world.whileRunning(bob.messenger.mail.fetch())
    expect(await textsIn(bob, '#status')).toEqual(['meanwhile'])
  })

  it('and a messenger that is closed meanwhile: its own error', async () => {
    world = new World(84)
    const server = await mailserver(world)
    const bob = await world.person('bob', { mail: { automatic: false } })
    await bob.messenger.join('#status')
    server.serve(bob)
    await world.run(1_000)
    const fetched = bob.messenger.mail.fetch().catch((error: MessengerError) => error)
    await world.stop(bob)
    const end = await fetched
    if (end instanceof Error) expect(end).toMatchObject({ name: 'MessengerError', code: 'closed' })
  })
})
