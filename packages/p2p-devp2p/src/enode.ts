/**
 * Enode URLs: how people and configurations name a node.
 *
 * ```
 * enode://<peer id, 128 hex digits>@<ip>:<tcp port>[?discport=<udp port>]
 * enode://<peer id>            or the digits alone: a node whose address is not known
 * ```
 *
 * Further ways to it, each a URL as in `transport-address.ts`, stand in parameters `via`, which go-ethereum skips:
 *
 * ```
 * enode://<peer id>@203.0.113.7:30303?via=wss://relay.example/p2p       enode://<peer id>?via=tcp://name.onion:30303
 * ```
 *
 * Deviation from go-ethereum: it looks host names up while it parses, here only literal addresses are read.
 */
import { concat, fromHex, toHex } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import { P2pError } from './error.ts'
import { canonicalIp, formatHostPort } from './ip.ts'
import { parseTransportUrl } from './transport-address.ts'

export interface Enode {
  /** 64 bytes: the node's public key without 0x04. */
  readonly peerId: Uint8Array
  /** Literal address; undefined when it is not known (both ports are 0 then). */
  readonly ip?: string
  /** Where it takes RLPx connections; 0: nowhere. */
  readonly tcpPort: number
  /** Where it takes discovery packets; the same number as `tcpPort` unless said. */
  readonly udpPort: number
  /** Other ways to it, at most 4 URLs: `wss://relay.example/p2p`. Absent: none. */
  readonly via?: readonly string[]
}

/** Longer texts are refused unread. */
const MAX_ENODE_CHARACTERS = 1_024
/** Of one node. */
export const MAX_VIA = 4
const ENODE =
  /^enode:\/\/([0-9a-f]*)@(\[[0-9a-f:.]+\]|[^[\]@/?#:]+)(?::([^/?#]*))?\/?(?:\?([^#]*))?(?:#.*)?$/i
const VIA_ONLY = /^enode:\/\/([0-9a-f]+)\/?\?([^#]*)$/i
const INCOMPLETE = /^(?:enode:\/\/)?([0-9a-f]+)$/i

/**
 * Reads an enode URL. The peer id must be a point of the curve.
 *
 * @throws P2pError `invalid-argument`, saying which part is wrong
 */
export function parseEnode(text: string, options: { readonly crypto?: CryptoProvider } = {}): Enode {
  const crypto = options.crypto ?? defaultProvider
  if (text.length > MAX_ENODE_CHARACTERS)
    throw invalid(`at most ${MAX_ENODE_CHARACTERS} characters`, `${text.length}`)
  const idAlone = INCOMPLETE.exec(text)
  if (idAlone) return { peerId: parsePeerId(idAlone[1] as string, crypto), tcpPort: 0, udpPort: 0 }
  const viaOnly = VIA_ONLY.exec(text)
  if (viaOnly) {
    const via = parseVia(viaOnly[2] as string)
    if (via.length === 0) throw invalid('an address or a parameter via', quote(text))
    return { peerId: parsePeerId(viaOnly[1] as string, crypto), tcpPort: 0, udpPort: 0, via }
  }
  const match = ENODE.exec(text)
  if (!match) throw invalid('enode://<128 hex digits>@<ip>:<port>', quote(text))
  const peerId = parsePeerId(match[1] as string, crypto)
  const host = (match[2] as string).replace(/^\[|\]$/g, '')
  const ip = canonicalIp(host)
  if (ip === undefined) throw invalid('a literal IP address', quote(host))
  const tcpPort = parsePort(match[3] ?? '', 'port')
  const discport = new URLSearchParams(match[4] ?? '').get('discport')
  const udpPort = discport ? parsePort(discport, 'discport') : tcpPort
  const via = parseVia(match[4] ?? '')
  return { peerId, ip, tcpPort, udpPort, ...(via.length > 0 && { via }) }
}

/** The canonical text of a node: lower case, `discport` only when it differs. */
export function formatEnode(enode: Enode): string {
  const id = `enode://${toHex(enode.peerId)}`
  const parameters = (enode.via ?? []).map(
    (url) => `via=${url.replaceAll('%', '%25').replaceAll('&', '%26').replaceAll('+', '%2B')}`,
  )
  if (enode.ip !== undefined && enode.udpPort !== enode.tcpPort)
    parameters.unshift(`discport=${enode.udpPort}`)
  const address = enode.ip === undefined ? id : `${id}@${formatHostPort(enode.ip, enode.tcpPort)}`
  return parameters.length === 0 ? address : `${address}?${parameters.join('&')}`
}

/** The 32-byte address of a node in discovery: keccak256 of its 64-byte peer id. */
export function nodeAddress(
  peerId: Uint8Array,
  options: { readonly crypto?: CryptoProvider } = {},
): Uint8Array {
  return (options.crypto ?? defaultProvider).keccak256(peerId)
}

function parsePeerId(digits: string, crypto: CryptoProvider): Uint8Array {
  if (digits.length !== 128) throw invalid('a peer id of 128 hex digits', `${digits.length} digits`)
  const peerId = fromHex(digits)
  if (!crypto.parsePublicKey(concat(Uint8Array.of(4), peerId)))
    throw invalid('a peer id that is a public key', 'a value that is no point of secp256k1')
  return peerId
}

function parseVia(query: string): readonly string[] {
  const via = new URLSearchParams(query).getAll('via')
  if (via.length > MAX_VIA) throw invalid(`at most ${MAX_VIA} parameters via`, `${via.length}`)
  for (const url of via) parseTransportUrl(url, 'enode: via')
  return via
}

function parsePort(text: string, name: string): number {
  const port = /^[0-9]{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (!(port <= 0xffff)) throw invalid(`a ${name} of 0 - 65535`, quote(text))
  return port
}

function invalid(expected: string, got: string): P2pError {
  return new P2pError('invalid-argument', `enode: expected ${expected}, got ${got}`)
}

/** At most 80 characters of a foreign text, without what could steer a terminal. */
function quote(text: string): string {
  const shown = text.length > 80 ? `${text.slice(0, 80)}...` : text
  return `"${shown.replace(/[^\x20-\x7e]/g, '?')}"`
}
