import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Why power cannot be cut here, or undefined. */
export const whyNoPowerLoss =
  process.platform !== 'linux'
    ? 'only on Linux'
    : spawnSync('cc', ['--version']).status === 0
      ? undefined
      : 'there is no C compiler'

/**
 * A directory whose power can be cut: afterwards it holds what was synced, and nothing else. `env` is for the processes
 * that write there; they have to be gone before `cut`. See `unsynced-writes.c`.
 */
export function createPowerLoss(directory) {
  const work = mkdtempSync(join(tmpdir(), 'status-power-'))
  const library = join(work, 'unsynced-writes.so')
  const source = fileURLToPath(new URL('unsynced-writes.c', import.meta.url))
  const built = spawnSync('cc', ['-shared', '-fPIC', '-O1', '-w', '-o', library, source, '-ldl'], {
    encoding: 'utf8',
  })
  if (built.status !== 0) throw new Error(`cc: ${built.stderr}`)
  const copy = join(work, 'durable')
  for (const folder of ['n', 'i']) mkdirSync(join(copy, folder), { recursive: true })
  const names = () => readdirSync(join(copy, 'n'))
  return {
    env: { LD_PRELOAD: library, DURABLE_OF: directory, DURABLE_COPY: copy },
    /** What is there now, in the directory itself, is durable. */
    settle() {
      for (const { name } of readdirSync(directory, { withFileTypes: true }).filter((entry) =>
        entry.isFile(),
      ))
        cpSync(join(directory, name), join(copy, 'n', `!${name}`))
    },
    /** Returns the files that are left. */
    cut() {
      rmSync(directory, { recursive: true, force: true })
      mkdirSync(directory, { recursive: true })
      for (const name of names()) {
        const path = join(directory, ...name.split('!'))
        mkdirSync(dirname(path), { recursive: true })
        cpSync(join(copy, 'n', name), path)
      }
      // What is there now has never been written by those processes: its inodes are others.
      rmSync(join(copy, 'i'), { recursive: true })
      mkdirSync(join(copy, 'i'))
      return names().map((name) => name.replaceAll('!', '/').replace(/^\//, ''))
    },
    end() {
      if (existsSync(work)) rmSync(work, { recursive: true, force: true })
    },
  }
}
