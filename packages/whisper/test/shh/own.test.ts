import { equal, toHex, utf8 } from '@status-protocol/bytes'
import { seededRandom } from '@status-protocol/testkit'
import { describe, expect, it } from 'vitest'
import {
  batchHash,
  type EnvelopeHash,
  encodeBatchAcknowledged,
  encodeMessageResponse,
  type Post,
  type Whisper,
  WhisperError,
} from '../../src/index.ts'
import { MAX_OWN_ENVELOPES, MAX_PENDING_BATCHES } from '../../src/shh/limits.ts'
import { OwnEnvelopes } from '../../src/shh/own-envelopes.ts'
import { KEY, TOPIC, textsOf, World } from './support.ts'

const post = (text: string, more: Partial<Post> = {}): Post => ({
  ...{ to: { symKey: KEY }, topic: TOPIC, payload: utf8(text), powTarget: 0 },
  ...more,
})

/** News of own envelopes as they come, as text. */
function newsOf(node: Whisper): string[] {
  const news: string[] = []
  void (async () => {
    for await (const { hash, state, peerId } of node.service.status())
      news.push(`${toHex(hash).slice(0, 8)} ${state}${peerId ? ` ${peerId[3]}` : ''}`)
  })()
  return news
}
const short = (hash: Uint8Array) => toHex(hash).slice(0, 8)

