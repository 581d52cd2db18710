import { equal } from '@status-protocol/bytes'
import {
  createHost,
  createMemoryNetwork,
  disconnectReasons,
  type Host,
  type HostEvent,
  type HostOptions,
  type LinkOutput,
  P2pError,
  type Transport,
} from '@status-protocol/p2p-devp2p'
import { seededRandom, type VirtualClock, virtualClock } from '@status-protocol/testkit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { idOf, initiator, keyOf, SHH, writesOf } from './support/cores.ts'
import { enodeOf, Hosts, type Idle, idHex, idle, nextEvent } from './support/hosts.ts'

/** Machine n has node key n, address 10.0.0.n, and listens on port 30303. */
class World {
  readonly network = createMemoryNetwork()
  readonly clock: VirtualClock = virtualClock()
  readonly #hosts = new Hosts()

  start(n: number, options: Partial<HostOptions> = {}): Promise<Host> {
    return this.#hosts.start(n, {
      listen: `10.0.0.${n}:30303`,
      transport: this.network.transport(`10.0.0.${n}`),
      clock: this.clock,
      random: seededRandom(n),
      ...options,
    })
  }

  async close(): Promise<void> {
    const closed = this.#hosts.close()
    await this.clock.advance(5_000)
    await closed
  }
}

const enode = (n: number): string => enodeOf(n, `10.0.0.${n}`, 30_303)
/** All events so far, and all that come. */
function record(host: Host): HostEvent[] {
  const events: HostEvent[] = []
  void (async () => {
    for await (const event of host.events()) events.push(event)
  })()
  return events
}
const types = (events: readonly HostEvent[]) => events.map((e) => e.type)

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.close())

