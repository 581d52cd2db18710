// npm test: everything that needs neither root nor a server. `npm test -- STEP ...` runs some steps only.
// Ends with `N passed, N failed`: checks count as one each, tests one by one.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readReport, showRepeated, showSlowest } from './lib/test-report.mjs'
import { ensureBuilt, ensureInstalled, progress, root, run } from './lib/workspace.mjs'

const inherit = ['ignore', 'inherit', 'inherit']
const script = (name, ...args) =>
  run(process.execPath, [join(root, 'scripts', name), ...args], { stdio: inherit })
const work = mkdtempSync(join(tmpdir(), 'status-protocol-test-'))

const STEPS = {
  format: () => check(run('biome', ['check', '.'], { stdio: inherit })),
  unused: () => check(run('knip', ['--no-progress', '--no-config-hints'], { stdio: inherit })),
  types: () => check(run('tsc', ['-p', 'tsconfig.test.json'], { stdio: inherit })),
  arrows: () => check(script('arrows.mjs')),
  proto: () => check(script('proto.mjs', '--check')),
  rpc: () => both(check(script('cli-rpc.mjs', '--check')), check(script('node-rpc.mjs', '--check'))),
  build: () => {
    ensureBuilt()
    return { passed: 1, failed: 0 }
  },
  unit: () => vitest('unit'),
  vectors: () => check(script('vectors.mjs')),
  readmes: () => check(script('readmes.mjs')),
  examples: () => check(script('examples.mjs')),
  packages: () => check(script('packages.mjs')),
  e2e: () => vitest('e2e'),
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !Object.hasOwn(STEPS, name))
if (unknown.length > 0) {
  console.error(`there is no step ${unknown.join(', ')}; there are ${Object.keys(STEPS).join(', ')}`)
  process.exit(2)
}

ensureInstalled()
const totals = { passed: 0, failed: 0 }
const failedSteps = []
for (const [name, step] of Object.entries(STEPS)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  const started = Date.now()
  progress(name)
  const { passed, failed } = step()
  totals.passed += passed
  totals.failed += failed
  if (failed > 0) failedSteps.push(name)
  console.error(`${name}: ${failed > 0 ? 'FAILED' : 'ok'} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
}
rmSync(work, { recursive: true, force: true })
if (failedSteps.length > 0) console.error(`failed: ${failedSteps.join(', ')}`)
console.log(`${totals.passed} passed, ${totals.failed} failed`)
process.exitCode = totals.failed > 0 ? 1 : 0

function both(a, b) {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed }
}

function check({ status }) {
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

/** Counts single tests; a run that ends badly without a failed test counts as one failure. */
function vitest(project) {
  const report = join(work, `${project}.json`)
  const shown = process.stdout.isTTY ? 'dot' : 'minimal'
  const reporters = [`--reporter=${shown}`, '--reporter=json', `--outputFile.json=${report}`]
  const { status } = run('vitest', ['run', '--project', project, ...reporters], { stdio: inherit })
  if (!existsSync(report)) return { passed: 0, failed: 1 }
  const { passed, failed, tests } = readReport(report)
  showSlowest(tests)
  showRepeated(tests)
  return { passed, failed: Math.max(failed, status === 0 ? 0 : 1) }
}
