/**
 * Sessions as a model: whatever people, devices and the network do, everything that arrives is read once or has a reason
 * not to be, no message key serves twice, whoever steals all keys of a device opens no more than they have to, and in the end
 * both sides agree. `SESSION_RUNS` sets how many runs.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CRASHES, type CrashAt } from './support/crashing-storage.ts'
import type { Device } from './support/device.ts'
import { HOUR_MS, MAX_SKEW_MS, Simulation } from './support/simulation.ts'

const RUNS = Number(process.env.SESSION_RUNS ?? 20)
const TIMEOUT_MS = 60_000 + RUNS * 2_000

/** The model knows who there is; what must come of each step the simulation says. */
type Model = { steps: number }
type Command = fc.AsyncCommand<Model, Simulation>

const device = (sim: Simulation, pick: number): Device => sim.devices[pick % sim.devices.length] as Device

function command(name: string, run: (sim: Simulation) => Promise<unknown> | undefined): Command {
  return {
    check: () => true,
    async run(model, sim) {
      model.steps++
      await run(sim)
    },
    toString: () => name,
  }
}

const pick = fc.nat(99)
const sibling = (of: Device, which: number) => {
  const others = of.person.devices.filter((one) => one !== of)
  return others[which % Math.max(1, others.length)]
}

const send = fc
  .record({ from: pick, to: pick, mode: fc.constantFrom('ratchet', 'ratchet', 'ratchet', 'dh', 'deniable') })
  .map(({ from, to, mode }) =>
    command(`send ${from} -> ${to} ${mode}`, (sim) => {
      const person = sim.people[to % sim.people.length] as Simulation['people'][0]
      return sim.send(device(sim, from), person, mode as 'ratchet')
    }),
  )
const deliver = pick.map((at) => command(`deliver ${at}`, (sim) => sim.deliver(at)))
const drop = pick.map((at) => command(`drop ${at}`, async (sim) => sim.drop(at)))
const duplicate = pick.map((at) => command(`duplicate ${at}`, async (sim) => sim.duplicate(at)))
const publish = pick.map((of) => command(`publish ${of}`, (sim) => sim.publish(device(sim, of))))
const wait = fc
  .oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 30 }) },
    { weight: 3, arbitrary: fc.integer({ min: 2 * 24, max: 9 * 24 }) },
    { weight: 1, arbitrary: fc.integer({ min: 7 * 24, max: 35 * 24 }) },
  )
  .map((hours) =>
    command(`wait ${hours} h`, async (sim) => {
      sim.nowMs += hours * HOUR_MS
    }),
  )
const clock = fc.record({ of: pick, hours: fc.integer({ min: -48, max: 48 }) }).map(({ of, hours }) =>
  command(`clock of ${of} is ${hours} h off`, async (sim) => {
    device(sim, of).skewMs = Math.max(-MAX_SKEW_MS, Math.min(MAX_SKEW_MS, hours * HOUR_MS))
  }),
)
const pairing = fc
  .record({ of: pick, with: pick, enabled: fc.boolean() })
  .map(({ of, with: other, enabled }) =>
    command(`${enabled ? 'pair' : 'disable'} ${of} ${other}`, (sim) => {
      const one = device(sim, of)
      const second = sibling(one, other)
      return second ? sim.pair(one, second, enabled) : undefined
    }),
  )
const reinstall = pick.map((of) => command(`reinstall ${of}`, (sim) => sim.reinstall(device(sim, of))))
const sweep = pick.map((of) => command(`sweep ${of}`, (sim) => sim.sweep(device(sim, of))))
const steal = pick.map((of) => command(`steal ${of}`, (sim) => sim.steal(device(sim, of))))
const stealAll = fc.constant(
  command('steal all', async (sim) => {
    for (const one of sim.devices) await sim.steal(one)
  }),
)
const crash = fc
  .record({ of: pick, at: fc.constantFrom<CrashAt>(...CRASHES) })
  .map(({ of, at }) => command(`crash ${of} ${at}`, async (sim) => device(sim, of).storage.crashNext(at)))