describe('a host', () => {
  it('tells of links that come and go, with who and why', async () => {
    const [left, right] = [idle(), idle()]
    const b = await world.start(2, { subprotocols: [right] })
    const a = await world.start(1, { subprotocols: [left], peers: [b.enode], clientName: 'left one' })
    const [atA, atB] = [record(a), record(b)]
    await world.clock.advance(10)
    expect(atA).toEqual([
      {
        type: 'link-up',
        peer: expect.objectContaining({
          ...{ peerId: b.peerId, ip: '10.0.0.2', enode: enode(2), direction: 'outbound' },
          ...{ capabilities: ['shh/6'], isStatic: true, isTrusted: false },
          upSinceUnixMs: world.clock.wallMs() - 10,
        }),
      },
    ])
    expect(atB[0]).toMatchObject({
      type: 'link-up',
      peer: {
        peerId: a.peerId,
        ip: '10.0.0.1',
        direction: 'inbound',
        clientName: 'left one',
        isStatic: false,
      },
    })
    expect(a.peers()).toHaveLength(1)

    right.links[0]!.close(disconnectReasons.subprotocolError)
    await world.clock.advance(10)
    expect(atA[1]).toMatchObject({
      ...{ type: 'link-down', reason: 0x10, by: 'peer', cause: 'remote', detail: 'subprotocol error' },
      redialInMs: expect.any(Number),
    })
    expect(atB[1]).toMatchObject({ type: 'link-down', reason: 0x10, by: 'us', cause: 'local' })
    expect(atB[1]).not.toHaveProperty('redialInMs')
    expect(b.peers()).toEqual([])
  })

  it('names itself by its enode', async () => {
    const host = await world.start(7)
    expect(host.enode).toBe(enode(7))
    expect(host.listenAddress).toBe('10.0.0.7:30303')
    expect((await world.start(8, { advertiseIp: '203.0.113.8' })).enode).toBe(
      enodeOf(8, '203.0.113.8', 30_303),
    )
    const network = { transport: world.network.transport('10.0.0.9') }
    const silent = await createHost({ ...network, nodeKey: keyOf(9), subprotocols: [idle()] })
    expect([silent.enode, silent.listenAddress]).toEqual([`enode://${idHex(9)}`, undefined])
    await silent.close()
  })

  it('every reader of events begins with the links that are up', async () => {
    await world.start(2)
    const a = await world.start(1, { peers: [enode(2)] })
    await world.clock.advance(10)
    const late = record(a)
    await world.clock.advance(10)
    expect(types(late)).toEqual(['link-up'])
  })

  it('a reader that does not read loses the oldest events and is told how many', async () => {
    const a = await world.start(1, { peers: [enode(2)], limits: { maxQueuedEvents: 3 } })
    const events = a.events()
    await world.clock.advance(120_000)
    const seen = [(await events.next()).value, (await events.next()).value] as HostEvent[]
    expect(seen[0]).toEqual({ type: 'gap', dropped: expect.any(Number) })
    expect(seen[1]?.type).toBe('dial-failed')
    await events.return?.()
    expect(await events.next()).toEqual({ done: true, value: undefined })
  })

  it('closes: says that it quits, ends all links and all events', async () => {
    const right = idle()
    await world.start(2, { subprotocols: [right] })
    const a = await world.start(1, { peers: [enode(2)] })
    const events = record(a)
    await world.clock.advance(10)
    const closed = a.close()
    await world.clock.advance(0)
    await closed
    expect(await right.links[0]!.closed).toBe(disconnectReasons.quitting)
    expect(types(events)).toEqual(['link-up', 'link-down'])
    await a.close()
    expect(types(record(a))).toEqual([])
  })

  it('gives up on a stream that does not flush within a second when it closes', async () => {
    const right = idle()
    await world.start(2, { subprotocols: [right] })
    const left = idle()
    const a = await world.start(1, { peers: [enode(2)], subprotocols: [left] })
    await world.clock.advance(10)
    // nobody pulls at the other end: its stream is paused, what we write stays
    while (left.links[0]!.send(1, noise(60_000)) === 'ok') await world.clock.advance(0)
    let isClosed = false
    const closed = a.close().then(() => {
      isClosed = true
    })
    await world.clock.advance(900)
    expect(isClosed).toBe(false)
    await world.clock.advance(200)
    await closed
  })

  it.each([
    ['nodeKey', { nodeKey: new Uint8Array(32) }],
    ['listen', { listen: 'here' }],
    ['listen', { listen: '127.0.0.1' }],
    ['capabilities', { subprotocols: [] }],
    ['capabilities', { subprotocols: [idle(), idle()] }],
    ['peers', { peers: [`enode://${idHex(2)}`] }],
    ['enode', { peers: ['enode://x@1.2.3.4:5'] }],
    ['enode', { trusted: ['x'] }],
    ['advertiseIp', { advertiseIp: 'localhost' }],
    ['clientName', { clientName: 'x'.repeat(300) }],
    ['limits.maxPeers', { limits: { maxPeers: -1 } }],
    ['limits.idleTimeoutMs', { limits: { idleTimeoutMs: 0 } }],
    ['limits.redialMaxMs', { limits: { redialMinMs: 60_000 } }],
  ] satisfies [string, Partial<HostOptions>][])(
    'refuses an option that is wrong: %s',
    async (name, options) => {
      const error = await world.start(1, options).catch((e: unknown) => e)
      expect(error).toBeInstanceOf(P2pError)
      expect(error).toMatchObject({ code: 'invalid-argument', message: expect.stringContaining(name) })
    },
  )

  it('refuses an address that is taken', async () => {
    await world.start(1)
    await expect(world.start(2, { listen: '10.0.0.1:30303' })).rejects.toMatchObject({
      code: 'listen-failed',
    })
  })
})

