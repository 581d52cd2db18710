// What others get when they install our packages: packs every public one, asks publint and attw about the tarball, then
// installs all tarballs into an empty folder with npm and uses them there from plain Node.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { build } from 'esbuild'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { artefactComplaints } from './lib/artefact.mjs'
import { inParallel, output } from './lib/parallel.mjs'
import { isBecauseOfThisMachine, readmeExamples } from './lib/readmes.mjs'
import { ensureBuilt, pnpm, root, runOrExit, workspaceFolders } from './lib/workspace.mjs'

/** What plain Node says to the entry points that it cannot load. */
const REFUSALS = {
  '@status-protocol/p2p-devp2p/ethereumjs': "Cannot find package '@ethereumjs/devp2p'",
  '@status-protocol/whisper/miner-web-thread': 'addEventListener is not defined',
}

/** Entry points that need Node. */
const NODE_ONLY = [
  '@status-protocol/crypto/node',
  '@status-protocol/p2p-devp2p/ethereumjs',
  '@status-protocol/p2p-devp2p/node',
  '@status-protocol/p2p-devp2p/socks',
  '@status-protocol/p2p-devp2p/websocket',
  '@status-protocol/rpc/node',
  '@status-protocol/storage-postgres',
  '@status-protocol/storage-sqlite',
  '@status-protocol/storage-sqlite/archive',
  '@status-protocol/whisper/miner-node',
]

/** Its install script compiles for a minute; what it compiled here is copied. */
const SQLITE = 'better-sqlite3-multiple-ciphers'
const SQLITE_HERE = join(root, 'packages', 'storage-sqlite', 'node_modules', SQLITE)
const SQLITE_BINARY = join('build', 'Release', 'better_sqlite3.node')
const SQLITE_VERSION = existsSync(SQLITE_HERE) ? readManifest(SQLITE_HERE).version : undefined

const tool = (name) => join(root, 'node_modules', '.bin', name)

ensureBuilt()
const work = mkdtempSync(join(tmpdir(), 'status-protocol-pack-'))
process.on('exit', () => rmSync(work, { recursive: true, force: true }))
const consumer = join(work, 'consumer')
const packages = workspaceFolders()
  .map((dir) => ({ dir, manifest: readManifest(dir) }))
  .filter(({ manifest }) => !manifest.private)
  .map((one) => ({ ...one, tarball: tarballOf(one.manifest), name: basename(one.dir) }))

pnpm(['-r', 'pack', '--pack-destination', join(work, 'tarballs')], { stdio: ['ignore', 'ignore', 2] })
const complaints = (
  await inParallel(packages, async (one) => [
    ...(await publintComplaints(one)),
    ...(await attwComplaints(one)),
  ])
).flat()
install()
for (const { name, manifest, dir } of packages)
  complaints.push(
    ...artefactComplaints(join(consumer, 'node_modules', manifest.name), dir).map((c) => `${name}: ${c}`),
  )
const used = [
  ...(await useEveryEntry()),
  ...(await useExamples()),
  ...(await useBins()),
  ...(await useInBundles()),
]
complaints.push(...used.flatMap(({ complaint }) => complaint ?? []))

for (const complaint of complaints) console.error(complaint)
console.log(
  `packages: ${packages.length} packed, installed and used in ${used.length} ways, ${complaints.length} complaints`,
)
process.exitCode = complaints.length > 0 ? 1 : 0

function readManifest(dir) {
  return JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'))
}

function tarballOf({ name, version }) {
  return join(work, 'tarballs', `${name.replace('@', '').replace('/', '-')}-${version}.tgz`)
}

async function publintComplaints({ name, tarball, manifest }) {
  const { buffer, byteOffset, byteLength } = readFileSync(tarball)
  const pack = { tarball: buffer.slice(byteOffset, byteOffset + byteLength) }
  const { messages } = await publint({ pack, strict: true })
  return messages.map((message) => `${name}: publint: ${formatMessage(message, manifest)}`)
}

async function attwComplaints({ name, tarball }) {
  const args = [tarball, '--profile', 'esm-only', '--no-emoji', '--no-color', '--format', 'ascii']
  const { status, stdout, stderr } = await output(tool('attw'), args)
  return status === 0 ? [] : [`${name}: attw:\n${stdout}${stderr}`]
}

/** Our packages from their tarballs, theirs from the registry; no install script runs. */
function install() {
  mkdirSync(consumer)
  const ours = packages.map(({ manifest, tarball }) => [manifest.name, `file:${tarball}`])
  const types = ['@types/node', readManifest(join(root, 'node_modules', '@types', 'node')).version]
  const dependencies = Object.fromEntries([...ours, ...packages.flatMap(foreignImports), types])
  const overrides = SQLITE_VERSION ? { [SQLITE]: SQLITE_VERSION } : {}
  const manifest = { private: true, type: 'module', dependencies, overrides }
  writeFileSync(join(consumer, 'package.json'), JSON.stringify(manifest))
  const args = [
    'install',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    '--loglevel=error',
  ]
  runOrExit('npm', args, { cwd: consumer, stdio: ['ignore', 'ignore', 2] })
  if (existsSync(join(SQLITE_HERE, SQLITE_BINARY)))
    cpSync(join(SQLITE_HERE, SQLITE_BINARY), join(consumer, 'node_modules', SQLITE, SQLITE_BINARY))
}

