/** Messages of discovery v5.1: a type byte and an RLP list that begins with the number of the request. */
import {
  encodeRlp,
  encodeRlpListOf,
  readRlpUint,
  rlpBytes,
  rlpElements,
  rlpSpan,
  rlpUint,
} from '@status-protocol/bytes/rlp'
import { P2pError } from '../error.ts'
import { formatIp, parseIp } from '../ip.ts'
import { malformedOnRlpError } from '../rlp-error.ts'

export type Discv5Message = {
  /** At most 8 bytes; an answer has that of its question. */
  readonly requestId: Uint8Array
} & (
  | { readonly type: 'ping'; readonly recordSeq: bigint }
  | {
      readonly type: 'pong'
      readonly recordSeq: bigint
      /** Where the question came from. */
      readonly ip: string
      readonly port: number
    }
  /** Distances of the nodes that are wanted from the node that is asked; 0: its own record. */
  | { readonly type: 'findnode'; readonly distances: readonly number[] }
  /** One of `total` packets; the records as they came, not verified. */
  | { readonly type: 'nodes'; readonly total: number; readonly records: readonly Uint8Array[] }
  | { readonly type: 'talk-request' }
  | { readonly type: 'talk-response' }
)

const TYPES = {
  ping: 1,
  pong: 2,
  findnode: 3,
  nodes: 4,
  'talk-request': 5,
  'talk-response': 6,
} as const
const MAX_REQUEST_ID_BYTES = 8
/** Distances that are read of one question: there are no more. */
const MAX_DISTANCES = 257

export function encodeDiscv5Message(message: Discv5Message): Uint8Array {
  const body = encodeRlpListOf([encodeRlp(message.requestId), ...partsOf(message)])
  return Uint8Array.of(TYPES[message.type], ...body)
}

function partsOf(message: Discv5Message): readonly Uint8Array[] {
  switch (message.type) {
    case 'ping':
      return [encodeRlp(rlpUint(message.recordSeq))]
    case 'pong': {
      const ip = parseIp(message.ip) ?? new Uint8Array(4)
      return [rlpUint(message.recordSeq), ip, rlpUint(message.port)].map((part) => encodeRlp(part))
    }
    case 'findnode':
      return [encodeRlp(message.distances.map((distance) => rlpUint(distance)))]
    case 'nodes':
      return [encodeRlp(rlpUint(message.total)), encodeRlpListOf(message.records)]
    case 'talk-request':
      return [encodeRlp(new Uint8Array(0)), encodeRlp(new Uint8Array(0))]
    case 'talk-response':
      return [encodeRlp(new Uint8Array(0))]
  }
}

/** @throws P2pError `malformed`, `unknown-type` (topics among them) */
export function decodeDiscv5Message(bytes: Uint8Array): Discv5Message {
  return malformedOnRlpError('discovery message', () => {
    const [byte] = bytes
    const list = rlpSpan(bytes, 1)
    const elements = rlpElements(bytes, list).map(({ start, end }) => bytes.subarray(start, end))
    const requestId = stringOf(elements[0]).slice()
    if (requestId.length > MAX_REQUEST_ID_BYTES || list.end !== bytes.length)
      throw malformed('a request id of at most 8 bytes, and nothing behind the list')
    const [, first, second, third] = elements
    switch (byte) {
      case TYPES.ping:
        return { type: 'ping', requestId, recordSeq: uintOf(first) }
      case TYPES.pong: {
        const ip = formatIp(stringOf(second))
        if (ip === undefined) throw malformed('an address of 4 or 16 bytes')
        return { type: 'pong', requestId, recordSeq: uintOf(first), ip, port: Number(uintOf(third, 2)) }
      }
      case TYPES.findnode: {
        const distances = listOf(first).map((element) => Number(uintOf(element, 2)))
        return { type: 'findnode', requestId, distances: distances.slice(0, MAX_DISTANCES) }
      }
      case TYPES.nodes: {
        const records = listOf(second).map((record) => record.slice())
        return { type: 'nodes', requestId, total: Number(uintOf(first, 2)), records }
      }
      case TYPES['talk-request']:
        return { type: 'talk-request', requestId }
      case TYPES['talk-response']:
        return { type: 'talk-response', requestId }
      default:
        throw new P2pError('unknown-type', `discovery message: unknown type ${byte}`, { type: byte })
    }
  })
}

function stringOf(element: Uint8Array | undefined): Uint8Array {
  if (!element) throw malformed('more elements')
  const span = rlpSpan(element)
  if (span.isList) throw malformed('a string where there is a list')
  return rlpBytes(element, span)
}

function uintOf(element: Uint8Array | undefined, maxBytes = 8): bigint {
  return readRlpUint(stringOf(element), maxBytes)
}

function listOf(element: Uint8Array | undefined): readonly Uint8Array[] {
  if (!element) throw malformed('more elements')
  const span = rlpSpan(element)
  if (!span.isList) throw malformed('a list where there is a string')
  return rlpElements(element, span).map(({ start, end }) => element.subarray(start, end))
}

function malformed(expected: string): P2pError {
  return new P2pError('malformed', `discovery message: expected ${expected}`)
}
