/**
 * Two people talk in public and in private; the process of one of them dies before or after any of its commits and starts
 * again on what was committed. Nothing is lost, nothing shown twice, no message key used for two ciphertexts.
 *
 * `CRASH_EVERY=1` (soak) tries every commit; by default a part of them that is another one for each person and side.
 */
import type { Storage } from '@status-protocol/ports'
import { afterEach, describe, expect, it } from 'vitest'
import { type CrashPoint, crashing } from './support/crashing.ts'
import { type Person, storedEvents, World } from './support/world.ts'

const EVERY = Number(process.env.CRASH_EVERY ?? 4)
const CHAT = '#status'

let world: World
afterEach(() => world.close())

interface Scene {
  readonly alice: Person
  readonly bob: Person
}

interface Line {
  readonly who: keyof Scene
  readonly text: string
  readonly isPublic: boolean
}

const SCRIPT: readonly Line[] = [
  { who: 'alice', text: 'first contact', isPublic: false },
  { who: 'bob', text: 'answer', isPublic: false },
  { who: 'alice', text: 'to all', isPublic: true },
  { who: 'bob', text: 'crossing b', isPublic: false },
  { who: 'alice', text: 'crossing a', isPublic: false },
  { who: 'bob', text: 'to all as well', isPublic: true },
  { who: 'alice', text: 'last', isPublic: false },
]
/** These are said without waiting for what was said before to arrive. */
const AT_ONCE = new Set(['crossing a', 'to all as well'])

describe('a process that dies at a commit', { retry: 0 }, () => {
  it('is not needed for the script to run', { timeout: 60_000 }, async () => {
    const { commits } = await play(undefined, 'alice')
    expect(commits).toBeGreaterThan(20)
  })

  it('would be noticed to use a key twice: a store that forgets what it was told makes it', async () => {
    world = new World(4)
    const lies = { isLying: false }
    const forgetful = (inner: Storage): Storage => ({
      get: (table, key) => inner.get(table, key),
      range: (...args) => inner.range(...args),
      commit(changes) {
        const isSealing = changes.some((change) => 'put' in change && change.put[0] === 'parcel')
        return lies.isLying && isSealing ? Promise.resolve() : inner.commit(changes)
      },
    })
    const alice = await world.person('alice', { seenStorage: forgetful })
    const bob = await world.person('bob')
    world.join(alice, bob)
    for (const [from, to, text] of [
      [alice, bob, 'one'],
      [bob, alice, 'two'],
    ] as const) {
      await from.messenger.send(to.id, text)
      await world.run(1_000)
    }
    await world.stop(bob) // an answer would turn the ratchet
    lies.isLying = true
    for (const text of ['three', 'four']) {
      await alice.messenger.send(bob.id, text)
      await world.run(200)
    }
    expect(world.keysUsedTwice.length).toBeGreaterThan(0)
  })

  for (const who of ['alice', 'bob'] as const)
    for (const when of ['before', 'after'] as const)
      it(`of ${who}, ${when} it, loses and doubles nothing`, { timeout: 600_000 }, async () => {
        const first = 1 + (((who === 'alice' ? 0 : 2) + (when === 'before' ? 0 : 1)) % EVERY)
        let tried = 0
        for (let atCommit = first; ; atCommit += EVERY) {
          const { hasCrashed } = await play({ atCommit, when }, who)
          await world.close()
          if (!hasCrashed) break
          tried++
        }
        expect(tried).toBeGreaterThan(20 / EVERY)
      })
})

/** Rounds of a longer conversation in which both die again and again; soak asks for more. */
const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 4)

describe('two processes that die again and again', { retry: 0 }, () => {
  it('at random commits, 20 times in 40 messages, lose and double nothing', {
    timeout: 600_000,
  }, async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const crashes = await playAtRandom(1000 + round)
      expect(crashes).toBeGreaterThan(10)
      await world.close()
    }
  })
})

