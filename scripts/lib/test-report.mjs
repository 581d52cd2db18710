/**
 * What a JSON report of vitest says: `node scripts/lib/test-report.mjs FILE` prints the tests that passed only when they were
 * repeated (CI runs each a second time that fails, on a machine where others are at work; each one is a defect of the test
 * or of what it tests), and the totals.
 */
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Of one report: the totals, and every test with its file, duration in milliseconds and first failure, if any. */
export function readReport(path) {
  const {
    numPassedTests: passed,
    numFailedTests: failed,
    testResults,
  } = JSON.parse(readFileSync(path, 'utf8'))
  const tests = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ fullName, status, duration, failureMessages }) => ({
      ...{ file: relative(root, name), name: fullName, status },
      ...{ ms: duration ?? 0, failure: failureMessages?.[0]?.split('\n')[0] },
    })),
  )
  return { passed, failed, tests }
}

/** Tests that failed, were repeated and passed. */
export function showRepeated(tests) {
  for (const { file, name, status, failure } of tests)
    if (status === 'passed' && failure !== undefined)
      console.error(`passed only when repeated: ${file}: ${name}: ${failure}`)
}

/** Where the time goes, so that `npm test` stays within its ten minutes. */
export function showSlowest(tests) {
  console.error('slowest tests:')
  for (const { file, name, ms } of [...tests].sort((a, b) => b.ms - a.ms).slice(0, 10))
    console.error(`  ${(ms / 1000).toFixed(1).padStart(5)} s  ${file}: ${name}`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { passed, failed, tests } = readReport(process.argv[2])
  showRepeated(tests)
  console.log(`${passed} passed, ${failed} failed`)
}
