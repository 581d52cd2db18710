/** Who was away gets what was missed from mailservers: all of it, in order, once. */
import { to0xHex } from '@status-protocol/bytes'
import { parseChat } from '@status-protocol/messenger'
import { encodeDirect, packetCodes } from '@status-protocol/whisper'
import type { PacketInTransit } from '@status-protocol/whisper/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { changesOf, ends, mailserver, type TestMailserver } from './support/mail.ts'
import { type Person, quickCrypto, statesOf, textsHeard, World } from './support/world.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

let world: World
afterEach(async () => {
  await world.close()
  expect(world.keysUsedTwice).toEqual([])
})

/** Three people who write, and Bob, who knows them; all have met. */
async function friends(names: readonly string[], servers: readonly TestMailserver[]) {
  const bob = await world.person('bob')
  const others: Person[] = []
  for (const name of names) others.push(await world.person(name))
  for (const person of [bob, ...others]) {
    await person.messenger.join('#status')
    for (const server of servers) server.join(person)
  }
  for (const other of others) {
    await other.messenger.send(bob.id, `${other.name} to bob`)
    await world.until(() => textsHeard(bob).includes(`${other.name} to bob`), 'a first contact')
    await bob.messenger.send(other.id, `bob to ${other.name}`)
    await world.until(() => textsHeard(other).includes(`bob to ${other.name}`), 'an answer')
  }
  await world.run(5_000)
  return { bob, others }
}

async function textsIn({ messenger }: Person, chat: string): Promise<string[]> {
  return (await messenger.messages(chat, { limit: 1_000 })).filter(({ own }) => !own).map(({ text }) => text)
}

/** A packet at a time, and what is done to it. */
const through =
  (change: (packet: PacketInTransit) => boolean) =>
  (packet: PacketInTransit): void => {
    if (change(packet)) packet.arrive()
    else packet.lose()
  }

describe('away for three days', () => {
  it('all is there: private and public, in order, once, over two mailservers of which one dies in the middle', async () => {
    world = new World(61)
    const servers = [await mailserver(world), await mailserver(world)]
    const { bob, others } = await friends(['ann', 'carl', 'dora'], servers)
    await world.stop(bob)

    const said = new Map<string, string[]>(others.map(({ name }) => [name, []]))
    const open: string[] = []
    for (let day = 0; day < 3; day++) {
      for (const { messenger } of others) messenger.setOnline(true)
      for (let i = 0; i < 6; i++)
        for (const { name, messenger } of others) {
          const text = `${name} ${day}.${i}`
          if (i % 2) {
            await messenger.send(bob.id, text)
            said.get(name)?.push(text)
          } else {
            await messenger.send('#status', text)
            open.push(text)
          }
          await world.run(100, 50)
        }
      await world.run(10_000, 200)
      for (const { messenger } of others) messenger.setOnline(false) // they sleep, too
      await world.run(DAY - 13_000, 60_000)
    }

    await world.start(bob, { mail: { pageSize: 7 } })
    // no other peers: what comes comes from the mailservers' archives
    const [first, second] = servers as [TestMailserver, TestMailserver]
    const before = textsHeard(bob).length
    let packets = 0
    const dying = first.serve(
      bob,
      through(({ from, code }) => {
        if (from === 'a' && code === packetCodes.direct && ++packets === 4) dying.close(1)
        return packets < 4
      }),
    )
    second.serve(bob)
    await world.until(() => ends(bob) > 0, 'the end of the fetch')

    expect(before).toBe(0)
    expect(await textsIn(bob, '#status')).toEqual(open)
    for (const { name, id } of others)
      expect(await textsIn(bob, id)).toEqual([`${name} to bob`, ...(said.get(name) ?? [])])
    const heard = textsHeard(bob)
    expect(new Set(heard).size, 'nothing is told twice').toBe(heard.length)
    expect(heard).toHaveLength(54)
    for (const { id } of others)
      for (const message of await bob.messenger.messages(id))
        if (!message.own && / \d/.test(message.text)) expect(message.security).toBe('ratchet')

    const changes = changesOf(bob.events)
    expect(changes[0]).toMatchObject({ type: 'started', servers: 2 })
    expect(changes).toContainEqual(expect.objectContaining({ type: 'server-failed' }))
    expect(changes.at(-1)).toMatchObject({ type: 'done', messages: 54 })
    expect(changes.filter(({ type }) => type === 'progress').length).toBeGreaterThan(0)
    expect(bob.messenger.rejected().get('failed') ?? 0).toBe(0)

    // another start: only the last day is asked for, as nothing shows that it is over
    await world.stop(bob)
    const asked = second.asked
    await world.start(bob)
    second.serve(bob)
    await world.until(() => ends(bob) > 0, 'the end of the second fetch')
    expect(textsHeard(bob)).toEqual([])
    expect(second.asked - asked).toBeLessThanOrEqual(6)
    expect(changesOf(bob.events).at(-1)).toMatchObject({
      type: 'done',
      messages: 0,
      envelopes: expect.any(Number),
    })
  })

  it('what is late says so: a newer message was there before', async () => {
    world = new World(62)
    const server = await mailserver(world)
    const { bob, others } = await friends(['ann'], [server])
    const [ann] = others as [Person]
    await world.stop(bob)
    await ann.messenger.send('#status', 'missed')
    await world.run(HOUR, 1_000)
    await world.start(bob)
    world.join(ann, bob)
    await world.run(1_000)
    await ann.messenger.send('#status', 'live')
    await world.until(() => textsHeard(bob).includes('live'), 'the live one')
    server.serve(bob)
    await world.until(() => ends(bob) > 0, 'the end of the fetch')
    const late = bob.events.flatMap((e) => (e.type === 'message' ? [[e.message.text, e.late]] : []))
    expect(late).toEqual([
      ['live', false],
      ['missed', true],
    ])
    expect((await textsIn(bob, '#status')).slice(-2)).toEqual(['missed', 'live'])
  })
})

