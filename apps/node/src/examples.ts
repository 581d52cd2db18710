/** What stands below the help of each command: how it is typed. */
import type { Command } from 'commander'

/** By command. Each has some: {@link addExamples} sees to it. */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  doctor: [
    'status-node doctor --config node.json',
    'status-node doctor --peer enode://... --json   also whether that node answers',
  ],
  trace: [
    'status-node trace 0x... --data-dir ./relay   of the node with this directory',
    'status-node trace --recent 20',
  ],
  bootnode: ['status-node bootnode --listen 0.0.0.0:30301'],
  peers: ['status-node peers --data-dir ./relay', 'status-node peers --json'],
  enr: ['status-node enr --data-dir ./relay'],
  archive: ['status-node archive verify --data-dir ./mail'],
  'archive verify': ['status-node archive verify --data-dir ./mail'],
  'archive prune': ['status-node archive prune --retention 7d --data-dir ./mail'],
  'archive export': [
    'status-node archive export ./archive.export --data-dir ./mail',
    "status-node archive export - --archive-topics '#status' --data-dir ./mail | gzip > status.gz",
  ],
  'archive import': ['status-node archive import ./archive.export --data-dir ./other'],
  'archive compare': [
    'status-node archive compare ./mail ./other-mail',
    'status-node archive compare ./mail /etc/mail-db-url --repair --json   the file holds postgres://...',
  ],
  'archive backup': ['status-node archive backup /backups/archive.db --data-dir ./mail'],
}

/** Options of the program are options of its commands. */
const BESIDES = `
Besides, as for the node itself (status-node --help has all): --data-dir <path>, --config <file>, --ipc <path>, --json.
`

/** Call it when all commands are declared. @throws Error if one has none: a mistake of whoever declared it */
export function addExamples(parent: Command, prefix = ''): void {
  for (const command of parent.commands) {
    const path = `${prefix}${command.name()}`
    const lines = EXAMPLES[path]
    if (!lines) throw new Error(`examples.ts has no example of "status-node ${path}"`)
    command.addHelpText('after', `${BESIDES}\nExamples:\n  ${lines.join('\n  ')}`)
    addExamples(command, `${path} `)
  }
}
