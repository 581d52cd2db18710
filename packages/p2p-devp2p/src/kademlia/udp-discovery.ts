/**
 * Discovery over UDP, driven: the cores of one version or of both over one socket and under one record, with the searches
 * that keep their tables full. Searches for others only while somebody reads {@link UdpDiscovery.find}.
 */
import { type CryptoProvider, defaultProvider, systemRandom } from '@status-protocol/crypto'
import type { Random } from '@status-protocol/ports'
import { type DiscoveredNode, recordRoles } from '../discovery.ts'
import { createDiscv4Core } from '../discv4/core.ts'
import { createDiscv5Core } from '../discv5/core.ts'
import { type Enode, formatEnode, nodeAddress, parseEnode } from '../enode.ts'
import { enodeOfRecord, type NodeRecord, parseNodeRecord, type RecordAddresses } from '../enr.ts'
import { P2pError } from '../error.ts'
import { type HostClock, systemHostClock } from '../host/host-clock.ts'
import { splitHostPort } from '../ip.ts'
import { createEndpointVotes, type EndpointVotes } from '../nat/endpoint-votes.ts'
import { sleep } from '../sleep.ts'
import type { UdpAddress, UdpSocket } from '../udp.ts'
import type { Advertised, DiscoveryVersion, UdpDiscovery, UdpDiscoveryOptions } from './api.ts'
import type { DiscoveryCounts, DiscoverySizes, KademliaCore, KademliaOutput, Now } from './core.ts'
import { LOOKUP_SIZE } from './lookup.ts'
import { enodeOfNode, type TableNode } from './node.ts'
import { sortByDistance } from './node-table.ts'
import { createOwnRecord, type OwnRecord, type Whereabouts } from './own-record.ts'

/** One node of each table is checked this often, at random. */
const REVALIDATE_MS = 10_000
/** A search for a random place, so that the tables stay full, this often. */
const REFRESH_MS = 1_800_000
/** Nobody is known: bootnodes are asked again. */
const RETRY_MS = 10_000
/** Between two searches for one reader. */
const SEARCH_PAUSE_MS = 1_000
/** The same, when the last one brought nothing new. */
const IDLE_SEARCH_PAUSE_MS = 15_000
/** Nodes that wait for one reader; the oldest are dropped, they will be found again. */
const MAX_WAITING = 256

const CORES = { v4: createDiscv4Core, v5: createDiscv5Core } as const

/**
 * Version 4, version 5.1, or both at one address and with one record.
 *
 * @throws P2pError `invalid-argument`, `listen-failed`
 */
export async function createUdpDiscovery(
  options: UdpDiscoveryOptions & { readonly versions: readonly DiscoveryVersion[] },
): Promise<UdpDiscovery> {
  const running = new RunningDiscovery(options)
  await running.start(options)
  return running
}

/** @throws P2pError `invalid-argument`, `listen-failed` */
export function createDiscv4(options: UdpDiscoveryOptions): Promise<UdpDiscovery> {
  return createUdpDiscovery({ ...options, versions: ['v4'] })
}

/** @throws P2pError `invalid-argument`, `listen-failed` */
export function createDiscv5(options: UdpDiscoveryOptions): Promise<UdpDiscovery> {
  return createUdpDiscovery({ ...options, versions: ['v5'] })
}

/** A node of one of the tables. */
interface Found {
  readonly node: TableNode
  readonly source: KademliaCore['name']
}

class RunningDiscovery implements UdpDiscovery {
  readonly name: string
  readonly #crypto: CryptoProvider
  readonly #random: Random
  readonly #clock: HostClock
  readonly #bootnodes: readonly Enode[]
  readonly #own: OwnRecord
  readonly #votes: EndpointVotes
  /** Version 5 first: it knows its own packets. */
  readonly #cores: readonly KademliaCore[]
  readonly #readers = new Set<(found: Found) => void>()
  /** What ends everything that waits. BOUNDED by the jobs below, one per reader and the callers of `lookup`. */
  readonly #timers = new Set<() => void>()
  #record: NodeRecord
  #socket: UdpSocket | undefined
  #wake: { readonly atMs: number; readonly cancel: () => void } | undefined
  readonly #closing = new AbortController()

