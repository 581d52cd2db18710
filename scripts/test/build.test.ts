/** Installing and building only when something changed, one at a time, in a workspace whose pnpm only keeps a diary. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const LOCK = 'node_modules/.cache/status-protocol/lock'
const folders: string[] = []
const processes: ChildProcess[] = []

afterEach(() => {
  for (const child of processes.splice(0)) killGroup(child)
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** Writes what it is asked to do into `diary`; a build takes `BUILD_SECONDS` and fails if there is a file `broken`. */
const PNPM = `#!/bin/sh
case "$1" in
  --version) echo 10.34.9 ;;
  install) echo install >> diary; echo noise; mkdir -p node_modules; touch node_modules/.modules.yaml ;;
  exec)
    echo build begins >> diary; echo noise
    [ -f packages/a/dist/.tsbuildinfo ] || echo from scratch >> diary
    sleep "\${BUILD_SECONDS:-0}"
    [ ! -f broken ] || exit 3
    mkdir -p packages/a/dist; touch packages/a/dist/.tsbuildinfo
    echo build ends >> diary ;;
esac
`

function workspace() {
  const folder = mkdtempSync(join(tmpdir(), 'build-'))
  folders.push(folder)
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  cpSync(join(root, 'scripts/lib'), join(folder, 'scripts/lib'), { recursive: true })
  write(
    'program.mjs',
    "import { ensureBuilt } from './scripts/lib/workspace.mjs'\nensureBuilt()\nconsole.log('ran')\n",
  )
  write('package.json', '{ "packageManager": "pnpm@10.34.9", "type": "module" }')
  write('pnpm-workspace.yaml', '')
  write('pnpm-lock.yaml', '')
  write('turbo.json', '{}')
  write('tsconfig.base.json', '{}')
  write('packages/a/package.json', '{}')
  write('packages/a/tsconfig.json', '{}')
  write('packages/a/src/index.ts', 'export {}\n')
  mkdirSync(join(folder, 'apps'))
  write('bin/pnpm', PNPM)
  chmodSync(join(folder, 'bin/pnpm'), 0o755)

  const start = (env: Record<string, string> = {}, args: readonly string[] = []) => {
    const PATH = [join(folder, 'bin'), process.env.PATH].join(delimiter)
    const child = spawn(process.execPath, ['program.mjs', ...args], {
      cwd: folder,
      env: { ...process.env, PATH, ...env },
      // A group of its own, so that what it starts can be killed with it.
      detached: true,
    })
    processes.push(child)
    const said = { stdout: '', stderr: '' }
    child.stdout.on('data', (data) => {
      said.stdout += data
    })
    child.stderr.on('data', (data) => {
      said.stderr += data
    })
    const ended = once(child, 'close').then(([code]) => ({ ...said, code: code as number | null }))
    return { child, ended }
  }
  return {
    folder,
    write,
    start,
    run: (env?: Record<string, string>) => start(env).ended,
    /** What pnpm was asked to do since the last look. */
    diary(): string[] {
      const path = join(folder, 'diary')
      if (!existsSync(path)) return []
      const lines = readFileSync(path, 'utf8').trim().split('\n')
      rmSync(path)
      return lines
    },
  }
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // it is gone
  }
}

async function until(condition: () => boolean, what: string): Promise<void> {
  for (const deadline = Date.now() + 20_000; !condition(); await new Promise((r) => setTimeout(r, 10)))
    if (Date.now() > deadline) throw new Error(`did not happen: ${what}`)
}

const BUILD = ['build begins', 'build ends']

