/** The processes of the demonstration: a relay and people, each the program that a user would start. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createRpcClient, type RpcClient } from '@status-protocol/rpc'
import { CliError } from '../error.ts'
import type { ROUTES } from '../serve/routes.ts'
import { ROUTES as routes } from '../serve/routes.ts'

export interface Program {
  /** Asks it to wind down, insists after a moment. Again is fine. */
  stop(): Promise<void>
  /** At once; for the last moment of this process. */
  kill(): void
}

export interface Relay extends Program {
  readonly enode: string
}

export interface Person extends Program {
  readonly name: string
  readonly dataDir: string
  readonly publicKey: string
  readonly threeWordName: string
  readonly rpc: RpcClient<typeof ROUTES>
}

/** What a program says of itself while it starts and ends. */
export interface Surroundings {
  /** A program that ended though nobody stopped it: the demonstration fails with this sentence. */
  died(why: string): void
  /** Known before it has started, so that nothing is left behind. */
  started(program: Program): void
}

const PATIENCE_MS = 3_000

/** How this program itself was started: from its sources or from what was built. */
const suffix = import.meta.url.endsWith('.ts') ? ['src', 'main.ts'] : ['dist', 'main.js']
const cli = fileURLToPath(new URL(`../main.${suffix[1]?.split('.')[1]}`, import.meta.url))
const node = (): string =>
  fileURLToPath(new URL(suffix.join('/'), import.meta.resolve('@status-protocol/node/package.json')))

/** `status-node` on a free port of this machine. */
export async function startRelay(dataDir: string, surroundings: Surroundings): Promise<Relay> {
  const args = ['--listen', '127.0.0.1:0', '--json', '--data-dir', dataDir]
  const { child, program, failed } = start('the relay', [node(), ...args], surroundings)
  const ready = new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const event = JSON.parse(line) as { readonly event?: string; readonly enode?: string }
      if (event.event === 'ready' && event.enode) resolve(event.enode)
    })
  })
  return { ...program, enode: await Promise.race([ready, failed]) }
}

/** `status serve --stdio --trace`; on a data directory that was used before it is the same person again. */
export async function startPerson(
  { name, dataDir, enode }: { readonly name: string; readonly dataDir: string; readonly enode: string },
  surroundings: Surroundings,
): Promise<Person> {
  const args = ['serve', '--stdio', '--trace', '--peer', enode, '--data-dir', dataDir]
  const { child, program, failed } = start(name, [cli, ...args], surroundings)
  const rpc = createRpcClient(routes, {
    send: (text) => void child.stdin.write(`${text}\n`),
    incoming: createInterface({ input: child.stdout }),
  })
  const info = await Promise.race([rpc.call['account.info']({}), failed])
  return { ...program, name, dataDir, rpc, publicKey: info.publicKey, threeWordName: info.name }
}

function start(name: string, args: readonly string[], { died, started }: Surroundings) {
  // In a group of its own: Ctrl-C is for the demonstration, which stops all in their order.
  const options = { env: environment(), detached: process.platform !== 'win32' }
  const child = spawn(process.execPath, [...process.execArgv, ...args], options)
  child.stdin.on('error', () => undefined)
  let isStopping = false
  let said = ''
  child.stderr.on('data', (piece: Buffer) => {
    said = (said + piece.toString()).slice(-2_000)
  })
  const ended = new Promise<number | string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'nothing'))
  })
  const failed = ended.then((how): never => {
    const why = `${name} ended with ${how}${said ? `: ${said.trim().split('\n').at(-1)}` : ''}`
    if (!isStopping) died(why)
    throw new CliError('demo-failed', why)
  })
  failed.catch(() => undefined)
  const program: Program = {
    async stop() {
      isStopping = true
      stopGently(child)
      const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS)
      await ended
      clearTimeout(timer)
    },
    kill() {
      isStopping = true
      child.kill('SIGKILL')
    },
  }
  started(program)
  return { child, program, failed }
}

/** A program that serves ends with its input; the relay is told by a signal. */
function stopGently(child: ChildProcessWithoutNullStreams): void {
  child.stdin.end()
  child.kill('SIGTERM')
}

/** Accounts of an hour need no password, least of all the user's. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('STATUS_')))
}
