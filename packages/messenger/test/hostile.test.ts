/** What anybody on the network can send: nothing of it ends the messenger, and what it keeps in memory stays bounded. */

import { createSecureChannel } from '@status-protocol/double-ratchet'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { hex, mutate, seededRandom, type VectorCase } from '@status-protocol/testkit'
import { readVectorFile } from '@status-protocol/testkit/vitest'
import { partitionedDiscovery, type WhisperMessage, type WhisperService } from '@status-protocol/whisper'
import { afterEach, describe, expect, it } from 'vitest'
import { createHearing } from '../src/hearing.ts'
import { createListeners } from '../src/listeners.ts'
import { createRouter } from '../src/routing.ts'
import { MAX_STRANGERS } from '../src/strangers.ts'
import { MAX_EVENTS } from '../src/tables.ts'
import { type Person, quickCrypto, statesOf, storedEvents, textsHeard, World } from './support/world.ts'

const COUNT = Math.min(Number(process.env.FUZZ_COUNT ?? 10_000), 200_000)
const random = seededRandom(77)

let world: World
const unhandled: unknown[] = []
process.on('unhandledRejection', (error) => void unhandled.push(error))
afterEach(async () => {
  await world.close()
  expect(unhandled.splice(0)).toEqual([])
})

/** A person whose Whisper messages are handed in by the test. */
async function fed(): Promise<{
  person: Person
  /** Reads it as if it had come through the filter of our partitioned topic, of a chat, or of a contact code. */
  give(which: 'private' | 'public' | 'other', message: WhisperMessage): void
}> {
  world = new World(21)
  const readers = new Map<string, (message: WhisperMessage) => void>()
  const feeds = (service: WhisperService): WhisperService => ({
    addKeyPair: (key) => service.addKeyPair(key),
    post: (message) => service.post(message),
    status: () => service.status(),
    subscribe(filter) {
      const stream = service.subscribe(filter)
      const queue: WhisperMessage[] = []
      let wake = (): void => undefined
      const kind = 'keyPair' in filter ? 'private' : readers.has('public') ? 'other' : 'public'
      readers.set(kind, (message) => {
        queue.push(message)
        wake()
      })
      const inner = stream[Symbol.asyncIterator]()
      void (async () => {
        for (let next = await inner.next(); !next.done; next = await inner.next())
          readers.get(kind)?.(next.value)
      })().catch(() => undefined)
      return {
        [Symbol.asyncIterator]: () => ({
          async next() {
            while (queue.length === 0)
              await new Promise<void>((resolve) => {
                wake = resolve
              })
            return { value: queue.shift() as WhisperMessage, done: false as const }
          },
          async return() {
            await inner.return?.()
            return { value: undefined as never, done: true as const }
          },
        }),
      }
    },
  })
  const person = await world.person('victim', { service: feeds })
  await person.messenger.join('#status')
  return { person, give: (which, message) => readers.get(which)?.(message) }
}

async function goldenPayloads(): Promise<Uint8Array[]> {
  const found: Uint8Array[] = []
  const collect = (value: unknown, key = ''): void => {
    if (
      typeof value === 'string' &&
      /payload|message|wrapper|wire|bytes/i.test(key) &&
      /^(0x)?([0-9a-f]{2}){20,4000}$/.test(value)
    )
      found.push(hex(value))
    else if (Array.isArray(value)) for (const item of value) collect(item, key)
    else if (typeof value === 'object' && value !== null)
      for (const [name, item] of Object.entries(value)) collect(item, name)
  }
  for (const name of ['protocol-message.json', 'mvds.json', 'payload-v1-protobuf.json', 'full-stack.json'])
    for (const c of ((await readVectorFile(name))?.cases ?? []) as VectorCase[]) collect(c)
  return found
}

