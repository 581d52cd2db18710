/**
 * The six messages of node discovery v4. Elements after the known ones are ignored; an ENR sequence number (EIP-868) is
 * such an element of Ping and Pong and may be absent or unreadable.
 *
 * ```
 * 1 ping          [version, from, to, expiration, enr-seq?]      2 pong         [to, ping hash, expiration, enr-seq?]
 * 3 findnode      [target, expiration]                           4 neighbours   [[node, ...], expiration]
 * 5 enr-request   [expiration]                                   6 enr-response [request hash, record]
 * ```
 */
import {
  decodeRlp,
  type RlpItem,
  readRlpUint,
  rlpElements,
  rlpSpan,
  rlpUint,
} from '@status-protocol/bytes/rlp'
import { readRawRecord } from '../enr.ts'
import { P2pError } from '../error.ts'
import {
  type DiscoveryEndpoint,
  type DiscoveryNeighbour,
  endpointFromRlp,
  endpointToRlp,
  expectElement,
  expectPeerId,
  neighbourFromRlp,
  neighbourToRlp,
  stringOf,
} from './endpoint.ts'

/** "Are you there?" */
export interface DiscoveryPing {
  readonly type: 'ping'
  /** 4; readers ignore it. */
  readonly version: number
  readonly from: DiscoveryEndpoint
  readonly to: DiscoveryEndpoint
  readonly expirationUnixSeconds: bigint
  /** Sequence number of the sender's node record. */
  readonly recordSeq?: bigint
}

/** The answer to Ping; `to` is the address that the Ping came from, so it tells a node its own. */
export interface DiscoveryPong {
  readonly type: 'pong'
  readonly to: DiscoveryEndpoint
  /** 32 bytes as sent by honest nodes; any length is read. */
  readonly pingHash: Uint8Array
  readonly expirationUnixSeconds: bigint
  readonly recordSeq?: bigint
}

/** Asks for the nodes that are closest to a key. */
export interface DiscoveryFindNode {
  readonly type: 'findnode'
  /** 64 bytes: a public key without 0x04, not checked to be a point. */
  readonly target: Uint8Array
  readonly expirationUnixSeconds: bigint
}

/** The answer to FindNode, over several packets if there are many; 12 full nodes fit in one. */
export interface DiscoveryNeighbours {
  readonly type: 'neighbours'
  readonly nodes: readonly DiscoveryNeighbour[]
  readonly expirationUnixSeconds: bigint
}

/** Asks for the node record (EIP-868). */
export interface DiscoveryRecordRequest {
  readonly type: 'enr-request'
  readonly expirationUnixSeconds: bigint
}

/** The answer to it. */
export interface DiscoveryRecordResponse {
  readonly type: 'enr-response'
  /** 32 bytes as sent by honest nodes; any length is read. */
  readonly requestHash: Uint8Array
  /** At most 300 bytes in the form of a record, its signature NOT checked: pass it to `decodeNodeRecord`. */
  readonly record: Uint8Array
}

export type DiscoveryMessage =
  | DiscoveryPing
  | DiscoveryPong
  | DiscoveryFindNode
  | DiscoveryNeighbours
  | DiscoveryRecordRequest
  | DiscoveryRecordResponse

interface MessageCodec<M extends DiscoveryMessage> {
  /** The byte on the wire. */
  readonly type: number
  encode(message: M): RlpItem[]
  /** Of the RLP of each element; only the known ones are looked into. */
  decode(elements: readonly Uint8Array[]): M
}

type Codecs = {
  readonly [T in DiscoveryMessage['type']]: MessageCodec<Extract<DiscoveryMessage, { type: T }>>
}

