/**
 * Who may be connected, and whom to dial when. Pure: no sockets, no timers; time comes in, decisions come out.
 *
 * Every connection has a number from the moment that it is wished for until it has ended. It is `pending` (transport and
 * RLPx handshake), `known` (the peer has proven its id), `up` (Hello exchanged and accepted).
 *
 * One link per peer. When two nodes dial each other at the same time, both keep the connection that the greater peer id
 * dialled: whichever of the two comes second replaces the other or is refused, so both sides arrive at the same one.
 */
import { compare, toHex } from '@status-protocol/bytes'
import type { Random } from '@status-protocol/ports'
import { type DisconnectReason, disconnectReasons } from '../base/disconnect.ts'
import type { Enode } from '../enode.ts'
import { addressGroup } from './address-group.ts'
import { type Ban, createBans } from './bans.ts'
import { createInboundGate, type InboundRefusal } from './inbound-gate.ts'
import type { HostLimits } from './limits.ts'
import { redialDelayMs } from './redial.ts'

export type ConnectionId = number

export interface Dial {
  readonly id: ConnectionId
  readonly enode: Enode
}

/** What became of the wish to dial somebody once. */
export type DialVerdict = 'queued' | 'connected' | 'banned' | 'self' | 'too-many'

export type Opened =
  /** The link is up. `replaces` has to be closed (already connected). */
  | { readonly keep: true; readonly replaces?: ConnectionId }
  | { readonly keep: false; readonly reason: DisconnectReason }

/** How a connection ended, as far as it matters for what comes next. */
export interface Ended {
  readonly reason?: DisconnectReason
  /** The peer cannot be who we look for or speaks nothing that we speak: asking again soon is no use. */
  readonly hopeless?: boolean
  /** The peer, whose id is proven, broke the protocol. */
  readonly breach?: boolean
}

export interface Policy {
  /** When {@link dialsDue} has something to do; undefined: not before something else happens. */
  wakeAtMs(): number | undefined
  /** Whom to dial now. Each is a pending connection from here on; {@link ended} is owed for it. */
  dialsDue(nowMs: number): readonly Dial[]
  /** A connection came in. `evict`: close this one first, without a word. */
  inbound(
    ip: string | undefined,
    nowMs: number,
  ): { readonly id: ConnectionId; readonly evict?: ConnectionId } | { readonly refused: InboundRefusal }
  /** The handshake has told who it is. A reason refuses the connection. */
  authenticated(id: ConnectionId, peerId: Uint8Array, nowMs: number): DisconnectReason | undefined
  /** Hello is exchanged. */
  opened(id: ConnectionId, nowMs: number): Opened
  /** It is over, in whatever state it was. Returns when its peer is dialled again, if it is. */
  ended(id: ConnectionId, outcome: Ended, nowMs: number): { readonly redialAtMs?: number }
  /** Dials a peer and keeps on doing so. Again: with the new address, and at once if it is not connected. */
  addStatic(enode: Enode, nowMs: number): void
  /** Dials a peer once, when there is room. */
  dialOnce(enode: Enode, nowMs: number): DialVerdict
  /** The network is back or another one: what failed before says nothing, all static peers are dialled at once. */
  redialNow(nowMs: number): void
  /** Keeps a peer or an address out. Returns the connections that have to be closed. */
  ban(target: BanTarget, untilMs: number, why: string): readonly ConnectionId[]
  unban(target: BanTarget): boolean
  bans(nowMs: number): readonly Ban[]
  /** No more dials. Whether it was there. A connection goes on. */
  removeStatic(peerId: Uint8Array): boolean
  /** How it is dialled, if it is a static peer. */
  staticPeer(peerId: Uint8Array): Enode | undefined
  setTrusted(peerId: Uint8Array, trusted: boolean): void
  isTrusted(peerId: Uint8Array): boolean
  /** Nobody is dialled or let in any more. */
  close(): void
  counts(): { readonly up: number; readonly pendingInbound: number; readonly pendingOutbound: number }
}

export interface PolicyOptions {
  /** 64 bytes: ours. */
  readonly peerId: Uint8Array
  readonly limits: HostLimits
  /** Spreads the redials; may be seeded. */
  readonly jitter: Random
}

/** A young link is given up for the one that both sides prefer; later on a second connection is a mistake. */
const SIMULTANEOUS_MS = 10_000

/** Either, as text: the hex of 64 bytes, or a literal address. */
export type BanTarget = { readonly peerId: string } | { readonly ip: string }

/** Dials that wait for their turn, beside those of static peers. */
const MAX_QUEUED_DIALS = 64

interface Connection {
  readonly id: ConnectionId
  readonly direction: 'inbound' | 'outbound'
  /** The group of its address. */
  readonly source?: string
  peer: Uint8Array | undefined
  state: 'pending' | 'known' | 'up'
  upSinceMs: number
}

interface StaticPeer {
  readonly enode: Enode
  /** In a row. */
  failures: number
  dialAtMs: number
}

