/**
 * Node records (EIP-778) with the identity scheme `v4`: what a node says of itself, signed.
 *
 * ```
 * record = RLP [signature(64), seq, k1, v1, k2, v2, ...]      keys sorted and unique, at most 300 bytes in all
 * signature = r | s over keccak256(RLP [seq, k1, v1, ...])    text = "enr:" + base64url without padding
 * ```
 */
import { compare, fromUtf8Lenient, utf8 } from '@status-protocol/bytes'
import {
  encodeRlp,
  encodeRlpListOf,
  readRlpUint,
  rlpBytes,
  rlpElements,
  rlpSpan,
  rlpUint,
} from '@status-protocol/bytes/rlp'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import { base64UrlDecode, base64UrlEncode } from './base64url.ts'
import { type Enode, MAX_VIA, nodeAddress } from './enode.ts'
import { P2pError } from './error.ts'
import { formatIp, parseIp } from './ip.ts'
import { malformedOnRlpError } from './rlp-error.ts'
import { parseTransportUrl, readTransportUrl } from './transport-address.ts'

/** EIP-778: so that a record fits into one discovery packet. */
export const MAX_RECORD_BYTES = 300

/** A record whose signature is that of its own key. Made by {@link decodeNodeRecord} and {@link signNodeRecord} only. */
export interface NodeRecord {
  /** Goes up with every change; the higher one of two records of a node counts. */
  readonly seq: bigint
  /** 64 bytes: the node's public key without 0x04. */
  readonly peerId: Uint8Array
  /** 32 bytes: keccak256 of the peer id. */
  readonly nodeAddress: Uint8Array
  /** 64 bytes, r | s. */
  readonly signature: Uint8Array
  /** The RLP of each value under its key, sorted; keys have one character a byte. BOUNDED by the size of a record. */
  readonly entries: ReadonlyMap<string, Uint8Array>
  /** The record itself, at most 300 bytes. */
  readonly bytes: Uint8Array
}

/** Where a node can be reached, as far as its record says; entries that cannot be read count as absent. */
export interface RecordAddresses {
  readonly ip?: string
  readonly tcpPort?: number
  readonly udpPort?: number
  readonly ip6?: string
  readonly tcpPort6?: number
  readonly udpPort6?: number
  /** URLs of other ways to it (entry `via`, ours), at most 4. */
  readonly via?: readonly string[]
}

interface WithCrypto {
  readonly crypto?: CryptoProvider
}

/** A record as its bytes have it, the signature not looked at. */
interface RawRecord {
  readonly signature: Uint8Array
  readonly seq: bigint
  readonly entries: ReadonlyMap<string, Uint8Array>
  /** RLP of the list without the signature: what is signed. */
  readonly content: Uint8Array
}

/**
 * Reads a record and checks its signature.
 *
 * @throws P2pError `too-big` (over 300 bytes), `malformed` (not RLP of a record, keys not sorted, no usable key),
 * `bad-signature` (or an identity scheme other than v4)
 */
export function decodeNodeRecord(bytes: Uint8Array, options: WithCrypto = {}): NodeRecord {
  const crypto = options.crypto ?? defaultProvider
  const raw = readRawRecord(bytes)
  if (textOf(raw.entries.get('id')) !== 'v4')
    throw new P2pError('bad-signature', 'node record: expected the identity scheme v4')
  const publicKey = publicKeyOf(raw.entries, crypto)
  if (raw.signature.length !== 64 || !crypto.verify(crypto.keccak256(raw.content), raw.signature, publicKey))
    throw new P2pError('bad-signature', 'node record: the signature is not that of its key')
  return finish(raw, publicKey, bytes.slice(), crypto)
}

/** @throws P2pError as {@link decodeNodeRecord} does */
export function parseNodeRecord(text: string, options: WithCrypto = {}): NodeRecord {
  if (!text.startsWith('enr:') || text.length > 4 + Math.ceil((MAX_RECORD_BYTES * 4) / 3))
    throw new P2pError('malformed', 'node record: expected "enr:" and at most 400 characters of base64url')
  const bytes = base64UrlDecode(text.slice(4))
  if (!bytes) throw new P2pError('malformed', 'node record: expected base64url without padding after "enr:"')
  return decodeNodeRecord(bytes, options)
}

