/** Payloads of 2019, of 0.36.2 and of 2020: each is read, remembered of whom it is, and answered in. */
import { toHex } from '@status-protocol/bytes'
import { decodeProtocolMessage, encodeProtocolMessage } from '@status-protocol/double-ratchet'
import type { ContactChange, Generation } from '@status-protocol/messenger'
import {
  CHAT_MESSAGE_TYPES,
  chatMessage,
  generationOf,
  nextClockMobileV0,
  oneToOneChatId,
  unwrap,
  unwrapV036,
  wrap,
  wrapPayload,
  wrapV036,
} from '@status-protocol/payload'
import { chatMessageToV0, encodeMessageV0, unwrapV0, wrapV0 } from '@status-protocol/payload/v0'
import { partitionedDiscovery, publicChat } from '@status-protocol/whisper'
import { afterEach, describe, expect, it } from 'vitest'
import { openPayload, wrapUpdateIn } from '../src/generations.ts'
import { SMALL_PNG, say } from './support/saying.ts'
import { type Person, quickCrypto, statesOf, textsHeard, World } from './support/world.ts'

let world: World
afterEach(async () => {
  await world.close()
  expect(world.keysUsedTwice).toEqual([])
})
const DISCOVERY = 'f8946aac'
const GENERATIONS: readonly Generation[] = ['v1', 'v0.36', 'v0']

async function two(seed: number): Promise<{ alice: Person; bob: Person }> {
  world = new World(seed)
  const [alice, bob] = [await world.person('alice'), await world.person('bob')]
  world.join(alice, bob)
  await world.run(200)
  return { alice, bob }
}

/** What a client of a generation writes. */
function written(generation: Generation, from: Person, chatId: string, text: string): Uint8Array {
  const nowMs = world.clock.wallMs()
  const message = chatMessage({ chatId, text, clock: nowMs, timestamp: nowMs })
  const identity = from.account.chatKey
  if (generation === 'v0') return wrapV0(chatMessageToV0(message), identity, { crypto: quickCrypto })
  const wrapAs = generation === 'v0.36' ? wrapV036 : wrap
  return wrapAs(message, identity, { crypto: quickCrypto })
}

/** What such a client makes of it; undefined: nothing. */
function readBy(generation: Generation, payload: Uint8Array): string | undefined {
  if (generation === 'v0') {
    const { message } = unwrapV0(payload, { crypto: quickCrypto, dialect: 'go' })
    return message?.type === 'chat' ? message.text : undefined
  }
  const read = generation === 'v0.36' ? unwrapV036 : unwrap
  const { message } = read(payload, { crypto: quickCrypto })
  return message?.type === 'chat' && message.text !== '' ? message.text : undefined
}

const changesOf = ({ events }: Person): ContactChange[] =>
  events.flatMap((event) => (event.type === 'contact' && event.change.kind !== 'state' ? [event.change] : []))
const lastPost = (person: Person): Uint8Array => person.posts.at(-1)?.payload ?? new Uint8Array(0)