async function playAtRandom(seed: number): Promise<number> {
  world = new World(seed)
  const { random } = world
  let crashes = 0
  /** When each died, on the world's clock. */
  const deaths = new Map<Person, number[]>()
  const start = async (p: Person): Promise<void> => {
    const point: CrashPoint = {
      atCommit: 1 + random.int(18),
      when: random.pick(['before', 'after'] as const),
    }
    let store: ReturnType<typeof crashing> | undefined
    const starting = world.start(p, {
      seenStorage(inner) {
        store = crashing(inner, crashes < 20 ? point : undefined, () => {
          crashes++
          deaths.set(p, [...(deaths.get(p) ?? []), world.clock.wallMs()])
          world.kill(p)
        })
        return store.storage
      },
    })
    await starting.catch(() => undefined)
  }
  const [alice, bob] = [await world.person('alice'), await world.person('bob')]
  for (const p of [alice, bob]) {
    await p.messenger.join(CHAT)
    await world.stop(p)
    await start(p)
  }
  world.join(alice, bob)
  const repair = async (): Promise<void> => {
    while (!alice.isUp || !bob.isUp) {
      await world.run(50 + random.int(1_500))
      for (const p of [alice, bob]) if (!p.isUp) await start(p)
      if (alice.isUp && bob.isUp) world.join(alice, bob)
    }
  }
  const said: string[] = []
  /**
   * A public message of a moment at which both died: who had it in a pool is no more, and nobody acknowledges or archives it.
   * BOUNDED by its life of 15 s, and the seconds that an envelope is still handed on.
   */
  const publics: { readonly text: string; readonly saidMs: number }[] = []
  const mayBeGone = (text: string): boolean =>
    publics.some((one) => one.text === text && [alice, bob].every((p) => dieWithin(p, one.saidMs)))
  const dieWithin = (p: Person, fromMs: number): boolean =>
    (deaths.get(p) ?? []).some((atMs) => atMs >= fromMs && atMs <= fromMs + 30_000)
  for (let i = 0; i < 40; i++) {
    const [speaker, other] = random.pick([
      [alice, bob],
      [bob, alice],
    ] as const)
    const text = `${speaker.name} ${i}`
    const saidMs = world.clock.wallMs()
    for (;;) {
      await repair()
      let isSaid = false
      void speaker.messenger.send(i % 8 === 7 ? CHAT : other.id, text).then(
        () => {
          isSaid = true
        },
        () => undefined,
      )
      for (let k = 0; k < 20 && !isSaid && speaker.isUp; k++) await world.run(20)
      await repair()
      if ((await listOf({ alice, bob }, speaker)).some((m) => m.text === text)) break
    }
    said.push(text)
    if (i % 8 === 7) publics.push({ text, saidMs })
    for (let left = random.int(800); left > 0; left -= 50) {
      await repair()
      await world.run(50)
    }
  }
  const isDone = async (): Promise<boolean> => {
    await repair()
    for (const p of [alice, bob]) {
      const list = await listOf({ alice, bob }, p)
      const missing = said.filter((text) => !list.some((m) => m.text === text))
      if (!missing.every(mayBeGone)) return false
      if (!list.every((m) => !m.own || m.delivery === (m.chat === CHAT ? 'relayed' : 'delivered')))
        return false
    }
    return true
  }
  await world.until(isDone, `everything arrives, seed ${seed}`, 600_000)
  if (said.some(mayBeGone)) for (let i = 0; i < 40; i++) await world.run(500).then(repair) // whatever is still under way
  expect(world.keysUsedTwice, `seed ${seed}`).toEqual([])
  const all = [await listOf({ alice, bob }, alice), await listOf({ alice, bob }, bob)] as const
  const isEverywhere = (text: string): boolean => all.every((list) => list.some((m) => m.text === text))
  const there = said.filter(isEverywhere)
  expect(said.filter((text) => !isEverywhere(text) && !mayBeGone(text))).toEqual([])
  const lists = all.map((list) => list.filter((m) => isEverywhere(m.text)))
  expect(lists[0]?.map((m) => m.text).sort()).toEqual([...there].sort())
  expect(lists[1]?.map((m) => m.id)).toEqual(lists[0]?.map((m) => m.id))
  for (const p of [alice, bob]) {
    const events = await storedEvents(p)
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => BigInt(i + 1)))
    const shown = events.flatMap((e) => (e.type === 'message' ? [e.message.text] : []))
    expect(shown.sort(), `shown once, seed ${seed}`).toEqual(
      said.filter((text) => !text.startsWith(p.name) && (isEverywhere(text) || shown.includes(text))).sort(),
    )
    expect(events.filter((e) => e.type === 'undecryptable')).toEqual([])
  }
  return crashes
}

