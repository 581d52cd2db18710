// The TypeScript blocks of READMEs, each a program of its own.
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { root } from './workspace.mjs'

/** @returns {{ name: string, title: string, code: string }[]} the ```ts blocks of `dir`/README.md */
export function readmeExamples(dir) {
  const readme = join(dir, 'README.md')
  if (!existsSync(readme)) return []
  const blocks = [...readFileSync(readme, 'utf8').matchAll(/^```ts\n([\s\S]*?)^```/gm)]
  return blocks.map(([, code], index) => ({
    name: `${basename(dir)}-${index + 1}`,
    title: `${readme.slice(root.length)} block ${index + 1}`,
    code: `${code}\nexport {}\n`,
  }))
}

/** Whether an example ended because this machine could not compile SQLite, which is the package's documented answer. */
export function isBecauseOfThisMachine(stderr) {
  return stderr.includes("code: 'driver-unavailable'") && stderr.includes('has no binary that loads')
}
