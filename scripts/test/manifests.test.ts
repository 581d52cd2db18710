/** What every package.json and tsconfig.json of the workspace says, and that it says what is true. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const SCOPE = '@status-protocol/'

interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly exports: Readonly<Record<string, unknown>>
  readonly bin?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly [field: string]: unknown
}

const json = <T>(...path: string[]): T => JSON.parse(readFileSync(join(...path), 'utf8')) as T
const folders = ['packages', 'apps'].flatMap((kind) =>
  readdirSync(join(root, kind))
    .map((name) => join(root, kind, name))
    .filter((dir) => existsSync(join(dir, 'package.json'))),
)
const workspace = folders.map(
  (dir) => [dir.slice(root.length), dir, json<Manifest>(dir, 'package.json')] as const,
)

function sourcesOf(dir: string): string {
  return readdirSync(join(dir, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|js)$/.test(file))
    .map((file) => readFileSync(join(dir, 'src', file), 'utf8'))
    .join('\n')
}

const runtimeDependencies = ({ dependencies, optionalDependencies, peerDependencies }: Manifest): string[] =>
  Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })

describe.each(workspace)('%s', (folder, dir, manifest) => {
  it('says what every package says', () => {
    expect(manifest).toMatchObject({
      name: SCOPE + basename(dir),
      license: expect.stringMatching(/^MIT( AND |$)/),
      type: 'module',
      engines: { node: '>=20.19' },
      repository: { directory: folder },
      files: expect.arrayContaining(['dist', 'src', '!**/*.tsbuildinfo']),
    })
    expect(manifest.description, 'description').toEqual(expect.stringMatching(/\S{3,}/))
    expect(manifest.sideEffects, 'sideEffects').toBeDefined()
    expect(manifest.exports['./package.json']).toBe('./package.json')
    if (!manifest.private) expect(manifest.publishConfig).toEqual({ access: 'public' })
  })

  it('depends on what its sources use and on nothing else', () => {
    const sources = sourcesOf(dir)
    const unused = runtimeDependencies(manifest).filter(
      (name) =>
        !sources.includes(`'${name}'`) && !sources.includes(`'${name}/`) && !sources.includes(`"${name}/`),
    )
    expect(unused).toEqual([])
  })

  it('is compiled after the packages that it depends on', () => {
    const { references } = json<{ references: { path: string }[] }>(dir, 'tsconfig.json')
    const ours = runtimeDependencies(manifest).filter((name) => name.startsWith(SCOPE))
    expect(references.map(({ path }) => SCOPE + basename(path)).sort()).toEqual(ours.sort())
  })

  it('takes versions from the catalog and its neighbours from the workspace', () => {
    const { dependencies, optionalDependencies, devDependencies } = manifest as Manifest & {
      devDependencies?: Record<string, string>
    }
    for (const [name, range] of Object.entries({
      ...dependencies,
      ...optionalDependencies,
      ...devDependencies,
    }))
      expect(range, name).toBe(name.startsWith(SCOPE) ? 'workspace:^' : 'catalog:')
  })

  it('tells who takes it alone to install all that its examples import', () => {
    if (manifest.private || manifest.bin) return
    const readme = readFileSync(join(dir, 'README.md'), 'utf8')
    const installed = /^npm install (.*)$/m.exec(readme)?.[1]?.split(' ')
    const examples = [...readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code).join('\n')
    const imported = [...examples.matchAll(/from '((?:@[^/']+\/)?[^/'.][^/']*)/g)].map(
      ([, name]) => name as string,
    )
    const packages = imported.filter((name) => !name.startsWith('node:'))
    expect(installed).toEqual([
      manifest.name,
      ...new Set(packages.filter((name) => name !== manifest.name).sort()),
    ])
  })

  it('has programs that say what runs them', () => {
    for (const target of Object.values(manifest.bin ?? {})) {
      const source = target.replace(/\/dist\/(.*)\.js$/, '/src/$1.ts')
      expect(readFileSync(join(dir, source), 'utf8').split('\n')[0]).toBe('#!/usr/bin/env node')
      const older = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.18.3"})'
      const { status, stderr } = spawnSync(process.execPath, ['--import', older, join(dir, target)])
      expect(stderr.toString()).toMatch(
        /^status[-\w]*: Node\.js >= 20\.19 is needed, this is 20\.18\.3\. Get one from .*\n$/,
      )
      expect(status).toBe(1)
    }
  })
})

describe('the workspace', () => {
  it('has a change set for every package that is published', () => {
    const text = readdirSync(join(root, '.changeset'))
      .filter((file) => file.endsWith('.md'))
      .map((file) => readFileSync(join(root, '.changeset', file), 'utf8'))
      .join('\n')
    const unreleased = workspace.filter(
      ([, , { private: isPrivate, version }]) => !isPrivate && version === '0.0.0',
    )
    for (const [, , { name }] of unreleased) expect(text).toContain(`'${name}':`)
  })

  it('uses everything in its catalog', () => {
    const catalog = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')
      .split('\ncatalog:\n')[1]
      ?.split('\n\n')[0]
    const names = [...(catalog ?? '').matchAll(/^ {2}"?([^":\s]+)"?:/gm)].map(([, name]) => name)
    const manifests = [root, ...folders]
      .map((dir) => readFileSync(join(dir, 'package.json'), 'utf8'))
      .join('\n')
    expect(names.length).toBeGreaterThan(10)
    expect(names.filter((name) => !manifests.includes(`"${name}": "catalog:"`))).toEqual([])
  })
})
