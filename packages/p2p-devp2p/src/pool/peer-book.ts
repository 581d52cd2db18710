/**
 * What is known of peers: where they are, what they do, how they behaved. Pure; time comes in.
 *
 * A peer is _proven_ once a link that we dialled to it has lasted. Only those are worth remembering over a restart: whoever
 * floods us with addresses does not get into that memory.
 */
import { toHex } from '@status-protocol/bytes'
import type { DiscoveredNode } from '../discovery.ts'
import type { Enode } from '../enode.ts'
import { addressGroup } from '../host/address-group.ts'

export interface KnownPeer {
  /** Hex of the peer id. */
  readonly key: string
  enode: Enode
  /** IPv4 /24 or IPv6 /48 of its address; undefined: local, or not known. */
  network: string | undefined
  roles: readonly string[]
  /** Of the last source that named it. */
  source: string
  /** Links of ours that lasted. */
  successes: number
  /** All links together. */
  upSeconds: number
  lastUpUnixSeconds: number
  /** From the dial to the link, smoothed; 0: never. */
  latencyMs: number
  /** -100 .. 100, what subprotocols say of it; fades to 0 with a half-life of an hour. */
  reputation: number
  reputationAtUnixSeconds: number
  /** Dials without a link, in a row. */
  failures: number
  /** Not before, on the monotonic clock. */
  dialAtMs: number
}

export interface PeerBook {
  get(peerId: Uint8Array): KnownPeer | undefined
  /** May be gone through any number of times. */
  all(): Iterable<KnownPeer>
  readonly size: number
  /** A source names it. Undefined: there is no room for it. */
  learn(node: DiscoveredNode): KnownPeer | undefined
  /** From the store. */
  restore(peer: KnownPeer): void
  forget(key: string): void
}

/**
 * Beyond, an unproven peer has to go for a new one: the one with the most failures. Half of the room is for proven ones, who
 * do not give way; of more than that the one goes that fails most or, of such, was up the shortest. Else the new one goes.
 */
export const MAX_KNOWN = 1_000
/** Unproven peers of one IPv4 /24 or IPv6 /48. */
const MAX_UNPROVEN_IN_SUBNET = 16

export function createPeerBook(): PeerBook {
  /** BOUNDED by {@link MAX_KNOWN} and the static ones, which are the operator's. */
  const peers = new Map<string, KnownPeer>()

  const hasRoomInSubnet = (enode: Enode): boolean => {
    const network = networkOf(enode)
    if (network === undefined) return true
    let count = 0
    for (const peer of peers.values()) if (peer.successes === 0 && peer.network === network) count++
    return count < MAX_UNPROVEN_IN_SUBNET
  }

  const makeRoom = (): boolean => {
    if (peers.size < MAX_KNOWN) return true
    let [victim, proven]: (KnownPeer | undefined)[] = []
    let provenCount = 0
    for (const peer of peers.values()) {
      if (peer.source === 'static') continue
      if (peer.successes > 0) {
        provenCount++
        if (!proven || isWorse(peer, proven)) proven = peer
      } else if (peer.failures > (victim?.failures ?? 0)) victim = peer
    }
    if (provenCount > MAX_KNOWN / 2) victim ??= proven
    return victim !== undefined && peers.delete(victim.key)
  }

  return {
    get: (peerId) => peers.get(toHex(peerId)),
    all: () => ({ [Symbol.iterator]: () => peers.values() }),
    get size() {
      return peers.size
    },
    learn({ enode, roles, source }) {
      const key = toHex(enode.peerId)
      const known = peers.get(key)
      if (known) {
        // what the operator wrote is not overwritten by what the network says
        if (known.source === 'static' && source !== 'static') return known
        known.enode = enode
        known.network = networkOf(enode)
        known.source = source
        if (roles.length > 0) known.roles = roles
        return known
      }
      if (source !== 'static' && !(hasRoomInSubnet(enode) && makeRoom())) return undefined
      const peer = freshPeer(key, enode, roles, source)
      peers.set(key, peer)
      return peer
    },
    restore(peer) {
      if (peers.size < MAX_KNOWN) peers.set(peer.key, peer)
    },
    forget: (key) => void peers.delete(key),
  }
}

function isWorse(a: KnownPeer, b: KnownPeer): boolean {
  return a.failures === b.failures ? a.upSeconds < b.upSeconds : a.failures > b.failures
}

export function freshPeer(key: string, enode: Enode, roles: readonly string[], source: string): KnownPeer {
  return {
    ...{ key, enode, network: networkOf(enode), roles, source },
    ...{ successes: 0, upSeconds: 0, lastUpUnixSeconds: 0, latencyMs: 0 },
    ...{ reputation: 0, reputationAtUnixSeconds: 0, failures: 0, dialAtMs: 0 },
  }
}

function networkOf({ ip }: Enode): string | undefined {
  const { subnet, isLocal } = addressGroup(ip)
  return isLocal ? undefined : subnet
}

const REPUTATION_HALF_LIFE_SECONDS = 3_600

/** What is left of it now. */
export function reputationNow(peer: KnownPeer, nowUnixSeconds: number): number {
  const age = Math.max(0, nowUnixSeconds - peer.reputationAtUnixSeconds)
  return peer.reputation * 0.5 ** (age / REPUTATION_HALF_LIFE_SECONDS)
}

export function addReputation(peer: KnownPeer, points: number, nowUnixSeconds: number): number {
  const sum = reputationNow(peer, nowUnixSeconds) + points
  peer.reputation = Math.max(-100, Math.min(100, sum))
  peer.reputationAtUnixSeconds = nowUnixSeconds
  return peer.reputation
}

/**
 * What a peer is worth: what subprotocols say (-100 .. 100), up to 50 for the time it was up (a day is worth 46), less 20 for
 * each failure in a row, less 1 for each 100 ms of latency up to 20.
 */
export function scoreOf(peer: KnownPeer, nowUnixSeconds: number): number {
  const longevity = Math.min(50, 10 * Math.log2(1 + peer.upSeconds / 3_600))
  const latency = Math.min(20, peer.latencyMs / 100)
  return reputationNow(peer, nowUnixSeconds) + longevity - 20 * peer.failures - latency
}
