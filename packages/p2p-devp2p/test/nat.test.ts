/** NAT: modes, packets and texts of routers, and what is done with them on virtual time. */
import { createSocket } from 'node:dgram'
import {
  createNat,
  type NatState,
  type PortMapper,
  type PortWish,
  parseNatMode,
} from '@status-protocol/p2p-devp2p'
import { pmpMapper } from '@status-protocol/p2p-devp2p/node'
import { fuzz, seededRandom, virtualClock } from '@status-protocol/testkit'
import { describe, expect, it } from 'vitest'
import { createEndpointVotes } from '../src/nat/endpoint-votes.ts'
import { pmpAddressRequest, pmpMapRequest, readPmpAnswer } from '../src/nat/nat-pmp.ts'
import { readDescription, readSsdpAnswer, textOf, UpnpRefusal } from '../src/nat/upnp.ts'

class Never extends Error {}
const FUZZ_COUNT = Number(process.env.FUZZ_COUNT ?? 10_000)

it.each([
  ['none', { type: 'none' }],
  ['any', { type: 'any' }],
  ['upnp', { type: 'upnp' }],
  ['pmp', { type: 'pmp' }],
  ['pmp:192.168.1.1', { type: 'pmp', gateway: '192.168.1.1' }],
  ['extip:8.8.8.8', { type: 'extip', ip: '8.8.8.8' }],
  ['extip:2001:db8::1', { type: 'extip', ip: '2001:db8::1' }],
])('--nat %s', (text, mode) => {
  expect(parseNatMode(text)).toEqual(mode)
})

it.each(['', 'extip', 'extip:', 'extip:name', 'any:1.2.3.4', 'stun'])('--nat %s is refused', (text) => {
  expect(() => parseNatMode(text)).toThrow('nat: expected')
})

/** A router that remembers. */
function router(
  name: string,
  options: { ip?: string; lease?: number; shift?: number; refuses?: 'udp' } = {},
) {
  const calls: string[] = []
  const say = (verb: string, wish: PortWish) =>
    calls.push(`${verb} ${wish.protocol} ${wish.port} ${wish.externalPort}`)
  const mapper: PortMapper & { calls: string[]; broken: boolean } = {
    ...{ name, calls, broken: false },
    async externalIp() {
      if (this.broken) throw new Error('gone')
      return options.ip ?? '8.8.8.8'
    },
    async map(wish) {
      if (this.broken || wish.protocol === options.refuses) throw new Error('gone')
      say('map', wish)
      return {
        externalPort: options.shift ? 4_000 : wish.externalPort,
        leaseSeconds: options.lease ?? wish.leaseSeconds,
      }
    },
    async unmap(wish) {
      say('unmap', wish)
    },
  }
  return mapper
}

