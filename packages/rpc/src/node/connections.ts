/**
 * Who may hold how many connections of a server, and who gives one up when there are no more: so that somebody who opens all they
 * can, and asks nothing or ever so slowly, keeps nobody else from being answered.
 *
 * A connection on which a request is worked on stays, and so does a WebSocket. All others can be asked again, and may have to give
 * way to a newcomer: the oldest of whoever holds the most.
 */
import { BlockList, isIPv6 } from 'node:net'

export interface ConnectionLimits {
  /** At the same time. */
  readonly max: number
  /** Of one address; of IPv6 its /64. This machine's own, and those of `isExempt`, have no limit but `max`. */
  readonly maxPerAddress: number
  /** Proxies in front, which hold connections of many. */
  readonly isExempt?: ((address: string | undefined) => boolean) | undefined
}

/** A `Socket` of `node:net`, for declarations that do without Node's types. */
export interface Connection {
  readonly remoteAddress?: string | undefined
  destroy(): unknown
  once(event: 'close', listener: () => void): unknown
}

/** A `Server` of `node:http`, likewise. */
export interface ConnectionServer {
  maxConnections: number
  on(event: 'connection', listener: (socket: Connection) => void): unknown
}

interface Held {
  readonly owner: string
  /** Requests that are worked on. */
  working: number
  isKept: boolean
}

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8)
LOOPBACK.addAddress('::1', 'ipv6')

/** What counts as one: an IPv4 address, an IPv6 /64, all of this machine. */
export function ownerOf(address: string | undefined): string {
  const plain = (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '')
  if (plain === '' || LOOPBACK.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4')) return 'here'
  return isIPv6(plain) ? prefixOf(plain) : plain
}

/** The first four groups. */
function prefixOf(ip: string): string {
  const [head = '', tail] = ip.toLowerCase().split('%')[0]?.split('::') ?? []
  const groups = head.split(':')
  const all = tail === undefined ? groups : [...groups, ...new Array<string>(8).fill('0')]
  return `${all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, '') || '0')
    .join(':')}::/64`
}

export class Connections {
  readonly #limits: ConnectionLimits
  /** In the order in which they would give way. BOUNDED by `max`. */
  readonly #held = new Map<Connection, Held>()

  constructor(server: ConnectionServer, limits: ConnectionLimits) {
    this.#limits = limits
    // who gives way is gone a moment later, and many may come within that
    server.maxConnections = 8 * limits.max
    server.on('connection', (socket: Connection) => this.#enter(socket))
  }

  get size(): number {
    return this.#held.size
  }

  /** A request came in whole. Until what this returns is called, its connection does not give way. */
  work(socket: Connection): () => void {
    const held = this.#held.get(socket)
    if (!held) return () => undefined
    held.working++
    return () => {
      held.working--
      // who was answered last gives way last
      if (this.#held.delete(socket)) this.#held.set(socket, held)
    }
  }

  isWorking(socket: Connection): boolean {
    return (this.#held.get(socket)?.working ?? 0) > 0
  }

  /** It is a WebSocket now: whoever has it keeps it. */
  keep(socket: Connection): void {
    const held = this.#held.get(socket)
    if (held) held.isKept = true
  }

  #enter(socket: Connection): void {
    const owner = this.#limits.isExempt?.(socket.remoteAddress) ? 'proxies' : ownerOf(socket.remoteAddress)
    if (!this.#makeRoom(owner)) {
      socket.destroy()
      return
    }
    this.#held.set(socket, { owner, working: 0, isKept: false })
    socket.once('close', () => this.#held.delete(socket))
  }

  #makeRoom(newcomer: string): boolean {
    const counts = new Map<string, number>()
    for (const { owner } of this.#held.values()) counts.set(owner, (counts.get(owner) ?? 0) + 1)
    const isLimited = newcomer !== 'here' && newcomer !== 'proxies'
    if (isLimited && (counts.get(newcomer) ?? 0) >= this.#limits.maxPerAddress)
      return this.#giveWay((owner) => (owner === newcomer ? 1 : 0))
    if (this.#held.size < this.#limits.max) return true
    return this.#giveWay((owner) => counts.get(owner) ?? 0)
  }

  /** The oldest of those for whom most speaks, if it need not stay; no one for whom nothing does. */
  #giveWay(weightOf: (owner: string) => number): boolean {
    let chosen: Connection | undefined
    let most = 0
    for (const [socket, { owner, working, isKept }] of this.#held) {
      if (working > 0 || isKept || weightOf(owner) <= most) continue
      chosen = socket
      most = weightOf(owner)
    }
    if (!chosen) return false
    this.#held.delete(chosen)
    chosen.destroy()
    return true
  }
}