/** `enr:` and base64url. */
export function formatNodeRecord(record: NodeRecord): string {
  return `enr:${base64UrlEncode(record.bytes)}`
}

/**
 * Makes and signs a record.
 *
 * @param options.entries further keys with the RLP of their values; `id` and `secp256k1` are set here
 * @throws P2pError `too-big`, `invalid-argument`
 */
export function signNodeRecord(
  options: {
    /** 32 bytes. */
    readonly nodeKey: Uint8Array
    readonly seq: bigint
    readonly addresses?: RecordAddresses
    readonly entries?: ReadonlyMap<string, Uint8Array>
  } & WithCrypto,
): NodeRecord {
  const crypto = options.crypto ?? defaultProvider
  if (!crypto.isPrivateKey(options.nodeKey))
    throw new P2pError('invalid-argument', 'nodeKey: expected a private key of 32 bytes')
  if (options.seq < 0n || options.seq >> 64n !== 0n)
    throw new P2pError('invalid-argument', 'seq: expected an integer of 64 bits, not negative')
  const publicKey = crypto.publicKey(options.nodeKey)
  const entries = sorted([
    ...(options.entries ?? []),
    ...addressEntries(options.addresses ?? {}),
    ['id', encodeRlp(utf8('v4'))],
    ['secp256k1', encodeRlp(crypto.compressPublicKey(publicKey))],
  ])
  const parts = [encodeRlp(rlpUint(options.seq)), ...entries.flatMap(([k, v]) => [encodeRlp(keyBytes(k)), v])]
  const content = encodeRlpListOf(parts)
  const signature = crypto.sign(crypto.keccak256(content), options.nodeKey).slice(0, 64)
  const bytes = encodeRlpListOf([encodeRlp(signature), ...parts])
  readRawRecord(bytes)
  return finish({ signature, seq: options.seq, entries: new Map(entries), content }, publicKey, bytes, crypto)
}

