/** Two people with up to three devices each over a bad network, for some days; every step starts from the stored state. */
import type { Sealed } from '@status-protocol/double-ratchet'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contents, type Party } from './support/party.ts'
import { DAY_MS, World } from './support/talk.ts'

const RUNS = Number(process.env.PROPERTY_RUNS ?? 60)

interface Device {
  readonly party: Party
  /** Sent to this device's identity, not yet delivered to this device. */
  readonly inbox: { readonly from: Device; readonly sealed: Sealed; readonly text: string }[]
  readonly read: { readonly from: Device; readonly bytes: Uint8Array; readonly text: string }[]
}

type Step =
  | { readonly op: 'send'; readonly from: number; readonly toOwn: boolean }
  | { readonly op: 'deliver' | 'drop' | 'repeat' | 'forge'; readonly at: number; readonly pick: number }
  | { readonly op: 'wait'; readonly hours: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ op: fc.constant('send'), from: fc.nat(5), toOwn: fc.boolean() }) },
  { weight: 9, arbitrary: fc.record({ op: fc.constant('deliver'), at: fc.nat(5), pick: fc.nat(99) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      op: fc.constantFrom('drop', 'repeat', 'forge'),
      at: fc.nat(5),
      pick: fc.nat(99),
    }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('wait'), hours: fc.integer({ min: 1, max: 30 }) }) },
)

async function play(counts: readonly [number, number], steps: readonly Step[]): Promise<number> {
  const world = new World()
  const people: Device[][] = []
  for (const [person, count] of counts.entries()) {
    const identity = world.identity()
    const parties = Array.from({ length: count }, (_, i) => world.party(`${person}-${i}`, identity))
    await world.pairUp(...parties)
    people.push(parties.map((party) => ({ party, inbox: [], read: [] })))
  }
  const devices = people.flat()
  const device = (at: number) => devices[at % devices.length] as Device
  let waited = 0
  let opened = 0

  const send = async (from: Device, toOwn: boolean) => {
    const own = people.find((person) => person.includes(from)) as Device[]
    const to = toOwn ? own : (people.find((person) => person !== own) as Device[])
    const text = `message ${world.nowMs}`
    const sealed = await world.send(from.party, (to[0] as Device).party, text)
    for (const receiver of to) if (receiver !== from) receiver.inbox.push({ from, sealed, text })
  }
  const deliver = async (to: Device, pick: number) => {
    const [message] = to.inbox.splice(pick % Math.max(1, to.inbox.length), 1)
    if (!message) return
    const { from, sealed, text } = message
    const isFor = sealed.security === 'dh' || sealed.installationIds.includes(to.party.self.installationId)
    const expected = isFor ? text : `(${isOwn(from, to) ? 'not-paired' : 'not-addressed'})`
    expect(await world.readText(to.party, from.party, sealed.bytes)).toBe(expected)
    if (!isFor) return
    to.read.push({ from, bytes: sealed.bytes, text })
    opened++
  }
  const isOwn = (a: Device, b: Device) => people.some((person) => person.includes(a) && person.includes(b))
  const repeat = async (to: Device, pick: number) => {
    const again = to.read[pick % Math.max(1, to.read.length)]
    if (again) expect(await world.readText(to.party, again.from.party, again.bytes)).toBe(again.text)
  }
  const forge = async (to: Device, pick: number) => {
    const message = to.inbox[pick % Math.max(1, to.inbox.length)]
    const stranger = devices.find((d) => message && !isOwn(d, message.from))
    if (!message || !stranger || message.sealed.security === 'dh') return
    const before = await contents(to.party.storage)
    expect(await world.readText(to.party, stranger.party, message.sealed.bytes)).toMatch(/^\(/)
    expect(await contents(to.party.storage)).toBe(before)
  }

  for (const one of steps) {
    if (one.op === 'send') await send(device(one.from), one.toOwn)
    else if (one.op === 'deliver') await deliver(device(one.at), one.pick)
    else if (one.op === 'repeat') await repeat(device(one.at), one.pick)
    else if (one.op === 'forge') await forge(device(one.at), one.pick)
    else if (one.op === 'drop') {
      const { inbox } = device(one.at)
      inbox.splice(one.pick % Math.max(1, inbox.length), 1)
    } else if (one.op === 'wait' && waited < 3 * DAY_MS) {
      waited += one.hours * 3_600_000
      world.nowMs += one.hours * 3_600_000
    }
  }
  for (const to of devices) while (to.inbox.length > 0) await deliver(to, world.random.int(99))
  return opened
}

describe('conversations over a bad network', () => {
  it(
    'every message that arrives is read by whom it is for, whatever was lost, repeated or late',
    async () => {
      let opened = 0
      const count = fc.integer({ min: 1, max: 3 })
      await fc.assert(
        fc.asyncProperty(
          fc.tuple(count, count),
          fc.array(step, { minLength: 10, maxLength: 50 }),
          async (counts, steps) => {
            opened += await play(counts, steps)
          },
        ),
        { numRuns: RUNS, seed: 2 },
      )
      expect(opened).toBeGreaterThan(300)
    },
    120_000 + RUNS * 1_000,
  )
})