describe('static peers', () => {
  it('heal by themselves within a second, and again and again', async () => {
    const relay = await world.start(2)
    const a = await world.start(1, { peers: [enode(2)] })
    const events = record(a)
    await world.clock.advance(10)
    let current = relay
    for (let round = 0; round < 3; round++) {
      await world.clock.advance(15_000)
      const closed = current.close()
      await world.clock.advance(0)
      await closed
      current = await world.start(2)
      await world.clock.advance(1_100)
      expect(a.peers()).toHaveLength(1)
    }
    expect(types(events)).toEqual(['link-up', ...Array(3).fill(['link-down', 'link-up']).flat()])
  })

  it('one that comes back after minutes is found within 30 s', async () => {
    const a = await world.start(1, { peers: [enode(2)] })
    const events = record(a)
    await world.clock.advance(300_000)
    expect(new Set(types(events))).toEqual(new Set(['dial-failed']))
    expect(events.at(-1)).toMatchObject({ cause: 'dial-failed', enode: enode(2) })
    await world.start(2)
    await world.clock.advance(30_000)
    expect(a.peers()).toHaveLength(1)
  })

  it('are added and removed while it runs', async () => {
    await world.start(2)
    const a = await world.start(1)
    a.addPeer(enode(2))
    await world.clock.advance(10)
    expect(a.peers()).toHaveLength(1)
    expect(a.removePeer(enode(2))).toBe(true)
    await world.clock.advance(60_000)
    expect(a.peers()).toEqual([])
    expect(a.removePeer(enode(2))).toBe(false)
    expect(() => a.addPeer(`enode://${idHex(2)}`)).toThrow(P2pError)
  })

  it('one that is removed while it is being dialled does not become a link', async () => {
    await world.start(2)
    const transport = world.network.transport('10.0.0.1')
    let connect: () => void = () => {}
    const slow: Transport = {
      ...transport,
      async dial(to, signal) {
        await new Promise<void>((resolve) => {
          connect = resolve
        })
        return transport.dial(to, signal.aborted ? new AbortController().signal : signal)
      },
    }
    const a = await world.start(1, { peers: [enode(2)], transport: slow })
    expect(a.stats().pendingOutbound).toBe(1)
    a.removePeer(enode(2))
    await world.clock.advance(10)
    connect()
    await world.clock.advance(60_000)
    expect([a.peers(), a.stats().pendingOutbound]).toEqual([[], 0])
  })

  it('one that has dialled us: its enode is known, and it is dialled when it is gone', async () => {
    const b = await world.start(2, { listen: '10.0.0.2:30303' })
    const a = await world.start(1)
    b.addPeer(enode(1))
    await world.clock.advance(10)
    a.addPeer(enode(2))
    expect(a.peers()).toMatchObject([{ direction: 'inbound', isStatic: true, enode: enode(2) }])
    b.removePeer(enode(1))
    await world.clock.advance(1_100)
    expect(a.peers()).toMatchObject([{ direction: 'outbound', enode: enode(2) }])
  })

  it('a node that has another key than its enode says does not become a link', async () => {
    await world.start(3, { listen: '10.0.0.2:30303' })
    const a = await world.start(1)
    const events = record(a)
    a.addPeer(enode(2))
    await world.clock.advance(100)
    // the other side cannot read what is meant for another key, and says nothing
    expect(events).toMatchObject([{ type: 'dial-failed', cause: 'connection-lost' }])
  })

  it('a node without a capability in common: useless peer, asked again after the longest wait', async () => {
    await world.start(2, { subprotocols: [idle({ name: 'les', version: 2, length: 21 })] })
    const a = await world.start(1)
    const events = record(a)
    a.addPeer(enode(2))
    await world.clock.advance(1_000)
    expect(events).toMatchObject([{ type: 'dial-failed', reason: 3, redialInMs: 30_000 }])
  })

  it('our own enode among them is left out', async () => {
    const a = await world.start(1, { peers: [enode(1)] })
    const events = record(a)
    await world.clock.advance(60_000)
    expect(events).toEqual([])
  })

  it('simultaneous dialling: one link, the same one at both ends', async () => {
    for (const [left, right] of [
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
    ] as const) {
      const [a, b] = await Promise.all([world.start(left), world.start(right)])
      a.addPeer(enode(right))
      b.addPeer(enode(left))
      await world.clock.advance(50)
      const [atA, atB] = [a.peers(), b.peers()]
      expect([atA.length, atB.length]).toEqual([1, 1])
      // what one end has dialled, the other end was dialled by
      expect(new Set([atA[0]?.direction, atB[0]?.direction])).toEqual(new Set(['inbound', 'outbound']))
      await world.clock.advance(60_000)
      expect([a.peers(), b.peers()]).toEqual([atA, atB])
    }
  })
})

