/** Bans, limits of networks, reserved places, wishes to dial once, ways to a peer. */
import { createMemoryNetwork, disconnectReasons, type Transport } from '@status-protocol/p2p-devp2p'
import { watchNetwork } from '@status-protocol/p2p-devp2p/node'
import { seededRandom, virtualClock } from '@status-protocol/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import { createBans } from '../src/host/bans.ts'
import { defaultHostLimits, type HostLimits } from '../src/host/limits.ts'
import { createPolicy, type Policy } from '../src/host/policy.ts'
import { createWays } from '../src/host/ways.ts'
import { enodeOf, Hosts, idHex, idle, nextEvent } from './support/hosts.ts'

const id = (n: number): Uint8Array => new Uint8Array(64).fill(n)
const hex = (n: number): string => n.toString(16).padStart(2, '0').repeat(64)
const enode = (n: number) => ({ peerId: id(n), ip: '10.0.0.1', tcpPort: 30_000 + n, udpPort: 30_000 + n })

function policyOf(limits: Partial<HostLimits> = {}): Policy {
  const jitter = seededRandom(1)
  return createPolicy({ peerId: id(1), limits: { ...defaultHostLimits, ...limits }, jitter })
}

function enter(policy: Policy, ip: string, nowMs = 0): number {
  const verdict = policy.inbound(ip, nowMs)
  if ('refused' in verdict) throw new Error(`refused: ${verdict.refused}`)
  return verdict.id
}

describe('limits of a network', () => {
  const limits = { maxInboundPerSubnet: 2, inboundIntervalMs: 0 }

  it.each([
    ['203.0.113.1', '203.0.113.99', '203.0.113.200', '203.0.114.1'],
    ['2001:db8:1:1::1', '2001:db8:1:2::1', '2001:db8:1:3::1', '2001:db8:2::1'],
  ])('a /24 or /48 holds so many connections, whatever their state: %s', (a, b, c, elsewhere) => {
    const policy = policyOf(limits)
    const first = enter(policy, a)
    policy.authenticated(first, id(2), 0)
    policy.opened(first, 0)
    enter(policy, b)
    expect(policy.inbound(c, 1)).toEqual({ refused: 'too-many-from-subnet' })
    enter(policy, elsewhere, 1)
    policy.ended(first, {}, 2)
    enter(policy, c, 2)
  })

  it('does not hold for local addresses', () => {
    const policy = policyOf(limits)
    for (let i = 1; i < 20; i++) enter(policy, `192.168.7.${i}`)
  })
})

describe('places that are reserved for links that we dialled', () => {
  it('are not given to others', () => {
    const policy = policyOf({ maxPeers: 3, reservedOutbound: 1 })
    for (const n of [2, 3]) {
      const c = enter(policy, '127.0.0.1')
      expect(policy.authenticated(c, id(n), 0)).toBeUndefined()
      expect(policy.opened(c, 0)).toEqual({ keep: true })
    }
    expect(policy.authenticated(enter(policy, '127.0.0.1'), id(4), 0)).toBe(disconnectReasons.tooManyPeers)
    expect(policy.dialOnce(enode(5), 0)).toBe('queued')
    const [dial] = policy.dialsDue(0)
    expect(policy.authenticated(dial!.id, id(5), 0)).toBeUndefined()
    expect(policy.opened(dial!.id, 0)).toEqual({ keep: true })
    expect(policy.dialOnce(enode(6), 0)).toBe('queued')
    expect(policy.authenticated(policy.dialsDue(0)[0]!.id, id(6), 0)).toBe(disconnectReasons.tooManyPeers)
  })
})

