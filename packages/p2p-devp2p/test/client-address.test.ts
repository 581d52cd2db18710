/** Who is behind a web server, and who only says so. */
import { request } from 'node:http'
import type { ByteStream } from '@status-protocol/p2p-devp2p'
import { clientAddresses, webSocketTransport } from '@status-protocol/p2p-devp2p/websocket'
import { seededRandom } from '@status-protocol/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { echo, Hosts } from './support/hosts.ts'

const PROXY = '127.0.0.1'
const clients = clientAddresses([PROXY, '10.0.0.0/8', '2001:db8:1::/48'])
const of = (headers: Record<string, string>) => clients.of(PROXY, headers)
const xff = (value: string) => of({ 'x-forwarded-for': value })
const forwarded = (value: string) => of({ forwarded: value })

describe('what a proxy of ours says', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['203.0.113.7:4711', '203.0.113.7'],
    ['2001:DB8::7', '2001:db8::7'],
    ['[2001:db8::7]', '2001:db8::7'],
    ['[2001:db8::7]:4711', '2001:db8::7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    // what the client itself has sent stands before
    ['198.51.100.1, 203.0.113.7', '203.0.113.7'],
    ['127.0.0.1, 203.0.113.7', '203.0.113.7'],
    ['10.0.0.5, 203.0.113.7', '203.0.113.7'],
    ['garbage", 203.0.113.7', '203.0.113.7'],
    ['198.51.100.1,203.0.113.7 , 10.1.2.3, 10.0.0.9', '203.0.113.7'],
    // a chain of our own alone: the first of them asks for itself
    ['10.1.2.3, 10.0.0.9', '10.1.2.3'],
  ])('X-Forwarded-For: %s', (value, ip) => {
    expect(xff(value)).toEqual({ ip })
  })

  it.each([
    ['for=203.0.113.7', '203.0.113.7'],
    ['For="203.0.113.7:4711";proto=https;by=10.0.0.1', '203.0.113.7'],
    ['proto=https;for="[2001:db8::7]:4711"', '2001:db8::7'],
    ['for=198.51.100.1, for=203.0.113.7;host="a,b;for=9.9.9.9"', '203.0.113.7'],
    ['for=198.51.100.1;ext="a\\"b, for=9.9.9.9", for=203.0.113.7, for="[2001:db8:1::2]"', '203.0.113.7'],
  ])('Forwarded: %s', (value, ip) => {
    expect(forwarded(value)).toEqual({ ip })
  })

  it.each([
    '',
    'unknown',
    '203.0.113.7, unknown',
    '203.0.113.7,',
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '[203.0.113.7',
  ])('nothing that can be used: X-Forwarded-For: %j', (value) => {
    expect(xff(value).fault).toBeDefined()
  })

  it.each([
    '',
    'for=unknown',
    'for=_hidden',
    'by=203.0.113.7',
    'for=203.0.113.7;',
    'for=203.0.113.7, proto=https',
    'for=203.0.113.7 for=198.51.100.1',
    // a quote that the client has left open, to swallow what the proxy adds
    'for=198.51.100.1;x=", for=203.0.113.7',
    'for=198.51.100.1;x=", for="203.0.113.7"',
    'for=198.51.100.1;x=", for=203.0.113.7;proto="https"',
    'for=198.51.100.1;x=", for=203.0.113.7;proto=""',
    'for=198.51.100.1;x="\\, for="[2001:db8::7]"',
  ])('nothing that can be used: Forwarded: %j', (value) => {
    expect(forwarded(value).fault).toBeDefined()
  })

  it('in both headers is the same, or nobody is let in: a proxy writes one, the other one may be of the client', () => {
    const both = (a: string, b: string) => of({ 'x-forwarded-for': a, forwarded: b })
    expect(both('203.0.113.7', 'for=203.0.113.7')).toEqual({ ip: '203.0.113.7' })
    expect(both('203.0.113.7', 'for=198.51.100.1').fault).toBeDefined()
    expect(both('198.51.100.1', 'for=203.0.113.7').fault).toBeDefined()
    expect(both('203.0.113.7', '').fault).toBeDefined()
    expect(both('', 'for=203.0.113.7').fault).toBeDefined()
  })

  it('is that it says nothing', () => {
    expect(of({}).fault).toContain('X-Forwarded-For')
  })
})

describe('what others say', () => {
  it.each(['203.0.113.7', '::1', '127.0.0.2', undefined])('does not count: %s', (address) => {
    const headers = { 'x-forwarded-for': '198.51.100.1', forwarded: 'for=198.51.100.1' }
    expect(clientAddresses([PROXY]).of(address, headers)).toEqual({ ip: address })
    expect(clientAddresses([]).of(PROXY, headers)).toEqual({ ip: PROXY })
  })

  it('counts for no more than the networks that are named', () => {
    const { isProxy } = clientAddresses(['10.0.0.0/8', '2001:db8::/32', '192.0.2.1'])
    for (const ip of ['10.255.0.1', '::ffff:10.0.0.1', '2001:db8:ffff::1', '192.0.2.1'])
      expect(isProxy(ip), ip).toBe(true)
    for (const ip of ['11.0.0.1', '192.0.2.2', '2001:db9::1', '::1', 'nonsense', '', undefined])
      expect(isProxy(ip), ip).toBe(false)
  })

  it.each(['', 'localhost', '10.0.0.0/33', '10.0.0/8', '10.0.0.0/', '::/129', '1.2.3.4/-1', '1.2.3.4 '])(
    '%j is no proxy',
    (text) => {
      expect(() => clientAddresses([text])).toThrow('trusted proxy')
    },
  )
})

