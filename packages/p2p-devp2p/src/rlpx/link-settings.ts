import { equal, type PublicKey, utf8 } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import { encodeHello } from '../base/hello.ts'
import { BASE_VERSION, MAX_HELLO_BYTES } from '../base/messages.ts'
import { type Capability, checkCapabilities } from '../capabilities.ts'
import { P2pError } from '../error.ts'
import type { LinkCoreOptions, LinkLimits } from '../link.ts'
import { MAX_FRAME_BYTES } from './frame.ts'
import { idOf, publicKeyOf } from './handshake.ts'

/** {@link LinkLimits} unless said. */
export const defaultLinkLimits: LinkLimits = {
  handshakeTimeoutMs: 5_000,
  pingIntervalMs: 15_000,
  idleTimeoutMs: 30_000,
  maxPacketBytes: MAX_FRAME_BYTES,
}

const MAX_CLIENT_NAME_BYTES = 256

/** Options that have been checked, with what follows from them. */
export interface LinkSettings {
  readonly crypto: CryptoProvider
  /** 64 bytes: our own. */
  readonly nodeId: Uint8Array
  /** Set when we dial. */
  readonly remote: { readonly id: Uint8Array; readonly publicKey: PublicKey } | undefined
  readonly capabilities: readonly Capability[]
  /** The body of our Hello. */
  readonly hello: Uint8Array
  readonly limits: LinkLimits
}

/** @throws P2pError `invalid-argument` naming the option */
export function linkSettings(options: LinkCoreOptions): LinkSettings {
  const crypto = options.crypto ?? defaultProvider
  if (!crypto.isPrivateKey(options.nodeKey)) throw invalid('nodeKey', 'a secp256k1 private key of 32 bytes')
  const nodeId = idOf(crypto, options.nodeKey)
  const capabilities = checkCapabilities(options.capabilities)
  return {
    crypto,
    nodeId,
    remote: options.role === 'initiator' ? remoteOf(crypto, nodeId, options.remoteId) : undefined,
    capabilities,
    hello: ownHello(options, capabilities, nodeId),
    limits: checkLimits({ ...defaultLinkLimits, ...options.limits }),
  }
}

function remoteOf(crypto: CryptoProvider, ownId: Uint8Array, id: Uint8Array) {
  const publicKey = id?.length === 64 ? publicKeyOf(crypto, id) : undefined
  if (!publicKey) throw invalid('remoteId', 'the 64-byte id of a node, a point of secp256k1')
  if (equal(id, ownId)) throw invalid('remoteId', 'another node than this one')
  return { id: id.slice(), publicKey }
}

function ownHello(
  { clientName, listenPort = 0 }: LinkCoreOptions,
  capabilities: readonly Capability[],
  nodeId: Uint8Array,
): Uint8Array {
  if (utf8(clientName).length > MAX_CLIENT_NAME_BYTES)
    throw invalid('clientName', `at most ${MAX_CLIENT_NAME_BYTES} bytes of UTF-8`)
  if (!Number.isInteger(listenPort) || listenPort < 0 || listenPort > 65_535)
    throw invalid('listenPort', 'an integer of 0 .. 65535')
  const hello = encodeHello({ version: BASE_VERSION, clientName, capabilities, listenPort, nodeId })
  if (hello.length > MAX_HELLO_BYTES)
    throw invalid('capabilities', `a Hello of at most ${MAX_HELLO_BYTES} bytes, this makes ${hello.length}`)
  return hello
}

function checkLimits(limits: LinkLimits): LinkLimits {
  for (const name of ['handshakeTimeoutMs', 'pingIntervalMs', 'idleTimeoutMs'] as const)
    if (!(limits[name] > 0)) throw invalid(`limits.${name}`, 'milliseconds above 0')
  const { maxPacketBytes } = limits
  if (!Number.isInteger(maxPacketBytes) || maxPacketBytes < 1 || maxPacketBytes > MAX_FRAME_BYTES)
    throw invalid('limits.maxPacketBytes', `an integer of 1 .. ${MAX_FRAME_BYTES}`)
  return limits
}

function invalid(name: string, expected: string): P2pError {
  return new P2pError('invalid-argument', `${name}: expected ${expected}`)
}