describe('what is asked for', () => {
  it('of a chat that is new the last day, of others what is missing; with a time as far back as that', async () => {
    world = new World(63)
    const server = await mailserver(world)
    const { bob, others } = await friends(['ann'], [server])
    const [ann] = others as [Person]
    await ann.messenger.join('#old')
    await ann.messenger.send('#old', 'three days ago')
    await world.run(2.5 * DAY, 60_000)
    await ann.messenger.send('#old', 'twelve hours ago')
    await world.run(DAY / 2, 60_000)
    server.serve(bob)
    await world.until(() => ends(bob) === 1, 'the first fetch')
    await bob.messenger.join('#old')
    await world.until(() => ends(bob) === 2, 'the fetch after joining')
    expect(await textsIn(bob, '#old')).toEqual(['twelve hours ago'])

    const sinceUnixSeconds = Math.floor((world.clock.wallMs() - 4 * DAY) / 1_000)
    const result = await world.whileRunning(bob.messenger.mail.fetch({ chats: ['#old'], sinceUnixSeconds }))
    expect(result).toMatchObject({ isComplete: true, messages: 1, missing: [] })
    expect(await textsIn(bob, '#old')).toEqual(['three days ago', 'twelve hours ago'])
    await expect(bob.messenger.mail.fetch({ chats: ['#elsewhere'] })).rejects.toMatchObject({
      code: 'not-joined',
    })
  })

  it('again what was counted while the clock was hours ahead', async () => {
    world = new World(71)
    const server = await mailserver(world)
    const { bob, others } = await friends(['ann'], [server])
    const [ann] = others as [Person]
    await world.stop(bob)
    for (const text of ['one', 'two']) {
      await ann.messenger.send('#status', text)
      await world.run(2 * HOUR, 10_000)
      world.clock.shiftWall(7 * HOUR)
      await world.start(bob)
      server.serve(bob)
      await world.until(() => ends(bob) > 0, 'the end of the fetch')
      await world.stop(bob)
      world.clock.shiftWall(-7 * HOUR)
    }
    await world.start(bob)
    expect((await textsIn(bob, '#status')).slice(-2)).toEqual(['one', 'two'])
  })

  for (const hours of [-20, -1, 1, 20])
    it(`up to now though the clock is off by ${hours} h, and what follows once it is right`, async () => {
      world = new World(72)
      const server = await mailserver(world)
      const { bob, others } = await friends(['ann'], [server])
      const [ann] = others as [Person]
      const fetched = async (): Promise<readonly string[]> => {
        await world.start(bob)
        server.serve(bob)
        await world.until(() => ends(bob) > 0, 'the end of the fetch')
        await world.run(1_000)
        return textsHeard(bob)
      }
      await world.stop(bob)
      await ann.messenger.send('#status', 'long ago')
      await world.run(30 * HOUR, 60_000)
      await ann.messenger.send('#status', 'open')
      await ann.messenger.send(bob.id, 'private')
      await world.run(10 * 60_000, 1_000)
      bob.skewMs = hours * HOUR
      expect((await fetched()).toSorted()).toEqual(['long ago', 'open', 'private'])
      expect(changesOf(bob.events).at(-1)).toMatchObject({ type: 'done', messages: 3 })
      await world.stop(bob)
      await ann.messenger.send('#status', 'later')
      await world.run(10 * 60_000, 1_000)
      bob.skewMs = 0
      expect(await fetched()).toEqual(['later'])
      const times = (await bob.messenger.messages('#status')).map(({ clock }) => Number(clock))
      expect(times).toEqual(times.toSorted((a, b) => a - b))
      await world.stop(bob)
      await world.run(25 * HOUR, 60_000)
      const before = server.asked
      await fetched()
      expect(changesOf(bob.events).at(-1), 'of the day that is over').toMatchObject({
        type: 'done',
        messages: 0,
      })
      expect(server.asked - before).toBeLessThanOrEqual(6)
    })

  it('again every hour, since the network may not bring everything', async () => {
    world = new World(64)
    const server = await mailserver(world)
    const { bob, others } = await friends(['ann'], [server])
    const [ann] = others as [Person]
    // from the mailserver only answers come through
    server.serve(
      bob,
      through(({ from, code }) => from === 'b' || code !== packetCodes.messages),
    )
    await world.until(() => ends(bob) === 1, 'the first fetch')
    await world.stop(bob)
    await world.start(bob)
    server.serve(
      bob,
      through(({ from, code }) => from === 'b' || code !== packetCodes.messages),
    )
    await world.until(() => ends(bob) === 1, 'the first fetch')
    await ann.messenger.send('#status', 'not heard')
    await world.run(10 * 60_000, 1_000)
    expect(textsHeard(bob)).toEqual([])
    await world.run(HOUR, 10_000)
    expect(textsHeard(bob)).toEqual(['not heard'])
  })

  it('nothing by itself if it is told so', async () => {
    world = new World(65)
    const server = await mailserver(world)
    const bob = await world.person('bob', { mail: { automatic: false } })
    expect(await bob.messenger.mail.fetch()).toMatchObject({ isComplete: false })
    server.serve(bob)
    await world.run(10_000)
    expect(server.asked).toBe(0)
    expect(bob.messenger.mail.servers()).toHaveLength(1)
    expect(await world.whileRunning(bob.messenger.mail.fetch())).toMatchObject({ isComplete: true })
    expect(server.asked).toBeGreaterThan(0)
  })
})