const codecs: Codecs = {
  ping: {
    type: 1,
    encode: (m) => [
      uint(m.version, 'version'),
      endpointToRlp(m.from),
      endpointToRlp(m.to),
      uint(m.expirationUnixSeconds, 'expirationUnixSeconds'),
      ...optionalSeq(m.recordSeq),
    ],
    decode: ([version, from, to, expiration, seq]) => ({
      type: 'ping',
      version: Number(uintOf(version, 'version')),
      from: endpointFromRlp(from),
      to: endpointFromRlp(to),
      expirationUnixSeconds: uintOf(expiration, 'expiration'),
      ...recordSeqOf(seq),
    }),
  },
  pong: {
    type: 2,
    encode: (m) => [
      endpointToRlp(m.to),
      m.pingHash,
      uint(m.expirationUnixSeconds, 'expirationUnixSeconds'),
      ...optionalSeq(m.recordSeq),
    ],
    decode: ([to, pingHash, expiration, seq]) => ({
      type: 'pong',
      to: endpointFromRlp(to),
      pingHash: stringOf(pingHash, 'ping hash').slice(),
      expirationUnixSeconds: uintOf(expiration, 'expiration'),
      ...recordSeqOf(seq),
    }),
  },
  findnode: {
    type: 3,
    encode: (m) => [
      expectPeerId(m.target, 'invalid-argument'),
      uint(m.expirationUnixSeconds, 'expirationUnixSeconds'),
    ],
    decode: ([target, expiration]) => ({
      type: 'findnode',
      target: expectPeerId(stringOf(target, 'target'), 'malformed').slice(),
      expirationUnixSeconds: uintOf(expiration, 'expiration'),
    }),
  },
  neighbours: {
    type: 4,
    encode: (m) => [m.nodes.map(neighbourToRlp), uint(m.expirationUnixSeconds, 'expirationUnixSeconds')],
    decode: ([nodes, expiration]) => {
      return {
        type: 'neighbours',
        nodes: elementsOf(expectElement(nodes, 'nodes')).map(neighbourFromRlp),
        expirationUnixSeconds: uintOf(expiration, 'expiration'),
      }
    },
  },
  'enr-request': {
    type: 5,
    encode: (m) => [uint(m.expirationUnixSeconds, 'expirationUnixSeconds')],
    decode: ([expiration]) => ({
      type: 'enr-request',
      expirationUnixSeconds: uintOf(expiration, 'expiration'),
    }),
  },
  'enr-response': {
    type: 6,
    encode: (m) => {
      readRawRecord(m.record)
      return [m.requestHash, decodeRlp(m.record)]
    },
    decode: ([requestHash, item]) => {
      const record = expectElement(item, 'record').slice()
      readRawRecord(record)
      return { type: 'enr-response', requestHash: stringOf(requestHash, 'request hash').slice(), record }
    },
  },
}

export function messageTypeByte(message: DiscoveryMessage): number {
  return codecs[message.type].type
}

export function messageToRlp(message: DiscoveryMessage): RlpItem[] {
  return (codecs[message.type] as MessageCodec<DiscoveryMessage>).encode(message)
}

/**
 * Reads the message at the start of `bytes`.
 *
 * @throws P2pError `unknown-type`, `malformed`; BytesError for RLP that is not canonical
 */
export function messageFromRlp(type: number, bytes: Uint8Array): DiscoveryMessage {
  const codec = Object.values(codecs).find((c) => c.type === type) as
    | MessageCodec<DiscoveryMessage>
    | undefined
  if (!codec) throw new P2pError('unknown-type', `discovery packet: unknown type ${type}`, { type })
  return codec.decode(elementsOf(bytes))
}

/** The RLP of each element of the list at the start of `bytes`. */
function elementsOf(bytes: Uint8Array): Uint8Array[] {
  return rlpElements(bytes, rlpSpan(bytes)).map((span) => bytes.subarray(span.start, span.end))
}

function uint(value: number | bigint, name: string): Uint8Array {
  if (
    typeof value === 'number' ? !Number.isSafeInteger(value) || value < 0 : value < 0n || value >> 64n !== 0n
  )
    throw new P2pError('invalid-argument', `${name}: expected an integer of at most 64 bits, not negative`)
  return rlpUint(value)
}

function optionalSeq(seq: bigint | undefined): Uint8Array[] {
  return seq === undefined ? [] : [uint(seq, 'recordSeq')]
}

function uintOf(element: Uint8Array | undefined, name: string): bigint {
  return readRlpUint(stringOf(element, name))
}

/** EIP-868 is an afterthought of the protocol: what cannot be read there is not there. */
function recordSeqOf(element: Uint8Array | undefined): { readonly recordSeq?: bigint } {
  if (!element) return {}
  const span = rlpSpan(element)
  const bytes = element.subarray(span.payload, span.end)
  if (span.isList || bytes.length > 8 || bytes[0] === 0) return {}
  return { recordSeq: readRlpUint(bytes) }
}
