/** Whatever our devices do, and in whichever order and however often they hear of it: in the end all have the same. */
import { to0xHex } from '@status-protocol/bytes'
import type { SyncInstallation } from '@status-protocol/payload'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { seededRandom } from '@status-protocol/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { oneToOneChat, parseChat } from '../src/chat.ts'
import { getRelation, putRelation } from '../src/contacts/relation.ts'
import { changedBy } from '../src/device-sync/ledger.ts'
import { MAX_PORTION_BYTES, portions } from '../src/device-sync/portions.ts'
import { createTaking } from '../src/device-sync/taking.ts'
import { createStage, type Stage } from '../src/stage.ts'
import { allChats, allContacts, deleteContact, getChat, putChat, putContact } from '../src/tables.ts'
import { quickCrypto } from './support/world.ts'

const NOW = 1_600_000_000_000
/** How far a clock may be off, either way. */
const HOURS = 30 * 3_600_000
const random = seededRandom(4)
const [self, ...people] = Array.from({ length: 4 }, () => quickCrypto.publicKey(random.bytes(32)))
if (!self) throw new Error('somebody')
const chats = ['#a', '#b', '#c'].map(parseChat)

type Deed =
  | { readonly kind: 'join' | 'leave'; readonly at: number }
  | { readonly kind: 'name'; readonly at: number; readonly name: string }
  | { readonly kind: 'forget' | 'block' | 'request'; readonly at: number }

const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({ kind: fc.constantFrom('join' as const, 'leave' as const), at: fc.integer({ min: 0, max: 2 }) }),
  fc.record({
    kind: fc.constant('name' as const),
    at: fc.integer({ min: 0, max: 2 }),
    name: fc.string({ unit: 'grapheme', maxLength: 8 }),
  }),
  fc.record({
    kind: fc.constantFrom('forget' as const, 'block' as const, 'request' as const),
    at: fc.integer({ min: 0, max: 2 }),
  }),
)

class Device {
  readonly storage = createMemoryStorage()
  readonly said: SyncInstallation[] = []
  nowMs = NOW
  readonly taking = createTaking({
    publicKey: self as never,
    newChat: (chat) => ({ chat, joinedAtMs: NOW, lastClock: 0n }),
    meet: async () => undefined,
    nowMs: () => this.nowMs,
  })

  /** What changes is told, as the messenger does it. */
  async #input(run: (stage: Stage) => Promise<unknown>): Promise<void> {
    const stage = createStage(this.storage)
    await run(stage)
    this.said.push(...portions(await changedBy(stage, this.nowMs)))
    await this.storage.commit(stage.changes)
  }

  do(deed: Deed): Promise<void> {
    return this.#input(async (stage) => {
      const [chat, person] = [chats[deed.at] as never, people[deed.at] as never]
      if (deed.kind === 'join')
        stage.add({ changes: [putChat({ chat, joinedAtMs: this.nowMs, lastClock: 0n })] })
      if (deed.kind === 'leave') {
        const record = await getChat(stage, chats[deed.at]?.id as never)
        if (record) stage.add({ changes: [putChat({ ...record, left: true, unasked: true })] })
      }
      if (deed.kind === 'name')
        stage.add({ changes: [putContact({ publicKey: person, addedAtMs: this.nowMs, name: deed.name })] })
      if (deed.kind === 'forget') stage.add({ changes: [deleteContact(person)] })
      if (deed.kind === 'block' || deed.kind === 'request') {
        const state = deed.kind === 'block' ? 'blocked' : 'sent'
        stage.add({ changes: putRelation({ ...(await getRelation(stage, person)), state, sinceMs: NOW }) })
      }
    })
  }

  hear(said: SyncInstallation): Promise<void> {
    return this.#input(async (stage) => {
      const taken = await this.taking.all(stage, said, this.nowMs)
      expect(typeof taken).toBe('object')
    })
  }

  async view(): Promise<unknown> {
    const here = (await allChats(this.storage)).flatMap(({ chat, left }) => (left ? [] : [chat.id]))
    const contacts = (await allContacts(this.storage)).map(({ publicKey, name }) => [
      to0xHex(publicKey),
      name ?? '',
    ])
    const states = await Promise.all(people.map(async (p) => (await getRelation(this.storage, p)).state))
    return { here: here.sort(), contacts: contacts.sort(), states }
  }
}

describe('devices of one person', () => {
  it('end the same', async () => {
    const run = fc.record({
      deeds: fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), deed, fc.integer({ min: 0, max: 50 })), {
        maxLength: 14,
      }),
      seed: fc.integer({ min: 1, max: 1_000_000 }),
      skews: fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: -HOURS, max: HOURS }))),
    })
    await fc.assert(
      fc.asyncProperty(run, async ({ deeds, seed, skews }) => {
        const devices = [new Device(), new Device(), new Device()]
        const chance = seededRandom(seed)
        const heard = new Map<string, number>()
        const hearSome = async (all: boolean): Promise<boolean> => {
          let any = false
          for (const [i, to] of devices.entries())
            for (const [j, from] of devices.entries()) {
              const said = from.said.length
              if (i === j) continue
              const order = from.said.map((message, n) => ({ message, n }))
              if (chance.int(2) === 0) order.reverse()
              for (const { message, n } of order) {
                const key = `${i} ${j} ${n}`
                if (!all && chance.int(3) > 0) continue
                if (all && (heard.get(key) ?? 0) > 0) continue
                heard.set(key, (heard.get(key) ?? 0) + 1)
                any = true
                await to.hear(message)
              }
              any ||= from.said.length > said
            }
          return any
        }
        for (const [which, what, passed] of deeds) {
          for (const [i, device] of devices.entries()) {
            device.nowMs += passed
            if (device.nowMs < NOW + (skews[i] ?? 0)) device.nowMs = NOW + (skews[i] ?? 0)
          }
          await devices[which]?.do(what)
          if (chance.int(3) === 0) await hearSome(false)
        }
        let rounds = 0
        while (await hearSome(true)) expect(++rounds, 'they come to an end').toBeLessThan(20)
        const [first, ...others] = await Promise.all(devices.map((device) => device.view()))
        for (const other of others) expect(other).toEqual(first)
      }),
      { numRuns: Number(process.env.PROPERTY_RUNS ?? 60), seed: 11 },
    )
  }, 600_000)

  it('tell each other in messages of bounded size', () => {
    const item = fc.record({
      kind: fc.constant('contact' as const),
      id: fc.constantFrom(...people.map((key) => oneToOneChat(key).id as string)),
      clock: fc.bigInt({ min: 1n, max: 2n ** 60n }),
      value: fc.string({ maxLength: 900 }).map((name) => JSON.stringify({ contact: true, name })),
    })
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 400 }), (items) => {
        const all = portions(items)
        expect(all.flatMap(({ contacts }) => contacts)).toHaveLength(items.length)
        for (const { contacts } of all) {
          const bytes = contacts.reduce((sum, c) => sum + c.id.length + (c.localName?.length ?? 0), 0)
          expect(bytes).toBeLessThanOrEqual(MAX_PORTION_BYTES)
        }
      }),
      { numRuns: 20, seed: 12 },
    )
  })
})
