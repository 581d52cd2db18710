/**
 * All that sessions do, with a process that dies at one of its commits and starts again on what was committed: first
 * contact, a deniable stretch, renewed keys, erased ones, a device switched off and on, lost sessions that heal. Nothing is
 * lost, nothing shown twice, no message key used for two ciphertexts, and in the end both write on one ratchet.
 *
 * `CRASH_EVERY=1` (soak) tries every commit in each way; by default a few of them.
 */
import type { Storage } from '@status-protocol/ports'
import { afterEach, describe, expect, it } from 'vitest'
import { type CrashingStorage, type CrashPoint, crashing } from './support/crashing.ts'
import { type Person, storedEvents, World } from './support/world.ts'

const EVERY = Number(process.env.CRASH_EVERY ?? 64)
const WAYS = ['before', 'during', 'after'] as const
const DAY_MS = 24 * 3_600_000
const STEP_MS = 30 * 60_000

let world: World
afterEach(() => world.close())

type Name = 'alice' | 'bob'

describe('a process that dies at a commit of the session layer', { retry: 0 }, () => {
  it('is not needed for the story to be told', { timeout: 60_000 }, async () => {
    const { commits } = await tell(undefined, 'alice')
    expect(commits).toBeGreaterThan(60)
  })

  for (const [i, who] of (['alice', 'bob'] as const).entries())
    for (const [k, when] of WAYS.entries())
      it(`of ${who}, ${when} it, loses and doubles nothing`, { timeout: 3_600_000 }, async () => {
        let tried = 0
        for (let atCommit = 1 + (((i * WAYS.length + k) * 7) % EVERY); ; atCommit += EVERY) {
          const { hasCrashed } = await tell({ atCommit, when }, who)
          await world.close()
          if (!hasCrashed) break
          tried++
        }
        expect(tried).toBeGreaterThan(0)
      })
})

