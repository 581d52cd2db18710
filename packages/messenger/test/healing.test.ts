/** "Cannot decrypt" heals by itself: who cannot read says so with their keys, and who gets no answer asks for one. */
import { decodeProtocolMessage, encodeProtocolMessage } from '@status-protocol/double-ratchet'
import { seededRandom } from '@status-protocol/testkit'
import { partitionedDiscovery, type WhisperService } from '@status-protocol/whisper'
import { afterEach, describe, expect, it } from 'vitest'
import { ANSWERS_TO_STRANGERS } from '../src/sessions.ts'
import { type Person, quickCrypto, statesOf, textsHeard, World } from './support/world.ts'

let world: World
afterEach(async () => {
  await world.close()
  expect(world.keysUsedTwice, 'message keys used for two ciphertexts').toEqual([])
})

const delivered = (from: Person, id: string, limitMs?: number) =>
  world.until(() => statesOf(from, id).includes('delivered'), 'delivered', limitMs)

async function says(from: Person, to: Person, text: string): Promise<void> {
  const { id } = await from.messenger.send(to.id, text)
  await delivered(from, id)
}

/** Both have written on the ratchet. */
async function acquainted(): Promise<[Person, Person]> {
  world = new World(71)
  const [alice, bob] = [await world.person('alice'), await world.person('bob')]
  world.join(alice, bob)
  await world.run(200)
  await says(alice, bob, 'hi')
  await says(bob, alice, 'hi yourself')
  await says(alice, bob, 'how are you?')
  await world.run(30_000) // no envelope of that is around any more
  return [alice, bob]
}

async function lose(person: Person, tables: readonly string[]): Promise<void> {
  await world.stop(person)
  for (const table of tables)
    for await (const [key] of person.storage.range(
      table,
      new Uint8Array(0),
      new Uint8Array(200).fill(255),
      1e6,
    ))
      await person.storage.commit([{ del: [table, key] }])
}

const SESSIONS = ['double-ratchet.installations', 'double-ratchet.peers']
const kindOf = ({ payload }: { readonly payload: Uint8Array }) => {
  const [direct] = decodeProtocolMessage(payload).directMessages
  return direct?.dhHeader ? (direct.payload.length < 40 ? 'answer' : 'dh') : 'ratchet'
}
/** What was sent to the other from then on. */
const kindsSince = (person: Person, since: number) => person.posts.slice(since).map(kindOf)

describe('what cannot be read', () => {
  for (const [what, tables] of [
    ['sessions', SESSIONS],
    ['sessions and pre keys', [...SESSIONS, 'double-ratchet.own']],
  ] as const)
    it(`because ${what} were lost: is answered with keys, and arrives within two round trips`, async () => {
      const [alice, bob] = await acquainted()
      await world.run(3_600_000, 60_000) // a pre key may be renewed early once an hour
      await lose(bob, tables)
      await world.start(bob)
      world.join(alice, bob)
      await world.run(200)
      const [fromAlice, fromBob] = [alice.posts.length, bob.posts.length]
      const { id } = await alice.messenger.send(bob.id, 'can you read this?')
      await delivered(alice, id, 6_000)
      expect(textsHeard(bob)).toEqual(['can you read this?'])
      expect(bob.events.find((e) => e.type === 'undecryptable')).toMatchObject({
        from: alice.messenger.publicKey,
        reason: 'no-session',
        healing: true,
      })
      expect(kindsSince(alice, fromAlice), 'the message, and once more on a new session').toEqual([
        'ratchet',
        'ratchet',
      ])
      expect(kindsSince(bob, fromBob), 'keys, and the acknowledgement').toEqual(['answer', 'ratchet'])
      await says(bob, alice, 'yes')
      expect((await alice.messenger.messages(bob.id)).at(-1)?.security).toBe('ratchet')
    })

  it('because it is for another device: that one answers, and is written to as well, where it knows whom to listen to', async () => {
    const [alice, bob] = await acquainted()
    await world.stop(bob)
    const anew = await world.person('anew', { account: bob.account })
    await anew.messenger.addContact(alice.messenger.publicKey)
    world.join(alice, anew)
    await world.run(200)
    const { id } = await alice.messenger.send(bob.id, 'where are you?')
    await delivered(alice, id, 6_000)
    expect(textsHeard(anew)).toEqual(['where are you?'])
    expect((await alice.messenger.message(id))?.security).toBe('ratchet')
    expect(await alice.messenger.devices.list(bob.messenger.publicKey)).toHaveLength(2)
  })

  it('is answered at most five times, ever longer apart, until the other is heard using the keys', {
    timeout: 30_000,
  }, async () => {
    const [alice, bob] = await acquainted()
    await world.stop(bob)
    // Whatever he answers is lost.
    const lost: Uint8Array[] = []
    const anew = await world.person('anew', {
      account: bob.account,
      service: (service) => ({
        addKeyPair: (key) => service.addKeyPair(key),
        subscribe: (filter) => service.subscribe(filter),
        status: () => service.status(),
        async post({ to, payload }) {
          if ('publicKey' in to) lost.push(payload)
          return new Uint8Array(32) as never
        },
      }),
    })
    world.join(alice, anew)
    await world.run(200)
    for (let i = 0; i < 30; i++) await alice.messenger.send(bob.id, `m${i}`)
    await world.run(3 * 3_600_000, 1_000)
    expect(lost.filter((payload) => kindOf({ payload }) === 'answer')).toHaveLength(5)
  })
})