  constructor(options: UdpDiscoveryOptions & { readonly versions: readonly DiscoveryVersion[] }) {
    const crypto = options.crypto ?? defaultProvider
    if (!crypto.isPrivateKey(options.nodeKey))
      throw new P2pError('invalid-argument', 'nodeKey: expected a secp256k1 private key of 32 bytes')
    const versions = [...new Set(options.versions)].sort().reverse()
    if (versions.length === 0 || versions.some((version) => !Object.hasOwn(CORES, version)))
      throw new P2pError('invalid-argument', 'versions: expected v4, v5 or both')
    const nodeKey = options.nodeKey.slice()
    this.#crypto = crypto
    this.#random = options.random ?? systemRandom
    this.#clock = options.clock ?? systemHostClock
    this.#bootnodes = (options.bootnodes ?? []).map((text) => this.#enodeOf(text))
    const entries = new Map(options.entries ?? [])
    this.#own = createOwnRecord({ nodeKey, crypto, entries, advertise: options.advertise ?? {} })
    const { minVotes } = options
    this.#votes = createEndpointVotes(minVotes === undefined ? {} : { minVotes })
    // higher than any number of an earlier run, as go-ethereum has it
    this.#record = this.#own.sign(BigInt(this.#clock.wallMs()), { listening: undefined, seen: undefined })
    this.#cores = versions.map((version) =>
      CORES[version]({
        ...{ nodeKey, crypto, random: this.#random, record: this.#record, votes: this.#votes },
        ...{ endpoint: { udpPort: 0, tcpPort: 0 }, flood: options.flood },
      }),
    )
    this.name = this.#cores.map(({ name }) => name).join('+')
  }

