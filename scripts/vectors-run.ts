/** Prints `vectors FILE: checked/total` for every golden file that a package has a suite for; ends with 1 unless equal. */
import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runVectorSuite, type VectorFile, type VectorSuite } from '@status-protocol/testkit'
import { readVectorFile, vectorsDirectory } from '@status-protocol/testkit/vectors-directory'
import { loadVectorSuites } from './lib/vector-suites.ts'

/** Files beside the golden ones that suites read by themselves. */
const NOT_GOLDEN = ['reference-defects.json']

const args = process.argv.slice(2)
const selfTest = args.includes('--self-test')
const only = args.filter((arg) => !arg.startsWith('--'))

const suites = await loadVectorSuites()
const known = suites.map((suite) => suite.file)
const directory = fileURLToPath(vectorsDirectory())
if (!existsSync(directory)) fail(`VECTORS_DIR: there is no folder ${directory}`)
const strange = only.filter((file) => !known.includes(file))
if (strange.length > 0) fail(`no suite reads ${strange.join(', ')}; there are ${known.join(', ')}`)

let [checkedFiles, failedFiles] = [0, 0]
const absent: string[] = []
for (const suite of suites) {
  if (only.length > 0 && !only.includes(suite.file)) continue
  if (!existsSync(`${directory}${suite.file}`)) {
    absent.push(suite.file)
    continue
  }
  checkedFiles++
  if (!(await isRight(suite))) failedFiles++
}

if (absent.length > 0) console.log(`absent from the folder: ${absent.join(', ')}`)
const unread = readdirSync(directory).filter(
  (file) => file.endsWith('.json') && !known.includes(file) && !NOT_GOLDEN.includes(file),
)
if (unread.length > 0 && only.length === 0) console.log(`no suite reads: ${unread.join(', ')}`)
if (failedFiles > 0) fail(`${failedFiles} of ${checkedFiles} files differ`)
if (checkedFiles === 0) fail(`nothing to check in ${directory}`)

async function isRight(suite: VectorSuite): Promise<boolean> {
  const file = readGolden(suite.file)
  if (file === undefined) return false
  const result = await runVectorSuite(suite, file, { selfTest })
  const isFine = result.failures.length === 0 && result.checked === result.total
  for (const failure of result.failures) console.error(failure)
  const noticed = selfTest && isFine ? ` (${result.flips} changed fields noticed)` : ''
  console.log(`vectors ${result.file}: ${result.checked}/${result.total}${noticed}`)
  return isFine
}

/** @returns undefined after saying what is wrong with the file */
function readGolden(name: string): VectorFile | undefined {
  try {
    const file = readVectorFile(name)
    if (Array.isArray(file?.cases)) return file
    console.error(`${name}: has no list of cases`)
  } catch (error) {
    console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`)
  }
  return undefined
}

function fail(message: string): never {
  console.error(message)
  process.exit(1)
}
