/**
 * Keeps a host supplied with peers: wanted links per role, candidates from any number of sources, which are only asked while
 * something is missing, and a memory of those that were good.
 */
import { fromHex, toHex } from '@status-protocol/bytes'
import { systemRandom } from '@status-protocol/crypto'
import type { Random } from '@status-protocol/ports'
import { disconnectReasons } from '../base/disconnect.ts'
import type { DiscoveredNode, Discovery } from '../discovery.ts'
import { formatEnode, parseEnode } from '../enode.ts'
import { P2pError } from '../error.ts'
import type { HostEvent, Peer } from '../host/events.ts'
import { type HostClock, systemHostClock } from '../host/host-clock.ts'
import {
  defaultPeerPoolLimits,
  type PeerPool,
  type PeerPoolLimits,
  type PeerPoolOptions,
  type PeerScore,
  type PoolStatus,
} from './api.ts'
import {
  candidateCount,
  choose,
  crowdedNetworks,
  missing,
  type PoolLink,
  replaceable,
  type Situation,
} from './choice.ts'
import { withoutLocalAddresses } from './local-addresses.ts'
import { addReputation, createPeerBook, type KnownPeer, reputationNow, scoreOf } from './peer-book.ts'
import { PEERS_TABLE, putPeer, readPeer } from './peer-store.ts'

/** Backoffs end and sources answer at their own pace: things are looked at again this often. */
const TICK_MS = 5_000
/** Who has no place for us is asked again after this. */
const FULL_BACKOFF_MS = 120_000
const SAVE_MS = 300_000
/** A dial of which nothing is heard: the host had it waiting and let it go, as the peer was banned or came by itself meanwhile. */
const LOST_DIAL_MS = 120_000

/** @throws P2pError `invalid-argument` */
export async function createPeerPool(options: PeerPoolOptions): Promise<PeerPool> {
  for (const [role, count] of Object.entries(options.wanted))
    if (!Number.isInteger(count) || count < 0 || count > 1_000)
      throw new P2pError('invalid-argument', `wanted.${role}: expected an integer of 0 - 1000`)
  const pool = new RunningPool(options)
  await pool.start()
  return pool
}

class RunningPool implements PeerPool {
  readonly #options: PeerPoolOptions
  readonly #limits: PeerPoolLimits
  readonly #clock: HostClock
  readonly #random: Random
  readonly #book = createPeerBook()
  readonly #ownKey: string
  /** Links that we dialled. BOUNDED by the host's limits. */
  readonly #up = new Map<string, PoolLink & { readonly countedAtMs: number; readonly isProven: boolean }>()
  /** All links, whoever dialled. BOUNDED by the host's limits. */
  readonly #connected = new Map<string, { readonly sinceMs: number }>()
  /** Dials of the pool that are not decided. BOUNDED by maxDials. */
  readonly #coming = new Map<string, Omit<PoolLink, 'sinceMs'> & { readonly atMs: number }>()
  /** Whom we let go for another. BOUNDED as `up`. */
  readonly #leaving = new Set<string>()
  readonly #events: AsyncIterableIterator<HostEvent, undefined>
  readonly #end = new AbortController()
  /** Sources that wait until they are needed. BOUNDED by the sources. */
  #hungry: (() => void)[] = []
  #cancelTick: () => void = () => {}
  #rotateAtMs: number
  #saveAtMs: number
  #closing: Promise<void> | undefined

  constructor(options: PeerPoolOptions) {
    this.#options = options
    this.#limits = { ...defaultPeerPoolLimits, ...options.limits }
    this.#clock = options.clock ?? systemHostClock
    this.#random = options.random ?? systemRandom
    this.#ownKey = toHex(options.host.peerId)
    this.#events = options.host.events()
    this.#rotateAtMs = this.#now() + this.#limits.rotateMs
    this.#saveAtMs = this.#now() + SAVE_MS
  }