describe('payloads that somebody made up', () => {
  it('end nothing: golden ones that were changed, and noise', { timeout: 600_000 }, async () => {
    const { person, give } = await fed()
    const seeds = await goldenPayloads()
    expect(seeds.length).toBeGreaterThan(20)
    const channels = Array.from({ length: 5 }, () => {
      const identity = random.bytes(32)
      const channel = createSecureChannel({
        identity,
        installationId: 'hostile',
        storage: createMemoryStorage(),
        crypto: quickCrypto,
      })
      return { channel, publicKey: quickCrypto.publicKey(identity) }
    })
    const senders = channels.map(({ publicKey }) => publicKey)
    const friend = senders[0] as Uint8Array
    await person.messenger.addContact(friend as never)
    for (let i = 0; i < COUNT; i++) {
      // Every fourth is sound down to the secure session, so that what is inside gets its turn.
      const inside = i % 4 === 1 ? random.pick(channels) : undefined
      const changed = i % 4 === 0 ? random.bytes(random.int(300)) : mutate(random.pick(seeds), random)
      const payload = inside
        ? await inside.channel.encrypt(person.account.chatKey.publicKey, changed)
        : changed
      give(inside ? 'private' : random.pick(['private', 'public', 'other'] as const), {
        hash: random.bytes(32) as never,
        topic: random.bytes(4) as never,
        payload,
        ...(i % 10 > 0 && { signer: (inside?.publicKey ?? random.pick(senders)) as never }),
        sentUnixSeconds: Math.floor(world.clock.wallMs() / 1000),
        direct: false,
      })
      if (i % 100 === 99) await world.run(100)
    }
    await world.run(5_000)
    const counted = [...person.messenger.rejected().values()].reduce((sum, n) => sum + n, 0)
    expect(counted).toBeGreaterThan(COUNT / 4)
    expect(person.messenger.rejected().get('failed'), 'none of it met a defect').toBeUndefined()
    const other = await world.person('other')
    world.join(person, other)
    const said = await other.messenger.send(person.id, 'still there?')
    await world.until(() => textsHeard(person).includes('still there?'), 'an honest message')
    await world.until(() => statesOf(other, said.id).includes('delivered'), 'delivered')
  })
})