describe('own envelopes', () => {
  it('are confirmed by each peer that has them', async () => {
    const world = new World()
    const [a] = [world.node('a'), world.node('b'), world.node('c')]
    world.join('a', 'b')
    world.join('a', 'c')
    await world.clock.advance(0)
    const news = newsOf(a)
    const hash = await a.service.post(post('hello'))
    await world.clock.advance(50)
    expect(news).toEqual([`${short(hash)} confirmed 2`, `${short(hash)} confirmed 4`])
    await world.clock.advance(30_000)
    expect(news).toHaveLength(2)
    expect(a.stats().ownEnvelopes).toBe(0)
  })

  it('can be looked up while they live', async () => {
    const world = new World()
    const a = world.node('a')
    const hash = await a.service.post(post('hello', { powTarget: 0.002 }))
    const found = a.envelope(hash)
    expect(found).toMatchObject({ bytes: a.stats().poolBytes, ttlSeconds: 15 })
    expect(found?.pow).toBeGreaterThanOrEqual(0.002)
    expect(a.envelope(new Uint8Array(32) as EnvelopeHash)).toBeUndefined()
    await world.clock.advance(17_000)
    expect(a.envelope(hash)).toBeUndefined()
  })

  it('tell how far they have come: sent to some, confirmed by some', async () => {
    const world = new World()
    const a = world.node('a')
    world.node('b')
    const seen: (object | undefined)[] = []
    const hash = await a.service.post(post('hello'))
    seen.push(a.envelope(hash)?.own)
    await world.play('a') // takes them and says nothing
    seen.push(a.envelope(hash)?.own)
    world.join('a', 'b')
    await world.clock.advance(50)
    await world.play('a', { status: { confirmations: false } })
    seen.push(a.envelope(hash)?.own)
    expect(seen).toEqual([
      { sentTo: 0, confirmedBy: 0 },
      { sentTo: 1, confirmedBy: 0 },
      { sentTo: 3, confirmedBy: 2 },
    ])
    expect(world.nodes.get('b')?.envelope(hash)).toBeDefined()
    expect(world.nodes.get('b')?.envelope(hash)?.own).toBeUndefined()
  })

  it('expire if nobody confirms them: 15 s after they were sent unless said', async () => {
    const world = new World()
    const a = world.node('a')
    await world.play('a') // takes them and says nothing
    const news = newsOf(a)
    const hash = await a.service.post(post('hello'))
    await world.clock.advance(15_000)
    expect(news).toEqual([])
    await world.clock.advance(1_000)
    expect(news).toEqual([`${short(hash)} expired`])
  })

  it('count as confirmed when the link of a peer that never confirms has taken them', async () => {
    const world = new World()
    const a = world.node('a')
    const news = newsOf(a)
    const hash = await a.service.post(post('hello'))
    await world.play('a', { status: { confirmations: false } })
    expect(news).toEqual([`${short(hash)} confirmed 2`])
  })

  it('are not confirmed by a peer that refused them, whatever packet 11 says', async () => {
    const world = new World()
    const a = world.node('a')
    const peer = await world.play('a')
    const news = newsOf(a)
    const [bad, good] = [await a.service.post(post('bad')), await a.service.post(post('good'))]
    await world.clock.advance(0)
    const body = peer.bodies(1)[0] as Uint8Array
    const errors = [{ hash: bad, code: 37, description: 'envelope from future' }]
    peer.send(12, encodeMessageResponse({ batchHash: batchHash(body), errors }))
    peer.send(11, encodeBatchAcknowledged(batchHash(body)))
    await world.clock.advance(20_000)
    expect(news).toEqual([`${short(good)} confirmed 2`, `${short(bad)} expired`])
    expect(a.stats().ownRefused).toBe(1)
  })

  it('are confirmed by packet 11 alone', async () => {
    const world = new World()
    const a = world.node('a')
    const peer = await world.play('a')
    const news = newsOf(a)
    const hash = await a.service.post(post('hello'))
    await world.clock.advance(0)
    peer.send(11, encodeBatchAcknowledged(batchHash(peer.bodies(1)[0] as Uint8Array)))
    await world.clock.advance(0)
    expect(news).toEqual([`${short(hash)} confirmed 2`])
  })

  it('are not confirmed by hashes that were never sent, nor after they expired', async () => {
    const world = new World()
    const a = world.node('a')
    const [peer, stranger] = [await world.play('a'), await world.play('a', { status: { minPow: 1e9 } })]
    const news = newsOf(a)
    const hash = await a.service.post(post('hello', { ttlSeconds: 2 }))
    await world.clock.advance(0)
    const batch = batchHash(peer.bodies(1)[0] as Uint8Array)
    stranger.send(11, encodeBatchAcknowledged(batch)) // it was not sent to this one
    peer.send(11, encodeBatchAcknowledged(new Uint8Array(32)))
    await world.clock.advance(4_000)
    peer.send(11, encodeBatchAcknowledged(batch))
    await world.clock.advance(4_000)
    expect(news).toEqual([`${short(hash)} expired`])
  })

  it('reach own filters as well, and their own node once', async () => {
    const world = new World()
    const [a] = [world.node('a'), world.node('b')]
    world.join('a', 'b')
    const subscription = a.service.subscribe({ topics: [TOPIC], symKey: KEY })
    await a.service.post(post('one'))
    await world.clock.advance(1_000)
    subscription.end()
    expect(await textsOf(subscription, 2)).toEqual(['one'])
  })

  it('are not held to the own requirement, but to that of each peer', async () => {
    const world = new World()
    const a = world.node('a', { minPow: 1e9 })
    const [any, choosy] = [await world.play('a'), await world.play('a', { status: { minPow: 1e9 } })]
    await a.service.post(post('cheap'))
    await world.clock.advance(0)
    expect([any.envelopes().length, choosy.envelopes().length]).toEqual([1, 0])
  })

  it('cannot be more than can be kept track of', () => {
    const own = new OwnEnvelopes()
    for (let i = 0; i < MAX_OWN_ENVELOPES; i++) {
      expect(own.isFull).toBe(false)
      own.add(hashOf(i), 100)
    }
    expect(own.isFull).toBe(true)
    expect(own.expire(101)).toHaveLength(MAX_OWN_ENVELOPES)
    expect(own.isFull).toBe(false)
  })

  it('forget the oldest packets of a peer that confirms nothing', () => {
    const own = new OwnEnvelopes()
    own.add(hashOf(1), 100)
    for (let i = 0; i <= MAX_PENDING_BATCHES; i++) own.sent(1, hashOf(i), [hashOf(1)])
    expect(own.acknowledged(1, hashOf(0))).toEqual([])
    expect(own.acknowledged(1, hashOf(1))).toEqual([hashOf(1)])
    expect(own.acknowledged(1, hashOf(1))).toEqual([]) // once
    own.forgetPeer(1)
    expect(own.acknowledged(1, hashOf(2))).toEqual([])
  })
})

