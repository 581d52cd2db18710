import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { makeDataDir } from '../src/data-dir.ts'

const folder = mkdtempSync(join(tmpdir(), 'status-data-dir-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('is made with its parents, for its owner alone, and may be there', () => {
  const path = join(folder, 'a', 'b', 'c')
  makeDataDir(path)
  makeDataDir(path)
  for (const made of [path, join(folder, 'a')]) expect(statSync(made).mode & 0o777).toBe(0o700)
})

it('is refused in one line where none can be made', () => {
  writeFileSync(join(folder, 'file'), '')
  expect(() => makeDataDir(join(folder, 'file'))).toThrow(
    /^data directory .*file is no directory; choose another/,
  )
  expect(() => makeDataDir(join(folder, 'file', 'x'))).toThrow(
    /^data directory .*x cannot be made \((?:ENOTDIR|EEXIST): [a-z ]+\); choose another/,
  )
})

it.skipIf(!existsSync('/proc/self'))('is refused under /proc, where Node would try for ever', () => {
  for (const path of ['/proc/status-node', '/proc/status/node'])
    expect(() => makeDataDir(path)).toThrow(/cannot be made \(ENOENT: no such file or directory\)/)
})
