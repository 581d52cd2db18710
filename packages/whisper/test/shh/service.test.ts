import { inspect } from 'node:util'
import { toHex, utf8 } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import { describe, expect, it } from 'vitest'
import {
  createWhisper,
  encodeBatchAcknowledged,
  envelopeHash,
  type Filter,
  type Post,
  topicFrom,
} from '../../src/index.ts'
import { MAX_WAITING_MESSAGES } from '../../src/shh/limits.ts'
import { createMemoryLinkPair } from '../../src/testing.ts'
import { KEY, statusBody, TOPIC, textsOf, World } from './support.ts'

const post = (text: string, more: Partial<Post> = {}): Post => ({
  ...{ to: { symKey: KEY }, topic: TOPIC, payload: utf8(text), powTarget: 0 },
  ...more,
})
const filter: Filter = { topics: [TOPIC], symKey: KEY }

describe('subscriptions', () => {
  it('of a reader that does not read end with an error, and hold up nobody', async () => {
    const world = new World()
    const node = world.node('a')
    const [lazy, keen] = [node.service.subscribe(filter), node.service.subscribe(filter)]
    const texts: string[] = []
    void (async () => {
      for await (const { payload } of keen) texts.push(new TextDecoder().decode(payload))
    })()
    for (let i = 0; i < MAX_WAITING_MESSAGES + 10; i++) await node.service.post(post(String(i)))
    await world.clock.advance(1_000)
    await new Promise((resolve) => setImmediate(resolve)) // the keen one reads what it has been handed
    expect(texts).toHaveLength(MAX_WAITING_MESSAGES + 10)
    expect(node.stats()).toMatchObject({ filters: 1, subscriptionsOverflowed: 1 })
    expect((await textsOf(lazy, MAX_WAITING_MESSAGES)).at(-1)).toBe(String(MAX_WAITING_MESSAGES - 1))
    await expect(lazy.next()).rejects.toMatchObject({ code: 'slow-reader' })
  })

  it('that are left take their filter with them', async () => {
    const world = new World()
    const node = world.node('a')
    const subscription = node.service.subscribe(filter)
    expect(node.stats().filters).toBe(1)
    await node.service.post(post('x'))
    await world.clock.advance(0)
    for await (const message of subscription) {
      expect(message.payload).toEqual(utf8('x'))
      break
    }
    expect(node.stats().filters).toBe(0)
  })

  it('know nothing from before, and everything since they were made', async () => {
    const world = new World()
    const node = world.node('a')
    await node.service.post(post('before'))
    await world.clock.advance(0)
    const subscription = node.service.subscribe(filter)
    await node.service.post(post('after'))
    await world.clock.advance(0)
    subscription.end()
    expect(await textsOf(subscription, 9)).toEqual(['after'])
  })

  it('take copies of what describes them', async () => {
    const world = new World()
    const node = world.node('a')
    const [key, topic] = [KEY.slice(), topicFrom(TOPIC.slice())]
    const subscription = node.service.subscribe({ topics: [topic], symKey: key })
    key.fill(0)
    topic.fill(0)
    await node.service.post(post('x'))
    await world.clock.advance(0)
    subscription.end()
    expect(await textsOf(subscription, 9)).toEqual(['x'])
  })

  it('are refused if they make no sense', () => {
    const { service } = new World().node('a')
    for (const [bad, code] of [
      [{ topics: [TOPIC], symKey: new Uint8Array(31) }, 'invalid-argument'],
      [{ topics: [new Uint8Array(3) as typeof TOPIC], symKey: KEY }, 'invalid-argument'],
      [{ topics: [TOPIC], keyPair: '00' }, 'unknown-key'],
      [{ topics: [TOPIC], symKey: KEY, minPow: -1 }, 'invalid-argument'],
      [{ topics: [TOPIC], symKey: KEY, src: new Uint8Array(65) }, 'invalid-argument'],
    ] as const)
      expect(() => service.subscribe(bad)).toThrow(expect.objectContaining({ code }))
  })
})