describe('bans', () => {
  it('of an address: refused before a byte is read, until it expires', () => {
    const policy = policyOf()
    const open = enter(policy, '203.0.113.1')
    expect(policy.ban({ ip: '203.0.113.1' }, 60_000, 'test')).toEqual([open])
    policy.ended(open, {}, 0)
    expect(policy.inbound('203.0.113.1', 59_999)).toEqual({ refused: 'banned' })
    enter(policy, '203.0.113.2', 59_999)
    enter(policy, '203.0.113.1', 60_000)
  })

  it('of a peer: told "useless peer" when it has proven its id, in both directions, until it is taken back', () => {
    const policy = policyOf()
    policy.ban({ peerId: hex(2) }, 60_000, 'test')
    const refused = enter(policy, '127.0.0.1')
    expect(policy.authenticated(refused, id(2), 1)).toBe(disconnectReasons.uselessPeer)
    policy.ended(refused, {}, 1)
    expect(policy.dialOnce(enode(2), 1)).toBe('banned')
    expect(policy.bans(1)).toEqual([{ target: hex(2), untilMs: 60_000, why: 'test' }])
    expect(policy.unban({ peerId: hex(2) })).toBe(true)
    expect(policy.unban({ peerId: hex(2) })).toBe(false)
    expect(policy.dialOnce(enode(2), 1)).toBe('queued')
  })

  it('a static peer that is banned is dialled again when that is over', () => {
    const policy = policyOf()
    policy.addStatic(enode(2), 0)
    policy.ban({ peerId: hex(2) }, 60_000, 'test')
    expect(policy.dialsDue(1)).toEqual([])
    expect(policy.wakeAtMs()).toBe(60_000)
    expect(policy.dialsDue(60_000)).toHaveLength(1)
  })

  it('of an address: nobody there is dialled, queued before or static, until it is over or taken back', () => {
    const policy = policyOf()
    const at = (n: number) => ({ ...enode(n), ip: '203.0.113.1' })
    policy.addStatic(at(2), 0)
    policy.ban({ ip: '203.0.113.1' }, 60_000, 'test')
    policy.ban({ peerId: hex(2) }, 30_000, 'test')
    expect(policy.dialOnce(at(3), 0)).toBe('banned')
    expect(policy.dialsDue(1)).toEqual([])
    expect(policy.wakeAtMs()).toBe(60_000)
    expect(policy.unban({ ip: '203.0.113.1' })).toBe(true)
    expect(policy.unban({ peerId: hex(2) })).toBe(true)
    expect(policy.dialOnce(at(3), 1)).toBe('queued')
    policy.ban({ ip: '203.0.113.1' }, 60_000, 'test')
    expect(policy.dialsDue(1)).toEqual([])
    expect(policy.dialsDue(60_000).map(({ enode: { peerId } }) => peerId)).toEqual([id(2)])
  })

  it('whoever breaks the protocol after proving its id is kept out; static and trusted peers are not', () => {
    const policy = policyOf({ breachBanMs: 1_000 })
    policy.setTrusted(id(3), true)
    policy.addStatic(enode(4), 1e9)
    for (const n of [2, 3, 4]) {
      const c = enter(policy, '127.0.0.1')
      policy.authenticated(c, id(n), 0)
      policy.opened(c, 0)
      policy.ended(c, { breach: true }, 10)
    }
    const verdicts = [2, 3, 4].map((n) => policy.authenticated(enter(policy, '127.0.0.1'), id(n), 11))
    expect(verdicts).toEqual([disconnectReasons.uselessPeer, undefined, undefined])
    expect(policy.authenticated(enter(policy, '127.0.0.1'), id(2), 1_010)).toBeUndefined()
  })

  it('are bounded: the one that ends first is given up', () => {
    const bans = createBans()
    for (let i = 0; i < 5_000; i++) bans.add(`peer ${i}`, 1_000 + i, '')
    expect(bans.list(0)).toHaveLength(4_096)
    expect(bans.until('peer 0', 0)).toBeUndefined()
    expect(bans.until('peer 4999', 0)).toBe(5_999)
    bans.add('peer 4999', 10, '')
    expect(bans.until('peer 4999', 0)).toBe(5_999)
    expect(bans.list(6_000)).toEqual([])
  })
})

