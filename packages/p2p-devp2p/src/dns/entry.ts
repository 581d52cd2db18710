/**
 * Entries of a DNS node list (EIP-1459): TXT records that form a Merkle tree.
 *
 * ```
 * enrtree-root:v1 e=<hash> l=<hash> seq=<number> sig=<base64url>   at the domain itself
 * enrtree-branch:<hash>,<hash>,...    enr:<record>    enrtree://<key>@<domain>      at <hash>.<domain>
 * ```
 *
 * A hash is base32 of the first 16 bytes of keccak256 of the entry's text (12 - 32 bytes are read).
 */
import { utf8 } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import { base32Decode, base32Encode } from '../base32.ts'
import { base64UrlDecode, base64UrlEncode } from '../base64url.ts'
import { type NodeRecord, parseNodeRecord } from '../enr.ts'
import { P2pError } from '../error.ts'

export interface TreeLink {
  /** Who signs the tree, 33 bytes. */
  readonly publicKey: Uint8Array
  readonly domain: string
}

export interface TreeRoot {
  /** Where the records begin, and where the links to other trees. */
  readonly recordsHash: string
  readonly linksHash: string
  readonly seq: bigint
}

export type TreeEntry =
  | { readonly type: 'branch'; readonly children: readonly string[] }
  | { readonly type: 'record'; readonly record: NodeRecord }
  | { readonly type: 'link'; readonly link: TreeLink }

interface WithCrypto {
  readonly crypto?: CryptoProvider
}

const HASH_BYTES = 16
const [MIN_HASH_BYTES, MAX_HASH_BYTES] = [12, 32]
/** More than any entry that fits into a DNS answer over UDP; a branch has 13 children as go-ethereum makes them. */
const MAX_ENTRY_CHARACTERS = 2_048
const MAX_CHILDREN = 64
const ROOT = /^enrtree-root:v1 e=([A-Za-z2-7]+) l=([A-Za-z2-7]+) seq=([0-9]{1,19}) sig=([A-Za-z0-9_-]+)$/
const LINK = /^enrtree:\/\/([A-Za-z2-7]{40,60})@([A-Za-z0-9._-]{1,200})$/

/** @throws P2pError `invalid-argument` */
export function parseTreeLink(text: string, options: WithCrypto = {}): TreeLink {
  const link = readLink(text, options.crypto ?? defaultProvider)
  if (!link) throw new P2pError('invalid-argument', 'tree: expected enrtree://<key in base32>@<domain>')
  return link
}

export function formatTreeLink({ publicKey, domain }: TreeLink): string {
  return `enrtree://${base32Encode(publicKey)}@${domain}`
}

/** Undefined: not a root, or not signed by that key. */
export function readTreeRoot(
  text: string,
  publicKey: Uint8Array,
  options: WithCrypto = {},
): TreeRoot | undefined {
  const crypto = options.crypto ?? defaultProvider
  const match = text.length <= MAX_ENTRY_CHARACTERS ? ROOT.exec(text) : undefined
  if (!match) return undefined
  const [recordsHash, linksHash] = [match[1] as string, match[2] as string]
  const signature = base64UrlDecode(match[4] as string)
  const signer = crypto.parsePublicKey(publicKey)
  if (!isHash(recordsHash) || !isHash(linksHash) || signature?.length !== 65 || !signer) return undefined
  const signed = utf8(text.slice(0, text.indexOf(' sig=')))
  if (!crypto.verify(crypto.keccak256(signed), signature.subarray(0, 64), signer)) return undefined
  return { recordsHash, linksHash, seq: BigInt(match[3] as string) }
}

/** The text of a root, signed. @throws P2pError `invalid-argument` */
export function signTreeRoot(
  root: TreeRoot,
  options: WithCrypto & { readonly privateKey: Uint8Array },
): string {
  const crypto = options.crypto ?? defaultProvider
  if (!crypto.isPrivateKey(options.privateKey))
    throw new P2pError('invalid-argument', 'privateKey: expected a private key of 32 bytes')
  const text = `enrtree-root:v1 e=${root.recordsHash} l=${root.linksHash} seq=${root.seq}`
  return `${text} sig=${base64UrlEncode(crypto.sign(crypto.keccak256(utf8(text)), options.privateKey))}`
}

/** Undefined: the text is not what the hash says, or no entry. */
export function readTreeEntry(text: string, hash: string, options: WithCrypto = {}): TreeEntry | undefined {
  const crypto = options.crypto ?? defaultProvider
  if (text.length > MAX_ENTRY_CHARACTERS || !hashMatches(text, hash, crypto)) return undefined
  if (text.startsWith('enr:')) {
    const record = readRecord(text, crypto)
    return record && { type: 'record', record }
  }
  if (text.startsWith('enrtree://')) {
    const link = readLink(text, crypto)
    return link && { type: 'link', link }
  }
  if (!text.startsWith('enrtree-branch:')) return undefined
  const children = text
    .slice('enrtree-branch:'.length)
    .split(',')
    .filter((child) => child !== '')
  return children.length <= MAX_CHILDREN && children.every(isHash) ? { type: 'branch', children } : undefined
}

/** Where an entry with this text stands. */
export function treeEntryHash(text: string, options: WithCrypto = {}): string {
  const crypto = options.crypto ?? defaultProvider
  return base32Encode(crypto.keccak256(utf8(text)).subarray(0, HASH_BYTES))
}

function hashMatches(text: string, hash: string, crypto: CryptoProvider): boolean {
  const expected = base32Decode(hash)
  if (!expected || expected.length < MIN_HASH_BYTES) return false
  const actual = crypto.keccak256(utf8(text))
  return expected.every((byte, i) => byte === actual[i])
}

function isHash(text: string): boolean {
  const bytes = text.length <= 56 ? base32Decode(text) : undefined
  return bytes !== undefined && bytes.length >= MIN_HASH_BYTES && bytes.length <= MAX_HASH_BYTES
}

function readLink(text: string, crypto: CryptoProvider): TreeLink | undefined {
  const match = text.length <= MAX_ENTRY_CHARACTERS ? LINK.exec(text) : undefined
  const publicKey = match ? base32Decode(match[1] as string) : undefined
  if (!match || publicKey?.length !== 33 || !crypto.parsePublicKey(publicKey)) return undefined
  return { publicKey, domain: (match[2] as string).toLowerCase() }
}

function readRecord(text: string, crypto: CryptoProvider): NodeRecord | undefined {
  try {
    return parseNodeRecord(text, { crypto })
  } catch (error) {
    if (error instanceof P2pError) return undefined
    throw error
  }
}
