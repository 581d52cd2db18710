/** What somebody learns of the wire who copies the whole store of both sides: nothing of before, nothing after a round trip. */
import { fromUtf8, type PublicKey } from '@status-protocol/bytes'
import {
  createSelf,
  decryptMessage,
  INSTALLATIONS_TABLE,
  loadConversation,
  OWN_TABLE,
  PEERS_TABLE,
  type Self,
  storageReads,
} from '@status-protocol/double-ratchet'
import type { Change, Storage } from '@status-protocol/ports'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { afterEach, describe, expect, it } from 'vitest'
import { keyOf } from './support/groups.ts'
import { type Person, quickCrypto, statesOf, World } from './support/world.ts'

/** What was posted, as whoever has the identity keys of both sees it: their envelopes hide nothing from them. */
interface OnTheWire {
  readonly from: Person
  readonly payload: Uint8Array
}

const [NOTHING, ALL] = [new Uint8Array(0), new Uint8Array(200).fill(255)]

let world: World
afterEach(async () => {
  await world.close()
  expect(world.keysUsedTwice).toEqual([])
})

/** All keys of a device as they are now. Tries each message with every state that it ever had. */
class Thief {
  readonly #self: Self
  readonly #states: Storage[] = []

  private constructor(self: Self) {
    this.#self = self
  }

  static async of(person: Person): Promise<Thief> {
    const { installationId } = await person.messenger.devices.info()
    const thief = new Thief(
      createSelf({ identity: person.account.chatKey.privateKey, installationId }, { crypto: quickCrypto }),
    )
    thief.#states.push(await copyOf(person.storage))
    return thief
  }

  /** What it opens that was not for everybody. */
  async read(from: PublicKey, message: Uint8Array): Promise<string | undefined> {
    for (const state of this.#states) {
      const conversation = await loadConversation(
        storageReads(state, { crypto: quickCrypto }),
        this.#self,
        from,
        { crypto: quickCrypto },
      )
      const context = {
        ...{ nowMs: world.clock.wallMs(), random: world.random, ivs: world.random },
        crypto: quickCrypto,
      }
      const { outputs, changes } = decryptMessage(conversation, { message, confirm: false }, context)
      const [read] = outputs
      if (read.type !== 'opened' || read.security === 'none') continue
      const next = await copyOf(state)
      await next.commit(changes)
      this.#states.push(next)
      return textIn(read.plaintext)
    }
    return undefined
  }
}

/** Texts are ASCII here; the rest of the payload is what it is. */
const textIn = (plaintext: Uint8Array): string =>
  /(before|at once|healing|after) (one|two|three)/.exec(
    fromUtf8(plaintext.map((byte) => (byte < 128 ? byte : 63))),
  )?.[0] ?? '?'

async function copyOf(storage: Storage): Promise<Storage> {
  const copy = createMemoryStorage()
  const changes: Change[] = []
  for (const table of [INSTALLATIONS_TABLE, OWN_TABLE, PEERS_TABLE])
    for await (const [key, value] of storage.range(table, NOTHING, ALL, 1_000))
      changes.push({ put: [table, key, value] })
  await copy.commit(changes)
  return copy
}

describe.each([701, 702])('a thief of the whole stores of both (%d)', (seed) => {
  it('never opens what was read before, and after one full round trip nothing that follows', async () => {
    world = new World(seed)
    const wire: OnTheWire[] = []
    const person = async (name: string): Promise<Person> => {
      const made: Person = await world.person(name, {
        service: (service) => ({
          ...{ addKeyPair: service.addKeyPair, subscribe: service.subscribe, status: service.status },
          post: (message) => {
            wire.push({ from: made, payload: message.payload.slice() })
            return service.post(message)
          },
        }),
      })
      return made
    }
    const [alice, bob] = [await person('alice'), await person('bob')]
    world.join(alice, bob)
    await world.run(200)
    const say = async (from: Person, to: Person, text: string): Promise<void> => {
      const { id } = await world.whileRunning(from.messenger.send(to.id, text))
      await world.until(() => statesOf(from, id).includes('delivered'), `${to.name} has "${text}"`)
      await world.run(500)
    }
    const talk = async (word: string): Promise<void> => {
      for (const [i, n] of ['one', 'two', 'three'].entries())
        await (i % 2 ? say(bob, alice, `${word} ${n}`) : say(alice, bob, `${word} ${n}`))
    }
    await talk('hi')
    const meeting = wire.splice(0).length
    expect(meeting).toBeGreaterThan(0)
    await talk('before')
    const before = wire.splice(0)

    const thieves = new Map([
      [alice, await Thief.of(bob)],
      [bob, await Thief.of(alice)],
    ])
    /** Alice's messages are for Bob, so they are read with what was Bob's. */
    const opened = async (messages: readonly OnTheWire[]): Promise<string[]> => {
      const found: string[] = []
      for (const { from, payload } of messages) {
        const text = await (thieves.get(from) as Thief).read(keyOf(from), payload)
        if (text !== undefined) found.push(text)
      }
      return found
    }
    expect(before.length).toBeGreaterThanOrEqual(6)
    expect(await opened(before), 'with what was stolen later').toEqual([])

    await say(alice, bob, 'at once one')
    expect(await opened(wire.splice(0)), 'the test can see a thief').toContain('at once one')
    await say(bob, alice, 'healing one')
    await opened(wire.splice(0)) // follows as far as it can
    await talk('after')
    await world.run(60_000)
    await talk('after')
    const after = wire.splice(0)
    expect(after.length).toBeGreaterThanOrEqual(12)
    expect(await opened(after)).toEqual([])
    expect(await opened(before), 'with what it learnt by following').toEqual([])
  })
})