describe('dialling once', () => {
  it('is not repeated, not done twice, and waits for room', () => {
    const policy = policyOf({ maxPendingOutbound: 1 })
    expect([2, 3, 3].map((n) => policy.dialOnce(enode(n), 0))).toEqual(['queued', 'queued', 'queued'])
    expect(policy.dialOnce({ ...enode(1) }, 0)).toBe('self')
    const [first] = policy.dialsDue(0)
    expect(policy.dialOnce(enode(2), 0)).toBe('connected')
    expect(policy.dialsDue(0)).toEqual([])
    expect(policy.ended(first!.id, {}, 1)).toEqual({})
    const [second, ...none] = policy.dialsDue(1)
    expect([second!.enode.peerId[0], none]).toEqual([3, []])
    policy.ended(second!.id, {}, 1)
    expect(policy.wakeAtMs()).toBeUndefined()
  })

  it('so many wait and no more', () => {
    const policy = policyOf({ maxPendingOutbound: 1 })
    for (let n = 2; n < 66; n++) expect(policy.dialOnce(enode(n), 0)).toBe('queued')
    expect(policy.dialOnce(enode(99), 0)).toBe('too-many')
  })
})

describe('the network is back', () => {
  it('all static peers are dialled at once and their failures are forgotten', () => {
    const policy = policyOf()
    for (const n of [2, 3]) policy.addStatic(enode(n), 0)
    let now = 0
    for (let i = 0; i < 8; i++) {
      for (const dial of policy.dialsDue(now)) policy.ended(dial.id, {}, now)
      now = Math.max(now + 1, policy.wakeAtMs() ?? 0)
    }
    expect(policy.dialsDue(now - 1)).toEqual([])
    policy.redialNow(now)
    const dials = policy.dialsDue(now)
    expect(dials).toHaveLength(2)
    expect(policy.ended(dials[0]!.id, {}, now).redialAtMs).toBeLessThanOrEqual(now + 1_000)
  })
})

describe('a change of the network', () => {
  it('is noticed: other addresses, and waking up; not while there are none', async () => {
    const clock = virtualClock()
    let addresses = ['192.0.2.1']
    let changes = 0
    const end = watchNetwork(() => changes++, { clock, addresses: () => addresses })
    const after = async (change: () => void): Promise<number> => {
      change()
      await clock.advance(60_000)
      return changes
    }
    expect(await after(() => {})).toBe(0)
    expect(await after(() => (addresses = []))).toBe(0)
    expect(await after(() => (addresses = ['192.0.2.1']))).toBe(1)
    expect(await after(() => (addresses = ['198.51.100.1']))).toBe(2)
    expect(await after(() => clock.shiftWall(3_600_000))).toBe(3)
    end()
    expect(await after(() => (addresses = ['192.0.2.1']))).toBe(3)
  })

  it('looks at this machine unless told otherwise', () => {
    watchNetwork(() => {})()
  })
})

describe('ways to a peer', () => {
  const via = ['ws://10.0.0.1:80/p2p', 'wss://relay.example/p2p', 'tcp://name.onion:30303']
  const all = { ...enode(2), via }
  const names = (ways: ReturnType<typeof createWays>) =>
    ways.of(all).map(({ protocol = 'tcp', host }) => `${protocol} ${host}`)
  const supported = ['tcp', 'ws', 'wss'] as const

  it('in the order of the protocols; what is not named or not supported is not tried', () => {
    const order = createWays({ supported, order: ['wss', 'tcp'] })
    expect(names(order)).toEqual(['wss relay.example', 'tcp 10.0.0.1', 'tcp name.onion'])
    expect(names(createWays({ supported: ['tcp'], order: ['wss', 'tcp'] }))).toEqual([
      'tcp 10.0.0.1',
      'tcp name.onion',
    ])
  })

  it('one that led to no link is tried last, one that did first', () => {
    const ways = createWays({ supported, order: ['tcp', 'wss', 'ws'] })
    const [tcp, , wss] = ways.of(all)
    ways.failed(id(2), tcp!)
    expect(names(ways)[0]).toBe('tcp name.onion')
    ways.failed(id(2), ways.of(all)[0]!)
    expect(names(ways)[0]).toBe('wss relay.example')
    ways.worked(id(2), wss!)
    expect(names(ways)).toEqual(['wss relay.example', 'ws 10.0.0.1', 'tcp 10.0.0.1', 'tcp name.onion'])
  })
})

