/** The programs as a user starts them: processes, real sockets on loopback, data in fresh directories. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createRpcClient, type RpcClient } from '@status-protocol/rpc'
import { ROUTES } from '../src/serve/routes.ts'

/** `E2E_FROM_SOURCE=1` runs the TypeScript sources instead of what was built. */
const fromSource = process.env.E2E_FROM_SOURCE === '1'
const tsx = new URL('../../../scripts/lib/tsx.mjs', import.meta.url).href
const sourceFlags = fromSource ? ['--conditions=@status-protocol/source', '--import', tsx] : []
const program = (app: string) =>
  fileURLToPath(new URL(`../../${app}/${fromSource ? 'src/main.ts' : 'dist/main.js'}`, import.meta.url))

/** Arguments for `node` that start each program. */
export const NODE_MAIN: readonly string[] = [...sourceFlags, program('node')]
export const CLI_MAIN: readonly string[] = [...sourceFlags, program('cli')]

export interface MessageParams {
  readonly chat: string
  readonly messageId: string
  readonly author: string
  readonly text: string
  readonly security: string
  readonly content?: object
}

/** Everything a test starts, stopped and removed by {@link stopAll}. */
const started: { stop(): Promise<void> }[] = []

export async function stopAll(): Promise<void> {
  for (const program of started.splice(0).reverse()) await program.stop()
}

export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'status-e2e-'))
  started.push({ stop: async () => rmSync(path, { recursive: true, force: true }) })
  return path
}

export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

export interface Relay {
  readonly enode: string
  readonly port: number
  readonly dataDir: string
  /** Where its JSON-RPC is, if it has been asked for. */
  readonly rpc: { readonly http?: string; readonly ws?: string; readonly ipc?: string }
  kill(signal: NodeJS.Signals): Promise<void>
}

/** A status-node; on the same port and data directory it is the same node again. */
export async function startRelay(
  place: { port?: number; dataDir?: string; args?: string[] } = {},
): Promise<Relay> {
  const port = place.port ?? (await freePort())
  const dataDir = place.dataDir ?? temporaryDirectory()
  const args = ['--listen', `127.0.0.1:${port}`, '--data-dir', dataDir, '--json', ...(place.args ?? [])]
  const child = spawn(process.execPath, [...NODE_MAIN, ...args])
  const exited = exitOf(child)
  const relay = {
    port,
    dataDir,
    kill: async (signal: NodeJS.Signals) => {
      child.kill(signal)
      await exited
    },
  }
  started.push({ stop: () => relay.kill('SIGTERM') })
  const ready = await new Promise<{ enode: string } & Relay['rpc']>((resolve, reject) => {
    const errors: string[] = []
    child.stderr.on('data', (piece: Buffer) => errors.push(piece.toString()))
    createInterface({ input: child.stdout }).on('line', (line) => {
      const event = JSON.parse(line) as { event?: string; enode: string }
      if (event.event === 'ready') resolve(event)
    })
    void exited.then((code) => reject(new Error(`status-node ended with ${code}: ${errors.join('')}`)))
  })
  return { ...relay, enode: ready.enode, rpc: ready }
}

/** What the parameters of notifications have in common. */
export interface Told {
  /** Decimal; absent where nothing happened to the account. */
  readonly seq?: string
  readonly messageId?: string
  readonly own?: boolean
}

export interface Person {
  readonly rpc: RpcClient<typeof ROUTES>
  readonly publicKey: string
  readonly dataDir: string
  /** All message notifications so far, in order of arrival. */
  readonly messages: MessageParams[]
  readonly deliveries: { messageId: string; state: string }[]
  readonly peers: { enode: string; state: string }[]
  readonly history: { change: string }[]
  readonly contacts: { publicKey: string; kind: string; generation?: string }[]
  /** Every notification so far, those above too. */
  readonly told: { readonly method: string; readonly params: Told }[]
  stop(): Promise<void>
  /** SIGKILL, and it is gone when this resolves. */
  kill(): Promise<void>
}

/** `status serve --stdio`. It rejects, with what the program has told on standard error, if that ends before it is ready. */
export async function startPerson(
  options: { peers?: string[]; dataDir?: string; args?: string[]; killAfterMs?: number } = {},
): Promise<Person> {
  const dataDir = options.dataDir ?? temporaryDirectory()
  const args = [...(options.peers ?? []).flatMap((enode) => ['--peer', enode]), ...(options.args ?? [])]
  const child = spawn(process.execPath, [...CLI_MAIN, 'serve', '--stdio', '--data-dir', dataDir, ...args])
  const errors: string[] = []
  child.stdin.on('error', () => undefined)
  child.stderr.on('data', (piece: Buffer) => errors.push(piece.toString()))
  const exited = exitOf(child)
  if (options.killAfterMs !== undefined) setTimeout(() => child.kill('SIGKILL'), options.killAfterMs)
  const rpc = createRpcClient(ROUTES, {
    send: (text) => void child.stdin.write(`${text}\n`),
    incoming: createInterface({ input: child.stdout }),
  })
  const person = {
    rpc,
    dataDir,
    messages: [] as MessageParams[],
    deliveries: [] as { messageId: string; state: string }[],
    peers: [] as { enode: string; state: string }[],
    history: [] as { change: string }[],
    contacts: [] as { publicKey: string; kind: string; generation?: string }[],
    told: [] as { method: string; params: Told }[],
    kill: async () => {
      child.kill('SIGKILL')
      await exited
      await hearing
    },
    stop: async () => {
      child.stdin.end()
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000)
      await exited
      clearTimeout(timer)
    },
  }
  started.push(person)
  const lists: Record<string, unknown[]> = {
    message: person.messages,
    delivery: person.deliveries,
    peer: person.peers,
    history: person.history,
    contact: person.contacts,
  }
  const hearing = (async () => {
    for await (const { method, params } of rpc.notifications()) {
      lists[method]?.push(params)
      person.told.push({ method, params: params as Told })
    }
  })()
  const info = await rpc.call['account.info']({}).catch((error: Error) => {
    throw new Error(`${error.message}: ${errors.join('')}`)
  })
  return { ...person, publicKey: info.publicKey }
}

/** Waits until `condition` holds; how long it takes is not judged, only that it happens. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  timeoutMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`did not happen within ${timeoutMs / 1000} s: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Runs the CLI to its end. */
export async function runCli(
  args: string[],
  { input = '', env = {} }: { input?: string; env?: Record<string, string> } = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return runToEnd(spawn(process.execPath, [...CLI_MAIN, ...args], { env: { ...process.env, ...env } }), input)
}

/** As in `status ... | head -1`, when head has gone. */
export async function runUnread(args: string[]): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [...CLI_MAIN, ...args])
  child.stdout.destroy()
  const { code, stderr } = await runToEnd(child, '')
  return { code, stderr }
}

export async function runNode(
  args: string[],
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return runToEnd(spawn(process.execPath, [...NODE_MAIN, ...args]), '')
}

async function runToEnd(child: ChildProcessWithoutNullStreams, input: string) {
  const [stdout, stderr]: [string[], string[]] = [[], []]
  child.stdout.on('data', (piece: Buffer) => stdout.push(piece.toString()))
  child.stderr.on('data', (piece: Buffer) => stderr.push(piece.toString()))
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const timer = setTimeout(() => child.kill('SIGKILL'), 60_000)
  const code = await exitOf(child)
  clearTimeout(timer)
  return { code, stdout: stdout.join(''), stderr: stderr.join('') }
}

function exitOf(child: ChildProcessWithoutNullStreams): Promise<number | null> {
  return new Promise((resolve) => child.once('close', (code) => resolve(code)))
}
