// Writes the methods of `status-node --http --ws --ipc` into docs/rpc.md, from their declarations.
//   node scripts/node-rpc.mjs [--check]     --check: fail if what the page says is not what is declared
import { join } from 'node:path'
import { ensureInstalled, root, runSource } from './lib/workspace.mjs'

ensureInstalled()
const { status } = runSource([join(root, 'scripts', 'node-rpc-run.ts'), ...process.argv.slice(2)], {
  stdio: ['ignore', 1, 2],
})
process.exitCode = status ?? 1
