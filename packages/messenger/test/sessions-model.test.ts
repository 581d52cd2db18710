/**
 * Two people with two devices each, whole messengers over a bad network: messages are dropped and come late, processes are
 * killed, clocks jump, keys are renewed, sessions are lost, devices are switched off and on, chats become deniable. In every second run the
 * devices of each person are paired. Whatever
 * happens, nothing is shown twice, nothing that was delivered is missing, no message key is used for two texts, and in the
 * end everybody writes to every device with forward secrecy.
 *
 * `MESSENGER_RUNS` (soak) sets how many runs, `MESSENGER_SEED` the first one.
 */
import type { Storage } from '@status-protocol/ports'
import type { SeededRandom } from '@status-protocol/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import { type Person, storedEvents, World } from './support/world.ts'

const RUNS = Number(process.env.MESSENGER_RUNS ?? 2)
const FIRST = Number(process.env.MESSENGER_SEED ?? 1)
const STEPS = 40
const [MINUTE_MS, HOUR_MS] = [60_000, 3_600_000]
const STEP_MS = 15 * MINUTE_MS

let world: World
afterEach(() => world.close())

interface Said {
  readonly by: Person
  readonly id: string
  readonly text: string
  /** Its clock was ahead by more than others take: it is acknowledged, and not shown. */
  readonly isAhead: boolean
}

class Scene {
  readonly devices: readonly Person[]
  readonly said: Said[] = []
  readonly random: SeededRandom
  /** Ends what a process does with its store. */
  readonly #end = new Map<Person, () => void>()
  #texts = 0

  readonly isPaired: boolean

  constructor(devices: readonly Person[], random: SeededRandom, isPaired: boolean) {
    this.devices = devices
    this.random = random
    this.isPaired = isPaired
  }

  siblingOf(one: Person): Person {
    return this.devices.find((other) => other.id === one.id && other !== one) as Person
  }

  /** Both devices of each person know of each other, and were enabled. */
  async pair(): Promise<void> {
    for (const one of this.devices) await world.whileRunning(one.messenger.devices.pair())
    await world.run(3_000)
    for (const one of this.devices) await this.enableSiblings(one, true)
  }

  async enableSiblings(one: Person, enabled: boolean): Promise<void> {
    for (const { installationId, isThis } of await one.messenger.devices.list())
      if (!isThis) await one.messenger.devices.setEnabled(installationId, enabled)
  }

  otherThan({ id }: Person): readonly Person[] {
    return this.devices.filter((one) => one.id !== id)
  }
  pick(): Person {
    return this.random.pick(this.devices)
  }
  up(): Person | undefined {
    const up = this.devices.filter(({ isUp }) => isUp)
    return up.length > 0 ? this.random.pick(up) : undefined
  }

  async say(by: Person, security?: 'dh'): Promise<void> {
    const text = `text ${this.#texts++} of ${by.name}`
    const to = (this.otherThan(by)[0] as Person).id
    const saying = by.messenger.send(to, text, security ? { security } : {})
    const message = await world.whileRunning(saying.catch((error: { code?: string }) => error.code))
    if (typeof message === 'object') {
      const isAhead = Number(message.clock) > world.clock.wallMs() + MINUTE_MS
      this.said.push({ by, id: message.id, text, isAhead })
    } else expect(['not-deniable', 'invalid-security']).toContain(message)
  }

  join(): void {
    for (const a of this.devices)
      for (const b of this.devices) if (a.name < b.name && a.isUp && b.isUp) world.join(a, b)
  }

  async restart(one: Person, isKilled: boolean): Promise<void> {
    if (one.isUp && isKilled) {
      this.#end.get(one)?.()
      world.kill(one)
    } else if (one.isUp) await world.stop(one)
    await world.start(one, {
      seenStorage: (inner) => {
        const { storage, end } = mortal(inner)
        this.#end.set(one, end)
        return storage
      },
    })
    this.join()
    await world.run(300)
  }

  /** As if the store had been damaged and repaired, or put back without them. */
  async loseSessions(one: Person): Promise<void> {
    if (one.isUp) await world.stop(one)
    const last = new Uint8Array(200).fill(255)
    for (const table of ['double-ratchet.installations', 'double-ratchet.peers'])
      for await (const [key] of one.storage.range(table, new Uint8Array(0), last, 1e6))
        await one.storage.commit([{ del: [table, key] }])
    await this.restart(one, false)
  }

  async step(): Promise<void> {
    const { random } = this
    const one = this.up()
    const dice = random.int(100)
    if (!one) return this.restart(this.pick(), false)
    if (dice < 45) return this.say(one, random.int(8) === 0 ? 'dh' : undefined)
    if (dice < 60) return world.run(random.int(8_000), 50)
    if (dice < 66)
      return world.change({
        drop: random.pick([0, 0, 0.1, 0.3]),
        duplicate: random.pick([0, 0.1]),
        delayMs: [5, random.pick([20, 400])],
        reorder: true,
      })
    if (dice < 74) return this.restart(this.pick(), random.int(2) === 0)
    if (dice < 79) return void (one.isUp && (await world.stop(one)))
    if (dice < 84) {
      // A node whose clock is more than a day behind takes no envelopes at all: there is nothing to lose then.
      one.skewMs = random.pick([-20, -3, 0, 0, 3, 26]) * HOUR_MS
      return
    }
    if (dice < 88) return world.run(random.pick([1, 7, 25]) * HOUR_MS, STEP_MS)
    if (dice < 90) return this.loseSessions(one)
    if (dice < 92 && this.isPaired) return this.enableSiblings(one, random.int(3) > 0)
    const other = this.otherThan(one)[0] as Person
    if (dice < 95) {
      const known = await one.messenger.devices.list(other.messenger.publicKey)
      if (known.length === 0) return
      const { installationId } = random.pick(known)
      return one.messenger.devices.setEnabled(installationId, random.int(2) === 0, other.messenger.publicKey)
    }
    return one.messenger.setDeniable(other.id, random.int(2) === 0)
  }