describe('a host', () => {
  const hosts = new Hosts()
  const clock = virtualClock()
  const network = createMemoryNetwork()
  const machine = (n: number) => ({
    ...{ listen: `10.0.0.${n}:30303`, transport: network.transport(`10.0.0.${n}`) },
    ...{ clock, random: seededRandom(n) },
  })
  const at = (n: number) => enodeOf(n, `10.0.0.${n}`, 30_303)
  afterEach(async () => {
    const closed = hosts.close()
    await clock.advance(5_000)
    await closed
  })

  it('dials once on demand, bans a peer that is up, and lets it in again later', async () => {
    const b = await hosts.start(2, machine(2))
    const a = await hosts.start(1, machine(1))
    expect(a.dial(b.enode)).toBe('queued')
    await clock.advance(10)
    expect(a.peers()).toMatchObject([{ transport: 'tcp', direction: 'outbound', isStatic: false }])
    expect(a.dial(b.enode)).toBe('connected')
    const events = b.events()
    await nextEvent(events, 'link-up')
    a.ban(b.enode, 60_000, 'test')
    await clock.advance(10)
    expect(await nextEvent(events, 'link-down')).toMatchObject({
      reason: disconnectReasons.uselessPeer,
      by: 'peer',
    })
    expect(a.bans()).toEqual([{ target: idHex(2), remainingMs: 59_990, why: 'test' }])
    b.dial(a.enode)
    await clock.advance(10)
    expect(a.peers()).toEqual([])
    await clock.advance(60_000)
    expect(a.bans()).toEqual([])
    b.dial(a.enode)
    await clock.advance(10)
    expect(a.peers()).toHaveLength(1)
    expect(a.unban('203.0.113.1')).toBe(false)
    expect(() => a.ban('nobody', 1)).toThrow('enode')
    expect(() => a.ban(b.enode, 0)).toThrow('durationMs')
  })

  it('reconnects at once when it is told that the network is back', async () => {
    const inner = network.transport('10.0.0.3')
    let isDown = true
    const transport: Transport = {
      ...inner,
      dial: (to, signal) => (isDown ? Promise.reject(new Error('no route')) : inner.dial(to, signal)),
    }
    await hosts.start(4, machine(4))
    const c = await hosts.start(3, { ...machine(3), transport, peers: [at(4)] })
    await clock.advance(300_000)
    isDown = false
    expect(c.peers()).toEqual([])
    c.redialNow()
    await clock.advance(10)
    expect(c.peers()).toHaveLength(1)
  })

  it('goes another way when the first one is closed, and when it leads to a connection but to no link', async () => {
    const inner = network.transport('10.0.0.5')
    const dialled: string[] = []
    const transport: Transport = {
      protocols: ['tcp', 'wss'],
      listen: inner.listen,
      async dial(to, signal) {
        dialled.push(to.protocol ?? 'tcp')
        if (to.protocol === 'wss') return inner.dial({ host: '10.0.0.6', port: 30_303 }, signal)
        if (dialled.length === 1) throw new Error('blocked')
        // connects, and is cut as soon as something is said
        const stream = await inner.dial(to, signal)
        return {
          ...{ start: (h) => stream.start(h), pause() {}, resume() {}, end: () => stream.end() },
          write: () => {
            stream.destroy()
            return true
          },
          destroy: () => stream.destroy(),
        }
      },
    }
    const f = await hosts.start(6, machine(6))
    const e = await hosts.start(5, { ...machine(5), transport, subprotocols: [idle()] })
    const to = `${at(6)}?via=wss://relay.example/p2p`
    e.dial(to)
    await clock.advance(10)
    expect([dialled, e.peers()]).toMatchObject([['tcp', 'wss'], [{ enode: to }]])
    f.ban(e.enode, 1)
    await clock.advance(10)
    e.dial(to)
    await clock.advance(10)
    // the way that worked is tried first
    expect(dialled).toEqual(['tcp', 'wss', 'wss'])

    dialled.splice(1)
    const g = await hosts.start(7, { ...machine(7), transport })
    g.addPeer(to)
    await clock.advance(2_000)
    expect([dialled.slice(1), g.peers()]).toMatchObject([['tcp', 'wss'], [{ transport: 'tcp' }]])
  })
})
