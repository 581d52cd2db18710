/**
 * What is known to go wrong with `@ethereumjs/devp2p` 10 on the same wire, one by one, over real sockets: a test for each
 * that shows that it does not happen here.
 */
import { createServer, type Server, Socket } from 'node:net'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import {
  type ByteStream,
  createHost,
  disconnectReasons,
  type Host,
  type HostOptions,
  type Transport,
} from '@status-protocol/p2p-devp2p'
import { seededRandom } from '@status-protocol/testkit'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { baseCodes } from '../src/base/messages.ts'
import { tcpTransport, WRITE_BUFFER_BYTES } from '../src/node/tcp.ts'
import { createFrameDecoder } from '../src/rlpx/frame-decoder.ts'
import { createFrameEncoder } from '../src/rlpx/frame-encoder.ts'
import { idOf, keyOf, SHH } from './support/cores.ts'
import { echo, enodeOf, Hosts, idle, nextEvent, until } from './support/hosts.ts'
import { RawPeer, RawSocket } from './support/raw-peer.ts'

const RAW_KEY = keyOf(99)
const hosts = new Hosts()
const disposals: (() => void)[] = []

afterEach(async () => {
  vi.restoreAllMocks()
  for (const dispose of disposals.splice(0)) dispose()
  await hosts.close()
})

const listening = (options: Partial<HostOptions> = {}) =>
  hosts.start(1, { listen: '127.0.0.1:0', ...options })
const portOf = (host: Host) => Number(host.listenAddress?.split(':').at(-1))

function rawSocket(host: Host): RawSocket {
  const raw = new RawSocket(portOf(host))
  disposals.push(() => raw.destroy())
  return raw
}

async function rawPeer(host: Host, ...rest: [hello?: object]): Promise<RawPeer> {
  const peer = await RawPeer.open(host.enode, RAW_KEY, ...rest)
  disposals.push(() => peer.close())
  return peer
}

describe('message codes', () => {
  it('of which the wire form is 128 and above arrive with their bodies', async () => {
    const right = idle()
    const host = await listening({ subprotocols: [right] })
    const peer = await rawPeer(host)
    const codes = [0, 1, 110, 111, 112, 113, 123, 124, 125, 126, 127]
    for (const code of codes) peer.send(16 + code, Uint8Array.of(0xc2, 7, code % 128))
    const packets = (await right.link()).packets()[Symbol.asyncIterator]()
    for (const code of codes)
      expect((await packets.next()).value).toEqual({ code, body: Uint8Array.of(0xc2, 7, code % 128) })
    for (const code of codes) expect(right.links[0]?.send(code, Uint8Array.of(code % 128))).toBe('ok')
    for (const code of codes) expect((await peer.next(16 + code)).payload.at(-1)).toBe(code % 128)
  })
})

describe('identity', () => {
  it('a Hello with another id than that of the handshake is refused', async () => {
    const host = await listening()
    const events = host.events()
    const peer = await RawPeer.dial(host.enode, RAW_KEY)
    disposals.push(() => peer.close())
    peer.hello(RAW_KEY, { nodeId: idOf(keyOf(98)) })
    const { payload } = await peer.next(baseCodes.disconnect)
    expect(payload.at(-1)).toBe(disconnectReasons.unexpectedIdentity)
    await peer.raw.ended
    expect(host.peers()).toEqual([])
    await host.close()
    expect((await events.next()).done).toBe(true)
  })
})