describe('the matrix of generations', () => {
  for (const theirs of GENERATIONS)
    it(`who writes ${theirs} is read, answered in ${theirs}, and remembered`, async () => {
      const { alice, bob } = await two(500 + GENERATIONS.indexOf(theirs))
      await bob.messenger.addContact(alice.messenger.publicKey)
      await say(world, alice, bob, written(theirs, alice, oneToOneChatId(bob.messenger.publicKey), 'hello'))
      expect(textsHeard(bob)).toEqual(['hello'])
      const [contact] = await bob.messenger.contacts()
      expect(contact?.generation).toBe(theirs === 'v1' ? undefined : theirs)
      expect(changesOf(bob)).toEqual(theirs === 'v1' ? [] : [{ kind: 'generation', generation: theirs }])

      await world.stop(bob)
      await world.start(bob)
      world.join(alice, bob)
      const said = await bob.messenger.send(alice.id, 'hello back', { security: 'whisper' })
      await world.until(() => statesOf(bob, said.id).includes('relayed'), 'sent')
      for (const reader of GENERATIONS)
        expect(readBy(reader, lastPost(bob)), `${reader} reads it`).toBe(
          reader === theirs ? 'hello back' : undefined,
        )
      expect(generationOf(lastPost(bob))).toBe(theirs)
      expect((await bob.messenger.message(said.id))?.id, 'the same id for both').toBe(said.id)
    })

  it('goes with the last word: an upgrade is noticed, strangers make no events', async () => {
    const { alice, bob } = await two(505)
    const chatId = oneToOneChatId(bob.messenger.publicKey)
    await say(world, alice, bob, written('v0', alice, chatId, 'one'))
    expect(changesOf(bob), 'of a stranger').toEqual([])
    await bob.messenger.addContact(alice.messenger.publicKey)
    expect((await bob.messenger.contacts())[0]?.generation).toBe('v0')
    await say(world, alice, bob, written('v1', alice, chatId, 'two'))
    expect(changesOf(bob)).toEqual([{ kind: 'generation', generation: 'v1' }])
    expect((await bob.messenger.contacts())[0]?.generation).toBeUndefined()
  })

  it('public messages of all are read, that of 0.36.0 in its ProtocolMessage too', async () => {
    const { alice, bob } = await two(506)
    await bob.messenger.join('#status')
    await world.run(200)
    const { topic, symmetricKey } = await publicChat('status', { crypto: quickCrypto })
    const signer = await alice.whisper.service.addKeyPair(alice.account.chatKey.privateKey)
    const post = async (payload: Uint8Array) => {
      await alice.whisper.service.post({ to: { symKey: symmetricKey }, topic, payload, signer })
      await world.run(500)
    }
    for (const generation of GENERATIONS) await post(written(generation, alice, 'status', generation))
    const publicMessage = written('v0', alice, 'status', 'v0 in a ProtocolMessage')
    await post(
      encodeProtocolMessage({ installationId: 'old', bundles: [], directMessages: [], publicMessage }),
    )
    expect(textsHeard(bob)).toEqual([...GENERATIONS, 'v0 in a ProtocolMessage'])
    expect(bob.messenger.rejected()).toEqual(new Map())
    expect(
      (await bob.messenger.messages('#status')).every(({ author }) => toHex(author) === alice.id.slice(2)),
    ).toBe(true)
  })
})

describe('clocks of the mobile client of 2019, in hundredths of milliseconds', () => {
  it('are read as milliseconds, and answered so that they stand in order for both', async () => {
    const { alice, bob } = await two(520)
    await bob.messenger.addContact(alice.messenger.publicKey)
    const chatId = oneToOneChatId(bob.messenger.publicKey)
    let theirLast = 0n
    const sayMobile = async (text: string) => {
      const nowMs = world.clock.wallMs() - 3_000 // behind ours
      theirLast = nextClockMobileV0(theirLast, nowMs)
      const message = chatMessageToV0(chatMessage({ chatId, text, clock: theirLast, timestamp: nowMs }))
      await say(world, alice, bob, wrapV0(message, alice.account.chatKey, { crypto: quickCrypto }))
    }
    const answer = async (text: string): Promise<bigint> => {
      const { id } = await bob.messenger.send(alice.id, text, { security: 'whisper' })
      await world.until(() => statesOf(bob, id).includes('relayed'), 'sent')
      const { message } = unwrapV0(lastPost(bob), { crypto: quickCrypto })
      return message?.type === 'chat' ? message.clock : 0n
    }
    await sayMobile('one')
    const clock = await answer('two')
    expect(clock > theirLast && clock % 100n === 0n, 'after theirs, for them too').toBe(true)
    theirLast = clock
    await sayMobile('three')
    expect(await answer('four')).toBeGreaterThan(theirLast)
    const messages = await bob.messenger.messages(alice.id)
    expect(messages.map(({ text }) => text)).toEqual(['one', 'two', 'three', 'four'])
    const ahead = BigInt(world.clock.wallMs()) + 120_000n
    expect(
      messages.every((message) => message.clock < ahead),
      'in milliseconds',
    ).toBe(true)

    await say(world, alice, bob, written('v0', alice, chatId, 'a Go client, from now on'))
    expect(await answer('in milliseconds')).toBeLessThan(ahead)
    expect(changesOf(bob), 'the generation is told, not how it counts').toHaveLength(1)
  })
})

