/** Requests, answers, profiles, blocking: people with real messengers. docs/contacts.md has the rules. */
import { toHex } from '@status-protocol/bytes'
import {
  ASK_AGAIN_AFTER_MS,
  CONTACT_UPDATE_EVERY_MS,
  type ContactChange,
  MAX_ASKED_AGAIN,
  type Message,
  parseChat,
} from '@status-protocol/messenger'
import { partitionedDiscovery } from '@status-protocol/whisper'
import { afterEach, describe, expect, it } from 'vitest'
import { deliverMessage } from '../../src/outbound.ts'
import { changeMessage } from '../../src/tables.ts'
import { SMALL_PNG, say } from '../support/saying.ts'
import { type Person, quickCrypto, statesOf, textsHeard, World } from '../support/world.ts'

let world: World
afterEach(async () => {
  await world.close()
  expect(world.keysUsedTwice).toEqual([])
})

async function two(seed: number): Promise<{ alice: Person; bob: Person }> {
  world = new World(seed)
  const [alice, bob] = [await world.person('alice'), await world.person('bob')]
  world.join(alice, bob)
  await world.run(200)
  return { alice, bob }
}

const changesOf = ({ events }: Person): ContactChange[] =>
  events.flatMap((event) => (event.type === 'contact' ? [event.change] : []))
const statesSeen = (person: Person): string[] =>
  changesOf(person).flatMap((change) => (change.kind === 'state' ? [`${change.state} by ${change.by}`] : []))
const keyOf = (person: Person) => person.messenger.publicKey
const stateOf = async ({ messenger }: Person, other: Person) =>
  [
    ...(await messenger.contacts()),
    ...(await messenger.contactRequests()),
    ...(await messenger.blocked()),
  ].find(({ publicKey }) => toHex(publicKey) === toHex(keyOf(other)))?.state

async function befriended(seed: number): Promise<{ alice: Person; bob: Person }> {
  const { alice, bob } = await two(seed)
  await alice.messenger.requestContact(keyOf(bob))
  await world.until(async () => (await bob.messenger.contactRequests()).length === 1, 'the request')
  await bob.messenger.acceptContact(keyOf(alice))
  await world.until(async () => (await stateOf(alice, bob)) === 'mutual', 'the answer')
  return { alice, bob }
}

