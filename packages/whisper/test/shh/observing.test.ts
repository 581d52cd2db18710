/** What a node tells about itself: counters by reason and by packet code, and the steps of each envelope. */
import { toHex } from '@status-protocol/bytes'
import { describe, expect, it } from 'vitest'
import {
  batchHash,
  type EnvelopeTrace,
  emptyBloom,
  encodeMessageResponse,
  envelopeHash,
} from '../../src/index.ts'
import { KEY, statusBody, TOPIC, World } from './support.ts'

describe('counters', () => {
  it('of refused envelopes, by reason', async () => {
    const world = new World()
    const node = world.node('ours', { minPow: 1e3, maxMessageBytes: 1_000 })
    const peer = await world.play('ours')
    const { nowSeconds } = world
    peer.sendEnvelopes(
      world.envelope({ sent: nowSeconds + 20 }),
      world.envelope({ sent: nowSeconds - 100 }),
      world.envelope({ ttl: 0 }),
      world.envelope({ ttl: 86_401 }),
      world.envelope({ size: 2_000 }),
      world.envelope(),
    )
    await world.clock.advance(0)
    expect(node.stats()).toMatchObject({
      envelopesRefused: 6,
      refusals: {
        'from-future': 1,
        'very-old': 1,
        'ttl-out-of-range': 2,
        'too-large': 1,
        'low-pow': 1,
        'bloom-mismatch': 0,
      },
    })
  })

  it('of packets and bytes, by code, which add up', async () => {
    const world = new World()
    const node = world.node('ours')
    const peer = await world.play('ours')
    const body = peer.sendEnvelopes(world.envelope(), world.envelope())
    peer.send(99, new Uint8Array(7))
    peer.send(99, new Uint8Array(8))
    await world.clock.advance(100)
    const { traffic, packetsReceived, bytesReceived, packetsSent, bytesSent } = node.stats()
    const nothing = { packetsReceived: 0, bytesReceived: 0, packetsSent: 0, bytesSent: 0 }
    const sent = (code: number) => ({
      ...nothing,
      code,
      packetsSent: 1,
      bytesSent: peer.bodies(code)[0]?.length,
    })
    expect(traffic).toEqual([
      { ...sent(0), packetsReceived: 1, bytesReceived: statusBody().length },
      { ...nothing, code: 1, packetsReceived: 1, bytesReceived: body.length },
      sent(11),
      sent(12),
      { ...nothing, code: 99, packetsReceived: 2, bytesReceived: 15 },
    ])
    const sum = (of: (one: (typeof traffic)[number]) => number) =>
      traffic.reduce((all, one) => all + of(one), 0)
    expect([packetsReceived, bytesReceived, packetsSent, bytesSent]).toEqual([
      sum((one) => one.packetsReceived),
      sum((one) => one.bytesReceived),
      sum((one) => one.packetsSent),
      sum((one) => one.bytesSent),
    ])
  })
})

describe('trace', () => {
  it("tells every step of everybody's envelopes", async () => {
    const world = new World()
    const events: EnvelopeTrace[] = []
    const node = world.node('ours', {
      minPow: 0.0001,
      pool: { maxEnvelopes: 2 },
      trace: (event) => events.push(event),
    })
    const from = await world.play('ours')
    await world.play('ours')
    const name = (id: Uint8Array | undefined) =>
      id && (toHex(id) === toHex(node.peers()[0]?.peerId as Uint8Array) ? 'from' : 'to')
    const stepsOf = (hash: Uint8Array) =>
      events
        .filter((event) => toHex(event.hash) === toHex(hash))
        .map(({ what, peerId, reason }) => [what, name(peerId), reason].filter(Boolean).join(' '))

    const good = world.envelope({ ttl: 10 })
    const late = world.envelope({ sent: world.nowSeconds - 25 })
    const old = world.envelope({ sent: world.nowSeconds - 100 })
    from.sendEnvelopes(good, late, old)
    from.sendEnvelopes(good)
    await world.clock.advance(50)
    await world.clock.advance(12_000)
    expect(stepsOf(envelopeHash(good))).toEqual([
      'received from',
      'accepted from',
      'received from',
      'known from',
      'sent to',
      'expired',
    ])
    expect(stepsOf(envelopeHash(late))).toEqual(['received from', 'expired from'])
    expect(stepsOf(envelopeHash(old))).toEqual(['received from', 'refused from very-old'])

    const post = () =>
      node.service.post({ to: { symKey: KEY }, topic: TOPIC, payload: new Uint8Array(5), powTarget: 0 })
    const [mine, other] = [await post(), await post()]
    await world.clock.advance(50)
    const packet = from.bodies(1)[0] as Uint8Array
    const errors = [{ hash: other, code: 37, description: 'not today' }]
    from.send(12, encodeMessageResponse({ batchHash: batchHash(packet), errors }))
    await world.clock.advance(0)
    expect(stepsOf(mine)).toEqual(['accepted', 'sent from', 'sent to', 'confirmed from'])
    expect(stepsOf(other)).toEqual(['accepted', 'sent from', 'sent to', 'declined from not today'])
    const third = await post()
    expect(events.filter((event) => event.what === 'evicted')).toHaveLength(1)
    expect(stepsOf(third)).toContain('accepted')
  })
})

describe('what is asked of envelopes', () => {
  it('can be read and changed while the node runs', async () => {
    const world = new World()
    const node = world.node('ours', { minPow: 0.5, bloom: emptyBloom(), maxMessageBytes: 500 })
    expect([node.minPow, node.bloom, node.maxMessageBytes, node.lightClient]).toEqual([
      0.5,
      emptyBloom(),
      500,
      false,
    ])
    node.setMinPow(0)
    node.setBloom(undefined)
    node.setMaxMessageBytes(1_000)
    expect([node.minPow, node.bloom, node.maxMessageBytes]).toEqual([0, undefined, 1_000])
    for (const bad of [0, -1, 1.5, Number.NaN, 1_048_577])
      expect(() => node.setMaxMessageBytes(bad)).toThrow(
        expect.objectContaining({ code: 'invalid-argument' }),
      )
    const given = emptyBloom()
    node.setBloom(given)
    given.fill(1)
    node.bloom?.fill(2)
    expect(node.bloom).toEqual(emptyBloom()) // copies, both ways
    node.setBloom(undefined)
    const peer = await world.play('ours')
    peer.sendEnvelopes(world.envelope({ size: 981 }), world.envelope({ size: 980 }))
    await world.clock.advance(0)
    expect(node.stats()).toMatchObject({ envelopesAccepted: 1, envelopesRefused: 1 })
    const post = (bytes: number) =>
      node.service.post({ to: { symKey: KEY }, topic: TOPIC, payload: new Uint8Array(bytes), powTarget: 0 })
    await post(500)
    await expect(post(1_000)).rejects.toMatchObject({ code: 'invalid-argument' })
  })

  it('whom to trust, too', async () => {
    const world = new World()
    const node = world.node('ours')
    await world.play('ours')
    const [peer] = node.peers()
    const id = peer?.peerId as Uint8Array
    const trusted = [peer?.trusted]
    node.trust(id)
    trusted.push(peer?.trusted)
    node.untrust(id)
    trusted.push(peer?.trusted)
    expect(trusted).toEqual([false, true, false])
    expect(() => node.untrust(new Uint8Array(3))).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    )
  })
})
