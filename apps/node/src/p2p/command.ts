/** `status-node bootnode`, `peers` and `enr`. */
import { NODE_ROUTES } from '@status-protocol/rpc'
import type { Command } from 'commander'
import qrcode from 'qrcode-terminal'
import { askNode } from '../ask-node.ts'
import type { Config } from '../config.ts'
import { endOnDefects, logWarnings, untilStopped } from '../lifecycle.ts'
import { createLog } from '../log.ts'
import { inert } from '../terminal-text.ts'
import { startBootnode } from './bootnode.ts'

type PeerInfo = Awaited<ReturnType<typeof peersOf>>[number]

export function addPeerCommands(program: Command, config: () => Config): void {
  program
    .command('bootnode')
    .description('Tell nodes of each other (UDP, at --listen), and do nothing else.')
    .action(() => bootnode(config()))
  program
    .command('peers')
    .description('Whom a running node with --ipc is connected to.')
    .action(async () => {
      const peers = await peersOf(config())
      console.log(config().json ? JSON.stringify(peers) : peersText(peers))
    })
  program
    .command('enr')
    .description('How others find a running node with --ipc: enode, node record, and a QR code of it.')
    .action(async () => {
      const { enode, enr } = await askNode(NODE_ROUTES, config(), (call) => call.admin_nodeInfo([]))
      if (config().json) return console.log(JSON.stringify({ enode, ...(enr && { enr }) }))
      console.log([enode, ...(enr ? [enr] : []), ''].map((line) => inert(line)).join('\n'))
      qrcode.generate(enr ?? enode, { small: true }, (code) => console.log(code))
    })
}

async function bootnode(config: Config): Promise<void> {
  const log = createLog(config)
  endOnDefects(log)
  logWarnings(log)
  const node = await startBootnode(config, log)
  const { enode, enr, listenAddress: listen } = node
  if (config.json) console.log(JSON.stringify({ event: 'ready', role: 'bootnode', enode, enr, listen }))
  else
    console.log(
      `Bootnode is up on ${listen} (UDP). Name it with --bootnodes:\n\n  ${enode}\n\nCtrl-C stops it.`,
    )
  await untilStopped(node)
}

function peersOf(config: Config) {
  return askNode(NODE_ROUTES, config, (call) => call.admin_peers([]))
}

function peersText(peers: readonly PeerInfo[]): string {
  if (peers.length === 0) return 'No peers.'
  const rows = peers.map(({ id, name, caps, network, transport, score }) => [
    ...[id.slice(0, 16), network.inbound ? 'in' : 'out', transport ?? '', network.remoteAddress],
    ...[score === undefined ? '' : score.toFixed(1), caps.join(), name],
  ])
  const header = ['node', 'way', 'by', 'address', 'score', 'speaks', 'says it is']
  const widths = header.map((title, i) =>
    Math.max(...[header, ...rows].map((row) => (row[i] ?? title).length)),
  )
  return [header, ...rows]
    .map((row) => inert(row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')).trimEnd())
    .join('\n')
}
