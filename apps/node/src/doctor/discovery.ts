/** Whether a node can be found, and is reached behind a router. */
import { createSocket } from 'node:dgram'
import { findRouters } from '@status-protocol/p2p-devp2p/node'
import type { Config } from '../config.ts'
import { codeOf } from '../data-dir.ts'
import type { OwnerState } from '../data-dir-lock.ts'
import { formatHostPort, splitHostPort } from '../host-port.ts'
import { usesUdp } from '../p2p/settings.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

/** Nothing, if the node is not to be found and has no router to ask. */
export async function checkDiscovery(
  config: Config,
  node: OwnerState | undefined,
): Promise<readonly Finding[]> {
  return [
    ...(usesUdp(config) ? [await judgeUdp(config, node)] : []),
    ...(config.nat.type === 'none' || config.nat.type === 'extip' ? [] : [await judgeRouter(config, node)]),
  ]
}

async function judgeUdp(config: Config, node: OwnerState | undefined): Promise<Finding> {
  if (node) return judgeKnown(node)
  const { host, port } = splitHostPort(config.listen)
  const where = `UDP ${formatHostPort(host, port)}`
  if (port === 0) return ok('discovery', 'any free port of UDP')
  const code = await tryToBind(host, port)
  if (code === undefined) return ok('discovery', `${where} is free`)
  return fail(
    'discovery',
    code === 'EADDRINUSE' ? `${where} is taken by another program` : `${where} cannot be bound (${code})`,
    `see which (sudo ss -lunp 'sport = :${port}'), or choose another with --listen`,
  )
}

function judgeKnown(node: OwnerState): Finding {
  const found = node.discovery as { readonly nodes?: unknown; readonly port?: unknown } | undefined
  if (typeof found?.nodes !== 'number')
    return warn('discovery', 'the node that runs does not look for peers', 'start it with --bootnodes')
  const port = `UDP port ${String(found.port)}`
  if (found.nodes > 0) return ok('discovery', `the node knows ${found.nodes} others by ${port}`)
  return warn(
    'discovery',
    `the node has found nobody by ${port}`,
    'let UDP through the firewall in both directions, and see whether the bootnodes run',
  )
}

function tryToBind(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
    socket.once('error', (error) => {
      socket.close()
      resolve(codeOf(error))
    })
    socket.bind({ address: host, port, exclusive: true }, () => socket.close(() => resolve(undefined)))
  })
}

async function judgeRouter({ nat }: Config, node: OwnerState | undefined): Promise<Finding> {
  const advice = 'allow port mapping (UPnP or NAT-PMP) on it, or forward the ports and say --nat extip:IP'
  if (node) {
    const state = node.nat as { router?: unknown; externalIp?: unknown; problem?: unknown } | undefined
    if (typeof state?.router === 'string' && state.problem === undefined)
      return ok('router', `${state.router} maps the ports to ${String(state.externalIp)}`)
    return warn('router', `no port is mapped: ${String(state?.problem ?? 'not asked yet')}`, advice)
  }
  const routers = await findRouters(nat)
  for (const router of routers) {
    const ip = await router.externalIp().catch(() => undefined)
    if (ip !== undefined) return ok('router', `${router.name} answers, its address outside is ${ip}`)
  }
  return warn('router', 'no router answers to port mapping', advice)
}