describe('bounds', () => {
  it('strangers are listened to, the latest of them', async () => {
    world = new World(22)
    const open = new Set<unknown>()
    const derived = { count: 0 }
    const service = {
      subscribe() {
        const stream = {
          next: () => new Promise(() => undefined),
          return: async () => {
            open.delete(stream)
            return { value: undefined, done: true }
          },
        }
        open.add(stream)
        return { [Symbol.asyncIterator]: () => stream }
      },
    } as unknown as WhisperService
    const privateKey = random.bytes(32)
    const listeners = createListeners(service, {
      ...{ overflowed: () => undefined, failed: () => undefined, added: () => undefined },
      insist: async () => undefined as never,
    })
    const hearing = createHearing({
      listeners,
      router: createRouter(
        privateKey,
        {
          ...quickCrypto,
          pbkdf2: (options) => {
            derived.count++
            return quickCrypto.pbkdf2(options)
          },
        },
        async () => undefined,
      ),
      keep: async () => undefined,
      publicReceiver: () => () => async () => undefined,
      contactCodeReceiver: () => () => async () => undefined,
      negotiatedReceiver: () => () => async () => undefined,
    })
    const people = Array.from({ length: MAX_STRANGERS + 300 }, () => quickCrypto.publicKey(random.bytes(32)))
    const contact = quickCrypto.publicKey(random.bytes(32)) as never
    hearing.toStranger(contact)
    await world.run(20)
    await hearing.toPerson(contact)
    for (const person of people) {
      hearing.toStranger(person as never)
      await world.run(20)
    }
    expect(open.size).toBe(MAX_STRANGERS + 2)
    const { negotiatedName } = await import('../src/routing.ts')
    expect(listeners.has(negotiatedName(contact)), 'a contact is no stranger').toBe(true)
    expect(listeners.has(negotiatedName(people.at(-1) as never))).toBe(true)
    expect(listeners.has(negotiatedName(people[0] as never))).toBe(false)
    const before = derived.count
    for (let i = 0; i < 1_000; i++) hearing.toStranger(people[i % 250] as never)
    await world.run(200)
    expect(derived.count - before).toBeLessThanOrEqual(250)
    expect(open.size).toBe(MAX_STRANGERS + 2)
  })

  it('the newest 10,000 events are kept', { timeout: 120_000 }, async () => {
    world = new World(23)
    const alice = await world.person('alice')
    await alice.messenger.join('#status')
    await alice.whisper.close() // nothing is sent: one event for each message
    const extra = 50
    const send = (i: number) =>
      alice.messenger.send('#status', `n${i}`).catch((error: { code?: string }) => {
        // The outbox is as large as the events are many.
        expect(error.code).toBe('outbox-full')
      })
    const atOnce = 70 // they share commits, and none too many is taken all the same
    for (let i = 0; i < Number(MAX_EVENTS) + extra; i += atOnce)
      await Promise.all(Array.from({ length: atOnce }, (_, j) => send(i + j)))
    const full = await alice.messenger
      .send('#status', 'one more')
      .catch((error: { code?: string }) => error.code)
    expect(full).toBe('outbox-full')
    await alice.messenger.send(
      `0x${'04'}${Buffer.from(quickCrypto.publicKey(random.bytes(32)))
        .toString('hex')
        .slice(2)}`,
      'x',
    )
    const rows = []
    for await (const [key] of alice.storage.range(
      'event',
      new Uint8Array(0),
      new Uint8Array(9).fill(255),
      1e6,
    ))
      rows.push(key)
    expect(rows).toHaveLength(Number(MAX_EVENTS))
    const [first] = await firstEvents(alice)
    expect(first?.seq).toBe(2n)
  })

  it('1,000 messages wait for one person; the next is refused, others are not', {
    timeout: 60_000,
  }, async () => {
    world = new World(24)
    const alice = await world.person('alice')
    const [bob, carol] = [await world.person('bob'), await world.person('carol')]
    for (let i = 0; i < 1_000; i++) await alice.messenger.send(bob.id, `n${i}`)
    await expect(alice.messenger.send(bob.id, 'too many')).rejects.toThrow(
      expect.objectContaining({ code: 'outbox-full' }),
    )
    await alice.messenger.send(carol.id, 'you are not full')
    expect(await alice.messenger.messages(bob.id, { limit: 1000 })).toHaveLength(1_000)
  })

  it('what is rejected leaves nothing in memory or store but a number', async () => {
    const { person, give } = await fed()
    const sizes = async (): Promise<number> => {
      let rows = 0
      for (const table of [
        'message',
        'message-key',
        'chat',
        'event',
        'sync',
        'read',
        'mvds-seen',
        'mvds-due',
      ])
        for await (const _ of person.storage.range(
          table,
          new Uint8Array(0),
          new Uint8Array(200).fill(255),
          1e6,
        ))
          rows++
      return rows
    }
    const before = await sizes()
    const signer = quickCrypto.publicKey(random.bytes(32)) as never
    for (let i = 0; i < 2_000; i++)
      give(i % 2 ? 'private' : 'public', {
        hash: random.bytes(32) as never,
        topic: partitionedDiscovery(person.account.chatKey.publicKey).topic,
        payload: random.bytes(100),
        signer,
        sentUnixSeconds: Math.floor(world.clock.wallMs() / 1000),
        direct: false,
      })
    await world.run(2_000)
    expect(await sizes()).toBe(before)
    const counted = person.messenger.rejected()
    const [unread, tooMany] = [counted.get('not-understood') ?? 0, counted.get('rate-limited') ?? 0]
    expect(unread + tooMany).toBeGreaterThan(1_900)
    expect(unread, 'in private').toBeGreaterThan(950)
    expect(tooMany, 'of one person in public').toBeGreaterThan(700)
    expect(await storedEvents(person)).toEqual([])
  })
})

async function firstEvents({ messenger }: Person) {
  for await (const event of messenger.events({ after: 0n })) return [event]
  return []
}
