/** The part of a node that operators watch. */
import type { Host } from '@status-protocol/p2p-devp2p'
import type { Whisper } from '@status-protocol/whisper'
import type { Config } from '../config.ts'
import type { Lifecycle } from '../lifecycle.ts'
import type { Logger } from '../log.ts'
import type { MailRole } from '../mail/role.ts'
import type { Network } from '../p2p/network.ts'
import type { TraceRing } from '../trace/ring.ts'
import { VERSION } from '../version.ts'
import { createMetrics, type OnCall } from './metrics.ts'
import { createReadiness } from './readiness.ts'
import type { SearchReport } from './readings.ts'
import { startOperationsServer } from './server.ts'

export interface Operations {
  readonly address: string
  readonly onCall: OnCall
}

/** With `--metrics`: what Prometheus asks. @throws NodeError `listen` */
export async function startOperations(parts: {
  readonly config: Config
  readonly log: Logger
  readonly lifecycle: Lifecycle
  readonly whisper: Whisper
  readonly host: Host
  readonly trace: TraceRing | undefined
  readonly mail: MailRole | undefined
  readonly network: Network
  filteredBytes(): number
}): Promise<Operations | undefined> {
  const { config, lifecycle, whisper, host, trace, mail, network } = parts
  if (config.metrics === undefined) return undefined
  const log = parts.log.child({ module: 'metrics' })
  const metrics = createMetrics({
    version: VERSION,
    whisper: () => whisper.stats(),
    clock: () => whisper.clock(),
    host: () => host.stats(),
    peers: () => countPeers(host),
    filteredBytes: () => parts.filteredBytes(),
    traced: () => trace?.size,
    search: () => searchReport(network),
    mail: async () => mail?.stats(),
  })
  if (mail) mail.onTook = metrics.onMail
  const server = await startOperationsServer({
    listen: config.metrics,
    hostNames: config.metricsHost,
    metrics,
    readiness: createReadiness({
      dataDir: config.dataDir,
      minPeers: config.readyPeers,
      listening: () => (lifecycle.isClosing ? undefined : host.listenAddress),
      peers: () => whisper.peers().length,
      ...(mail && { archiveProblem: () => mail.problem() }),
    }),
    failed: (error) => log.error({ err: error }, 'a request failed'),
  })
  lifecycle.onClose('metrics', () => server.close())
  return { address: server.address, onCall: metrics.onCall }
}

function searchReport({ pool, discovery }: Network): SearchReport | undefined {
  if (pool === undefined) return undefined
  const { known, roles } = pool.status()
  const udp = discovery && { ...discovery.counts, nodes: discovery.sizes.nodes }
  return { known, wanted: roles.relay?.wanted ?? 0, up: roles.relay?.up ?? 0, udp }
}

function countPeers(host: Host): { inbound: number; outbound: number } {
  const counts = { inbound: 0, outbound: 0 }
  for (const { direction } of host.peers()) counts[direction]++
  return counts
}
