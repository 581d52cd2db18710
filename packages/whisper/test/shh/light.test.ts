/** EIP-627, "Light clients" (as geth and status-go have them). */
import { toHex } from '@status-protocol/bytes'
import { describe, expect, it } from 'vitest'
import {
  type Bloom,
  bloomFrom,
  bloomMatchesTopic,
  bloomOf,
  bloomOfTopics,
  decodeBloomFilter,
  decodeStatus,
  emptyBloom,
  encodeBloomFilter,
  fullBloom,
  type Topic,
  topicFrom,
  unionOfBlooms,
} from '../../src/index.ts'
import { KEY, type PlayedPeer, TOPIC, World } from './support.ts'

const topicOf = (i: number): Topic => topicFrom(Uint8Array.of(i, 2 * i, 3 * i, 4 * i))
const statusOf = (peer: PlayedPeer) => decodeStatus(peer.bodies(0)[0] as Uint8Array)
const bloomsOf = (peer: PlayedPeer): readonly Bloom[] => peer.bodies(3).map((body) => decodeBloomFilter(body))

describe('light client', () => {
  it('says so in its status, and asks for nothing while it has no filters', async () => {
    const world = new World()
    const node = world.node('light', { lightClient: true })
    const peer = await world.play('light')
    expect(statusOf(peer)).toMatchObject({ lightNode: true, bloom: emptyBloom() })
    expect([node.lightClient, node.bloom]).toEqual([true, emptyBloom()])
    peer.sendEnvelopes(world.envelope())
    await world.clock.advance(100)
    expect(node.stats()).toMatchObject({ envelopesRefused: 1, poolEnvelopes: 0 })
    expect(node.stats().refusals['bloom-mismatch']).toBe(1)
  })

  it('asks at once for what a new filter wants, telling peers once for all that come in one turn', async () => {
    const world = new World()
    const node = world.node('light', { lightClient: true })
    const peer = await world.play('light')
    node.service.subscribe({ topics: [topicOf(1)], symKey: KEY })
    expect(node.bloom).toEqual(bloomOf(topicOf(1)))
    node.service.subscribe({ topics: [topicOf(2), topicOf(3)], symKey: KEY })
    node.service.subscribe({ topics: [topicOf(2)], symKey: KEY })
    await world.clock.advance(0)
    const wanted = bloomOfTopics([1, 2, 3].map(topicOf))
    expect(bloomsOf(peer)).toEqual([wanted])
    peer.sendEnvelopes(world.envelope({ topic: topicOf(2) }))
    await world.clock.advance(0)
    expect(node.stats()).toMatchObject({ envelopesAccepted: 1, envelopesTried: 1 })
    expect(statusOf(await world.play('light'))).toMatchObject({ bloom: wanted })
  })

  it('asks for everything while a filter wants every topic', async () => {
    const world = new World()
    const node = world.node('light', { lightClient: true })
    const peer = await world.play('light')
    const every = node.service.subscribe({ topics: [], symKey: KEY })
    node.service.subscribe({ topics: [topicOf(1)], symKey: KEY })
    await world.clock.advance(0)
    expect(node.bloom).toBeUndefined()
    expect(bloomsOf(peer)).toEqual([fullBloom()])
    every.end()
    await world.clock.advance(60_000)
    expect(bloomsOf(peer)).toEqual([fullBloom(), bloomOf(topicOf(1))])
  })

  it('asks for less only a minute after a filter has gone, and not if it has come back', async () => {
    const world = new World()
    const node = world.node('light', { lightClient: true })
    const peer = await world.play('light')
    const [stays, goes] = [1, 2].map((i) => node.service.subscribe({ topics: [topicOf(i)], symKey: KEY }))
    await world.clock.advance(0)
    goes?.end()
    await world.clock.advance(59_999)
    const both = bloomOfTopics([1, 2].map(topicOf))
    expect([node.bloom, bloomsOf(peer)]).toEqual([both, [both]])
    const again = node.service.subscribe({ topics: [topicOf(2)], symKey: KEY })
    await world.clock.advance(200_000)
    expect(bloomsOf(peer)).toEqual([both])
    again.end()
    await world.clock.advance(60_000)
    expect([node.bloom, bloomsOf(peer)]).toEqual([bloomOf(topicOf(1)), [both, bloomOf(topicOf(1))]])
    // For 10 s peers may still send what was asked for.
    peer.sendEnvelopes(world.envelope({ topic: topicOf(2) }))
    await world.clock.advance(10_000)
    peer.sendEnvelopes(world.envelope({ topic: topicOf(2) }))
    await world.clock.advance(0)
    expect(node.stats()).toMatchObject({ envelopesAccepted: 1, envelopesRefused: 1 })
    stays?.end()
    await world.clock.advance(60_000)
    expect(bloomsOf(peer).at(-1)).toEqual(emptyBloom())
  })

  it('sends its own messages and forwards nothing', async () => {
    const world = new World()
    const node = world.node('light', { lightClient: true })
    const messages = node.service.subscribe({ topics: [TOPIC], symKey: KEY })
    const [from, to] = [await world.play('light'), await world.play('light')]
    from.sendEnvelopes(world.envelope(), world.envelope())
    const hash = await node.service.post({
      to: { symKey: KEY },
      topic: TOPIC,
      payload: new Uint8Array(5),
      powTarget: 0,
    })
    await world.clock.advance(1_000)
    expect(to.envelopes().map((one) => toHex(one.topic))).toEqual([toHex(TOPIC)])
    expect(node.envelope(hash)).toBeDefined()
    expect(node.stats()).toMatchObject({ poolEnvelopes: 3, envelopesSent: 2 })
    expect(toHex((await messages.next()).value?.hash as Uint8Array)).toBe(toHex(hash))
    // Who comes later gets no more either.
    expect((await world.play('light')).envelopes()).toHaveLength(1)
  })

  it('ends the link to another light client, both ways', async () => {
    const world = new World()
    world.node('light', { lightClient: true })
    world.node('other', { lightClient: true })
    world.node('full')
    const played = await world.play('light', { status: { lightNode: true } })
    expect(played.reason).toBe(0x10)
    const { gone } = world.join('light', 'other')
    await world.clock.advance(10)
    expect(await gone).toEqual([0x10, 0x10])
    void world.join('light', 'full')
    await world.clock.advance(10)
    expect(world.nodes.get('light')?.peers()).toHaveLength(1)
    expect((await world.play('full', { status: { lightNode: true } })).reason).toBeUndefined()
  })

  it('can be switched on and off', async () => {
    const world = new World()
    const asked = unionOfBlooms([bloomOf(topicOf(5)), bloomOf(TOPIC)])
    const node = world.node('ours', { bloom: asked })
    const [peer, light] = [
      await world.play('ours'),
      await world.play('ours', { status: { lightNode: true } }),
    ]
    node.setLightClient(true)
    node.setLightClient(true)
    await world.clock.advance(0)
    expect([node.lightClient, bloomsOf(peer), light.reason]).toEqual([true, [emptyBloom()], 0x10])
    const other = await world.play('ours')
    peer.sendEnvelopes(world.envelope()) // still welcome for 10 s, and not forwarded
    await world.clock.advance(100)
    expect([node.stats().poolEnvelopes, other.envelopes().length]).toEqual([1, 0])
    node.setBloom(bloomFrom(asked)) // for later
    expect(node.bloom).toEqual(emptyBloom())
    node.setLightClient(false)
    await world.clock.advance(100)
    expect([node.lightClient, bloomsOf(peer).at(-1), other.envelopes().length]).toEqual([false, asked, 1])
    expect(bloomMatchesTopic(node.bloom, topicOf(5))).toBe(true)
    expect(bloomsOf(peer).map((bloom) => encodeBloomFilter(bloom))).toHaveLength(2)
    await node.close()
    node.setLightClient(true) // harmless
    await world.clock.advance(100_000)
  })
})