  async start(): Promise<void> {
    await this.#load()
    void this.#watch(this.#events)
    for (const discovery of this.#options.discoveries) void this.#read(discovery)
    this.#tick()
  }

  add(node: DiscoveredNode): void {
    const candidate = this.#options.allowLocal ? node : withoutLocalAddresses(node)
    if (!candidate || this.#end.signal.aborted) return
    this.#book.learn(candidate)
    this.#step()
  }

  report(peerId: Uint8Array, points: number, why: string): void {
    const peer = this.#book.get(peerId)
    if (!peer || !Number.isFinite(points)) return
    const { host } = this.#options
    if (addReputation(peer, points, this.#unixSeconds()) <= -100) host.ban(peer.key, this.#limits.banMs, why)
  }

  status(): PoolStatus {
    const lacks = missing(this.#situation({ withComing: false }))
    const roles = Object.entries(this.#options.wanted).map(
      ([role, wanted]) => [role, { wanted, up: wanted - (lacks.get(role) ?? 0) }] as const,
    )
    return { roles: Object.fromEntries(roles), known: this.#book.size, isSearching: this.#isHungry() }
  }

  scores(): readonly PeerScore[] {
    const now = this.#unixSeconds()
    const scores = [...this.#book.all()].map((peer): PeerScore => {
      const { enode, roles, source, latencyMs, successes, failures } = peer
      const slot = this.#up.get(peer.key)?.slot
      return {
        ...{ peerId: enode.peerId.slice(), enode: formatEnode(enode), roles, source },
        ...{ score: scoreOf(peer, now), reputation: reputationNow(peer, now) },
        ...{ latencyMs, successes, failures, ...(slot && { slot }) },
      }
    })
    return scores.sort((a, b) => b.score - a.score)
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#end.abort()
    void this.#events.return?.()
    this.#cancelTick()
    this.#feed()
    await this.#save()
  }

  /** Reads one source, a node at a time, and only while something is missing. */
  async #read(discovery: Discovery): Promise<void> {
    const { signal } = this.#end
    try {
      for await (const node of discovery.find(signal)) {
        if (signal.aborted) return
        this.add(node)
        while (!this.#isHungry() && !signal.aborted)
          await new Promise<void>((resolve) => this.#hungry.push(resolve))
      }
    } catch {
      // a source that breaks its word has nothing more to give; the others go on
    }
  }

  async #watch(events: AsyncIterable<HostEvent>): Promise<void> {
    for await (const event of events) {
      if (this.#end.signal.aborted) return
      if (event.type === 'link-up') this.#linkUp(event.peer)
      else if (event.type === 'link-down') this.#linkDown(event)
      else if (event.type === 'dial-failed') this.#dialFailed(event)
      else this.#resync()
      this.#step()
    }
  }

  #linkUp(peer: Peer): void {
    const key = toHex(peer.peerId)
    const dial = this.#coming.get(key)
    this.#coming.delete(key)
    const sinceMs = this.#now()
    this.#connected.set(key, { sinceMs })
    if (peer.direction === 'inbound' && !peer.isStatic) return
    this.#up.set(key, {
      key,
      ip: peer.ip,
      slot: dial?.slot ?? 'proven',
      sinceMs,
      countedAtMs: sinceMs,
      isProven: false,
    })
    const known = this.#book.get(peer.peerId)
    if (!known || !dial) return
    const tookMs = sinceMs - dial.atMs
    known.latencyMs = known.latencyMs === 0 ? tookMs : 0.7 * known.latencyMs + 0.3 * tookMs
    known.failures = 0
  }

  #linkDown({ peer, reason, by }: Extract<HostEvent, { type: 'link-down' }>): void {
    const key = toHex(peer.peerId)
    const known = this.#book.get(peer.peerId)
    const link = this.#up.get(key)
    if (link) this.#countTime(key)
    this.#up.delete(key)
    this.#connected.delete(key)
    if (!known || !link) return
    const isShort = this.#now() - link.sinceMs < this.#limits.provenAfterMs
    const wasLetGo = this.#leaving.delete(key)
    if (wasLetGo) known.dialAtMs = this.#now() + this.#limits.rotateMs
    else if (by === 'peer' && reason === disconnectReasons.tooManyPeers)
      this.#retryLater(known, FULL_BACKOFF_MS)
    else if (isShort) this.#failed(known)
  }

  #dialFailed({ enode, reason }: Extract<HostEvent, { type: 'dial-failed' }>): void {
    const { peerId } = parseEnode(enode)
    const key = toHex(peerId)
    if (!this.#coming.delete(key)) return
    const known = this.#book.get(peerId)
    if (!known) return
    if (reason === disconnectReasons.tooManyPeers || reason === disconnectReasons.alreadyConnected)
      this.#retryLater(known, FULL_BACKOFF_MS)
    else if (reason !== undefined && HOPELESS.has(reason)) {
      known.failures++
      this.#retryLater(known, this.#limits.maxBackoffMs)
    } else this.#failed(known)
  }

  #failed(peer: KnownPeer): void {
    peer.failures++
    const { backoffMs, maxBackoffMs } = this.#limits
    this.#retryLater(peer, Math.min(maxBackoffMs, backoffMs * 2 ** Math.min(20, peer.failures - 1)))
  }

  #retryLater(peer: KnownPeer, ms: number): void {
    // spread, so that those who went together do not come back together
    const [byte] = this.#random.bytes(1) as unknown as [number]
    peer.dialAtMs = this.#now() + ms * (0.75 + byte / 1_024)
  }