describe('a legacy chat', () => {
  for (const hearsDiscovery of [true, false])
    it(`its first messages are read once by who ${hearsDiscovery ? 'hears' : 'does not hear'} the discovery topic`, async () => {
      const { alice, bob } = await two(511)
      await alice.messenger.setLegacy(bob.id, true)
      if (hearsDiscovery) await bob.messenger.setLegacy(alice.id, true)
      const [ratchet, whisper] = [
        await alice.messenger.send(bob.id, 'one'),
        await alice.messenger.send(bob.id, 'two', { security: 'whisper' }),
      ]
      await world.until(() => statesOf(alice, ratchet.id).includes('delivered'), 'delivered')
      await world.until(() => statesOf(alice, whisper.id).includes('relayed'), 'relayed')
      await world.run(1_000)
      expect(textsHeard(bob).toSorted()).toEqual(['one', 'two'])
      const topics = alice.posts.map(({ topic }) => toHex(topic))
      const own = toHex(partitionedDiscovery(bob.messenger.publicKey, { crypto: quickCrypto }).topic)
      for (const topic of [DISCOVERY, own]) expect(topics.filter((one) => one === topic)).toHaveLength(2)
    })

  it('a first message that nobody was there to take is delivered after a restart', async () => {
    world = new World(512)
    const [alice, bob] = [await world.person('alice'), await world.person('bob')]
    await alice.messenger.setLegacy(bob.id, true)
    const said = await alice.messenger.send(bob.id, 'later')
    await world.run(500)
    await world.stop(alice)
    await world.start(alice)
    world.join(alice, bob)
    await world.until(() => statesOf(alice, said.id).includes('delivered'), 'delivered')
    expect(textsHeard(bob)).toEqual(['later'])
  })

  it('in private: Transit on the discovery topic, with sessions and acknowledgements, both ways', async () => {
    const { alice, bob } = await two(507)
    await alice.messenger.setLegacy(bob.id, true)
    await bob.messenger.setLegacy(alice.id, true)
    const first = await alice.messenger.send(bob.id, 'is anybody from 2019 here?')
    await world.until(() => statesOf(alice, first.id).includes('delivered'), 'delivered')
    expect(alice.posts.map(({ topic }) => toHex(topic))).toContain(DISCOVERY)
    const answer = await bob.messenger.send(alice.id, 'me')
    await world.until(() => statesOf(bob, answer.id).includes('delivered'), 'delivered')
    expect(textsHeard(alice)).toEqual(['me'])
    expect(alice.events.findLast((e) => e.type === 'message')).toMatchObject({ security: 'ratchet' })
    const image = { kind: 'image', bytes: SMALL_PNG } as const
    await alice.messenger.send(bob.id, 'see', { content: image })
    await world.until(() => textsHeard(bob).includes('see'), 'the text beside it')

    await world.stop(bob)
    await world.start(bob)
    world.join(alice, bob)
    const again = await alice.messenger.send(bob.id, 'once more', { security: 'dh' })
    await world.until(() => statesOf(alice, again.id).includes('delivered'), 'after a restart')
    const requested = await world.whileRunning(alice.messenger.requestContact(bob.messenger.publicKey))
    expect(requested).toBeUndefined()
    await world.until(async () => (await bob.messenger.contactRequests()).length === 1, 'c2 is a request')
  })

  it('in public: as 0.36.0 does, and all of ours read it', async () => {
    const { alice, bob } = await two(508)
    for (const { messenger } of [alice, bob]) await messenger.join('#status')
    await alice.messenger.setLegacy('#status', true)
    await world.run(200)
    const said = await alice.messenger.send('#status', 'in the old way')
    await world.until(() => textsHeard(bob).length === 1, 'heard')
    const { publicMessage, bundles } = decodeProtocolMessage(lastPost(alice))
    expect(bundles).toHaveLength(1)
    expect(readBy('v0', publicMessage ?? new Uint8Array(0))).toBe('in the old way')
    expect((await bob.messenger.message(said.id))?.text).toBe('in the old way')
    expect(said.clock, '0.36.0 was a minute ahead').toBe(BigInt(said.timestampMs) + 60_000n)
    await alice.messenger.setLegacy('#status', false)
    await alice.messenger.send('#status', 'and in the new one')
    await world.until(() => textsHeard(bob).length === 2, 'heard')
    expect(generationOf(lastPost(alice))).toBe('v1')
  })

  it('takes what is signed by its envelope alone; others do not', async () => {
    const { alice, bob } = await two(509)
    const nowMs = world.clock.wallMs()
    const chatId = oneToOneChatId(bob.messenger.publicKey)
    const bare = (text: string) =>
      encodeMessageV0(chatMessageToV0(chatMessage({ chatId, text, clock: nowMs, timestamp: nowMs })))
    await say(world, alice, bob, bare('unsigned'))
    expect(textsHeard(bob)).toEqual([])
    expect(bob.messenger.rejected().get('unsigned-message')).toBe(1)
    await bob.messenger.setLegacy(alice.id, true)
    await say(world, alice, bob, bare('from an old phone'))
    expect(textsHeard(bob)).toEqual(['from an old phone'])
  })

  it('is none of a group or a deniable chat', async () => {
    const { alice, bob } = await two(510)
    await alice.messenger.setDeniable(bob.id, true)
    await expect(alice.messenger.setLegacy(bob.id, true)).rejects.toMatchObject({ code: 'invalid-security' })
    const group = await world.whileRunning(alice.messenger.groups.create('x', []))
    await expect(alice.messenger.setLegacy(group.id, true)).rejects.toMatchObject({ code: 'invalid-chat' })
  })
})

