import { toHex } from '@status-protocol/bytes'
import { parseEnode } from '@status-protocol/p2p-devp2p'
import type { OwnerState } from '../data-dir-lock.ts'
import { formatHostPort } from '../host-port.ts'
import { inert } from '../terminal-text.ts'
import type { Dialled } from './dial.ts'
import { type Finding, fail, ok, skipped, warn } from './finding.ts'

/** Whether the peers that the node shall connect to are there. */
export async function checkPeers(
  enodes: readonly string[],
  node: OwnerState | undefined,
  dial: (enodes: readonly string[]) => Promise<readonly Dialled[]>,
): Promise<readonly Finding[]> {
  if (enodes.length === 0)
    return [
      skipped('peer', 'none are configured', 'name some with --peer; others may still connect to the node'),
    ]
  const connected = new Set(Array.isArray(node?.connected) ? node.connected : [])
  const away = enodes.filter((enode) => !connected.has(idOf(enode)))
  const dialled = new Map((await dial(away)).map((result, i) => [away[i], result]))
  return enodes.map((enode) => judge(enode, dialled.get(enode)))
}

/** `dialled`: undefined, because the node has it. */
function judge(enode: string, dialled: Dialled | undefined): Finding {
  const { ip = '', tcpPort } = parseEnode(enode)
  const who = `${idOf(enode).slice(0, 16)}... at ${formatHostPort(ip, tcpPort)}`
  if (dialled === undefined) return ok('peer', `${who}: the node is connected to it`)
  if (dialled.ok)
    return ok('peer', `${who} answers in ${dialled.milliseconds} ms: ${inert(dialled.clientName)}`)
  const detail = `${who}: ${inert(dialled.detail)}`
  return (dialled.isFull ? warn : fail)('peer', detail, dialled.advice)
}

function idOf(enode: string): string {
  return toHex(parseEnode(enode).peerId)
}