describe('connections that come to nothing', () => {
  it.each([
    ['noise', seededRandom(1).bytes(400)],
    ['a size prefix that promises 64 kB', Uint8Array.of(0xff, 0xff, ...seededRandom(2).bytes(400))],
    ['HTTP', new TextEncoder().encode(`GET / HTTP/1.1\r\n${'x'.repeat(400)}`)],
  ])('a failed handshake closes the socket and buffers nothing: %s', async (_name, bytes) => {
    const seen = watched()
    const host = await listening({ transport: seen.transport })
    const raw = rawSocket(host)
    raw.socket.write(bytes)
    await raw.ended
    expect(host.stats()).toMatchObject({ up: 0, pendingInbound: 0 })
    expect(seen.bytesRead()).toBeLessThanOrEqual(bytes.length)
  })

  it('after the refusal nothing more is read, however much comes', async () => {
    const seen = watched()
    const host = await listening({ transport: seen.transport })
    const raw = rawSocket(host)
    const flood = seededRandom(3).bytes(64 * 1024)
    const write = () => {
      if (!raw.socket.destroyed) raw.socket.write(flood, write)
    }
    write()
    await raw.ended
    // one read of the kernel's choice of size, not more
    expect(seen.bytesRead()).toBeLessThanOrEqual(256 * 1024)
  })

  it('an inbound handshake that does not go on ends in time', async () => {
    const host = await listening({ limits: { handshakeTimeoutMs: 150 } })
    const [silent, half] = [rawSocket(host), rawSocket(host)]
    half.socket.write(Uint8Array.of(1, 100, 4, 4, 4))
    await Promise.all([silent.ended, half.ended])
    expect([silent.bytesReceived, half.bytesReceived]).toEqual([0, 0])
    const peer = await RawPeer.dial(host.enode, RAW_KEY)
    expect((await peer.next(baseCodes.disconnect)).payload.at(-1)).toBe(disconnectReasons.timeout)
    await peer.raw.ended
  })

  it('no more than maxPendingInbound are kept at the same time', async () => {
    const host = await listening({ limits: { maxPendingInbound: 10 } })
    const sockets = Array.from({ length: 40 }, () => rawSocket(host))
    await Promise.all(sockets.slice(10).map(({ ended }) => ended))
    expect(host.stats()).toMatchObject({ pendingInbound: 10, refused: { 'too-many-pending': 30 } })
  })

  it('an address that is not local keeps no more than maxInboundPerIp', async () => {
    const accepted: ByteStream[] = []
    const tcp = tcpTransport()
    // as if everybody came from one address of the Internet
    const transport: Transport = {
      ...tcp,
      listen: (at, accept) =>
        tcp.listen(at, (stream) => {
          const start = stream.start.bind(stream)
          Object.defineProperty(stream, 'ip', { value: '203.0.113.1' })
          stream.start = (handler) => {
            accepted.push(stream)
            start(handler)
          }
          accept(stream)
        }),
    }
    const host = await listening({ transport, limits: { maxInboundPerIp: 3, inboundIntervalMs: 0 } })
    const sockets = Array.from({ length: 10 }, () => rawSocket(host))
    await Promise.all(sockets.slice(3).map(({ ended }) => ended))
    expect(host.stats()).toMatchObject({ pendingInbound: 3, refused: { 'too-many-from-address': 7 } })
    expect(accepted).toHaveLength(3)
  })

  it('a dial to a host that takes connections and says nothing ends, and its place is free again', async () => {
    const server = await silentServer()
    const host = await hosts.start(1, { limits: { handshakeTimeoutMs: 150, maxPendingOutbound: 1 } })
    const events = host.events()
    host.addPeer(enodeOf(2, '127.0.0.1', (server.address() as { port: number }).port))
    expect(host.stats().pendingOutbound).toBe(1)
    const failed = await nextEvent(events, 'dial-failed')
    expect(failed).toMatchObject({ cause: 'handshake-timeout', reason: disconnectReasons.timeout })
    expect(host.stats().pendingOutbound).toBe(0)
  })
})

