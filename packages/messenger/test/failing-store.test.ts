/** Stores and Whisper nodes that fail: what was not committed did not happen, and the messenger goes on. */
import type { Storage } from '@status-protocol/ports'
import { virtualClock } from '@status-protocol/testkit'
import { WhisperError, type WhisperService } from '@status-protocol/whisper'
import { afterEach, describe, expect, it } from 'vitest'
import { type Scripted, type ScriptedPost, scripted } from './support/scripted.ts'
import { type Person, statesOf, storedEvents, textsHeard, World } from './support/world.ts'

let world: World
const unhandled: unknown[] = []
const note = (error: unknown): void => void unhandled.push(error)
process.on('unhandledRejection', note)
const scriptedPeople: Scripted[] = []
afterEach(async () => {
  await world?.close()
  for (const { messenger } of scriptedPeople.splice(0)) await messenger.close()
  expect(unhandled.splice(0)).toEqual([])
})

interface Fault {
  /** Commits that fail from now on. */
  failures: number
  /** Whether they are applied all the same: the store lost the answer, not the change. */
  isApplied: boolean
}

function faulty(inner: Storage, fault: Fault): Storage {
  return {
    ...inner,
    async commit(changes) {
      const fails = fault.failures > 0
      if (fails) fault.failures--
      if (!fails || fault.isApplied) await inner.commit(changes)
      if (fails) throw new Error('disk full')
    },
  }
}

async function scene(): Promise<{ alice: Person; bob: Person; fault: Fault }> {
  world = new World(11)
  const fault: Fault = { failures: 0, isApplied: false }
  const alice = await world.person('alice', { seenStorage: (inner) => faulty(inner, fault) })
  const bob = await world.person('bob')
  world.join(alice, bob)
  for (const p of [alice, bob]) await p.messenger.join('#status')
  await world.run(200)
  return { alice, bob, fault }
}

const expectNoGaps = async (person: Person): Promise<void> => {
  const seqs = (await storedEvents(person)).map(({ seq }) => seq)
  expect(seqs).toEqual(seqs.map((_, i) => BigInt(i + 1)))
}
const failed = expect.objectContaining({ code: 'storage-failed' })