  /** All are there, with right clocks and a good network, for long enough that keys are renewed. */
  async settle(): Promise<void> {
    world.change({ drop: 0, duplicate: 0, delayMs: [5, 20], reorder: false })
    for (const one of this.devices) {
      one.skewMs = 0
      await this.restart(one, false)
    }
    for (const one of this.devices) {
      const other = this.otherThan(one)[0] as Person
      await one.messenger.setDeniable(other.id, false)
      for (const { installationId } of await one.messenger.devices.list(other.messenger.publicKey))
        await one.messenger.devices.setEnabled(installationId, true, other.messenger.publicKey)
    }
    if (this.isPaired) await this.pair()
    await world.run(30 * HOUR_MS, STEP_MS)
  }

  /** Everybody is heard on both devices of the other, with forward secrecy. */
  async expectHealed(what: string): Promise<void> {
    for (let round = 0; round < 2; round++)
      for (const by of this.devices) {
        await this.say(by)
        await world.run(1_500)
      }
    const last = this.said.slice(-this.devices.length)
    const readersOf = (by: Person) => [...this.otherThan(by), ...(this.isPaired ? [this.siblingOf(by)] : [])]
    const isHeard = async ({ by, id }: Said) =>
      (await Promise.all(readersOf(by).map((other) => other.messenger.message(id as never)))).every(Boolean)
    await world.until(
      async () => (await Promise.all(last.map(isHeard))).every(Boolean),
      `all devices hear all, ${what}`,
      10 * MINUTE_MS,
    )
    for (const { by, id } of last) {
      for (const other of this.otherThan(by))
        expect((await other.messenger.message(id as never))?.security, what).toBe('ratchet')
      expect((await by.messenger.message(id as never))?.delivery, what).toBe('delivered')
    }
  }

  async expectSound(what: string): Promise<void> {
    expect(world.keysUsedTwice, `message keys used twice, ${what}`).toEqual([])
    for (const one of this.devices) {
      const events = await storedEvents(one)
      expect(
        events.map(({ seq }) => seq),
        what,
      ).toEqual(events.map((_, i) => BigInt(i + 1)))
      const shown = events.flatMap((e) => (e.type === 'message' ? [e.message] : []))
      expect(new Set(shown.map(({ id }) => id)).size, `${one.name} is shown each once, ${what}`).toBe(
        shown.length,
      )
      for (const { id, text, deniable } of shown) {
        const said = this.said.find((it) => it.id === id)
        expect(said?.text, `${one.name} is shown what was said, ${what}`).toBe(text)
        const own = await said?.by.messenger.message(id)
        expect(deniable ?? false, `${text} ${what}`).toBe(own?.deniable ?? false)
      }
      expect(one.messenger.rejected().get('failed'), what).toBeUndefined()
    }
    for (const { by, id, text, isAhead } of this.said) {
      const own = await by.messenger.message(id as never)
      expect(['delivered', 'failed'], `${text}, ${what}`).toContain(own?.delivery)
      if (own?.delivery !== 'delivered' || isAhead) continue
      const others = this.otherThan(by)
      const has = await Promise.all(others.map((other) => other.messenger.message(id as never)))
      expect(has.some(Boolean), `${text} was delivered, ${what}`).toBe(true)
      const to = own.deliveredTo ?? []
      const ids = await Promise.all(
        others.map(async ({ messenger }) => (await messenger.devices.list())[0]?.installationId as string),
      )
      for (const [i, installationId] of ids.entries())
        if (to.includes(installationId))
          expect(has[i], `${text} at ${others[i]?.name}, ${what}`).toBeDefined()
    }
  }
}

/** What a process that is no more asks for is never answered. */
function mortal(inner: Storage): { readonly storage: Storage; end(): void } {
  let isOver = false
  const alive = <T>(run: () => Promise<T>): Promise<T> => (isOver ? new Promise<T>(() => undefined) : run())
  return {
    end() {
      isOver = true
    },
    storage: {
      get: (table, key) => alive(() => inner.get(table, key)),
      async *range(...args) {
        await alive(async () => undefined)
        yield* inner.range(...args)
      },
      commit: (changes) => alive(() => inner.commit(changes)),
    },
  }
}

describe('two people with two devices each', { retry: 0 }, () => {
  for (let seed = FIRST; seed < FIRST + RUNS; seed++)
    it(`whatever happens, run ${seed}`, { timeout: 300_000 }, async () => {
      world = new World(seed)
      const [a1, b1] = [await world.person('a1'), await world.person('b1')]
      const a2 = await world.person('a2', { account: a1.account })
      const b2 = await world.person('b2', { account: b1.account })
      const scene = new Scene([a1, a2, b1, b2], world.random, seed % 2 === 0)
      for (const one of scene.devices)
        await one.messenger.addContact((scene.otherThan(one)[0] as Person).messenger.publicKey)
      for (const one of scene.devices) await scene.restart(one, false)
      await world.run(500)
      if (scene.isPaired) await scene.pair()
      for (let step = 0; step < STEPS; step++) await scene.step()
      await scene.settle()
      const what = `seed ${seed}`
      await scene.expectHealed(what)
      await world.run(26 * HOUR_MS, STEP_MS) // whatever nobody acknowledges is given up
      await scene.expectSound(what)
    })
})
