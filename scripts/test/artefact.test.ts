import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
// @ts-expect-error a script without types
import { artefactComplaints as untyped } from '../lib/artefact.mjs'

const artefactComplaints = untyped as (folder: string, origin: string) => string[]
const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const MANIFEST = {
  type: 'module',
  sideEffects: false,
  exports: {
    '.': {
      '@status-protocol/source': './src/index.ts',
      types: './dist/index.d.ts',
      default: './dist/index.js',
    },
    './package.json': './package.json',
  },
  dependencies: { a: '^1.0.0' },
}
const MAP = JSON.stringify({ sources: ['../src/index.ts'] })
const FILES: Record<string, string> = {
  'package.json': JSON.stringify(MANIFEST),
  'README.md': '',
  LICENSE: '',
  'src/index.ts': '',
  'dist/index.js': '',
  'dist/index.js.map': MAP,
  'dist/index.d.ts': '',
  'dist/index.d.ts.map': MAP,
  'dist/generated/codec.js': '',
  'dist/generated/codec.d.ts': '',
}

function folderOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'artefact-'))
  folders.push(folder)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

function complaints(
  changes: Record<string, string | undefined>,
  manifest: object = {},
  origin: object = {},
): string[] {
  const files = Object.entries({
    ...FILES,
    'package.json': JSON.stringify({ ...MANIFEST, ...manifest }),
    ...changes,
  }).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const from = { 'package.json': JSON.stringify({ ...MANIFEST, ...origin }) }
  return artefactComplaints(folderOf(Object.fromEntries(files)), folderOf(from))
}

const exportsOf = (target: unknown) => ({ exports: { '.': target } })

describe('a package as it was packed', () => {
  it('is fine as it should be', () => {
    expect(complaints({})).toEqual([])
  })

  it.each<[string, Record<string, string | undefined>]>([
    ['lacks LICENSE', { LICENSE: undefined }],
    ['lacks README.md', { 'README.md': undefined }],
    ['ships dist/.tsbuildinfo', { 'dist/.tsbuildinfo': '' }],
    ['ships test/a.test.ts', { 'test/a.test.ts': '' }],
    ['dist/index.js: no dist/index.d.ts', { 'dist/index.d.ts': undefined }],
    ['dist/index.js: no dist/index.js.map', { 'dist/index.js.map': undefined }],
    ['dist/generated/codec.js: no dist/generated/codec.d.ts', { 'dist/generated/codec.d.ts': undefined }],
    [
      'dist/deep.d.ts: its types need long, which is not among its dependencies',
      {
        'dist/index.d.ts': "export * from './deep.js'\nexport type { A } from 'a/b'",
        'dist/deep.d.ts': "/** import 'b' */\nimport Long = require('long')",
      },
    ],
    ['dist/index.js.map: its source src/index.ts is not in it', { 'src/index.ts': undefined }],
  ])('%s', (said, changes) => {
    expect(complaints(changes).join('\n')).toContain(said)
  })

  it.each<[string, object]>([
    ['depends on a workspace:^', { dependencies: { a: 'workspace:^' } }],
    ['depends on a catalog:', { peerDependencies: { a: 'catalog:' } }],
    ['does not say sideEffects', { sideEffects: undefined }],
    ['is not of type module', { type: 'commonjs' }],
    ['.: ./dist/lost.js is not in it', exportsOf('./dist/lost.js')],
    [
      '.: conditions are types, default',
      exportsOf({ types: './dist/index.d.ts', default: './dist/index.js' }),
    ],
    ['bin ./dist/main.js is not in it', { bin: { a: './dist/main.js' } }],
  ])('%s', (said, manifest) => {
    expect(complaints({}, manifest).join('\n')).toContain(said)
  })

  it('keeps its imports map', () => {
    const imports = { '#x': MANIFEST.exports['.'] }
    expect(complaints({}, { imports }, { imports })).toEqual([])
    expect(complaints({}, {}, { imports })).toEqual(['lost its imports map'])
  })
})