describe('who may say what, in payloads of 2019', () => {
  for (const generation of GENERATIONS)
    it(`${generation}: what Eve sends on of Alice, or says to others, is nobody's word`, async () => {
      const { alice, bob } = await two(520 + GENERATIONS.indexOf(generation))
      const eve = await world.person('eve')
      world.join(eve, bob)
      await bob.messenger.join('#status')
      for (const person of [alice, eve]) {
        await bob.messenger.addContact(person.messenger.publicKey)
        await bob.messenger.setLegacy(person.id, true)
      }
      const toBob = oneToOneChatId(bob.messenger.publicKey)
      await say(world, eve, bob, written(generation, alice, toBob, 'stolen'))
      await say(
        world,
        alice,
        bob,
        written(generation, alice, oneToOneChatId(eve.messenger.publicKey), 'elsewhere'),
      )
      await say(world, alice, bob, written(generation, alice, 'status', 'public in private'))
      const { topic, symmetricKey } = await publicChat('status', { crypto: quickCrypto })
      for (const payload of [
        written(generation, alice, 'status', 'stolen in public'),
        written(generation, eve, toBob, 'private in public'),
      ])
        await eve.whisper.service.post({
          ...{ to: { symKey: symmetricKey }, topic, payload },
          signer: await eve.whisper.service.addKeyPair(eve.account.chatKey.privateKey),
        })
      await world.run(1_000)
      expect(textsHeard(bob)).toEqual([])
      expect(Object.fromEntries(bob.messenger.rejected())).toEqual({ 'author-mismatch': 2, 'wrong-chat': 3 })
      expect(changesOf(bob), 'what she says elsewhere is no word on how to write to her').toEqual([])
    })

  it('a message of v1 without its type, which nobody signs, is not one of 0.36 by another hand', async () => {
    const { alice, bob } = await two(530)
    const eve = await world.person('eve')
    world.join(eve, bob)
    const chatId = oneToOneChatId(bob.messenger.publicKey)
    const { payload } = unwrap(written('v1', alice, chatId, 'x'), { crypto: quickCrypto }) as never as {
      payload: Uint8Array
    }
    await say(world, eve, bob, wrapPayload(payload, 0, alice.account.chatKey, { crypto: quickCrypto }))
    expect(bob.messenger.rejected().get('author-mismatch')).toBe(1)
    await say(world, alice, bob, wrapPayload(payload, 0, alice.account.chatKey, { crypto: quickCrypto }))
    expect(textsHeard(bob), 'one more than what it means: a message of a group').toEqual([])
    expect(CHAT_MESSAGE_TYPES.oneToOne + 1).toBe(CHAT_MESSAGE_TYPES.publicGroup)
  })
})

describe('a contact update', () => {
  it.each(['v0', 'v0.36'] as const)('for %s is Transit in the wrapper that is read there', (generation) => {
    world = new World(550)
    const { chatKey } = { chatKey: { privateKey: world.random.bytes(32) } }
    const update = { type: 'contact-update', clock: 1n, ensName: 'alice', profileImage: '' } as const
    const wrapped = wrapUpdateIn(generation, update, true, { identity: chatKey, crypto: quickCrypto })
    const opened = openPayload(wrapped, { crypto: quickCrypto, sentUnixSeconds: 1 })
    expect(opened).toMatchObject({ generation, message: { type: 'contact-update', ensName: 'alice' } })
    expect(wrapped[0], 'field 1 of 0.36.2, field 4001 of before').toBe(generation === 'v0' ? 0x8a : 0x0a)
  })
})

describe('a person who cannot be understood', () => {
  it('is told of once a day, if we know them', async () => {
    const { alice, bob } = await two(540)
    const riddle = Uint8Array.of(0xff, 0xff, 0xff, 1, 2, 3)
    await say(world, alice, bob, riddle)
    expect(changesOf(bob), 'a stranger').toEqual([])
    await bob.messenger.addContact(alice.messenger.publicKey)
    for (let i = 0; i < 3; i++) await say(world, alice, bob, Uint8Array.of(...riddle, i))
    expect(changesOf(bob)).toEqual([{ kind: 'not-understood' }])
    expect(bob.messenger.rejected().get('not-understood')).toBe(4)
    await world.clock.advance(24 * 3_600_000)
    await say(world, alice, bob, Uint8Array.of(...riddle, 9))
    expect(changesOf(bob)).toHaveLength(2)
  })
})
