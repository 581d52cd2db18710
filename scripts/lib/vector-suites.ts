import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { VectorSuite } from '@status-protocol/testkit'

/** The suites of all packages: whatever packages/NAME/test/vectors/*.ts exports as `suite`, by file name. */
export async function loadVectorSuites(): Promise<readonly VectorSuite[]> {
  const packages = new URL('../../packages/', import.meta.url)
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
