/** Security modes of private messages, for a message and for a contact, and what the other side cannot change about them. */
import { decodeProtocolMessage } from '@status-protocol/double-ratchet'
import { openContacts, openHistory, type Security } from '@status-protocol/messenger'
import { partitionedDiscovery } from '@status-protocol/whisper'
import { afterEach, describe, expect, it } from 'vitest'
import { type Person, quickCrypto, statesOf, World } from './support/world.ts'

let world: World
afterEach(async () => {
  await world.close()
  expect(world.keysUsedTwice, 'message keys used for two ciphertexts').toEqual([])
})

const MODES: readonly Security[] = ['whisper', 'dh', 'ratchet']
const code = (wanted: string) => expect.objectContaining({ code: wanted })

async function pair(): Promise<[Person, Person]> {
  world = new World(31)
  const [alice, bob] = [await world.person('alice'), await world.person('bob')]
  world.join(alice, bob)
  await world.run(200)
  return [alice, bob]
}

/** Both have written with forward secrecy. */
async function acquainted(): Promise<[Person, Person]> {
  const [alice, bob] = await pair()
  for (const [from, to] of [
    [alice, bob],
    [bob, alice],
    [alice, bob],
  ] as const) {
    const { id } = await from.messenger.send(to.id, 'hi')
    await world.until(() => statesOf(from, id).includes('delivered'), 'delivered')
  }
  await alice.messenger.addContact(bob.messenger.publicKey, 'Bob')
  return [alice, bob]
}

/** What Bob heard under that id. */
async function heardAs(bob: Person, id: string) {
  const isIt = () => bob.events.find((e) => e.type === 'message' && e.message.id === id)
  await world.until(() => isIt() !== undefined, 'heard')
  const event = isIt()
  if (event?.type !== 'message') throw new Error('no message')
  return { security: event.security, downgraded: event.message.downgraded === true }
}

const last = <T>(list: readonly T[]): T => list.at(-1) as T