  async start({ udp, listen }: UdpDiscoveryOptions): Promise<void> {
    const at = splitHostPort(listen)
    if (!at) throw new P2pError('invalid-argument', 'listen: expected host:port')
    this.#socket = await udp.bind(at, (bytes, from) => this.#receive(bytes, from))
    this.#update()
    this.#every(REVALIDATE_MS, () => {
      for (const core of this.#cores) this.#apply(core, core.revalidate(this.#now()))
    })
    this.#every(REFRESH_MS, () => void this.#search(this.#random.bytes(64)))
    this.#every(RETRY_MS, () => {
      for (const core of this.#cores)
        if (core.table.all().length === 0) void this.#searchWith(core, this.#record.peerId)
      this.#update()
    })
    void this.#search(this.#record.peerId)
  }

  get record(): NodeRecord {
    return this.#record
  }

  get enode(): string {
    const { ip, udpPort, tcpPort = 0, via } = this.#addresses()
    const ways = via && via.length > 0 ? { via } : {}
    const known = ip === undefined ? { tcpPort: 0, udpPort: 0 } : { ip, tcpPort, udpPort: udpPort ?? 0 }
    return formatEnode({ peerId: this.#record.peerId, ...known, ...ways })
  }

  get listenAddress(): UdpAddress {
    return this.#socket?.address ?? { ip: '0.0.0.0', port: 0 }
  }

  get counts(): DiscoveryCounts {
    return sum(this.#cores.map(({ counts }) => ({ ...counts })))
  }

  get sizes(): DiscoverySizes {
    return sum(this.#cores.map(({ sizes }) => ({ ...sizes })))
  }

  nodes(): readonly DiscoveredNode[] {
    return this.#all().map(discovered)
  }

  async lookup(peerId: Uint8Array): Promise<readonly DiscoveredNode[]> {
    return (await this.#search(peerId)).map(discovered)
  }

  async ping(text: string): Promise<number | undefined> {
    return this.#first(text, (core, node, done) => core.ping(node, this.#now(), done))
  }

  async resolve(text: string): Promise<NodeRecord | undefined> {
    return this.#first<NodeRecord>(text, (core, node, done) =>
      core.ping(node, this.#now(), (rttMs) => {
        if (rttMs === undefined) done(undefined)
        // not in this turn: the core is in the middle of telling us
        else queueMicrotask(() => this.#apply(core, core.requestRecord(node, this.#now(), done)))
      }),
    )
  }

  externalAddress(): UdpAddress | undefined {
    return this.#votes.winner(this.#clock.monotonicMs())
  }

  advertise(what: Advertised): void {
    this.#own.advertise(what)
    this.#update()
  }

  /** What the tables have, then what searches for random places bring, for as long as somebody asks for more. */
  async *find(signal: AbortSignal): AsyncGenerator<DiscoveredNode, void> {
    /** BOUNDED by {@link MAX_WAITING}. */
    let waiting: Found[] = [...this.#all()]
    const reader = (found: Found) => {
      waiting = [...waiting.filter(({ node }) => node.key !== found.node.key), found].slice(-MAX_WAITING)
    }
    this.#readers.add(reader)
    const either = AbortSignal.any([signal, this.#closing.signal])
    const ended = new Promise<void>((resolve) => {
      either.addEventListener('abort', () => resolve(), { once: true })
    })
    try {
      let isFirst = true
      while (!either.aborted) {
        const next = waiting.shift()
        if (next) {
          if (next.node.tcpPort !== 0 || next.node.record) yield discovered(next)
          continue
        }
        const known = this.#all().length
        await Promise.race([this.#search(isFirst ? this.#record.peerId : this.#random.bytes(64)), ended])
        isFirst = false
        const isIdle = waiting.length === 0 && this.#all().length <= known
        if (waiting.length === 0) waiting = [...this.#all()]
        await sleep(this.#clock, isIdle ? IDLE_SEARCH_PAUSE_MS : SEARCH_PAUSE_MS, either)
      }
    } finally {
      this.#readers.delete(reader)
    }
  }

  async close(): Promise<void> {
    this.#closing.abort()
    for (const cancel of [...this.#timers]) cancel()
    this.#wake?.cancel()
    await this.#socket?.close()
  }

  get #isClosed(): boolean {
    return this.#closing.signal.aborted
  }

  #all(): readonly Found[] {
    return this.#cores.flatMap(({ name: source, table }) => table.all().map((node) => ({ node, source })))
  }

  #receive(bytes: Uint8Array, from: UdpAddress): void {
    if (this.#isClosed) return
    const core = this.#cores.find((one) => one.isMine(bytes)) ?? this.#cores[0]
    if (core) this.#apply(core, core.receive(bytes, from, this.#now()))
  }

  /** With all versions at the same time; the closest of what they found, each as the last version knows it, by its record. */
  async #search(target: Uint8Array): Promise<readonly Found[]> {
    const found = (await Promise.all(this.#cores.map((core) => this.#searchWith(core, target)))).flat()
    const address = nodeAddress(target, { crypto: this.#crypto })
    const byKey = new Map(found.reverse().map((one) => [one.node.key, { ...one, address: one.node.address }]))
    return sortByDistance([...byKey.values()], address).slice(0, LOOKUP_SIZE)
  }

  #searchWith(core: KademliaCore, target: Uint8Array): Promise<readonly Found[]> {
    const start = this.#bootnodes.flatMap((enode) => core.nodeOf(enode) ?? [])
    const found = this.#answerOf<readonly TableNode[]>(core, (done) =>
      core.lookup(target, start, this.#now(), done),
    )
    return found.then((nodes = []) => nodes.map((node) => ({ node, source: core.name })))
  }

  /** What the first version says that gets an answer. */
  #first<T>(
    text: string,
    ask: (
      core: KademliaCore,
      node: TableNode,
      done: (answer: T | undefined) => void,
    ) => readonly KademliaOutput[],
  ): Promise<T | undefined> {
    const enode = this.#enodeOf(text)
    return new Promise((resolve) => {
      let waiting = this.#cores.length
      for (const core of this.#cores) {
        const node = core.nodeOf(enode)
        if (!node) throw new P2pError('invalid-argument', 'node: expected one with an address and a UDP port')
        const known = core.table.get(node.peerId) ?? node
        void this.#answerOf<T>(core, (done) => ask(core, known, done)).then((answer) => {
          waiting--
          if (answer !== undefined || waiting === 0) resolve(answer)
        })
      }
    })
  }

  /** Undefined also if we are closed before there is an answer: what is under way then has no end of its own. */
  #answerOf<T>(
    core: KademliaCore,
    ask: (done: (answer: T | undefined) => void) => readonly KademliaOutput[],
  ): Promise<T | undefined> {
    if (this.#isClosed) return Promise.resolve(undefined)
    return new Promise((resolve) => {
      const giveUp = () => resolve(undefined)
      this.#timers.add(giveUp)
      const done = (answer: T | undefined) => {
        this.#timers.delete(giveUp)
        resolve(answer)
      }
      this.#apply(core, ask(done))
    })
  }

  #apply(core: KademliaCore, outputs: readonly KademliaOutput[]): void {
    if (this.#isClosed) return
    for (const output of outputs)
      if (output.type === 'send') this.#socket?.send(output.bytes, output.to)
      else for (const reader of this.#readers) reader({ node: output.node, source: core.name })
    this.#schedule()
  }

  #schedule(): void {
    const moments = this.#cores.flatMap((core) => core.wakeAtMs() ?? [])
    const atMs = Math.min(...moments)
    if (this.#isClosed || moments.length === 0 || (this.#wake && this.#wake.atMs <= atMs)) return
    this.#wake?.cancel()
    const cancel = this.#clock.schedule(Math.max(0, atMs - this.#clock.monotonicMs()), () => {
      this.#wake = undefined
      for (const core of this.#cores) this.#apply(core, core.tick(this.#now()))
    })
    this.#wake = { atMs, cancel }
  }

  #every(ms: number, job: () => void): void {
    const again = () => {
      const cancel = this.#clock.schedule(ms, () => {
        this.#timers.delete(cancel)
        job()
        if (!this.#isClosed) again()
      })
      this.#timers.add(cancel)
    }
    again()
  }

  /** The record says what is to be said now. */
  #update(): void {
    const { ip, udpPort = 0, tcpPort = 0 } = this.#addresses()
    this.#record = this.#own.next(this.#record, this.#whereabouts())
    for (const core of this.#cores)
      core.setRecord(this.#record, { ...(ip !== undefined && { ip }), udpPort, tcpPort })
  }

  #addresses(): RecordAddresses {
    return this.#own.addresses(this.#whereabouts())
  }

  #whereabouts(): Whereabouts {
    return { listening: this.#socket?.address, seen: this.externalAddress() }
  }

  #enodeOf(text: string): Enode {
    const options = { crypto: this.#crypto }
    return text.startsWith('enr:') ? enodeOfRecord(parseNodeRecord(text, options)) : parseEnode(text, options)
  }

  #now(): Now {
    return { monotonicMs: this.#clock.monotonicMs(), wallMs: this.#clock.wallMs() }
  }
}

function discovered({ node, source }: Found): DiscoveredNode {
  const { record } = node
  const roles = record ? recordRoles(record) : []
  return { enode: enodeOfNode(node), ...(record && { record }), roles, source }
}

/** Field by field. */
function sum<T extends object>(parts: readonly T[]): T {
  const total: Record<string, number> = {}
  for (const part of parts)
    for (const [name, count] of Object.entries(part)) total[name] = (total[name] ?? 0) + count
  return total as T
}