describe('limits', () => {
  it('a peer too many is told so; trusted ones come on top', async () => {
    const b = await world.start(2, { limits: { maxPeers: 1 }, trusted: [`enode://${idHex(5)}`] })
    const right: Idle = idle()
    await world.start(3, { peers: [enode(2)] })
    await world.clock.advance(100)
    const refused = await world.start(4)
    const events = record(refused)
    refused.addPeer(enode(2))
    await world.clock.advance(100)
    await world.start(5, { peers: [enode(2)], subprotocols: [right] })
    await world.clock.advance(100)
    expect(events[0]).toMatchObject({ type: 'dial-failed', reason: disconnectReasons.tooManyPeers })
    expect(b.peers().map((peer) => peer.isTrusted)).toEqual([false, true])
  })

  it('trust can be given and taken while a link is up', async () => {
    const right = idle()
    const b = await world.start(2, { subprotocols: [right] })
    await world.start(1, { peers: [enode(2)] })
    await world.clock.advance(10)
    const [link] = right.links
    expect(link?.trusted).toBe(false)
    b.setTrusted(enode(1), true)
    expect(link?.trusted).toBe(true)
    expect(b.peers()[0]?.isTrusted).toBe(true)
    b.setTrusted(enode(1), false)
    expect(link?.trusted).toBe(false)
  })

  it('a link knows which side dialled', async () => {
    const [dialling, dialled] = [idle(), idle()]
    await world.start(2, { subprotocols: [dialled] })
    await world.start(1, { peers: [enode(2)], subprotocols: [dialling] })
    await world.clock.advance(10)
    expect([dialling.links[0]?.outbound, dialled.links[0]?.outbound]).toEqual([true, false])
  })

  it('who only connects: is closed after the handshake timeout, and counts until then', async () => {
    const b = await world.start(2, { limits: { maxPendingInbound: 3 } })
    const transport = world.network.transport('10.0.0.66')
    const closed: number[] = []
    const dial = async (n: number) => {
      const stream = await transport.dial({ host: '10.0.0.2', port: 30_303 }, new AbortController().signal)
      stream.start({ data() {}, drained() {}, closed: () => closed.push(n) })
    }
    for (let n = 0; n < 5; n++) await dial(n)
    await world.clock.advance(10)
    expect(b.stats()).toMatchObject({ pendingInbound: 3, refused: { 'too-many-pending': 2 } })
    expect(closed).toEqual([3, 4])
    // somebody else gets in at the cost of the one who holds all places
    await world.start(1, { peers: [enode(2)] })
    await world.clock.advance(10)
    expect(b.peers()).toHaveLength(1)
    expect(closed).toEqual([3, 4, 0])
    await world.clock.advance(5_000)
    expect(b.stats()).toMatchObject({ pendingInbound: 0, failedInbound: 3 })
    expect(closed).toEqual([3, 4, 0, 1, 2])
  })

  it('an address that is not local: one attempt in 30 s', async () => {
    const b = await world.start(2)
    const transport = world.network.transport('203.0.113.1')
    const outcomes: string[] = []
    const dial = async () => {
      const stream = await transport.dial({ host: '10.0.0.2', port: 30_303 }, new AbortController().signal)
      stream.start({
        data() {},
        drained() {},
        closed: () => outcomes.push(`at ${world.clock.monotonicMs()}`),
      })
      await world.clock.advance(0)
    }
    await dial()
    await dial()
    expect([outcomes, b.stats().refused['too-soon']]).toEqual([['at 0'], 1])
    await world.clock.advance(30_000)
    await dial()
    expect(b.stats()).toMatchObject({ pendingInbound: 1, refused: { 'too-soon': 1 } })
  })

  it('a dial that nobody answers ends after 10 s', async () => {
    // and if the transport does not even listen to the signal
    const transport = { ...world.network.transport('10.0.0.1'), dial: () => new Promise<never>(() => {}) }
    const a = await world.start(1, { peers: [enode(2)], transport })
    const events = record(a)
    await world.clock.advance(9_999)
    expect([types(events), a.stats().pendingOutbound]).toEqual([[], 1])
    await world.clock.advance(1)
    expect(events).toMatchObject([{ type: 'dial-failed', detail: 'no connection within 10000 ms' }])
    expect(a.stats().pendingOutbound).toBe(0)
  })
})

