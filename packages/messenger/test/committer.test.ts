/** Inputs that wait share a commit: each is whole, sees those before it, and is answered when it is durable. */
import type { Change, Storage } from '@status-protocol/ports'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { virtualClock } from '@status-protocol/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import { createCommitter } from '../src/committer.ts'
import { guarded } from '../src/store.ts'
import { createTimers } from '../src/timers.ts'
import { crashing } from './support/crashing.ts'
import { type Person, storedEvents, textsHeard, World } from './support/world.ts'

let world: World
afterEach(async () => {
  await world?.close()
  expect(world?.keysUsedTwice ?? []).toEqual([])
})

/** Counts commits, and holds them up. */
function gated(inner: Storage) {
  const gate = {
    commits: [] as (readonly Change[])[],
    isOpen: true,
    open: (): void => undefined,
    failures: 0,
  }
  const storage: Storage = {
    ...inner,
    async commit(changes) {
      gate.commits.push(changes)
      if (!gate.isOpen)
        await new Promise<void>((resolve) => {
          gate.open = () => {
            gate.isOpen = true
            resolve()
          }
        })
      if (gate.failures-- > 0) throw new Error('disk full')
      await inner.commit(changes)
    },
  }
  return { gate, storage }
}

async function scene() {
  world = new World(81)
  let held: ReturnType<typeof gated> | undefined
  const alice = await world.person('alice', {
    seenStorage: (inner) => {
      held = gated(inner)
      return held.storage
    },
  })
  await alice.messenger.join('#status')
  await alice.whisper.close() // nothing but what is said is committed
  const { gate } = held as ReturnType<typeof gated>
  gate.commits.length = 0
  return { alice, gate }
}

const texts = (count: number) => Array.from({ length: count }, (_, i) => `n${i}`)
const listed = async ({ messenger }: Person) =>
  (await messenger.messages('#status', { limit: 1000 })).map((m) => m.text)

describe('what is said at the same time', () => {
  it('shares commits, in its order, each with a clock of its own', async () => {
    const { alice, gate } = await scene()
    const said = await Promise.all(texts(200).map((text) => alice.messenger.send('#status', text)))
    expect(gate.commits.length).toBeLessThan(10)
    expect(await listed(alice)).toEqual(texts(200))
    expect(new Set(said.map(({ clock }) => clock)).size).toBe(200)
    const seqs = (await storedEvents(alice)).map(({ seq }) => seq)
    expect(seqs).toEqual(seqs.map((_, i) => BigInt(i + 1)))
  })

  it('is answered when it is durable, not before', async () => {
    const { alice, gate } = await scene()
    gate.isOpen = false
    let answered = 0
    const all = texts(10).map((text) => alice.messenger.send('#status', text).then(() => answered++))
    await world.run(1_000)
    expect(gate.commits).toHaveLength(1)
    expect(answered).toBe(0)
    expect(alice.events).toEqual([])
    expect(await listed(alice)).toEqual([])
    gate.open()
    await world.whileRunning(Promise.all(all))
    expect(await listed(alice)).toEqual(texts(10))
  })

  it('does not suffer from one among it that cannot be', async () => {
    const { alice, gate } = await scene()
    const said = await Promise.allSettled(
      texts(10).map((text, i) =>
        alice.messenger.send(i === 3 ? '#elsewhere' : '#status', i === 6 ? ' ' : text),
      ),
    )
    expect(said.map(({ status }) => status === 'fulfilled')).toEqual(
      texts(10).map((_, i) => i !== 3 && i !== 6),
    )
    expect(gate.commits).toHaveLength(1)
    expect(await listed(alice)).toEqual(texts(10).filter((_, i) => i !== 3 && i !== 6))
  })

  it('fails together where the store fails, and leaves nothing', async () => {
    const { alice, gate } = await scene()
    gate.failures = 1
    const said = await Promise.allSettled(texts(10).map((text) => alice.messenger.send('#status', text)))
    expect(new Set(said.map((one) => one.status === 'rejected' && one.reason.code))).toEqual(
      new Set(['storage-failed']),
    )
    await alice.messenger.send('#status', 'after')
    expect(await listed(alice)).toEqual(['after'])
    expect((await storedEvents(alice)).map(({ seq }) => seq)).toEqual([1n])
  })
})

describe('an input that could not read the store', () => {
  it('may have left something in memory: what is stored is looked at again before the next one', async () => {
    const clock = virtualClock()
    const storage = createMemoryStorage()
    let isReadable = true
    let looks = 0
    const committer = await createCommitter({
      storage: guarded({
        ...storage,
        get: async (table, key) => {
          if (!isReadable) throw new Error('disk is gone')
          return storage.get(table, key)
        },
      }),
      timers: createTimers(clock),
      stored: () => undefined,
      lookAgain: async () => void looks++,
    })
    isReadable = false
    await expect(committer.input((stage) => stage.get('meta', new Uint8Array(1)))).rejects.toMatchObject({
      code: 'storage-failed',
    })
    isReadable = true
    expect(looks).toBe(0)
    await committer.input(async () => undefined)
    expect(looks).toBe(1)
    await committer.input(async () => undefined)
    expect(looks).toBe(1)
    await committer.close()
  })
})

describe('a process that dies in the middle of a burst', () => {
  for (const when of ['before', 'after'] as const)
    it(`${when} one of the commits that a burst shares: what was accepted arrives, nothing twice`, {
      timeout: 120_000,
    }, async () => {
      for (let atCommit = 3; atCommit < 40; atCommit += 6) {
        world = new World(82 + atCommit)
        const [alice, bob] = [await world.person('alice'), await world.person('bob')]
        for (const person of [alice, bob]) await person.messenger.join('#status')
        world.join(alice, bob)
        await world.run(200)
        await alice.messenger.send(bob.id, 'hello')
        await world.until(() => textsHeard(bob).length === 1, 'acquainted')
        await world.stop(alice)
        let store: ReturnType<typeof crashing> | undefined
        await world.start(alice, {
          seenStorage: (inner) => {
            store = crashing(inner, { atCommit, when }, () => world.kill(alice))
            return store.storage
          },
        })
        world.join(alice, bob)
        const accepted: string[] = []
        for (const chat of ['#status', bob.id])
          for (const text of texts(40))
            void alice.messenger?.send(chat, `${chat} ${text}`).then(
              () => accepted.push(`${chat} ${text}`),
              () => undefined,
            )
        await world.run(3_000)
        if (store?.hasCrashed) {
          await world.start(alice)
          world.join(alice, bob)
        }
        const heard = () => textsHeard(bob)
        await world.until(
          () => accepted.every((text) => heard().includes(text)),
          'all that was accepted',
          300_000,
        )
        await world.run(5_000)
        expect(new Set(heard()).size, 'nothing twice').toBe(heard().length)
        const own = [
          ...(await alice.messenger.messages('#status', { limit: 1000 })),
          ...(await alice.messenger.messages(bob.id, { limit: 1000 })),
        ]
        expect(heard().sort()).toEqual(own.map(({ text }) => text).sort())
        expect(world.keysUsedTwice).toEqual([])
        await world.close()
      }
    })
})
