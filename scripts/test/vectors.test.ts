/** `pnpm test:vectors` as a program: what it prints, and that a changed value makes it fail. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { caseTitle, flips, kindFor, type VectorFile } from '@status-protocol/testkit'
import { afterAll, describe, expect, it } from 'vitest'
import { loadVectorSuites } from '../lib/vector-suites.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const suites = await loadVectorSuites()
const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** A copy of some golden files (all unless said), with changes. */
function copyOf(files?: readonly string[], changes: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'vectors-'))
  folders.push(folder)
  for (const file of files ?? readdirSync(join(root, 'vectors')))
    cpSync(join(root, 'vectors', file), join(folder, file))
  for (const [file, text] of Object.entries(changes)) writeFileSync(join(folder, file), text)
  return folder
}

function run(VECTORS_DIR: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/vectors.mjs', ...args], {
    cwd: root,
    env: { ...process.env, VECTORS_DIR },
    encoding: 'utf8',
  })
  const lines = stdout.trim().split('\n')
  return { status, stderr, lines, files: lines.filter((line) => line.startsWith('vectors ')) }
}

function golden(file: string): VectorFile {
  return JSON.parse(readFileSync(join(root, 'vectors', file), 'utf8')) as VectorFile
}

describe('test:vectors', { timeout: 300_000 }, () => {
  it('prints one line a file, skips and lists what the folder does not have', () => {
    const folder = copyOf(['ecies.json', 'mvds.json', 'reference-defects.json'])
    for (const directory of [folder, relative(root, folder)]) {
      const { status, lines, files } = run(directory)
      expect(status).toBe(0)
      expect(files).toEqual(['vectors ecies.json: 36/36', 'vectors mvds.json: 36/36'])
      const absent = suites.map(({ file }) => file).filter((f) => !['ecies.json', 'mvds.json'].includes(f))
      expect(lines.slice(2)).toEqual([`absent from the folder: ${absent.join(', ')}`])
    }
  })

  it('fails on one changed value in a file and names file and case, in every file', () => {
    const changes: Record<string, string> = {}
    const titles: string[] = []
    const expected: string[] = []
    for (const suite of suites) {
      const file = golden(suite.file)
      const index = Math.floor(file.cases.length / 2)
      const c = file.cases[index]!
      const cases = [...file.cases]
      cases[index] = [...flips(kindFor(suite, c), c)].at(-1)!.flipped
      changes[suite.file] = JSON.stringify({ ...file, cases })
      titles.push(`${suite.file} ${caseTitle(c, index)}: `)
      expected.push(`vectors ${suite.file}: ${cases.length - 1}/${cases.length}`)
    }
    const { status, stderr, files } = run(copyOf(undefined, changes))
    expect(status).toBe(1)
    expect(files).toEqual(expected)
    for (const title of titles) expect(stderr).toContain(title)
    expect(stderr).toContain(`${suites.length} of ${suites.length} files differ`)
  })

  it('fails on an unknown kind in a known file', () => {
    const file = golden('ecies.json')
    const cases = [...file.cases, { kind: 'of-tomorrow', name: 'new' }]
    const { status, stderr, files } = run(copyOf([], { 'ecies.json': JSON.stringify({ ...file, cases }) }))
    expect(status).toBe(1)
    expect(files).toEqual(['vectors ecies.json: 36/37'])
    expect(stderr).toContain('ecies.json #36 of-tomorrow new: ecies.json: unknown kind "of-tomorrow"')
  })

  it.each<[string, Record<string, string>, string[], string]>([
    ['that is no JSON', { 'ecies.json': '{' }, [], 'ecies.json: '],
    ['without cases', { 'ecies.json': '{}' }, [], 'ecies.json: has no list of cases'],
    ['that no suite reads', { 'ecies.json': '{"cases":[]}' }, ['ecies.jsn'], 'no suite reads ecies.jsn'],
    ['at all', {}, [], 'nothing to check in '],
  ])('fails on a file %s', (_what, changes, args, said) => {
    const { status, stderr, files } = run(copyOf([], changes), ...args)
    expect(status).toBe(1)
    expect(files).toEqual([])
    expect(stderr).toContain(said)
    expect(stderr).not.toMatch(/^ +at /m)
  })

  it('fails where there is no folder', () => {
    const { status, stderr } = run('/nonexistent/vectors')
    expect(status).toBe(1)
    expect(stderr).toBe('VECTORS_DIR: there is no folder /nonexistent/vectors/\n')
  })

  it('has no two suites of one file', () => {
    expect(new Set(suites.map(({ file }) => file)).size).toBe(suites.length)
  })

  it.each(suites.map((suite) => [suite.file, suite] as const))('%s: an unknown kind fails', (file, suite) => {
    const strange = { ...golden(file).cases[0], kind: 'of-tomorrow' }
    expect(() => kindFor(suite, strange)).toThrow(`${file}: unknown kind "of-tomorrow`)
  })
})
