import { type CryptoProvider, defaultProvider, systemRandom } from '@status-protocol/crypto'
import type { Random } from '@status-protocol/ports'
import { defaultTransport } from '#default-transport'
import { checkCapabilities } from '../capabilities.ts'
import { type Enode, parseEnode } from '../enode.ts'
import { P2pError } from '../error.ts'
import { canonicalIp, splitHostPort } from '../ip.ts'
import type { Transport } from '../transport.ts'
import {
  DEFAULT_TRANSPORT_ORDER,
  parseTransportUrl,
  type TransportAddress,
  type TransportProtocol,
} from '../transport-address.ts'
import { type HostClock, systemHostClock } from './host-clock.ts'
import { checkHostLimits, type HostLimits } from './limits.ts'
import type { Subprotocol } from './subprotocol.ts'
import { addressesOf } from './ways.ts'

export interface HostOptions {
  /** 32 bytes: this node's identity. */
  readonly nodeKey: Uint8Array
  /** At least one. */
  readonly subprotocols: readonly Subprotocol[]
  /**
   * `host:port` to take connections on, an IPv6 address in brackets, port 0: any free one; or a URL that names the transport,
   * `ws://0.0.0.0:8080/p2p`; or several of these. Absent: only dials.
   */
  readonly listen?: string | readonly string[]
  /** Address to put into {@link Host.enode} when `listen` is not what others reach us by. */
  readonly advertiseIp?: string
  /**
   * Other ways by which we are reached, to put into {@link Host.enode}: `wss://relay.example/p2p`. Absent: the WebSockets that
   * we listen on.
   */
  readonly advertiseVia?: readonly string[]
  /** Static peers, enode URLs with an address: dialled, and again for ever. */
  readonly peers?: readonly string[]
  /** Enode URLs (the address does not matter) of peers that are let in above the limit and whose links are `trusted`. */
  readonly trusted?: readonly string[]
  /** Shown to peers, for people. */
  readonly clientName?: string
  readonly limits?: Partial<HostLimits>
  /** TCP on Node; elsewhere there is none by default. */
  readonly transport?: Transport
  /** Which way to a peer is tried first, if it has several; what is left out is not tried. Default: tcp, wss, ws. */
  readonly transportOrder?: readonly TransportProtocol[]
  /** Key-grade; ephemeral keys and nonces. */
  readonly random?: Random
  /** Spreads redials; may be a seeded source. */
  readonly jitter?: Random
  readonly clock?: HostClock
  readonly crypto?: CryptoProvider
}

/** Options that have been checked, with what follows from them. */
export interface HostSettings {
  readonly nodeKey: Uint8Array
  /** 64 bytes: ours. */
  readonly peerId: Uint8Array
  readonly subprotocols: readonly Subprotocol[]
  readonly listen: readonly TransportAddress[]
  readonly advertiseIp: string | undefined
  readonly advertiseVia: readonly string[] | undefined
  readonly peers: readonly Enode[]
  readonly trusted: readonly Enode[]
  readonly clientName: string
  readonly limits: HostLimits
  readonly transport: Transport
  readonly transportOrder: readonly TransportProtocol[]
  readonly random: Random
  readonly jitter: Random
  readonly clock: HostClock
  readonly crypto: CryptoProvider
}

const CLIENT_NAME = 'StatusProtocol/typescript'

/** @throws P2pError `invalid-argument` naming the option */
export function hostSettings(options: HostOptions): HostSettings {
  const crypto = options.crypto ?? defaultProvider
  const random = options.random ?? systemRandom
  if (!crypto.isPrivateKey(options.nodeKey)) throw invalid('nodeKey', 'a secp256k1 private key of 32 bytes')
  checkCapabilities(options.subprotocols)
  const advertiseIp = options.advertiseIp === undefined ? undefined : canonicalIp(options.advertiseIp)
  if (options.advertiseIp !== undefined && !advertiseIp) throw invalid('advertiseIp', 'a literal IP address')
  const transport = options.transport ?? defaultTransport()
  if (!transport) throw invalid('transport', 'one: there is no default outside Node')
  const listen = [options.listen ?? []].flat().map(parseListen)
  const supported = transport.protocols ?? ['tcp']
  for (const { protocol = 'tcp' } of listen)
    if (!supported.includes(protocol))
      throw invalid('listen', `what the transport carries (${supported.join(', ')}), got ${protocol}`)
  return {
    nodeKey: options.nodeKey.slice(),
    peerId: crypto.publicKey(options.nodeKey).slice(1),
    subprotocols: [...options.subprotocols],
    listen,
    advertiseIp,
    advertiseVia: options.advertiseVia?.map((url) => {
      parseTransportUrl(url, 'advertiseVia')
      return url
    }),
    peers: (options.peers ?? []).map((text) => parseDialable(text, crypto)),
    trusted: (options.trusted ?? []).map((text) => parseEnode(text, { crypto })),
    clientName: options.clientName ?? CLIENT_NAME,
    limits: checkHostLimits(options.limits),
    transport,
    transportOrder: options.transportOrder ?? DEFAULT_TRANSPORT_ORDER,
    random,
    jitter: options.jitter ?? random,
    clock: options.clock ?? systemHostClock,
    crypto,
  }
}

/** An enode URL that has an address to dial. @throws P2pError `invalid-argument` */
export function parseDialable(text: string, crypto: CryptoProvider): Enode {
  const enode = parseEnode(text, { crypto })
  if (addressesOf(enode).length === 0) throw invalid('peers', 'enode URLs with an address and a port')
  return enode
}

function parseListen(text: string): TransportAddress {
  if (text.includes('://')) return parseTransportUrl(text, 'listen')
  const address = splitHostPort(text)
  if (!address) throw invalid('listen', `host:port, such as 127.0.0.1:30303 or [::]:30303`)
  return address
}

function invalid(name: string, expected: string): P2pError {
  return new P2pError('invalid-argument', `${name}: expected ${expected}`)
}
