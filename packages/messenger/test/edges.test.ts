/** Every edge between two delivery states, as something that happens to a message; and again with a restart before it. */
import { virtualClock } from '@status-protocol/testkit'
import { packetCodes } from '@status-protocol/whisper'
import { createMemoryLinkPair } from '@status-protocol/whisper/testing'
import { afterEach, describe, expect, it } from 'vitest'
import type { DeliveryState, Security } from '../src/message.ts'
import { DELIVERY_EDGES, MAX_ATTEMPTS } from '../src/outbound.ts'
import { type Scripted, scripted } from './support/scripted.ts'

type Kind = 'public' | 'private' | 'whispered'
type Step = (scene: Scene) => Promise<void>

interface Edge {
  readonly from: DeliveryState
  readonly to: DeliveryState
  readonly kinds: readonly Kind[]
  /** Until the message is in `from`. */
  readonly reach: readonly Step[]
  /** Until it is in `to`. */
  readonly act: readonly Step[]
  /** The same after a restart, if something else has to happen then; false: the restart makes it another edge. */
  readonly afterRestart?: readonly Step[] | false
}

class Scene {
  readonly clock = virtualClock()
  id = ''
  readonly kind: Kind
  mailserver: Uint8Array = new Uint8Array(64)
  alice!: Scripted
  bob!: Scripted

  constructor(kind: Kind) {
    this.kind = kind
  }

  async open(): Promise<void> {
    this.alice = await scripted(61, this.clock)
    this.bob = await scripted(62, this.clock)
    this.bob.sealsAtOnce = true
    const [to, security]: [string, Security | undefined] =
      this.kind === 'public'
        ? ['#status', undefined]
        : [this.bob.id, this.kind === 'whispered' ? 'whisper' : undefined]
    if (this.kind === 'public') await this.alice.messenger.join('#status')
    this.id = (await this.alice.messenger.send(to, 'hello', security ? { security } : {})).id
    await this.run(200)
  }