  /** The time of a link that is up, or was until now. */
  #countTime(key: string): void {
    const link = this.#up.get(key)
    const known = link && this.#book.get(fromHex(key))
    if (!link || !known) return
    const now = this.#now()
    known.upSeconds += (now - link.countedAtMs) / 1_000
    known.lastUpUnixSeconds = this.#unixSeconds()
    const isProven = now - link.sinceMs >= this.#limits.provenAfterMs
    if (isProven && !link.isProven) known.successes++
    this.#up.set(key, { ...link, countedAtMs: now, isProven })
  }

  /** Events were lost: what the host says now counts. */
  #resync(): void {
    const peers = this.#options.host.peers()
    const keys = new Set(peers.map(({ peerId }) => toHex(peerId)))
    for (const key of this.#connected.keys())
      if (!keys.has(key)) {
        this.#connected.delete(key)
        this.#up.delete(key)
      }
    for (const peer of peers) if (!this.#connected.has(toHex(peer.peerId))) this.#linkUp(peer)
    this.#coming.clear()
  }

  #tick(): void {
    if (this.#end.signal.aborted) return
    this.#cancelTick = this.#clock.schedule(TICK_MS, () => this.#tick())
    for (const [key, { atMs }] of this.#coming)
      if (this.#now() - atMs >= LOST_DIAL_MS) this.#coming.delete(key)
    if (this.#limits.rotateMs > 0 && this.#now() >= this.#rotateAtMs) this.#rotate()
    if (this.#now() >= this.#saveAtMs) {
      this.#saveAtMs = this.#now() + SAVE_MS
      // who cannot be written down now is written down the next time, or when we close
      this.#save().catch(() => {})
    }
    this.#step()
  }

  #rotate(): void {
    this.#rotateAtMs = this.#now() + this.#limits.rotateMs
    const link = replaceable(this.#situation(), this.#limits.rotateMs / 2)
    if (!link) return
    this.#leaving.add(link.key)
    this.#options.host.disconnect(link.key)
  }

  /** Dials whom it takes; wakes sources if there are not enough. */
  #step(): void {
    if (this.#end.signal.aborted) return
    while (this.#coming.size < this.#limits.maxDials && this.#dialOne());
    if (this.#isHungry()) this.#feed()
  }

  #dialOne(): boolean {
    const situation = this.#situation()
    // the rarest role first
    const roles = [...missing(situation).keys()].sort((a, b) => Number(a === 'relay') - Number(b === 'relay'))
    for (const role of roles) {
      const chosen = choose(situation, role, this.#random)
      if (!chosen) continue
      const { peer, slot } = chosen
      const verdict = this.#options.host.dial(peer.enode)
      if (verdict === 'queued') {
        const { key, enode } = peer
        // a dial that fails at once has been told before this
        this.#coming.set(key, { key, ip: enode.ip, slot, atMs: this.#now() })
        return true
      }
      if (verdict === 'too-many') return false
      this.#retryLater(peer, verdict === 'connected' ? TICK_MS : this.#limits.maxBackoffMs)
      return true
    }
    return false
  }

  #isHungry(): boolean {
    if (this.#end.signal.aborted) return false
    const situation = this.#situation()
    for (const [role, count] of missing(this.#situation({ withComing: false })))
      if (candidateCount(situation, role) < count + this.#limits.spareCandidates) return true
    return false
  }

  #feed(): void {
    for (const wake of this.#hungry.splice(0)) wake()
  }

  #situation({ withComing = true } = {}): Situation {
    const up = [...this.#up.values()].filter(({ key }) => !this.#leaving.has(key))
    const coming = [...this.#coming.values()]
    return {
      wanted: this.#options.wanted,
      known: this.#book.all(),
      up,
      coming: withComing ? coming : [],
      crowded: crowdedNetworks([...up, ...coming].map(({ ip }) => ip)),
      isTaken: (key) => key === this.#ownKey || this.#connected.has(key) || this.#coming.has(key),
      rolesOf: (key) => this.#book.get(fromHex(key))?.roles ?? [],
      nowMs: this.#now(),
      nowUnixSeconds: this.#unixSeconds(),
    }
  }

  async #load(): Promise<void> {
    const { storage } = this.#options
    if (!storage) return
    const last = new Uint8Array(65).fill(0xff)
    for await (const [id, value] of storage.range(
      PEERS_TABLE,
      new Uint8Array(0),
      last,
      this.#limits.maxStored,
    )) {
      const peer = readPeer(id, value)
      if (peer) this.#book.restore(peer)
    }
  }

  async #save(): Promise<void> {
    const { storage } = this.#options
    if (!storage) return
    for (const key of this.#up.keys()) this.#countTime(key)
    const now = this.#unixSeconds()
    const proven = [...this.#book.all()].filter(({ successes }) => successes > 0)
    const best = proven.sort((a, b) => scoreOf(b, now) - scoreOf(a, now)).slice(0, this.#limits.maxStored)
    const kept = new Set(best.map(({ key }) => key))
    const gone: Uint8Array[] = []
    const last = new Uint8Array(65).fill(0xff)
    for await (const [id] of storage.range(PEERS_TABLE, new Uint8Array(0), last, 2 * this.#limits.maxStored))
      if (!kept.has(toHex(id))) gone.push(id)
    await storage.commit([...gone.map((id) => ({ del: [PEERS_TABLE, id] as const })), ...best.map(putPeer)])
  }

  #now(): number {
    return this.#clock.monotonicMs()
  }

  #unixSeconds(): number {
    return Math.floor(this.#clock.wallMs() / 1_000)
  }
}

const HOPELESS: ReadonlySet<number> = new Set([
  disconnectReasons.uselessPeer,
  disconnectReasons.incompatibleVersion,
  disconnectReasons.invalidIdentity,
  disconnectReasons.unexpectedIdentity,
  disconnectReasons.self,
])