describe('subprotocols', () => {
  it('one that throws or rejects ends the connection', async () => {
    for (const [n, run] of [
      [2, () => Promise.reject(new P2pError('malformed', 'secret text'))],
      [
        3,
        () => {
          throw new TypeError('secret text')
        },
      ],
    ] as const) {
      const b = await world.start(n, { subprotocols: [{ ...SHH, run }] })
      const right = record(b)
      const left = idle()
      const a = await world.start(n + 10, { peers: [enode(n)], subprotocols: [left] })
      await world.clock.advance(10)
      expect(await left.links[0]!.closed).toBe(disconnectReasons.subprotocolError)
      const detail = n === 2 ? 'shh/6 failed here: malformed' : 'shh/6 failed here: TypeError'
      expect(right[1]).toMatchObject({ type: 'link-down', cause: 'subprotocol-failed', detail })
      await a.close()
    }
  })

  it('several run beside each other, each with its own codes', async () => {
    const caps = [
      { name: 'aaa', version: 1, length: 5 },
      { name: 'shh', version: 6, length: 128 },
    ]
    const [left, right] = [caps.map((c) => idle(c)), caps.map((c) => idle(c))]
    await world.start(2, { subprotocols: [...right].reverse() })
    await world.start(1, { subprotocols: left, peers: [enode(2)] })
    await world.clock.advance(10)
    for (const [i, sub] of left.entries()) expect(sub.links[0]!.send(3 + i, Uint8Array.of(i))).toBe('ok')
    for (const [i, sub] of right.entries()) {
      const packet = await sub.links[0]!.packets()[Symbol.asyncIterator]().next()
      expect(packet.value).toEqual({ code: 3 + i, body: Uint8Array.of(i) })
    }
    // closing one closes the connection
    left[0]!.links[0]!.close(disconnectReasons.requested)
    expect(await right[1]!.links[0]!.closed).toBe(disconnectReasons.requested)
  })

  it('who leaves the loop over packets has them dropped; the link lives on', async () => {
    const [left, right] = [idle(), idle()]
    await world.start(2, { subprotocols: [right] })
    await world.start(1, { subprotocols: [left], peers: [enode(2)] })
    await world.clock.advance(10)
    const packets = right.links[0]!.packets()
    left.links[0]!.send(1, Uint8Array.of(1))
    for await (const { body } of packets) {
      expect(equal(body, Uint8Array.of(1))).toBe(true)
      break
    }
    for (let i = 0; i < 200; i++) {
      expect(left.links[0]!.send(1, noise(20_000))).toBe('ok')
      await world.clock.advance(0)
    }
    for await (const _ of packets) throw new Error('a second reader gets nothing')
    await world.clock.advance(120_000)
    expect(left.links[0]!.send(1, Uint8Array.of(1))).toBe('ok')
  })

  it('a peer that answers pings but takes nothing is dropped after two minutes', async () => {
    const [left, right] = [idle(), idle()]
    await world.start(2, { subprotocols: [right] })
    const a = await world.start(1, { subprotocols: [left], peers: [enode(2)] })
    const events = record(a)
    await world.clock.advance(10)
    while (left.links[0]!.send(1, noise(60_000)) === 'ok') await world.clock.advance(0)
    await world.clock.advance(119_000)
    expect(types(events)).toEqual(['link-up'])
    await world.clock.advance(2_000)
    expect(events[1]).toMatchObject({ type: 'link-down', cause: 'write-timeout', by: 'us' })
    // the other end does not read: it notices when it pings
    await world.clock.advance(15_000)
    expect(await right.links[0]!.closed).toBe(disconnectReasons.networkError)
  })

  it('a peer that pings and never reads the answers is dropped', async () => {
    const b = await world.start(2)
    const events = record(b)
    const peer = initiator({ remoteId: idOf(keyOf(2)) })
    const stream = await world.network
      .transport('10.0.0.1')
      .dial({ host: '10.0.0.2', port: 30_303 }, new AbortController().signal)
    const carry = (outputs: readonly LinkOutput[]) => {
      for (const bytes of writesOf(outputs)) stream.write(bytes)
    }
    stream.start({ data: (bytes) => carry(peer.receive(bytes, 0)), drained() {}, closed() {} })
    carry(peer.start(0))
    await world.clock.advance(0)
    expect(types(events)).toEqual(['link-up'])
    stream.pause()
    let pings = 0
    for (; types(events).length === 1 && pings < 5_000; pings++) {
      carry(peer.tick((pings + 1) * 15_000))
      peer.pauseReading(true, 0)
      await world.clock.advance(0)
    }
    expect(events[1]).toMatchObject({ type: 'link-down', cause: 'write-timeout', by: 'us' })
    // 64 KiB in the stream, 64 KiB of backlog, 64 bytes an answer
    expect(pings).toBeLessThan(2_200)
    stream.destroy()
  })

  it('a link that is idle for minutes stays up: both ping', async () => {
    await world.start(2)
    const a = await world.start(1, { peers: [enode(2)] })
    const events = a.events()
    await nextEvent(events, 'link-up')
    await world.clock.advance(600_000)
    expect(a.peers()).toHaveLength(1)
  })
})

function noise(length: number): Uint8Array {
  return seededRandom(length).bytes(length)
}
