// What the root scripts share: where things are, the pinned pnpm, install and build only when something changed.
// Everything printed here goes to stderr: stdout belongs to the program that is started.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withLock } from './lock.mjs'

export const root = fileURLToPath(new URL('../..', import.meta.url))
const modules = join(root, 'node_modules')
const stamps = join(modules, '.cache', 'status-protocol')
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const pnpmVersion = manifest.packageManager.split('@')[1]

/** Runs a program with our tools on the PATH; its output goes to stderr unless `stdio` says otherwise. */
export function run(command, args, { stdio = ['ignore', 2, 2], env = {}, cwd = root } = {}) {
  const PATH = [join(modules, '.bin'), process.env.PATH].join(delimiter)
  const result = spawnSync(command, args, {
    cwd,
    stdio,
    env: { ...process.env, PATH, TURBO_TELEMETRY_DISABLED: '1', npm_config_loglevel: 'error', ...env },
    shell: process.platform === 'win32',
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  })
  if (result.error) throw result.error
  return result
}

/** As {@link run}, ending this process where the other one failed. */
export function runOrExit(command, args, options) {
  const { status, signal } = run(command, args, options)
  if (status !== 0) process.exit(status ?? (signal ? 1 : 0))
}

/** The pinned pnpm: the one on the PATH if it is that version, else through npx. */
export function pnpm(args, options) {
  const found = spawnSync('pnpm', ['--version'], {
    encoding: 'utf8',
    cwd: root,
    shell: process.platform === 'win32',
  })
  if (found.stdout?.trim() === pnpmVersion) runOrExit('pnpm', args, options)
  else runOrExit('npx', ['-y', `pnpm@${pnpmVersion}`, ...args], options)
}

/** Installs from the frozen lockfile when the lockfile or a package.json is not what was installed last. */
export function ensureInstalled() {
  requireNode()
  const isInstalled = () =>
    existsSync(join(modules, '.modules.yaml')) && readStamp('installed') === digestOf(installInputs())
  if (isInstalled()) return
  alone(() => {
    if (isInstalled()) return
    progress('installing dependencies (the first time a minute or two, if SQLite has to be compiled)')
    removeStamp('installed')
    const wanted = digestOf(installInputs())
    pnpm(['install', '--frozen-lockfile', '--reporter=append-only', '--loglevel=warn'])
    writeStamp('installed', wanted)
  })
}

/** Compiles all packages and apps to dist when a source is newer than the last build. */
export function ensureBuilt() {
  const isBuilt = () =>
    readStamp('built') === digestOf(buildInputs(), { byTime: true }) &&
    workspaceFolders().every((dir) => existsSync(join(dir, 'dist', '.tsbuildinfo')))
  if (!isBuilt() && process.argv.slice(2).some((arg) => ['-h', '--help'].includes(arg)))
    progress('help is what the program says of itself: it is installed and built first, this once')
  ensureInstalled()
  if (isBuilt()) return
  alone(() => {
    if (isBuilt()) return
    progress('building')
    removeStamp('built')
    const wanted = digestOf(buildInputs(), { byTime: true })
    forgetBuildsOfOtherOptions()
    pnpm(['exec', 'turbo', 'run', 'build', '--output-logs=errors-only', '--log-order=grouped'])
    writeStamp('built', wanted)
  })
}

/** `tsc -b` compares sources only: what was compiled with other options must not pass for up to date. */
function forgetBuildsOfOtherOptions() {
  const wanted = digestOf(tsconfigs())
  if (readStamp('options') !== wanted)
    for (const dir of workspaceFolders()) rmSync(join(dir, 'dist', '.tsbuildinfo'), { force: true })
  writeStamp('options', wanted)
}

/** Two programs started at once do not install or build into each other. */
function alone(task) {
  const waiting = (pid) => progress(`waiting for process ${pid}, which installs or builds`)
  withLock(join(stamps, 'lock'), task, { waiting })
}

/** What makes Node run TypeScript sources, the packages' sources included. */
const tsx = new URL('./tsx.mjs', import.meta.url).href
export const fromSource = ['--conditions=@status-protocol/source', '--import', tsx]

/** Runs a TypeScript file with the sources of the packages. */
export function runSource(args, options) {
  return run(process.execPath, [...fromSource, ...args], options)
}

/** Starts a program in this one's place: its stdio, its signals, its exit code. */
export function become(args, { env = {} } = {}) {
  const child = spawn(process.execPath, args, { stdio: 'inherit', env: { ...process.env, ...env } })
  // The terminal sends SIGINT to the whole group; the child winds down, this process waits for it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    })
  child.on('error', (error) => {
    console.error(error.message)
    process.exit(1)
  })
  child.on('exit', (code, signal) => {
    if (signal) {
      process.removeAllListeners(signal)
      process.kill(process.pid, signal)
    } else process.exit(code ?? 1)
  })
}

export function progress(text) {
  process.stderr.write(`${text} ...\n`)
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  console.error(
    `Node.js >= 20.19 is needed, this is ${process.versions.node}. Get one from https://nodejs.org`,
  )
  process.exit(1)
}

export function workspaceFolders() {
  return ['packages', 'apps'].flatMap((kind) =>
    readdirSync(join(root, kind))
      .map((name) => join(root, kind, name))
      .filter((dir) => existsSync(join(dir, 'package.json'))),
  )
}

function installInputs() {
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json'].map((file) => join(root, file))
  return [...files, ...manifests()]
}

function buildInputs() {
  return [...manifests(), ...tsconfigs(), ...sources(), join(root, 'turbo.json')]
}

function manifests() {
  return workspaceFolders().map((dir) => join(dir, 'package.json'))
}

function tsconfigs() {
  return [root, ...workspaceFolders()].map((dir) =>
    join(dir, dir === root ? 'tsconfig.base.json' : 'tsconfig.json'),
  )
}

function sources() {
  return workspaceFolders().flatMap((dir) => {
    const src = join(dir, 'src')
    if (!existsSync(src)) return []
    return readdirSync(src, { recursive: true }).map((file) => join(src, file))
  })
}

function digestOf(files, { byTime = false } = {}) {
  const hash = createHash('sha256')
  for (const file of files.sort()) {
    const stat = statSync(file, { throwIfNoEntry: false })
    if (!stat?.isFile()) continue
    hash.update(`${file}\0`).update(byTime ? `${stat.mtimeMs} ${stat.size}` : readFileSync(file))
  }
  return hash.digest('hex')
}

function readStamp(name) {
  const file = join(stamps, name)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

function writeStamp(name, value) {
  mkdirSync(stamps, { recursive: true })
  writeFileSync(join(stamps, name), value)
}

function removeStamp(name) {
  rmSync(join(stamps, name), { force: true })
}
