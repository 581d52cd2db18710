/** Packet 127: what one peer sends another alone. Reading it is in hostile.test.ts. */
import { toHex, utf8 } from '@status-protocol/bytes'
import { describe, expect, it } from 'vitest'
import { decodeDirect, type Envelope, envelopeHash, packDirect } from '../../src/index.ts'
import { KEY, TOPIC, textsOf, World } from './support.ts'

const idOf = (fill: number) => new Uint8Array(64).fill(fill)

describe('direct messages', () => {
  it('go to one peer, past pool, work and expiry, and only to filters that allow them', async () => {
    const world = new World()
    const [server, client] = [world.node('server'), world.node('client', { minPow: 1_000 })]
    const filter = { topics: [TOPIC], symKey: KEY }
    const [all, live] = [
      client.service.subscribe(filter),
      client.service.subscribe({ ...filter, allowP2P: false }),
    ]
    void world.join('client', 'server', { a: { id: idOf(1) }, b: { id: idOf(2) } })
    const other = await world.play('server')
    await world.clock.advance(10)
    const texts = ['one', 'two', 'three']
    const envelopes: Envelope[] = []
    for (const text of texts)
      envelopes.push(
        await server.service.seal({ to: { symKey: KEY }, topic: TOPIC, payload: utf8(text), powTarget: 0 }),
      )
    await world.clock.advance(3_600_000)
    expect(await server.sendDirect(idOf(1), envelopes)).toBe(true)
    await world.clock.advance(100)
    expect(client.stats().directReceived).toBe(0) // not trusted
    client.trust(idOf(2))
    expect(await server.sendDirect(idOf(1), envelopes)).toBe(true)
    expect(await server.sendDirect(idOf(1), envelopes.slice(0, 1))).toBe(true)
    expect(await server.sendDirect(idOf(1), [])).toBe(true)
    await world.clock.advance(100)
    expect(await textsOf(all, 4)).toEqual([...texts, 'one'])
    client.untrust(idOf(2))
    await server.sendDirect(idOf(1), envelopes)
    await world.clock.advance(100)
    expect(client.stats()).toMatchObject({ directReceived: 4, poolEnvelopes: 0 })
    live.end()
    expect(await textsOf(live, 1)).toEqual([])
    expect(other.bodies(127)).toEqual([])
  })

  it('are told apart: one goes bare, several as a list, many in several packets of what the peer takes', async () => {
    const world = new World()
    const node = world.node('ours')
    const peer = await world.play('ours', { b: { id: idOf(3) }, a: { maxPacketBytes: 5_000 } })
    const envelopes = Array.from({ length: 40 }, () => world.envelope({ size: 500 }))
    expect(await node.sendDirect(idOf(3), envelopes.slice(0, 1))).toBe(true)
    expect(await node.sendDirect(idOf(3), envelopes)).toBe(true)
    await world.clock.advance(10)
    const [bare, ...lists] = peer.bodies(127)
    expect(toHex(bare as Uint8Array)).toBe(toHex((envelopes[0] as Envelope).rlp))
    expect(Math.max(...lists.map((body) => body.length))).toBeLessThanOrEqual(5_000)
    expect(lists.length).toBeLessThan(6)
    const got = lists.flatMap((body) => decodeDirect(body))
    expect(got.map((one) => toHex(envelopeHash(one)))).toEqual(
      envelopes.map((one) => toHex(envelopeHash(one))),
    )
    await expect(node.sendDirect(idOf(3), [world.envelope({ size: 6_000 })])).rejects.toMatchObject({
      code: 'invalid-argument',
    })
    expect(packDirect([], 5_000)).toEqual([])
  })

  it('say when nobody is there', async () => {
    const world = new World()
    const node = world.node('ours')
    const peer = await world.play('ours', { b: { id: idOf(3) }, a: { queuePackets: 1 } })
    peer.pause()
    expect(await node.sendDirect(idOf(4), [world.envelope()])).toBe(false)
    const sending = node.sendDirect(
      idOf(3),
      Array.from({ length: 20 }, () => world.envelope({ size: 900_000 })),
    )
    await world.clock.advance(10)
    peer.link.close(8)
    await world.clock.advance(10)
    expect(await sending).toBe(false)
    await expect(node.sendDirect(new Uint8Array(3), [])).rejects.toMatchObject({ code: 'invalid-argument' })
  })
})