describe('what we say', () => {
  it('is archived when a mailserver of ours confirms it: in public and in private, after it is relayed', async () => {
    world = new World(70)
    const server = await mailserver(world)
    const [ann, bob] = [await world.person('ann'), await world.person('bob')]
    for (const person of [ann, bob]) await person.messenger.join('#status')
    world.join(ann, bob)
    server.serve(ann)
    await world.until(() => ends(ann) === 1, 'the mailserver is there')
    const open = await ann.messenger.send('#status', 'to all')
    const secret = await ann.messenger.send(
      to0xHex(quickCrypto.publicKey(world.random.bytes(32))),
      'to who is away',
    )
    for (const { id } of [open, secret]) {
      await world.until(() => statesOf(ann, id).includes('archived'), 'archived')
      expect(statesOf(ann, id)).toEqual(['queued', 'sent', 'relayed', 'archived'])
    }
    const said = await bob.messenger.send('#status', 'without a mailserver')
    await world.run(30_000, 500)
    expect(statesOf(bob, said.id)).toEqual(['queued', 'sent', 'relayed'])
  })
})

describe('a break', () => {
  it('costs nothing: after it the rest comes, whatever was stored by then', async () => {
    world = new World(66)
    const server = await mailserver(world)
    const { bob, others } = await friends(['ann'], [server])
    const [ann] = others as [Person]
    await world.stop(bob)
    const texts: string[] = []
    for (let i = 0; i < 36; i++) {
      texts.push(`message ${i}`)
      await ann.messenger.send(i % 3 ? '#status' : bob.id, `message ${i}`)
      await world.run(1_000, 250)
    }
    await world.run(HOUR, 1_000)
    let heard: string[] = []
    for (let life = 1; life <= 6; life++) {
      await world.start(bob, { mail: { pageSize: 5 } })
      let packets = 0
      const link = server.serve(
        bob,
        through(({ from, code }) => {
          if (from === 'a' && code === packetCodes.direct && life < 6 && ++packets > life) link.close(1)
          return packets <= life
        }),
      )
      await world.until(() => ends(bob) > 0 || packets > life, 'a break, or the end')
      if (life === 6) break
      await world.run(500 + life * 7)
      heard = [...heard, ...textsHeard(bob)]
      if (life % 2) world.kill(bob)
      else await world.stop(bob)
    }
    heard = [...heard, ...textsHeard(bob)]
    const stored = [...(await textsIn(bob, '#status')), ...(await textsIn(bob, ann.id)).slice(1)]
    expect(stored.sort()).toEqual([...texts].sort())
    expect(changesOf(bob.events).at(-1)).toMatchObject({ type: 'done' })
    expect(heard.length).toBe(new Set(heard).size)
  })

  it('of the store in the middle of a page is made good', async () => {
    world = new World(67)
    const server = await mailserver(world)
    const { bob, others } = await friends(['ann'], [server])
    const [ann] = others as [Person]
    await world.stop(bob)
    for (let i = 0; i < 30; i++) await ann.messenger.send('#status', `message ${i}`)
    await world.run(HOUR, 1_000)
    let commits = 0
    await world.start(bob, {
      seenStorage: (storage) => ({
        ...{ get: storage.get.bind(storage), range: storage.range.bind(storage) },
        async commit(changes) {
          if (++commits % 3 === 0) throw new Error('the disk is full')
          return storage.commit(changes)
        },
      }),
    })
    server.serve(bob)
    await world.until(() => changesOf(bob.events).some(({ type }) => type === 'done'), 'the end')
    expect(await textsIn(bob, '#status')).toHaveLength(30)
    expect(textsHeard(bob).length).toBe(30)
  })
})