describe('for one message', () => {
  for (const security of MODES)
    it(`${security}: goes so, and is told so on both sides`, async () => {
      const [alice, bob] = await acquainted()
      const said = await alice.messenger.send(bob.id, 'as chosen', { security })
      expect(await heardAs(bob, said.id)).toEqual({ security, downgraded: security !== 'ratchet' })
      const end = security === 'whisper' ? 'relayed' : 'delivered'
      await world.until(() => statesOf(alice, said.id).includes(end), end)
      expect((await alice.messenger.message(said.id))?.security).toBe(security)
    })

  it('changes nothing for the next one, nor what the other side sends', async () => {
    const [alice, bob] = await acquainted()
    for (const security of ['dh', 'whisper'] as const) {
      await heardAs(bob, (await alice.messenger.send(bob.id, security, { security })).id)
      const next = await alice.messenger.send(bob.id, 'as always')
      expect(await heardAs(bob, next.id)).toEqual({ security: 'ratchet', downgraded: false })
      const answer = await bob.messenger.send(alice.id, 'answer')
      expect(await heardAs(alice, answer.id)).toEqual({ security: 'ratchet', downgraded: false })
    }
  })

  it('dh is what the Go clients send: one part for any device, a DH header, our bundle, the partitioned topic', async () => {
    const [alice, bob] = await acquainted()
    const before = alice.posts.length
    await heardAs(bob, (await alice.messenger.send(bob.id, 'for any device', { security: 'dh' })).id)
    const posts = alice.posts
      .slice(before)
      .map((post) => ({ post, message: decodeProtocolMessage(post.payload) }))
    const dh = posts.filter(({ message }) => message.directMessages.some((part) => part.dhHeader))
    expect(dh).toHaveLength(1)
    const { post, message } = last(dh)
    expect(
      message.directMessages.map(({ installationId, ratchetHeader }) => [installationId, ratchetHeader]),
    ).toEqual([['none', undefined]])
    expect(message.bundles).toHaveLength(1)
    expect(post.topic).toEqual(partitionedDiscovery(bob.messenger.publicKey, { crypto: quickCrypto }).topic)
  })

  it('of several that leave together each goes as chosen, and acknowledgements with forward secrecy', async () => {
    const [alice, bob] = await acquainted()
    const question = await bob.messenger.send(alice.id, 'how do you write?')
    await world.until(
      () => alice.events.some((e) => e.type === 'message' && e.message.id === question.id),
      'heard',
    )
    const said = await Promise.all(
      (['dh', undefined, 'ratchet', 'dh'] as const).map((security, i) =>
        alice.messenger.send(bob.id, `message ${i}`, security ? { security } : {}),
      ),
    )
    const heard = []
    for (const { id } of said) heard.push((await heardAs(bob, id)).security)
    expect(heard).toEqual(['dh', 'ratchet', 'ratchet', 'dh'])
    for (const { id } of said) await world.until(() => statesOf(alice, id).includes('delivered'), 'delivered')
    await world.until(() => statesOf(bob, question.id).includes('delivered'), 'delivered')
    const sealed = alice.trace.flatMap((step) => (step.type === 'encrypted' ? [step] : []))
    expect(sealed.filter(({ session, acks }) => session === 'dh' && acks > 0)).toEqual([])
  })

  it('is kept over a restart, and over all that data sync sends again', async () => {
    const [alice, bob] = await acquainted()
    await world.stop(bob)
    const said = await alice.messenger.send(bob.id, 'patience', { security: 'dh' })
    await world.run(8_000)
    await world.stop(alice)
    await world.start(alice)
    await world.run(30_000)
    await world.start(bob)
    world.join(alice, bob)
    expect((await heardAs(bob, said.id)).security).toBe('dh')
    const sent = alice.trace.flatMap((s) =>
      s.type === 'encrypted' && s.messageIds.includes(said.id) ? [s.session] : [],
    )
    expect(sent.length).toBeGreaterThan(1)
    expect(new Set(sent)).toEqual(new Set(['dh']))
  })

  it('ratchet is refused while their keys are not known, with nothing stored', async () => {
    const [alice, bob] = await pair()
    const refused = alice.messenger.send(bob.id, 'only with forward secrecy', { security: 'ratchet' })
    await expect(refused).rejects.toThrow(code('no-forward-secrecy'))
    await world.run(2_000)
    expect(await alice.messenger.messages(bob.id)).toEqual([])
    expect(alice.posts).toEqual([])
    await alice.messenger.addContact(bob.messenger.publicKey)
    await world.run(121_000) // his contact code
    const said = await alice.messenger.send(bob.id, 'now', { security: 'ratchet' })
    expect((await heardAs(bob, said.id)).security).toBe('ratchet')
  })

  it('in a public chat there is none to choose', async () => {
    const [alice] = await pair()
    await alice.messenger.join('#status')
    for (const security of ['dh', 'ratchet'] as const)
      await expect(alice.messenger.send('#status', 'x', { security })).rejects.toThrow(
        code('invalid-security'),
      )
    await alice.messenger.send('#status', 'x', { security: 'whisper' })
  })
})

