// Packs every public package and asks publint and attw whether others can use the tarball.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { ensureBuilt, run, workspaceFolders } from './lib/workspace.mjs'

ensureBuilt()
const work = mkdtempSync(join(tmpdir(), 'status-protocol-pack-'))
let failed = 0
let packed = 0
for (const dir of workspaceFolders()) {
  if (JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')).private) continue
  const out = join(work, basename(dir))
  const pack = tool('npx', ['-y', 'pnpm@10.34.9', 'pack', '--pack-destination', out], dir)
  const tarball = pack.ok
    ? join(
        out,
        readdirSync(out).find((f) => f.endsWith('.tgz')),
      )
    : undefined
  const results = tarball
    ? [
        tool('publint', ['run', tarball, '--strict'], dir),
        tool('attw', [tarball, '--profile', 'esm-only', '--no-emoji', '--format', 'ascii'], dir),
      ]
    : [pack]
  packed++
  for (const { ok, output, name } of results)
    if (!ok) {
      console.error(`${basename(dir)}: ${name}\n${output}`)
      failed++
    }
}
rmSync(work, { recursive: true, force: true })
console.log(`packed and checked: ${packed} packages, ${failed} complaints`)
process.exitCode = failed > 0 ? 1 : 0

function tool(name, args, cwd) {
  const { status, stdout, stderr } = run(name, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  return { name, ok: status === 0, output: `${stdout}${stderr}` }
}
