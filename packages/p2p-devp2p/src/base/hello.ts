import { BytesError, fromUtf8Lenient, isAllZero, utf8 } from '@status-protocol/bytes'
import {
  encodeRlp,
  type RlpSpan,
  readRlpUint,
  rlpBytes,
  rlpElements,
  rlpSpan,
  rlpUint,
} from '@status-protocol/bytes/rlp'
import { type DisconnectReason, disconnectReasons, readDisconnect } from './disconnect.ts'
import { baseCodes, MAX_HELLO_BYTES } from './messages.ts'

/**
 * What a peer says of itself (devp2p "Hello", message 0 of the base protocol).
 *
 * ```
 * RLP [version, client name, [[capability name, version], ..], listen port, node id(64), ..]      never compressed
 * ```
 */
export interface Hello {
  /** Version of the base protocol; 5 and above compress. Above 2^53 it is rounded. */
  readonly version: number
  /** For people. Hostile text: bound by 2,048 bytes, may hold anything; what is not UTF-8 is replaced. */
  readonly clientName: string
  /** As listed by the peer, in its order, repeats and unknown names included. */
  readonly capabilities: readonly { readonly name: string; readonly version: number }[]
  /** A hint, 0 if it does not listen; not checked to be a port. */
  readonly listenPort: number
  /** 64 bytes, not zero. Only worth something once it is compared with the key of the handshake. */
  readonly nodeId: Uint8Array
}

/** The body of Hello; what it holds is the caller's to check. */
export function encodeHello(hello: Hello): Uint8Array {
  return encodeRlp([
    rlpUint(hello.version),
    utf8(hello.clientName),
    hello.capabilities.map(({ name, version }) => [utf8(name), rlpUint(version)]),
    rlpUint(hello.listenPort),
    hello.nodeId,
  ])
}

/** What the first message of a peer turned out to be. */
export type FirstMessage =
  | { readonly type: 'hello'; readonly hello: Hello }
  /** The peer refuses us before Hello, which the protocol allows. */
  | { readonly type: 'disconnect'; readonly reason: DisconnectReason }
  /** Anything else; `reason` is what to tell the peer. */
  | { readonly type: 'refused'; readonly reason: DisconnectReason; readonly detail: string }

/** Reads message `code` with this (uncompressed) body where Hello is awaited. Never throws. */
export function readFirstMessage(code: number, body: Uint8Array): FirstMessage {
  if (body.length > MAX_HELLO_BYTES)
    return refused(`a first message of ${body.length} bytes, above ${MAX_HELLO_BYTES}`)
  if (code === baseCodes.disconnect) return { type: 'disconnect', reason: readDisconnect(body) }
  if (code !== baseCodes.hello) return refused(`message ${code} in place of Hello`)
  try {
    const hello = readHello(body)
    if (hello.nodeId.length === 64 && !isAllZero(hello.nodeId)) return { type: 'hello', hello }
    return refused('Hello with a node id that is zero or not of 64 bytes', disconnectReasons.invalidIdentity)
  } catch (error) {
    if (error instanceof BytesError) return refused(`Hello that cannot be read: ${error.message}`)
    throw error
  }
}

function refused(detail: string, reason: DisconnectReason = disconnectReasons.protocolBreach): FirstMessage {
  return { type: 'refused', reason, detail }
}

/** As go-ethereum: surplus elements and bytes after the list are ignored. @throws BytesError */
function readHello(body: Uint8Array): Hello {
  const [version, clientName, capabilities, listenPort, nodeId] = rlpElements(body, rlpSpan(body))
  if (!version || !clientName || !capabilities || !listenPort || !nodeId)
    throw new BytesError('rlp-wrong-type', 'expected at least 5 elements')
  return {
    version: readNumber(body, version),
    clientName: fromUtf8Lenient(rlpBytes(body, clientName)),
    capabilities: rlpElements(body, capabilities).map((span) => readCapability(body, span)),
    listenPort: readNumber(body, listenPort),
    nodeId: rlpBytes(body, nodeId).slice(),
  }
}

function readCapability(
  body: Uint8Array,
  span: RlpSpan,
): { readonly name: string; readonly version: number } {
  const [name, version, ...surplus] = rlpElements(body, span)
  if (!name || !version || surplus.length > 0)
    throw new BytesError('rlp-wrong-type', 'expected a capability of 2 elements')
  return { name: fromUtf8Lenient(rlpBytes(body, name)), version: readNumber(body, version) }
}

function readNumber(body: Uint8Array, span: RlpSpan): number {
  return Number(readRlpUint(rlpBytes(body, span)))
}
