import { seededRandom } from '@status-protocol/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { disconnectReasons } from '../src/base/disconnect.ts'
import { defaultHostLimits, type HostLimits } from '../src/host/limits.ts'
import { createPolicy, type Policy } from '../src/host/policy.ts'
import { redialDelayMs } from '../src/host/redial.ts'

/** Ids in their order: 1 < 2 < 3. */
const id = (n: number): Uint8Array => new Uint8Array(64).fill(n)
const enode = (n: number) => ({ peerId: id(n), ip: '10.0.0.1', tcpPort: 30_000 + n, udpPort: 30_000 + n })

function policyOf(self: number, limits: Partial<HostLimits> = {}, seed = 1): Policy {
  return createPolicy({
    peerId: id(self),
    limits: { ...defaultHostLimits, ...limits },
    jitter: seededRandom(seed),
  })
}

function enter(policy: Policy, ip: string | undefined, nowMs = 0): number {
  const verdict = policy.inbound(ip, nowMs)
  if ('refused' in verdict) throw new Error(`refused: ${verdict.refused}`)
  return verdict.id
}

function letIn(policy: Policy, peer: number, nowMs = 0): number {
  const connection = enter(policy, '127.0.0.1', nowMs)
  expect(policy.authenticated(connection, id(peer), nowMs)).toBeUndefined()
  expect(policy.opened(connection, nowMs)).toEqual({ keep: true })
  return connection
}

describe('static peers', () => {
  it('are dialled at once, one attempt at a time, until they are up', () => {
    const policy = policyOf(1)
    policy.addStatic(enode(2), 5)
    expect(policy.wakeAtMs()).toBe(5)
    const [dial] = policy.dialsDue(5)
    expect(dial?.enode).toEqual(enode(2))
    expect(policy.dialsDue(1e9)).toEqual([])
    expect(policy.wakeAtMs()).toBeUndefined()
    policy.authenticated(dial!.id, id(2), 6)
    expect(policy.opened(dial!.id, 6)).toEqual({ keep: true })
    expect(policy.dialsDue(1e9)).toEqual([])
  })

  it('are dialled again within a second, then after 2, 4, 8, 16, 30, 30 s, each spread over its upper half', () => {
    const policy = policyOf(1)
    policy.addStatic(enode(2), 0)
    let now = 0
    for (const whole of [1, 2, 4, 8, 16, 30, 30, 30]) {
      const [dial] = policy.dialsDue(now)
      const { redialAtMs } = policy.ended(dial!.id, {}, now)
      expect(redialAtMs! - now).toBeGreaterThanOrEqual(whole * 500)
      expect(redialAtMs! - now).toBeLessThanOrEqual(whole * 1000)
      expect(policy.wakeAtMs()).toBe(redialAtMs)
      expect(policy.dialsDue(redialAtMs! - 1)).toEqual([])
      now = redialAtMs!
    }
  })

  it('a link that was stable makes the next failure the first again; a short one does not', () => {
    const policy = policyOf(1)
    policy.addStatic(enode(2), 0)
    let now = 0
    const once = (upForMs: number): number => {
      const [dial] = policy.dialsDue(now)
      policy.authenticated(dial!.id, id(2), now)
      policy.opened(dial!.id, now)
      const downAt = now + upForMs
      now = policy.ended(dial!.id, {}, downAt).redialAtMs!
      return now - downAt
    }
    expect(once(100)).toBeLessThanOrEqual(1_000)
    expect(once(100)).toBeGreaterThan(1_000)
    expect(once(100)).toBeGreaterThan(2_000)
    expect(once(defaultHostLimits.stableAfterMs)).toBeLessThanOrEqual(1_000)
  })

  it('who cannot be our peer is asked again after the longest wait', () => {
    const policy = policyOf(1)
    policy.addStatic(enode(2), 0)
    expect(policy.ended(policy.dialsDue(0)[0]!.id, { hopeless: true }, 0)).toEqual({ redialAtMs: 30_000 })
  })

  it('added again: at the new address and at once', () => {
    const policy = policyOf(1)
    policy.addStatic(enode(2), 0)
    policy.ended(policy.dialsDue(0)[0]!.id, { hopeless: true }, 0)
    policy.addStatic({ ...enode(2), tcpPort: 9 }, 10)
    expect(policy.dialsDue(10)[0]?.enode.tcpPort).toBe(9)
  })

  it('are not dialled while they are connected to us, and again when that link is gone', () => {
    const policy = policyOf(1)
    const connection = letIn(policy, 2)
    policy.addStatic(enode(2), 1)
    expect(policy.dialsDue(1)).toEqual([])
    expect(policy.ended(connection, {}, 20_000).redialAtMs).toBeLessThanOrEqual(21_000)
  })

  it('are not dialled while they are shaking hands with us; if that comes to nothing, at once', () => {
    const policy = policyOf(1)
    const connection = enter(policy, '127.0.0.1')
    policy.authenticated(connection, id(2), 0)
    policy.addStatic(enode(2), 0)
    expect(policy.dialsDue(0)).toEqual([])
    expect(policy.ended(connection, {}, 5)).toEqual({})
    expect(policy.dialsDue(5)).toHaveLength(1)
  })

  it('no more than maxPendingOutbound are dialled at the same time, those due first come first', () => {
    const policy = policyOf(1, { maxPendingOutbound: 2 })
    for (const n of [5, 3, 4]) policy.addStatic(enode(n), 10 - n)
    const first = policy.dialsDue(10)
    expect(first.map((d) => d.enode.peerId[0])).toEqual([5, 4])
    expect(policy.wakeAtMs()).toBeUndefined()
    policy.ended(first[0]!.id, {}, 10)
    expect(policy.dialsDue(10).map((d) => d.enode.peerId[0])).toEqual([3])
  })

  it('ourselves among them: left out', () => {
    const policy = policyOf(1)
    policy.addStatic(enode(1), 0)
    expect(policy.wakeAtMs()).toBeUndefined()
  })

  it('removed: not dialled again', () => {
    const policy = policyOf(1)
    policy.addStatic(enode(2), 0)
    const [dial] = policy.dialsDue(0)
    expect(policy.removeStatic(id(2))).toBe(true)
    expect(policy.removeStatic(id(2))).toBe(false)
    expect(policy.ended(dial!.id, {}, 0)).toEqual({})
    expect(policy.wakeAtMs()).toBeUndefined()
  })

  it('the jitter comes from the given source: same seed, same delays', () => {
    const delays = (seed: number) => {
      const jitter = seededRandom(seed)
      return Array.from({ length: 20 }, (_, i) => redialDelayMs(i + 1, defaultHostLimits, jitter))
    }
    expect(delays(7)).toEqual(delays(7))
    expect(delays(7)).not.toEqual(delays(8))
  })
})

