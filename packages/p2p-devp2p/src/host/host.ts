/**
 * Joins transport, connections and policy: takes and opens connections, asks the policy about each, starts subprotocols,
 * tells what happens.
 */
import { toHex } from '@status-protocol/bytes'
import { type DisconnectReason, disconnectReasons } from '../base/disconnect.ts'
import { type Enode, formatEnode, parseEnode } from '../enode.ts'
import { P2pError } from '../error.ts'
import { canonicalIp, formatHostPort } from '../ip.ts'
import type { LinkCoreOptions, LinkOpen } from '../link.ts'
import { createLinkCore } from '../rlpx/link-core.ts'
import type { ByteStream } from '../transport.ts'
import { formatTransportUrl, type TransportAddress } from '../transport-address.ts'
import type { Host, HostBan, HostStats } from './api.ts'
import { Connection, type ConnectionEnd } from './connection.ts'
import { Doors } from './doors.ts'
import { isBreach, isHopeless, saysNothingOfPeer } from './ends.ts'
import { EventFeed, type HostEvent, type Peer } from './events.ts'
import type { InboundRefusal } from './inbound-gate.ts'
import { type HostOptions, type HostSettings, hostSettings, parseDialable } from './options.ts'
import {
  type BanTarget,
  type ConnectionId,
  createPolicy,
  type Dial,
  type DialVerdict,
  type Policy,
} from './policy.ts'
import { unlessAborted } from './unless-aborted.ts'
import { createWays, type Ways } from './ways.ts'

/**
 * Starts a node. Resolves when it listens (if it does); dialling goes on by itself.
 *
 * @throws P2pError `invalid-argument`, `listen-failed`
 */
export async function createHost(options: HostOptions): Promise<Host> {
  const host = new RunningHost(hostSettings(options))
  await host.start()
  return host
}

/** A dial that has no stream yet. */
interface Attempt {
  readonly enode: Enode
  readonly controller: AbortController
}

interface Entry {
  readonly connection: Connection
  readonly ip: string | undefined
  readonly direction: 'inbound' | 'outbound'
  readonly enode?: Enode
  readonly address?: TransportAddress
  readonly stream: ByteStream
  link?: LinkOpen
  upSinceUnixMs: number
}

