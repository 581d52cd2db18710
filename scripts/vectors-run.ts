/** Prints `vectors FILE: checked/total` for every golden file that a package has a suite for. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { runVectorSuite, type VectorFile, type VectorSuite } from '@status-protocol/testkit'
import { vectorsDirectory } from '@status-protocol/testkit/vectors-directory'

const args = process.argv.slice(2)
const selfTest = args.includes('--self-test')
const only = args.filter((arg) => !arg.startsWith('--'))

const suites = await loadSuites()
const directory = fileURLToPath(vectorsDirectory())
if (!existsSync(directory)) fail(`VECTORS_DIR: there is no folder ${directory}`)

let failed = 0
const absent: string[] = []
for (const suite of suites) {
  if (only.length > 0 && !only.includes(suite.file)) continue
  const path = `${directory}${suite.file}`
  if (!existsSync(path)) {
    absent.push(suite.file)
    continue
  }
  const result = await runVectorSuite(suite, JSON.parse(readFileSync(path, 'utf8')) as VectorFile, {
    selfTest,
  })
  const noticed = selfTest ? ` (${result.flips} changed fields noticed)` : ''
  for (const failure of result.failures) console.error(failure)
  console.log(
    `vectors ${result.file}: ${result.checked}/${result.total}${result.failures.length ? '' : noticed}`,
  )
  if (result.failures.length > 0 || result.checked !== result.total) failed++
}

if (absent.length > 0) console.log(`absent from the folder: ${absent.join(', ')}`)
const known = new Set(suites.map((suite) => suite.file))
const uncovered = readdirSync(directory).filter((f) => f.endsWith('.json') && !known.has(f))
if (uncovered.length > 0 && only.length === 0) console.log(`no suite reads: ${uncovered.join(', ')}`)
if (failed > 0) fail(`${failed} files differ`)

async function loadSuites(): Promise<VectorSuite[]> {
  const packages = new URL('../packages/', import.meta.url)
  const found: VectorSuite[] = []
  for (const name of readdirSync(packages)) {
    const folder = new URL(`${name}/test/vectors/`, packages)
    if (!existsSync(folder)) continue
    for (const file of readdirSync(folder).filter((f) => f.endsWith('.ts'))) {
      const module = (await import(pathToFileURL(fileURLToPath(new URL(file, folder))).href)) as {
        suite?: VectorSuite
      }
      if (module.suite) found.push(module.suite)
    }
  }
  return found.sort((a, b) => (a.file < b.file ? -1 : 1))
}

function fail(message: string): never {
  console.error(message)
  process.exit(1)
}
