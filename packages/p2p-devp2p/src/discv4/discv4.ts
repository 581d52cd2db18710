/**
 * Discovery v4, driven: a core over a UDP socket, with the searches that keep its table full. Searches for others only
 * while somebody reads {@link Discv4.find}.
 */
import { type CryptoProvider, defaultProvider, systemRandom } from '@status-protocol/crypto'
import type { Random } from '@status-protocol/ports'
import { type DiscoveredNode, type Discovery, recordRoles } from '../discovery.ts'
import { type Enode, formatEnode, parseEnode } from '../enode.ts'
import { type NodeRecord, type RecordAddresses, signNodeRecord } from '../enr.ts'
import { P2pError } from '../error.ts'
import { type HostClock, systemHostClock } from '../host/host-clock.ts'
import { canonicalIp, splitHostPort } from '../ip.ts'
import { sleep } from '../sleep.ts'
import type { UdpAddress, UdpSocket, UdpTransport } from '../udp.ts'
import type { Now } from './context.ts'
import { createDiscv4Core, type Discv4Core, type Discv4Counts } from './core.ts'
import type { FloodLimits } from './flood-gate.ts'
import { enodeOfNode, type TableNode } from './node.ts'

export interface Discv4Options {
  /** 32 bytes: this node's identity, the same as the host's. */
  readonly nodeKey: Uint8Array
  /** `udpTransport()` of `@status-protocol/p2p-devp2p/node`, or another. */
  readonly udp: UdpTransport
  /** `host:port` to take packets on; port 0: any free one. */
  readonly listen: string
  /** Enode URLs whom to ask while nobody else is known. */
  readonly bootnodes?: readonly string[]
  /** What others are told of us; {@link Discv4.advertise} changes it. */
  readonly advertise?: Advertised
  /** Further entries of our record, such as {@link rolesEntry}. */
  readonly entries?: readonly (readonly [key: string, rlp: Uint8Array])[]
  /** Networks (/24, /48) that have to agree on our address before it is believed; default 5. */
  readonly minVotes?: number
  readonly flood?: Partial<FloodLimits>
  /** Key-grade. */
  readonly random?: Random
  readonly clock?: HostClock
  readonly crypto?: CryptoProvider
}

export interface Advertised {
  /** Literal address; absent: what others see us at, once enough of them agree. */
  readonly ip?: string
  /** Where we take RLPx connections; absent or 0: nowhere. */
  readonly tcpPort?: number
  /** If the router maps another port than we listen on. */
  readonly udpPort?: number
  /** Other ways, URLs. */
  readonly via?: readonly string[]
}

export interface Discv4 extends Discovery {
  /** Ours, as others get it. */
  readonly record: NodeRecord
  readonly enode: string
  /** The real one. */
  readonly listenAddress: UdpAddress
  readonly counts: Discv4Counts
  /** What is kept of others. */
  readonly sizes: Discv4Core['sizes']
  /** All nodes of the table. */
  nodes(): readonly DiscoveredNode[]
  /** The nodes that are closest to a peer id, at most 16, each of which has answered. */
  lookup(peerId: Uint8Array): Promise<readonly DiscoveredNode[]>
  /** Milliseconds until the answer; undefined: none came. */
  ping(enode: string): Promise<number | undefined>
  /** The current record of a node. */
  resolve(enode: string): Promise<NodeRecord | undefined>
  /** Our address as others see it, if enough of them agree. */
  externalAddress(): UdpAddress | undefined
  /** Tells others something else from now on; the record gets a higher number. @throws P2pError `too-big`, `invalid-argument` */
  advertise(what: Advertised): void
}

/** One node of the table is checked this often, at random. */
const REVALIDATE_MS = 10_000
/** A search for a random place, so that the table stays full, this often. */
const REFRESH_MS = 1_800_000
/** Nobody is known: bootnodes are asked again. */
const RETRY_MS = 10_000
/** Between two searches for one reader. */
const SEARCH_PAUSE_MS = 1_000
/** The same, when the last one brought nothing new. */
const IDLE_SEARCH_PAUSE_MS = 15_000
/** Nodes that wait for one reader; the oldest are dropped, they will be found again. */
const MAX_WAITING = 256

