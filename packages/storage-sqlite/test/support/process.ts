import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, renameSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { toHex } from '@status-protocol/bytes'
import { build } from 'esbuild'

const packageFolder = fileURLToPath(new URL('../..', import.meta.url))
const bundles = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url))

/** A program as one file of plain JavaScript: it starts in a tenth of the time. Beside node_modules, to find SQLite there. */
export async function bundleChild(name: 'child' | 'archive-child' = 'child'): Promise<string> {
  mkdirSync(bundles, { recursive: true })
  const [outfile, unfinished] = [`${bundles}${name}.mjs`, `${bundles}${name}.mjs.${process.pid}`]
  await build({
    entryPoints: [`${packageFolder}test/support/${name}.ts`],
    outfile: unfinished,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@status-protocol/source'],
    logLevel: 'error',
  })
  renameSync(unfinished, outfile) // test files of other processes make the same one at the same time
  return outfile
}

export interface Child {
  /** All lines so far. */
  readonly lines: readonly string[]
  /** Resolves with the first line that fits; rejects when the process ends before. */
  line(fits: (line: string) => boolean): Promise<string>
  /** SIGKILL; resolves when the process is gone and all that it said was read. */
  kill(): Promise<void>
}

export function startChild(file: string, mode: string, directory: string, ...keys: Uint8Array[]): Child {
  return startChildWith({}, file, mode, directory, ...keys)
}

export function startChildWith(
  env: Readonly<Record<string, string>>,
  file: string,
  mode: string,
  directory: string,
  ...keys: Uint8Array[]
): Child {
  const child = spawn(process.execPath, [file, mode, directory, ...keys.map(toHex)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  const lines: string[] = []
  const waiting = new Set<() => void>()
  const wakeAll = () => {
    for (const wake of waiting) wake()
  }
  createInterface({ input: child.stdout! }).on('line', (line) => {
    lines.push(line)
    wakeAll()
  })
  const gone = new Promise<void>((resolve) => child.on('close', () => resolve()))
  void gone.then(wakeAll)
  return {
    lines,
    line: (fits) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = lines.find(fits)
          if (found === undefined && isRunning(child)) return
          waiting.delete(look)
          if (found === undefined) reject(new Error(`the process ended after: ${lines.slice(-3).join(', ')}`))
          else resolve(found)
        }
        waiting.add(look)
        look()
      }),
    async kill() {
      child.kill('SIGKILL')
      await gone
    },
  }
}

const isRunning = (child: ChildProcess) => child.exitCode === null && child.signalCode === null