describe('posting', () => {
  it('seals with what it was given and 15 s, 0.002 otherwise', async () => {
    const world = new World()
    const a = world.node('a')
    const subscription = a.service.subscribe({ topics: [], symKey: KEY })
    await a.service.post({ to: { symKey: KEY }, topic: TOPIC, payload: utf8('default') })
    await a.service.post(post('mine', { ttlSeconds: 3, powTarget: 0.1 }))
    await world.clock.advance(0)
    const [first, second] = [(await subscription.next()).value, (await subscription.next()).value]
    expect(first).toMatchObject({
      ttlSeconds: 15,
      sentUnixSeconds: world.nowSeconds,
      topic: TOPIC,
      direct: false,
    })
    expect(first?.pow).toBeGreaterThanOrEqual(0.002)
    expect(second?.ttlSeconds).toBe(3)
    expect(second?.pow).toBeGreaterThanOrEqual(0.1)
  })

  it('refuses what cannot be sent', async () => {
    const world = new World()
    const a = world.node('a')
    const big = post('', { payload: new Uint8Array(1024 * 1024) })
    await expect(a.service.post(big)).rejects.toMatchObject({ code: 'invalid-argument' })
    await expect(a.service.post(post('x', { ttlSeconds: 0 }))).rejects.toMatchObject({
      code: 'invalid-argument',
    })
    // nobody would take it
    await expect(a.service.post(post('x', { ttlSeconds: 86_401 }))).rejects.toMatchObject({
      code: 'invalid-argument',
      message: 'ttlSeconds: expected at most 86400, got 86401',
    })
    await expect(a.service.post(post('x', { signer: 'ff' }))).rejects.toMatchObject({ code: 'unknown-key' })
    const noPoint = { publicKey: new Uint8Array(65).fill(4) }
    await expect(a.service.post(post('x', { to: noPoint }))).rejects.toBeInstanceOf(WhisperError)
    const slow = world.node('slow', { miner: { mine: () => Promise.resolve(undefined) } })
    await expect(slow.service.post(post('x', { powTarget: 1 }))).rejects.toMatchObject({
      code: 'pow-not-reached',
    })
  })

  it('carries the largest payload that it takes', async () => {
    const world = new World()
    const [a, b] = [world.node('a'), world.node('b')]
    world.join('a', 'b')
    await world.clock.advance(0)
    const payload = seededRandom(1).bytes(1_048_250)
    const subscription = b.service.subscribe({ topics: [TOPIC], symKey: KEY })
    const news = newsOf(a)
    const hash = await a.service.post(post('', { payload, signer: await a.keys.newKeyPair() }))
    await world.clock.advance(100)
    const { value } = await subscription.next()
    expect(value !== undefined && equal(value.payload, payload)).toBe(true)
    expect(news).toEqual([`${short(hash)} confirmed 2`])
  })

  it('ends with the node', async () => {
    const world = new World()
    let signal: AbortSignal | undefined
    const a = world.node('a', {
      miner: {
        mine: (_rlp, _bits, _limit, given) => {
          signal = given
          return new Promise((resolve) => given.addEventListener('abort', () => resolve(undefined)))
        },
      },
    })
    const posting = a.service.post(post('x', { powTarget: 1 }))
    await a.close()
    expect(signal?.aborted).toBe(true)
    await expect(posting).rejects.toMatchObject({ code: 'aborted' })
    await expect(a.service.post(post('y'))).rejects.toMatchObject({ code: 'closed' })
    expect(() => a.service.subscribe({ topics: [], symKey: KEY })).toThrow(
      expect.objectContaining({ code: 'closed' }),
    )
    expect(() => a.service.status()).toThrow(expect.objectContaining({ code: 'closed' }))
  })
})

function hashOf(i: number): EnvelopeHash {
  const hash = new Uint8Array(32)
  new DataView(hash.buffer).setUint32(0, i)
  return hash as EnvelopeHash
}