describe('limits', () => {
  it('maxPeers holds for everybody but trusted and static peers', () => {
    const policy = policyOf(1, { maxPeers: 2 })
    letIn(policy, 2)
    const leaving = letIn(policy, 3)
    const refused = enter(policy, '127.0.0.1')
    expect(policy.authenticated(refused, id(4), 0)).toBe(disconnectReasons.tooManyPeers)
    policy.setTrusted(id(5), true)
    letIn(policy, 5)
    policy.addStatic(enode(6), 0)
    const [dial] = policy.dialsDue(0)
    expect(policy.authenticated(dial!.id, id(6), 0)).toBeUndefined()
    expect(policy.opened(dial!.id, 0)).toEqual({ keep: true })
    expect(policy.counts().up).toBe(4)
    policy.ended(leaving, {}, 1)
    policy.setTrusted(id(5), false)
    const late = enter(policy, '127.0.0.1')
    expect(policy.authenticated(late, id(4), 0)).toBe(disconnectReasons.tooManyPeers)
  })

  it('is asked again when Hello is exchanged: others may have come up in between', () => {
    const policy = policyOf(1, { maxPeers: 1 })
    const [first, second] = [enter(policy, '127.0.0.1'), enter(policy, '127.0.0.1')]
    expect(policy.authenticated(first, id(2), 0)).toBeUndefined()
    expect(policy.authenticated(second, id(3), 0)).toBeUndefined()
    expect(policy.opened(first, 0)).toEqual({ keep: true })
    expect(policy.opened(second, 0)).toEqual({ keep: false, reason: disconnectReasons.tooManyPeers })
  })

  it('one attempt of an address in 30 s; a /64 is one address', () => {
    const policy = policyOf(1)
    enter(policy, '203.0.113.1', 0)
    expect(policy.inbound('203.0.113.1', 29_999)).toEqual({ refused: 'too-soon' })
    enter(policy, '203.0.113.2', 29_999)
    enter(policy, '203.0.113.1', 30_000)
    enter(policy, '2001:db8::1', 0)
    expect(policy.inbound('2001:db8::ffff:1', 1)).toEqual({ refused: 'too-soon' })
    enter(policy, '2001:db8:0:1::1', 1)
  })

  it.each(['127.0.0.1', '10.9.8.7', '192.168.1.1', '172.31.0.1', '::1', 'fd00::1', 'fe80::1', undefined])(
    'as often as it likes: %s',
    (ip) => {
      const policy = policyOf(1)
      for (let i = 0; i < 20; i++) enter(policy, ip)
    },
  )

  it('an address that is not local holds maxInboundPerIp connections, whatever their state', () => {
    const policy = policyOf(1, { maxInboundPerIp: 2, inboundIntervalMs: 0 })
    const [first] = [enter(policy, '203.0.113.1'), enter(policy, '203.0.113.1')]
    policy.authenticated(first!, id(2), 0)
    policy.opened(first!, 0)
    expect(policy.inbound('203.0.113.1', 1)).toEqual({ refused: 'too-many-from-address' })
    enter(policy, '203.0.113.2', 1)
    policy.ended(first!, {}, 2)
    enter(policy, '203.0.113.1', 2)
  })

  it('maxPendingInbound: a newcomer takes the place of the loudest address, never of its own', () => {
    const policy = policyOf(1, { maxPendingInbound: 4 })
    const silent = [1, 2, 3].map(() => enter(policy, '10.0.0.66'))
    enter(policy, '10.0.0.2')
    expect(policy.inbound('10.0.0.66', 0)).toEqual({ refused: 'too-many-pending' })
    const verdict = policy.inbound('10.0.0.3', 0)
    expect(verdict).toMatchObject({ evict: silent[0] })
    policy.ended(silent[0]!, {}, 0)
    expect(policy.counts().pendingInbound).toBe(4)
  })

  it('who has finished the handshake is not pending', () => {
    const policy = policyOf(1, { maxPendingInbound: 1 })
    for (let peer = 2; peer < 10; peer++) letIn(policy, peer)
    expect(policy.counts()).toEqual({ up: 8, pendingInbound: 0, pendingOutbound: 0 })
  })

  it('nobody is dialled or let in after close', () => {
    const policy = policyOf(1)
    policy.addStatic(enode(2), 0)
    const pending = enter(policy, '127.0.0.1')
    policy.close()
    expect(policy.inbound('127.0.0.1', 0)).toEqual({ refused: 'closing' })
    expect(policy.dialsDue(1e9)).toEqual([])
    expect(policy.wakeAtMs()).toBeUndefined()
    expect(policy.authenticated(pending, id(3), 0)).toBe(disconnectReasons.quitting)
  })

  it('what is remembered of addresses is bounded', () => {
    const policy = policyOf(1, { maxPendingInbound: 1e6 })
    for (let i = 0; i < 10_000; i++) {
      const ip = `203.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`
      policy.ended(enter(policy, ip), {}, 0)
    }
    // the first ones are forgotten: that is the price of the bound
    enter(policy, '203.0.0.0')
    expect(policy.inbound('203.0.39.15', 0)).toEqual({ refused: 'too-soon' })
  })
})