describe('a node', () => {
  it('is refused senseless options', () => {
    const bad = [{ minPow: -1 }, { minPow: Number.NaN }, { maxMessageBytes: 0 }, { maxMessageBytes: 2 ** 21 }]
    for (const options of bad)
      expect(() => createWhisper(options)).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
    const node = createWhisper()
    expect(() => node.setMinPow(Number.POSITIVE_INFINITY)).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    )
    expect(() => node.trust(new Uint8Array(65))).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    )
  })

  it('says what it is to a host', () => {
    const { subprotocol } = createWhisper()
    expect([subprotocol.name, subprotocol.version, subprotocol.length]).toEqual(['shh', 6, 128])
  })

  it('closes everything, and refuses links afterwards', async () => {
    const world = new World()
    const node = world.node('a')
    const [peer, silent] = [await world.play('a'), await world.play('a', { status: false })]
    const [messages, status] = [node.service.subscribe(filter), node.service.status()]
    await node.service.post(post('last words', { ttlSeconds: 100 }))
    await world.clock.advance(0)
    const closing = node.close()
    await world.clock.advance(0)
    await closing
    expect([peer.reason, silent.reason]).toEqual([8, 8])
    expect(await textsOf(messages, 9)).toEqual(['last words'])
    expect((await status.next()).done).toBe(true)
    const late = await world.play('a', { status: false })
    await world.clock.advance(0)
    expect(late.reason).toBe(8)
    await node.close()
    expect(node.stats()).toMatchObject({ links: 0, filters: 0, waitingOpenings: 0 })
  })

  it('gives others their turn while a peer floods it', async () => {
    const node = createWhisper()
    const { a, b } = createMemoryLinkPair()
    void node.attach(a)
    b.send(0, statusBody())
    for (let i = 0; i < 1_000; i++) b.send(11, encodeBatchAcknowledged(new Uint8Array(32)))
    await new Promise((resolve) => setImmediate(resolve))
    expect(node.stats().packetsReceived).toBeLessThan(200)
    while (node.stats().packetsReceived < 1_001) await new Promise((resolve) => setImmediate(resolve))
    await node.close()
  })

  it('leaves no timer behind when it has nothing to do', async () => {
    const world = new World()
    let timers = 0
    const scheduler = {
      schedule(ms: number, task: () => void) {
        timers++
        let over = false
        const cancel = world.clock.schedule(ms, () => {
          over = true
          timers--
          task()
        })
        return () => {
          if (!over) timers--
          over = true
          cancel()
        }
      },
    }
    const node = world.node('a', { scheduler })
    await node.service.post(post('x', { ttlSeconds: 3 }))
    expect(timers).toBeGreaterThan(0)
    await world.clock.advance(10_000)
    expect(timers).toBe(0)
    await node.service.post(post('x', { ttlSeconds: 3 }))
    await world.play('a', { status: false })
    await node.close()
    await world.clock.advance(0)
    expect(timers).toBe(0)
  })

  it('shows no key in logs', async () => {
    const node = new World().node('a')
    const secret = new Uint8Array(32).fill(0x77)
    await node.service.addKeyPair(secret)
    node.service.subscribe({ topics: [TOPIC], symKey: secret })
    const shown = inspect(node, { depth: 20, showHidden: true }) + JSON.stringify(node)
    expect(shown).not.toContain('7777')
    expect(shown).not.toMatch(/119,\s*119/)
  })
})

describe('what must not throw and does', () => {
  it('ends one link and is told of', async () => {
    const world = new World()
    const defects: unknown[] = []
    const node = world.node('a', {
      log: (event) => {
        if (event.type === 'defect') defects.push(event.error)
      },
    })
    const { a } = createMemoryLinkPair()
    const broken = {
      ...{ peerId: a.peerId, trusted: false, maxPacketBytes: a.maxPacketBytes, closed: a.closed },
      send: () => {
        throw new Error('send')
      },
      drained: () => a.drained(),
      packets: () => a.packets(),
      close: (reason: number) => a.close(reason),
    }
    expect(await node.attach(broken)).toBe(0x10)
    const good = await world.play('a')
    expect(defects).toEqual([new Error('send')])
    expect(good.reason).toBeUndefined()
  })

  it('costs one envelope while opening', async () => {
    const world = new World()
    const defects: unknown[] = []
    let bad = true
    const aesGcmOpen: CryptoProvider['aesGcmOpen'] = (...given) => {
      if (bad) throw new Error('cipher')
      return defaultProvider.aesGcmOpen(...given)
    }
    const node = world.node('a', {
      crypto: Object.assign(Object.create(defaultProvider), { aesGcmOpen }),
      log: (event) => {
        if (event.type === 'defect') defects.push(event.error)
      },
    })
    const subscription = node.service.subscribe(filter)
    await node.service.post(post('lost'))
    await world.clock.advance(0)
    bad = false
    await node.service.post(post('found'))
    await world.clock.advance(0)
    subscription.end()
    expect(await textsOf(subscription, 9)).toEqual(['found'])
    expect(defects).toEqual([new Error('cipher')])
  })

  it('tells what the node itself posts, not what comes from peers', async () => {
    const world = new World()
    const posted: string[] = []
    const node = world.node('a', { posted: (envelope) => posted.push(toHex(envelopeHash(envelope))) })
    const player = await world.play('a')
    player.sendEnvelopes(world.envelope())
    await world.clock.advance(0)
    expect(posted).toEqual([])
    expect([toHex(await node.service.post(post('mine')))]).toEqual(posted)
    await node.close()
  })

  it('a handler that never answers does not keep a dead link', async () => {
    const world = new World()
    const node = world.node('a', {
      beforeConfirm: () => new Promise(() => {}),
      mail: { request: () => new Promise(() => {}) },
    })
    const [one, other] = [await world.play('a'), await world.play('a')]
    one.sendEnvelopes(world.envelope())
    other.send(126, world.envelope().rlp)
    await world.clock.advance(0)
    one.link.close(0)
    await world.clock.advance(0)
    expect(node.stats()).toMatchObject({ links: 1, linksClosed: 1 })
    await node.close()
    expect(node.stats().links).toBe(0)
  })
})
