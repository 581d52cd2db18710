import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
// @ts-expect-error a script without types
import { brokenArrows as untyped } from '../arrows.mjs'

const brokenArrows = untyped as (root: string) => string[]
const root = fileURLToPath(new URL('../..', import.meta.url))
const copies: string[] = []

/** A copy of all sources and manifests with one more file in it. */
function copyWith(file: string, source: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'arrows-'))
  copies.push(copy)
  for (const kind of ['packages', 'apps'])
    cpSync(join(root, kind), join(copy, kind), {
      recursive: true,
      filter: (path) => !/node_modules|[\\/](dist|test|\.turbo)([\\/]|$)/.test(path.slice(root.length)),
    })
  mkdirSync(dirname(join(copy, file)), { recursive: true })
  writeFileSync(join(copy, file), source)
  return copy
}

afterAll(() => {
  for (const copy of copies) rmSync(copy, { recursive: true, force: true })
})

describe('arrows of ARCHITECTURE.md', () => {
  it('hold', () => {
    expect(brokenArrows(root)).toEqual([])
  })

  it.each([
    [
      'one protocol package imports another',
      'whisper',
      "import '@status-protocol/payload'",
      'whisper must not import payload',
    ],
    [
      'messenger imports the P2P layer',
      'messenger',
      "import '@status-protocol/p2p-devp2p'",
      'messenger must not import p2p-devp2p',
    ],
    [
      'a protocol package imports a store',
      'mvds',
      "import { x } from '@status-protocol/storage-memory'",
      'mvds must not import storage-memory',
    ],
    [
      'a Node built-in outside an adapter',
      'whisper',
      "import { readFileSync } from 'node:fs'",
      'imports node:fs outside its adapters',
    ],
    ['the same without its prefix', 'payload', "import fs from 'fs'", 'imports fs outside its adapters'],
    [
      'src imports testkit',
      'trust',
      "import type { SeededRandom } from '@status-protocol/testkit'",
      'src imports testkit',
    ],
    ['a file imports its own index', 'crypto', "export * from './index.ts'", 'imports its own package index'],
    [
      'a package imports itself by name',
      'crypto',
      "import '@status-protocol/crypto'",
      'imports its own package by name',
    ],
    ['a deep import', 'whisper', "import '@status-protocol/crypto/src/noble.ts'", 'deep import'],
    [
      'a relative way into another package',
      'whisper',
      "import '../../crypto/src/noble.ts'",
      'outside its own src',
    ],
    [
      'devp2p outside its folder',
      'p2p-devp2p',
      "import('@ethereumjs/devp2p')",
      'imports @ethereumjs/devp2p outside',
    ],
    ['an undeclared dependency', 'bytes', "import 'left-pad'", 'left-pad is not among its dependencies'],
  ])('%s: noticed', (_what, name, source, said) => {
    const file = `packages/${name}/src/broken-arrow.ts`
    const broken = brokenArrows(copyWith(file, `${source}\n`))
    expect(broken.join('\n')).toContain(file)
    expect(broken.join('\n')).toContain(said)
  })

  it('allows the exceptions it names', () => {
    const copy = copyWith(
      'packages/crypto/src/node/fine.ts',
      "import { createHash } from 'node:crypto'\nexport { createHash }\n",
    )
    expect(brokenArrows(copy)).toEqual([])
  })

  it('is part of npm test', () => {
    expect(readFileSync(join(root, 'scripts/test.mjs'), 'utf8')).toContain('arrows')
  })
})