describe('whatever happens', () => {
  it('never more than one link per peer, never above the limits, and nothing is left when all is over', () => {
    const limits = { maxPeers: 3, maxPendingInbound: 4, maxPendingOutbound: 2 }
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5), fc.nat(7), fc.nat(3_000)), { maxLength: 120 }), (steps) => {
        const policy = policyOf(9, limits)
        for (const n of [2, 3, 4, 5]) policy.addStatic(enode(n), 0)
        /** id -> peer, 0 while it is not known. */
        const alive = new Map<number, number>()
        const links = new Map<number, number>()
        let now = 0
        const end = (c: number) => {
          alive.delete(c)
          links.delete(c)
          policy.ended(c, {}, now)
        }
        const pick = (n: number) => [...alive.keys()][n % Math.max(1, alive.size)]
        for (const [kind, n, wait] of steps) {
          now += wait
          const c = pick(n)
          if (kind === 0) {
            const verdict = policy.inbound('10.0.0.1', now)
            if ('id' in verdict) alive.set(verdict.id, 0)
          } else if (kind === 1)
            for (const dial of policy.dialsDue(now)) alive.set(dial.id, dial.enode.peerId[0] as number)
          else if (c === undefined || links.has(c)) {
            if (c !== undefined) end(c)
          } else if (kind === 2) end(c)
          else {
            const peer = alive.get(c) || 1 + (n % 7)
            alive.set(c, peer)
            if (policy.authenticated(c, id(peer), now) !== undefined) end(c)
            else if (kind === 3) continue
            else {
              const opened = policy.opened(c, now)
              if (!opened.keep) end(c)
              else {
                links.set(c, peer)
                if (opened.replaces !== undefined) end(opened.replaces)
              }
            }
          }
          const peers = [...links.values()]
          expect(new Set(peers).size).toBe(peers.length)
          expect(peers.filter((peer) => peer > 5 || peer === 1).length).toBeLessThanOrEqual(limits.maxPeers)
          const counts = policy.counts()
          expect(counts.up).toBe(peers.length)
          expect(counts.pendingInbound).toBeLessThanOrEqual(limits.maxPendingInbound)
          expect(counts.pendingOutbound).toBeLessThanOrEqual(limits.maxPendingOutbound)
        }
        for (const c of [...alive.keys()]) end(c)
        expect(policy.counts()).toEqual({ up: 0, pendingInbound: 0, pendingOutbound: 0 })
        // all static peers are free to be dialled again
        const later = policy.dialsDue(now + 60_000)
        const rest = later.flatMap((dial) => {
          policy.ended(dial.id, {}, now + 60_000)
          return policy.dialsDue(now + 60_000)
        })
        expect(later.length + rest.length).toBe(4)
      }),
      { numRuns: 500 },
    )
  })
})

