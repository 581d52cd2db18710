/**
 * Joins transport, connections and policy: takes and opens connections, asks the policy about each, starts subprotocols,
 * tells what happens.
 */
import { toHex } from '@status-protocol/bytes'
import { type DisconnectReason, disconnectReasons } from '../base/disconnect.ts'
import { type Enode, formatEnode, MAX_VIA, parseEnode } from '../enode.ts'
import { P2pError } from '../error.ts'
import { canonicalIp, formatHostPort } from '../ip.ts'
import type { LinkCoreOptions, LinkOpen } from '../link.ts'
import { createLinkCore } from '../rlpx/link-core.ts'
import type { ByteStream, TransportListener } from '../transport.ts'
import { formatTransportUrl, type TransportAddress } from '../transport-address.ts'
import { Connection, type ConnectionEnd } from './connection.ts'
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
import { createWays, type Ways } from './ways.ts'

/** A node of a devp2p network. */
export interface Host {
  /** 64 bytes: ours. */
  readonly peerId: Uint8Array
  /** How others name and dial us; without an address if we do not listen. */
  readonly enode: string
  /** `host:port` with the real port; undefined if we do not listen. */
  readonly listenAddress: string | undefined
  /** All of them, those of other transports than TCP as URLs. */
  readonly listenAddresses: readonly string[]
  /**
   * What happens from now on, after a `link-up` for every link that is up already. Any number of readers; each may fall
   * behind by `maxQueuedEvents`, after that a `gap` tells how many are missing. Ends when the host is closed.
   */
  events(): AsyncIterableIterator<HostEvent, undefined>
  /** Whose links are up. */
  peers(): readonly Peer[]
  /** Adds a static peer: dialled at once, and again for ever. @throws P2pError `invalid-argument` */
  addPeer(enode: string): void
  /** Forgets a static peer and ends its link. Whether there was either. @throws P2pError `invalid-argument` */
  removePeer(enode: string): boolean
  /**
   * Dials a peer once. What comes of it is told by the events `link-up` and `dial-failed`.
   *
   * @throws P2pError `invalid-argument`
   */
  dial(enode: Enode | string): DialVerdict
  /** Ends the link to a peer, "requested" unless said. A static peer is dialled again. Whether there was one. */
  disconnect(peer: string, reason?: DisconnectReason): boolean
  /** The network is back, or another one: all static peers that are not connected are dialled at once. */
  redialNow(): void
  /**
   * Keeps a peer (enode URL or peer id) or a literal address (of IPv6 its /64) out for a while and ends what there is of it.
   * A banned peer is told "useless peer". At most 4,096 bans at a time; beyond, the one that ends first is given up.
   *
   * @throws P2pError `invalid-argument`
   */
  ban(target: string, durationMs: number, why?: string): void
  /** Whether there was one. @throws P2pError `invalid-argument` */
  unban(target: string): boolean
  bans(): readonly HostBan[]
  /** Lets a peer in above the limit and marks its links `trusted`, those that are up too; `false` takes it back. */
  setTrusted(enode: string, trusted: boolean): void
  /** What is going on besides links that are up, and who was turned away so far. */
  stats(): HostStats
  /** Takes leave of everybody (quitting), lets what is queued go out for a moment, stops listening. */
  close(): Promise<void>
}

export interface HostBan {
  /** Peer id in hex, or address. */
  readonly target: string
  readonly remainingMs: number
  readonly why: string
}