describe('a request', () => {
  it('is seen, accepted, and the answer is seen; both are told in events', async () => {
    const { alice, bob } = await two(301)
    await alice.messenger.setProfile({ name: 'Alice A.', picture: SMALL_PNG })
    await alice.messenger.requestContact(keyOf(bob), 'Bob from work')
    expect(await stateOf(alice, bob)).toBe('sent')
    await world.until(async () => (await bob.messenger.contactRequests()).length === 1, 'the request')
    const [request] = await bob.messenger.contactRequests()
    expect(request).toMatchObject({ state: 'received', profile: { name: 'Alice A.' } })
    expect(request?.profile?.picture).toEqual({ type: 'image/png', bytes: SMALL_PNG })
    expect(await bob.messenger.contacts(), 'nobody is a contact by their own wish').toEqual([])

    await bob.messenger.setProfile({ name: 'Robert' })
    await bob.messenger.acceptContact(keyOf(alice), 'Ally')
    await world.until(async () => (await stateOf(alice, bob)) === 'mutual', 'the answer')
    expect(statesSeen(alice)).toEqual(['sent by us', 'mutual by them'])
    expect(statesSeen(bob)).toEqual(['received by them', 'mutual by us'])
    const [contact] = await alice.messenger.contacts()
    expect(contact).toMatchObject({ name: 'Bob from work', profile: { name: 'Robert' }, state: 'mutual' })
    expect(await bob.messenger.contacts()).toMatchObject([{ name: 'Ally', profile: { name: 'Alice A.' } }])
    for (const { messenger } of [alice, bob]) expect(messenger.rejected()).toEqual(new Map())
  })

  it('of both at once is an agreement', async () => {
    const { alice, bob } = await two(302)
    await alice.messenger.requestContact(keyOf(bob))
    await bob.messenger.requestContact(keyOf(alice))
    await world.until(
      async () => (await stateOf(alice, bob)) === 'mutual' && (await stateOf(bob, alice)) === 'mutual',
      'both',
    )
  })

  it('that was declined can be made again after a week, three times, and never fills the events', async () => {
    const { alice, bob } = await two(303)
    const ask = async () => {
      await alice.messenger.requestContact(keyOf(bob))
      await world.run(1_000)
    }
    await ask()
    await bob.messenger.dismissContact(keyOf(alice))
    for (let i = 0; i < 5; i++) await ask()
    expect(await bob.messenger.contactRequests()).toEqual([])
    expect(bob.messenger.rejected().get('asked-too-often')).toBe(5)
    for (let time = 0; time < MAX_ASKED_AGAIN; time++) {
      await world.clock.advance(ASK_AGAIN_AFTER_MS)
      await ask()
      expect(await bob.messenger.contactRequests(), `time ${time}`).toHaveLength(1)
      await bob.messenger.dismissContact(keyOf(alice))
    }
    await world.clock.advance(ASK_AGAIN_AFTER_MS)
    await ask()
    expect(await bob.messenger.contactRequests()).toEqual([])
    expect(statesSeen(bob)).toEqual(
      Array.from({ length: MAX_ASKED_AGAIN + 1 }, () => ['received by them', 'dismissed by us']).flat(),
    )
    await bob.messenger.requestContact(keyOf(alice))
    expect(await stateOf(bob, alice), 'it is ours to ask them').toBe('mutual')
  })

  it('lasts over a restart, and what nobody asked cannot be answered', async () => {
    const { alice, bob } = await two(304)
    await expect(bob.messenger.acceptContact(keyOf(alice))).rejects.toMatchObject({ code: 'no-such-request' })
    await expect(bob.messenger.dismissContact(keyOf(alice))).rejects.toMatchObject({
      code: 'no-such-request',
    })
    await expect(bob.messenger.unblock(keyOf(alice))).rejects.toMatchObject({ code: 'no-such-contact' })
    await expect(bob.messenger.requestContact(keyOf(bob))).rejects.toMatchObject({ code: 'invalid-chat' })
    await alice.messenger.requestContact(keyOf(bob))
    await world.until(async () => (await bob.messenger.contactRequests()).length === 1, 'the request')
    await world.stop(bob)
    await world.start(bob)
    world.join(alice, bob)
    expect(await bob.messenger.contactRequests()).toHaveLength(1)
    await bob.messenger.acceptContact(keyOf(alice))
    await world.until(async () => (await stateOf(alice, bob)) === 'mutual', 'the answer')
  })
})

describe('a profile', () => {
  it('reaches contacts when it changes, and every 48 h; news are told once', async () => {
    const { alice, bob } = await befriended(305)
    const profiles = () => changesOf(bob).filter(({ kind }) => kind === 'profile')
    await alice.messenger.setProfile({ name: 'Alice', picture: SMALL_PNG })
    await world.until(() => profiles().length === 1, 'the profile')
    expect(profiles()).toEqual([{ kind: 'profile', name: 'Alice', hasPicture: true }])
    await world.run(30_000, 200)
    const before = alice.posts.length
    await world.clock.advance(CONTACT_UPDATE_EVERY_MS)
    await world.run(5_000)
    expect(alice.posts.length, 'told again').toBeGreaterThan(before)
    expect(profiles(), 'nothing new in it').toHaveLength(1)
    await alice.messenger.setProfile({})
    await world.until(() => profiles().length === 2, 'the empty one')
    expect(profiles()[1]).toEqual({ kind: 'profile', hasPicture: false })
    expect(await alice.messenger.profile()).toEqual({})
  })

  it('has limits', async () => {
    const { alice } = await two(306)
    const bad = [
      { name: 'x'.repeat(257) },
      { name: 'two\nlines' },
      { name: 'evil\u202egnp' },
      { picture: new Uint8Array(10) },
      { picture: new Uint8Array([...SMALL_PNG, ...new Uint8Array(100_000)]) },
    ]
    for (const profile of bad)
      await expect(alice.messenger.setProfile(profile)).rejects.toMatchObject({ code: 'invalid-profile' })
    expect(await alice.messenger.profile()).toEqual({})
  })
})