describe('a mailserver that is not honest', () => {
  /** Bob missed one message; the mailserver does `evil` to what it sends. */
  async function visited(evil: (packet: PacketInTransit) => boolean, asked?: string) {
    world = new World(68)
    const server = await mailserver(world)
    const { bob, others } = await friends(['ann'], [server])
    const [ann] = others as [Person]
    await world.stop(bob)
    await ann.messenger.send('#status', 'missed')
    await world.run(HOUR, 1_000)
    await world.start(bob, { mail: { timeoutMs: 5_000 } })
    server.serve(bob, through(evil))
    if (asked) await world.until(() => ends(bob) > 0, asked, 600_000)
    return { bob, ann, server }
  }

  it('who is silent: it is said, and asked again until somebody answers', async () => {
    const { bob } = await visited(
      ({ from, code }) => from === 'b' || code < packetCodes.syncRequest,
      'the end',
    )
    expect(changesOf(bob.events)).toContainEqual(
      expect.objectContaining({ type: 'server-failed', reason: 'no answer in time' }),
    )
    const failed = changesOf(bob.events).at(-1)
    expect(failed).toMatchObject({ type: 'failed', reason: 'no answer in time', messages: 0 })
    if (failed?.type === 'failed') expect(failed.missing.length).toBeGreaterThan(0)
    const honest = await mailserver(world)
    expect(honest).toBeDefined()
  })

  it('who says nothing was there, with an honest one beside and two to be asked: all comes', async () => {
    world = new World(69)
    const [honest, empty] = [await mailserver(world), await mailserver(world)]
    const { bob, others } = await friends(['ann'], [honest])
    const [ann] = others as [Person]
    await world.stop(bob)
    await ann.messenger.send('#status', 'missed')
    await world.run(HOUR, 1_000)
    await world.start(bob, { mail: { copies: 2 } })
    empty.serve(bob)
    honest.serve(bob)
    await world.until(() => ends(bob) > 0, 'the end')
    expect(textsHeard(bob)).toEqual(['missed'])
  })

  it('what nobody asked for is dropped and counted, however much it is', async () => {
    const { bob, ann, server } = await visited(() => true, 'the end')
    expect(textsHeard(bob)).toEqual(['missed'])
    const chat = parseChat('#status')
    expect(chat.kind).toBe('public')
    const stored: Uint8Array[] = []
    const all = { fromUnixSeconds: 0, toUnixSeconds: 0xffff_ffff, limit: 1_000 }
    for await (const envelope of server.archive.query(
      { ...all, match: { bloom: new Uint8Array(64).fill(255) as never } },
      new AbortController().signal,
    ))
      stored.push(envelope.rlp)
    const before = bob.messenger.rejected().get('unasked') ?? 0
    const requests = server.asked
    const [peer] = server.whisper.peers().slice(-1)
    const envelopes = stored.map((rlp) => ({ rlp }))
    for (let i = 0; i < 20; i++) await peer?.send(packetCodes.direct, encodeDirect(envelopes as never))
    await world.run(2_000)
    expect((bob.messenger.rejected().get('unasked') ?? 0) - before).toBe(20 * stored.length)
    expect(server.asked).toBe(requests)
    expect(textsHeard(bob)).toEqual(['missed'])
    expect(ann.isUp).toBe(true)
  })
})