describe('a commit that fails', () => {
  it('leaves no chat that could not be left unheard', async () => {
    const { alice, bob, fault } = await scene()
    await world.whileRunning(bob.messenger.send('#status', 'before'))
    await world.until(() => textsHeard(alice).includes('before'), 'alice hears bob')
    fault.failures = 1
    await expect(world.whileRunning(alice.messenger.leave('#status'))).rejects.toEqual(failed)
    await world.run(2_000)
    expect((await alice.messenger.chats()).map(({ id }) => id)).toContain('#status')
    await world.whileRunning(bob.messenger.send('#status', 'after'))
    await world.until(() => textsHeard(alice).includes('after'), 'alice hears bob still', 5_000)
  })

  it('rejects what was asked for, with nothing sent, and the next thing goes well', async () => {
    const { alice, bob, fault } = await scene()
    for (const chat of ['#status', bob.id]) {
      fault.failures = 1
      await expect(alice.messenger.send(chat, `lost in ${chat}`)).rejects.toThrow(failed)
    }
    fault.failures = 1
    await expect(alice.messenger.join('#other')).rejects.toThrow(failed)
    await world.run(2_000)
    expect(alice.posts).toEqual([])
    const said = await alice.messenger.send(bob.id, 'kept')
    await world.until(() => statesOf(alice, said.id).includes('delivered'), 'delivered')
    const listed = await alice.messenger.messages(bob.id)
    expect(listed.map((m) => m.text)).toEqual(['kept'])
    await expectNoGaps(alice)
  })

  it('but was applied uses no event number twice', async () => {
    const { alice, bob, fault } = await scene()
    Object.assign(fault, { failures: 1, isApplied: true })
    await expect(alice.messenger.send(bob.id, 'perhaps')).rejects.toThrow(failed)
    const said = await alice.messenger.send(bob.id, 'surely')
    await world.until(() => statesOf(alice, said.id).includes('delivered'), 'delivered')
    await expectNoGaps(alice)
    await world.until(() => textsHeard(bob).length === 2, 'both')
    expect(world.keysUsedTwice).toEqual([])
  })

  for (const isApplied of [false, true])
    it(`while messages come${isApplied ? ', but was applied,' : ''} loses and doubles none`, async () => {
      const { alice, bob, fault } = await scene()
      for (let i = 0; i < 12; i++) {
        Object.assign(fault, { failures: 1 + (i % 3), isApplied })
        await bob.messenger.send('#status', `public ${i}`)
        await bob.messenger.send(alice.id, `private ${i}`)
        await world.run(1_300)
      }
      const of = (what: string) => Array.from({ length: 12 }, (_, i) => `${what} ${i}`)
      await world.until(() => textsHeard(alice).length >= 24, 'all of them', 600_000)
      const heard = textsHeard(alice)
      expect(heard.filter((t) => t.startsWith('public')).sort()).toEqual(of('public').sort())
      expect(heard.filter((t) => t.startsWith('private')).sort()).toEqual(of('private').sort())
      expect((await alice.messenger.messages(bob.id)).map((m) => m.text)).toEqual(of('private'))
      await expectNoGaps(alice)
      expect(world.keysUsedTwice).toEqual([])
    })

  it('but was applied, with what a stranger wrote first: they are heard on their own topic all the same', async () => {
    const { alice, bob, fault } = await scene()
    Object.assign(fault, { failures: 1, isApplied: true })
    const first = await bob.messenger.send(alice.id, 'we have not met')
    await world.until(() => statesOf(bob, first.id).includes('delivered'), 'the first is delivered')
    const second = await bob.messenger.send(alice.id, 'do you hear me?')
    await world.until(() => statesOf(bob, second.id).includes('delivered'), 'the second is delivered', 3_000)
    expect(textsHeard(alice)).toEqual(['we have not met', 'do you hear me?'])
  })

  it('at the tick of data sync only delays it', async () => {
    const { alice, bob, fault } = await scene()
    const said = await alice.messenger.send(bob.id, 'patience')
    fault.failures = 3
    await world.until(() => statesOf(alice, said.id).includes('delivered'), 'delivered')
    expect(textsHeard(bob)).toEqual(['patience'])
    expect(world.keysUsedTwice).toEqual([])
  })

  it('for long is counted, and private messages come when it is well again', async () => {
    const { alice, bob, fault } = await scene()
    fault.failures = 1_000_000
    await bob.messenger.send(alice.id, 'are you well?')
    await world.run(20_000)
    expect(alice.messenger.rejected().get('failed')).toBeGreaterThan(0)
    expect(textsHeard(alice)).toEqual([])
    fault.failures = 0
    await world.until(() => textsHeard(alice).length > 0, 'the message')
    const answer = await alice.messenger.send(bob.id, 'again, yes')
    await world.until(() => statesOf(alice, answer.id).includes('delivered'), 'delivered')
    await expectNoGaps(alice)
  })

  it('before the outbox is counted does not fill it', async () => {
    const { alice, fault } = await scene()
    for (let i = 0; i < 50; i++) {
      fault.failures = 1
      await alice.messenger.send('#status', `n${i}`).catch(() => undefined)
    }
    expect((await storedEvents(alice)).length).toBe(0)
  })
})

