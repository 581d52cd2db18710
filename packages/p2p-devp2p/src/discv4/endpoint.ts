/** Addresses inside discovery messages: `[ip(4 or 16), udp port, tcp port]`, and with a peer id for neighbours. */
import {
  type RlpItem,
  readRlpUint,
  rlpBytes,
  rlpElements,
  rlpSpan,
  rlpUint,
} from '@status-protocol/bytes/rlp'
import { P2pError } from '../error.ts'
import { formatIp, parseIp } from '../ip.ts'

export interface DiscoveryEndpoint {
  /** Literal address; undefined if the sender gave none that can be read (some send an empty one). */
  readonly ip?: string
  readonly udpPort: number
  readonly tcpPort: number
}

export interface DiscoveryNeighbour extends DiscoveryEndpoint {
  /** 64 bytes, not checked to be a point. */
  readonly peerId: Uint8Array
}

export function endpointToRlp(endpoint: DiscoveryEndpoint): RlpItem[] {
  const ip = endpoint.ip === undefined ? new Uint8Array(0) : parseIp(endpoint.ip)
  if (!ip) throw new P2pError('invalid-argument', 'ip: expected a literal IP address')
  return [ip, rlpPort(endpoint.udpPort), rlpPort(endpoint.tcpPort)]
}

export function neighbourToRlp(node: DiscoveryNeighbour): RlpItem[] {
  return [...endpointToRlp(node), expectPeerId(node.peerId, 'invalid-argument')]
}

export function endpointFromRlp(element: Uint8Array | undefined): DiscoveryEndpoint {
  return endpointOf(listOf(element, 3, 'endpoint'))
}

export function neighbourFromRlp(element: Uint8Array): DiscoveryNeighbour {
  const fields = listOf(element, 4, 'node')
  return { peerId: expectPeerId(fields[3] as Uint8Array, 'malformed').slice(), ...endpointOf(fields) }
}

/** The element itself. @throws P2pError `malformed` if the message has no such element */
export function expectElement(element: Uint8Array | undefined, name: string): Uint8Array {
  if (!element) throw malformed(`expected ${name}, got nothing`)
  return element
}

/** The payload of an element that must be a string. */
export function stringOf(element: Uint8Array | undefined, name: string): Uint8Array {
  const rlp = expectElement(element, name)
  return rlpBytes(rlp, rlpSpan(rlp))
}

export function expectPeerId(bytes: Uint8Array, code: 'malformed' | 'invalid-argument'): Uint8Array {
  if (bytes.length !== 64) throw new P2pError(code, `peer id: expected 64 bytes, got ${bytes.length}`)
  return bytes
}

function endpointOf(fields: readonly Uint8Array[]): DiscoveryEndpoint {
  const [ip, udp, tcp] = fields as [Uint8Array, Uint8Array, Uint8Array]
  const text = formatIp(ip)
  const ports = { udpPort: Number(readRlpUint(udp, 2)), tcpPort: Number(readRlpUint(tcp, 2)) }
  return text === undefined ? ports : { ip: text, ...ports }
}

/** Exactly `length` strings. */
function listOf(element: Uint8Array | undefined, length: number, name: string): Uint8Array[] {
  const rlp = expectElement(element, name)
  const spans = rlpElements(rlp, rlpSpan(rlp), length)
  if (spans.length !== length) throw malformed(`expected ${name} as a list of ${length}, got ${spans.length}`)
  return spans.map((span) => rlpBytes(rlp, span))
}

function malformed(what: string): P2pError {
  return new P2pError('malformed', `discovery message: ${what}`)
}

function rlpPort(port: number): Uint8Array {
  if (!Number.isInteger(port) || port < 0 || port > 0xffff)
    throw new P2pError('invalid-argument', `port: expected 0 - 65535, got ${port}`)
  return rlpUint(port)
}