const weighted = (weight: number, arbitrary: fc.Arbitrary<Command>) =>
  Array.from({ length: weight }, () => arbitrary)

describe('sessions as a model', { retry: 0 }, () => {
  it('identities with up to four installations over a bad network', { timeout: TIMEOUT_MS }, async () => {
    const total = { opened: 0, crashes: 0, answers: 0, exposed: 0, healed: 0, refused: new Set<string>() }
    const commands = fc.commands(
      [
        ...weighted(7, send),
        ...weighted(9, deliver),
        ...weighted(2, publish),
        ...weighted(2, wait),
        ...weighted(2, crash),
        drop,
        duplicate,
        ...weighted(3, steal),
        stealAll,
        clock,
        pairing,
        reinstall,
        sweep,
      ],
      { maxCommands: 60, size: 'max' },
    )
    const installations = fc.integer({ min: 1, max: 4 })
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(installations, installations),
        fc.boolean(),
        fc.nat(),
        commands,
        async (counts, isKnown, seed, steps) => {
          const sim = new Simulation(counts, seed)
          if (isKnown) for (const one of sim.devices) await sim.publish(one)
          await fc.asyncModelRun(() => ({ model: { steps: 0 }, real: sim }), steps)
          await sim.settle()
          total.opened += sim.outcomes.opened
          total.crashes += sim.outcomes.crashes
          total.answers += sim.outcomes.answers
          total.exposed += sim.outcomes.exposed
          total.healed += sim.outcomes.healed
          for (const reason of sim.outcomes.refused.keys()) total.refused.add(reason)
        },
      ),
      { numRuns: RUNS, seed: 6, endOnFailure: RUNS > 100 },
    )
    expect(total.opened).toBeGreaterThan(RUNS * 10)
    expect(total.crashes).toBeGreaterThan(RUNS / 3)
    expect(total.answers).toBeGreaterThan(0)
    expect(total.exposed, 'messages that a thief opened').toBeGreaterThan(RUNS)
    expect(total.healed, 'messages after a round trip').toBeGreaterThan(RUNS)
    expect([...total.refused]).toEqual(expect.arrayContaining(['not-addressed', 'no-payload']))
  })
})

describe('a crash at every commit', { retry: 0 }, () => {
  /** Two people, one with two devices: first contact, answers, a day later, a lost store. */
  async function story(crashAt: number, how: CrashAt): Promise<{ commits: number; crashes: number }> {
    let commits = 0
    const sim = new Simulation([1, 2], 3, () => (++commits === crashAt ? how : undefined))
    const [alice, bob, tablet] = sim.devices as [Device, Device, Device]
    const all = async () => {
      while (sim.inFlight > 0) await sim.deliver(0)
    }
    await sim.send(alice, bob.person)
    await all()
    await sim.send(bob, alice.person)
    await sim.publish(tablet)
    await all()
    await sim.pair(bob, tablet)
    await sim.send(alice, bob.person)
    await sim.send(tablet, bob.person)
    await all()
    sim.nowMs += 25 * HOUR_MS
    await sim.send(alice, bob.person)
    await sim.send(bob, alice.person)
    await all()
    await sim.reinstall(alice)
    await sim.send(bob, alice.person)
    await all()
    await sim.sweep(bob)
    const told = commits
    crashAt = 0
    await sim.settle(2)
    return { commits: told, crashes: sim.outcomes.crashes }
  }

  it('before, during and after: what follows is read, each once, and both sides agree', async () => {
    const { commits } = await story(0, 'before')
    expect(commits).toBeGreaterThan(20)
    // In the middle of a commit is before it or after it, since stores are atomic: no need to see it each time.
    const crashes = RUNS > 100 ? CRASHES : CRASHES.filter((how) => how !== 'during')
    for (let at = 1; at <= commits; at++)
      for (const how of crashes) expect((await story(at, how)).crashes, `commit ${at}, ${how}`).toBe(1)
  }, 120_000)
})