describe('links that are up', () => {
  it('a peer that says nothing any more is closed', async () => {
    const host = await listening({ limits: { idleTimeoutMs: 200, pingIntervalMs: 80 } })
    const events = host.events()
    const peer = await rawPeer(host)
    await peer.next(baseCodes.ping)
    expect(await nextEvent(events, 'link-down')).toMatchObject({ cause: 'idle-timeout' })
    expect((await peer.next(baseCodes.disconnect)).payload.at(-1)).toBe(disconnectReasons.timeout)
    await peer.raw.ended
  })

  it('simultaneous dialling ends with exactly one link, 8 of 8', async () => {
    for (let round = 0; round < 8; round++) {
      const [a, b] = await Promise.all([
        hosts.start(10 + 2 * round, { listen: '127.0.0.1:0' }),
        hosts.start(11 + 2 * round, { listen: '127.0.0.1:0' }),
      ])
      a.addPeer(b.enode)
      b.addPeer(a.enode)
      await until(() => a.stats().up === 1 && b.stats().up === 1 && isQuiet(a) && isQuiet(b), 'one link')
      expect(new Set([a.peers()[0]?.direction, b.peers()[0]?.direction])).toEqual(
        new Set(['inbound', 'outbound']),
      )
    }
  })

  it('Nagle is off at both ends, and what is sent in one turn is one write', async () => {
    const noDelay = vi.spyOn(Socket.prototype, 'setNoDelay')
    const [left, right] = [idle(), idle()]
    const b = await listening({ subprotocols: [right] })
    await hosts.start(2, { peers: [b.enode], subprotocols: [left] })
    const [from, to] = [await left.link(), await right.link()]
    expect(noDelay.mock.calls).toEqual([[true], [true]])

    const write = vi.spyOn(Socket.prototype, 'write')
    const packets = to.packets()[Symbol.asyncIterator]()
    from.send(1, Uint8Array.of(1))
    await packets.next()
    expect(write).toHaveBeenCalledTimes(1)
    for (let i = 0; i < 100; i++) from.send(1, Uint8Array.of(i % 128))
    for (let i = 0; i < 100; i++) await packets.next()
    expect(write).toHaveBeenCalledTimes(2)
  })

  it('a message and its echo are one write each', async () => {
    const left = idle()
    const b = await listening({ subprotocols: [echo()] })
    await hosts.start(2, { peers: [b.enode], subprotocols: [left] })
    const link = await left.link()
    const packets = link.packets()[Symbol.asyncIterator]()
    const write = vi.spyOn(Socket.prototype, 'write')
    for (let i = 0; i < 20; i++) {
      link.send(1, new Uint8Array(500))
      await packets.next()
    }
    expect(write).toHaveBeenCalledTimes(40)
  })

  it('back-pressure: neither the sender nor the receiver piles up what is not read', async () => {
    const seen = watched()
    const limits = { receiveBufferBytes: 256 * 1024 }
    const [left, right] = [idle(), idle()]
    const b = await listening({ subprotocols: [right], transport: seen.transport, limits })
    await hosts.start(2, { peers: [b.enode], subprotocols: [left], limits })
    const [from, to] = [await left.link(), await right.link()]
    const body = seededRandom(4).bytes(32 * 1024)
    let sent = 0
    // the kernel takes some megabytes; after that nobody does
    for (let misses = 0; misses < 5; ) {
      while (from.send(1, body) === 'ok') sent++
      const before = sent
      await Promise.race([from.drained(), new Promise((resolve) => setTimeout(resolve, 50))])
      while (from.send(1, body) === 'ok') sent++
      misses = sent === before ? misses + 1 : 0
    }
    expect(sent * body.length).toBeLessThan(32 * 1024 * 1024)
    expect(seen.writable()).toBeLessThan(WRITE_BUFFER_BYTES + 2 * body.length)
    expect(seen.bytesRead()).toBeLessThan(limits.receiveBufferBytes + 128 * 1024)

    const packets = to.packets()[Symbol.asyncIterator]()
    for (let i = 0; i < sent; i++) expect((await packets.next()).value?.body.length).toBe(body.length)
    expect(from.send(1, body)).toBe('ok')
  }, 60_000)

  it.each([
    ['2 GiB', Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x08, 0, 0)],
    ['4 GiB less one', Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0)],
    ['16 MiB', Uint8Array.of(0x80, 0x80, 0x80, 0x08, 0, 0)],
  ])('Snappy that declares %s is refused, not allocated', async (_name, payload) => {
    const host = await listening()
    const events = host.events()
    const peer = await rawPeer(host)
    peer.send(16 + 1, payload, false)
    expect(await nextEvent(events, 'link-down')).toMatchObject({
      by: 'us',
      reason: disconnectReasons.protocolBreach,
    })
    expect((await peer.next(baseCodes.disconnect)).payload.at(-1)).toBe(disconnectReasons.protocolBreach)
  })

  it('Disconnect is a list of one, compressed as the peer expects it', async () => {
    for (const [version, form] of [
      [5, [2, 4, 0xc1, 8]],
      [4, [0xc1, 8]],
    ] as const) {
      const host = await listening()
      const peer = await rawPeer(host, { version })
      await until(() => host.stats().up === 1, 'the link')
      await host.close()
      expect([...(await peer.next(baseCodes.disconnect)).payload]).toEqual(form)
      await peer.raw.ended
    }
  })

  it('Disconnect arrives even when the peer is in the middle of sending', async () => {
    const right = idle()
    const host = await listening({ subprotocols: [right] })
    const peer = await rawPeer(host)
    for (let i = 0; i < 64; i++) peer.send(17, seededRandom(i).bytes(60_000))
    await right.link()
    right.links[0]?.close(disconnectReasons.quitting)
    expect((await peer.next(baseCodes.disconnect)).payload.at(-1)).toBe(disconnectReasons.quitting)
  })
})