/** @throws P2pError `invalid-argument`, `listen-failed` */
export async function createDiscv4(options: Discv4Options): Promise<Discv4> {
  const running = new RunningDiscv4(options)
  await running.start(options)
  return running
}

class RunningDiscv4 implements Discv4 {
  readonly name = 'discv4'
  readonly #nodeKey: Uint8Array
  readonly #crypto: CryptoProvider
  readonly #random: Random
  readonly #clock: HostClock
  readonly #bootnodes: readonly Enode[]
  readonly #entries: ReadonlyMap<string, Uint8Array>
  readonly #core: Discv4Core
  readonly #readers = new Set<(node: TableNode) => void>()
  /** What ends everything that waits. BOUNDED by the jobs below, one per reader and the callers of `lookup`. */
  readonly #timers = new Set<() => void>()
  #advertised: Advertised
  #socket: UdpSocket | undefined
  #wake: { readonly atMs: number; readonly cancel: () => void } | undefined
  #closed = false
  readonly #closing = new AbortController()

  constructor(options: Discv4Options) {
    const crypto = options.crypto ?? defaultProvider
    if (!crypto.isPrivateKey(options.nodeKey))
      throw new P2pError('invalid-argument', 'nodeKey: expected a secp256k1 private key of 32 bytes')
    this.#nodeKey = options.nodeKey.slice()
    this.#crypto = crypto
    this.#random = options.random ?? systemRandom
    this.#clock = options.clock ?? systemHostClock
    this.#bootnodes = (options.bootnodes ?? []).map((text) => parseEnode(text, { crypto }))
    this.#entries = new Map(options.entries ?? [])
    this.#advertised = checked(options.advertise ?? {})
    this.#checkRoom()
    // higher than any number of an earlier run, as go-ethereum has it
    const record = this.#sign(BigInt(this.#clock.wallMs()))
    this.#core = createDiscv4Core({
      ...{ nodeKey: this.#nodeKey, crypto, random: this.#random, record },
      ...{ endpoint: { udpPort: 0, tcpPort: 0 }, flood: options.flood, minVotes: options.minVotes },
    })
  }

  async start({ udp, listen }: Discv4Options): Promise<void> {
    const at = splitHostPort(listen)
    if (!at) throw new P2pError('invalid-argument', 'listen: expected host:port')
    this.#socket = await udp.bind(at, (bytes, from) => {
      if (!this.#closed) this.#apply(this.#core.receive(bytes, from, this.#now()))
    })
    this.#update()
    this.#every(REVALIDATE_MS, () => this.#apply(this.#core.revalidate(this.#now())))
    this.#every(REFRESH_MS, () => void this.#search(this.#random.bytes(64)))
    this.#every(RETRY_MS, () => {
      if (this.#core.table.all().length === 0) void this.#search(this.#peerId())
      this.#update()
    })
    void this.#search(this.#peerId())
  }

  get record(): NodeRecord {
    return this.#core.record
  }

  get enode(): string {
    const { ip, udpPort, tcpPort = 0, via } = this.#addresses()
    const ways = via && via.length > 0 ? { via } : {}
    const known = ip === undefined ? { tcpPort: 0, udpPort: 0 } : { ip, tcpPort, udpPort: udpPort ?? 0 }
    return formatEnode({ peerId: this.#peerId(), ...known, ...ways })
  }

  get listenAddress(): UdpAddress {
    return this.#socket?.address ?? { ip: '0.0.0.0', port: 0 }
  }

  get counts(): Discv4Counts {
    return this.#core.counts
  }

  get sizes(): Discv4Core['sizes'] {
    return this.#core.sizes
  }

  nodes(): readonly DiscoveredNode[] {
    return this.#core.table.all().map(discovered)
  }

  async lookup(peerId: Uint8Array): Promise<readonly DiscoveredNode[]> {
    return (await this.#search(peerId)).map(discovered)
  }

  async ping(text: string): Promise<number | undefined> {
    const node = this.#nodeOf(text)
    return new Promise((resolve) => this.#apply(this.#core.ping(node, this.#now(), resolve)))
  }

  async resolve(text: string): Promise<NodeRecord | undefined> {
    const node = this.#nodeOf(text)
    if ((await this.ping(text)) === undefined) return undefined
    return new Promise((resolve) => this.#apply(this.#core.requestRecord(node, this.#now(), resolve)))
  }

  externalAddress(): UdpAddress | undefined {
    return this.#core.externalEndpoint(this.#now())
  }

  advertise(what: Advertised): void {
    const before = this.#advertised
    this.#advertised = checked(what)
    try {
      this.#checkRoom()
    } catch (error) {
      this.#advertised = before
      throw error
    }
    this.#update()
  }

  /** What the table has, then what searches for random places bring, for as long as somebody asks for more. */
  async *find(signal: AbortSignal): AsyncGenerator<DiscoveredNode, void> {
    /** BOUNDED by {@link MAX_WAITING}. */
    let waiting: TableNode[] = [...this.#core.table.all()]
    const reader = (node: TableNode) => {
      waiting = [...waiting.filter(({ key }) => key !== node.key), node].slice(-MAX_WAITING)
    }
    this.#readers.add(reader)
    const either = AbortSignal.any([signal, this.#closing.signal])
    try {
      let isFirst = true
      while (!either.aborted) {
        const next = waiting.shift()
        if (next) {
          if (next.tcpPort !== 0 || next.record) yield discovered(next)
          continue
        }
        const known = this.#core.table.all().length
        await this.#search(isFirst ? this.#peerId() : this.#random.bytes(64))
        isFirst = false
        const isIdle = waiting.length === 0 && this.#core.table.all().length <= known
        if (waiting.length === 0) waiting = [...this.#core.table.all()]
        await sleep(this.#clock, isIdle ? IDLE_SEARCH_PAUSE_MS : SEARCH_PAUSE_MS, either)
      }
    } finally {
      this.#readers.delete(reader)
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#closing.abort()
    for (const cancel of [...this.#timers]) cancel()
    this.#wake?.cancel()
    await this.#socket?.close()
  }

  #search(target: Uint8Array): Promise<readonly TableNode[]> {
    if (this.#closed) return Promise.resolve([])
    const start = this.#bootnodes.flatMap((enode) => this.#core.nodeOf(enode) ?? [])
    return new Promise((resolve) => {
      // a search that is under way when we close has no end of its own
      const giveUp = () => resolve([])
      this.#timers.add(giveUp)
      const done = (nodes: readonly TableNode[]) => {
        this.#timers.delete(giveUp)
        resolve(nodes)
      }
      this.#apply(this.#core.lookup(target, start, this.#now(), done))
    })
  }

  #apply(outputs: ReturnType<Discv4Core['tick']>): void {
    for (const output of outputs)
      if (output.type === 'send') this.#socket?.send(output.bytes, output.to)
      else for (const reader of this.#readers) reader(output.node)
    this.#schedule()
  }

  #schedule(): void {
    const atMs = this.#core.wakeAtMs()
    if (this.#closed || atMs === undefined || (this.#wake && this.#wake.atMs <= atMs)) return
    this.#wake?.cancel()
    const cancel = this.#clock.schedule(Math.max(0, atMs - this.#clock.monotonicMs()), () => {
      this.#wake = undefined
      this.#apply(this.#core.tick(this.#now()))
    })
    this.#wake = { atMs, cancel }
  }

  #every(ms: number, job: () => void): void {
    const again = () => {
      const cancel = this.#clock.schedule(ms, () => {
        this.#timers.delete(cancel)
        job()
        if (!this.#closed) again()
      })
      this.#timers.add(cancel)
    }
    again()
  }

  /** The record says what is to be said now. */
  #update(): void {
    const { ip, udpPort = 0, tcpPort = 0 } = this.#addresses()
    const fresh = this.#sign(this.#core.record.seq)
    const isSame = fresh.bytes.every((byte, i) => byte === this.#core.record.bytes[i])
    const record =
      isSame && fresh.bytes.length === this.#core.record.bytes.length ? fresh : this.#sign(fresh.seq + 1n)
    this.#core.setRecord(record, { ...(ip !== undefined && { ip }), udpPort, tcpPort })
  }

  #sign(seq: bigint): NodeRecord {
    const { ip, udpPort, tcpPort, via } = this.#addresses()
    const isV6 = ip?.includes(':') ?? false
    const ports = { ...(udpPort && { udpPort }), ...(tcpPort && { tcpPort }) }
    const addresses: RecordAddresses = {
      ...(ip !== undefined && (isV6 ? { ip6: ip } : { ip })),
      ...(ip !== undefined && ports),
      ...(via && { via }),
    }
    const [nodeKey, entries, crypto] = [this.#nodeKey, this.#entries, this.#crypto]
    return signNodeRecord({ nodeKey, seq, addresses, entries, crypto })
  }

  /** That a record has room for all this, with the longest address that we may learn of later. @throws P2pError `too-big` */
  #checkRoom(): void {
    const { via } = this.#advertised
    const longest = { ip6: `ffff${':ffff'.repeat(7)}`, udpPort: 0xffff, tcpPort: 0xffff }
    const [nodeKey, entries, crypto] = [this.#nodeKey, this.#entries, this.#crypto]
    signNodeRecord({
      nodeKey,
      seq: 2n ** 48n,
      addresses: { ...longest, ...(via && { via }) },
      entries,
      crypto,
    })
  }

  /** Where we are reached: as we were told, else as others see us, else where we listen. */
  #addresses(): RecordAddresses {
    const { ip, tcpPort, udpPort, via } = this.#advertised
    const listening = this.#socket?.address
    const seen = ip === undefined && this.#core ? this.externalAddress() : undefined
    const own = listening && !isAnyAddress(listening.ip) ? listening.ip : undefined
    const address = ip ?? seen?.ip ?? own
    const port = udpPort ?? seen?.port ?? listening?.port
    return {
      ...(address !== undefined && { ip: address }),
      ...(port !== undefined && { udpPort: port }),
      ...(tcpPort !== undefined && { tcpPort }),
      ...(via !== undefined && { via }),
    }
  }

  #nodeOf(text: string): TableNode {
    const node = this.#core.nodeOf(parseEnode(text, { crypto: this.#crypto }))
    if (!node) throw new P2pError('invalid-argument', 'enode: expected one with an address and a UDP port')
    return this.#core.table.get(node.peerId) ?? node
  }

  #peerId(): Uint8Array {
    return this.#core.record.peerId
  }

  #now(): Now {
    return { monotonicMs: this.#clock.monotonicMs(), wallMs: this.#clock.wallMs() }
  }
}

function discovered(node: TableNode): DiscoveredNode {
  const { record } = node
  const roles = record ? recordRoles(record) : []
  return { enode: enodeOfNode(node), ...(record && { record }), roles, source: 'discv4' }
}

function checked(what: Advertised): Advertised {
  const ip = what.ip === undefined ? undefined : canonicalIp(what.ip)
  if (what.ip !== undefined && ip === undefined)
    throw new P2pError('invalid-argument', 'advertise.ip: expected a literal IP address')
  return { ...what, ...(ip !== undefined && { ip }) }
}

function isAnyAddress(ip: string): boolean {
  return ip === '0.0.0.0' || ip === '::'
}
