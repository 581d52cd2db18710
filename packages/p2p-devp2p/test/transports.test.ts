/** RLPx over WebSockets and through a SOCKS proxy, with real sockets on loopback. */
import dns from 'node:dns'
import { request } from 'node:http'
import { connect, createServer, type Socket } from 'node:net'
import {
  type Capability,
  combineTransports,
  type Host,
  type HostOptions,
  parseEnode,
} from '@status-protocol/p2p-devp2p'
import { tcpTransport } from '@status-protocol/p2p-devp2p/node'
import { socksConnect } from '@status-protocol/p2p-devp2p/socks'
import { linkConformance } from '@status-protocol/p2p-devp2p/testing'
import { webSocketTransport as webTransport } from '@status-protocol/p2p-devp2p/web'
import { webSocketTransport } from '@status-protocol/p2p-devp2p/websocket'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { echo, enodeOf, Hosts, hostPair, idHex, idle, nextEvent, until } from './support/hosts.ts'
import { SocksServer } from './support/socks-server.ts'
import { TLS_CERT, TLS_KEY } from './support/tls.ts'

const ws = webSocketTransport()
const wss = webSocketTransport({ tls: { key: TLS_KEY, cert: TLS_CERT }, ca: TLS_CERT })
/** The browser's adapter over a WebSocket of the same interface. */
const web = webTransport({ WebSocket: WebSocket as never })

const pairOver =
  (a: HostOptions['transport'], b: HostOptions['transport'], listen: string) => (capability: Capability) =>
    hostPair(capability, { listen, a: { transport: a! }, b: { transport: b! } })

for (const [name, makePair] of [
  ['over ws', pairOver(ws, ws, 'ws://127.0.0.1:0/p2p')],
  ['over wss', pairOver(wss, wss, 'wss://127.0.0.1:0')],
  ["over the browser's WebSocket", pairOver(web, ws, 'ws://127.0.0.1:0/p2p')],
] as const)
  describe(`links ${name} do what links do`, () => {
    for (const { name: does, run } of linkConformance(makePair)) {
      // a browser reads what comes in, whether we want it or not
      const isPushed =
        name.includes('browser') && does.includes('stops the sender, and nothing is lost, from who was')
      it.skipIf(isPushed)(does, run)
    }
  })

const hosts = new Hosts()
const servers: { close(): unknown }[] = []
afterEach(async () => {
  vi.restoreAllMocks()
  await hosts.close()
  for (const server of servers.splice(0)) await server.close()
})

const portOf = (host: Host, i = 0): number =>
  Number(/:(\d+)(?:\/|$)/.exec(host.listenAddresses[i] as string)?.[1])

describe('a host with several ways in', () => {
  const transport = combineTransports(tcpTransport(), ws)

  it('names all of them, and is reached by each', async () => {
    const listen = ['127.0.0.1:0', 'ws://127.0.0.1:0/p2p']
    const b = await hosts.start(2, { listen, transport })
    const { tcpPort, via } = parseEnode(b.enode)
    expect(tcpPort).toBe(portOf(b))
    expect(via).toEqual([`ws://127.0.0.1:${portOf(b, 1)}/p2p`])
    const plain = await hosts.start(3, { peers: [b.enode] })
    const browserLike = await hosts.start(4, { peers: [b.enode], transport: web })
    const chosen = await hosts.start(5, { peers: [b.enode], transport, transportOrder: ['ws', 'tcp'] })
    for (const [host, name] of [
      [plain, 'tcp'],
      [browserLike, 'ws'],
      [chosen, 'ws'],
    ] as const)
      expect((await nextEvent(host.events(), 'link-up')).peer.transport).toBe(name)
    await until(() => b.peers().length === 3, 'all three')
    expect(
      b
        .peers()
        .map((peer) => peer.transport)
        .sort(),
    ).toEqual(['tcp', 'ws', 'ws'])
    expect(new Set(b.peers().map((peer) => peer.ip))).toEqual(new Set(['127.0.0.1']))
  })

  it('falls back to a WebSocket where TCP is closed', async () => {
    const b = await hosts.start(2, { listen: 'ws://127.0.0.1:0/p2p', transport })
    const closed = createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const { port } = closed.address() as { port: number }
    await new Promise((resolve) => closed.close(resolve))
    const to = `${enodeOf(2, '127.0.0.1', port)}?via=ws://127.0.0.1:${portOf(b)}/p2p`
    const a = await hosts.start(1, { peers: [to], transport })
    const { peer } = await nextEvent(a.events(), 'link-up')
    expect([peer.transport, peer.enode]).toEqual(['ws', to])
  })

  it('listens on all of them or on none', async () => {
    const b = await hosts.start(2, { listen: '127.0.0.1:0', transport })
    const taken = `127.0.0.1:${portOf(b)}`
    await expect(hosts.start(3, { listen: [`ws://127.0.0.1:0`, taken], transport })).rejects.toThrow('in use')
    await expect(hosts.start(3, { listen: 'ws://127.0.0.1:0' })).rejects.toThrow('listen')
    await expect(hosts.start(3, { listen: 'wss://127.0.0.1:0', transport })).rejects.toThrow('certificate')
    await expect(hosts.start(3, { listen: 'ws://127.0.0.1:0', transport: web })).rejects.toThrow('browser')
  })
})