describe('framing', () => {
  it('costs in proportion to the bytes, however small the chunks are', () => {
    const secrets = () => ({
      aes: new Uint8Array(32).fill(1),
      mac: new Uint8Array(32).fill(2),
      egressMac: crypto.createKeccak256(),
      ingressMac: crypto.createKeccak256(),
    })
    const body = seededRandom(5).bytes(1024 * 1024)
    const frame = createFrameEncoder(crypto, secrets()).encode(17, body, false) as Uint8Array
    const decoder = createFrameDecoder(crypto, secrets())
    let copied = 0
    const { set, slice } = Uint8Array.prototype
    vi.spyOn(Uint8Array.prototype, 'set').mockImplementation(function (this: Uint8Array, from, at) {
      copied += from.length
      set.call(this, from, at)
    })
    vi.spyOn(Uint8Array.prototype, 'slice').mockImplementation(function (
      this: Uint8Array<ArrayBuffer>,
      ...range
    ) {
      const part = slice.apply(this, range) as Uint8Array<ArrayBuffer>
      copied += part.length
      return part
    })
    let steps = 0
    for (let at = 0; at < frame.length; at += 64) {
      decoder.push(frame.subarray(at, at + 64))
      const step = decoder.next(2 ** 24 - 1)
      if (step.type === 'frame') steps++
    }
    vi.restoreAllMocks()
    expect(steps).toBe(1)
    expect(copied).toBeLessThan(8 * frame.length)
  })
})

describe('the process', () => {
  it('survives a listener in trouble, and sockets that die at any moment', async () => {
    const host = await listening()
    for (let i = 0; i < 20; i++) {
      const raw = rawSocket(host)
      raw.socket.write(seededRandom(i).bytes(i * 40))
      if (i % 2) raw.socket.resetAndDestroy()
      else raw.destroy()
    }
    const peer = await rawPeer(host)
    await until(() => host.stats().up === 1, 'the link')
    peer.raw.socket.resetAndDestroy()
    await until(() => host.stats().up === 0 && host.stats().pendingInbound === 0, 'all gone')
    await expect(
      createHost({ nodeKey: keyOf(3), subprotocols: [idle(SHH)], listen: host.listenAddress as string }),
    ).rejects.toMatchObject({ code: 'listen-failed', message: expect.stringContaining('in use') })
  })
})

/** TCP that counts: bytes read by all accepted streams, and how much of what was written waits. */
function watched(): { transport: Transport; bytesRead(): number; writable(): number } {
  const sockets = new Set<Socket>()
  const connect = Socket.prototype.resume
  vi.spyOn(Socket.prototype, 'resume').mockImplementation(function (this: Socket) {
    sockets.add(this)
    return connect.call(this)
  })
  const tcp = tcpTransport()
  let read = 0
  const transport: Transport = {
    ...tcp,
    listen: (at, accept) =>
      tcp.listen(at, (stream) => {
        const start = stream.start.bind(stream)
        stream.start = (handler) =>
          start({
            drained: () => handler.drained(),
            closed: () => handler.closed(),
            data(bytes) {
              read += bytes.length
              handler.data(bytes)
            },
          })
        accept(stream)
      }),
  }
  return {
    transport,
    bytesRead: () => read,
    writable: () => Math.max(0, ...[...sockets].map((socket) => socket.writableLength)),
  }
}

async function silentServer(): Promise<Server> {
  const server = createServer(() => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  disposals.push(() => server.close())
  return server
}

function isQuiet(host: Host): boolean {
  const { pendingInbound, pendingOutbound } = host.stats()
  return pendingInbound === 0 && pendingOutbound === 0
}