export function recordAddresses(record: NodeRecord): RecordAddresses {
  const { entries } = record
  const found = {
    ip: ipOf(entries.get('ip'), 4),
    tcpPort: portOf(entries.get('tcp')),
    udpPort: portOf(entries.get('udp')),
    ip6: ipOf(entries.get('ip6'), 16),
    tcpPort6: portOf(entries.get('tcp6')),
    udpPort6: portOf(entries.get('udp6')),
    via: viaOf(entries.get('via')),
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
}

/** The node as an enode; IPv4 goes before IPv6, ports are those of `tcp` and `udp` (as go-ethereum has it). */
export function enodeOfRecord(record: NodeRecord): Enode {
  const { ip, ip6, tcpPort = 0, udpPort = 0, via } = recordAddresses(record)
  const address = ip ?? ip6
  const ways = via ? { via } : {}
  if (address === undefined) return { peerId: record.peerId, tcpPort: 0, udpPort: 0, ...ways }
  return { peerId: record.peerId, ip: address, tcpPort, udpPort, ...ways }
}

/**
 * Checks that bytes have the form of a record, its signature aside.
 *
 * @throws P2pError `too-big`, `malformed`
 */
export function readRawRecord(bytes: Uint8Array): RawRecord {
  if (bytes.length > MAX_RECORD_BYTES)
    throw new P2pError(
      'too-big',
      `node record: expected at most ${MAX_RECORD_BYTES} bytes, got ${bytes.length}`,
    )
  return malformedOnRlpError('node record', () => {
    const list = rlpSpan(bytes)
    const elements = rlpElements(bytes, list)
    const [signature, seq, ...pairs] = elements
    if (!signature || !seq || pairs.length % 2 !== 0 || list.end !== bytes.length)
      throw new P2pError('malformed', 'node record: expected one list of a signature, seq and pairs')
    const entries = new Map<string, Uint8Array>()
    let previous: Uint8Array | undefined
    for (let i = 0; i < pairs.length; i += 2) {
      const [key, value] = [pairs[i] as (typeof pairs)[0], pairs[i + 1] as (typeof pairs)[0]]
      const name = rlpBytes(bytes, key)
      if (previous && compare(previous, name) >= 0)
        throw new P2pError('malformed', 'node record: expected keys that are sorted and unique')
      previous = name
      entries.set(keyText(name), bytes.slice(value.start, value.end))
    }
    return {
      signature: rlpBytes(bytes, signature).slice(),
      seq: readRlpUint(rlpBytes(bytes, seq)),
      entries,
      content: encodeRlpListOf([bytes.subarray(seq.start, list.end)]),
    }
  })
}

function finish(
  raw: RawRecord,
  publicKey: Uint8Array,
  bytes: Uint8Array,
  crypto: CryptoProvider,
): NodeRecord {
  const peerId = publicKey.slice(1)
  const { seq, signature, entries } = raw
  return { seq, signature, entries, peerId, nodeAddress: nodeAddress(peerId, { crypto }), bytes }
}

function publicKeyOf(entries: RawRecord['entries'], crypto: CryptoProvider): Uint8Array {
  const compressed = bytesOf(entries.get('secp256k1'))
  const publicKey = compressed?.length === 33 ? crypto.parsePublicKey(compressed) : undefined
  if (!publicKey)
    throw new P2pError('malformed', 'node record: expected a public key of 33 bytes in secp256k1')
  return publicKey
}

function addressEntries(addresses: RecordAddresses): [string, Uint8Array][] {
  const entries: [string, Uint8Array][] = []
  for (const [key, text, size] of [
    ['ip', addresses.ip, 4],
    ['ip6', addresses.ip6, 16],
  ] as const) {
    if (text === undefined) continue
    const bytes = parseIp(text)
    if (bytes?.length !== size)
      throw new P2pError('invalid-argument', `addresses.${key}: expected an address of ${size} bytes`)
    entries.push([key, encodeRlp(bytes)])
  }
  for (const [key, port] of [
    ['tcp', addresses.tcpPort],
    ['udp', addresses.udpPort],
    ['tcp6', addresses.tcpPort6],
    ['udp6', addresses.udpPort6],
  ] as const) {
    if (port === undefined) continue
    if (!Number.isInteger(port) || port < 0 || port > 0xffff)
      throw new P2pError('invalid-argument', `addresses: expected a ${key} port of 0 - 65535`)
    entries.push([key, encodeRlp(rlpUint(port))])
  }
  if (addresses.via && addresses.via.length > 0) {
    for (const url of addresses.via) parseTransportUrl(url, 'addresses.via')
    entries.push(['via', encodeRlp(addresses.via.map((url) => utf8(url)))])
  }
  return entries
}

/** Later entries replace earlier ones of the same key. */
function sorted(entries: readonly (readonly [string, Uint8Array])[]): [string, Uint8Array][] {
  return [...new Map(entries)].sort(([a], [b]) => compare(keyBytes(a), keyBytes(b)))
}

function ipOf(rlp: Uint8Array | undefined, size: number): string | undefined {
  const bytes = bytesOf(rlp)
  return bytes?.length === size ? formatIp(bytes) : undefined
}

function portOf(rlp: Uint8Array | undefined): number | undefined {
  const bytes = bytesOf(rlp)
  if (!bytes || bytes.length > 2 || bytes[0] === 0) return undefined
  return Number(readRlpUint(bytes))
}

function viaOf(rlp: Uint8Array | undefined): readonly string[] | undefined {
  if (!rlp) return undefined
  const span = rlpSpan(rlp)
  if (!span.isList) return undefined
  const urls = rlpElements(rlp, span)
    .filter((element) => !element.isList)
    .map((element) => fromUtf8Lenient(rlpBytes(rlp, element)))
    .filter((url) => readTransportUrl(url))
  return urls.length > 0 ? urls.slice(0, MAX_VIA) : undefined
}

function textOf(rlp: Uint8Array | undefined): string | undefined {
  const bytes = bytesOf(rlp)
  return bytes && fromUtf8Lenient(bytes)
}

/** The payload of a value that is a string. */
function bytesOf(rlp: Uint8Array | undefined): Uint8Array | undefined {
  if (!rlp) return undefined
  const span = rlpSpan(rlp)
  return span.isList ? undefined : rlp.subarray(span.payload, span.end)
}

function keyText(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes)
}

function keyBytes(text: string): Uint8Array {
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0))
  if ([...text].some((character) => character.charCodeAt(0) > 0xff))
    throw new P2pError('invalid-argument', 'entries: expected keys with one character a byte')
  return bytes
}
