// Runs the vector suites of all packages against VECTORS_DIR (default vectors/) and nothing else.
//   node scripts/vectors.mjs [--self-test] [file ...]
import { join } from 'node:path'
import { ensureInstalled, root, runSource } from './lib/workspace.mjs'

ensureInstalled()
const { status } = runSource([join(root, 'scripts', 'vectors-run.ts'), ...process.argv.slice(2)], {
  stdio: ['ignore', 1, 2],
})
process.exitCode = status ?? 1
