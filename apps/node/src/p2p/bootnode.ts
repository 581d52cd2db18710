/** `status-node bootnode`: tells nodes of each other, and does nothing else. */
import { formatNodeRecord } from '@status-protocol/p2p-devp2p'
import type { Config } from '../config.ts'
import { lockDataDir } from '../data-dir-lock.ts'
import { formatHostPort, splitHostPort } from '../host-port.ts'
import { createLifecycle } from '../lifecycle.ts'
import type { Logger } from '../log.ts'
import { loadNodeKey } from '../node-key.ts'
import { VERSION } from '../version.ts'
import { startDiscovery, startNat } from './network.ts'

/** Whoever asks is answered, unless one version is asked for. */
const BOTH = ['v4', 'v5'] as const

export interface RunningBootnode {
  readonly enode: string
  /** `enr:...` */
  readonly enr: string
  /** `host:port` of UDP, with the real port. */
  readonly listenAddress: string
  close(): Promise<void>
}

/** @throws NodeError `data-dir`, `locked`, `node-key`, `listen` */
export async function startBootnode(config: Config, log: Logger): Promise<RunningBootnode> {
  const lifecycle = createLifecycle(log)
  try {
    const lock = await lockDataDir(config.dataDir, () => ({ version: VERSION, role: 'bootnode' }))
    lifecycle.onClose('lock', () => lock.release())
    const parts = {
      config,
      lifecycle,
      log: log.child({ module: 'p2p' }),
      nodeKey: loadNodeKey(config.dataDir),
    }
    const { port } = splitHostPort(config.listen)
    const versions = config.discovery?.length ? config.discovery : BOTH
    const discovery = await startDiscovery({ ...parts, versions, roles: [], port, tcpPort: 0 })
    await startNat(parts, { tcpPort: 0, discovery })
    const { ip, port: realPort } = discovery.listenAddress
    return {
      get enode() {
        return discovery.enode
      },
      get enr() {
        return formatNodeRecord(discovery.record)
      },
      listenAddress: formatHostPort(ip, realPort),
      close: () => lifecycle.close(),
    }
  } catch (error) {
    await lifecycle.close()
    throw error
  }
}
