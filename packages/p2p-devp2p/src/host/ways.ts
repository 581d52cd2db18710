/** In what order the addresses of a node are tried: by protocol, beginning behind the one that failed last. */
import { toHex } from '@status-protocol/bytes'
import type { Enode } from '../enode.ts'
import { readTransportUrl, type TransportAddress, type TransportProtocol } from '../transport-address.ts'

export interface Ways {
  /** Those that can be dialled here. */
  of(enode: Enode): readonly TransportAddress[]
  /** A link came up that way: it is tried first the next time. */
  worked(peerId: Uint8Array, address: TransportAddress): void
  /** That way led to a connection but not to a link (something on the way lets no RLPx through): it is tried last. */
  failed(peerId: Uint8Array, address: TransportAddress): void
}

/** Beyond, the oldest memory is given up. */
const MAX_REMEMBERED = 1_024

export function createWays(options: {
  /** What the transport can dial. */
  readonly supported: readonly TransportProtocol[]
  /** What is not named is not dialled. */
  readonly order: readonly TransportProtocol[]
}): Ways {
  const usable = options.order.filter((protocol) => options.supported.includes(protocol))
  /** BOUNDED by {@link MAX_REMEMBERED}. */
  const memory = new Map<string, { readonly way: string; readonly worked: boolean }>()

  const remember = (peerId: Uint8Array, address: TransportAddress, worked: boolean) => {
    const key = toHex(peerId)
    memory.delete(key)
    memory.set(key, { way: nameOf(address), worked })
    const [oldest] = memory.keys()
    if (memory.size > MAX_REMEMBERED && oldest !== undefined) memory.delete(oldest)
  }

  return {
    of(enode) {
      const all = addressesOf(enode)
      const sorted = usable.flatMap((p) => all.filter((address) => (address.protocol ?? 'tcp') === p))
      const known = memory.get(toHex(enode.peerId))
      const at = known ? sorted.findIndex((address) => nameOf(address) === known.way) : -1
      if (!known || at < 0) return sorted
      const start = known.worked ? at : at + 1
      return [...sorted.slice(start), ...sorted.slice(0, start)]
    },
    worked: (peerId, address) => remember(peerId, address, true),
    failed: (peerId, address) => remember(peerId, address, false),
  }
}

/** All that an enode names. */
export function addressesOf(enode: Enode): readonly TransportAddress[] {
  const { ip, tcpPort, via = [] } = enode
  const plain: TransportAddress[] = ip === undefined || tcpPort === 0 ? [] : [{ host: ip, port: tcpPort }]
  return [...plain, ...via.flatMap((url) => readTransportUrl(url) ?? [])]
}

function nameOf({ protocol = 'tcp', host, port, path = '' }: TransportAddress): string {
  return `${protocol} ${host} ${port} ${path}`
}