describe('a contact update', () => {
  const update = (clock: number, ensName = '', profileImage = '') =>
    ({ type: 'contact-update', clock: BigInt(clock), ensName, profileImage }) as const

  it('with a lower clock is discarded; one from the future is as if it were from now', async () => {
    const { alice, bob } = await befriended(307)
    const now = world.clock.wallMs()
    await say(world, alice, bob, update(now + 100, 'new'))
    await say(world, alice, bob, update(now + 50, 'old'))
    await say(world, alice, bob, update(now + 100, 'same'))
    await say(world, alice, bob, update(now + 10_000_000, 'future'))
    await say(world, alice, bob, update(0, 'never'))
    expect((await bob.messenger.contacts())[0]?.profile).toEqual({ name: 'future' })
    await say(world, alice, bob, update(world.clock.wallMs(), 'newest'))
    expect((await bob.messenger.contacts())[0]?.profile).toEqual({ name: 'newest' })
    expect(Object.fromEntries(bob.messenger.rejected())).toEqual({ outdated: 2, 'clock-zero': 1 })
  })

  it('keeps no picture that is none, nor one that is too large, and no endless name', async () => {
    const { alice, bob } = await befriended(308)
    const pictures = [
      'data:,',
      'data:text/html;base64,PHNjcmlwdD4=',
      'data:image/svg+xml;base64,PHN2Zz4=',
      'data:image/png;base64,AAAA',
      'data:image/png;base64,iVBORw0KGgo=x',
      'https://example.org/me.png',
      `data:image/png;base64,iVBORw0KGgo${'A'.repeat(140_000)}`,
    ]
    for (const [i, picture] of pictures.entries()) {
      await say(world, alice, bob, update(world.clock.wallMs() + i, `n${i}`, picture))
      expect((await bob.messenger.contacts())[0]?.profile, picture.slice(0, 40)).toEqual({ name: `n${i}` })
    }
    await say(world, alice, bob, update(world.clock.wallMs() + 100, 'x'.repeat(300)))
    expect(bob.messenger.rejected().get('profile-unfit')).toBe(1)
  })

  it('of Alice that Eve sends on is no word of either', async () => {
    const { alice, bob } = await two(309)
    const eve = await world.person('eve')
    world.join(eve, bob)
    await alice.messenger.requestContact(keyOf(bob))
    await world.run(500)
    await say(world, eve, bob, update(world.clock.wallMs(), 'as if from alice'), alice)
    expect(bob.messenger.rejected().get('author-mismatch')).toBe(1)
    const posts = [...alice.posts]
    const { topic } = partitionedDiscovery(keyOf(bob), { crypto: quickCrypto })
    for (const { payload } of posts)
      await eve.whisper.service.post({
        to: { publicKey: keyOf(bob) },
        topic,
        payload,
        signer: await eve.whisper.service.addKeyPair(eve.account.chatKey.privateKey),
      })
    await world.run(1_000)
    expect((await bob.messenger.contactRequests()).map(({ publicKey }) => toHex(publicKey))).toEqual([
      toHex(keyOf(alice)),
    ])
  })
})