class RunningHost implements Host {
  readonly #settings: HostSettings
  readonly #policy: Policy
  readonly #feed: EventFeed
  /** BOUNDED by the policy's limits. */
  readonly #entries = new Map<ConnectionId, Entry>()
  /** Attempts to connect. BOUNDED by maxPendingOutbound. */
  readonly #dialling = new Map<ConnectionId, Attempt>()
  /** Closed, but for their last bytes. BOUNDED by flushTimeoutMs. */
  readonly #leaving = new Set<Promise<void>>()
  readonly #refused: Record<InboundRefusal, number> = {
    ...{ 'too-soon': 0, 'too-many-from-address': 0, 'too-many-from-subnet': 0, 'too-many-pending': 0 },
    ...{ banned: 0, closing: 0 },
  }
  #failedInbound = 0
  readonly #ways: Ways
  readonly #doors = new Doors()
  #wake: { readonly atMs: number; readonly cancel: () => void } | undefined
  #closing: Promise<void> | undefined

  constructor(settings: HostSettings) {
    this.#settings = settings
    const { peerId, limits, jitter } = settings
    this.#policy = createPolicy({ peerId, limits, jitter })
    this.#feed = new EventFeed(limits.maxQueuedEvents)
    this.#ways = createWays({
      supported: settings.transport.protocols ?? ['tcp'],
      order: settings.transportOrder,
    })
  }

  async start(): Promise<void> {
    const { listen, transport, peers, trusted } = this.#settings
    // whatever a core would refuse about the options is said now and not at the first connection
    createLinkCore({ ...this.#coreOptions(0), role: 'responder' })
    for (const { peerId } of trusted) this.#policy.setTrusted(peerId, true)
    await this.#doors.open(listen, transport, (stream) => this.#accept(stream))
    for (const enode of peers) this.#policy.addStatic(enode, this.#now())
    this.#dialDue()
  }

  get peerId(): Uint8Array {
    return this.#settings.peerId.slice()
  }

  get enode(): string {
    return formatEnode(this.#doors.enode(this.#settings))
  }

  get listenAddress(): string | undefined {
    const address = this.#doors.tcpAddress
    return address && formatHostPort(address.host, address.port)
  }

  get listenAddresses(): readonly string[] {
    return this.#doors.addresses
  }

  events(): AsyncIterableIterator<HostEvent, undefined> {
    return this.#feed.subscribe(this.peers().map((peer) => ({ type: 'link-up', peer })))
  }

  peers(): readonly Peer[] {
    return [...this.#entries.values()].flatMap((entry) => this.#peerOf(entry) ?? [])
  }

  addPeer(text: string): void {
    const enode = parseDialable(text, this.#settings.crypto)
    this.#policy.addStatic(enode, this.#now())
    this.#dialDue()
  }

  removePeer(text: string): boolean {
    const { peerId } = parseEnode(text, this.#settings)
    let found = this.#policy.removeStatic(peerId)
    const id = toHex(peerId)
    for (const { enode, controller } of this.#dialling.values())
      if (toHex(enode.peerId) === id) controller.abort()
    for (const { connection, link, enode } of [...this.#entries.values()]) {
      const other = link?.peerId ?? enode?.peerId
      if (!other || toHex(other) !== id) continue
      connection.disconnect(disconnectReasons.requested)
      found = true
    }
    this.#dialDue()
    return found
  }

  dial(to: Enode | string): DialVerdict {
    const enode = parseDialable(typeof to === 'string' ? to : formatEnode(to), this.#settings.crypto)
    const verdict = this.#policy.dialOnce(enode, this.#now())
    this.#dialDue()
    return verdict
  }

  disconnect(text: string, reason: DisconnectReason = disconnectReasons.requested): boolean {
    const id = toHex(parseEnode(text, this.#settings).peerId)
    const found = [...this.#entries.values()].find(({ link }) => link && toHex(link.peerId) === id)
    found?.connection.disconnect(reason)
    return found !== undefined
  }

  redialNow(): void {
    this.#policy.redialNow(this.#now())
    this.#dialDue()
  }

  ban(target: string, durationMs: number, why = 'by the operator'): void {
    if (!(durationMs > 0)) throw new P2pError('invalid-argument', 'durationMs: expected more than 0')
    const closed = this.#policy.ban(this.#banTarget(target), this.#now() + durationMs, why)
    for (const id of closed) {
      this.#dialling.get(id)?.controller.abort()
      this.#entries.get(id)?.connection.disconnect(disconnectReasons.uselessPeer)
    }
    this.#dialDue()
  }

  unban(target: string): boolean {
    const found = this.#policy.unban(this.#banTarget(target))
    this.#dialDue()
    return found
  }

  bans(): readonly HostBan[] {
    const now = this.#now()
    return this.#policy
      .bans(now)
      .map(({ target, untilMs, why }) => ({ target, why, remainingMs: Math.round(untilMs - now) }))
  }

  #banTarget(text: string): BanTarget {
    const ip = canonicalIp(text)
    return ip === undefined ? { peerId: toHex(parseEnode(text, this.#settings).peerId) } : { ip }
  }

  setTrusted(text: string, trusted: boolean): void {
    this.#policy.setTrusted(parseEnode(text, this.#settings).peerId, trusted)
  }

  stats(): HostStats {
    return { ...this.#policy.counts(), refused: { ...this.#refused }, failedInbound: this.#failedInbound }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#policy.close()
    this.#wake?.cancel()
    for (const { controller } of this.#dialling.values()) controller.abort()
    const stopped = this.#doors.close()
    for (const { connection } of [...this.#entries.values()])
      connection.disconnect(disconnectReasons.quitting)
    await Promise.all(this.#leaving)
    await stopped
    this.#feed.end()
  }

  #accept(stream: ByteStream): void {
    const ip = stream.ip === undefined ? undefined : (canonicalIp(stream.ip) ?? stream.ip)
    const verdict = this.#policy.inbound(ip, this.#now())
    if ('refused' in verdict) {
      this.#refused[verdict.refused]++
      stream.destroy()
      return
    }
    if (verdict.evict !== undefined)
      this.#entries.get(verdict.evict)?.connection.abort('evicted', 'gave its place to another address')
    this.#connect(verdict.id, stream, { role: 'responder', ip })
  }

  /** Dials whom the policy wants dialled and comes back when it wants more. */
  #dialDue(): void {
    for (const dial of this.#policy.dialsDue(this.#now())) void this.#dial(dial)
    this.#wake?.cancel()
    this.#wake = undefined
    const atMs = this.#policy.wakeAtMs()
    if (atMs === undefined) return
    const cancel = this.#settings.clock.schedule(Math.max(1, atMs - this.#now()), () => this.#dialDue())
    this.#wake = { atMs, cancel }
  }

  async #dial({ id, enode }: Dial): Promise<void> {
    const ways = this.#ways.of(enode)
    const timeoutMs = this.#settings.limits.dialTimeoutMs / Math.max(1, ways.length)
    let detail = 'none of its addresses can be dialled here'
    for (const address of ways) {
      const attempt = await this.#tryWay(id, enode, address, timeoutMs)
      if ('stream' in attempt) {
        const ip = canonicalIp(address.host)
        this.#connect(id, attempt.stream, { role: 'initiator', ip, enode, address })
        return
      }
      detail = ways.length > 1 ? `${formatTransportUrl(address)}: ${attempt.failed}` : attempt.failed
      if (attempt.givenUp || this.#closing) break
    }
    const reason = disconnectReasons.networkError
    this.#ended(id, { enode }, { cause: 'dial-failed', by: 'us', reason, detail })
  }

  async #tryWay(
    id: ConnectionId,
    enode: Enode,
    address: TransportAddress,
    timeoutMs: number,
  ): Promise<{ readonly stream: ByteStream } | { readonly failed: string; readonly givenUp: boolean }> {
    const { transport, clock } = this.#settings
    const controller = new AbortController()
    this.#dialling.set(id, { enode, controller })
    const { signal } = controller
    let timedOut = false
    const cancelTimeout = clock.schedule(timeoutMs, () => {
      timedOut = true
      controller.abort()
    })
    try {
      return { stream: await unlessAborted(transport.dial(address, signal), signal) }
    } catch (error) {
      if (timedOut) return { failed: `no connection within ${timeoutMs} ms`, givenUp: false }
      if (signal.aborted) return { failed: 'given up', givenUp: true }
      return { failed: String(error instanceof Error ? error.message : error), givenUp: false }
    } finally {
      cancelTimeout()
      this.#dialling.delete(id)
    }
  }

  #connect(
    id: ConnectionId,
    stream: ByteStream,
    how: { readonly ip: string | undefined } & (
      | { readonly role: 'responder' }
      | { readonly role: 'initiator'; readonly enode: Enode; readonly address: TransportAddress }
    ),
  ): void {
    const { clock, limits, subprotocols } = this.#settings
    const connection = new Connection({
      ...{ stream, clock, limits, subprotocols, ip: how.ip, outbound: how.role === 'initiator' },
      core: createLinkCore({ ...this.#coreOptions(id), ...roleOf(how) }),
      isTrusted: (peerId) => this.#policy.isTrusted(peerId),
      opened: (link) => this.#opened(id, link),
      ended: (end) => this.#ended(id, entry, end),
    })
    const direction = how.role === 'initiator' ? 'outbound' : 'inbound'
    const dialled = how.role === 'initiator' ? { enode: how.enode, address: how.address } : {}
    const entry: Entry = { connection, direction, stream, ip: how.ip, upSinceUnixMs: 0, ...dialled }
    this.#entries.set(id, entry)
    connection.start()
  }

  #coreOptions(id: ConnectionId) {
    const { nodeKey, clientName, limits, random, crypto, subprotocols } = this.#settings
    return {
      ...{ nodeKey, clientName, limits, random, crypto },
      capabilities: subprotocols.map(({ name, version, length }) => ({ name, version, length })),
      listenPort: this.#doors.tcpAddress?.port ?? 0,
      admit: (peerId: Uint8Array) => this.#policy.authenticated(id, peerId, this.#now()),
    }
  }

  #opened(id: ConnectionId, link: LinkOpen): DisconnectReason | undefined {
    const verdict = this.#policy.opened(id, this.#now())
    if (!verdict.keep) return verdict.reason
    if (verdict.replaces !== undefined)
      this.#entries.get(verdict.replaces)?.connection.disconnect(disconnectReasons.alreadyConnected)
    const entry = this.#entries.get(id) as Entry
    entry.link = link
    if (entry.address) this.#ways.worked(link.peerId, entry.address)
    entry.upSinceUnixMs = this.#settings.clock.wallMs()
    this.#feed.emit({ type: 'link-up', peer: this.#peerOf(entry) as Peer })
    return undefined
  }

  #ended(id: ConnectionId, entry: Partial<Entry>, end: ConnectionEnd): void {
    const peer = this.#peerOf(entry)
    this.#entries.delete(id)
    if (entry.connection) this.#leave(entry.connection)
    if (entry.direction === 'inbound' && !peer) this.#failedInbound++
    if (entry.enode && entry.address && !peer && saysNothingOfPeer(end))
      this.#ways.failed(entry.enode.peerId, entry.address)
    const { redialAtMs } = this.#policy.ended(
      id,
      { reason: end.reason, hopeless: isHopeless(end), breach: isBreach(end) },
      this.#now(),
    )
    const redial = redialAtMs === undefined ? {} : { redialInMs: Math.round(redialAtMs - this.#now()) }
    if (peer) this.#feed.emit({ type: 'link-down', peer, ...end, ...redial })
    else if (entry.enode && !this.#closing) {
      const { cause, detail, reason } = end
      const enode = formatEnode(entry.enode)
      const said = cause === 'dial-failed' ? {} : { reason }
      this.#feed.emit({ type: 'dial-failed', enode, cause, detail, ...said, ...redial })
    }
    if (!this.#closing) this.#dialDue()
  }

  #leave(connection: Connection): void {
    this.#leaving.add(connection.gone)
    void connection.gone.then(() => this.#leaving.delete(connection.gone))
  }

  #peerOf({ link, ip, enode, direction, stream, address, upSinceUnixMs }: Partial<Entry>): Peer | undefined {
    if (!link || !direction) return undefined
    const { port = address?.port, localAddress, transport = 'tcp' } = stream ?? {}
    const { peerId, hello, capabilities } = link
    const staticPeer = this.#policy.staticPeer(peerId)
    const known = enode ?? staticPeer
    return {
      peerId: peerId.slice(),
      ...(ip === undefined ? {} : { ip }),
      ...(ip === undefined || port === undefined ? {} : { port }),
      ...(localAddress === undefined ? {} : { localAddress }),
      ...(known ? { enode: formatEnode(known) } : {}),
      direction,
      transport,
      clientName: hello.clientName,
      capabilities: capabilities.map(({ name, version }) => `${name}/${version}`),
      isStatic: staticPeer !== undefined,
      isTrusted: this.#policy.isTrusted(peerId),
      upSinceUnixMs: upSinceUnixMs ?? 0,
    }
  }

  #now(): number {
    return this.#settings.clock.monotonicMs()
  }
}

function roleOf(
  how: { readonly role: 'responder' } | { readonly role: 'initiator'; readonly enode: Enode },
): Pick<LinkCoreOptions, 'role'> & LinkRole {
  return how.role === 'initiator' ? { role: 'initiator', remoteId: how.enode.peerId } : { role: 'responder' }
}

type LinkRole = { readonly role: 'responder' } | { readonly role: 'initiator'; readonly remoteId: Uint8Array }