export interface HostStats {
  readonly up: number
  readonly pendingInbound: number
  readonly pendingOutbound: number
  /** Connections that were closed before their first byte was read. */
  readonly refused: Readonly<Record<InboundRefusal, number>>
}

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
  readonly transport: string
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
  readonly #ways: Ways
  readonly #listeners: TransportListener[] = []
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
    try {
      for (const at of listen)
        this.#listeners.push(await transport.listen(at, (stream) => this.#accept(stream)))
    } catch (error) {
      await Promise.all(this.#listeners.map((listener) => listener.close()))
      throw error
    }
    for (const enode of peers) this.#policy.addStatic(enode, this.#now())
    this.#dialDue()
  }

  get peerId(): Uint8Array {
    return this.#settings.peerId.slice()
  }

  get enode(): string {
    const { peerId, advertiseIp, advertiseVia } = this.#settings
    const at = this.#tcpAddress()
    const via = advertiseVia ?? this.#webSockets()
    const ways = via.length > 0 ? { via } : {}
    if (!at) return formatEnode({ peerId, tcpPort: 0, udpPort: 0, ...ways })
    const ip = advertiseIp ?? reachableIp(at.host)
    return formatEnode({ peerId, ip, tcpPort: at.port, udpPort: at.port, ...ways })
  }

  get listenAddress(): string | undefined {
    const address = this.#tcpAddress()
    return address && formatHostPort(address.host, address.port)
  }

  get listenAddresses(): readonly string[] {
    return this.#listeners.map(({ address }) =>
      isTcp(address) ? formatHostPort(address.host, address.port) : formatTransportUrl(address),
    )
  }

  #tcpAddress(): TransportAddress | undefined {
    return this.#listeners.map(({ address }) => address).find(isTcp)
  }

  /** URLs of the WebSockets that we listen on. */
  #webSockets(): readonly string[] {
    const { advertiseIp } = this.#settings
    return this.#listeners
      .map(({ address }) => address)
      .filter((address) => !isTcp(address))
      .slice(0, MAX_VIA)
      .map((address) => formatTransportUrl({ ...address, host: advertiseIp ?? reachableIp(address.host) }))
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
    return { ...this.#policy.counts(), refused: { ...this.#refused } }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#policy.close()
    this.#wake?.cancel()
    for (const { controller } of this.#dialling.values()) controller.abort()
    const stopped = Promise.all(this.#listeners.map((listener) => listener.close()))
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
    const transport = stream.transport ?? 'tcp'
    const entry: Entry = { connection, direction, transport, ip: how.ip, upSinceUnixMs: 0, ...dialled }
    this.#entries.set(id, entry)
    connection.start()
  }

  #coreOptions(id: ConnectionId) {
    const { nodeKey, clientName, limits, random, crypto, subprotocols } = this.#settings
    return {
      ...{ nodeKey, clientName, limits, random, crypto },
      capabilities: subprotocols.map(({ name, version, length }) => ({ name, version, length })),
      listenPort: this.#tcpAddress()?.port ?? 0,
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

  #peerOf({ link, ip, enode, direction, transport, upSinceUnixMs }: Partial<Entry>): Peer | undefined {
    if (!link || !direction) return undefined
    const { peerId, hello, capabilities } = link
    const staticPeer = this.#policy.staticPeer(peerId)
    const known = enode ?? staticPeer
    return {
      peerId: peerId.slice(),
      ...(ip === undefined ? {} : { ip }),
      ...(known ? { enode: formatEnode(known) } : {}),
      direction,
      transport: transport ?? 'tcp',
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

/** The stream, unless the attempt is given up first: a stream that comes up after that is nobody's and is destroyed. */
function unlessAborted(dialled: Promise<ByteStream>, signal: AbortSignal): Promise<ByteStream> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    dialled.then((stream) => {
      if (signal.aborted) stream.destroy()
      else resolve(stream)
    }, reject)
  })
}

/** Who listens on all addresses is reached by which one? Unknown here; by loopback at least from this machine. */
function reachableIp(host: string): string {
  const ip = canonicalIp(host)
  if (ip === '0.0.0.0') return '127.0.0.1'
  return ip === undefined || ip === '::' ? '::1' : ip
}

function isTcp({ protocol = 'tcp' }: TransportAddress): boolean {
  return protocol === 'tcp'
}

const HOPELESS_REASONS: ReadonlySet<DisconnectReason> = new Set([
  disconnectReasons.uselessPeer,
  disconnectReasons.incompatibleVersion,
  disconnectReasons.invalidIdentity,
  disconnectReasons.unexpectedIdentity,
  disconnectReasons.self,
])
const HOPELESS_CAUSES: ReadonlySet<string> = new Set([
  'bad-handshake',
  'identity-mismatch',
  'self',
  'useless-peer',
])

/** What only a peer that breaks the protocol on purpose or by a fault brings about, once it has proven its id. */
const BREACH_CAUSES: ReadonlySet<string> = new Set([
  ...['bad-hello', 'identity-mismatch', 'bad-compression', 'too-big', 'unknown-code'],
])

function isBreach({ by, cause }: ConnectionEnd): boolean {
  return by === 'us' && BREACH_CAUSES.has(cause)
}

/** The connection was made and died before anybody proved who it is: something between may be in the way. */
const MUTE_CAUSES: ReadonlySet<string> = new Set(['connection-lost', 'bad-handshake', 'handshake-timeout'])

function saysNothingOfPeer({ cause }: ConnectionEnd): boolean {
  return MUTE_CAUSES.has(cause)
}

function isHopeless({ reason, cause }: ConnectionEnd): boolean {
  return HOPELESS_REASONS.has(reason) || HOPELESS_CAUSES.has(cause)
}
