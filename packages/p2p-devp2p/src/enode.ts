/**
 * Enode URLs: how people and configurations name a node.
 *
 * ```
 * enode://<peer id, 128 hex digits>@<ip>:<tcp port>[?discport=<udp port>]
 * enode://<peer id>            or the digits alone: a node whose address is not known
 * ```
 *
 * Deviation from go-ethereum: it looks host names up while it parses, here only literal addresses are read.
 */
import { concat, fromHex, toHex } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import { P2pError } from './error.ts'
import { canonicalIp, formatHostPort } from './ip.ts'

export interface Enode {
  /** 64 bytes: the node's public key without 0x04. */
  readonly peerId: Uint8Array
  /** Literal address; undefined when it is not known (both ports are 0 then). */
  readonly ip?: string
  /** Where it takes RLPx connections; 0: nowhere. */
  readonly tcpPort: number
  /** Where it takes discovery packets; the same number as `tcpPort` unless said. */
  readonly udpPort: number
}

/** Longer texts are refused unread. */
const MAX_ENODE_CHARACTERS = 512
const ENODE =
  /^enode:\/\/([0-9a-f]*)@(\[[0-9a-f:.]+\]|[^[\]@/?#:]+)(?::([^/?#]*))?\/?(?:\?([^#]*))?(?:#.*)?$/i
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
  const match = ENODE.exec(text)
  if (!match) throw invalid('enode://<128 hex digits>@<ip>:<port>', quote(text))
  const peerId = parsePeerId(match[1] as string, crypto)
  const host = (match[2] as string).replace(/^\[|\]$/g, '')
  const ip = canonicalIp(host)
  if (ip === undefined) throw invalid('a literal IP address', quote(host))
  const tcpPort = parsePort(match[3] ?? '', 'port')
  const discport = new URLSearchParams(match[4] ?? '').get('discport')
  return { peerId, ip, tcpPort, udpPort: discport ? parsePort(discport, 'discport') : tcpPort }
}

/** The canonical text of a node: lower case, `discport` only when it differs. */
export function formatEnode(enode: Enode): string {
  const id = `enode://${toHex(enode.peerId)}`
  if (enode.ip === undefined) return id
  const address = `${id}@${formatHostPort(enode.ip, enode.tcpPort)}`
  return enode.udpPort === enode.tcpPort ? address : `${address}?discport=${enode.udpPort}`
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
