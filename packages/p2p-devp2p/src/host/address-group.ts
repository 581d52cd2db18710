import { toHex } from '@status-protocol/bytes'
import { isLocalIp, parseIp } from '../ip.ts'

/** What counts as one source of connections. */
export interface AddressGroup {
  readonly key: string
  /** Loopback, private, link-local or without an address: machines of one's own, a proxy in front. */
  readonly isLocal: boolean
}

/** An IPv4 address; of IPv6 the /64, because that much is handed out to a single machine. */
export function addressGroup(ip: string | undefined): AddressGroup {
  const bytes = ip === undefined ? undefined : parseIp(ip)
  if (!bytes) return { key: 'none', isLocal: true }
  const key = bytes.length === 4 ? bytes.join('.') : `${toHex(bytes.subarray(0, 8))}/64`
  return { key, isLocal: isLocalIp(ip as string) }
}