describe('mappings', () => {
  const ports = [
    { protocol: 'tcp', port: 30_303 },
    { protocol: 'udp', port: 30_303 },
  ] as const

  it('are made, renewed at half of the lease, and taken back', async () => {
    const clock = virtualClock()
    const one = router('R', { lease: 100 })
    const states: NatState[] = []
    const nat = createNat({
      ...{
        mode: { type: 'any' },
        ports,
        clock,
        find: async () => [one],
        changed: (state) => states.push(state),
      },
    })
    expect(await nat.settled).toEqual({
      ...{ router: 'R', externalIp: '8.8.8.8' },
      mappings: ports.map((port) => ({ ...port, externalPort: 30_303 })),
    })
    await clock.advance(49_000)
    expect(one.calls).toHaveLength(2)
    await clock.advance(2_000)
    expect(one.calls).toHaveLength(4)
    await nat.close()
    expect(one.calls.slice(4)).toEqual(['unmap tcp 30303 30303', 'unmap udp 30303 30303'])
    expect(states).toHaveLength(1)
    await clock.advance(1e6)
    expect(one.calls).toHaveLength(6)
  })

  it('another external port is told and asked for again', async () => {
    const clock = virtualClock()
    const one = router('R', { shift: 1 })
    const nat = createNat({ mode: { type: 'any' }, ports: [ports[0]], clock, find: async () => [one] })
    expect((await nat.settled).mappings).toEqual([{ protocol: 'tcp', port: 30_303, externalPort: 4_000 }])
    await clock.advance(601_000)
    expect(one.calls).toEqual(['map tcp 30303 30303', 'map tcp 30303 4000'])
    await nat.close()
  })

  it('a router that is gone is replaced, at once or when there is one', async () => {
    const clock = virtualClock()
    const [first, second] = [router('A'), router('B', { ip: '9.9.9.9' })]
    let there: PortMapper[] = []
    const states: NatState[] = []
    const changed = (state: NatState) => states.push(state)
    const nat = createNat({ mode: { type: 'any' }, ports, clock, find: async () => there, changed })
    expect(await nat.settled).toEqual({ mappings: [], problem: 'no router answers' })
    there = [first]
    await clock.advance(301_000)
    expect(nat.state.externalIp).toBe('8.8.8.8')
    first.broken = true
    there = [first, second]
    await clock.advance(601_000)
    expect(nat.state).toMatchObject({ router: 'B', externalIp: '9.9.9.9' })
    await nat.close()
    expect(second.calls.at(-1)).toMatch(/^unmap/)
    expect(states.map(({ router: name }) => name)).toContain('B')
  })

  it('what a router gave before it refused the rest is taken back, and the next one is asked', async () => {
    const clock = virtualClock()
    const [first, second] = [router('A', { refuses: 'udp' }), router('B')]
    const nat = createNat({ mode: { type: 'any' }, ports, clock, find: async () => [first, second] })
    expect(await nat.settled).toMatchObject({
      router: 'B',
      mappings: [{ protocol: 'tcp' }, { protocol: 'udp' }],
    })
    expect(first.calls).toEqual(['map tcp 30303 30303', 'unmap tcp 30303 30303'])
    second.broken = true // it does not renew: what it gave is not left there either
    await clock.advance(601_000)
    expect(second.calls.slice(2).map((call) => call.split(' ')[0])).toEqual(['unmap', 'unmap'])
    expect(nat.state).toMatchObject({ mappings: [], problem: 'A: gone; B: gone' })
    await nat.close()
  })

  it.each([
    ['192.168.0.2', '192.168.0.2'],
    ['100.64.1.1', '100.64.1.1'],
    ['0.0.0.0', '0.0.0.0'],
    ['224.0.0.1', '224.0.0.1'],
    ['255.255.255.255', '255.255.255.255'],
    ['fe80::1', 'fe80::1'],
    ['::', '::'],
    ['rub\nbish', 'no address'],
  ])('a router that nobody reaches itself gives no address: %j', async (ip, shown) => {
    const find = async () => [router('R', { ip })]
    const nat = createNat({ mode: { type: 'any' }, ports, clock: virtualClock(), find })
    expect(await nat.settled).toMatchObject({ problem: `the router is at ${shown} itself` })
    expect(nat.state).not.toHaveProperty('externalIp')
    await nat.close()
  })

  it('are taken back at once, also from a router that is slow with their renewal', async () => {
    const clock = virtualClock()
    const one = router('R')
    const nat = createNat({ mode: { type: 'any' }, ports, clock, find: async () => [one] })
    await nat.settled
    let answer: (ip: string) => void = () => {}
    one.externalIp = () => new Promise((resolve) => (answer = resolve))
    await clock.advance(601_000)
    const closed = nat.close()
    await clock.advance(0)
    expect(one.calls.slice(2)).toEqual(['unmap tcp 30303 30303', 'unmap udp 30303 30303'])
    answer('8.8.8.8')
    await closed
    expect(one.calls).toHaveLength(4)
  })

  it('what a router gives while we leave is taken back, and nothing more is asked for', async () => {
    const one = router('R')
    let give: () => void = () => {}
    const { map } = one
    one.map = async (wish) => {
      await new Promise<void>((resolve) => (give = resolve))
      return map.call(one, wish)
    }
    const clock = virtualClock()
    const nat = createNat({ mode: { type: 'any' }, ports, clock, find: async () => [one] })
    await clock.advance(0)
    const closed = nat.close()
    give()
    await closed
    expect(one.calls).toEqual(['map tcp 30303 30303', 'unmap tcp 30303 30303'])
  })

  it('are made at once where the network is another one, by a router that knows our new address', async () => {
    const clock = virtualClock()
    const [home, homeAgain, work] = [router('home'), router('home'), router('work', { ip: '9.9.9.9' })]
    let there: PortMapper[] = []
    const nat = createNat({ mode: { type: 'any' }, ports, clock, find: async () => there })
    expect(await nat.settled).toMatchObject({ problem: 'no router answers' })
    const move = async (...routers: PortMapper[]) => {
      there = routers
      nat.mapNow()
      await clock.advance(0)
    }
    await move(home)
    expect(nat.state).toMatchObject({ router: 'home', externalIp: '8.8.8.8' })
    await move(work, homeAgain)
    expect(nat.state.router).toBe('home')
    expect([home, homeAgain, work].map(({ calls }) => calls.length)).toEqual([2, 2, 0])
    await move(work)
    expect(nat.state).toMatchObject({ router: 'work', externalIp: '9.9.9.9' })
    expect(homeAgain.calls.slice(2).map((call) => call.split(' ')[0])).toEqual(['unmap', 'unmap'])
    await move()
    expect(nat.state).toEqual({ mappings: [], problem: 'no router answers' })
    await nat.close()
    expect(work.calls.map((call) => call.split(' ')[0])).toEqual(['map', 'map', 'unmap', 'unmap'])
  })

  it('none asks nobody, extip neither', async () => {
    const find = () => Promise.reject(new Error('asked'))
    const [none, fixed] = (['none', 'extip:8.8.4.4'] as const).map((text) =>
      createNat({ mode: parseNatMode(text), ports, clock: virtualClock(), find }),
    )
    expect(await none!.settled).toEqual({ mappings: [] })
    expect(await fixed!.settled).toMatchObject({ externalIp: '8.8.4.4', mappings: [{}, {}] })
    await Promise.all([none!.close(), fixed!.close()])
  })
})

