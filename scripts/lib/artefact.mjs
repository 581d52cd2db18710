// What must be true of a package as it was packed, beyond what publint and attw look at.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const SOURCE = '@status-protocol/source'

/** @returns {string[]} what is wrong with the unpacked package in `folder`, which was packed from `origin` */
export function artefactComplaints(folder, origin) {
  const manifest = readManifest(folder)
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
  return [
    ...['README.md', 'LICENSE', 'package.json'].flatMap((f) => (files.includes(f) ? [] : [`lacks ${f}`])),
    ...manifestComplaints(manifest, readManifest(origin), files),
    ...files.filter((f) => /tsbuildinfo|^test\/|^node_modules\//.test(f)).map((f) => `ships ${f}`),
    ...files.filter((f) => f.startsWith('dist/')).flatMap((f) => compiledComplaints(folder, f, files)),
    ...declarationComplaints(folder, manifest),
  ]
}

function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}

function manifestComplaints(manifest, origin, files) {
  const found = []
  const { dependencies, optionalDependencies, peerDependencies } = manifest
  for (const [name, range] of Object.entries({
    ...dependencies,
    ...optionalDependencies,
    ...peerDependencies,
  }))
    if (/^(workspace|catalog|file|link):/.test(range)) found.push(`depends on ${name} ${range}`)
  if (manifest.sideEffects === undefined) found.push('does not say sideEffects')
  if (manifest.type !== 'module') found.push('is not of type module')
  if (JSON.stringify(manifest.imports) !== JSON.stringify(origin.imports)) found.push('lost its imports map')
  for (const [path, target] of [
    ...Object.entries(manifest.exports),
    ...Object.entries(manifest.imports ?? {}),
  ])
    found.push(...targetComplaints(path, target, files))
  for (const target of Object.values(manifest.bin ?? {}))
    if (!files.includes(normal(target))) found.push(`bin ${target} is not in it`)
  return found
}

/** A target is a file, conditions over a source, its types and its JavaScript, or conditions over more of those. */
function targetComplaints(path, target, files) {
  if (typeof target === 'string')
    return files.includes(normal(target)) ? [] : [`${path}: ${target} is not in it`]
  const conditions = Object.keys(target)
  const isLeaf = Object.values(target).every((t) => typeof t === 'string')
  const expected = [SOURCE, 'types', 'default']
  const wrong = isLeaf && conditions.join() !== expected.join()
  return [
    ...(wrong ? [`${path}: conditions are ${conditions.join(', ')}, not ${expected.join(', ')}`] : []),
    ...Object.values(target).flatMap((t) => targetComplaints(path, t, files)),
  ]
}

/** Every compiled file has its declarations and maps, every map its source. */
function compiledComplaints(folder, file, files) {
  if (file.endsWith('.map')) {
    const { sources } = JSON.parse(readFileSync(join(folder, file), 'utf8'))
    return sources
      .map((source) => join(dirname(file), source))
      .filter((source) => !existsSync(join(folder, source)))
      .map((source) => `${file}: its source ${source} is not in it (left over? remove dist and build)`)
  }
  const stem = /^(dist\/.*?)(\.d\.ts|\.js)$/.exec(file)?.[1]
  if (stem === undefined) return []
  const generated = file.startsWith('dist/generated/')
  const wanted = generated ? ['.js', '.d.ts'] : ['.js', '.js.map', '.d.ts', '.d.ts.map']
  return wanted.filter((end) => !files.includes(stem + end)).map((end) => `${file}: no ${stem + end}`)
}

/** Declarations that others see import what the manifest names, nothing that only happens to be installed. */
function declarationComplaints(folder, manifest) {
  const declared = { ...manifest.dependencies, ...manifest.peerDependencies }
  const found = []
  const seen = new Set()
  const waiting = Object.values(manifest.exports).flatMap((target) => target.types ?? [])
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(normal(file)) || !existsSync(join(folder, file))) continue
    seen.add(normal(file))
    for (const specifier of importsOf(readFileSync(join(folder, file), 'utf8'))) {
      if (specifier.startsWith('.')) waiting.push(join(dirname(file), specifier.replace(/\.[jt]s$/, '.d.ts')))
      else if (!specifier.startsWith('#') && !(packageOf(specifier) in declared))
        found.push(`${normal(file)}: its types need ${specifier}, which is not among its dependencies`)
    }
  }
  return found
}

function importsOf(text) {
  const pattern = /(?:(?<!['"])\bfrom|\bimport|\brequire\s*\(|\bimport\s*\()\s*['"]([^'"]+)['"]/g
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '')
  return [...code.matchAll(pattern)].map(([, specifier]) => specifier)
}

function packageOf(specifier) {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

function normal(path) {
  return path.replace(/^\.\//, '')
}