it('fuzz: whatever stands before, the address that the proxy added is found, or nobody is let in', () => {
  const own = 'for="203.0.113.7:4711";proto=https'
  const random = seededRandom(31)
  const alphabet = 'for=";,\\ \t[]:.0198af_unknow\'x'
  for (let i = 0; i < Number(process.env.FUZZ_COUNT ?? 10_000); i++) {
    const noise = [...random.bytes(1 + (i % 40))].map((byte) => alphabet[byte % alphabet.length]).join('')
    const [one, other] = [forwarded(`${noise}, ${own}`), xff(`${noise}, 203.0.113.7`)]
    if (one.fault === undefined && one.ip !== '203.0.113.7') expect.fail(`Forwarded: ${noise}, ${own}`)
    if (other.fault !== undefined || other.ip !== '203.0.113.7') expect.fail(`X-Forwarded-For: ${noise}`)
  }
})

const hosts = new Hosts()
afterEach(() => hosts.close())

describe('a listener behind a web server', () => {
  const listen = async (trustedProxies: string[]) => {
    const streams: ByteStream[] = []
    const at = { protocol: 'ws', host: PROXY, port: 0, path: '/p2p' } as const
    const listener = await webSocketTransport({ trustedProxies }).listen(at, (stream) => streams.push(stream))
    return { listener, streams, port: listener.address.port }
  }
  const upgrade = (port: number, headers: Record<string, string>) =>
    new Promise<number>((resolve, reject) => {
      const wanted = {
        ...{ connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' },
        'sec-websocket-key': Buffer.alloc(16).toString('base64'),
      }
      const asked = request({ host: PROXY, port, path: '/p2p', headers: { ...wanted, ...headers } })
      asked.on('response', (response) => resolve(response.resume().statusCode ?? 0))
      asked.on('upgrade', (_response, socket) => {
        closing.push(() => socket.destroy())
        resolve(101)
      })
      asked.on('error', reject)
      asked.end()
    })
  const closing: (() => unknown)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })

  it('hands on the address of the client', async () => {
    const { listener, streams, port } = await listen([PROXY])
    closing.push(() => listener.close())
    expect(await upgrade(port, { 'x-forwarded-for': '198.51.100.1, 203.0.113.7' })).toBe(101)
    expect(await upgrade(port, { forwarded: 'for="[2001:db8::7]:1"' })).toBe(101)
    expect(streams.map(({ ip }) => ip)).toEqual(['203.0.113.7', '2001:db8::7'])
    expect(await upgrade(port, {})).toBe(400)
    expect(await upgrade(port, { forwarded: 'for=1.2.3.4', 'x-forwarded-for': '203.0.113.7' })).toBe(400)
    expect(streams).toHaveLength(2)
  })

  it('does not believe who comes straight', async () => {
    const { listener, streams, port } = await listen(['10.0.0.0/8'])
    closing.push(() => listener.close())
    expect(await upgrade(port, { 'x-forwarded-for': '203.0.113.7', forwarded: 'for=1.2.3.4' })).toBe(101)
    expect(streams.map(({ ip }) => ip)).toEqual([PROXY])
  })

  it('holds no more than 32 sockets of one client, however many others the proxy has', async () => {
    const { listener, streams, port } = await listen([PROXY])
    closing.push(() => listener.close())
    const from = (ip: string) => upgrade(port, { 'x-forwarded-for': ip })
    const many = await Promise.all(Array.from({ length: 33 }, () => from('203.0.113.7')))
    expect(many.filter((status) => status === 101)).toHaveLength(32)
    expect(many.filter((status) => status === 429)).toHaveLength(1)
    const others = await Promise.all(Array.from({ length: 40 }, (_, i) => from(`203.0.113.${100 + i}`)))
    expect(others.every((status) => status === 101)).toBe(true)
    expect(streams).toHaveLength(72)
  })

  it('a host counts clients, not the proxy: one at a time of an address, some of a network', async () => {
    const listener = await hosts.start(2, {
      ...{ listen: `ws://${PROXY}:0/p2p`, transport: webSocketTransport({ trustedProxies: [PROXY] }) },
      ...{ limits: { maxInboundPerSubnet: 3 }, subprotocols: [echo()] },
    })
    const url = listener.listenAddresses[0] as string
    /** Whether it is kept; who is refused is closed at once. */
    const connects = (ip: string) =>
      new Promise<boolean>((resolve) => {
        const socket = new WebSocket(url, { headers: { 'x-forwarded-for': ip } })
        closing.push(() => socket.terminate())
        socket.on('error', () => {})
        socket.on('close', () => resolve(false))
        socket.on('open', () => setTimeout(() => resolve(true), 200))
      })
    expect(await connects('203.0.113.7')).toBe(true)
    expect(await connects('203.0.113.7')).toBe(false)
    expect(listener.stats().refused['too-soon']).toBe(1)
    for (const ip of ['203.0.113.8', '203.0.113.9']) expect(await connects(ip)).toBe(true)
    expect(await connects('203.0.113.10')).toBe(false)
    expect(listener.stats().refused['too-many-from-subnet']).toBe(1)
    expect(await connects('198.51.100.1')).toBe(true)
  })
})
