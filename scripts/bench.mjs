// Runs the benchmarks of bench/: node scripts/bench.mjs [name ...]. Without a name, all of them.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBuilt, root, runSource } from './lib/workspace.mjs'

const names = readdirSync(join(root, 'bench'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3))
const asked = process.argv.slice(2).filter((arg) => arg !== '--')
const unknown = asked.filter((name) => !names.includes(name))
if (unknown.length > 0) {
  console.error(`there is no benchmark ${unknown.join(', ')}; there are ${names.join(', ')}`)
  process.exit(2)
}
ensureBuilt()
for (const name of asked.length > 0 ? asked : names) {
  const { status } = runSource([join(root, 'bench', `${name}.ts`)], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