describe('who does not answer', () => {
  /** As the Go clients: what cannot be read is not answered. */
  const mute = (service: WhisperService): WhisperService => ({
    addKeyPair: (key) => service.addKeyPair(key),
    subscribe: (filter) => service.subscribe(filter),
    status: () => service.status(),
    post: (message) =>
      'publicKey' in message.to && kindOf(message) === 'answer'
        ? Promise.resolve(new Uint8Array(32) as never)
        : service.post(message),
  })

  it('is asked for an acknowledgement as dh after some silence; what was said goes on the ratchet only', async () => {
    const [alice, bob] = await acquainted()
    await world.stop(bob)
    const anew = await world.person('anew', { account: bob.account, service: mute })
    world.join(alice, anew)
    await world.run(200)
    const since = alice.posts.length
    const { id } = await alice.messenger.send(bob.id, 'a secret', { security: 'ratchet' })
    await delivered(alice, id, 60_000)
    expect(textsHeard(anew)).toEqual(['a secret'])
    expect((await anew.messenger.messages(alice.id)).map(({ security }) => security)).toEqual(['ratchet'])
    expect(anew.messenger.rejected().get('unsupported-type'), 'a probe is no message').toBeUndefined()
    expect(kindsSince(alice, since).filter((kind) => kind === 'dh')).toHaveLength(1)
  })

  it('and is not there at all: is asked once for each time that something is sent again, no oftener than each minute', {
    timeout: 60_000,
  }, async () => {
    const [alice, bob] = await acquainted()
    await world.stop(bob)
    const since = alice.posts.length
    for (let i = 0; i < 20; i++) {
      await alice.messenger.send(bob.id, `m${i}`)
      await world.run(3_000)
    }
    await world.run(3_600_000, 5_000)
    const kinds = kindsSince(alice, since)
    const probes = kinds.filter((kind) => kind === 'dh').length
    expect(probes).toBeGreaterThan(5)
    expect(probes).toBeLessThanOrEqual(61)
    expect(probes).toBeLessThan(kinds.length / 2)
  })
})

describe('strangers', () => {
  it('who write what cannot be read are answered, all together only so often; none renews our keys', async () => {
    world = new World(72)
    const [alice, mallory] = [await world.person('alice'), await world.person('mallory')]
    world.join(alice, mallory)
    await world.run(2 * 3_600_000, 60_000)
    await alice.messenger.devices.list()
    const { topic } = partitionedDiscovery(alice.messenger.publicKey, { crypto: quickCrypto })
    const random = seededRandom(73)
    const [own] = await alice.messenger.devices.list()
    const flood = async (count: number) => {
      for (let i = 0; i < count; i++) {
        const message = encodeProtocolMessage({
          installationId: `device ${i}`,
          bundles: [],
          directMessages: [
            {
              installationId: own?.installationId as string,
              ratchetHeader: {
                preKeyId: random.bytes(33),
                key: quickCrypto.compressPublicKey(quickCrypto.publicKey(random.bytes(32))),
                n: 0,
                pn: 0,
              },
              payload: random.bytes(80),
            },
          ],
        } as never)
        await mallory.whisper.service.post({
          to: { publicKey: alice.messenger.publicKey },
          topic,
          payload: message,
          signer: await mallory.whisper.service.addKeyPair(random.bytes(32)),
        })
      }
      await world.run(1_000)
    }
    const answers = () => alice.posts.filter(({ to }) => 'publicKey' in to).length
    await flood(200)
    expect(alice.messenger.rejected().get('undecryptable')).toBe(200)
    expect(answers()).toBeLessThanOrEqual(ANSWERS_TO_STRANGERS.atOnce + 1)
    expect(answers()).toBeGreaterThan(0)
    expect(alice.events.filter((e) => e.type === 'undecryptable')).toEqual([])
    await world.run(60_000, 1_000)
    await flood(50)
    expect(answers()).toBeLessThanOrEqual(ANSWERS_TO_STRANGERS.atOnce + 8)
    const [after] = await alice.messenger.devices.list()
    expect(after?.version).toBe(own?.version)
  })
})