describe('a blocked person', () => {
  it('is not read by any layer, acknowledged or told of, in private', async () => {
    const { alice, bob } = await befriended(310)
    const before = await bob.messenger.send(alice.id, 'before')
    await world.until(() => statesOf(bob, before.id).includes('delivered'), 'delivered')
    await alice.messenger.block(keyOf(bob))
    await world.run(2_000)
    const seen = alice.events.length
    const encrypted = alice.trace.length
    const said = await bob.messenger.send(alice.id, 'do you hear me?')
    await bob.messenger.send(alice.id, 'as dh', { security: 'dh' })
    await bob.messenger.send(alice.id, 'as whisper', { security: 'whisper' })
    await bob.messenger.setProfile({ name: 'Nice Bob' })
    await world.run(10_000)
    expect(textsHeard(alice)).toEqual(['before'])
    expect(alice.events.length).toBe(seen)
    expect(statesOf(bob, said.id)).not.toContain('delivered')
    expect(
      alice.trace.slice(encrypted).filter(({ type }) => type === 'received' || type === 'encrypted'),
    ).toEqual([])
    expect(alice.messenger.rejected().get('blocked'), 'on the partitioned topic').toBeGreaterThan(0)
    expect(await alice.messenger.contacts()).toEqual([])
    expect(await alice.messenger.blocked()).toMatchObject([{ state: 'blocked' }])
    await alice.messenger.addContact(keyOf(bob), 'Not Bob')
    expect(await alice.messenger.blocked(), 'by the name that was given').toMatchObject([{ name: 'Not Bob' }])
    expect(await alice.messenger.contacts()).toEqual([])
    await expect(alice.messenger.send(bob.id, 'hm')).rejects.toMatchObject({ code: 'blocked' })
    await expect(alice.messenger.requestContact(keyOf(bob))).rejects.toMatchObject({ code: 'blocked' })

    await world.stop(alice)
    await world.start(alice)
    world.join(alice, bob)
    await bob.messenger.send(alice.id, 'and now?')
    await world.run(5_000)
    expect(textsHeard(alice), 'after a restart').toEqual([])
    await alice.messenger.unblock(keyOf(bob))
    expect(await alice.messenger.blocked()).toEqual([])
    await bob.messenger.send(alice.id, 'at last')
    await world.until(() => textsHeard(alice).includes('at last'), 'heard again')
    expect(alice.events.filter(({ type }) => type === 'undecryptable')).toEqual([])
  })

  it('gets nothing of what waited for them, in none of the modes, also after a restart', async () => {
    const { alice, bob } = await befriended(311)
    await world.stop(bob)
    await world.run(1_000)
    alice.messenger.setOnline(false)
    const said = [
      await alice.messenger.send(bob.id, 'through data sync'),
      await alice.messenger.send(bob.id, 'without', { security: 'whisper' }),
    ]
    await alice.messenger.block(keyOf(bob))
    await world.start(bob)
    world.join(alice, bob)
    const posted = alice.posts.length
    alice.messenger.setOnline(true)
    await world.run(60_000)
    await world.stop(alice)
    await world.start(alice)
    world.join(alice, bob)
    await world.run(20 * 3_600_000, 60_000)
    expect(textsHeard(bob)).toEqual([])
    for (const { id } of said)
      expect(await alice.messenger.message(id)).toMatchObject({
        delivery: 'failed',
        deliveryReason: 'blocked',
      })
    // Contact codes, on our own topic, are all that goes out.
    expect(alice.posts.slice(posted).filter(({ to }) => 'publicKey' in to)).toEqual([])
  })

  it('ends what is in flight to them as failed, deniable or not, with the reason in event and message, which an acknowledgement takes back', async () => {
    const { alice, bob } = await befriended(312)
    for (const text of ['hello', 'how are you?']) {
      await alice.messenger.send(bob.id, text)
      await bob.messenger.send(alice.id, `${text} yourself`)
      await world.run(2_000)
    }
    await world.stop(bob)
    const signed = await alice.messenger.send(bob.id, 'signed')
    await alice.messenger.setDeniable(bob.id, true)
    const deniable = await alice.messenger.send(bob.id, 'between us')
    await world.run(2_000)
    await alice.messenger.block(keyOf(bob))
    await world.run(200)
    for (const { id } of [signed, deniable]) {
      expect(await alice.messenger.message(id)).toMatchObject({
        delivery: 'failed',
        deliveryReason: 'blocked',
      })
      const told = alice.events.findLast((event) => event.type === 'delivery' && event.messageId === id)
      expect(told).toMatchObject({ state: 'failed', reason: 'blocked', to: keyOf(bob) })
    }
    const [stored] = (await alice.messenger.messages(bob.id)).filter(({ id }) => id === signed.id)
    expect(deliverMessage(stored as Message, parseChat(bob.id), 'his phone').changes).toEqual([
      changeMessage({ ...signed, security: 'ratchet', delivery: 'delivered', deliveredTo: ['his phone'] }),
    ])
  })

  it('is not shown in public chats, and is again after an unblock', async () => {
    const { alice, bob } = await two(311)
    for (const { messenger } of [alice, bob]) await messenger.join('#status')
    await world.run(200)
    await bob.messenger.send('#status', 'first')
    await world.until(() => textsHeard(alice).includes('first'), 'heard')
    await alice.messenger.send('#status', 'mine')
    await alice.messenger.block(keyOf(bob))
    await bob.messenger.send('#status', 'second')
    await world.run(2_000)
    const texts = async (limit = 50) =>
      (await alice.messenger.messages('#status', { limit })).map(({ text }) => text)
    expect(await texts()).toEqual(['mine'])
    expect(alice.messenger.rejected().get('blocked')).toBeGreaterThan(0)
    for (let i = 0; i < 3; i++) await alice.messenger.send('#status', `n${i}`)
    expect(await texts(4), 'pages are full').toEqual(['mine', 'n0', 'n1', 'n2'])
    await alice.messenger.unblock(keyOf(bob))
    expect(await texts()).toEqual(['first', 'mine', 'n0', 'n1', 'n2'])
  })
})

