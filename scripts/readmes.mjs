// Compiles and runs every TypeScript block of the READMEs, each as a module of its package.
//   node scripts/readmes.mjs [package ...]
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { inParallel, output } from './lib/parallel.mjs'
import { isBecauseOfThisMachine, readmeExamples } from './lib/readmes.mjs'
import { fromSource, root, run, workspaceFolders } from './lib/workspace.mjs'

const asked = process.argv.slice(2)
const folders = [root, ...workspaceFolders()].filter(
  (dir) => asked.length === 0 || asked.includes(basename(dir)),
)
const examples = folders.flatMap(extract)

let failed = compile() + packagesWithoutExample()
await inParallel(examples, async ({ file, title }) => {
  const { status, stdout, stderr } = await output(process.execPath, [...fromSource, file], { cwd: root })
  if (status !== 0 && isBecauseOfThisMachine(stderr))
    console.error(`${title}: not run, there is no SQLite here`)
  else if (status !== 0) {
    console.error(`${title} ends with ${status}\n${stdout}${stderr}`)
    failed++
  } else if (stdout.trim() === '') {
    console.error(`${title} prints nothing: a reader could not see that it works`)
    failed++
  }
})
for (const dir of folders) rmSync(join(dir, '.readme'), { recursive: true, force: true })
rmSync(join(root, 'tsconfig.readmes.json'), { force: true })
console.log(`examples of READMEs: ${examples.length - Math.min(failed, examples.length)}/${examples.length}`)
process.exitCode = failed > 0 ? 1 : 0

function extract(dir) {
  const work = join(dir, '.readme')
  rmSync(work, { recursive: true, force: true })
  return readmeExamples(dir).map(({ name, title, code }) => {
    mkdirSync(work, { recursive: true })
    const file = join(work, `${name}.ts`)
    writeFileSync(file, code)
    return { file, title }
  })
}

function compile() {
  const base = JSON.parse(readFileSync(join(root, 'tsconfig.test.json'), 'utf8'))
  const config = { ...base, include: undefined, files: examples.map(({ file }) => file) }
  config.compilerOptions.noUnusedLocals = false
  writeFileSync(join(root, 'tsconfig.readmes.json'), JSON.stringify(config))
  const { status } = run('tsc', ['-p', 'tsconfig.readmes.json'], { stdio: ['ignore', 2, 2] })
  return status === 0 ? 0 : 1
}

function packagesWithoutExample() {
  const bare = folders.filter(
    (dir) =>
      dir.startsWith(join(root, 'packages')) &&
      !JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')).private &&
      readmeExamples(dir).length === 0,
  )
  for (const dir of bare) console.error(`${dir.slice(root.length)}/README.md: has no example`)
  return bare.length
}
