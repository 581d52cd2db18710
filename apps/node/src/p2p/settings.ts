/** Which ways a node looks for peers, and what does not go together. */
import type { DiscoveryVersion } from '@status-protocol/p2p-devp2p'
import type { Config } from '../config.ts'
import { NodeError } from '../error.ts'

type Wishes = Pick<Config, 'discovery' | 'bootnodes'>

/** What is spoken over UDP: version 4 with bootnodes, or what is asked for. */
export function versionsOf({ discovery, bootnodes }: Wishes): readonly DiscoveryVersion[] {
  return discovery ?? (bootnodes.length > 0 ? ['v4'] : [])
}

export function usesUdp(wishes: Wishes): boolean {
  return versionsOf(wishes).length > 0
}

/** The node looks for peers by itself. */
export function looksForPeers(config: Wishes & Pick<Config, 'dnsDiscovery'>): boolean {
  return usesUdp(config) || usesDns(config)
}

export function usesDns({ discovery, dnsDiscovery }: Pick<Config, 'discovery' | 'dnsDiscovery'>): boolean {
  return discovery?.length !== 0 && dnsDiscovery.length > 0
}

/** Links that the node sees to itself, of all that it may have: as geth does it, a third. */
export function wantedLinks({ maxPeers }: Pick<Config, 'maxPeers'>): number {
  return Math.min(1_000, Math.ceil(maxPeers / 3))
}

/** @throws NodeError `invalid-config` */
export function checkTogether(config: Config): void {
  if (config.syncFrom.length > 0 && !config.mailserver)
    throw new NodeError('invalid-config', '--sync-from: fills the archive of a --mailserver; add that')
  if (config.proxy === undefined) return
  const beside = [
    ...(usesUdp(config) ? ['--bootnodes and --discovery (UDP)'] : []),
    ...(usesDns(config) ? ['--dns-discovery'] : []),
    ...(config.nat.type === 'none' ? [] : ['--nat']),
  ]
  if (beside.length > 0)
    throw new NodeError('invalid-config', `--proxy: ${beside.join(', ')} would go around it; leave them out`)
}