describe('one link per peer', () => {
  it('a second connection is refused while the first one is up', () => {
    const policy = policyOf(1)
    letIn(policy, 2)
    const second = enter(policy, '127.0.0.1')
    expect(policy.authenticated(second, id(2), 1)).toBe(disconnectReasons.alreadyConnected)
  })

  it('the preferred connection replaces the other one only while that is young', () => {
    for (const [ageMs, keeps] of [
      [9_999, true],
      [10_000, false],
    ] as const) {
      // 2 > 1: the one that 2 dialled is preferred
      const policy = policyOf(1)
      policy.addStatic(enode(2), 0)
      const [ours] = policy.dialsDue(0)
      policy.authenticated(ours!.id, id(2), 0)
      policy.opened(ours!.id, 0)
      const theirs = enter(policy, '127.0.0.1', ageMs)
      const refused = policy.authenticated(theirs, id(2), ageMs)
      if (!keeps) {
        expect(refused).toBe(disconnectReasons.alreadyConnected)
        continue
      }
      expect(refused).toBeUndefined()
      expect(policy.opened(theirs, ageMs)).toEqual({ keep: true, replaces: ours!.id })
      // the old one ends: the peer is still up and not dialled
      expect(policy.ended(ours!.id, {}, ageMs)).toEqual({})
      expect(policy.counts().up).toBe(1)
      expect(policy.dialsDue(1e9)).toEqual([])
    }
  })

  it('simultaneous dialling: both sides keep the same one, in whatever order things happen', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 40, maxLength: 40 }), (choices) => {
        const result = dialEachOther(choices)
        expect(result).toEqual({ low: 'by-high', high: 'by-high' })
      }),
      { numRuns: 500 },
    )
  })
})

/**
 * Two nodes dial each other; `choices` decides what happens next among all that can. What one side closes, the other
 * notices some time later.
 */
function dialEachOther(choices: readonly number[]): { low: string; high: string } {
  type Wire = 'by-low' | 'by-high'
  type Side = 'low' | 'high'
  const policies = { low: policyOf(1), high: policyOf(2) }
  const peerOf = { low: id(2), high: id(1) }
  policies.low.addStatic(enode(2), 0)
  policies.high.addStatic(enode(1), 0)
  const ids: Record<Side, Record<Wire, number>> = {
    low: { 'by-low': policies.low.dialsDue(0)[0]!.id, 'by-high': enter(policies.low, '127.0.0.1') },
    high: { 'by-high': policies.high.dialsDue(0)[0]!.id, 'by-low': enter(policies.high, '127.0.0.1') },
  }
  const stage = new Map<string, 'new' | 'known' | 'up' | 'closed'>()
  const sides: Side[] = ['low', 'high']
  const wires: Wire[] = ['by-low', 'by-high']
  for (const side of sides) for (const wire of wires) stage.set(`${side} ${wire}`, 'new')
  const at = (side: Side, wire: Wire) => stage.get(`${side} ${wire}`)
  const other = (side: Side): Side => (side === 'low' ? 'high' : 'low')
  const close = (side: Side, wire: Wire) => {
    stage.set(`${side} ${wire}`, 'closed')
    policies[side].ended(ids[side][wire], {}, 0)
  }

  const steps = (): (() => void)[] => {
    const possible: (() => void)[] = []
    for (const side of sides)
      for (const wire of wires) {
        const [here, there] = [at(side, wire), at(other(side), wire)]
        const name = `${side} ${wire}`
        if (here !== 'closed' && there === 'closed') possible.push(() => close(side, wire))
        if (here === 'new' && there !== 'closed')
          possible.push(() => {
            stage.set(name, 'known')
            if (policies[side].authenticated(ids[side][wire], peerOf[side], 0) !== undefined)
              close(side, wire)
          })
        // Hello comes only from a side that has admitted us
        if (here === 'known' && (there === 'known' || there === 'up'))
          possible.push(() => {
            const opened = policies[side].opened(ids[side][wire], 0)
            if (!opened.keep) return close(side, wire)
            stage.set(name, 'up')
            const replaced = wires.find((w) => ids[side][w] === opened.replaces)
            if (replaced) close(side, replaced)
          })
      }
    return possible
  }

  for (const choice of choices) {
    const possible = steps()
    if (possible.length === 0) break
    possible[choice % possible.length]!()
  }
  expect(steps()).toEqual([])
  const up = (side: Side) => wires.filter((wire) => at(side, wire) === 'up').join()
  return { low: up('low'), high: up('high') }
}