  async run(ms: number, stepMs = 100): Promise<void> {
    for (let left = ms; left > 0; left -= stepMs) {
      await this.clock.advance(Math.min(left, stepMs))
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  get states(): DeliveryState[] {
    return this.alice.events.flatMap((e) =>
      e.type === 'delivery' && e.messageId === this.id ? [e.state] : [],
    )
  }

  async stored(): Promise<DeliveryState | undefined> {
    return (await this.alice.messenger.message(this.id as never))?.delivery
  }
}

const seal: Step = async (scene) => {
  for (const post of scene.alice.posts) if (post.state === 'held') post.seal()
  await scene.run(200)
}
const refuse: Step = async (scene) => {
  for (const post of scene.alice.posts) if (post.state === 'held') post.refuse()
  await scene.run(200)
}
const fate =
  (state: 'confirmed' | 'expired', which: 'all' | 'first' = 'all'): Step =>
  async (scene) => {
    const sealed = scene.alice.posts.filter((post) => post.state === 'sealed')
    for (const post of which === 'all' ? sealed : sealed.slice(0, 1)) scene.alice.settle(post, state)
    await scene.run(200)
  }
const [confirm, expire] = [fate('confirmed'), fate('expired')]
/** A mailserver is there. */
const meet: Step = async (scene) => {
  const { a, b } = createMemoryLinkPair()
  const guarded = scene.alice.messenger.mail.guard(b)
  void (async () => {
    for await (const _ of guarded.packets());
  })()
  for (const end of [a, guarded]) end.send(packetCodes.status, Uint8Array.of(0xc0))
  await scene.run(200)
  expect(scene.alice.messenger.mail.servers()).toEqual([b.peerId])
  scene.mailserver = b.peerId
}
/** It confirms what others have confirmed. */
const archive: Step = async (scene) => {
  for (const post of scene.alice.posts)
    if (post.state === 'settled') scene.alice.settle(post, 'confirmed', scene.mailserver)
  await scene.run(200)
}
/** Bob gets all that Alice has posted, and she what he posts: his acknowledgement. */
const deliver: Step = async ({ alice, bob }) => {
  for (const { post } of alice.posts) bob.hear(post, alice.publicKey)
}
const acknowledge: Step = async (scene) => {
  await deliver(scene)
  await scene.run(500)
  for (const { post } of scene.bob.posts) scene.alice.hear(post, scene.bob.publicKey)
  await scene.run(500)
}
/** Data sync sends until it has sent 32 times. Envelopes stay as they are. */
const giveUp: Step = (scene) => scene.run(36 * 3_600_000, 60_000)
/** Data sync sends again after 5 s. */
const resend: Step = (scene) => scene.run(7_000)
const again = (times: number, ...steps: Step[]): Step[] => Array.from({ length: times }, () => steps).flat()

const ALL = ['public', 'private', 'whispered'] as const
const SEALED_AGAIN = ['public', 'whispered'] as const
const EDGES: readonly Edge[] = [
  { from: 'queued', to: 'sent', kinds: ALL, reach: [], act: [seal] },
  { from: 'queued', to: 'failed', kinds: SEALED_AGAIN, reach: [], act: [refuse] },
  { from: 'queued', to: 'failed', kinds: ['private'], reach: [], act: [giveUp] },
  // Before our own node has said that it has it.
  { from: 'queued', to: 'delivered', kinds: ['private'], reach: [], act: [acknowledge] },
  { from: 'sent', to: 'relayed', kinds: ALL, reach: [seal], act: [confirm], afterRestart: [seal, confirm] },
  { from: 'sent', to: 'expired', kinds: ALL, reach: [seal], act: [expire], afterRestart: [seal, expire] },
  { from: 'sent', to: 'delivered', kinds: ['private'], reach: [seal], act: [acknowledge] },
  { from: 'sent', to: 'failed', kinds: ['private'], reach: [seal], act: [giveUp] },
  { from: 'expired', to: 'sent', kinds: SEALED_AGAIN, reach: [seal, expire], act: [seal] },
  { from: 'expired', to: 'sent', kinds: ['private'], reach: [seal, expire], act: [resend, seal] },
  // Of two envelopes with the same message the older one dies, the newer one is taken.
  {
    ...{ from: 'expired', to: 'relayed', kinds: ['private'] },
    reach: [seal, resend, seal, fate('expired', 'first')],
    act: [confirm],
    afterRestart: false,
  },
  { from: 'expired', to: 'delivered', kinds: ['private'], reach: [seal, expire], act: [acknowledge] },
  {
    ...{ from: 'expired', to: 'failed', kinds: SEALED_AGAIN },
    reach: again(MAX_ATTEMPTS - 1, seal, expire),
    act: [seal, expire],
  },
  { from: 'expired', to: 'failed', kinds: ['private'], reach: [seal, expire], act: [giveUp] },
  { from: 'relayed', to: 'delivered', kinds: ['private'], reach: [seal, confirm], act: [acknowledge] },
  { from: 'relayed', to: 'failed', kinds: ['private'], reach: [seal, confirm], act: [giveUp] },
  // What a process has not heard by its end it does not hear any more.
  {
    from: 'relayed',
    to: 'archived',
    kinds: ALL,
    reach: [meet, seal, confirm],
    act: [archive],
    afterRestart: false,
  },
  {
    from: 'archived',
    to: 'delivered',
    kinds: ['private'],
    reach: [meet, seal, confirm, archive],
    act: [acknowledge],
  },
  {
    from: 'archived',
    to: 'failed',
    kinds: ['private'],
    reach: [meet, seal, confirm, archive],
    act: [giveUp],
  },
  { from: 'failed', to: 'delivered', kinds: ['private'], reach: [giveUp], act: [acknowledge] },
]

let scene: Scene | undefined
afterEach(async () => {
  for (const person of scene ? [scene.alice, scene.bob] : []) await person.messenger.close()
  scene = undefined
})

async function play(kind: Kind, { from, to, reach, act }: Edge, restarts: boolean): Promise<void> {
  const played = new Scene(kind)
  await played.open()
  scene = played
  for (const step of reach) await step(played)
  expect(await played.stored(), 'before').toBe(from)
  if (restarts) {
    await played.alice.restart()
    await played.run(200)
    expect(await played.stored(), 'after the restart').toBe(from)
  }
  expect(played.states.at(-1) ?? 'queued').toBe(from)
  for (const step of act) await step(played)
  expect(played.states.slice(-2), 'as told').toEqual([from, to])
  expect(await played.stored(), 'as stored').toBe(to)
  const last = played.alice.events.findLast((e) => e.type === 'delivery')
  expect(last?.type === 'delivery' && last.to, 'to').toEqual(
    kind === 'public' ? undefined : played.bob.publicKey,
  )
  if (to === 'failed') expect(last).toMatchObject({ reason: expect.stringMatching(/\w/) })
  if (to === 'delivered')
    expect(last).toMatchObject({ installation: expect.stringMatching(/^[0-9a-f-]{36}$/) })
  await played.alice.restart()
  expect(await played.stored(), 'in the end').toBe(to)
}

describe('delivery states', () => {
  it('all edges are in the table', () => {
    const wanted = Object.entries(DELIVERY_EDGES).flatMap(([from, tos]) => tos.map((to) => `${from} > ${to}`))
    expect([...new Set(EDGES.map(({ from, to }) => `${from} > ${to}`))].sort()).toEqual(wanted.sort())
  })

  for (const edge of EDGES)
    for (const kind of edge.kinds) {
      it(`${kind}: ${edge.from} > ${edge.to}`, () => play(kind, edge, false))
      const act = edge.afterRestart ?? edge.act
      if (act) it(`${kind}: ${edge.from}, restart, > ${edge.to}`, () => play(kind, { ...edge, act }, true))
    }
})

it('private: what was sent by a process that ended long ago has expired', async () => {
  const played = new Scene('private')
  await played.open()
  scene = played
  await seal(played)
  expect(await played.stored()).toBe('sent')
  await played.alice.messenger.close()
  await played.run(70_000, 1_000)
  await played.alice.restart()
  expect(await played.stored()).toBe('expired')
})
