/** How a node is found, finds others, and is reached behind a router. */
import {
  createDnsDiscovery,
  createNat,
  createPeerPool,
  createUdpDiscovery,
  type Discovery,
  type DiscoveryVersion,
  formatEnode,
  formatNodeRecord,
  type Host,
  type Nat,
  P2pError,
  type PeerPool,
  parseEnode,
  rolesEntry,
  type UdpDiscovery,
} from '@status-protocol/p2p-devp2p'
import { findRouters, systemResolveTxt, udpTransport, watchNetwork } from '@status-protocol/p2p-devp2p/node'
import type { Config } from '../config.ts'
import { NodeError } from '../error.ts'
import { formatHostPort, splitHostPort } from '../host-port.ts'
import { type Lifecycle, within } from '../lifecycle.ts'
import type { Logger } from '../log.ts'
import { openPeerCache } from './peer-cache.ts'
import { looksForPeers, usesDns, versionsOf, wantedLinks } from './settings.ts'

/** The router may take so long before the node says that it is ready, and before it ends. */
const NAT_START_MS = 4_000
const NAT_END_MS = 1_500

export interface Network {
  /** As others reach us, as far as that is known now. */
  readonly enode: string
  /** Our node record, `enr:...`, with discovery over UDP. */
  readonly enr: string | undefined
  readonly discovery: UdpDiscovery | undefined
  readonly pool: PeerPool | undefined
  readonly nat: Nat | undefined
}

export interface NetworkParts {
  readonly config: Config
  readonly nodeKey: Uint8Array
  readonly lifecycle: Lifecycle
  readonly log: Logger
  /** What the node does, for its record. */
  readonly roles: readonly string[]
  /** For tests. */
  readonly watch?: typeof watchNetwork
}

/** @throws NodeError `listen` */
export async function startNetwork(host: Host, parts: NetworkParts): Promise<Network> {
  const { config, lifecycle, log, watch = watchNetwork } = parts
  const endWatch = watch(() => {
    log.info('other addresses than before, or awake again: all --peer are dialled')
    host.redialNow()
  })
  lifecycle.onClose('network watch', endWatch)
  const own = parseEnode(host.enode)
  const versions = versionsOf(config)
  const udp =
    versions.length > 0
      ? await startDiscovery({ ...parts, versions, port: own.tcpPort, tcpPort: own.tcpPort })
      : undefined
  const nat = await startNat(parts, { tcpPort: own.tcpPort, discovery: udp })
  const pool = looksForPeers(config)
    ? await createPeerPool({
        ...{ host, wanted: { relay: wantedLinks(config) }, discoveries: sources(config, lifecycle, udp) },
        storage: await openPeerCache(config.dataDir, log),
      })
    : undefined
  if (pool) lifecycle.onClose('peer pool', () => pool.close())
  return {
    ...{ discovery: udp, pool, nat },
    get enode() {
      const mapped = mappedPorts(nat)
      const ip = config.advertiseIp ?? nat?.state.externalIp ?? udp?.externalAddress()?.ip ?? own.ip
      const tcpPort = mapped.tcp ?? own.tcpPort
      const udpPort = udp ? (mapped.udp ?? udp.listenAddress.port) : tcpPort
      return ip === undefined ? host.enode : formatEnode({ ...own, ip, tcpPort, udpPort })
    },
    get enr() {
      return udp && formatNodeRecord(udp.record)
    },
  }
}

function sources(config: Config, lifecycle: Lifecycle, udp: UdpDiscovery | undefined): readonly Discovery[] {
  if (!usesDns(config)) return udp ? [udp] : []
  const dns = createDnsDiscovery({ trees: config.dnsDiscovery, resolveTxt: systemResolveTxt() })
  lifecycle.onClose('DNS lists', () => dns.close())
  return udp ? [udp, dns] : [dns]
}

/**
 * Discovery over UDP on the host of `--listen`.
 *
 * @param at.port of UDP; 0: any free one
 * @param at.tcpPort where links are taken; 0: nowhere
 * @throws NodeError `listen`
 */
export async function startDiscovery({
  config,
  nodeKey,
  lifecycle,
  roles,
  versions,
  port,
  tcpPort,
}: NetworkParts & {
  readonly versions: readonly DiscoveryVersion[]
  readonly port: number
  readonly tcpPort: number
}): Promise<UdpDiscovery> {
  const { host } = splitHostPort(config.listen)
  try {
    const discovery = await createUdpDiscovery({
      ...{
        versions,
        nodeKey,
        udp: udpTransport(),
        listen: formatHostPort(host, port),
        bootnodes: config.bootnodes,
      },
      advertise: advertised(config, tcpPort, undefined),
      entries: roles.length > 0 ? [rolesEntry(roles)] : [],
    })
    lifecycle.onClose('discovery', () => discovery.close())
    return discovery
  } catch (error) {
    if (error instanceof P2pError && error.code === 'listen-failed')
      throw new NodeError('listen', `${error.message}; choose another address with --listen`)
    throw error
  }
}

/** Undefined with `--nat none`. */
export async function startNat(
  { config, lifecycle, log, watch = watchNetwork }: Omit<NetworkParts, 'nodeKey' | 'roles'>,
  { tcpPort, discovery }: { readonly tcpPort: number; readonly discovery: UdpDiscovery | undefined },
): Promise<Nat | undefined> {
  if (config.nat.type === 'none') return undefined
  const nat = createNat({
    mode: config.nat,
    ports: [
      ...(tcpPort === 0 ? [] : [{ protocol: 'tcp', port: tcpPort } as const]),
      ...(discovery ? [{ protocol: 'udp', port: discovery.listenAddress.port } as const] : []),
    ],
    find: findRouters,
    changed(state) {
      const { router, externalIp, mappings, problem } = state
      if (problem === undefined) log.info({ router, externalIp, mappings }, 'reached from outside')
      else log.warn({ router, problem }, 'no port is mapped: others may not reach this node')
      discovery?.advertise(advertised(config, tcpPort, state))
    },
  })
  lifecycle.onClose('router', () => within(NAT_END_MS, nat.close()))
  const endWatch = watch(() => nat.mapNow())
  lifecycle.onClose('network watch', endWatch)
  await within(NAT_START_MS, nat.settled)
  return nat
}

function advertised(config: Config, tcpPort: number, state: Nat['state'] | undefined) {
  const ip = config.advertiseIp ?? state?.externalIp
  const mapped = mappedPorts(state && { state })
  const tcp = mapped.tcp ?? tcpPort
  return {
    ...(ip !== undefined && { ip }),
    ...(tcp !== 0 && { tcpPort: tcp }),
    ...(mapped.udp !== undefined && { udpPort: mapped.udp }),
    ...(config.advertiseVia.length > 0 && { via: config.advertiseVia }),
  }
}

function mappedPorts(nat: Pick<Nat, 'state'> | undefined): { readonly tcp?: number; readonly udp?: number } {
  return Object.fromEntries(
    (nat?.state.mappings ?? []).map(({ protocol, externalPort }) => [protocol, externalPort]),
  )
}
