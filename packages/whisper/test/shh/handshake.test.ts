import { fromHex, toHex, utf8 } from '@status-protocol/bytes'
import { encodeRlp, rlpUint } from '@status-protocol/bytes/rlp'
import { describe, expect, it } from 'vitest'
import { bloomFrom, createWhisper, decodeStatus, type WhisperEvent } from '../../src/index.ts'
import { statusBody, World } from './support.ts'

describe('handshake', () => {
  it('sends the status packet of status-go 0.39 and later, byte for byte', async () => {
    const world = new World()
    world.node('ours', { minPow: 0.000_002 })
    const peer = await world.play('ours')
    // As recorded from status-go 0.55.2 with this minimum.
    expect(toHex(peer.bodies(0)[0] as Uint8Array)).toBe('d106883ec0c6f7a0b5ed8d808001c3808080')
  })

  it('tells 0.002 and every topic unless told otherwise', async () => {
    const world = new World()
    world.nodes.set('ours', createWhisper({ clock: world.clock, scheduler: world.clock }))
    const peer = await world.play('ours')
    expect(decodeStatus(peer.bodies(0)[0] as Uint8Array)).toEqual({
      version: 6,
      minPow: 0.002,
      bloom: undefined,
      lightNode: false,
      confirmations: true,
      rateLimits: { perIp: 0, perPeer: 0, perTopic: 0 },
    })
  })

  it('tells its bloom filter', async () => {
    const world = new World()
    const bloom = bloomFrom(new Uint8Array(64).fill(5))
    world.node('ours', { bloom })
    const peer = await world.play('ours')
    expect(decodeStatus(peer.bodies(0)[0] as Uint8Array).bloom).toEqual(bloom)
  })

  it('knows what the peer told', async () => {
    const world = new World()
    const node = world.node('ours')
    const bloom = bloomFrom(new Uint8Array(64).fill(5))
    const rateLimits = { perIp: 1, perPeer: 2, perTopic: 3 }
    await world.play('ours', {
      status: { minPow: 0.5, bloom, confirmations: false, rateLimits },
      b: { ip: '10.1.2.3', trusted: true },
    })
    expect(node.peers()).toMatchObject([
      {
        ...{ minPow: 0.5, bloom, rateLimits, confirmations: false, lightNode: false },
        ...{ ip: '10.1.2.3', trusted: true },
      },
    ])
    expect(node.peers()[0]?.peerId).toHaveLength(64)
  })

  it('waits 10 s for the status packet', async () => {
    const world = new World()
    const node = world.node('ours')
    const peer = await world.play('ours', { status: false })
    await world.clock.advance(9_999)
    expect(peer.reason).toBeUndefined()
    await world.clock.advance(1)
    expect(peer.reason).toBe(0x10)
    expect(node.stats()).toMatchObject({ linksDropped: 1, linksClosed: 1, links: 0 })
  })

  it('does not drop a peer later than that', async () => {
    const world = new World()
    world.node('ours')
    const peer = await world.play('ours')
    await world.clock.advance(60_000)
    expect(peer.reason).toBeUndefined()
  })

  const breaches: readonly (readonly [string, number, Uint8Array])[] = [
    ['another version', 0, encodeRlp([rlpUint(5)])],
    ['envelopes before the status packet', 1, encodeRlp([])],
    ['an unknown code before the status packet', 77, encodeRlp([])],
    ['a status that is no list', 0, rlpUint(6)],
    ['an empty status', 0, encodeRlp([])],
    ['no bytes at all', 0, new Uint8Array(0)],
    ['an infinite proof of work', 0, encodeRlp([rlpUint(6), fromHex('7ff0000000000000')])],
    ['a bloom filter of 63 bytes', 0, encodeRlp([rlpUint(6), rlpUint(0), new Uint8Array(63)])],
  ]
  for (const [what, code, body] of breaches)
    it(`ends a link on ${what}`, async () => {
      const world = new World()
      const events: WhisperEvent[] = []
      const node = world.node('ours', { log: (event) => events.push(event) })
      const peer = await world.play('ours', { status: false })
      peer.send(code, body)
      await world.clock.advance(0)
      expect(peer.reason).toBe(0x10)
      expect(node.peers()).toEqual([])
      expect(events.map((event) => event.type)).toEqual(['dropped', 'down'])
    })

  it('is not impressed by a second status packet', async () => {
    const world = new World()
    const node = world.node('ours')
    const peer = await world.play('ours', { status: { minPow: 0.5 } })
    peer.send(0, statusBody({ minPow: 7 }))
    peer.send(0, utf8('what?'))
    await world.clock.advance(100)
    expect(peer.reason).toBeUndefined()
    expect(node.peers()[0]?.minPow).toBe(0.5)
  })

  it('sends no envelope before it knows what the peer wants', async () => {
    const world = new World()
    const node = world.node('ours')
    const other = await world.play('ours')
    other.sendEnvelopes(world.envelope())
    const peer = await world.play('ours', { status: false })
    await world.clock.advance(5_000)
    expect(peer.received.map((packet) => packet.code)).toEqual([0])
    peer.send(0, statusBody())
    await world.clock.advance(0)
    expect(peer.received.map((packet) => packet.code)).toEqual([0, 1])
    expect(node.stats().poolEnvelopes).toBe(1)
  })

  it('tells what has changed between its status packet and that of the peer', async () => {
    const world = new World()
    const node = world.node('ours', { minPow: 0.1 })
    const peer = await world.play('ours', { status: false })
    node.setMinPow(0.2)
    await world.clock.advance(0)
    expect(peer.received.map((packet) => packet.code)).toEqual([0])
    peer.send(0, statusBody())
    await world.clock.advance(0)
    expect(peer.received.map((packet) => packet.code)).toEqual([0, 2])
  })

  it('survives a peer that goes away in the middle', async () => {
    const world = new World()
    const node = world.node('ours')
    const peer = await world.play('ours', { status: false })
    peer.link.close(3)
    await world.clock.advance(0)
    expect(peer.reason).toBe(3)
    await world.clock.advance(20_000)
    expect(node.stats()).toMatchObject({ linksDropped: 0, linksClosed: 1, links: 0 })
  })

  it('survives a link that fails instead of ending', async () => {
    const world = new World()
    const node = world.node('ours')
    const closed = Promise.resolve(1)
    const reason = await node.attach({
      peerId: new Uint8Array(64),
      trusted: false,
      maxPacketBytes: 1000,
      send: () => 'closed',
      drained: () => Promise.resolve(),
      // biome-ignore lint/correctness/useYield: it fails before it has anything
      async *packets() {
        throw new Error('broken')
      },
      close: () => {},
      closed,
    })
    expect(reason).toBe(1)
  })
})
