/** Where a record says that its node is, and whether that may be believed. */
import type { CryptoProvider } from '@status-protocol/crypto'
import { type NodeRecord, recordAddresses } from '../enr.ts'
import { canonicalIp } from '../ip.ts'
import { isRelayable, type TableNode, tableNode } from '../kademlia/node.ts'
import type { UdpAddress } from '../udp.ts'

/** As go-ethereum has it: ports below belong to other services. */
const MIN_RELAYED_PORT = 1_024

interface Endpoint extends UdpAddress {
  readonly tcpPort: number
}

/** IPv4 first; without a port for discovery: not there. */
export function recordEndpoints(record: NodeRecord): readonly Endpoint[] {
  const { ip, ip6, udpPort = 0, udpPort6, tcpPort = 0, tcpPort6 } = recordAddresses(record)
  const all = [
    { ip, port: udpPort, tcpPort },
    { ip: ip6 && canonicalIp(ip6), port: udpPort6 ?? udpPort, tcpPort: tcpPort6 ?? tcpPort },
  ]
  return all.flatMap(({ ip: address, ...ports }) =>
    address === undefined || ports.port === 0 ? [] : [{ ip: address, ...ports }],
  )
}

/** The node, if its record says that it is at this address. */
export function nodeAt(record: NodeRecord, at: UdpAddress, crypto: CryptoProvider): TableNode | undefined {
  const endpoint = recordEndpoints(record).find(({ ip, port }) => ip === at.ip && port === at.port)
  return endpoint && nodeFrom(record, endpoint, crypto)
}

/** The node where its record says that it is, if that may be believed from who handed it on. */
export function relayedNode(
  record: NodeRecord,
  sender: UdpAddress,
  crypto: CryptoProvider,
): TableNode | undefined {
  const isV6 = sender.ip.includes(':')
  const usable = recordEndpoints(record).filter(
    ({ ip, port }) => isRelayable(ip, sender.ip) && port > MIN_RELAYED_PORT,
  )
  // in the family in which the two of us talk
  const endpoint = usable.find(({ ip }) => ip.includes(':') === isV6)
  return endpoint && nodeFrom(record, endpoint, crypto)
}

function nodeFrom(record: NodeRecord, { ip, port, tcpPort }: Endpoint, crypto: CryptoProvider): TableNode {
  return tableNode({ peerId: record.peerId, ip, udpPort: port, tcpPort, record }, crypto)
}