describe('programs of a checkout', () => {
  it('install and build at first, then nothing, and say nothing on stdout', async () => {
    const { run, diary } = workspace()
    const first = await run()
    expect(first).toMatchObject({ stdout: 'ran\n', code: 0 })
    expect(first.stderr).toContain('noise')
    expect(diary()).toEqual(['install', 'build begins', 'from scratch', 'build ends'])
    expect(await run()).toEqual({ stdout: 'ran\n', stderr: '', code: 0 })
    expect(diary()).toEqual([])
  })

  it('say why help takes so long, where it does', async () => {
    const { start } = workspace()
    expect((await start({}, ['--help']).ended).stderr).toMatch(
      /^help is what the program says of itself: .*built first/,
    )
    expect(await start({}, ['--help']).ended).toEqual({ stdout: 'ran\n', stderr: '', code: 0 })
  })

  it.each<[what: string, change: (w: ReturnType<typeof workspace>) => void, then: string[]]>([
    ['a source', (w) => w.write('packages/a/src/index.ts', 'export const a = 1\n'), BUILD],
    ['a new source', (w) => w.write('packages/a/src/deep/b.ts', 'export {}\n'), BUILD],
    ['the time of a source', (w) => utimesSync(join(w.folder, 'packages/a/src/index.ts'), 1, 1), BUILD],
    [
      'a manifest',
      (w) => w.write('packages/a/package.json', '{ "version": "1.0.0" }'),
      ['install', ...BUILD],
    ],
    ['the lockfile', (w) => w.write('pnpm-lock.yaml', 'a: 1'), ['install']],
    ['the catalog', (w) => w.write('pnpm-workspace.yaml', 'a: 1'), ['install']],
    [
      'a compiler option of a package',
      (w) => w.write('packages/a/tsconfig.json', '{ "a": 1 }'),
      ['build begins', 'from scratch', 'build ends'],
    ],
    [
      'a compiler option of all packages',
      (w) => w.write('tsconfig.base.json', '{ "a": 1 }'),
      ['build begins', 'from scratch', 'build ends'],
    ],
    [
      'dist, by its absence',
      (w) => rmSync(join(w.folder, 'packages/a/dist'), { recursive: true }),
      ['build begins', 'from scratch', 'build ends'],
    ],
    ['a test', (w) => w.write('packages/a/test/a.test.ts', ''), []],
  ])('notice that %s changed', async (_what, change, then) => {
    const w = workspace()
    await w.run()
    w.diary()
    change(w)
    expect(await w.run()).toMatchObject({ stdout: 'ran\n', code: 0 })
    expect(w.diary()).toEqual(then)
  })

  it('end with the code of a build that fails, and build again next time', async () => {
    const { folder, run, write, diary } = workspace()
    write('broken', '')
    expect(await run()).toMatchObject({ stdout: '', code: 3 })
    expect(existsSync(join(folder, LOCK))).toBe(false)
    rmSync(join(folder, 'broken'))
    diary()
    expect(await run()).toMatchObject({ stdout: 'ran\n', code: 0 })
    expect(diary()).toEqual(['build begins', 'from scratch', 'build ends'])
  })
})

describe('programs started at once', () => {
  it('build once; the others wait for it', async () => {
    const { run, diary } = workspace()
    const all = await Promise.all([1, 2, 3, 4].map(() => run({ BUILD_SECONDS: '1' })))
    for (const one of all) expect(one).toMatchObject({ stdout: 'ran\n', code: 0 })
    expect(diary()).toEqual(['install', 'build begins', 'from scratch', 'build ends'])
    expect(all.filter(({ stderr }) => stderr.includes('waiting for process')).length).toBeGreaterThan(0)
  })

  it('take over from one that was killed at work', async () => {
    const { folder, start, run, diary } = workspace()
    const killed = start({ BUILD_SECONDS: '30' })
    await until(() => existsSync(join(folder, LOCK)), 'the lock')
    killGroup(killed.child)
    await once(killed.child, 'exit')
    diary()
    const both = await Promise.all([run(), run()])
    for (const one of both) expect(one).toMatchObject({ stdout: 'ran\n', code: 0 })
    expect(diary().filter((line) => line === 'build ends')).toHaveLength(1)
    expect(existsSync(join(folder, LOCK))).toBe(false)
  })
})