export function createPolicy({ peerId: ownId, limits, jitter }: PolicyOptions): Policy {
  /** BOUNDED by maxPeers, trusted and static peers, and the two limits of pending ones. */
  const connections = new Map<ConnectionId, Connection>()
  /** Links that are up, by peer. BOUNDED as `connections`. */
  const up = new Map<string, Connection>()
  /** How many connections to a peer are not up yet. BOUNDED as `connections`. */
  const coming = new Map<string, number>()
  /** Those of ours that are not up yet. BOUNDED by maxPendingOutbound. */
  const outbound = new Set<ConnectionId>()
  /** BOUNDED by the operator. */
  const statics = new Map<string, StaticPeer>()
  /** BOUNDED by the operator. */
  const trusted = new Set<string>()
  /** In the order of the wishes. BOUNDED by {@link MAX_QUEUED_DIALS}. */
  const queued = new Map<string, Enode>()
  const bans = createBans()
  const gate = createInboundGate(limits)
  let nextId: ConnectionId = 1
  let closed = false

  const add = (connection: Omit<Connection, 'id' | 'state' | 'upSinceMs'>): Connection => {
    const added: Connection = { id: nextId++, state: 'pending', upSinceMs: 0, ...connection }
    connections.set(added.id, added)
    return added
  }

  /** Up, on its way out, or authenticated on its way in. */
  const isTaken = (key: string): boolean => up.has(key) || coming.has(key)

  const dial = (enode: Enode): Dial => {
    const { id } = add({ direction: 'outbound', peer: enode.peerId, ...sourceOf(enode) })
    comes(enode.peerId)
    outbound.add(id)
    return { id, enode }
  }

  const pendingOutbound = (): number => outbound.size

  const comes = (peer: Uint8Array): void => {
    const key = toHex(peer)
    coming.set(key, (coming.get(key) ?? 0) + 1)
  }

  /** It is up or over: not on its way any more. */
  const arrives = (c: Connection): void => {
    outbound.delete(c.id)
    if (!c.peer || c.state === 'up') return
    const key = toHex(c.peer)
    const rest = (coming.get(key) ?? 0) - 1
    if (rest > 0) coming.set(key, rest)
    else coming.delete(key)
  }

  const isPreferred = (c: Connection): boolean =>
    compare(ownId, c.peer as Uint8Array) > 0 === (c.direction === 'outbound')

  const replaces = (newer: Connection, older: Connection, nowMs: number): boolean =>
    isPreferred(newer) && !isPreferred(older) && nowMs - older.upSinceMs < SIMULTANEOUS_MS

  const upInbound = (): number => {
    let count = 0
    for (const { direction } of up.values()) if (direction === 'inbound') count++
    return count
  }

  /** Of the peer or of where it is. */
  const bannedUntilMs = (key: string, { ip }: Enode, nowMs: number): number | undefined => {
    const ofPeer = bans.until(key, nowMs)
    const ofAddress = ip === undefined ? undefined : bans.until(addressGroup(ip).key, nowMs)
    return ofPeer === undefined || ofAddress === undefined
      ? (ofPeer ?? ofAddress)
      : Math.max(ofPeer, ofAddress)
  }

  /** Why this peer may not have this connection, as things are now. */
  const refusal = (c: Connection, nowMs: number): DisconnectReason | undefined => {
    const key = toHex(c.peer as Uint8Array)
    const other = up.get(key)
    if (closed) return disconnectReasons.quitting
    if (other) return replaces(c, other, nowMs) ? undefined : disconnectReasons.alreadyConnected
    if (bans.until(key, nowMs) !== undefined) return disconnectReasons.uselessPeer
    if (trusted.has(key) || statics.has(key)) return undefined
    const isFull =
      up.size >= limits.maxPeers ||
      (c.direction === 'inbound' && upInbound() >= limits.maxPeers - limits.reservedOutbound)
    return isFull ? disconnectReasons.tooManyPeers : undefined
  }

  const scheduleRedial = (
    peer: StaticPeer,
    wasUpForMs: number,
    outcome: Ended,
    nowMs: number,
  ): { redialAtMs: number } => {
    if (wasUpForMs >= limits.stableAfterMs) peer.failures = 0
    peer.failures++
    const delay = outcome.hopeless ? limits.redialMaxMs : redialDelayMs(peer.failures, limits, jitter)
    peer.dialAtMs = nowMs + delay
    return { redialAtMs: peer.dialAtMs }
  }

  return {
    wakeAtMs() {
      if (closed || pendingOutbound() >= limits.maxPendingOutbound) return undefined
      if (queued.size > 0) return 0
      let earliest: number | undefined
      for (const [key, { dialAtMs }] of statics)
        if ((earliest === undefined || dialAtMs < earliest) && !isTaken(key)) earliest = dialAtMs
      return earliest
    },

    dialsDue(nowMs) {
      if (closed) return []
      let room = limits.maxPendingOutbound - pendingOutbound()
      const dials: Dial[] = []
      const due = [...statics].filter(([, peer]) => peer.dialAtMs <= nowMs)
      for (const [key, { enode }] of due.sort(([, a], [, b]) => a.dialAtMs - b.dialAtMs)) {
        if (room <= 0) break
        const peer = statics.get(key) as StaticPeer
        const banEndsMs = bannedUntilMs(key, enode, nowMs)
        if (banEndsMs !== undefined) peer.dialAtMs = banEndsMs
        if (isTaken(key) || banEndsMs !== undefined) continue
        dials.push(dial(enode))
        room--
      }
      for (const [key, enode] of queued) {
        if (room <= 0) break
        queued.delete(key)
        if (isTaken(key) || bannedUntilMs(key, enode, nowMs) !== undefined) continue
        dials.push(dial(enode))
        room--
      }
      return dials
    },

    inbound(ip, nowMs) {
      if (closed) return { refused: 'closing' }
      const group = addressGroup(ip)
      if (bans.until(group.key, nowMs) !== undefined) return { refused: 'banned' }
      const verdict = gate.enter(group, nowMs)
      if (verdict.refused) return { refused: verdict.refused }
      const { id } = add({ direction: 'inbound', peer: undefined, source: group.key })
      gate.entered(id, group, nowMs)
      return verdict.evict === undefined ? { id } : { id, evict: verdict.evict }
    },

    authenticated(id, peer, nowMs) {
      const c = connections.get(id)
      if (!c) return disconnectReasons.requested
      if (!c.peer) comes(peer)
      c.peer = peer
      c.state = 'known'
      return refusal(c, nowMs)
    },

    opened(id, nowMs) {
      const c = connections.get(id)
      if (!c?.peer) return { keep: false, reason: disconnectReasons.requested }
      // others may have come up since it was authenticated
      const reason = refusal(c, nowMs)
      if (reason !== undefined) return { keep: false, reason }
      const key = toHex(c.peer)
      const older = up.get(key)
      arrives(c)
      c.state = 'up'
      c.upSinceMs = nowMs
      up.set(key, c)
      gate.settled(id)
      return older ? { keep: true, replaces: older.id } : { keep: true }
    },

    ended(id, outcome, nowMs) {
      const c = connections.get(id)
      if (!c) return {}
      connections.delete(id)
      gate.left(id)
      arrives(c)
      if (!c.peer) return {}
      const key = toHex(c.peer)
      const wasUp = c.state === 'up'
      const isExempt = trusted.has(key) || statics.has(key)
      if (outcome.breach && limits.breachBanMs > 0 && !isExempt)
        bans.add(key, nowMs + limits.breachBanMs, 'broke the protocol')
      if (up.get(key) === c) up.delete(key)
      const peer = statics.get(key)
      if (!peer || closed || up.has(key)) return {}
      // what became of a connection that the peer opened says nothing about ours, unless it was the link
      if (c.direction === 'inbound' && !wasUp) return {}
      return scheduleRedial(peer, wasUp ? nowMs - c.upSinceMs : 0, outcome, nowMs)
    },

    addStatic(enode, nowMs) {
      if (compare(enode.peerId, ownId) === 0) return
      statics.set(toHex(enode.peerId), { enode, failures: 0, dialAtMs: nowMs })
    },
    dialOnce(enode, nowMs) {
      const key = toHex(enode.peerId)
      if (closed || queued.size >= MAX_QUEUED_DIALS) return 'too-many'
      if (compare(enode.peerId, ownId) === 0) return 'self'
      if (bannedUntilMs(key, enode, nowMs) !== undefined) return 'banned'
      if (isTaken(key)) return 'connected'
      queued.set(key, enode)
      return 'queued'
    },
    redialNow(nowMs) {
      for (const peer of statics.values()) {
        peer.failures = 0
        peer.dialAtMs = nowMs
      }
    },
    ban(target, untilMs, why) {
      const key = banKey(target)
      bans.add(key, untilMs, why)
      queued.delete(key)
      const concerns = (c: Connection) => c.source === key || (c.peer && toHex(c.peer) === key)
      return [...connections.values()].filter(concerns).map(({ id }) => id)
    },
    unban(target) {
      const key = banKey(target)
      for (const [id, peer] of statics)
        if (id === key || sourceOf(peer.enode).source === key) peer.dialAtMs = 0
      return bans.remove(key)
    },
    bans: (nowMs) => bans.list(nowMs),
    removeStatic: (peerId) => statics.delete(toHex(peerId)),
    staticPeer: (peerId) => statics.get(toHex(peerId))?.enode,
    setTrusted(peerId, isTrusted) {
      if (isTrusted) trusted.add(toHex(peerId))
      else trusted.delete(toHex(peerId))
    },
    isTrusted: (peerId) => trusted.size > 0 && trusted.has(toHex(peerId)), // asked for each packet
    close() {
      closed = true
    },
    counts: () => ({ up: up.size, pendingInbound: gate.pending(), pendingOutbound: pendingOutbound() }),
  }
}

function sourceOf({ ip }: Enode): { readonly source?: string } {
  return ip === undefined ? {} : { source: addressGroup(ip).key }
}

function banKey(target: BanTarget): string {
  return 'peerId' in target ? target.peerId : addressGroup(target.ip).key
}
