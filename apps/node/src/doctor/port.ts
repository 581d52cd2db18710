/** Whether the node can listen where it shall, or, if it runs, whether others reach it there. */
import { createServer } from 'node:net'
import { parseEnode } from '@status-protocol/p2p-devp2p'
import { codeOf } from '../data-dir.ts'
import type { OwnerState } from '../data-dir-lock.ts'
import { formatHostPort, splitHostPort } from '../host-port.ts'
import type { Dialled } from './dial.ts'
import { type Finding, fail, ok, skipped, warn } from './finding.ts'

/** Where something shall listen. */
export interface Wanted {
  /** `port`, `metrics-port`, ... */
  readonly check: string
  /** `host:port` */
  readonly address: string
  /** The flag that says so. */
  readonly flag: string
}

/** That it is free: nothing runs. */
export async function checkFree({ check, address, flag }: Wanted): Promise<Finding> {
  const { host, port } = splitHostPort(address)
  if (port === 0) return ok(check, 'any free one')
  const code = await tryToListen(host, port)
  if (code === undefined) return ok(check, `${address} is free`)
  const detail = `${address} cannot be listened on (${code})`
  if (code === 'EADDRINUSE')
    return fail(
      check,
      `${address} is taken by another program`,
      `see which (sudo ss -ltnp 'sport = :${port}'), and stop it or choose another port with ${flag}`,
    )
  if (code === 'EACCES')
    return fail(check, detail, `ports below 1024 need rights: choose another with ${flag}`)
  return fail(check, detail, `choose an address of this machine (ip address) with ${flag}`)
}

/** The code of what is wrong. */
function tryToListen(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve(codeOf(error)))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)))
  })
}

/** A node that runs answers at the address that it tells others. */
export async function checkReached(
  node: OwnerState,
  dial: (enodes: readonly string[]) => Promise<readonly Dialled[]>,
): Promise<Finding> {
  const { enode } = node
  if (typeof enode !== 'string') return skipped('port', 'the node that runs does not say where it listens')
  const address = addressOf(enode)
  const [told] = await dial([enode])
  if (told?.ok) return ok('port', `the node answers at ${address} in ${told.milliseconds} ms`)
  const [near] = await dial([onLoopback(enode)])
  if (near?.ok)
    return warn(
      'port',
      `the node answers on this machine, but not at ${address}, the address in its enode: ${told?.detail}`,
      `let TCP to port ${portOf(enode)} through the firewall; behind a router forward it there`,
    )
  return fail('port', `the node does not answer at ${address}: ${told?.detail}`, told?.advice ?? '')
}

function addressOf(enode: string): string {
  const { ip, tcpPort } = parseEnode(enode)
  return formatHostPort(ip ?? '', tcpPort)
}

function portOf(enode: string): number {
  return parseEnode(enode).tcpPort
}

function onLoopback(enode: string): string {
  const { ip, tcpPort } = parseEnode(enode)
  const loopback = ip?.includes(':') ? '::1' : '127.0.0.1'
  return `${enode.split('@')[0]}@${formatHostPort(loopback, tcpPort)}`
}
