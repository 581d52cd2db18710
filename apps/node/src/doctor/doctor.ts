/** `status-node doctor`: looks at everything that keeps a node from working, says what is wrong and what to do. */
import type { Config } from '../config.ts'
import { type OwnerState, ownerOf } from '../data-dir-lock.ts'
import { checkClock } from './clock.ts'
import { dial } from './dial.ts'
import { checkDirectory, judgeLock } from './directory.ts'
import { checkDiscovery } from './discovery.ts'
import type { Diagnosis, Finding } from './finding.ts'
import { checkPeers } from './peers.ts'
import { checkFree, checkReached } from './port.ts'
import { descriptorLimit, judgeDescriptors, judgeNode } from './process.ts'

/** Takes up to 25 seconds, if peers are silent. Changes nothing. */
export async function examine(config: Config): Promise<Diagnosis> {
  const node = await ownerOf(config.dataDir)
  const checks = [
    judgeNode(process.versions.node),
    judgeDescriptors(await descriptorLimit(), config.maxPeers),
    ...(await checkDirectory(config.dataDir)),
    judgeLock(config.dataDir, node),
    ...(await checkPorts(config, node)),
    ...(await checkDiscovery(config, node)),
    await checkClock(config.dataDir, node),
    ...(await checkPeers(
      [...new Set([...config.peer, ...config.trustedPeer])].filter(hasAddress),
      node,
      dial,
    )),
  ]
  return { ok: checks.every(({ status }) => status !== 'fail'), checks }
}

async function checkPorts(config: Config, node: OwnerState | undefined): Promise<readonly Finding[]> {
  if (node) return [await checkReached(node, dial)]
  const findings = [await checkFree({ check: 'port', address: config.listen, flag: '--listen' })]
  const others = [
    { check: 'metrics-port', address: config.metrics, flag: '--metrics' },
    { check: 'http-port', address: config.http, flag: '--http' },
    // one port may serve both
    { check: 'ws-port', address: config.ws === config.http ? undefined : config.ws, flag: '--ws' },
  ]
  for (const { address, ...other } of others)
    if (address !== undefined) findings.push(await checkFree({ address, ...other }))
  return findings
}

/** A trusted peer may be named by its key alone: it dials us. */
function hasAddress(enode: string): boolean {
  return enode.includes('@')
}