describe('a Whisper node that fails', () => {
  const wrapped = (service: WhisperService, post: WhisperService['post']): WhisperService => ({
    addKeyPair: (key) => service.addKeyPair(key),
    subscribe: (filter) => service.subscribe(filter),
    status: () => service.status(),
    post,
  })

  it('by closing before the messenger loses nothing: the next start sends it', async () => {
    world = new World(12)
    const [alice, bob] = [await world.person('alice'), await world.person('bob')]
    for (const p of [alice, bob]) await p.messenger.join('#status')
    await alice.whisper.close()
    const [open, secret] = [
      await alice.messenger.send('#status', 'public'),
      await alice.messenger.send(bob.id, 'private'),
    ]
    await world.run(500)
    expect(statesOf(alice, open.id)).toEqual(['queued'])
    expect(statesOf(alice, secret.id)).toEqual(['queued'])
    await world.stop(alice)
    await world.start(alice)
    world.join(alice, bob)
    await world.until(() => textsHeard(bob).length === 2, 'both')
    expect(textsHeard(bob).sort()).toEqual(['private', 'public'])
  })

  it('by being full is left alone until there is room', async () => {
    world = new World(13)
    let isFull = true
    let attempts = 0
    const alice = await world.person('alice', {
      service: (service) =>
        wrapped(service, async (message) => {
          attempts++
          if (isFull) throw new WhisperError('too-many-pending', 'full')
          return service.post(message)
        }),
    })
    await alice.messenger.join('#status')
    const said: string[] = []
    for (let i = 0; i < 20; i++) said.push((await alice.messenger.send('#status', `n${i}`)).id)
    await world.run(5_000)
    expect(attempts).toBeLessThan(100)
    expect(said.map((id) => statesOf(alice, id).at(-1))).toEqual(Array(20).fill('queued'))
    isFull = false
    await world.until(() => said.every((id) => statesOf(alice, id).includes('sent')), 'all are sent')
    expect(alice.posts).toHaveLength(20)
  })

  it('to seal one message fails that one', async () => {
    world = new World(14)
    let isBroken = true
    const alice = await world.person('alice', {
      service: (service) =>
        wrapped(service, async (message) => {
          if (isBroken) throw new WhisperError('pow-not-reached', 'too hard')
          return service.post(message)
        }),
    })
    await alice.messenger.join('#status')
    const lost = await alice.messenger.send('#status', 'too heavy')
    await world.until(() => statesOf(alice, lost.id).includes('failed'), 'failed')
    isBroken = false
    const said = await alice.messenger.send('#status', 'light')
    await world.until(() => statesOf(alice, said.id).includes('sent'), 'sent')
  })

  it('to tell what became of envelopes in time: all that were underway count as expired', async () => {
    world = new World(15)
    let fail: (() => void) | undefined
    const alice = await world.person('alice', {
      service: (service) => ({
        ...wrapped(service, (message) => service.post(message)),
        status() {
          if (fail) return service.status()
          return {
            [Symbol.asyncIterator]: () => ({
              next: () =>
                new Promise((_, reject) => {
                  fail = () => reject(new WhisperError('slow-reader', 'too slow'))
                }),
            }),
          }
        },
      }),
    })
    await alice.messenger.join('#status')
    const said = await alice.messenger.send('#status', 'hello')
    await world.until(() => statesOf(alice, said.id).includes('sent'), 'sent')
    fail?.()
    await world.until(() => statesOf(alice, said.id).includes('expired'), 'expired')
    const bob = await world.person('bob')
    world.join(alice, bob)
    await world.until(() => statesOf(alice, said.id).includes('relayed'), 'relayed')
  })
})

describe('the fate of an envelope, told while the store fails', () => {
  async function posted() {
    const clock = virtualClock()
    const alice = await scripted(63, clock)
    scriptedPeople.push(alice)
    const run = async (ms: number): Promise<void> => {
      for (let left = ms; left > 0; left -= 100) {
        await clock.advance(100)
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    const fault: Fault = { failures: 0, isApplied: false }
    Object.assign(alice.storage, faulty({ ...alice.storage }, fault))
    await alice.messenger.join('#status')
    const { id } = await alice.messenger.send('#status', 'hello')
    await run(200)
    const state = async () => (await alice.messenger.message(id))?.delivery
    return { alice, run, fault, state, first: alice.posts[0] as ScriptedPost }
  }

  it('for a moment, just when it was sealed: it is relayed in the end', async () => {
    const { alice, run, fault, state, first } = await posted()
    fault.failures = 1
    first.seal()
    await run(100)
    alice.settle(first, 'confirmed')
    await run(5_000)
    expect(await state()).toBe('relayed')
  })

  for (const [fate, then] of [
    ['expired', 'relayed'],
    ['confirmed', 'relayed'],
  ] as const)
    it(`for long: ${fate} is not forgotten`, async () => {
      const { alice, run, fault, state, first } = await posted()
      first.seal()
      await run(200)
      fault.failures = 1_000_000
      alice.settle(first, fate)
      await run(20_000)
      expect(await state()).toBe('sent')
      fault.failures = 0
      alice.sealsAtOnce = true
      for (const post of alice.posts) if (post.state === 'held') post.seal()
      await run(3_000)
      for (const post of alice.posts) if (post.state === 'sealed') alice.settle(post, 'confirmed')
      await run(1_000)
      expect(await state()).toBe(then)
    })
})

describe('a messenger that was closed', () => {
  it('writes nothing any more, whatever comes', async () => {
    const { alice, bob } = await scene()
    const commits = { count: 0 }
    await world.stop(bob)
    await world.start(bob, {
      seenStorage: (inner) => ({
        ...inner,
        commit: (changes) => {
          commits.count++
          return inner.commit(changes)
        },
      }),
    })
    world.join(alice, bob)
    await bob.messenger.send('#status', 'on its way')
    await world.whileRunning(bob.messenger.close())
    const before = commits.count
    await alice.messenger.send(bob.id, 'hello?')
    await world.run(10_000)
    expect(commits.count).toBe(before)
    await expect(bob.messenger.send('#status', 'x')).rejects.toThrow(
      expect.objectContaining({ code: 'closed' }),
    )
    bob.isUp = false
    await bob.whisper.close()
  })
})