/** What the examples of a README import beside our packages, in the versions that we have. */
function foreignImports({ dir }) {
  return readmeExamples(dir).flatMap(({ code }) =>
    [...code.matchAll(/^import .*?from '((?:@[^/']+\/)?[^/':.]+)[^']*'/gm)]
      .map(([, name]) => name)
      .filter((name) => name !== 'node' && !name.startsWith('@status-protocol'))
      .map((name) => [name, readManifest(join(dir, 'node_modules', name)).version]),
  )
}

async function useEveryEntry() {
  const entries = entriesOf(packages)
  writeFileSync(
    join(consumer, 'entries.mjs'),
    `for (const entry of ${JSON.stringify(entries)})
  console.log(await import(entry).then(() => 'fine', ({ message }) => JSON.stringify(message)))
process.exit()`,
  )
  const { stdout, stderr } = await output(process.execPath, ['entries.mjs'], { cwd: consumer })
  const answers = stdout.split('\n')
  return entries.map((entry, index) => {
    const said = answers[index] ?? ''
    const fine = REFUSALS[entry] ? said.includes(REFUSALS[entry]) : said === 'fine'
    return { complaint: fine ? undefined : `import '${entry}' answers ${said}${stderr}` }
  })
}

function entriesOf(some) {
  return some.flatMap(({ manifest: { name, exports } }) =>
    Object.keys(exports)
      .filter((path) => !path.endsWith('.json'))
      .map((path) => name + path.slice(1)),
  )
}

/** Every entry point can be bundled for a browser, except those that are adapters to Node: those cannot. */
function useInBundles() {
  const libraries = packages.filter(({ dir }) => dir.startsWith(join(root, 'packages')))
  return inParallel(entriesOf(libraries), async (entry) => {
    const { errors } = await build({
      stdin: { contents: `export * from '${entry}'`, resolveDir: consumer },
      ...{ bundle: true, platform: 'browser', format: 'esm', target: 'es2022' },
      ...{ write: false, logLevel: 'silent' },
    }).catch((failure) => failure)
    const isForNode = NODE_ONLY.includes(entry)
    if (isForNode === errors.length > 0) return { complaint: undefined }
    const why = errors.map(({ text, location }) => `  ${location?.file ?? ''} ${text}`).join('\n')
    return {
      complaint: `${entry}: ${isForNode ? 'no longer needs Node' : `cannot run in a browser\n${why}`}`,
    }
  })
}

/** The examples of the READMEs, compiled against the packed declarations, run on the packed JavaScript. */
async function useExamples() {
  const examples = packages.flatMap(({ dir }) => readmeExamples(dir))
  mkdirSync(join(consumer, 'src'))
  for (const { name, code } of examples) writeFileSync(join(consumer, 'src', `${name}.ts`), code)
  const needsNode = ({ code }) => code.includes("'node:")
  const compiled = [
    await compile(
      'portable',
      examples.filter((one) => !needsNode(one)),
      [],
    ),
    await compile('node', examples.filter(needsNode), ['node']),
  ]
  const ran = await inParallel(examples, async ({ name, title }) => {
    const { status, stderr } = await output(process.execPath, [join('out', `${name}.js`)], { cwd: consumer })
    if (isBecauseOfThisMachine(stderr)) return { complaint: undefined }
    return { complaint: status === 0 ? undefined : `${title} ends with ${status}\n${stderr}` }
  })
  return [...compiled, ...ran]
}

/** As others compile: strictly, our declarations included, without the types of Node unless they are named. */
async function compile(project, examples, types) {
  const config = {
    compilerOptions: {
      ...{ strict: true, target: 'es2022', module: 'nodenext', skipLibCheck: types.length > 0, types },
      ...{ lib: ['es2023', 'dom', 'dom.iterable', 'dom.asynciterable'], rootDir: 'src', outDir: 'out' },
    },
    files: examples.map(({ name }) => `src/${name}.ts`),
  }
  writeFileSync(join(consumer, `tsconfig.${project}.json`), JSON.stringify(config))
  const { status, stdout } = await output(tool('tsc'), ['-p', `tsconfig.${project}.json`], { cwd: consumer })
  return { complaint: status === 0 ? undefined : `examples of READMEs:\n${stdout}` }
}

function useBins() {
  const bins = packages.flatMap(({ manifest }) =>
    Object.keys(manifest.bin ?? {}).map((bin) => ({ bin, version: manifest.version })),
  )
  return inParallel(bins, async ({ bin, version }) => {
    const path = join(consumer, 'node_modules', '.bin', bin)
    const { status, stdout, stderr } = await output(path, ['--version'], { cwd: dirname(consumer) })
    const fine = status === 0 && stdout === `${version}\n`
    return { complaint: fine ? undefined : `${bin} --version says ${JSON.stringify(stdout)}${stderr}` }
  })
}
