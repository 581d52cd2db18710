/**
 * Whom to dial, whom to let go. Pure.
 *
 * Half of the wanted links of a role are for peers that have proven themselves, best first: an attacker cannot make these by
 * flooding us with addresses. The other half is for a random network's random peer, whatever it did before: one who has
 * served us long does not own us either. Only links that we dialled count, since who dials us chooses itself.
 */
import type { Random } from '@status-protocol/ports'
import { addressGroup } from '../host/address-group.ts'
import { type KnownPeer, scoreOf } from './peer-book.ts'

/** A role and how many links to peers that have it are wanted. Any peer is a `relay`. */
export type Wanted = Readonly<Record<string, number>>

export interface PoolLink {
  readonly key: string
  readonly ip: string | undefined
  readonly slot: 'proven' | 'random'
  readonly sinceMs: number
}

export interface Situation {
  readonly wanted: Wanted
  readonly known: Iterable<KnownPeer>
  /** Links that we dialled and that are up. */
  readonly up: readonly PoolLink[]
  /** Dials of ours that are not decided. */
  readonly coming: readonly Omit<PoolLink, 'sinceMs'>[]
  /** Connected by themselves, or trying: not to be dialled. */
  readonly isTaken: (key: string) => boolean
  /** To which there are as many links as there may be; see {@link crowdedNetworks}. */
  readonly crowded: ReadonlySet<string>
  readonly rolesOf: (key: string) => readonly string[]
  readonly nowMs: number
  readonly nowUnixSeconds: number
}

export interface Chosen {
  readonly peer: KnownPeer
  readonly slot: PoolLink['slot']
}

/** Links of ours to one IPv4 /24 or IPv6 /48; local networks are exempt. */
const MAX_LINKS_IN_SUBNET = 2

export function crowdedNetworks(ips: readonly (string | undefined)[]): ReadonlySet<string> {
  const counts = new Map<string, number>()
  for (const ip of ips) {
    const { subnet, isLocal } = addressGroup(ip)
    if (!isLocal) counts.set(subnet, (counts.get(subnet) ?? 0) + 1)
  }
  return new Set([...counts].filter(([, count]) => count >= MAX_LINKS_IN_SUBNET).map(([subnet]) => subnet))
}

/** How many links each role lacks. */
export function missing(s: Situation): ReadonlyMap<string, number> {
  const lacks = new Map<string, number>()
  for (const [role, count] of Object.entries(s.wanted)) {
    const have = [...s.up, ...s.coming].filter(({ key }) => hasRole(role, s.rolesOf(key))).length
    if (have < count) lacks.set(role, count - have)
  }
  return lacks
}

/** Whom to dial for a role now, at most one; again after it has been added to `coming`. */
export function choose(s: Situation, role: string, random: Random): Chosen | undefined {
  const candidates = [...s.known].filter((peer) => isCandidate(s, role, peer))
  const links = [...s.up, ...s.coming].filter(({ key }) => hasRole(role, s.rolesOf(key)))
  const provenLinks = links.filter(({ slot }) => slot === 'proven').length
  const proven = candidates.filter(({ successes }) => successes > 0)
  if (proven.length > 0 && provenLinks < Math.ceil((s.wanted[role] ?? 0) / 2)) {
    const best = proven.reduce((a, b) =>
      scoreOf(b, s.nowUnixSeconds) > scoreOf(a, s.nowUnixSeconds) ? b : a,
    )
    return { peer: best, slot: 'proven' }
  }
  const peer = pickByNetwork(candidates, random)
  return peer && { peer, slot: 'random' }
}

/** Of the links in random slots, the one of the least worth that is older than `minAgeMs`, if another could take its place. */
export function replaceable(s: Situation, minAgeMs: number): PoolLink | undefined {
  const known = new Map([...s.known].map((peer) => [peer.key, peer]))
  const old = s.up.filter(({ slot, sinceMs }) => slot === 'random' && s.nowMs - sinceMs >= minAgeMs)
  const hasOther = [...known.values()].some((peer) => isCandidate(s, 'relay', peer))
  if (!hasOther || missing(s).size > 0) return undefined
  const worth = ({ key }: PoolLink) => {
    const peer = known.get(key)
    return peer ? scoreOf(peer, s.nowUnixSeconds) : 0
  }
  return old.length > 0 ? old.reduce((a, b) => (worth(b) < worth(a) ? b : a)) : undefined
}

export function hasRole(role: string, roles: readonly string[]): boolean {
  return role === 'relay' || roles.includes(role)
}

/** How many could be dialled for a role now. */
export function candidateCount(s: Situation, role: string): number {
  let count = 0
  for (const peer of s.known) if (isCandidate(s, role, peer)) count++
  return count
}

function isCandidate(s: Situation, role: string, peer: KnownPeer): boolean {
  if (!hasRole(role, peer.roles) || peer.dialAtMs > s.nowMs || s.isTaken(peer.key)) return false
  return peer.network === undefined || !s.crowded.has(peer.network)
}

/** First a network, then one of it: a thousand addresses of one network weigh as much as one of another. */
function pickByNetwork(candidates: readonly KnownPeer[], random: Random): KnownPeer | undefined {
  const networks = new Map<string, KnownPeer[]>()
  for (const peer of candidates) {
    const name = peer.network ?? peer.enode.ip ?? peer.key
    const others = networks.get(name)
    if (others) others.push(peer)
    else networks.set(name, [peer])
  }
  return pick(pick([...networks.values()], random) ?? [], random)
}

function pick<T>(items: readonly T[], random: Random): T | undefined {
  const [a, b, c] = random.bytes(3) as unknown as [number, number, number]
  return items[((a << 16) | (b << 8) | c) % Math.max(1, items.length)]
}