/** The whole story with at most one crash, and what must be true at its end. */
async function tell(
  point: CrashPoint | undefined,
  victim: Name,
): Promise<{ readonly commits: number; readonly hasCrashed: boolean }> {
  world = new World(5)
  let store: CrashingStorage | undefined
  /** There is one crash; after it the store is as any other. */
  const seen = (person: Person) => (inner: Storage) => {
    if (person.name !== victim) return inner
    store ??= crashing(inner, point, () => world.kill(person))
    return store.hasCrashed ? inner : store.storage
  }
  const begin = async (person: Person) =>
    world.start(person, { seenStorage: seen(person) }).catch((error: unknown) => {
      if (person.isUp) throw error
    })
  const made = async (name: Name): Promise<Person> => {
    const person = await world.person(name)
    await world.stop(person)
    await begin(person)
    return person
  }
  const [alice, bob] = [await made('alice'), await made('bob')]
  world.join(alice, bob)
  const repair = async (): Promise<void> => {
    if (alice.isUp && bob.isUp) return
    await world.run(1_500)
    for (const one of [alice, bob]) if (!one.isUp) await world.start(one)
    world.join(alice, bob)
    await world.run(200)
  }
  /** Something that a person does, again if its process died meanwhile. */
  const does = async (who: Person, what: () => Promise<unknown>, isDone: () => Promise<boolean>) => {
    for (let attempt = 0; attempt < 4; attempt++) {
      await repair()
      if (await isDone()) return
      void what().catch(() => undefined)
      for (let i = 0; i < 20 && who.isUp; i++) await world.run(20)
      await repair()
    }
    if (!(await isDone())) throw new Error(`${who.name} could not do it, ${JSON.stringify(point)}`)
  }
  const said: { readonly by: Person; readonly text: string }[] = []
  const listOf = (who: Person) =>
    who.messenger.messages((who === alice ? bob : alice).id, { limit: 1000 }).catch(() => [])
  const has = async (who: Person, text: string) => (await listOf(who)).some((m) => m.text === text)
  const says = async (by: Person, text: string): Promise<void> => {
    const to = by === alice ? bob : alice
    await does(
      by,
      () => by.messenger.send(to.id, text),
      () => has(by, text),
    )
    said.push({ by, text })
    await world.until(isSettled, `"${text}" arrives, ${victim} ${JSON.stringify(point)}`)
  }
  const isSettled = async (): Promise<boolean> => {
    await repair()
    for (const who of [alice, bob]) {
      const list = await listOf(who)
      if (list.length !== said.length || !list.every((m) => !m.own || m.delivery === 'delivered'))
        return false
    }
    return true
  }
  const wait = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= STEP_MS) {
      await world.run(STEP_MS, STEP_MS)
      await repair()
    }
  }

  await does(
    alice,
    () => alice.messenger.addContact(bob.messenger.publicKey),
    async () => (await alice.messenger.contacts()).length === 1,
  )
  await says(alice, 'first contact')
  await says(bob, 'answer')
  await says(alice, 'on the ratchet')
  for (const [who, other] of [
    [alice, bob],
    [bob, alice],
  ] as const) {
    const isDeniable = async () => {
      const chat = await who.storage.get('chat', new TextEncoder().encode(other.id))
      return new TextDecoder().decode(chat).includes('"deniable":true')
    }
    await does(who, () => who.messenger.setDeniable(other.id, true), isDeniable)
  }
  await says(alice, 'between us')
  await says(bob, 'of course')
  for (const [who, other] of [
    [alice, bob],
    [bob, alice],
  ] as const) {
    const isSigned = async () => {
      const chat = await who.storage.get('chat', new TextEncoder().encode(other.id))
      return !new TextDecoder().decode(chat).includes('"deniable":true')
    }
    await does(who, () => who.messenger.setDeniable(other.id, false), isSigned)
  }
  await wait(1.1 * DAY_MS)
  await says(bob, 'with new keys')
  await says(alice, 'and I')
  const devices = () => alice.messenger.devices.list(bob.messenger.publicKey)
  for (const enabled of [false, true]) {
    const [device] = await devices()
    if (!device) throw new Error('a device')
    await does(
      alice,
      () => alice.messenger.devices.setEnabled(device.installationId, enabled, bob.messenger.publicKey),
      async () => (await devices()).every((one) => one.enabled === enabled),
    )
  }
  await world.run(3 * 3_600_000, STEP_MS)
  await repair()
  await world.stop(bob)
  for (const table of ['double-ratchet.installations', 'double-ratchet.peers'])
    for await (const [key] of bob.storage.range(table, new Uint8Array(0), new Uint8Array(200).fill(255), 1e6))
      await bob.storage.commit([{ del: [table, key] }])
  await begin(bob)
  world.join(alice, bob)
  await world.run(200)
  await says(alice, 'can you read this?')
  await says(bob, 'yes')
  await says(alice, 'good')
  await world.run(3_000)
  await repair()
  await world.until(isSettled, 'everything arrives')

  const what = `crash of ${victim} ${JSON.stringify(point)}`
  expect(world.keysUsedTwice, `message keys used twice, ${what}`).toEqual([])
  const [ours, theirs] = [await listOf(alice), await listOf(bob)]
  expect(ours.map((m) => m.text).sort(), what).toEqual(said.map(({ text }) => text).sort())
  expect(
    theirs.map((m) => m.id),
    `one order, ${what}`,
  ).toEqual(ours.map((m) => m.id))
  for (const m of [...ours, ...theirs])
    expect(m.deniable ?? false, `${m.text}, ${what}`).toBe(['between us', 'of course'].includes(m.text))
  for (const m of theirs.slice(-3)) expect(m.security, `${m.text}, ${what}`).toBe('ratchet')
  for (const who of [alice, bob]) {
    const events = await storedEvents(who)
    expect(
      events.map(({ seq }) => seq),
      what,
    ).toEqual(events.map((_, i) => BigInt(i + 1)))
    const shown = events.flatMap((e) => (e.type === 'message' ? [e.message.text] : []))
    const toBeShown = said.filter(({ by }) => by !== who).map(({ text }) => text)
    expect([...shown].sort(), `shown once, ${what}`).toEqual([...toBeShown].sort())
    const unread = events.flatMap((e) => (e.type === 'undecryptable' ? [e.healing] : []))
    expect(
      unread.every((healing) => healing),
      `healing, ${what}`,
    ).toBe(true)
    expect(unread.length, `unread, ${what}`).toBeLessThan(4)
    expect(who.messenger.rejected().get('failed'), what).toBeUndefined()
    const parcels = []
    for await (const [key] of who.storage.range('parcel', new Uint8Array(0), new Uint8Array(9).fill(255), 99))
      parcels.push(key)
    expect(parcels, `nothing waits any more, ${what}`).toEqual([])
  }
  return { commits: store?.commits ?? 0, hasCrashed: store?.hasCrashed ?? false }
}
