/** The ProtocolMessage: what the security layer hands to the layer that carries it. */
import { DoubleRatchetError } from '../error.ts'
import { double_ratchet as proto } from '../generated/protocol-message.js'
import { decodeWire, encodeWire, uint32Argument } from '../wire.ts'
import type { Bundle } from '../x3dh/bundle.ts'
import { bundleFromWire, bundleToWire, byId, bytesOf, mapOf } from '../x3dh/bundle-codec.ts'

/** Instead of an installation id: for whichever installation of the recipient reads it. */
export const ANY_INSTALLATION = 'none'
/** Bundles that a message may carry. Clients write one. */
export const MAX_BUNDLES = 16
/** Installations that a message may address. Clients write at most 3. */
export const MAX_DIRECT_MESSAGES = 64

/** Nothing in it is proven, and it holds no secret. */
export interface ProtocolMessage {
  /** The sender's installation, or empty. */
  readonly installationId: string
  readonly bundles: readonly Bundle[]
  /** One for each installation that is addressed. */
  readonly directMessages: readonly DirectMessage[]
  /** Not encrypted at this layer. Absent if there is none. */
  readonly publicMessage?: Uint8Array
}

export interface DirectMessage {
  /** The recipient's installation, or {@link ANY_INSTALLATION}. */
  readonly installationId: string
  /** In every message of a session's initiator until the first answer. */
  readonly x3dhHeader?: X3dhHeader
  readonly ratchetHeader?: RatchetWireHeader
  /** One-time Diffie-Hellman, no forward secrecy. */
  readonly dhHeader?: DhHeader
  /** Ciphertext. */
  readonly payload: Uint8Array
}

export interface X3dhHeader {
  /** The initiator's ephemeral key, 33 bytes. */
  readonly key: Uint8Array
  /** The pre key that was used, 33 bytes. */
  readonly preKeyId: Uint8Array
}

export interface RatchetWireHeader {
  readonly key: Uint8Array
  readonly n: number
  readonly pn: number
  /** The pre key on which the session was agreed, 33 bytes. */
  readonly preKeyId: Uint8Array
}

export interface DhHeader {
  /** The sender's ephemeral key, 33 bytes. */
  readonly key: Uint8Array
}

/** @throws DoubleRatchetError `invalid-argument` for numbers out of range */
export function encodeProtocolMessage(message: ProtocolMessage): Uint8Array {
  const { installationId, bundles, directMessages, publicMessage } = message
  const entries = byId(directMessages, (entry) => entry.installationId)
  return encodeWire(proto.ProtocolMessage, {
    installationId,
    bundles: bundles.map(bundleToWire),
    directMessage: mapOf(entries.map((entry) => [entry.installationId, directToWire(entry)])),
    ...(publicMessage ? { publicMessage } : {}),
  })
}

/** @throws DoubleRatchetError `malformed` */
export function decodeProtocolMessage(bytes: Uint8Array): ProtocolMessage {
  const message = decodeWire(proto.ProtocolMessage, bytes, 'ProtocolMessage')
  const bundles = message.bundles ?? []
  const directMessages = Object.entries(message.directMessage ?? {})
  if (bundles.length > MAX_BUNDLES || directMessages.length > MAX_DIRECT_MESSAGES)
    throw new DoubleRatchetError(
      'malformed',
      `ProtocolMessage: ${bundles.length} bundles and ${directMessages.length} direct messages, at most ${MAX_BUNDLES} and ${MAX_DIRECT_MESSAGES} are read`,
    )
  return {
    installationId: message.installationId ?? '',
    bundles: bundles.map(bundleFromWire),
    directMessages: directMessages.map(([id, entry]) => directFromWire(id, entry)),
    ...(message.publicMessage ? { publicMessage: message.publicMessage } : {}),
  }
}

function directToWire(message: DirectMessage): proto.DirectMessage.$Properties {
  const { x3dhHeader, ratchetHeader, dhHeader, payload } = message
  return {
    ...(x3dhHeader ? { x3dhHeader: { key: x3dhHeader.key, id: x3dhHeader.preKeyId } } : {}),
    ...(ratchetHeader ? { drHeader: ratchetToWire(ratchetHeader) } : {}),
    ...(dhHeader ? { dhHeader: { key: dhHeader.key } } : {}),
    payload,
  }
}

function ratchetToWire({ key, n, pn, preKeyId }: RatchetWireHeader): proto.DRHeader.$Properties {
  return { key, n: uint32Argument(n, 'n'), pn: uint32Argument(pn, 'pn'), id: preKeyId }
}

function directFromWire(installationId: string, message: proto.DirectMessage.$Properties): DirectMessage {
  const { x3dhHeader: x3dh, drHeader: dr, dhHeader: dh } = message
  return {
    installationId,
    ...(x3dh ? { x3dhHeader: { key: bytesOf(x3dh.key), preKeyId: bytesOf(x3dh.id) } } : {}),
    ...(dr
      ? { ratchetHeader: { key: bytesOf(dr.key), n: dr.n ?? 0, pn: dr.pn ?? 0, preKeyId: bytesOf(dr.id) } }
      : {}),
    ...(dh ? { dhHeader: { key: bytesOf(dh.key) } } : {}),
    payload: bytesOf(message.payload),
  }
}
