/** `status-node` as an operator starts it: a process, real sockets on loopback, data in a fresh directory. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** `E2E_FROM_SOURCE=1` runs the TypeScript sources instead of what was built. */
const fromSource = process.env.E2E_FROM_SOURCE === '1'
const tsx = new URL('../../../scripts/lib/tsx.mjs', import.meta.url).href
const sourceFlags = fromSource ? ['--conditions=@status-protocol/source', '--import', tsx] : []
const main = fileURLToPath(
  new URL(`../${fromSource ? 'src' : 'dist'}/main.${fromSource ? 'ts' : 'js'}`, import.meta.url),
)

/** Arguments for `node` that start the program. */
export const NODE_MAIN: readonly string[] = [...sourceFlags, main]

/** Everything a test starts, stopped and removed by {@link stopAll}. */
const started: (() => unknown)[] = []

export async function stopAll(): Promise<void> {
  for (const stop of started.splice(0).reverse()) await stop()
}

export function atTheEnd(stop: () => unknown): void {
  started.push(stop)
}

export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'status-node-e2e-'))
  atTheEnd(() => rmSync(path, { recursive: true, force: true }))
  return path
}

export interface Ready {
  readonly event: 'ready'
  readonly enode: string
  readonly listen: string
  readonly dataDir: string
  readonly metrics?: string
  readonly [field: string]: unknown
}

export interface NodeProcess {
  readonly ready: Ready
  readonly dataDir: string
  readonly pid: number
  /** What it said on standard output so far, the ready event first. */
  readonly events: Record<string, unknown>[]
  /** Standard error so far. */
  log(): string
  /** Closes the pipes that it prints to. */
  stopReading(): void
  /** Its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** Resolves when it is ready. `--json`, any free port, a fresh data directory unless told otherwise. */
export async function startNode(
  args: readonly string[] = [],
  place: { readonly dataDir?: string } = {},
): Promise<NodeProcess> {
  const dataDir = place.dataDir ?? temporaryDirectory()
  const defaults = args.includes('--listen') ? [] : ['--listen', '127.0.0.1:0']
  const child = spawn(process.execPath, [
    ...NODE_MAIN,
    ...[...defaults, '--data-dir', dataDir, '--json'],
    ...args,
  ])
  const exited = exitOf(child)
  const errors: string[] = []
  child.stderr.on('data', (piece: Buffer) => errors.push(piece.toString()))
  const events: Record<string, unknown>[] = []
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal)
    return exited
  }
  atTheEnd(() => stop('SIGKILL'))
  const ready = await new Promise<Ready>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const event = JSON.parse(line) as Record<string, unknown>
      events.push(event)
      if (event.event === 'ready') resolve(event as Ready)
    })
    void exited.then((code) => reject(new Error(`status-node ended with ${code}: ${errors.join('')}`)))
  })
  const stopReading = () => {
    child.stdout.destroy()
    child.stderr.destroy()
  }
  return { ready, dataDir, pid: child.pid ?? 0, events, log: () => errors.join(''), stopReading, stop }
}

export interface Run {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** To its end. */
export async function runNode(args: readonly string[], env: Record<string, string> = {}): Promise<Run> {
  const child = spawn(process.execPath, [...NODE_MAIN, ...args], { env: { ...process.env, ...env } })
  const [stdout, stderr]: [string[], string[]] = [[], []]
  child.stdout.on('data', (piece: Buffer) => stdout.push(piece.toString()))
  child.stderr.on('data', (piece: Buffer) => stderr.push(piece.toString()))
  child.stdin.end()
  const timer = setTimeout(() => child.kill('SIGKILL'), 60_000)
  const code = await exitOf(child)
  clearTimeout(timer)
  return { code, stdout: stdout.join(''), stderr: stderr.join('') }
}

/** As in `status-node ... | head -1`, when head has gone. */
export async function runUnread(args: readonly string[]): Promise<Omit<Run, 'stdout'>> {
  const child = spawn(process.execPath, [...NODE_MAIN, ...args])
  const stderr: string[] = []
  child.stdout.destroy()
  child.stderr.on('data', (piece: Buffer) => stderr.push(piece.toString()))
  child.stdin.end()
  const code = await exitOf(child)
  return { code, stderr: stderr.join('') }
}

/** Waits until there is a value; how long it takes is not judged, only that it happens. */
export async function until<T>(
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  what: string,
): Promise<T> {
  for (const deadline = Date.now() + 30_000; ; await new Promise((resolve) => setTimeout(resolve, 20))) {
    const value = await probe()
    if (value) return value
    if (Date.now() > deadline) throw new Error(`did not happen within 30 s: ${what}`)
  }
}

function exitOf(child: ChildProcessWithoutNullStreams): Promise<number | null> {
  return new Promise((resolve) => child.once('close', (code) => resolve(code)))
}