/** The whole script with at most one crash, and what must be true at its end. */
async function play(
  point: CrashPoint | undefined,
  victim: keyof Scene,
): Promise<{ readonly commits: number; readonly hasCrashed: boolean }> {
  world = new World(3)
  let store: ReturnType<typeof crashing> | undefined
  const person = async (name: keyof Scene): Promise<Person> => {
    const made = await world.person(name)
    await made.messenger.join(CHAT)
    await world.stop(made)
    await world
      .start(made, {
        seenStorage(inner) {
          if (name !== victim) return inner
          store = crashing(inner, point, () => world.kill(made))
          return store.storage
        },
      })
      .catch((error: unknown) => {
        if (made.isUp) throw error
      })
    return made
  }
  const scene = { alice: await person('alice'), bob: await person('bob') }
  const { alice, bob } = scene
  world.join(alice, bob)

  /** Whoever is down is started again after a while, and the link is made again. */
  const repair = async (): Promise<void> => {
    if (alice.isUp && bob.isUp) return
    await world.run(1_500)
    await world.start(alice.isUp ? bob : alice)
    world.join(alice, bob)
  }
  const has = async (p: Person, text: string): Promise<boolean> =>
    (await listOf(scene, p)).some((m) => m.text === text)
  const say = async ({ who, text, isPublic }: Line): Promise<void> => {
    const [speaker, other] = who === 'alice' ? [alice, bob] : [bob, alice]
    for (let attempt = 0; attempt < 4; attempt++) {
      await repair()
      let isSaid = false
      void speaker.messenger.send(isPublic ? CHAT : other.id, text).then(
        () => {
          isSaid = true
        },
        () => undefined,
      )
      for (let i = 0; i < 20 && !isSaid && speaker.isUp; i++) await world.run(20)
      await repair()
      if (await has(speaker, text)) return // stored: the messenger's job from here on, also if nobody was told
    }
    throw new Error(`${who} could not say ${text}`)
  }
  const settled = async (): Promise<boolean> => {
    await repair()
    for (const p of [alice, bob]) {
      const list = await listOf(scene, p)
      const isDone = list.every((m) => !m.own || m.delivery === (m.chat === CHAT ? 'relayed' : 'delivered'))
      if (!isDone || list.length !== said) return false
    }
    return true
  }

  let said = 0
  for (const line of SCRIPT) {
    await say(line)
    said++
    if (!AT_ONCE.has(line.text)) await world.until(settled, `"${line.text}" arrives ${JSON.stringify(point)}`)
  }
  await world.run(3_000)
  await repair()
  await world.until(settled, `everything arrives, crash ${JSON.stringify(point)}`)

  const what = `crash of ${victim} ${JSON.stringify(point)}`
  expect(world.keysUsedTwice, `message keys used twice, ${what}`).toEqual([])
  expect(world.keysUsed).toBeGreaterThan(5)
  const [ours, theirs] = [await listOf(scene, alice), await listOf(scene, bob)]
  expect(ours.map((m) => m.text).sort(), what).toEqual(SCRIPT.map(({ text }) => text).sort())
  expect(
    theirs.map((m) => m.id),
    `one order, ${what}`,
  ).toEqual(ours.map((m) => m.id))
  for (const p of [alice, bob]) {
    const events = await storedEvents(p)
    expect(
      events.map(({ seq }) => seq),
      what,
    ).toEqual(events.map((_, i) => BigInt(i + 1)))
    const shown = events.flatMap((e) => (e.type === 'message' ? [e.message.text] : []))
    const toBeShown = SCRIPT.filter(({ who }) => scene[who] !== p).map(({ text }) => text)
    expect([...shown].sort(), `shown once, ${what}`).toEqual([...toBeShown].sort())
    expect(
      events.filter((e) => e.type === 'undecryptable'),
      what,
    ).toEqual([])
    const parcels = []
    for await (const [key] of p.storage.range('parcel', new Uint8Array(0), new Uint8Array(9).fill(255), 99))
      parcels.push(key)
    expect(parcels, `nothing waits any more, ${what}`).toEqual([])
  }
  return { commits: store?.commits ?? 0, hasCrashed: store?.hasCrashed ?? false }
}

/** Both chats of a person, public first. */
async function listOf({ alice, bob }: Scene, person: Person) {
  const { messenger } = person
  const other = person === alice ? bob : alice
  return [
    ...(await messenger.messages(CHAT, { limit: 1000 })),
    ...(await messenger.messages(other.id, { limit: 1000 })),
  ]
}