describe('NAT-PMP, RFC 6886', () => {
  const wish = { protocol: 'tcp', port: 0x0102, externalPort: 0x0304, leaseSeconds: 7_200 } as const
  const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'))

  it('packets', () => {
    expect(pmpAddressRequest()).toEqual(bytes('0000'))
    expect(pmpMapRequest(wish)).toEqual(bytes('000200000102030400001c20'))
    expect(readPmpAnswer(bytes('008000000000000108080404'))).toEqual({ type: 'address', ip: '8.8.4.4' })
    expect(readPmpAnswer(bytes('00820000000000010102030400001c20'))).toEqual({ type: 'mapping', ...wish })
    expect(readPmpAnswer(bytes('0081000200000001'))).toEqual({ type: 'refused', op: 1, why: 'refused' })
    for (const bad of [
      '',
      '0080',
      '0180000000000001',
      '0002000000000001',
      '008000000000000108',
      '0083000000000001',
    ])
      expect(readPmpAnswer(bytes(bad))).toBeUndefined()
  })

  it('fuzz: answers give a verdict', () => {
    const seeds = ['008000000000000108080404', '00820000000000010102030400001c20'].map(bytes)
    fuzz({ seeds, count: FUZZ_COUNT, random: seededRandom(3), expectedError: Never, decode: readPmpAnswer })
  })

  it('asks again when nothing comes, and does not take another answer', async () => {
    const server = createSocket('udp4')
    const asked: Buffer[] = []
    server.on('message', (message, { port, address }) => {
      asked.push(message)
      if (asked.length === 1) return
      server.send(bytes('00820000000000019999030400001c20'), port, address)
      server.send(bytes('00820000000000010102030400001c20'), port, address)
    })
    await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve))
    const mapper = pmpMapper('127.0.0.1', { port: server.address().port })
    expect(await mapper.map(wish)).toMatchObject({ externalPort: 0x0304, leaseSeconds: 7_200 })
    expect(asked).toHaveLength(2)
    await new Promise<void>((resolve) => server.close(() => resolve()))
  })

  it('says so where there is no way to the router, as while the network is down', async () => {
    // no socket of ours may be connected to this address, with a network or without
    await expect(pmpMapper('255.255.255.255').externalIp()).rejects.toThrow(/EACCES|ENETUNREACH|EINVAL/)
  })
})