describe('for a contact', () => {
  for (const security of MODES)
    it(`${security}: for all that is written to them, until it is taken back; after restarts as well`, async () => {
      const [alice, bob] = await acquainted()
      await alice.messenger.setSecurity(bob.messenger.publicKey, security)
      const first = await alice.messenger.send(bob.id, 'one')
      expect((await heardAs(bob, first.id)).security).toBe(security)
      await world.stop(alice)
      await world.start(alice)
      world.join(alice, bob)
      expect(await alice.messenger.contacts()).toMatchObject([{ name: 'Bob', security, usesRatchet: true }])
      const second = await alice.messenger.send(bob.id, 'two')
      expect((await heardAs(bob, second.id)).security).toBe(security)
      const own = await alice.messenger.send(bob.id, 'three', { security: 'ratchet' })
      expect((await heardAs(bob, own.id)).security, 'the message chooses for itself').toBe('ratchet')
      await alice.messenger.setSecurity(bob.messenger.publicKey, undefined)
      const last = await alice.messenger.send(bob.id, 'four')
      expect((await heardAs(bob, last.id)).security).toBe('ratchet')
      expect(await alice.messenger.contacts()).not.toHaveProperty('0.security')
    })

  it('nothing that they send changes it', async () => {
    const [alice, bob] = await acquainted()
    for (const chosen of MODES) {
      await alice.messenger.setSecurity(bob.messenger.publicKey, chosen)
      for (const theirs of MODES) {
        await heardAs(alice, (await bob.messenger.send(alice.id, theirs, { security: theirs })).id)
        const said = await alice.messenger.send(bob.id, 'as chosen')
        expect((await heardAs(bob, said.id)).security).toBe(chosen)
      }
    }
  })

  it('a new name keeps the choice; removing the contact forgets it, and keeps what was said', async () => {
    const [alice, bob] = await acquainted()
    const { publicKey } = bob.messenger
    await alice.messenger.setSecurity(publicKey, 'dh')
    await alice.messenger.addContact(publicKey, 'Robert')
    expect(await alice.messenger.contacts()).toMatchObject([{ name: 'Robert', security: 'dh' }])
    const before = await alice.messenger.messages(bob.id)
    expect(await alice.messenger.removeContact(publicKey)).toBe(true)
    expect(await alice.messenger.removeContact(publicKey)).toBe(false)
    expect(await alice.messenger.contacts()).toEqual([])
    expect(await alice.messenger.messages(bob.id)).toEqual(before)
    const said = await alice.messenger.send(bob.id, 'as always')
    expect((await heardAs(bob, said.id)).security).toBe('ratchet')
    await expect(alice.messenger.setSecurity(publicKey, 'dh')).rejects.toThrow(code('no-such-contact'))
  })

  it('can be chosen while the account is not at work', async () => {
    const [alice, bob] = await acquainted()
    await world.stop(alice)
    const contacts = openContacts(alice.storage)
    await contacts.setSecurity(bob.messenger.publicKey, 'dh')
    expect(await openHistory(alice.storage).contacts()).toMatchObject([{ security: 'dh' }])
    expect(await contacts.removeContact(bob.messenger.publicKey)).toBe(true)
    await expect(contacts.setSecurity(bob.messenger.publicKey, 'dh')).rejects.toThrow(code('no-such-contact'))
    await world.start(alice)
  })
})

describe('downgrades', () => {
  it('of a contact are marked after a restart too, and their first words are not', async () => {
    const [alice, bob] = await pair()
    const first = await bob.messenger.send(alice.id, 'first', { security: 'whisper' })
    expect(await heardAs(alice, first.id)).toEqual({ security: 'whisper', downgraded: false })
    const answer = await alice.messenger.send(bob.id, 'answer')
    await world.until(() => statesOf(alice, answer.id).includes('delivered'), 'delivered')
    await heardAs(alice, (await bob.messenger.send(alice.id, 'with forward secrecy')).id)
    await world.stop(alice)
    await world.start(alice)
    world.join(alice, bob)
    for (const security of ['dh', 'whisper'] as const) {
      const weak = await bob.messenger.send(alice.id, security, { security })
      expect(await heardAs(alice, weak.id)).toEqual({ security, downgraded: true })
      expect((await alice.messenger.message(weak.id))?.downgraded).toBe(true)
    }
  })

  it('of somebody who writes everything with dh: once they have acknowledged with forward secrecy', async () => {
    world = new World(32)
    const [alice, bob] = [await world.person('alice', { security: 'dh' }), await world.person('bob')]
    world.join(alice, bob)
    await world.run(200)
    for (let i = 0; i < 3; i++) {
      const said = await alice.messenger.send(bob.id, `dh ${i}`)
      expect(await heardAs(bob, said.id)).toEqual({ security: 'dh', downgraded: i > 0 })
      const answer = await bob.messenger.send(alice.id, `answer ${i}`)
      expect((await heardAs(alice, answer.id)).security).toBe('ratchet')
      await world.until(() => statesOf(bob, answer.id).includes('delivered'), 'acknowledged')
    }
  })
})
