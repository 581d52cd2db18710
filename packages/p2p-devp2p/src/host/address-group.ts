import { toHex } from '@status-protocol/bytes'
import { isLocalIp, parseIp } from '../ip.ts'

/** What counts as one source of connections. */
export interface AddressGroup {
  readonly key: string
  /** What one customer of a hosting company has: an IPv4 /24, an IPv6 /48. */
  readonly subnet: string
  /** Loopback, private, link-local or without an address: machines of one's own, a proxy in front. */
  readonly isLocal: boolean
}

/** An IPv4 address; of IPv6 the /64, because that much is handed out to a single machine. */
export function addressGroup(ip: string | undefined): AddressGroup {
  const bytes = ip === undefined ? undefined : parseIp(ip)
  if (!bytes) return { key: 'none', subnet: 'none', isLocal: true }
  const isLocal = isLocalIp(ip as string)
  if (bytes.length === 4)
    return { key: bytes.join('.'), subnet: `${bytes.subarray(0, 3).join('.')}/24`, isLocal }
  const [key, subnet] = [`${toHex(bytes.subarray(0, 8))}/64`, `${toHex(bytes.subarray(0, 6))}/48`]
  return { key, subnet, isLocal }
}