describe('UPnP', () => {
  const answer = (location: string, device = 'InternetGatewayDevice:1') =>
    `HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=120\r\nST: urn:schemas-upnp-org:device:${device}\r\nLocation: ${location}\r\n\r\n`

  it('a router may send us to itself and nowhere else', () => {
    const url = 'http://192.168.1.1:5000/rootDesc.xml'
    expect(readSsdpAnswer(answer(url), '192.168.1.1')?.href).toBe(url)
    for (const [text, sender] of [
      [answer(url), '192.168.1.2'],
      [answer('http://127.0.0.1:8545/'), '192.168.1.1'],
      [answer('https://192.168.1.1/'), '192.168.1.1'],
      [answer(url, 'Printer:1'), '192.168.1.1'],
      [answer('nonsense'), '192.168.1.1'],
      [answer(url).replace('200 OK', '404 No'), '192.168.1.1'],
    ] as const)
      expect(readSsdpAnswer(text, sender)).toBeUndefined()
  })

  const base = new URL('http://192.168.1.1:5000/rootDesc.xml')
  const description = (type: string, control: string) =>
    `<root><serviceList><service><serviceType>urn:x:Other:1</serviceType><controlURL>/no</controlURL></service>
     <service><serviceType>${type}</serviceType><SCPDURL>/s</SCPDURL><controlURL>${control}</controlURL></service></serviceList></root>`

  it.each(['WANIPConnection:1', 'WANIPConnection:2', 'WANPPPConnection:1'])(
    'finds the service %s',
    (name) => {
      const type = `urn:schemas-upnp-org:service:${name}`
      expect(readDescription(description(type, '/ctl'), base)).toEqual({
        type,
        controlUrl: new URL('/ctl', base),
      })
      expect(readDescription(description(type, 'http://10.0.0.1/ctl'), base)).toBeUndefined()
    },
  )

  it('reads refusals', () => {
    const xml =
      '<s:Fault><detail><UPnPError><errorCode>718</errorCode><errorDescription>Conflict\u001b[2J</errorDescription>'
    const refusal = new UpnpRefusal(500, xml)
    expect([refusal.number, refusal.message]).toEqual([718, 'the router refuses: 718 Conflict?[2J'])
    expect(new UpnpRefusal(404, '').number).toBe(404)
    expect(textOf('NewExternalIPAddress', '<u:NewExternalIPAddress> 1.2.3.4 </u:x>')).toBe('1.2.3.4')
  })

  it('fuzz: descriptions and answers give a verdict', () => {
    const type = 'urn:schemas-upnp-org:service:WANIPConnection:1'
    const seeds = [description(type, '/ctl'), answer('http://192.168.1.1/x')].map((t) =>
      new TextEncoder().encode(t),
    )
    fuzz({
      ...{ seeds, count: FUZZ_COUNT, random: seededRandom(3), expectedError: Never },
      decode(input) {
        const text = new TextDecoder().decode(input)
        readDescription(text, base)
        readSsdpAnswer(text, '192.168.1.1')
      },
    })
  })
})

describe('what others say of our address', () => {
  const home = { ip: '8.8.8.8', port: 30_303 }
  it('counts when enough networks agree, one vote each, and fades', () => {
    const votes = createEndpointVotes({ minVotes: 3 })
    for (const voter of ['203.0.1.1', '203.0.2.1', '203.0.2.2', '203.0.2.3']) votes.vote(voter, home, 0)
    expect(votes.winner(0)).toBeUndefined()
    votes.vote('203.0.3.1', home, 1)
    expect(votes.winner(1)).toEqual(home)
    for (const n of [4, 5, 6]) votes.vote(`203.0.${n}.1`, { ip: '9.9.9.9', port: 1 }, 1)
    expect(votes.winner(1)).toBeUndefined()
    expect(votes.winner(300_001)).toBeUndefined()
  })
})
