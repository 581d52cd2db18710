// Runs the programs of examples/ on the sources: node scripts/examples.mjs [name ...]
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { inParallel, output } from './lib/parallel.mjs'
import { ensureInstalled, fromSource, root } from './lib/workspace.mjs'

const LONGEST_MS = 120_000

ensureInstalled()
const folder = join(root, 'examples')
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3))
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !names.includes(name))
if (unknown.length > 0) {
  console.error(`there is no example ${unknown.join(', ')}; there are ${names.join(', ')}`)
  process.exit(2)
}

const running = asked.length > 0 ? asked : names
const failures = (await inParallel(running, run)).flatMap((failure) => failure ?? [])
for (const failure of failures) console.error(failure)
console.log(`examples: ${running.length - failures.length}/${running.length}`)
process.exitCode = failures.length > 0 ? 1 : 0

async function run(name) {
  const args = [...fromSource, join(folder, `${name}.ts`)]
  const { status, stdout, stderr } = await output(process.execPath, args, { cwd: root, timeout: LONGEST_MS })
  if (asked.length > 0) process.stdout.write(stdout)
  if (status !== 0) return `${name} ends with ${status}\n${stdout}${stderr}`
  return stdout.trim() === '' ? `${name} prints nothing` : undefined
}
