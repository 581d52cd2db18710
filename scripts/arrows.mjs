// Checks the arrows of ARCHITECTURE.md: who may import whom. Prints what breaks them and ends with 1.
//   node scripts/arrows.mjs [root]
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const SCOPE = '@status-protocol/'
const BASE = ['bytes', 'ports', 'crypto']

/** Package -> packages of ours that its `src` may import. */
const ALLOWED = {
  bytes: [],
  ports: [],
  crypto: ['bytes', 'ports'],
  whisper: BASE,
  'p2p-devp2p': BASE,
  'double-ratchet': BASE,
  mvds: BASE,
  payload: BASE,
  trust: BASE,
  mailserver: [...BASE, 'whisper'],
  messenger: [...BASE, 'payload', 'mvds', 'double-ratchet', 'whisper', 'trust', 'mailserver'],
  rpc: [...BASE, 'whisper', 'messenger'],
  testkit: [...BASE],
  node: [...BASE, 'whisper', 'p2p-devp2p', 'mailserver', 'rpc', 'messenger', 'storage-*'],
  cli: [
    ...[...BASE, 'whisper', 'p2p-devp2p', 'mailserver', 'rpc', 'messenger', 'storage-*'],
    ...['payload', 'double-ratchet', 'mvds', 'trust'],
  ],
}

/** Adapters may know Node; all other sources run in a browser. */
const NODE_FOLDERS = {
  crypto: ['node/'],
  whisper: ['node/'],
  'p2p-devp2p': ['node/', 'ethereumjs/'],
  rpc: ['node/'],
  testkit: [''],
}
const DEVP2P_FOLDER = { package: 'p2p-devp2p', folder: 'ethereumjs/' }

const builtins = new Set(builtinModules)

/** All broken arrows under `root`, one sentence each. */
export function brokenArrows(root) {
  const broken = []
  for (const kind of ['packages', 'apps'])
    for (const name of folders(join(root, kind))) {
      const dir = join(root, kind, name)
      const own = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'))
      for (const file of sources(join(dir, 'src'))) check({ root, kind, name, dir, own, file, broken })
    }
  return broken
}

function check({ root, kind, name, dir, own, file, broken }) {
  const inside = relative(join(dir, 'src'), file).split(sep).join('/')
  const say = (what) => broken.push(`${relative(root, file)}: ${what}`)
  for (const specifier of importsOf(readFileSync(file, 'utf8'))) {
    if (specifier.startsWith('.')) checkRelative({ dir, file, specifier, inside, say })
    else if (specifier.startsWith('#')) continue
    else if (specifier.startsWith(SCOPE)) checkOurs({ root, name, own, specifier, say })
    else checkForeign({ kind, name, own, inside, specifier, say })
  }
}

function checkRelative({ dir, file, specifier, inside, say }) {
  const target = resolve(dirname(file), specifier)
  if (!target.startsWith(join(dir, 'src') + sep)) say(`imports ${specifier}, outside its own src`)
  if (target === join(dir, 'src', 'index.ts') && inside !== 'main.ts') say('imports its own package index')
}

function checkOurs({ root, name, own, specifier, say }) {
  const [target, ...rest] = specifier.slice(SCOPE.length).split('/')
  if (target === name) return say(`imports its own package by name (${specifier})`)
  if (target === 'testkit') return say('src imports testkit')
  const allowed = ALLOWED[name] ?? (name.startsWith('storage-') ? undefined : [])
  if (allowed && !allowed.some((a) => a === target || (a.endsWith('*') && target.startsWith(a.slice(0, -1)))))
    say(`${name} must not import ${target}`)
  if (!declared(own, SCOPE + target)) say(`${SCOPE + target} is not among its dependencies`)
  const exported = exportsOf(root, target)
  if (exported && !exported.includes(rest.length ? `./${rest.join('/')}` : '.'))
    say(`deep import ${specifier}`)
}

function checkForeign({ kind, name, own, inside, specifier, say }) {
  const bare = specifier.replace(/^node:/, '')
  if (specifier.startsWith('node:') || builtins.has(bare)) {
    const adapters = NODE_FOLDERS[name] ?? []
    const free = kind === 'apps' || name.startsWith('storage-') || adapters.some((f) => inside.startsWith(f))
    if (!free) say(`imports ${specifier} outside its adapters`)
    return
  }
  const parts = specifier.split('/')
  const packageName = specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]
  if (!declared(own, packageName)) say(`${packageName} is not among its dependencies`)
  const wraps = name === DEVP2P_FOLDER.package && inside.startsWith(DEVP2P_FOLDER.folder)
  if (packageName === '@ethereumjs/devp2p' && !wraps)
    say(`imports @ethereumjs/devp2p outside ${DEVP2P_FOLDER.package}/src/${DEVP2P_FOLDER.folder}`)
}

function declared(own, dependency) {
  return ['dependencies', 'optionalDependencies', 'peerDependencies'].some((k) => own[k]?.[dependency])
}

function exportsOf(root, target) {
  for (const kind of ['packages', 'apps'])
    try {
      return Object.keys(JSON.parse(readFileSync(join(root, kind, target, 'package.json'), 'utf8')).exports)
    } catch {}
  return undefined
}

function importsOf(source) {
  const text = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
  const found = []
  for (const pattern of [
    /(?:^|[\s;}])(?:import|export)\s+(?:[\w$\s{},*]+?\s+from\s+)?['"]([^'"]+)['"]/g,
    /\b(?:import|require|require\.resolve)\s*\(\s*['"]([^'"]+)['"]/g,
  ])
    for (const [, specifier] of text.matchAll(pattern)) found.push(specifier)
  return found
}

function folders(dir) {
  try {
    return readdirSync(dir).filter((f) => statSync(join(dir, f, 'package.json'), { throwIfNoEntry: false }))
  } catch {
    return []
  }
}

function sources(dir) {
  if (!statSync(dir, { throwIfNoEntry: false })) return []
  return readdirSync(dir, { recursive: true })
    .filter((f) => /\.(ts|mts|js|mjs)$/.test(f) && !/generated.*\.d\.ts$/.test(f))
    .map((f) => join(dir, f))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = resolve(process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url)))
  const broken = brokenArrows(root)
  for (const line of broken) console.error(line)
  if (broken.length > 0) console.error(`${broken.length} broken arrows; see ARCHITECTURE.md`)
  process.exitCode = broken.length > 0 ? 1 : 0
}
