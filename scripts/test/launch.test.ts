/** The root scripts print what the program prints on stdout, and nothing of their own. */
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const versionOf = (app: string): string =>
  (JSON.parse(readFileSync(join(root, 'apps', app, 'package.json'), 'utf8')) as { version: string }).version
const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0

// Programs are found on the PATH: what this checkout was installed with, whatever runs the tests.
const run = (command: string, ...args: string[]): string =>
  execFileSync(command, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })

describe('root scripts', { timeout: 300_000 }, () => {
  it('start the programs through node and npm', () => {
    expect(run('node', 'scripts/launch.mjs', 'cli', '--version')).toBe(`${versionOf('cli')}\n`)
    expect(run('node', 'scripts/launch.mjs', 'node', '--', '--version')).toBe(`${versionOf('node')}\n`)
    expect(run('npm', 'run', '-s', 'status', '--', '--version')).toBe(`${versionOf('cli')}\n`)
    expect(run('npm', 'run', '-s', 'status-node', '--', '--version')).toBe(`${versionOf('node')}\n`)
  })

  it.runIf(has('pnpm'))('start the programs through pnpm', () => {
    expect(run('pnpm', 'status', '--version')).toBe(`${versionOf('cli')}\n`)
    expect(run('pnpm', 'status-node', '--version')).toBe(`${versionOf('node')}\n`)
    expect(run('pnpm', 'test:vectors', 'ecies.json')).toBe('vectors ecies.json: 36/36\n')
  })

  it('hand on exit codes and stdin', () => {
    const { status, stdout, stderr } = spawnSync('node', ['scripts/launch.mjs', 'cli', 'no-such-command'], {
      cwd: root,
      encoding: 'utf8',
    })
    expect([status === 0, stdout]).toEqual([false, ''])
    expect(stderr).toContain('no-such-command')
  })

  it.each(['bench', 'soak'])('%s refuses names that it does not have, on stderr', (script) => {
    const { status, stdout, stderr } = spawnSync('node', [`scripts/${script}.mjs`, 'no-such-name'], {
      cwd: root,
      encoding: 'utf8',
    })
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^there is no \w+ no-such-name; there are /)
  })
})
