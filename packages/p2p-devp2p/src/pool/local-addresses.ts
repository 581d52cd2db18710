/** What of a node's addresses a source may send us to. */
import type { DiscoveredNode } from '../discovery.ts'
import { addressGroup } from '../host/address-group.ts'
import { readTransportUrl } from '../transport-address.ts'

/** Sources whose nodes have answered us at that very address. */
const ANSWERED: ReadonlySet<string> = new Set(['discv4', 'discv5'])

/** Without addresses that strangers have no business to send us to. Undefined: none is left. */
export function withoutLocalAddresses(node: DiscoveredNode): DiscoveredNode | undefined {
  if (node.source === 'static') return node
  const { via: all, ...rest } = node.enode
  const via = all?.filter((url) => !isLocalUrl(url))
  const isLocal = !ANSWERED.has(node.source) && addressGroup(rest.ip).isLocal
  const enode = isLocal ? { peerId: rest.peerId, tcpPort: 0, udpPort: 0 } : rest
  const hasWay = (enode.ip !== undefined && enode.tcpPort !== 0) || (via && via.length > 0)
  return hasWay ? { ...node, enode: { ...enode, ...(via && via.length > 0 && { via }) } } : undefined
}

/** A literal local address, or a name that only means something near us. */
function isLocalUrl(url: string): boolean {
  const host = readTransportUrl(url)?.host ?? ''
  const isLiteral = host.includes(':') || /^[0-9.]+$/.test(host)
  if (isLiteral) return addressGroup(host).isLocal
  return !host.includes('.') || /\.(localhost|local|internal|lan|home\.arpa)\.?$/i.test(host)
}