describe('a WebSocket listener', () => {
  const start = () => hosts.start(2, { listen: 'ws://127.0.0.1:0/p2p', transport: ws })
  const statusOf = (port: number, path: string, headers: Record<string, string>) =>
    new Promise<number>((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port, path, headers }, (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
      asked.on('error', reject)
      asked.on('upgrade', (_response, socket) => {
        socket.destroy()
        resolve(101)
      })
      asked.end()
    })
  const upgrade = {
    ...{ connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' },
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  }

  it('is nothing but that', async () => {
    const port = portOf(await start())
    expect(await statusOf(port, '/p2p', {})).toBe(426)
    expect(await statusOf(port, '/other', upgrade)).toBe(404)
    expect(await statusOf(port, '/p2p', upgrade)).toBe(101)
  })

  it('drops who sends text, garbage, or messages that are too large; others go on', async () => {
    const b = await start()
    const url = `ws://127.0.0.1:${portOf(b)}/p2p`
    for (const data of ['text', new Uint8Array(400), new Uint8Array(18 * 1024 * 1024)]) {
      const socket = new WebSocket(url)
      socket.on('error', () => {})
      await new Promise((resolve) => socket.once('open', resolve))
      const closed = new Promise((resolve) => socket.once('close', resolve))
      socket.send(data)
      await closed
    }
    const a = await hosts.start(1, { peers: [b.enode], transport: ws })
    await nextEvent(a.events(), 'link-up')
  })

  it('closes with sockets open that have said nothing', async () => {
    const b = await start()
    const silent = connect(portOf(b), '127.0.0.1')
    silent.on('error', () => {})
    await new Promise((resolve) => silent.once('connect', resolve))
    setTimeout(() => silent.destroy(), 200)
    await b.close()
  })
})

describe('through a SOCKS proxy', () => {
  const proxied = (proxy: string) => {
    const connectBy = socksConnect(proxy)
    return combineTransports(
      tcpTransport({ connect: connectBy }),
      webSocketTransport({ connect: connectBy, ca: TLS_CERT }),
    )
  }
  /** Gives these answers one after the other, each in a turn of its own, whatever it is asked. */
  const liar = async (answers: readonly (Uint8Array | 'end' | 'reset')[]) => {
    const sockets = new Set<Socket>()
    const server = createServer(async (socket) => {
      sockets.add(socket)
      socket.on('error', () => {}).on('close', () => sockets.delete(socket))
      socket.setNoDelay(true).resume()
      for (const answer of answers) {
        if (answer === 'end') socket.end()
        else if (answer === 'reset') socket.resetAndDestroy()
        else await new Promise((resolve) => socket.write(answer, resolve))
        await new Promise((resolve) => setImmediate(resolve))
      }
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    servers.push({
      close() {
        for (const socket of sockets) socket.destroy()
        return new Promise((resolve) => server.close(resolve))
      },
    })
    const { port } = server.address() as { port: number }
    return { url: `socks5://127.0.0.1:${port}`, open: () => sockets.size }
  }
  const watchDns = () => [vi.spyOn(dns, 'lookup'), vi.spyOn(dns.promises, 'lookup'), vi.spyOn(dns, 'resolve')]

  it('names are looked up by the proxy, over TCP, ws and wss: no DNS query leaves', async () => {
    const name = 'no-such-name.onion'
    const proxy = await SocksServer.start({ [name]: '127.0.0.1' })
    servers.push(proxy)
    const watched = watchDns()
    for (const [i, listen] of ['127.0.0.1:0', 'ws://127.0.0.1:0/p2p', 'wss://127.0.0.1:0'].entries()) {
      const b = await hosts.start(20 + i, {
        ...{ listen, transport: combineTransports(tcpTransport(), wss), subprotocols: [echo()] },
      })
      const at = listen.includes('://')
        ? listen.replace('127.0.0.1:0', `${name}:${portOf(b)}`)
        : `tcp://${name}:${portOf(b)}`
      const mine = idle()
      const a = await hosts.start(10 + i, {
        ...{ peers: [`enode://${idHex(20 + i)}?via=${at}`], subprotocols: [mine] },
        transport: proxied(`socks5://127.0.0.1:${proxy.port}`),
      })
      const { peer } = await nextEvent(a.events(), 'link-up')
      expect([peer.transport, peer.ip]).toEqual([['socks5', 'ws+socks5', 'wss+socks5'][i], undefined])
      const link = await mine.link()
      link.send(3, Uint8Array.of(1, 2))
      for await (const packet of link.packets()) {
        expect(packet).toEqual({ code: 3, body: Uint8Array.of(1, 2) })
        break
      }
      expect(proxy.asked.at(-1)).toBe(`${name}:${portOf(b)}`)
    }
    for (const spy of watched)
      expect(spy.mock.calls.map(([asked]) => asked).filter((asked) => asked !== '127.0.0.1')).toEqual([])
    // the watch would notice: without a proxy a WebSocket's name is looked up
    const direct = webSocketTransport()
    const to = { protocol: 'ws', host: 'no-such-name.invalid', port: 1 } as const
    await expect(direct.dial(to, new AbortController().signal)).rejects.toThrow()
    expect(watched[0]).toHaveBeenCalled()
  })

  it('with a name and a password; a wrong one, a name that is not known and a proxy that is not there are told', async () => {
    const proxy = await SocksServer.start({}, 'me:a word')
    servers.push(proxy)
    const b = await hosts.start(2, { listen: '127.0.0.1:0' })
    const dial = async (url: string, via = b.enode) => {
      const a = await hosts.start(1, { transport: proxied(url) })
      const events = a.events()
      a.dial(via)
      const { value } = await events.next()
      await a.close()
      return value?.type === 'dial-failed' ? value.detail : value?.type
    }
    expect(await dial(`socks5://me:a%20word@127.0.0.1:${proxy.port}`)).toBe('link-up')
    const unknown = `enode://${idHex(2)}?via=tcp://elsewhere.onion:1`
    expect(await dial(`socks5://me:a%20word@localhost:${proxy.port}`, unknown)).toMatch(/^proxy: /)
    expect(await dial(`socks5://me:wrong@127.0.0.1:${proxy.port}`)).toMatch(/^proxy: /)
    expect(await dial('socks5://127.0.0.1:1')).toMatch(/ECONNREFUSED/)
  })

  const granted = (...address: number[]) => Uint8Array.of(5, 0, 0, ...address, 0, 80)
  it.each<[name: string, answers: (Uint8Array | 'end' | 'reset')[], error: RegExp]>([
    ['ends at once', ['end'], /closed/],
    ['is a web server', [Buffer.from('HTTP/1.1 400 Bad Request')], /socks version/],
    ['wants what we do not have', [Uint8Array.of(5, 0xff)], /no accepted authentication/],
    ['chooses what nobody offered', [Uint8Array.of(5, 9)], /unknown authentication/],
    ['answers before it is asked', [Uint8Array.of(5, 2, 1, 0, 5, 0)], /before it was asked/],
    ['refuses', [Uint8Array.of(5, 0), Uint8Array.of(5, 5, 0, 1, 0)], /ConnectionRefused/],
    ['refuses by a code of its own', [Uint8Array.of(5, 0), Uint8Array.of(5, 99, 0, 1, 0)], /does not have/],
    ['goes on in another version', [Uint8Array.of(5, 0), Uint8Array.of(4, 0, 0, 1, 0)], /not of SOCKS5/],
    ['ends in the middle', [Uint8Array.of(5, 0), Uint8Array.of(5, 0, 0, 3, 9), 'end'], /closed/],
    [
      'breaks off in the middle',
      [Uint8Array.of(5, 0), Uint8Array.of(5, 0, 0), 'reset'],
      /ECONNRESET|EPIPE|closed/,
    ],
    ['says nothing', [], /given up/],
    ['says no more', [Uint8Array.of(5, 0)], /given up/],
    ['never ends a name', [Uint8Array.of(5, 0), Uint8Array.of(5, 0, 0, 3, 255)], /given up/],
  ])('a proxy that %s: the reason is told, no socket is left', async (_name, answers, error) => {
    const proxy = await liar(answers)
    const giveUp = new AbortController()
    if (String(error).includes('given up')) setTimeout(() => giveUp.abort(), 50)
    const dialled = proxied(proxy.url).dial({ host: 'name.onion', port: 80 }, giveUp.signal)
    await expect(dialled).rejects.toThrow(error)
    await until(() => proxy.open() === 0, 'the socket to be closed')
  })

  it.each<[name: string, answer: Uint8Array]>([
    ['of IPv4', granted(1, 10, 0, 0, 1)],
    ['of IPv6', granted(4, ...new Uint8Array(16).fill(7))],
    ['that is a name', granted(3, 255, ...new Uint8Array(255).fill(0x61))],
    ['that is an empty name', granted(3, 0)],
  ])(
    'a bound address %s, in pieces and with the first bytes of the peer behind it',
    async (_name, answer) => {
      const first = Buffer.from('the first bytes')
      const bytes = [...answer.subarray(0, -1)].map((byte) => Uint8Array.of(byte))
      const last = Buffer.concat([answer.subarray(-1), first])
      const proxy = await liar([Uint8Array.of(5), Uint8Array.of(0), ...bytes, last])
      const stream = await proxied(proxy.url).dial(
        { host: 'name.onion', port: 80 },
        new AbortController().signal,
      )
      const got: Uint8Array[] = []
      stream.start({ data: (part) => got.push(part.slice()), drained: () => {}, closed: () => {} })
      await until(() => Buffer.concat(got).equals(first), 'what the peer said, and nothing else')
      stream.destroy()
      await until(() => proxy.open() === 0, 'the socket to be closed')
    },
  )

  it('the proxy itself is never looked up, and its password never shown', () => {
    for (const url of [
      'socks5://proxy.example:9050',
      'socks4://127.0.0.1:1',
      'socks5://me:secret@127.0.0.1',
      'socks5://me%zz:secret@127.0.0.1:1',
      'socks5://me:%ffsecret@127.0.0.1:1',
      `socks5://${'u'.repeat(256)}:secret@127.0.0.1:1`,
      `socks5://me:secret${'%C3%A9'.repeat(125)}@127.0.0.1:1`,
      'x',
    ])
      expect(() => socksConnect(url)).toThrow(/^proxy: expected socks5:(?!.*secret)/)
  })

  it('what makes connections gives sockets and nothing else', async () => {
    const connect = async () => ({ destroy: () => undefined })
    const to = { host: '127.0.0.1', port: 1 }
    for (const transport of [tcpTransport({ connect }), webSocketTransport({ connect })])
      await expect(transport.dial(to, new AbortController().signal)).rejects.toThrow(/Socket of node:net/)
  })

  it('TCP without a proxy looks no name up', async () => {
    const watched = watchDns()
    const to = { host: 'localhost', port: 1 }
    await expect(tcpTransport().dial(to, new AbortController().signal)).rejects.toThrow('not looked up')
    for (const spy of watched) expect(spy).not.toHaveBeenCalled()
  })
})
