import { toHex } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import { type Enode, nodeAddress } from '../enode.ts'
import { type NodeRecord, recordAddresses } from '../enr.ts'
import { isLocalIp, parseIp } from '../ip.ts'

/** A node with the endpoint at which it takes discovery packets. */
export interface TableNode {
  /** Hex of the peer id. */
  readonly key: string
  /** 64 bytes. */
  readonly peerId: Uint8Array
  /** 32 bytes, keccak256 of the peer id. */
  readonly address: Uint8Array
  readonly ip: string
  readonly udpPort: number
  /** 0: it takes no RLPx connections. */
  readonly tcpPort: number
  /** Verified. */
  readonly record?: NodeRecord
}

export function tableNode(
  from: {
    readonly peerId: Uint8Array
    readonly ip: string
    readonly udpPort: number
    readonly tcpPort: number
    readonly record?: NodeRecord
  },
  crypto: CryptoProvider,
): TableNode {
  const { peerId, ip, udpPort, tcpPort, record } = from
  const address = nodeAddress(peerId, { crypto })
  return { key: toHex(peerId), peerId, address, ip, udpPort, tcpPort, ...(record && { record }) }
}

/** What to dial: at the address at which the node has answered, and by the other ways that its record names. */
export function enodeOfNode({ peerId, ip, tcpPort, udpPort, record }: TableNode): Enode {
  const via = record && recordAddresses(record).via
  return { peerId, ip, tcpPort, udpPort, ...(via && { via }) }
}

/**
 * Whether an address may be believed from this sender, as go-ethereum has it: nothing special (any, multicast, broadcast),
 * loopback only from loopback, private addresses only from private ones. Else a stranger could make us knock at doors inside
 * our own network.
 */
export function isRelayable(ip: string, sender: string): boolean {
  const [bytes, from] = [parseIp(ip), parseIp(sender)]
  if (!bytes || !from) return false
  if (isSpecial(bytes)) return false
  if (isLoopback(bytes)) return isLoopback(from)
  return !isLocalIp(ip) || isLocalIp(sender)
}

function isLoopback(bytes: Uint8Array): boolean {
  return bytes.length === 4 ? bytes[0] === 127 : bytes.every((byte, i) => byte === (i === 15 ? 1 : 0))
}

/** 0/8, 224/4, 240/4 with the broadcast address; `::`, ff00::/8. */
function isSpecial(bytes: Uint8Array): boolean {
  const first = bytes[0] as number
  if (bytes.length === 4) return first === 0 || first >= 224
  return first === 0xff || bytes.every((byte) => byte === 0)
}