describe('contacts only', () => {
  it('hears contacts and whom we wrote to; of others it keeps that they asked', async () => {
    world = new World(312)
    const [alice, bob, carol, dan] = [
      await world.person('alice'),
      await world.person('bob'),
      await world.person('carol'),
      await world.person('dan'),
    ]
    for (const other of [bob, carol, dan]) world.join(alice, other)
    await world.run(200)
    await alice.messenger.addContact(keyOf(bob), 'Bob')
    await alice.messenger.send(dan.id, 'hello dan')
    await alice.messenger.setContactsOnly(true)
    await bob.messenger.send(alice.id, 'from bob')
    await dan.messenger.send(alice.id, 'from dan')
    for (let i = 0; i < 3; i++) await carol.messenger.send(alice.id, `from carol ${i}`)
    await world.until(() => alice.messenger.rejected().get('not-a-contact') === 3, 'carol is turned away')
    expect(textsHeard(alice).sort()).toEqual(['from bob', 'from dan'])
    expect((await alice.messenger.contactRequests()).map(({ publicKey }) => toHex(publicKey))).toEqual([
      toHex(keyOf(carol)),
    ])
    expect(statesSeen(alice), 'one event').toEqual(['received by them'])
    expect(await alice.messenger.messages(carol.id)).toEqual([])
    expect((await alice.messenger.chats()).map(({ id }) => id as string)).not.toContain(carol.id)
    await alice.messenger.acceptContact(keyOf(carol))
    await carol.messenger.send(alice.id, 'thanks')
    await world.until(() => textsHeard(alice).includes('thanks'), 'heard now')
    expect(await alice.messenger.isContactsOnly()).toBe(true)
    await alice.messenger.setContactsOnly(false)
    expect(await alice.messenger.isContactsOnly()).toBe(false)
  })
})
