/**
 * Private payloads of 0 bytes to 1 MiB that nobody should send: no throw, a number for each, and nothing else changes but that
 * what looked like a message is not looked into again, and told if it is of somebody we know.
 */
import { concat } from '@status-protocol/bytes'
import { INSTALLATIONS_TABLE } from '@status-protocol/double-ratchet'
import { mutate, type SeededRandom, seededRandom } from '@status-protocol/testkit'
import { negotiatedChat, partitionedDiscovery, type Topic } from '@status-protocol/whisper'
import { afterEach, describe, expect, it } from 'vitest'
import { contentsOf } from './support/contents.ts'
import { type Feeding, feeding } from './support/feeding.ts'
import { type Person, quickCrypto, statesOf, textsHeard, World } from './support/world.ts'

const MIB = 1_048_576
const SIZES = [0, 1, 2, 3, 31, 32, 33, 255, 256, 4_096, 65_535, 65_536, MIB - 1, MIB]
const MUTATIONS = Math.ceil(Number(process.env.FUZZ_COUNT ?? 10_000) / 20)

let world: World
afterEach(() => world.close())

interface Scene {
  readonly alice: Person
  readonly bob: Person
  readonly fed: Feeding
  /** By name: how a payload may reach Bob in private. */
  readonly ways: readonly { readonly name: string; give(payload: Uint8Array): void }[]
}

/** Alice and Bob have a session, and write deniably; Eve is a stranger. */
async function scene(): Promise<Scene> {
  world = new World(101)
  const fed = feeding()
  const alice = await world.person('alice')
  const bob = await world.person('bob', { service: fed.service })
  world.join(alice, bob)
  await world.run(200)
  for (const [from, to] of [
    [alice, bob],
    [bob, alice],
    [alice, bob],
  ] as const) {
    const { id } = await from.messenger.send(to.id, 'hi')
    await world.until(() => statesOf(from, id).includes('delivered'), 'delivered')
  }
  await world.run(1_000)
  const keys = { privateKey: bob.account.chatKey.privateKey, publicKey: alice.messenger.publicKey }
  const { topic: negotiated } = await negotiatedChat(keys, { crypto: quickCrypto })
  const { topic: partitioned } = partitionedDiscovery(bob.messenger.publicKey, { crypto: quickCrypto })
  const eve = quickCrypto.publicKey(seededRandom(102).bytes(32))
  const giving = (topic: Topic, signer?: Uint8Array) => (payload: Uint8Array) =>
    fed.give(topic, {
      payload,
      sentUnixSeconds: Math.floor(world.clock.wallMs() / 1000),
      ...(signer ? { signer: signer as never } : {}),
    })
  return {
    alice,
    bob,
    fed,
    ways: [
      { name: 'from a friend', give: giving(partitioned, alice.messenger.publicKey) },
      { name: 'from a friend on the topic of the two', give: giving(negotiated, alice.messenger.publicKey) },
      { name: 'from nobody on the topic of the two', give: giving(negotiated) },
      { name: 'from a stranger', give: giving(partitioned, eve) },
      { name: 'from nobody', give: giving(partitioned) },
    ],
  }
}

const counted = ({ messenger }: Person): number =>
  [...messenger.rejected().values()].reduce((sum, number) => sum + number, 0)

/** A field of `size` bytes, as protobuf has it. */
const field = (number: number, body: Uint8Array): Uint8Array =>
  concat(varint((number << 3) | 2), varint(body.length), body)

function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128)
  return Uint8Array.of(...bytes, rest)
}

function repeated(part: Uint8Array, size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  for (let at = 0; at < size; at += part.length) bytes.set(part.subarray(0, size - at), at)
  return bytes
}

const SHAPES: readonly (readonly [string, (size: number, random: SeededRandom) => Uint8Array])[] = [
  ['zeros', (size) => new Uint8Array(size)],
  ['noise', (size, random) => random.bytes(size)],
  ['varints without end', (size) => new Uint8Array(size).fill(255)],
  ['one long part', (size) => field(101, new Uint8Array(size))],
  ['a long id', (size) => field(2, new Uint8Array(size).fill(97))],
  ['empty bundles', (size) => repeated(field(3, new Uint8Array(0)), size)],
  ['empty parts', (size) => repeated(field(101, new Uint8Array(0)), size)],
  ['nested fields', (size) => repeated(Uint8Array.of(0x1a, 0x7f), size)],
]

describe('private payloads of 0 B to 1 MiB', () => {
  it('that say nothing change nothing, whichever way they come', { timeout: 120_000 }, async () => {
    const { bob, ways } = await scene()
    const random = seededRandom(103)
    const state = async () =>
      (await contentsOf(bob.storage)).split('\n').filter((line) => !/^(read|read-at|meta|event) /.test(line))
    const [before, posts, start] = [await state(), bob.posts.length, counted(bob)]
    let number = 0
    for (const [, shape] of SHAPES)
      for (const size of SIZES) {
        const payload = shape(size, random)
        for (const { give } of ways) give(payload)
        number += ways.length
        await world.run(20)
      }
    await world.run(500)
    expect(counted(bob) - start).toBe(number)
    expect(bob.messenger.rejected().get('failed')).toBeUndefined()
    expect(bob.posts.length, 'nothing is answered').toBe(posts)
    expect(await state()).toEqual(before)
    const told = bob.events.filter((e) => e.type === 'undecryptable')
    expect(told.length).toBeLessThan(number / 10)
    expect(told.every(({ healing }) => !healing)).toBe(true)
  })

  it('fuzz: genuine ones that were changed harm no session; what follows is read', {
    timeout: 3_600_000,
  }, async () => {
    const { alice, bob, ways } = await scene()
    const seeds = alice.posts.map(({ payload }) => payload)
    const random = seededRandom(104)
    const sessions = async () =>
      (await contentsOf(bob.storage)).split('\n').filter((line) => line.startsWith(INSTALLATIONS_TABLE))
    const before = await sessions()
    const heard = textsHeard(bob).length
    for (let i = 0; i < MUTATIONS; i++) {
      random.pick(ways).give(mutate(random.pick(seeds), random))
      if (i % 50 === 49) await world.run(20)
    }
    await world.run(1_000)
    expect(bob.messenger.rejected().get('failed')).toBeUndefined()
    expect(textsHeard(bob).length).toBe(heard)
    const after = await sessions()
    for (const line of before) expect(after, 'the session with Alice is as it was').toContain(line)
    for (const isDeniable of [false, true]) {
      await alice.messenger.setDeniable(bob.id, isDeniable)
      await world.run(120_000, 5_000)
      const { id } = await alice.messenger.send(bob.id, `still there? ${isDeniable}`)
      await world.until(() => statesOf(alice, id).includes('delivered'), 'delivered')
      expect((await bob.messenger.message(id))?.security).toBe('ratchet')
    }
  })
})
