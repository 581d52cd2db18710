/** Where a host takes connections, and what it tells others of that. */
import { type Enode, MAX_VIA } from '../enode.ts'
import { canonicalIp, formatHostPort } from '../ip.ts'
import type { ByteStream, Transport, TransportListener } from '../transport.ts'
import { formatTransportUrl, type TransportAddress } from '../transport-address.ts'
import type { HostSettings } from './options.ts'

export class Doors {
  readonly #listeners: TransportListener[] = []

  /** All or none. @throws P2pError `listen-failed` */
  async open(
    where: readonly TransportAddress[],
    transport: Transport,
    accept: (stream: ByteStream) => void,
  ): Promise<void> {
    try {
      for (const at of where) this.#listeners.push(await transport.listen(at, accept))
    } catch (error) {
      await this.close()
      throw error
    }
  }

  /** With the real port. */
  get tcpAddress(): TransportAddress | undefined {
    return this.#listeners.map(({ address }) => address).find(isTcp)
  }

  /** `host:port`, those of other transports than TCP as URLs. */
  get addresses(): readonly string[] {
    return this.#listeners.map(({ address }) =>
      isTcp(address) ? formatHostPort(address.host, address.port) : formatTransportUrl(address),
    )
  }

  /** How others get here; without an address if we do not listen. */
  enode(told: Pick<HostSettings, 'peerId' | 'advertiseIp' | 'advertiseVia'>): Enode {
    const { peerId, advertiseIp, advertiseVia } = told
    const at = this.tcpAddress
    const via = advertiseVia ?? this.#webSockets(advertiseIp)
    const ways = via.length > 0 ? { via } : {}
    if (!at) return { peerId, tcpPort: 0, udpPort: 0, ...ways }
    const ip = advertiseIp ?? reachableIp(at.host)
    return { peerId, ip, tcpPort: at.port, udpPort: at.port, ...ways }
  }

  async close(): Promise<void> {
    await Promise.all(this.#listeners.map((listener) => listener.close()))
  }

  /** URLs of the WebSockets that we listen on. */
  #webSockets(advertiseIp: string | undefined): readonly string[] {
    return this.#listeners
      .map(({ address }) => address)
      .filter((address) => !isTcp(address))
      .slice(0, MAX_VIA)
      .map((address) => formatTransportUrl({ ...address, host: advertiseIp ?? reachableIp(address.host) }))
  }
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
