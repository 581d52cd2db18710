import { toHex, utf8 } from '@status-protocol/bytes'
import { type Conditions, seededRandom } from '@status-protocol/testkit'
import { describe, expect, it } from 'vitest'
import type { WhisperOptions } from '../../src/index.ts'
import { KEY, TOPIC, World } from './support.ts'

interface Plan {
  readonly seed: number
  readonly nodes: number
  /** Ways beside those that join all nodes in a line. */
  readonly chords: number
  readonly messages: number
  readonly ttlSeconds: number
  readonly options?: (name: string) => WhisperOptions
  way(random: ReturnType<typeof seededRandom>): Conditions
}

interface Outcome {
  /** Text to the names of the nodes that got it, once for every time. */
  readonly received: Map<string, string[]>
  /** Text to the names of the peers that confirmed it. */
  readonly confirmed: Map<string, string[]>
  readonly expired: readonly string[]
  readonly world: World
}

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']

async function simulate(plan: Plan, disturb?: (world: World) => Promise<void>): Promise<Outcome> {
  const random = seededRandom(plan.seed)
  const world = new World()
  const names = NAMES.slice(0, plan.nodes)
  for (const name of names) world.node(name, plan.options?.(name))
  const [received, confirmed, expired] = [
    new Map<string, string[]>(),
    new Map<string, string[]>(),
    [] as string[],
  ]
  const nameOf = new Map<string, string>()
  const texts = new Map<string, string>()
  for (const [name, node] of world.nodes) {
    void (async () => {
      for await (const { payload } of node.service.subscribe({ topics: [TOPIC], symKey: KEY }))
        push(received, new TextDecoder().decode(payload), name)
    })()
    void (async () => {
      for await (const { hash, state, peerId } of node.service.status()) {
        const text = texts.get(toHex(hash)) as string
        if (state === 'expired') expired.push(text)
        else push(confirmed, text, nameOf.get(toHex(peerId as Uint8Array)) as string)
      }
    })()
  }
  const join = (x: string, y: string): void => {
    const [idX, idY] = [random.bytes(64), random.bytes(64)]
    nameOf.set(toHex(idX), x)
    nameOf.set(toHex(idY), y)
    const queue = { queuePackets: 1 + random.int(20) }
    world.join(x, y, { conditions: plan.way(random), a: { id: idX, ...queue }, b: { id: idY, ...queue } })
  }
  for (let i = 1; i < names.length; i++) join(names[i - 1] as string, names[i] as string)
  for (let i = 0; i < plan.chords; i++) {
    const [x, y] = random.shuffle(names)
    join(x as string, y as string)
  }
  await world.clock.advance(2_000)
  await disturb?.(world)
  for (let i = 0; i < plan.messages; i++) {
    const { service } = world.nodes.get(random.pick(names)) as {
      service: ReturnType<World['node']>['service']
    }
    const text = `message ${i}`
    const payload = utf8(text)
    const post = { to: { symKey: KEY }, topic: TOPIC, powTarget: 0, ttlSeconds: plan.ttlSeconds }
    texts.set(toHex(await service.post({ ...post, payload })), text)
    await world.clock.advance(random.int(100))
  }
  await world.clock.advance(1_000 * (plan.ttlSeconds + 5))
  return { received, confirmed, expired, world }
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

describe('several nodes', () => {
  for (const seed of [1, 2, 3, 4, 5])
    it(`give everybody everything once over slow ways (seed ${seed})`, async () => {
      const plan = {
        ...{ seed, nodes: 8, chords: 6, messages: 150, ttlSeconds: 60 },
        way: (random: ReturnType<typeof seededRandom>) => ({
          delayMs: [1, 5 + random.int(300)] as const,
          bytesPerSecond: 20_000 + random.int(200_000),
        }),
      }
      const { received, confirmed, expired, world } = await simulate(plan)
      for (let i = 0; i < plan.messages; i++) {
        expect([...(received.get(`message ${i}`) ?? [])].sort()).toEqual(NAMES)
        expect(confirmed.get(`message ${i}`)?.length).toBeGreaterThan(0)
      }
      expect(expired).toEqual([])
      for (const node of world.nodes.values()) {
        expect(node.stats()).toMatchObject({
          ...{ poolEnvelopes: 0, poolBytes: 0, ownEnvelopes: 0, waitingPackets: 0, waitingOpenings: 0 },
          ...{ linksDropped: 0, confirmationsLeftOut: 0 },
        })
        // Nobody was sent anything twice by one peer: over every way each envelope went at most once.
        expect(node.stats().envelopesSent).toBeLessThanOrEqual(plan.messages * node.peers().length)
      }
      await world.close()
    }, 60_000)

  for (const seed of [1, 2, 3])
    it(`do so with rate limits, privacy delays and a light client among them as well (seed ${seed})`, async () => {
      const plan = {
        ...{ seed, nodes: 8, chords: 6, messages: 150, ttlSeconds: 60 },
        options: (name: string) => ({
          lightClient: name === 'h', // at an end of the line that joins all
          privacyDelayMs: name < 'd' ? 500 : 0,
          rateLimits: {
            perPeer: 5 + (name.charCodeAt(0) % 4),
            perTopic: name === 'c' ? 20 : 0,
            tolerance: 20,
          },
        }),
        way: (random: ReturnType<typeof seededRandom>) => ({ delayMs: [1, 5 + random.int(100)] as const }),
      }
      const { received, confirmed, expired, world } = await simulate(plan)
      for (let i = 0; i < plan.messages; i++) {
        expect([...(received.get(`message ${i}`) ?? [])].sort()).toEqual(NAMES)
        expect(confirmed.get(`message ${i}`)?.length).toBeGreaterThan(0)
      }
      expect(expired).toEqual([])
      for (const [name, node] of world.nodes) {
        expect(node.stats()).toMatchObject({ poolEnvelopes: 0, linksDropped: 0, envelopesRefused: 0 })
        const [from] = world.traffic.filter((packet) => packet.from === name && packet.code === 11)
        expect(from).toBeUndefined() // everybody has limits: 12 says it all
      }
      await world.close()
    }, 60_000)

  for (const seed of [1, 2, 3])
    it(`never claim more than is true when ways lose packets (seed ${seed})`, async () => {
      const way = () => ({ delayMs: [1, 50] as const })
      const plan = { seed, nodes: 6, chords: 9, messages: 200, ttlSeconds: 15, way }
      const { received, confirmed, expired, world } = await simulate(plan, async (one) =>
        one.change({ drop: 0.3 }),
      )
      let complete = 0
      for (let i = 0; i < plan.messages; i++) {
        const text = `message ${i}`
        const who = received.get(text) ?? []
        expect(new Set(who).size).toBe(who.length) // once each
        for (const name of confirmed.get(text) ?? []) expect(who).toContain(name)
        expect(expired.includes(text)).toBe(!confirmed.has(text)) // one or the other
        if (who.length === plan.nodes) complete++
      }
      expect(world.traffic.length).toBeGreaterThan(500)
      // 14 ways and 30 % loss: most still get through, not all.
      expect(complete).toBeGreaterThan(100)
      expect(complete).toBeLessThan(200)
      await world.close()
    }, 60_000)

  it('are the same for the same seed', async () => {
    const run = async () => {
      const way = () => ({ delayMs: [1, 50] as const, drop: 0.05 })
      const { world, received } = await simulate({
        seed: 9,
        nodes: 4,
        chords: 2,
        messages: 30,
        ttlSeconds: 10,
        way,
      })
      return [world.traffic.map(({ from, to, code, atMs }) => `${atMs} ${from} ${to} ${code}`), [...received]]
    }
    expect(await run()).toEqual(await run())
  })
})
